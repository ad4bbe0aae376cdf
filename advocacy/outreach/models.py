"""Tables of contacts with lawmakers and of lobbying ledgers."""

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

from advocacy.core.db import BigId, Instant, Model, guarded, one_of
from advocacy.outreach import guards


class ContactKind(StrEnum):
    """How a lawmaker or an office was reached."""

    MEETING = "meeting"
    CALL = "call"
    LETTER = "letter"
    EMAIL = "email"
    TESTIMONY = "testimony"
    EVENT = "event"
    OTHER = "other"


class LobbyingKind(StrEnum):
    """What an entry is in the words of the tax authority; the two exceptions are not counted."""

    DIRECT = "direct"
    GRASSROOTS = "grassroots"
    NOT_LOBBYING = "not_lobbying"
    EXCEPTION_INVITED = "exception_invited"
    EXCEPTION_ANALYSIS = "exception_analysis"


class PeriodState(StrEnum):
    """Where a period stands; from ``closed`` on nothing in it changes."""

    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    FILED = "filed"


class PromptState(StrEnum):
    """What became of a reminder to enter time and cost."""

    WAITING = "waiting"
    ENTERED = "entered"
    DISMISSED = "dismissed"


class ContactLog(Model):
    """One contact; about a bill it also says whether it was lobbying (domain I-057).

    ``participants`` are people of ours without an account, ``staff`` people of the office. With ``removed_at`` it is
    shown to nobody but those who may put it back, until it is purged.
    """

    __tablename__ = "contact_log"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "bill_id"], ["bill.coalition_id", "bill.id"]),
        ForeignKeyConstraint(["coalition_id", "letter_id"], ["sign_on_letter.coalition_id", "sign_on_letter.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "id"),
        UniqueConstraint("coalition_id", "id", "bill_id", name="uq_contact_log_bill"),  # what further bills point to
        CheckConstraint(one_of("kind", ContactKind), name="kind"),
        CheckConstraint("office <> ''", name="office"),
        CheckConstraint(f"lobbying_kind IS NULL OR {one_of('lobbying_kind', LobbyingKind)}", name="lobbying_kind"),
        CheckConstraint("bill_id IS NULL OR lobbying_kind IS NOT NULL", name="bill_says_whether_lobbying"),
        CheckConstraint("lobbying_kind <> 'not_lobbying' OR lobbying_reason <> ''", name="not_lobbying_says_why"),
        CheckConstraint("follow_up_on IS NULL OR follow_up_on >= happened_on", name="follow_up_later"),
        Index("ix_contact_log_coalition_id_id", "coalition_id", "id"),
        Index("ix_contact_log_bill_id", "coalition_id", "bill_id"),
        Index("ix_contact_log_legislator_key", "coalition_id", "legislator_key", "happened_on"),
        Index("ix_contact_log_removed_at", "removed_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    legislator_key: Mapped[str] = mapped_column(String(60), default="")
    office: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    happened_on: Mapped[date] = mapped_column(Date)
    participants: Mapped[str] = mapped_column(String(400), default="")
    staff: Mapped[str] = mapped_column(String(400), default="", server_default="")
    bill_id: Mapped[int | None] = mapped_column(BigInteger)
    letter_id: Mapped[int | None] = mapped_column(BigInteger)
    lobbying_kind: Mapped[str | None] = mapped_column(String(20))
    lobbying_reason: Mapped[str] = mapped_column(String(400), default="")
    outcome: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    follow_up_on: Mapped[date | None] = mapped_column(Date)
    followed_up_at: Mapped[datetime | None] = mapped_column(Instant)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class LobbyingPeriod(Model):
    """A quarter of one organization's ledger."""

    __tablename__ = "lobbying_period"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "membership_id"], ["membership.coalition_id", "membership.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "membership_id", "id"),
        UniqueConstraint("membership_id", "year", "quarter"),
        CheckConstraint(one_of("state", PeriodState), name="state"),
        CheckConstraint("year BETWEEN 2000 AND 2200 AND quarter BETWEEN 1 AND 4", name="quarter"),
        CheckConstraint("state NOT IN ('closed', 'filed') OR closed_at IS NOT NULL", name="closed"),
        CheckConstraint("state <> 'filed' OR filed_at IS NOT NULL", name="filed"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    membership_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    year: Mapped[int] = mapped_column(Integer)
    quarter: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10), default=PeriodState.OPEN)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    filed_at: Mapped[datetime | None] = mapped_column(Instant)


class LobbyingEntry(Model):
    """Time and money of one organization. A reversing entry names what it takes back and counts against it."""

    __tablename__ = "lobbying_entry"
    __table_args__ = (
        ForeignKeyConstraint(
            ["coalition_id", "membership_id", "period_id"],
            ["lobbying_period.coalition_id", "lobbying_period.membership_id", "lobbying_period.id"],
        ),
        ForeignKeyConstraint(["coalition_id", "bill_id"], ["bill.coalition_id", "bill.id"]),
        ForeignKeyConstraint(["coalition_id", "letter_id"], ["sign_on_letter.coalition_id", "sign_on_letter.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("reverses_id"),
        CheckConstraint(one_of("kind", LobbyingKind), name="kind"),
        # I-151
        CheckConstraint("minutes >= 0 AND cost_minor >= 0 AND (minutes > 0 OR cost_minor > 0)", name="time_or_cost"),
        # I-152: who was asked for advice shows the letter that asked.
        CheckConstraint("kind <> 'exception_invited' OR document <> ''", name="invited_in_writing"),
        CheckConstraint("kind <> 'not_lobbying' OR reason <> ''", name="not_lobbying_says_why"),
        CheckConstraint("length(currency) = 3", name="currency"),
        Index("ix_lobbying_entry_period_id_id", "period_id", "id"),
        Index("ix_lobbying_entry_membership", "coalition_id", "membership_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    membership_id: Mapped[int] = mapped_column(BigInteger)
    period_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    kind: Mapped[str] = mapped_column(String(20))
    happened_on: Mapped[date] = mapped_column(Date)
    what: Mapped[str] = mapped_column(String(400))
    minutes: Mapped[int] = mapped_column(Integer)
    cost_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    bill_id: Mapped[int | None] = mapped_column(BigInteger)
    letter_id: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(400), default="")
    document: Mapped[str] = mapped_column(String(400), default="")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("lobbying_entry.id"))
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class LobbyingYear(Model):
    """What an organization spends on its purpose in a year: the limits follow from it."""

    __tablename__ = "lobbying_year"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "membership_id"], ["membership.coalition_id", "membership.id"]),
        CheckConstraint("spending_minor >= 0", name="spending"),
        CheckConstraint("length(currency) = 3", name="currency"),
    )

    membership_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    spending_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="USD")


class LobbyingPrompt(Model):
    """A letter that lobbies was handed over: this organization is asked to enter its time and cost."""

    __tablename__ = "lobbying_prompt"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "membership_id"], ["membership.coalition_id", "membership.id"]),
        ForeignKeyConstraint(["coalition_id", "letter_id"], ["sign_on_letter.coalition_id", "sign_on_letter.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("membership_id", "letter_id"),
        CheckConstraint(one_of("state", PromptState), name="state"),
        CheckConstraint("state <> 'dismissed' OR reason <> ''", name="dismissed_says_why"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    membership_id: Mapped[int] = mapped_column(BigInteger)
    letter_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    state: Mapped[str] = mapped_column(String(10), default=PromptState.WAITING)
    reason: Mapped[str] = mapped_column(String(400), default="")
    asked_at: Mapped[datetime] = mapped_column(Instant)


guarded(LobbyingEntry.__table__, guards.ENTRY)  # type: ignore[arg-type]
guarded(LobbyingPeriod.__table__, guards.PERIOD)  # type: ignore[arg-type]
