"""Queue a mail in the transaction of the fact that causes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from advocacy.core import clock, crypto
from advocacy.core.db import Statement, db, run_together
from advocacy.core.ids import new_public_id
from advocacy.core.settings import Settings
from advocacy.messaging.services import suppressing
from advocacy.queue import port
from advocacy.web.manifest import MailKind, house

SEND_JOB = "messaging.send_mail"
SWEEP_AFTER = timedelta(minutes=10)  # a mail whose job was lost is found again after this time

_COLUMNS = (
    "public_id kind state coalition_id object_kind object_id object_rev recipient params locale priority attempts "
    "next_at tries_from message_id key service_basis opt_in_id created_at"
).split()
_FIXED = {"state": "'queued'", "attempts": "0", "tries_from": ":mail_created_at"}


def mail_insert(*, source: str = "", object_id: str = ":mail_object_id") -> Statement:
    """The insert of a queued mail as plain SQL, for a hot path; a taken ``key`` inserts nothing.

    ``source`` is what follows the values of ``INSERT … SELECT``, and must hold a WHERE:
    ``FROM signature WHERE public_id = :public_id AND state = 'pending'``, so that a mail is queued only if that row
    is there; ``object_id`` may then be a column, as ``signature.id``. Parameters: ``insert_mail_params``.
    """
    values = ", ".join(_FIXED.get(name) or (object_id if name == "object_id" else f":mail_{name}") for name in _COLUMNS)
    made = f"SELECT {values} {source}" if source else f"VALUES ({values})"
    return Statement(f"INSERT INTO mail ({', '.join(_COLUMNS)}) {made} ON CONFLICT (key) DO NOTHING RETURNING id")


INSERT_MAIL = mail_insert()


def insert_mail_params(
    *,
    kind: str,
    to: str,
    coalition_id: int | None,
    object_kind: str,
    object_id: int | None = None,
    object_rev: int = 0,
    params: Mapping[str, Any] | None = None,
    locale: str = "en",
    key: str | None = None,
    opt_in_id: int | None = None,
    public_id: str | None = None,
    now: datetime | None = None,
) -> dict[str, Any]:
    """Parameters of ``INSERT_MAIL`` and of every ``mail_insert``; all are named ``mail_…``.

    The job that sends it is the caller's to insert: ``SEND_JOB`` with ``{"mail": params["mail_public_id"]}``.
    Needs: ``params`` holds ids and codes only, never personal text.
    """
    found = mail_kind(kind)
    basis = None if opt_in_id is not None else found.service_basis
    if basis is None and opt_in_id is None:
        message = f"mail kind {kind!r} has no service basis, so each mail needs an opt-in"
        raise ValueError(message)
    host = host_name(current_app.extensions["advocacy.settings"])
    now = now or clock.now()
    public_id = public_id or new_public_id()
    return {
        "mail_public_id": public_id,
        "mail_kind": kind,
        "mail_coalition_id": coalition_id,
        "mail_object_kind": object_kind,
        "mail_object_id": object_id,
        "mail_object_rev": object_rev,
        "mail_recipient": crypto.seal(mail_scope(coalition_id), to, table="mail", column="recipient", row=public_id),
        "mail_params": json.dumps(dict(params or {})),
        "mail_locale": locale,
        "mail_priority": found.priority,
        "mail_next_at": now + SWEEP_AFTER,
        "mail_message_id": f"<{public_id}@{host}>",
        "mail_key": key,
        "mail_service_basis": basis,
        "mail_opt_in_id": opt_in_id,
        "mail_created_at": now,
    }


def queue_mail(
    *,
    kind: str,
    to: str,
    coalition_id: int | None,
    object_kind: str,
    object_id: int,
    object_rev: int = 0,
    params: Mapping[str, Any] | None = None,
    locale: str = "en",
    key: str | None = None,
    opt_in_id: int | None = None,
) -> int | None:
    """Queue one mail to one address and the job that sends it.

    ``None`` when a mail with this ``key`` exists, and when the address gets no mail that nobody needs.

    Needs: ``params`` holds ids and codes only; what the mail says is composed from rows when it is sent.
    """
    if opt_in_id is not None and suppressing.is_suppressed(to, coalition_id=coalition_id):
        return None
    found = insert_mail_params(
        kind=kind,
        to=to,
        coalition_id=coalition_id,
        object_kind=object_kind,
        object_id=object_id,
        object_rev=object_rev,
        params=params,
        locale=locale,
        key=key,
        opt_in_id=opt_in_id,
    )
    db.session.flush()
    rows = run_together(db.session(), [(INSERT_MAIL, found)])[0]
    if not rows:
        return None
    enqueue_sending(found["mail_public_id"], found["mail_priority"])
    return int(rows[0][0])


def enqueue_sending(public_id: str, priority: int) -> None:
    """Let the worker send a mail as soon as it can; once, while a job for it waits."""
    port.enqueue(db.session(), SEND_JOB, {"mail": public_id}, priority=priority, dedupe_key=f"mail:{public_id}")


def mail_kind(name: str) -> MailKind:
    """The kind of mail that a room announced under this name."""
    found = house().mails.get(name)
    if found is None:
        message = f"no room announces the mail kind {name!r} in its manifest"
        raise LookupError(message)
    return found


def mail_scope(coalition_id: int | None) -> str:
    """The scope whose key seals a mail's address."""
    return "site" if coalition_id is None else f"coalition:{coalition_id}"


def host_name(settings: Settings) -> str:
    """The name under which this site speaks in mails."""
    return urlsplit(settings.base_url).hostname or "localhost"
