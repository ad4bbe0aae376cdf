"""Change the words of a letter: freely while it is written; later all are asked again, or two people mend a slip."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.audit import services as audit
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.core.wording import may_be_typo
from advocacy.signons import people_queries, queries, rules
from advocacy.signons.models import (
    CorrectionState,
    LetterState,
    SignOn,
    SignOnCorrection,
    SignOnLetter,
    SignOnState,
    SignOnText,
    TextKind,
)
from advocacy.signons.services import inviting, lettering, people_mail


def reword(actor: Actor, public_id: str, body: str, *, version: int) -> SignOnLetter:
    """Give a letter other words. While it collects, who signed is asked to confirm again, with one mail each (I-042).

    Raises: NotFound, NotAllowed, RuleBroken; Conflict when somebody changed it since ``version``.
    """
    letter = _to_change(actor, public_id, body, version)
    is_material = letter.state == LetterState.COLLECTING
    signed = _signed(letter) if is_material else []
    people = people_queries.of_letter(letter.id) if is_material else None
    asks_people = people is not None and people.signed_count > 0
    _append(letter, TextKind.MATERIAL if is_material else TextKind.DRAFT, body, actor.user_id, None)
    if is_material:
        letter.material_version = letter.text_version
        if signed or asks_people:
            letter.reopened_at = clock.now()
        _drop_correction(actor, letter)
    db.session.flush()  # the database itself takes every signature back to be confirmed
    for row in signed:
        db.session.refresh(row)
        inviting.ask_again(letter, row)
    if people is not None:
        db.session.refresh(people)
    if asks_people:
        people_mail.write_all(letter, people_mail.AGAIN_MAIL)
    _record(actor, "signon.reworded", letter, {"text_version": letter.text_version, "asked_again": len(signed)})
    return letter


def suggest_correction(actor: Actor, public_id: str, body: str, *, version: int) -> SignOnCorrection:
    """Mend a typing error while a letter collects: signatures stay, a second person approves.

    Raises: NotFound, NotAllowed, Conflict, RuleBroken when it is more than a typing error.
    """
    letter = _to_change(actor, public_id, body, version)
    if letter.state != LetterState.COLLECTING or actor.user_id is None:
        raise Conflict(_("The letter is not collecting, so its words can be changed as they are."))
    if not may_be_typo(queries.text_of(letter).body, body):
        raise RuleBroken(
            _("This changes what the letter says, so it is more than a typing error. Save it as new words instead."),
            field="body",
        )
    if queries.waiting_correction(letter.id) is not None:
        raise Conflict(_("Another typing error waits for its second person. Please settle that one first."))
    made = SignOnCorrection(
        coalition_id=letter.coalition_id,
        letter_id=letter.id,
        public_id=new_public_id(),
        of_version=letter.text_version,
        body=body,
        state=CorrectionState.WAITING,
        written_by=actor.user_id,
        written_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    _record(actor, "signon.correction_suggested", letter, {"correction_id": made.id})
    return made


def settle_correction(actor: Actor, public_id: str, correction_id: str, *, approve: bool) -> SignOnLetter:
    """Approve a typing error, or leave the words as they are; only a second person can approve.

    Raises: NotFound, NotAllowed, Conflict.
    """
    letter = queries.letter_at_desk(actor, public_id, lettering.VERB, lock=True)
    row = db.session.execute(
        select(SignOnCorrection).where(
            SignOnCorrection.public_id == correction_id, SignOnCorrection.letter_id == letter.id
        )
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    if row.state != CorrectionState.WAITING or actor.user_id is None:
        raise Conflict(_("This was settled already."))
    if approve and row.written_by == actor.user_id:
        raise NotAllowed(_("A second person approves a typing error. Please ask somebody else of your coalition."))
    if approve and (row.of_version != letter.text_version or letter.state != LetterState.COLLECTING):
        raise Conflict(_("The words have changed since. Please leave this one and look at them again."))
    row.state = CorrectionState.APPROVED if approve else CorrectionState.REFUSED
    row.decided_by, row.decided_at = actor.user_id, clock.now()
    if approve:
        _append(letter, TextKind.TYPO, row.body, row.written_by, actor.user_id)
    db.session.flush()
    _record(actor, f"signon.correction_{row.state}", letter, {"correction_id": row.id})
    return letter


def _to_change(actor: Actor, public_id: str, body: str, version: int) -> SignOnLetter:
    letter = queries.letter_at_desk(actor, public_id, lettering.VERB, lock=True)
    lettering.require_version(letter, version)
    if letter.state not in rules.EDITABLE and letter.state != LetterState.COLLECTING:
        raise RuleBroken(_("This letter is frozen. Its words stay as they are."), field="body")
    if not body:
        raise RuleBroken(_("Write the letter."), field="body")
    if body == queries.text_of(letter).body:
        raise RuleBroken(_("These are the words as they stand already."), field="body")
    return letter


def _append(letter: SignOnLetter, kind: TextKind, body: str, written_by: int | None, approved_by: int | None) -> None:
    letter.text_version += 1
    if letter.state in rules.EDITABLE:
        letter.material_version = letter.text_version
    db.session.add(
        SignOnText(
            coalition_id=letter.coalition_id,
            letter_id=letter.id,
            number=letter.text_version,
            kind=kind,
            body=body,
            written_by=written_by,
            approved_by=approved_by,
            written_at=clock.now(),
        )
    )


def _signed(letter: SignOnLetter) -> list[SignOn]:
    wanted = select(SignOn).where(SignOn.letter_id == letter.id, SignOn.state == SignOnState.SIGNED)
    return list(db.session.execute(wanted.order_by(SignOn.id)).scalars())


def _drop_correction(actor: Actor, letter: SignOnLetter) -> None:
    """Other words make a suggested correction of the old ones pointless."""
    waiting = queries.waiting_correction(letter.id)
    if waiting is not None and actor.user_id is not None:
        waiting.state = CorrectionState.REFUSED
        waiting.decided_by, waiting.decided_at = actor.user_id, clock.now()


def _record(actor: Actor, action: str, letter: SignOnLetter, facts: dict[str, object]) -> None:
    audit.record(actor, action, lettering.KIND, letter.id, coalition_id=letter.coalition_id, facts=facts)
