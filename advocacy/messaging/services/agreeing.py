"""An account asks for texts, proves its number, and takes it back; a reader's STOP and START."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from advocacy.audit import services as audit
from advocacy.core import clock, crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotAllowed, NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.messaging import text_rules
from advocacy.messaging.services import numbering, texting
from advocacy.messaging.text_models import TextMessage, TextNumber, TextStop
from advocacy.web.offers import TextFacts

CODE_KIND = "messaging.text_code"
CODE_FOR = timedelta(minutes=10)
_DIGITS = 6


def wording() -> str:
    """What somebody agrees to, as the page shows it."""
    return str(
        _(
            "I want a short text message beside each reminder by mail, at this number. Texts name no topic. My phone "
            "company may charge for them. I can answer STOP at any time, or HELP."
        )
    )


def ask_for_code(actor: Actor, typed: str) -> None:
    """Keep a number and send it a code; a number that was confirmed before gives way.

    Raises: RuleBroken (field ``number``) when it is none, or said stop; NotFound while texts are off.
    """
    user_id = _own(actor)
    number = text_rules.number_of(typed)
    if number is None:
        raise RuleBroken(_("Enter the number with + and the country code, such as +1 555 123 4567."), field="number")
    key, now = numbering.number_key(number), clock.now()
    if numbering.is_stopped(key):
        raise RuleBroken(_("This number answered STOP. Send START from it first."), field="number")
    row = db.session.get(TextNumber, user_id, with_for_update=True)
    if row is None:
        row = TextNumber(user_id=user_id)
        db.session.add(row)
    row.number, row.number_key, row.wording = numbering.sealed(user_id, number), key, wording()
    row.code_id, row.code_until, row.asked_at, row.confirmed_at = new_public_id(), now + CODE_FOR, now, None
    db.session.flush()
    texting.queue_to(
        CODE_KIND,
        user_id,
        key,
        coalition_id=None,
        params={"code_id": row.code_id},
        locale=str(get_locale() or "en"),
        key=f"text_code:{row.code_id}",
    )


def confirm(actor: Actor, typed: str) -> None:
    """Take the code that was sent: from now on the account gets texts.

    Raises: RuleBroken (field ``code``) when it is not that code, or too old; NotFound.
    """
    row = db.session.get(TextNumber, _own(actor), with_for_update=True)
    is_open = row is not None and row.code_id is not None and clock.now() < row.code_until
    code = "".join(typed.split())
    if row is None or not is_open or not hmac.compare_digest(code.encode(), code_of(row.code_id or "").encode()):
        raise RuleBroken(_("This is not the code that was sent, or it is too old."), field="code")
    row.code_id, row.confirmed_at = None, clock.now()
    db.session.flush()
    audit.record(actor, "texts.on", "user", row.user_id)


def withdraw(actor: Actor) -> None:
    """End texts to one's own account and forget its number; what waits is not sent.

    Raises: NotFound.
    """
    user_id = _own(actor)
    erase(user_id)
    audit.record(actor, "texts.off", "user", user_id)


def take_word(actor: Actor, number: str, word: text_rules.Word | None) -> None:
    """Do what a reader asks for by a text from their number."""
    del actor  # whoever holds the phone
    key = numbering.number_key(number)
    if word is text_rules.Word.STOP:
        try:
            with db.session.begin_nested():
                db.session.add(TextStop(number_key=key, stopped_at=clock.now()))
        except IntegrityError:
            pass  # said before
        texting.hold_back(key)
    elif word is text_rules.Word.START:
        db.session.execute(
            delete(TextStop).where(TextStop.number_key == key).execution_options(synchronize_session=False)
        )


def code_of(code_id: str) -> str:
    """The code that belongs to a question."""
    found = hmac.digest(crypto.derived_key("text_code"), code_id.encode(), "sha256")
    return str(int.from_bytes(found) % 10**_DIGITS).zfill(_DIGITS)


def say_code(facts: TextFacts) -> str | None:
    """The words of a code, while it is good."""
    row = db.session.get(TextNumber, facts.user_id)
    if row is None or row.code_id is None or row.code_id != facts.params["code_id"] or row.code_until <= clock.now():
        return None
    return str(_("Your code is %(code)s. If you did not ask for it, ignore this.", code=code_of(row.code_id)))


def export(user_id: int) -> Mapping[str, Any]:
    """What is kept of an account's number."""
    row = db.session.get(TextNumber, user_id)
    if row is None:
        return {}
    return {
        "number": numbering.opened(row),
        "asked_at": row.asked_at.isoformat(),
        "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None,
        "wording": row.wording,
    }


def erase(user_id: int) -> None:
    """Forget an account's number and its texts; that a number said stop is kept by its hash."""
    for gone in (
        delete(TextMessage).where(TextMessage.user_id == user_id),
        delete(TextNumber).where(TextNumber.user_id == user_id),
    ):
        db.session.execute(gone.execution_options(synchronize_session="fetch"))


def _own(actor: Actor) -> int:
    if not numbering.is_on():
        raise NotFound
    if actor.user_id is None:
        raise NotAllowed
    return actor.user_id
