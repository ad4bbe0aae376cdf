"""What visitors say was wrong with an answer: the seat, never where they live."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, one_of

MAX_EXPECTED = 120


class ReportReason(StrEnum):
    """What was wrong."""

    DISTRICT = "district"
    PERSON = "person"
    LEFT = "left"
    CONTACT = "contact"


class ReportOutcome(StrEnum):
    """What became of it."""

    MENDED = "mended"
    RIGHT = "right"
    UNCLEAR = "unclear"


_OPEN = text("outcome IS NULL")


class LookupReport(Model):
    """One complaint about a seat; the same again is counted, so a wrong pack makes one line and not a thousand.

    The look-up is the whole site's, so it belongs to no coalition. ``settled_by`` names the account without a foreign
    key: it outlives the account.
    """

    __tablename__ = "lookup_report"
    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint(one_of("reason", ReportReason), name="reason"),
        CheckConstraint(f"outcome IS NULL OR {one_of('outcome', ReportOutcome)}", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled"),
        CheckConstraint("seen_count >= 1", name="seen_count"),
        Index(
            "uq_lookup_report_open",
            "division_id",
            "person_key",
            "reason",
            "expected",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_lookup_report_last_at", "last_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22))
    reason: Mapped[str] = mapped_column(String(10))
    division_id: Mapped[str] = mapped_column(String(120), default="")
    person_key: Mapped[str] = mapped_column(String(60), default="")
    expected: Mapped[str] = mapped_column(String(MAX_EXPECTED), default="")
    seen_count: Mapped[int] = mapped_column(Integer, default=1)
    first_at: Mapped[datetime] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(10))
    settled_by: Mapped[int | None] = mapped_column(BigInteger)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
