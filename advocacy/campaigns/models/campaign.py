"""A campaign, the proof of its victory, and the addresses it had before."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, one_of

EASY_MINUTES = 5
"""What an action may take at most for everybody to find something to do (strategy S-046)."""


class CampaignState(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"
    ARCHIVED = "archived"


class Evidence(Model):
    """What proves that something was reached: a law, a budget line, a decision, with its source."""

    __tablename__ = "campaign_evidence"
    __table_args__ = (UniqueConstraint("coalition_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    summary: Mapped[str] = mapped_column(Text)
    source_name: Mapped[str] = mapped_column(String(200))
    source_url: Mapped[str] = mapped_column(String(500), default="")
    happened_on: Mapped[date] = mapped_column(Date)
    added_at: Mapped[datetime] = mapped_column(Instant)


class Campaign(Model):
    """What a coalition wants to reach; ``version`` guards against two editors at once.

    ``easy_action`` is the address of the small and private action on whose ground the campaign runs (domain I-050).
    ``first_active_at`` is when the public first saw it. A template stays a draft.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        ForeignKeyConstraint(
            ["coalition_id", "evidence_id"], ["campaign_evidence.coalition_id", "campaign_evidence.id"]
        ),
        UniqueConstraint("public_id"),
        UniqueConstraint("slug"),
        UniqueConstraint("evidence_id"),
        UniqueConstraint("coalition_id", "id"),  # what composite foreign keys point to
        CheckConstraint(one_of("state", CampaignState), name="state"),
        CheckConstraint("state <> 'won' OR evidence_id IS NOT NULL", name="won_has_evidence"),  # I-048
        CheckConstraint(
            "state <> 'active' OR (easy_action IS NOT NULL"
            f" AND easy_minutes IS NOT NULL AND easy_minutes BETWEEN 1 AND {EASY_MINUTES})",
            name="active_has_easy_action",
        ),  # I-050
        CheckConstraint("state = 'draft' OR NOT is_template", name="template_is_draft"),
        CheckConstraint("state IN ('draft', 'archived') OR first_active_at IS NOT NULL", name="shown_since"),
        Index("ix_campaign_coalition_id_state_id", "coalition_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    goal: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default=CampaignState.DRAFT)
    is_template: Mapped[bool] = mapped_column(Boolean, default=False)
    easy_action: Mapped[str | None] = mapped_column(String(300))
    easy_minutes: Mapped[int | None] = mapped_column(SmallInteger)
    evidence_id: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    first_active_at: Mapped[datetime | None] = mapped_column(Instant)
    moved_at: Mapped[datetime | None] = mapped_column(Instant)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class OldSlug(Model):
    """An address that a campaign had, and the campaign to which it leads; a living address goes first."""

    __tablename__ = "campaign_old_slug"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "campaign_id"], ["campaign.coalition_id", "campaign.id"]),
        Index("ix_campaign_old_slug_campaign_id", "campaign_id"),
    )

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    campaign_id: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime] = mapped_column(Instant)
