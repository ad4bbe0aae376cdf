"""What a campaign asks for, and the library of facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from advocacy.audit import services as audit
from advocacy.campaigns import rules
from advocacy.campaigns.models import Ask, AskFact, CampaignFact, Fact
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.queries import facts
from advocacy.campaigns.services import checks, drafting, planning
from advocacy.coalitions import rules as roles
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.reminders.services import deadlines as reminders

FACT_REVIEW = "fact_review"
FACT = "fact_card"


@dataclass(frozen=True)
class FactWords:
    """What stands on a card."""

    claim: str
    source_name: str
    year: int | None
    review_on: date
    source_url: str = ""


def add_fact(actor: Actor, coalition_id: int, words: FactWords) -> Fact:
    """Put a card into the library; organizers are reminded to look again on its day.

    Raises: NotAllowed, RuleBroken naming the field.
    """
    roles.require(actor, queries.MANAGE, coalition_id)
    made = Fact(coalition_id=coalition_id, public_id=new_public_id(), is_retired=False)
    _fill(made, words)
    db.session.add(made)
    db.session.flush()
    _set_deadline(made)
    _record(actor, "fact.added", FACT, made)
    return made


def change_fact(actor: Actor, fact_id: str, words: FactWords, *, version: int) -> Fact:
    """Change a card, or say that it was looked at and holds: everywhere it stands it says the new words.

    Raises: NotAllowed, NotFound, Conflict, RuleBroken naming the field.
    """
    found = facts.fact(actor, fact_id, queries.MANAGE, lock=True)
    checks.require_version(found.version, version)
    _fill(found, words)
    db.session.flush()
    _set_deadline(found)
    _record(actor, "fact.changed", FACT, found)
    return found


def retire_fact(actor: Actor, fact_id: str, *, version: int, is_retired: bool) -> Fact:
    """Take a card off every page, because it no longer holds, or bring it back.

    Raises: NotAllowed, NotFound, Conflict.
    """
    found = facts.fact(actor, fact_id, queries.MANAGE, lock=True)
    checks.require_version(found.version, version)
    found.is_retired, found.changed_at = is_retired, clock.now()
    db.session.flush()
    _set_deadline(found)
    _record(actor, "fact.retired" if is_retired else "fact.restored", FACT, found)
    return found


def show_fact(actor: Actor, campaign_id: str, fact_id: str, *, is_shown: bool) -> None:
    """Put a card on a campaign's page, or take it off.

    Raises: NotAllowed, NotFound.
    """
    campaign, found = drafting.locked(actor, campaign_id), facts.fact(actor, fact_id)
    held = db.session.get(CampaignFact, (campaign.id, found.id))
    if is_shown and held is None:
        db.session.add(CampaignFact(coalition_id=campaign.coalition_id, campaign_id=campaign.id, fact_id=found.id))
    elif held is not None and not is_shown:
        db.session.delete(held)
    db.session.flush()
    _record(actor, "fact.shown" if is_shown else "fact.taken_off", FACT, found, campaign_id=campaign.id)


def add_ask(actor: Actor, campaign_id: str, *, title: str, text: str = "", fact_ids: tuple[str, ...] = ()) -> Ask:
    """Say one thing that a campaign asks for, with the cards that speak for it.

    Raises: NotAllowed, NotFound, RuleBroken naming the field.
    """
    campaign = drafting.locked(actor, campaign_id)
    last = db.session.execute(select(func.max(Ask.rank)).where(Ask.campaign_id == campaign.id)).scalar_one()
    made = Ask(
        coalition_id=campaign.coalition_id,
        campaign_id=campaign.id,
        public_id=new_public_id(),
        title=checks.require_text(title, "title"),
        text=text,
        rank=(last or 0) + 1,
    )
    db.session.add(made)
    db.session.flush()
    _back(actor, made, fact_ids)
    _record(actor, "ask.added", "policy_ask", made, campaign_id=campaign.id)
    return made


def change_ask(actor: Actor, ask_id: str, *, title: str, text: str, fact_ids: tuple[str, ...]) -> Ask:
    """Change an ask and the cards that speak for it.

    Raises: NotAllowed, NotFound, RuleBroken naming the field.
    """
    found = facts.ask(actor, ask_id)
    drafting.require_part_open(actor, found.campaign_id)
    found.title, found.text = checks.require_text(title, "title"), text
    db.session.execute(delete(AskFact).where(AskFact.ask_id == found.id))
    _back(actor, found, fact_ids)
    _record(actor, "ask.changed", "policy_ask", found, campaign_id=found.campaign_id)
    return found


def remove_ask(actor: Actor, ask_id: str) -> None:
    """Take an ask away.

    Raises: NotAllowed, NotFound.
    """
    found = facts.ask(actor, ask_id)
    drafting.require_part_open(actor, found.campaign_id)
    _record(actor, "ask.removed", "policy_ask", found, campaign_id=found.campaign_id)
    db.session.delete(found)
    db.session.flush()


def _back(actor: Actor, ask: Ask, fact_ids: tuple[str, ...]) -> None:
    for fact_id in dict.fromkeys(fact_ids):
        card = facts.fact(actor, fact_id)
        db.session.add(AskFact(coalition_id=ask.coalition_id, ask_id=ask.id, fact_id=card.id))
    db.session.flush()


def _fill(card: Fact, words: FactWords) -> None:
    today = queries.today(card.coalition_id)
    if words.year is None or not today.year - 60 <= words.year <= today.year:
        raise RuleBroken(_("Say which year the fact is about; it lies within the last 60 years."), field="year")
    if not today < words.review_on <= today + rules.REVIEW_WITHIN:
        raise RuleBroken(_("Choose a day within the next three years to look at this again."), field="review_on")
    card.claim = checks.require_text(words.claim, "claim")
    card.source_name = checks.require_text(words.source_name, "source_name")
    card.source_url = checks.require_web_address(words.source_url, "source_url")
    card.year, card.review_on, card.changed_at = words.year, words.review_on, clock.now()


def _set_deadline(card: Fact) -> None:
    at = planning.due_instant(card.coalition_id, card.review_on)
    if card.is_retired or at <= clock.now():
        reminders.drop_deadline(FACT_REVIEW, FACT, card.id)
        return
    reminders.set_deadline(
        kind=FACT_REVIEW,
        coalition_id=card.coalition_id,
        object_kind=FACT,
        object_id=card.id,
        due_at=at,
        tz=queries.zone(card.coalition_id).key,
    )


def _record(actor: Actor, what: str, kind: str, row: Fact | Ask, **facts_: Any) -> None:  # noqa: ANN401 - ids, states
    audit.record(actor, what, kind, row.id, coalition_id=row.coalition_id, facts=facts_)
