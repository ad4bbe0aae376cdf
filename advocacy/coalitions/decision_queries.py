"""Reads about decisions and votes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import false, select

from advocacy.accounts.models import User
from advocacy.coalitions import committee_queries as committees
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import rules
from advocacy.coalitions.decision_models import Choice, Decision, DecisionKind, DecisionState, SeatVoice, Voice, Vote
from advocacy.coalitions.decision_rules import Count
from advocacy.coalitions.organization_models import Membership, MembershipPerson
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.paging import Page, take_page

PAGE = 30


def decisions(actor: Actor, *, state: str | None = None, before: int | None = None) -> Page[Decision]:
    """The decisions of the coalition in view, newest first; drafts only for those who write them.

    To whoever has no more than a seat: those in which the seat has a voice.

    Raises: NotAllowed.
    """
    rules.require(actor, "decisions.view")
    wanted = select(Decision).where(Decision.coalition_id == actor.coalition_id)
    if state:
        wanted = wanted.where(Decision.state == state)
    if not rules.can(actor, "decisions.manage"):
        wanted = wanted.where(Decision.state != DecisionState.DRAFT, Decision.opens_at.is_not(None))
    if not rules.sees_all(actor):
        wanted = wanted.where(Decision.kind == DecisionKind.STORY_POLICY if committees.speaks(actor) else false())
    if before is not None:
        wanted = wanted.where(Decision.id < before)
    rows = db.session.execute(wanted.order_by(Decision.id.desc()).limit(PAGE + 1)).scalars().all()
    return take_page(rows, PAGE)


def decision(actor: Actor, public_id: str, verb: str = "decisions.view") -> Decision:
    """A decision of the coalition in view.

    Raises: NotFound, also for another coalition's, for a draft that is not yet for everybody, and for whoever has no
    more than a seat what the seat has no voice in; NotAllowed.
    """
    found = db.session.execute(
        select(Decision).where(Decision.coalition_id == actor.coalition_id, Decision.public_id == public_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    rules.require(actor, verb, found.coalition_id)
    if found.opens_at is None and not rules.can(actor, "decisions.manage"):
        raise NotFound
    if not (rules.sees_all(actor) or (found.kind == DecisionKind.STORY_POLICY and committees.speaks(actor))):
        raise NotFound
    return found


def passed_decision(actor: Actor, coalition_id: int, decision_id: int) -> Decision:
    """A decision that passed, for rooms that build on it.

    Raises: NotFound, also for another coalition's and for one that did not pass.
    """
    rules.require(actor, "decisions.view", coalition_id)
    found = db.session.execute(
        select(Decision).where(
            Decision.coalition_id == coalition_id, Decision.id == decision_id, Decision.state == DecisionState.PASSED
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class VoteLine:
    """An organization that may vote, and what it said, if anything."""

    membership: Membership
    vote: Vote | None


def vote_lines(found: Decision) -> list[VoteLine]:
    """Every organization that had a vote when voting opened, by name, with the vote that stands."""
    votes = {vote.membership_id: vote for vote in standing_votes(found.id)}
    ids = voter_ids(found) if found.rule_snapshot else [one.id for one in organizations.voters(found.coalition_id)]
    known = organizations.memberships_by_id(found.coalition_id, ids)
    lines = [VoteLine(known[key], votes.get(key)) for key in ids if key in known]
    return sorted(lines, key=lambda line: (line.membership.name_fold, line.membership.id))


def standing_votes(decision_id: int) -> list[Vote]:
    """The votes that were not superseded."""
    rows = select(Vote).where(Vote.decision_id == decision_id, Vote.superseded_at.is_(None))
    return list(db.session.execute(rows).scalars())


def standing_vote(decision_id: int, membership_id: int) -> Vote | None:
    """What an organization says now."""
    return db.session.execute(
        select(Vote).where(
            Vote.decision_id == decision_id, Vote.membership_id == membership_id, Vote.superseded_at.is_(None)
        )
    ).scalar_one_or_none()


def standing_voice(decision_id: int, seat_id: int) -> SeatVoice | None:
    """What a lived-experience seat says now."""
    return db.session.execute(
        select(SeatVoice).where(
            SeatVoice.decision_id == decision_id, SeatVoice.seat_id == seat_id, SeatVoice.superseded_at.is_(None)
        )
    ).scalar_one_or_none()


def blocking_seats(decision_id: int, seat_ids: list[int]) -> int:
    """How many of these seats block."""
    rows = select(SeatVoice.id).where(
        SeatVoice.decision_id == decision_id,
        SeatVoice.seat_id.in_(seat_ids),
        SeatVoice.choice == Voice.BLOCK,
        SeatVoice.superseded_at.is_(None),
    )
    return len(db.session.execute(rows).all())


def count_votes(found: Decision) -> Count:
    """The votes that stand, of how many organizations."""
    voters = voter_ids(found)
    said = Counter(vote.choice for vote in standing_votes(found.id) if vote.membership_id in set(voters))
    return Count(len(voters), **{str(choice): said[choice] for choice in Choice})


def voter_ids(found: Decision) -> list[int]:
    """The organizations that had a vote when voting opened; none before."""
    snapshot: dict[str, Any] = found.rule_snapshot or {}
    return [int(key) for key in snapshot.get("voters", ())]


def people_of(found: Decision, *, only_silent: bool = False) -> list[int]:
    """The accounts that act for the organizations with a vote; or only for those that have not voted."""
    ids = set(voter_ids(found))
    if only_silent:
        ids -= {vote.membership_id for vote in standing_votes(found.id)}
    rows = (
        select(MembershipPerson.user_id)
        .join(User, User.id == MembershipPerson.user_id)
        .where(
            MembershipPerson.coalition_id == found.coalition_id,
            MembershipPerson.membership_id.in_(sorted(ids)),
            MembershipPerson.ended_at.is_(None),
            User.disabled_at.is_(None),
        )
        .order_by(MembershipPerson.user_id)
    )
    return list(db.session.execute(rows).scalars())


def open_decisions(actor: Actor) -> list[Decision]:
    """What can be voted on now, the soonest to close first."""
    rows = (
        select(Decision)
        .where(
            Decision.coalition_id == actor.coalition_id,
            Decision.state == DecisionState.OPEN,
            Decision.closes_at > clock.now(),
        )
        .order_by(Decision.closes_at, Decision.id)
    )
    if not rules.sees_all(actor):
        rows = rows.where(Decision.kind == DecisionKind.STORY_POLICY if committees.speaks(actor) else false())
    return list(db.session.execute(rows).scalars())


def waiting_for(actor: Actor) -> list[Decision]:
    """Open decisions on which the organization that this person acts for has a vote and has not used it."""
    mine = organizations.acting_for(actor)
    if mine is None:
        return []
    found = [one for one in open_decisions(actor) if mine.id in voter_ids(one)]
    said = select(Vote.decision_id).where(
        Vote.membership_id == mine.id,
        Vote.decision_id.in_([one.id for one in found]),
        Vote.superseded_at.is_(None),
    )
    used = set(db.session.execute(said).scalars()) if found else set()
    return [one for one in found if one.id not in used]
