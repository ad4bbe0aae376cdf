"""Reads about indicators, milestones and targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from advocacy.campaigns import rules
from advocacy.campaigns.models import Campaign, Indicator, Measurement, Milestone, MilestoneState, Target
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound


@dataclass(frozen=True)
class Progress:
    """An indicator and what was measured, the oldest first; ``latest`` is the baseline until something was."""

    indicator: Indicator
    measured: Sequence[Measurement]

    @property
    def latest(self) -> float:
        """The number as it stands."""
        return self.measured[-1].value if self.measured else self.indicator.baseline

    @property
    def as_of(self) -> date:
        """The day of that number."""
        return self.measured[-1].measured_on if self.measured else self.indicator.baseline_on

    @property
    def share(self) -> float:
        """How much of the way is done: 0 to 1."""
        return rules.share_of_way(self.indicator.baseline, self.indicator.target, self.latest)

    @property
    def points(self) -> list[tuple[date, float, str]]:
        """Day, number and source, with the baseline first."""
        first = (self.indicator.baseline_on, self.indicator.baseline, "")
        return [first, *((row.measured_on, row.value, row.source) for row in self.measured)]


def progress(found: Campaign) -> list[Progress]:
    """All indicators of a campaign with their measurements."""
    indicators = db.session.execute(
        select(Indicator).where(Indicator.campaign_id == found.id).order_by(Indicator.id)
    ).scalars()
    rows = db.session.execute(
        select(Measurement)
        .join(Indicator, Indicator.id == Measurement.indicator_id)
        .where(Indicator.campaign_id == found.id)
        .order_by(Measurement.measured_on)
    ).scalars()
    measured: dict[int, list[Measurement]] = {}
    for row in rows:
        measured.setdefault(row.indicator_id, []).append(row)
    return [Progress(indicator, measured.get(indicator.id, [])) for indicator in indicators]


def indicator(actor: Actor, public_id: str) -> Indicator:
    """An indicator of the coalition in view.

    Raises: NotFound.
    """
    wanted = select(Indicator).where(Indicator.coalition_id == actor.coalition_id, Indicator.public_id == public_id)
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def milestones(found: Campaign, *, public_only: bool = False) -> Sequence[Milestone]:
    """Milestones of a campaign by day; ``public_only`` leaves out what is internal or was dropped."""
    wanted = select(Milestone).where(Milestone.campaign_id == found.id).order_by(Milestone.due_on, Milestone.id)
    if public_only:
        wanted = wanted.where(Milestone.is_public, Milestone.state != MilestoneState.DROPPED)
    return db.session.execute(wanted).scalars().all()


def milestone(actor: Actor, public_id: str, *, lock: bool = False) -> Milestone:
    """A milestone of the coalition in view.

    Raises: NotFound.
    """
    wanted = select(Milestone).where(Milestone.coalition_id == actor.coalition_id, Milestone.public_id == public_id)
    found = db.session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def targets(found: Campaign) -> Sequence[Target]:
    """Who is asked."""
    return db.session.execute(select(Target).where(Target.campaign_id == found.id).order_by(Target.id)).scalars().all()


def target(actor: Actor, public_id: str) -> Target:
    """A target of the coalition in view.

    Raises: NotFound.
    """
    wanted = select(Target).where(Target.coalition_id == actor.coalition_id, Target.public_id == public_id)
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
