"""The table of campaigns."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model


class CampaignState(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"
    ARCHIVED = "archived"


STATES = ", ".join(repr(str(state)) for state in CampaignState)


class Campaign(Model):
    """What a coalition wants to reach; ``version`` guards against two editors at once."""

    __tablename__ = "campaign"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("slug"),
        UniqueConstraint("coalition_id", "id"),  # what composite foreign keys point to
        CheckConstraint(f"state IN ({STATES})", name="state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(22))
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    goal: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default=CampaignState.DRAFT)
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class
