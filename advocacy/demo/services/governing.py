"""The demo coalition's own affairs: how it decides, what it decided, its committee, and partners' pages."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from sqlalchemy import select

from advocacy.campaigns.models import Bill, Stance
from advocacy.campaigns.services import standing
from advocacy.coalitions import name_queries
from advocacy.coalitions.committee_models import CommitteeKind
from advocacy.coalitions.decision_models import DecisionKind
from advocacy.coalitions.models import REPRESENTATIVE, DecisionRule
from advocacy.coalitions.name_models import COALITION_PAGE, NameAnswer
from advocacy.coalitions.organization_models import Membership
from advocacy.coalitions.services import deciding, governing, inviting, minuting, naming, seating, voting
from advocacy.core import clock, tokens
from advocacy.core.actor import Actor, Channel
from advocacy.core.db import db
from advocacy.demo import governance_words as words
from advocacy.demo.services.crowd import Growth, crowd
from advocacy.petitions import linking
from advocacy.petitions.models import Petition, Signature, SignatureState
from advocacy.petitions.partner_models import PartnerPage
from advocacy.petitions.services import importing, managing, partner_asking, partnering, tallying


def begin(actor: Actor, coalition_id: int, people: dict[str, int], petition_slug: str, second_slug: str) -> None:
    """Set the rules, decide twice, fill a committee, open partners' pages; ``people`` are user ids by role."""
    governing.change_settings(
        actor,
        coalition_id,
        about=words.ABOUT,
        decision_rule=DecisionRule.TWO_THIRDS,
        quorum_pct=50,
        spokesperson_policy=words.SPOKESPERSON,
        ask_limit=1,
        ask_window_days=30,
    )
    members = db.session.execute(
        select(Membership).where(Membership.coalition_id == coalition_id).order_by(Membership.id)
    )
    found = list(members.scalars())
    _passed(actor, coalition_id, found, people)
    _open(actor, coalition_id, people)
    _committee(actor, coalition_id, people)
    _partners(actor, found, people, petition_slug, second_slug)


def _passed(actor: Actor, coalition_id: int, members: list[Membership], people: dict[str, int]) -> None:
    now = clock.now()
    minutes = minuting.Minutes(
        title=words.PASSED_TITLE,
        text=words.PASSED_TEXT,
        opened_at=now - timedelta(days=30),
        closed_at=now - timedelta(days=23),
        votes={member.id: choice for member, choice in zip(members, words.PASSED_VOTES, strict=True)},
    )
    decision = minuting.record_decision(actor, coalition_id, minutes, written_by=people["organizer"])
    bill = db.session.execute(select(Bill.public_id).where(Bill.coalition_id == coalition_id)).scalar_one()
    standing.take_position(actor, bill, stance=Stance.SUPPORT, decision=decision.public_id)


def _open(actor: Actor, coalition_id: int, people: dict[str, int]) -> None:
    closes_at = (clock.now() + timedelta(days=9)).replace(hour=21, minute=0, second=0, microsecond=0)
    decision = deciding.draft_decision(
        actor,
        coalition_id,
        kind=DecisionKind.PRESS,
        title=words.OPEN_TITLE,
        text=words.OPEN_TEXT,
        closes_at=closes_at,
    )
    deciding.open_decision(actor, decision.public_id)
    for role, choice, reason in words.OPEN_VOTES:
        voter = Actor(
            user_id=people[role],
            coalition_id=coalition_id,
            roles=frozenset({REPRESENTATIVE}),
            channel=Channel.COMMAND,
        )
        voting.cast_vote(voter, decision.public_id, choice, reason)


def _committee(actor: Actor, coalition_id: int, people: dict[str, int]) -> None:
    today = clock.now().date()
    committee = seating.create_committee(
        actor,
        coalition_id,
        name=words.COMMITTEE,
        kind=CommitteeKind.STORY_POLICY,
        purpose=words.PURPOSE,
        seat_count=5,
        lived_experience_seats=3,
    )
    for number, role in ((1, "care_lead"), (3, "speaker"), (4, "volunteer")):
        seating.give_seat(
            actor,
            committee.public_id,
            number,
            people[role],
            from_on=today - timedelta(days=100),
            until_on=today + timedelta(days=265),
        )
    inviting.invite_to_seat(actor, committee.public_id, 5, words.SEAT_OFFERED_TO)


def _partners(
    actor: Actor, members: list[Membership], people: dict[str, int], petition_slug: str, second_slug: str
) -> None:
    """Two organizations with pages; the second asks some whom the first has asked, so that these had enough."""
    first, second = (_keeper(actor, people[role]) for role in ("organizer", "volunteer"))
    page = _partner_page(actor, members[0], petition_slug, words.PARTNER_INTRO, every=4)
    _ask(first, page)
    page = _partner_page(actor, members[1], second_slug, words.SECOND_PARTNER_INTRO, every=2)
    for asked in name_queries.own_requests(second):
        if asked.place != COALITION_PAGE:
            naming.answer(second, asked.public_id, NameAnswer.YES)
    _ask(second, page)


def _partner_page(actor: Actor, partner: Membership, petition_slug: str, intro: str, *, every: int) -> PartnerPage:
    """A page with some signers, of whom some want to hear from the partner; the same people on each page."""
    petition = db.session.execute(select(Petition).where(Petition.slug == petition_slug)).scalar_one()
    page = partnering.add_partner_page(actor, petition, partner.public_id, intro=intro)
    signers = crowd(Growth(36, 20, clock.now()), seed=4)
    importing.add_signatures(
        actor, petition, (dataclasses.replace(signer, partner_page_id=page.id) for signer in signers)
    )
    while tallying.take_in_deltas():
        pass
    signed = select(Signature).where(Signature.partner_page_id == page.id, Signature.state == SignatureState.VERIFIED)
    for signature in db.session.execute(signed.order_by(Signature.id)).scalars().all()[::every]:
        token = tokens.derive_token(linking.MANAGE, signature.public_id, signature.manage_nonce)
        managing.change_signature(token, display=signature.display, updates=signature.updates, partner_updates=True)
    return page


def _ask(keeper: Actor, page: PartnerPage) -> None:
    """Ask at once, so that it is the same people each time who are asked by the first."""
    made = partner_asking.ask_to_share(keeper, page.public_id)
    partner_asking.ask_people({"partner_ask_id": made.id})


def _keeper(actor: Actor, user_id: int) -> Actor:
    return dataclasses.replace(actor, user_id=user_id, roles=frozenset({REPRESENTATIVE}), is_system=False)
