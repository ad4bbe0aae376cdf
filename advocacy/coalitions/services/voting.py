"""Votes of organizations, and voices of lived-experience seats; the database is the last to say whether they count."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.audit import services as audit
from advocacy.coalitions import committee_queries as committees
from advocacy.coalitions import decision_queries as decisions
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import organization_rules
from advocacy.coalitions.decision_models import (
    Choice,
    Decision,
    DecisionKind,
    DecisionState,
    SeatVoice,
    Voice,
    Vote,
)
from advocacy.coalitions.organization_models import Membership
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, RuleBroken

REASON_LENGTH = 1000


def cast_vote(actor: Actor, public_id: str, choice: str, reason: str = "") -> Vote:
    """Say what the organization says that the actor acts for; saying it anew replaces the vote before.

    Raises: NotFound, NotAllowed without a vote here, Conflict when voting is over, RuleBroken naming the field.
    """
    found = decisions.decision(actor, public_id, "decisions.vote")
    if choice not in set(Choice):
        raise RuleBroken(_("Choose one of the answers."), field="choice")
    reason = reason.strip()
    if len(reason) > REASON_LENGTH:
        raise RuleBroken(_("Use at most %(num)s characters.", num=REASON_LENGTH), field="reason")
    if choice == Choice.BLOCK and not reason:
        raise RuleBroken(_("Say why, so that the others can look for a way."), field="reason")
    mine = voting_membership(actor, found)
    if mine is None:
        raise NotAllowed(_("The organization you act for has no vote in this decision."))
    now = _open_now(found)
    # Two people of one organization vote one after another.
    db.session.execute(select(Membership.id).where(Membership.id == mine.id).with_for_update())
    before = decisions.standing_vote(found.id, mine.id)
    if before is not None:
        if (before.choice, before.reason) == (choice, reason):
            return before
        before.superseded_at = now
        db.session.flush()
    made = Vote(
        coalition_id=found.coalition_id,
        decision_id=found.id,
        membership_id=mine.id,
        choice=choice,
        reason=reason,
        cast_by=actor.user_id,
        cast_at=now,
    )
    db.session.add(made)
    db.session.flush()
    facts = {"membership_id": mine.id, "choice": choice, "is_change": before is not None}
    audit.record(actor, "vote.cast", "decision", found.id, coalition_id=found.coalition_id, facts=facts)
    return made


def voting_membership(actor: Actor, found: Decision) -> Membership | None:
    """The organization for which this person can vote in this decision."""
    mine = organizations.acting_for(actor)
    if mine is None or mine.id not in decisions.voter_ids(found):
        return None
    return mine if organization_rules.decides(mine.tier, mine.state) else None


def speaking_seats(actor: Actor, found: Decision) -> list[int]:
    """The lived-experience seats for which this person can speak in this decision."""
    if found.kind != DecisionKind.STORY_POLICY or actor.user_id is None:
        return []
    return committees.lived_experience_seats(found.coalition_id, actor.user_id)


def speak_for_seat(actor: Actor, public_id: str, choice: str) -> SeatVoice:
    """Agree with story policy, or block it, for every lived-experience seat that the actor holds.

    Raises: NotFound, NotAllowed without such a seat, Conflict when voting is over, RuleBroken.
    """
    found = decisions.decision(actor, public_id)
    if choice not in set(Voice):
        raise RuleBroken(_("Choose one of the answers."), field="choice")
    seats = speaking_seats(actor, found)
    if not seats:
        raise NotAllowed(_("Only people on lived-experience seats can speak here."))
    now = _open_now(found)
    for seat_id in seats:
        before = decisions.standing_voice(found.id, seat_id)
        if before is not None and before.choice == choice:
            made = before
            continue
        if before is not None:
            before.superseded_at = now
            db.session.flush()
        made = SeatVoice(
            coalition_id=found.coalition_id,
            decision_id=found.id,
            seat_id=seat_id,
            choice=choice,
            cast_by=actor.user_id,
            cast_at=now,
        )
        db.session.add(made)
        db.session.flush()
    facts = {"choice": choice, "seats": len(seats)}
    audit.record(actor, "seat_voice.cast", "decision", found.id, coalition_id=found.coalition_id, facts=facts)
    return made


def _open_now(found: Decision) -> datetime:
    """The time of this vote, while the decision stays open: the closing waits for votes begun before it."""
    db.session.refresh(found, with_for_update={"read": True})
    now = clock.now()
    if found.state != DecisionState.OPEN or found.closes_at <= now:
        raise Conflict(_("Voting is not open. What was said until the closing time counts."))
    return now
