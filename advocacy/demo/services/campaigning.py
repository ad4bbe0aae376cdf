"""The demo campaign: its plan, its board, its asks and facts, its bill."""

from __future__ import annotations

from datetime import date, timedelta

from advocacy.campaigns.models import ActionKind, Campaign, CampaignState, Exposure, Fact, MilestoneState, TaskState
from advocacy.campaigns.queries.campaigns import today
from advocacy.campaigns.services import acting, asking, drafting, moving, planning, telling, tracking, working
from advocacy.core.actor import Actor
from advocacy.demo import campaign_words as words


def draft(actor: Actor, coalition_id: int) -> Campaign:
    """Write the campaign; it becomes active with ``begin``, when its petitions stand."""
    return drafting.create_campaign(actor, coalition_id, slug=words.SLUG, title=words.TITLE, goal=words.GOAL)


def begin(actor: Actor, campaign: Campaign, people: dict[str, int]) -> None:
    """Give the campaign everything it has, and make it active; ``people`` are user ids by role."""
    now = today(campaign.coalition_id)
    _offer(actor, campaign)
    _plan(actor, campaign, now)
    _work(actor, campaign, now, people)
    cards = _facts(actor, campaign, now)
    for ask in words.ASKS:
        chosen = tuple(cards[place].public_id for place in ask.facts)
        asking.add_ask(actor, campaign.public_id, title=ask.title, text=ask.text, fact_ids=chosen)
    for card in cards[:2]:
        asking.show_fact(actor, campaign.public_id, card.public_id, is_shown=True)
    _bill(actor, campaign, now)
    telling.add_news(actor, campaign.public_id, title=words.NEWS_TITLE, text=words.NEWS_TEXT.strip(), is_published=True)
    moving.move_campaign(actor, campaign.public_id, version=campaign.version, state=CampaignState.ACTIVE)


def _offer(actor: Actor, campaign: Campaign) -> None:
    title, text, said = words.SHARE
    acting.add_action(
        actor,
        campaign.public_id,
        kind=ActionKind.SHARE,
        title=title,
        text=text,
        words=said,
        effort_minutes=3,
        exposure=Exposure.LOW,
    )
    title, text = words.READ
    acting.add_action(
        actor,
        campaign.public_id,
        kind=ActionKind.POSITION_ONLY,
        title=title,
        text=text,
        effort_minutes=3,
        exposure=Exposure.NONE,
    )


def _plan(actor: Actor, campaign: Campaign, now: date) -> None:
    title, unit, baseline, target = words.INDICATOR
    begun = now - timedelta(days=90)
    indicator = planning.add_indicator(
        actor, campaign.public_id, title=title, unit=unit, baseline=baseline, target=target, on=begun
    )
    for days, value, source in words.MEASURED:
        planning.add_measurement(actor, indicator.public_id, on=now - timedelta(days=days), value=value, source=source)
    for days, said, state in words.MILESTONES:
        made = planning.add_milestone(actor, campaign.public_id, title=said, due_on=now + timedelta(days=days))
        if state != MilestoneState.PLANNED:
            planning.settle_milestone(actor, made.public_id, version=made.version, state=state, on=made.due_on)
    for kind, name, why in words.TARGETS:
        planning.add_target(actor, campaign.public_id, kind=kind, name=name, why=why)


def _work(actor: Actor, campaign: Campaign, now: date, people: dict[str, int]) -> None:
    for title, minutes, exposure, state, days, role in words.TASKS:
        due_on = now + timedelta(days=days) if days is not None else None
        given = working.TaskWords(title, minutes, exposure, "", people.get(role) if role else None, due_on)
        task = working.add_task(actor, campaign.public_id, given)
        if state != TaskState.OPEN:
            working.carry_task(actor, task.public_id, version=task.version, state=state)


def _facts(actor: Actor, campaign: Campaign, now: date) -> list[Fact]:
    return [
        asking.add_fact(
            actor,
            campaign.coalition_id,
            asking.FactWords(
                line.claim,
                line.source,
                line.year or now.year - line.years_ago,
                now + timedelta(days=line.review_in),
                line.url,
            ),
        )
        for line in words.FACTS
    ]


def _bill(actor: Actor, campaign: Campaign, now: date) -> None:
    identifier, title, summary = words.BILL
    bill = tracking.add_bill(
        actor,
        campaign.coalition_id,
        tracking.BillWords(
            jurisdiction="Columbia",
            session=f"{now.year} Session",
            identifier=identifier,
            title=title,
            summary=summary,
            source_name="Journal of the legislature (made up)",
            checked_on=now,
            is_public=True,
        ),
    )
    tracking.add_version(actor, bill.public_id, label="As introduced", printed_on=now - timedelta(days=70))
    for days, what, status in words.BILL_STEPS:
        tracking.add_step(actor, bill.public_id, what=what, happened_on=now - timedelta(days=days), status=status)
    tracking.link_bill(actor, campaign.public_id, bill.public_id, is_linked=True)
