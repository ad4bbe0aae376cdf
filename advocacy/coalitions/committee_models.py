"""Tables of committees, their seats and who holds them."""

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
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, one_of

MOST_SEATS = 50


class CommitteeKind(StrEnum):
    """What a committee is for."""

    STEERING = "steering"
    ADVISORY = "advisory"
    STORY_POLICY = "story_policy"
    OTHER = "other"


class Committee(Model):
    """A small group that prepares or decides, with a fixed number of seats."""

    __tablename__ = "committee"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint(one_of("kind", CommitteeKind), name="kind"),
        CheckConstraint(f"seat_count BETWEEN 1 AND {MOST_SEATS}", name="seat_count"),
        # Domain I-034.
        CheckConstraint("min_lived_experience_seats BETWEEN 0 AND seat_count", name="lived_experience_seats"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(22))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(Text, default="")
    seat_count: Mapped[int] = mapped_column(Integer)
    min_lived_experience_seats: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class Seat(Model):
    """A place in a committee; the flag belongs to the seat, not to a person."""

    __tablename__ = "seat"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "committee_id"], ["committee.coalition_id", "committee.id"]),
        UniqueConstraint("coalition_id", "id"),
        UniqueConstraint("coalition_id", "committee_id", "id"),
        UniqueConstraint("committee_id", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    committee_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(Integer)
    lived_experience: Mapped[bool] = mapped_column(Boolean, default=False)


class SeatTerm(Model):
    """Who holds a seat, from when to when; ``until_on`` is planned, ``ended_at`` is real."""

    __tablename__ = "seat_term"
    __table_args__ = (
        ForeignKeyConstraint(
            ["coalition_id", "committee_id", "seat_id"], ["seat.coalition_id", "seat.committee_id", "seat.id"]
        ),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="until_after_from"),
        CheckConstraint("given_by IS NULL OR given_by <> user_id", name="not_by_oneself"),
        # Domain I-033: one person a seat, and one seat a person in a committee.
        Index(
            "uq_seat_term_seat",
            "seat_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_seat_term_person",
            "committee_id",
            "user_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_seat_term_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    committee_id: Mapped[int] = mapped_column(BigInteger)
    seat_id: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)
    given_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
