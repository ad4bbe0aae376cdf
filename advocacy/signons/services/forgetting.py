"""Names and addresses under letters go: when somebody takes them back, by account, and a year after the hand-over.

What a frozen letter counted stays counted, and its proof stays: the digest of what was shown tells no name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from advocacy.accounts import queries as accounts
from advocacy.accounts.models import User
from advocacy.coalitions.models import Coalition
from advocacy.core import clock
from advocacy.core.db import db
from advocacy.queue import port
from advocacy.signons import people_queries, queries
from advocacy.signons.models import LetterState, Shown, SignOn, SignOnDocument, SignOnLetter
from advocacy.signons.people_models import LetterPeople, PersonalSignOn, PersonState

DRAW_JOB = "signons.draw_letter"
NO_TITLE = "-"
_NOBODY = {"name": None, "place": "", "email": None, "email_key": None}


def forget_person(row: PersonalSignOn, letter: SignOnLetter, state: PersonState) -> None:
    """Erase a person's name and address; before the letter is frozen the signature goes with them.

    Needs: the letter's row, locked.
    """
    is_frozen, was_signed = letter.manifest_hash is not None, row.state == PersonState.SIGNED
    if is_frozen and row.state == PersonState.PENDING:
        db.session.delete(row)
        return
    if not is_frozen:
        row.state, row.confirm_nonce, row.confirm_until = state, None, None
    row.name = row.email = row.email_key = None
    row.place, row.erased_at = "", clock.now()
    db.session.flush()
    if is_frozen:
        draw_again(letter.id)
    elif was_signed:
        count_people(letter.id, -1)


def count_people(letter_id: int, change: int) -> None:
    """Keep the shown number of people."""
    db.session.execute(
        update(LetterPeople)
        .where(LetterPeople.letter_id == letter_id)
        .values(signed_count=LetterPeople.signed_count + change)
        .execution_options(synchronize_session=False)
    )


def forget_signer(row: SignOn) -> None:
    """Erase who signed for an organization; the organization itself stays under the letter."""
    if row.erased_at is not None:
        return
    row.signer_name = b"" if row.signer_name is not None else None
    row.contact = b"" if row.contact is not None else None
    row.contact_key, row.erased_at = None, clock.now()
    if row.signed_at is not None:
        row.title = NO_TITLE
        row.shown = Shown.ORGANIZATION if row.shown == Shown.FULL else row.shown
    db.session.flush()
    draw_again(row.letter_id)


def draw_again(letter_id: int) -> None:
    """Let the PDF of a frozen letter be drawn without the names that went."""
    letter = db.session.get_one(SignOnLetter, letter_id)
    if letter.manifest_hash is None:
        return
    db.session.execute(delete(SignOnDocument).where(SignOnDocument.letter_id == letter_id))
    port.enqueue(db.session(), DRAW_JOB, {"letter_id": letter_id}, dedupe_key=f"{DRAW_JOB}:{letter_id}")


def export(user_id: int) -> Mapping[str, Any]:
    """What stands under letters with the account's address."""
    return {
        "for_oneself": [
            {
                "letter": letter.title,
                "name": people_queries.name_of(row),
                "town": row.place,
                "email": people_queries.email_of(row),
                "shown": row.shown,
                "state": row.state,
                "signed_at": row.signed_at.isoformat() if row.signed_at else None,
            }
            for row, letter in _people_of(user_id)
        ],
        "for_organizations": [
            {
                "letter": letter.title,
                "name": queries.signer_name(row),
                "title": row.title,
                "place": row.place,
                "email": queries.given_contact(row),
                "shown": row.shown,
                "state": row.state,
                "signed_at": row.signed_at.isoformat() if row.signed_at else None,
            }
            for row, letter in _signers_of(user_id)
        ],
    }


def erase(user_id: int) -> None:
    """Erase the names and addresses given with the account's address."""
    for row, letter in _people_of(user_id):
        db.session.refresh(letter, with_for_update=True)
        forget_person(row, letter, PersonState.RESCINDED)
    for signer, _letter in _signers_of(user_id):
        forget_signer(signer)


def purge_unconfirmed(before: datetime, limit: int) -> int:
    """Delete names that were not confirmed before ``before``."""
    old = select(PersonalSignOn.id).where(
        PersonalSignOn.state == PersonState.PENDING, PersonalSignOn.confirm_until < before
    )
    gone = delete(PersonalSignOn).where(PersonalSignOn.id.in_(old.limit(limit))).returning(PersonalSignOn.id)
    return len(db.session.execute(gone.execution_options(synchronize_session=False)).scalars().all())


def purge_signers(before: datetime, limit: int) -> int:
    """Erase names and addresses under letters that were handed over, or ended without it, before ``before``."""
    people = db.session.execute(
        select(PersonalSignOn.id, PersonalSignOn.letter_id)
        .join(SignOnLetter, SignOnLetter.id == PersonalSignOn.letter_id)
        .where(_is_over(before), PersonalSignOn.erased_at.is_(None), PersonalSignOn.state != PersonState.PENDING)
        .order_by(PersonalSignOn.id)
        .limit(limit)
    ).all()
    signers = db.session.execute(
        select(SignOn)
        .join(SignOnLetter, SignOnLetter.id == SignOn.letter_id)
        .where(_is_over(before), SignOn.erased_at.is_(None), SignOn.signed_at.is_not(None))
        .order_by(SignOn.id)
        .limit(limit)
    )
    found = list(signers.scalars())
    for row in found:
        forget_signer(row)
    db.session.execute(
        update(PersonalSignOn)
        .where(PersonalSignOn.id.in_([row.id for row in people]))
        .values(**_NOBODY, erased_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    for letter_id in sorted({row.letter_id for row in people}):
        draw_again(letter_id)
    return len(people) + len(found)


def _is_over(before: datetime) -> ColumnElement[bool]:
    handed_over = SignOnLetter.state.in_([LetterState.DELIVERED, LetterState.ARCHIVED])
    return or_(
        and_(handed_over, SignOnLetter.delivered_at < before), and_(~handed_over, SignOnLetter.final_due < before)
    )


def _people_of(user_id: int) -> list[tuple[PersonalSignOn, SignOnLetter]]:
    rows = select(PersonalSignOn, SignOnLetter).join(SignOnLetter, SignOnLetter.id == PersonalSignOn.letter_id)
    found = db.session.execute(rows.where(PersonalSignOn.email_key.in_(_keys(user_id))).order_by(PersonalSignOn.id))
    return [(row, letter) for row, letter in found]


def _signers_of(user_id: int) -> list[tuple[SignOn, SignOnLetter]]:
    rows = select(SignOn, SignOnLetter).join(SignOnLetter, SignOnLetter.id == SignOn.letter_id)
    found = db.session.execute(rows.where(SignOn.contact_key.in_(_keys(user_id))).order_by(SignOn.id))
    return [(row, letter) for row, letter in found]


def _keys(user_id: int) -> list[bytes]:
    """The keys of the account's address, one for each coalition."""
    user = db.session.get(User, user_id)
    if user is None:
        return []
    email = accounts.open_email(user)
    return [people_queries.email_key(one, email) for one in db.session.execute(select(Coalition.id)).scalars()]
