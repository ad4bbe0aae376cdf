"""News of a campaign."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model


class News(Model):
    """An entry; nobody outside sees it before ``published_at`` is set."""

    __tablename__ = "campaign_news"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "campaign_id"], ["campaign.coalition_id", "campaign.id"]),
        UniqueConstraint("public_id"),
        Index("ix_campaign_news_campaign_id_published_at", "campaign_id", "published_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    campaign_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    text_html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
