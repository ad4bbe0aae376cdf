"""Days of a campaign or a bill in their order, for the picture of a timeline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _

from advocacy.campaigns import words
from advocacy.campaigns.models import (
    Bill,
    BillAction,
    BillVersion,
    Campaign,
    Milestone,
    MilestoneState,
    News,
    Position,
    Stance,
)
from advocacy.campaigns.queries import campaigns as queries
from advocacy.web.manifest import house
from advocacy.web.offers import BillDay as Moment
from advocacy.web.templating import day


def of_campaign(
    campaign: Campaign, milestones: Iterable[Milestone], news: Iterable[News], today: date
) -> list[dict[str, str]]:
    """When it began, its milestones and its news."""
    moments = [milestone_moment(found, today) for found in milestones]
    moments += [
        Moment(queries.today(campaign.coalition_id, entry.published_at), entry.title, url=f"#news-{entry.public_id}")
        for entry in news
        if entry.published_at
    ]
    if campaign.first_active_at is not None:
        moments.append(Moment(queries.today(campaign.coalition_id, campaign.first_active_at), _("The campaign began")))
    return in_order(moments)


def of_bill(
    bill: Bill,
    actions: Iterable[BillAction],
    versions: Iterable[BillVersion],
    positions: Iterable[Position],
    campaigns: Iterable[Campaign],
    *,
    for_everybody: bool,
) -> list[dict[str, str]]:
    """What happened to a bill, what the coalition said and did, what other rooms add, and when somebody last looked."""
    moments = [Moment(found.happened_on, found.what) for found in actions]
    moments += [
        Moment(found.printed_on, _("Text printed: %(label)s", label=found.label), url=found.url) for found in versions
    ]
    for found in positions:
        said = str(words.STANCES[Stance(found.stance)][0])
        moments.append(Moment(queries.today(bill.coalition_id, found.valid_from), said, text=found.reason))
    moments.append(Moment(bill.checked_on, _("Last checked at the source"), text=bill.source_name))
    for campaign in campaigns:
        if campaign.first_active_at is not None:
            on = queries.today(bill.coalition_id, campaign.first_active_at)
            url = f"/campaigns/{campaign.slug}" if for_everybody else f"/desk/campaigns/{campaign.public_id}"
            moments.append(Moment(on, _("Our campaign began: %(title)s", title=campaign.title), url=url))
    for source in house().bill_days:
        moments += source.days(bill.id, for_everybody)
    return in_order(moments)


def milestone_moment(found: Milestone, today: date) -> Moment:
    """A milestone on its day, or on the day when it was settled."""
    if found.state == MilestoneState.PLANNED:
        state = "late" if found.due_on < today else "today" if found.due_on == today else "next"
        return Moment(found.due_on, found.title, state, found.note)
    said = {
        MilestoneState.REACHED: "",
        MilestoneState.MISSED: _("We missed this day."),
        MilestoneState.DROPPED: _("We dropped this."),
    }
    words = [part for part in (said[MilestoneState(found.state)], found.note) if part]
    return Moment(found.settled_on or found.due_on, found.title, "done", " ".join(words))


def in_order(moments: Iterable[Moment]) -> list[dict[str, str]]:
    """The oldest first."""
    return [
        {"when": day(one.on), "title": one.title, "state": one.state, "text": one.text, "url": one.url}
        for one in sorted(moments, key=lambda one: one.on)
    ]
