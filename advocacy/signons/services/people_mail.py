"""Write to people who signed a letter for themselves: at once to one, in the background to many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from advocacy.core.db import db
from advocacy.messaging.services import sending
from advocacy.queue import port
from advocacy.signons import people_queries
from advocacy.signons.models import SignOnLetter
from advocacy.signons.people_models import PersonalSignOn, PersonState

ROW = "personal_sign_on"
CONFIRM_MAIL = "signons.person_confirm"
ALREADY_MAIL = "signons.person_already"
AGAIN_MAIL = "signons.person_words_changed"
DELIVERED_MAIL = "signons.person_delivered"
JOB = "signons.write_people"
STEP = 200
_OF = {AGAIN_MAIL: PersonState.NEEDS_RECONFIRM, DELIVERED_MAIL: PersonState.SIGNED}


def answer(letter: SignOnLetter, row: PersonalSignOn) -> None:
    """Ask the owner of the mailbox to confirm, or say that the name stands already; to the address that signed."""
    _mail(letter, row, CONFIRM_MAIL if row.state == PersonState.PENDING else ALREADY_MAIL, str(row.mail_count))


def write_all(letter: SignOnLetter, kind: str) -> None:
    """Let the worker write to everybody whom a kind of mail concerns."""
    _enqueue({"letter_id": letter.id, "kind": kind, "rev": letter.material_version, "after": 0})


def write_some(args: Mapping[str, Any]) -> None:
    """Queue some of these mails, and the job for the rest."""
    letter, kind = db.session.get(SignOnLetter, int(args["letter_id"])), str(args["kind"])
    if letter is None or int(args["rev"]) != letter.material_version:  # newer words have a job of their own
        return
    rows = db.session.execute(
        select(PersonalSignOn)
        .where(
            PersonalSignOn.letter_id == letter.id,
            PersonalSignOn.state == _OF[kind],
            PersonalSignOn.erased_at.is_(None),
            PersonalSignOn.id > int(args["after"]),
        )
        .order_by(PersonalSignOn.id)
        .limit(STEP)
    )
    found = list(rows.scalars())
    for row in found:
        _mail(letter, row, kind, str(letter.material_version))
    if len(found) == STEP:
        _enqueue({**args, "after": found[-1].id})


def _mail(letter: SignOnLetter, row: PersonalSignOn, kind: str, mark: str) -> None:
    sending.queue_mail(
        kind=kind,
        to=people_queries.email_of(row),
        coalition_id=letter.coalition_id,
        object_kind=ROW,
        object_id=row.id,
        object_rev=letter.text_version,
        locale=row.locale,
        key=f"{ROW}:{row.id}:{kind}:{mark}",
    )


def _enqueue(args: dict[str, Any]) -> None:
    key = ":".join(str(args[name]) for name in ("letter_id", "kind", "rev", "after"))
    port.enqueue(db.session(), JOB, args, dedupe_key=f"{JOB}:{key}")
