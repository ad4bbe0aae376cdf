"""Mend a typing error in words that people signed: one person writes it, a second one approves (domain I-094)."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.audit import services as audit
from advocacy.coalitions import rules as coalition_rules
from advocacy.core import clock, markdown
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.petitions import correction_queries, rules
from advocacy.petitions.correction_models import CorrectionState, PetitionCorrection
from advocacy.petitions.models import Petition

KIND = "petition"
VERB = "petitions.manage"


def suggest_correction(actor: Actor, petition: Petition, *, title: str, text: str) -> PetitionCorrection:
    """Ask a second person to approve words that only mend a slip.

    Raises: NotAllowed, Conflict; RuleBroken naming the field when it is more than a typing error.
    """
    coalition_rules.require(actor, VERB, petition.coalition_id)
    for field, before, after in (("title", petition.title, title), ("text", petition.text, text)):
        if before != after and not rules.is_slip(before, after):
            raise RuleBroken(
                _(
                    "People have signed these words, so only typing errors can be mended. For other words close this"
                    " petition and start a new one."
                ),
                field=field,
            )
    if actor.user_id is None:
        raise Conflict(_("People have signed these words: two people mend a typing error, at the desk."))
    if correction_queries.waiting_correction(petition.id) is not None:
        raise Conflict(_("Another typing error waits for its second person. Please settle that one first."))
    made = PetitionCorrection(
        coalition_id=petition.coalition_id,
        petition_id=petition.id,
        public_id=new_public_id(),
        of_version=petition.text_version,
        title=title,
        text=text,
        title_before=petition.title,
        text_before=petition.text,
        state=CorrectionState.WAITING,
        written_by=actor.user_id,
        written_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    _record(actor, "petition.correction_suggested", petition, made)
    return made


def settle_correction(actor: Actor, petition: Petition, correction_id: str, *, approve: bool) -> None:
    """Approve a typing error, or leave the words as they are; only a second person can approve.

    Raises: NotFound, NotAllowed, Conflict.
    """
    coalition_rules.require(actor, VERB, petition.coalition_id)
    row = db.session.execute(
        select(PetitionCorrection)
        .where(PetitionCorrection.public_id == correction_id, PetitionCorrection.petition_id == petition.id)
        .with_for_update()
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    if row.state != CorrectionState.WAITING or actor.user_id is None:
        raise Conflict(_("This was settled already."))
    if approve and row.written_by == actor.user_id:
        raise NotAllowed(_("A second person approves a typing error. Please ask somebody else of your coalition."))
    if approve and (row.of_version != petition.text_version or petition.state in rules.ENDED):
        raise Conflict(_("The words have changed since, or the petition has ended. Please leave this one."))
    row.state = CorrectionState.APPROVED if approve else CorrectionState.REFUSED
    row.decided_by, row.decided_at = actor.user_id, clock.now()
    db.session.flush()  # the database lets the words change only after this
    if approve:
        petition.title, petition.text, petition.text_html = row.title, row.text, markdown.to_html(row.text)
        petition.text_version += 1
        db.session.flush()
    _record(actor, f"petition.correction_{row.state}", petition, row)


def _record(actor: Actor, action: str, petition: Petition, row: PetitionCorrection) -> None:
    audit.record(actor, action, KIND, petition.id, coalition_id=petition.coalition_id, facts={"correction_id": row.id})
