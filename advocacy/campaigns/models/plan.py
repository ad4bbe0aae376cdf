"""What shows whether a campaign gets anywhere, who is asked, and what is to happen by when."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, one_of


class MilestoneState(StrEnum):
    """Where a milestone stands."""

    PLANNED = "planned"
    REACHED = "reached"
    MISSED = "missed"
    DROPPED = "dropped"


class TargetKind(StrEnum):
    """Who is asked."""

    LEGISLATOR = "legislator"
    COMMITTEE = "committee"
    OTHER = "other"


class Indicator(Model):
    """A number by which the goal is judged: from ``baseline`` to ``target``, up or down."""

    __tablename__ = "campaign_indicator"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "campaign_id"], ["campaign.coalition_id", "campaign.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint("target <> baseline", name="goes_somewhere"),
        Index("ix_campaign_indicator_campaign_id", "campaign_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    campaign_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    title: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(60))
    baseline: Mapped[float] = mapped_column(Float)
    target: Mapped[float] = mapped_column(Float)
    baseline_on: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Measurement(Model):
    """What an indicator was on a day, and who says so."""

    __tablename__ = "campaign_measurement"
    __table_args__ = (
        ForeignKeyConstraint(
            ["coalition_id", "indicator_id"],
            ["campaign_indicator.coalition_id", "campaign_indicator.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("indicator_id", "measured_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    indicator_id: Mapped[int] = mapped_column(BigInteger)
    measured_on: Mapped[date] = mapped_column(Date)
    value: Mapped[float] = mapped_column(Float)
    source: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime] = mapped_column(Instant)


class Milestone(Model):
    """Something that is to happen by a day."""

    __tablename__ = "campaign_milestone"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "campaign_id"], ["campaign.coalition_id", "campaign.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint(one_of("state", MilestoneState), name="state"),
        CheckConstraint("(state = 'planned') = (settled_on IS NULL)", name="settled"),
        Index("ix_campaign_milestone_campaign_id_due_on", "campaign_id", "due_on"),
        Index("ix_campaign_milestone_coalition_id_state_due_on", "coalition_id", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    campaign_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default=MilestoneState.PLANNED)
    settled_on: Mapped[date | None] = mapped_column(Date)
    is_public: Mapped[bool] = mapped_column(Boolean, default=True)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class Target(Model):
    """Who is asked. A legislator is named by the lasting key of the civic data, beside the name as it was then."""

    __tablename__ = "campaign_target"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "campaign_id"], ["campaign.coalition_id", "campaign.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("campaign_id", "legislator_key"),
        CheckConstraint(one_of("kind", TargetKind), name="kind"),
        CheckConstraint("(kind = 'legislator') = (legislator_key IS NOT NULL)", name="legislator_has_key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    campaign_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    kind: Mapped[str] = mapped_column(String(12))
    legislator_key: Mapped[str | None] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(String(300), default="")
