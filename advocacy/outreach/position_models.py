"""Where people in office stand on bills, what they promised, and how many votes a bill needs."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, append_only, one_of


class Stand(StrEnum):
    """How somebody is likely to vote; ``unknown`` takes back what was said before."""

    YES = "yes"
    LEANS_YES = "leans_yes"
    UNDECIDED = "undecided"
    LEANS_NO = "leans_no"
    NO = "no"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    """How sure we are: anybody can look it up; one of us heard it; we think so."""

    RECORD = "record"
    HEARD = "heard"
    GUESS = "guess"


class Promise(StrEnum):
    """What somebody in office can promise."""

    SPONSOR = "sponsor"
    VOTE = "vote"
    AMEND = "amend"
    MEET = "meet"
    SPEAK = "speak"
    OTHER = "other"


class PromiseState(StrEnum):
    """What became of a promise; ``released``: it no longer applies."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    RELEASED = "released"


class LawmakerPosition(Model):
    """What shows where somebody stands on a bill, and from which day it is. Never changed: a mistake is replaced.

    The current one is the newest evidence that nothing replaces.
    """

    __tablename__ = "lawmaker_position"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "bill_id"], ["bill.coalition_id", "bill.id"]),
        ForeignKeyConstraint(
            ["coalition_id", "bill_id", "legislator_key", "replaces_id"],
            [
                "lawmaker_position.coalition_id",
                "lawmaker_position.bill_id",
                "lawmaker_position.legislator_key",
                "lawmaker_position.id",
            ],
            name="fk_lawmaker_position_replaces",
        ),
        UniqueConstraint("coalition_id", "bill_id", "legislator_key", "id", name="uq_lawmaker_position_row"),
        UniqueConstraint("replaces_id"),
        CheckConstraint("legislator_key <> ''", name="legislator_key"),
        CheckConstraint(one_of("stand", Stand), name="stand"),
        CheckConstraint(one_of("confidence", Confidence), name="confidence"),
        CheckConstraint("stand = 'unknown' OR quote <> '' OR evidence_url <> ''", name="has_evidence"),
        CheckConstraint("confidence <> 'record' OR evidence_url <> ''", name="record_can_be_looked_up"),
        CheckConstraint("replaces_id <> id", name="replaces_another"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    bill_id: Mapped[int] = mapped_column(BigInteger)
    legislator_key: Mapped[str] = mapped_column(String(60))
    stand: Mapped[str] = mapped_column(String(10))
    confidence: Mapped[str] = mapped_column(String(10))
    evidence_url: Mapped[str] = mapped_column(String(500), default="")
    quote: Mapped[str] = mapped_column(Text, default="")
    seen_on: Mapped[date] = mapped_column(Date)
    replaces_id: Mapped[int | None] = mapped_column(BigInteger)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)


append_only(LawmakerPosition.__table__)  # type: ignore[arg-type]


class Commitment(Model):
    """Something that somebody in office promised, by when, and what became of it."""

    __tablename__ = "lawmaker_commitment"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "bill_id"], ["bill.coalition_id", "bill.id"]),
        UniqueConstraint("public_id"),
        CheckConstraint("legislator_key <> ''", name="legislator_key"),
        CheckConstraint(one_of("kind", Promise), name="kind"),
        CheckConstraint(one_of("state", PromiseState), name="state"),
        CheckConstraint("what <> ''", name="what"),
        CheckConstraint("due_on IS NULL OR due_on >= promised_on", name="due_later"),
        CheckConstraint("(state = 'open') = (settled_on IS NULL)", name="settled"),
        CheckConstraint("state = 'open' OR outcome <> ''", name="settled_says_how"),
        Index("ix_lawmaker_commitment_legislator_key", "coalition_id", "legislator_key", "id"),
        Index("ix_lawmaker_commitment_state_due_on", "coalition_id", "state", "due_on"),
        Index("ix_lawmaker_commitment_bill_id", "coalition_id", "bill_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    legislator_key: Mapped[str] = mapped_column(String(60))
    bill_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(10))
    what: Mapped[str] = mapped_column(String(300))
    promised_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    evidence_url: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(String(10), default=PromiseState.OPEN)
    settled_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[str] = mapped_column(Text, default="")
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class VoteLine(Model):
    """How many votes a bill needs in a chamber, where more than half of all seats is not the answer."""

    __tablename__ = "whip_line"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "bill_id"], ["bill.coalition_id", "bill.id"]),
        CheckConstraint("needed BETWEEN 1 AND 1000", name="needed"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    bill_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chamber: Mapped[str] = mapped_column(String(12), primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    needed: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form
