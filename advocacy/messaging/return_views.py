"""Where a mail service tells what became of our mail."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from flask_babel import gettext as _

from advocacy.core import clock
from advocacy.core.errors import NotAllowed, NotFound, RuleBroken, SettingsError
from advocacy.core.settings import Mail
from advocacy.messaging import returns
from advocacy.messaging.services import returning
from advocacy.messaging.services.returning import Event
from advocacy.messaging.suppression_models import ReturnKind
from advocacy.web import access, csrf

bp = Blueprint("mail_events", __name__)
HEADER = "X-Advocacy-Signature"
WITHIN = timedelta(minutes=5)
_MAX_BYTES = 512_000
_MAX_EVENTS = 500
_MAX_DIGITS = 12
_MIN_KEY = 32


def check_key(settings: Mail) -> None:
    """Refuse a key that can be guessed.

    Raises: SettingsError.
    """
    if 0 < len(settings.events_key.get_secret_value()) < _MIN_KEY:
        msg = f"settings: mail.events_key must have at least {_MIN_KEY} characters"
        raise SettingsError(msg)


@bp.post("/mail/events")
@access.public
@csrf.same_site
def take() -> Response:
    """Take in signed events; what is told twice counts once."""
    key = current_app.extensions["advocacy.settings"].mail.events_key.get_secret_value()
    if not key:
        raise NotFound
    if (request.content_length or 0) > _MAX_BYTES:
        raise RuleBroken(_("This is too much at once."))
    body = request.get_data(cache=False)
    if not is_signed(body, request.headers.get(HEADER, ""), key.encode()):
        raise NotAllowed(_("This signature is not right, or too old."))
    events = _events(body)
    taken = sum(returning.take_event(event) for event in events if event is not None)
    return jsonify({"taken": taken, "ignored": len(events) - taken})


def signature(body: bytes, key: bytes, at: int) -> str:
    """The header's value: the time, and HMAC-SHA256 over the time, a dot and the body."""
    return f"t={at},v1={hmac.digest(key, str(at).encode() + b'.' + body, 'sha256').hex()}"


def is_signed(body: bytes, header: str, key: bytes) -> bool:
    """Whether the header is this body's, made within five minutes."""
    moment = header.partition(",")[0].removeprefix("t=")
    if not (moment.isascii() and moment.isdigit() and len(moment) <= _MAX_DIGITS):
        return False
    if abs(clock.now().timestamp() - int(moment)) > WITHIN.total_seconds():
        return False
    return hmac.compare_digest(header.encode("utf-8", "replace"), signature(body, key, int(moment)).encode())


def _events(body: bytes) -> list[Event | None]:
    try:
        given = json.loads(body)
        listed = given["events"]
    except (ValueError, KeyError, TypeError, RecursionError):
        listed = None
    if not isinstance(listed, list) or len(listed) > _MAX_EVENTS:
        raise RuleBroken(_("This is not a list of events."))
    return [_event(one) for one in listed]


def _event(given: Any) -> Event | None:  # noqa: ANN401 - anything that JSON can hold
    """One event; ``None`` when it says nothing that we know."""
    if not isinstance(given, dict):
        return None
    texts = {name: given.get(name, "") for name in ("type", "message_id", "address", "status", "at")}
    if not all(isinstance(text, str) and len(text) <= 400 for text in texts.values()):  # noqa: PLR2004 - an address has 254
        return None
    known = returns.kind_of_status(texts["status"])
    if texts["type"] == "bounce":
        kind, status = known or (ReturnKind.SOFT_BOUNCE, "")
        if kind is ReturnKind.DELIVERED:
            return None
    elif texts["type"] in {"complaint", "delivered"}:
        kind, status = ReturnKind(texts["type"]), known[1] if known else ""
    else:
        return None
    return Event(kind, status, texts["message_id"], texts["address"], _at(texts["at"]))


def _at(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
