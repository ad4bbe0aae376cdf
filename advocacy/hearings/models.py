"""Hearings on a day, or at a wall time of their place; every state that one had is kept."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, append_only, one_of


class HearingState(StrEnum):
    """How certain a hearing is, and what became of it (domain 4.6)."""

    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in_progress"
    RECESSED = "recessed"
    CONCLUDED = "concluded"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


_IS_HELD = text("state NOT IN ('cancelled', 'postponed') AND local_time IS NOT NULL AND committee <> ''")
_HAS_KEY = text("upstream_key IS NOT NULL")


class Hearing(Model):
    """A hearing; without ``local_time`` only its day is known.

    ``starts_at`` is the instant of ``held_on`` and ``local_time`` in ``tz``; ``upstream_key`` names it at the source
    that is asked; ``rev`` counts its days, times, places and states.
    """

    __tablename__ = "hearing"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint(one_of("state", HearingState), name="state"),
        CheckConstraint("(local_time IS NULL) = (starts_at IS NULL)", name="instant_of_time"),
        Index(
            "uq_hearing_upstream_key",
            "coalition_id",
            "upstream_key",
            unique=True,
            sqlite_where=_HAS_KEY,
            postgresql_where=_HAS_KEY,
        ),
        Index(
            "uq_hearing_held",
            "coalition_id",
            "committee",
            "held_on",
            "local_time",
            "tz",
            unique=True,
            sqlite_where=_IS_HELD,
            postgresql_where=_IS_HELD,
        ),  # I-066
        Index("ix_hearing_coalition_id_held_on", "coalition_id", "held_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    title: Mapped[str] = mapped_column(String(300))
    committee: Mapped[str] = mapped_column(String(200), default="")
    held_on: Mapped[date] = mapped_column(Date)
    local_time: Mapped[time | None] = mapped_column(Time)
    tz: Mapped[str] = mapped_column(String(60))
    starts_at: Mapped[datetime | None] = mapped_column(Instant)
    place: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(12), default=HearingState.CONFIRMED)
    source_name: Mapped[str] = mapped_column(String(200))
    source_url: Mapped[str] = mapped_column(String(500), default="")
    upstream_key: Mapped[str | None] = mapped_column(String(160))
    checked_at: Mapped[datetime] = mapped_column(Instant)
    rev: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class HearingBill(Model):
    """A bill that is heard."""

    __tablename__ = "hearing_bill"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "hearing_id"], ["hearing.coalition_id", "hearing.id"]),
        ForeignKeyConstraint(["coalition_id", "bill_id"], ["bill.coalition_id", "bill.id"]),
        Index("ix_hearing_bill_bill_id", "bill_id"),
    )

    hearing_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    bill_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)


class HearingRev(Model):
    """When and where a hearing was to be, once."""

    __tablename__ = "hearing_rev"
    __table_args__ = (ForeignKeyConstraint(["coalition_id", "hearing_id"], ["hearing.coalition_id", "hearing.id"]),)

    hearing_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    rev: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    held_on: Mapped[date] = mapped_column(Date)
    local_time: Mapped[time | None] = mapped_column(Time)
    tz: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(12))
    noted_at: Mapped[datetime] = mapped_column(Instant)


append_only(cast("Table", HearingRev.__table__))
