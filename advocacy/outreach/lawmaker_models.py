"""Who of a coalition knows a lawmaker, and how well."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model

STRENGTHS = range(1, 6)


class Relationship(Model):
    """Who holds the contact to a person in office, from one instant to another; handing over begins a new row.

    The person in office is named by the lasting key of the civic data. ``user_id`` is empty once the account is erased:
    then nobody holds it.
    """

    __tablename__ = "lawmaker_relationship"
    __table_args__ = (
        CheckConstraint("legislator_key <> ''", name="legislator_key"),
        CheckConstraint("strength BETWEEN 1 AND 5", name="strength"),
        CheckConstraint("ended_at IS NULL OR ended_at >= begun_at", name="ends_after_beginning"),
        Index(
            "uq_lawmaker_relationship_live",
            "coalition_id",
            "legislator_key",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_lawmaker_relationship_legislator_key", "coalition_id", "legislator_key", "id"),
        Index("ix_lawmaker_relationship_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    legislator_key: Mapped[str] = mapped_column(String(60))
    user_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("user_account.id"))
    strength: Mapped[int] = mapped_column(SmallInteger)
    since_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    begun_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
