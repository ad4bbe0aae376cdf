"""Campaigns and what belongs to them, for tests."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from sqlalchemy import insert, select

from advocacy.campaigns.models import Bill, Campaign, CampaignAction, Fact, Task
from advocacy.campaigns.queries.campaigns import today
from advocacy.campaigns.services import acting as offering
from advocacy.campaigns.services import asking, drafting, moving, planning, telling, tracking, working
from advocacy.coalitions.services import deciding, voting
from advocacy.core import clock, uow
from advocacy.core.actor import Actor, Channel, system_actor
from advocacy.core.db import db
from advocacy.core.ids import new_public_id
from tests.factories.organizations import acting, make_decision, make_organization, make_representative

_number = count(1)


def system(coalition_id: int) -> Actor:
    """The system, with a coalition in view."""
    return system_actor(Channel.JOB, coalition_id)


def make_campaign(
    coalition_id: int, slug: str | None = None, title: str = "Beds close to home", *, active: bool = True
) -> int:
    """A campaign, committed; gives its id. An active one has something small and private to do."""
    actor = system(coalition_id)
    with uow.unit():
        made = drafting.create_campaign(
            actor,
            coalition_id,
            slug=slug or f"campaign-{next(_number)}",
            title=title,
            goal="Four more beds in the county.",
        )
        if active:
            offering.add_action(
                actor,
                made.public_id,
                kind="share",
                title="Tell one person",
                text="Tell one person why this matters to you.",
                effort_minutes=3,
                exposure="none",
            )
            moving.move_campaign(actor, made.public_id, version=made.version, state="active")
        return made.id


def detached(model: type[Any], row_id: int) -> Any:
    """A row as it is now, with its columns loaded."""
    db.session.rollback()
    with uow.reading():
        found = db.session.get_one(model, row_id)
        db.session.refresh(found)
        db.session.expunge(found)
    return found


def campaign(campaign_id: int) -> Campaign:
    """The campaign as it is now."""
    return detached(Campaign, campaign_id)


def make_task(campaign_id: int, title: str = "Call the clerk", **words: Any) -> Task:
    """A task, committed; ``due_in`` are days from today."""
    found = campaign(campaign_id)
    due_in = words.pop("due_in", None)
    state = words.pop("state", "open")
    with uow.unit():
        if due_in is not None:
            words["due_on"] = today(found.coalition_id) + timedelta(days=due_in)
        given = working.TaskWords(**{"title": title, "effort_minutes": 20, **words})
        made = working.add_task(system(found.coalition_id), found.public_id, given, state=state)
        task_id = made.id
    return detached(Task, task_id)


def make_many_tasks(campaign_id: int, how_many: int, state: str = "open", assignee_id: int | None = None) -> None:
    """Very many tasks at once."""
    found, now = campaign(campaign_id), clock.now()
    rows = [
        {
            "coalition_id": found.coalition_id,
            "campaign_id": campaign_id,
            "public_id": new_public_id(),
            "title": f"Task {number}",
            "notes": "",
            "state": state,
            "rank": number * working.STEP,
            "assignee_id": assignee_id,
            "effort_minutes": 15,
            "exposure": "none",
            "created_at": now,
            "changed_at": now,
            "done_at": now if state == "done" else None,
            "version": 1,
        }
        for number in range(1, how_many + 1)
    ]
    with uow.unit():
        db.session.execute(insert(Task), rows)


def make_fact(coalition_id: int, claim: str = "One counselor serves 500 students.", **words: Any) -> Fact:
    """A fact card, committed."""
    with uow.unit():
        day = today(coalition_id)
        given = {"source_name": "State survey", "year": day.year - 1, "review_on": day + timedelta(days=300)}
        made = asking.add_fact(system(coalition_id), coalition_id, asking.FactWords(claim, **(given | words)))
        fact_id = made.id
    return detached(Fact, fact_id)


def make_bill(coalition_id: int, identifier: str = "HB 2002", **words: Any) -> Bill:
    """A bill, committed."""
    with uow.unit():
        given = {
            "jurisdiction": "Oregon",
            "session": "2027 Regular Session",
            "title": "Relating to beds",
            "source_name": "Clerk's office",
            "checked_on": today(coalition_id),
        }
        made = tracking.add_bill(
            system(coalition_id), coalition_id, tracking.BillWords(identifier=identifier, **(given | words))
        )
        bill_id = made.id
    return detached(Bill, bill_id)


def pass_decision(coalition_id: int, **facts: Any) -> int:
    """A decision that passed; gives its id. Its one voter supported it."""
    voter = make_organization(coalition_id)
    person = make_representative(voter)
    found = make_decision(coalition_id, **facts)
    with uow.unit():
        voting.cast_vote(acting(voter, person), found.public_id, choice="support")
    end_decision(found.id)
    return found.id


def end_decision(decision_id: int) -> None:
    """Let the time of a vote be over, and count; the clock then goes back."""
    before = clock._offset_file
    with NamedTemporaryFile("w", encoding="ascii") as file:
        file.write(str(timedelta(days=30).total_seconds()))
        file.flush()
        clock.use_offset_file(Path(file.name))
        try:
            with uow.unit():
                deciding.close_when_due(decision_id)
        finally:
            clock.use_offset_file(before)


def names(campaign_id: int, bill_identifier: str = "HB 2002") -> dict[str, str]:
    """Something of every kind in a campaign, and its names for ``support.walk``."""
    found, today_ = campaign(campaign_id), today(campaign(campaign_id).coalition_id)
    actor, task = system(found.coalition_id), make_task(campaign_id, due_in=3)
    fact, bill = make_fact(found.coalition_id), make_bill(found.coalition_id, bill_identifier, is_public=True)
    with uow.unit():
        indicator = planning.add_indicator(
            actor, found.public_id, title="Open nights", unit="nights", baseline=0, target=30, on=today_
        )
        milestone = planning.add_milestone(actor, found.public_id, title="Hearing", due_on=today_ + timedelta(days=9))
        target = planning.add_target(actor, found.public_id, kind="committee", name="Committee on Health")
        ask = asking.add_ask(actor, found.public_id, title="Two more beds", fact_ids=(fact.public_id,))
        asking.show_fact(actor, found.public_id, fact.public_id, is_shown=True)
        news = telling.add_news(actor, found.public_id, title="We began", text="Today.", is_published=True)
        tracking.link_bill(actor, found.public_id, bill.public_id, is_linked=True)
        action = db.session.execute(
            select(CampaignAction).where(CampaignAction.campaign_id == campaign_id)
        ).scalar_one()
        parts = {
            "campaigns_plan.measure:part": indicator.public_id,
            "campaigns_plan.remove_indicator:part": indicator.public_id,
            "campaigns_plan.change_milestone:part": milestone.public_id,
            "campaigns_plan.settle_milestone:part": milestone.public_id,
            "campaigns_offers.remove_target:part": target.public_id,
            "campaigns_offers.set_action:part": action.public_id,
            "campaigns:part": action.public_id,
            "campaigns_message.change_ask:part": ask.public_id,
            "campaigns_message.remove_ask:part": ask.public_id,
            "campaigns_message.hide_fact:part": fact.public_id,
            "campaigns_message.change_news:part": news.public_id,
        }
    desk = (
        "campaigns_desk",
        "campaigns_steps",
        "campaigns_plan",
        "campaigns_offers",
        "campaigns_board",
        "campaigns_message",
    )
    return parts | {
        **{f"{blueprint}:public_id": found.public_id for blueprint in desk},
        "campaigns:slug": found.slug,
        "campaigns_board:part": task.public_id,
        "campaigns_facts:public_id": fact.public_id,
        "campaigns_bills:public_id": bill.public_id,
        "campaigns_positions:public_id": bill.public_id,
        "campaigns_bills:part": found.public_id,
    }
