"""What is asked for, and the facts that speak for it."""

from __future__ import annotations

from datetime import date, datetime

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

from advocacy.core.db import BigId, Instant, Model


class Fact(Model):
    """A card of the library: one claim, who says it, of which year, and when to look again."""

    __tablename__ = "fact_card"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint("year BETWEEN 1800 AND 2200", name="year"),
        CheckConstraint("source_name <> ''", name="source"),
        Index("ix_fact_card_coalition_id_id", "coalition_id", "id"),
        Index("ix_fact_card_review", "coalition_id", "is_retired", "review_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    claim: Mapped[str] = mapped_column(Text)
    source_name: Mapped[str] = mapped_column(String(200))
    source_url: Mapped[str] = mapped_column(String(500), default="")
    year: Mapped[int] = mapped_column(SmallInteger)
    review_on: Mapped[date] = mapped_column(Date)
    is_retired: Mapped[bool] = mapped_column(Boolean, default=False)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class Ask(Model):
    """One thing that a campaign asks of those who decide."""

    __tablename__ = "policy_ask"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "campaign_id"], ["campaign.coalition_id", "campaign.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "id"),
        Index("ix_policy_ask_campaign_id_rank", "campaign_id", "rank"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    campaign_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    rank: Mapped[int] = mapped_column(Integer)


class AskFact(Model):
    """A fact that speaks for an ask."""

    __tablename__ = "policy_ask_fact"
    __table_args__ = (
        ForeignKeyConstraint(
            ["coalition_id", "ask_id"], ["policy_ask.coalition_id", "policy_ask.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["coalition_id", "fact_id"], ["fact_card.coalition_id", "fact_card.id"]),
        Index("ix_policy_ask_fact_fact_id", "fact_id"),
    )

    ask_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    fact_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)


class CampaignFact(Model):
    """A fact that stands on a campaign's page."""

    __tablename__ = "campaign_fact"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "campaign_id"], ["campaign.coalition_id", "campaign.id"]),
        ForeignKeyConstraint(["coalition_id", "fact_id"], ["fact_card.coalition_id", "fact_card.id"]),
        Index("ix_campaign_fact_fact_id", "fact_id"),
    )

    campaign_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    fact_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
