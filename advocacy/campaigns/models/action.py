"""Actions that need no room of their own; the others come from the rooms that offer them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.campaigns.models.task import Exposure
from advocacy.core.db import BigId, Instant, Model, one_of


class ActionKind(StrEnum):
    """What people can do for a campaign."""

    PETITION = "petition"
    SIGN_ON = "sign_on"
    LETTER = "letter"
    CALL = "call"
    EVENT = "event"
    TESTIMONY = "testimony"
    POSITION_ONLY = "position_only"
    SHARE = "share"
    MEDIA_RESPONSE = "media_response"


class CampaignAction(Model):
    """Something small: read where we stand, or tell somebody. ``words`` is what people may copy and pass on."""

    __tablename__ = "campaign_action"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "campaign_id"], ["campaign.coalition_id", "campaign.id"]),
        UniqueConstraint("public_id"),
        CheckConstraint("kind IN ('position_only', 'share')", name="kind"),
        CheckConstraint(one_of("exposure", Exposure), name="exposure"),
        CheckConstraint("effort_minutes > 0", name="effort"),  # I-049
        Index("ix_campaign_action_campaign_id", "campaign_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    campaign_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text, default="")
    effort_minutes: Mapped[int] = mapped_column(Integer)
    exposure: Mapped[str] = mapped_column(String(10))
    is_open: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
