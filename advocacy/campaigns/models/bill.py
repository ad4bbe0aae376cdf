"""Bills as a coalition follows them: entered by hand, each with its source and the day somebody last looked."""

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
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, one_of


class BillStatus(StrEnum):
    """How far a bill is."""

    INTRODUCED = "introduced"
    IN_COMMITTEE = "in_committee"
    ON_FLOOR = "on_floor"
    PASSED_ONE = "passed_one"
    PASSED_BOTH = "passed_both"
    ENACTED = "enacted"
    VETOED = "vetoed"
    FAILED = "failed"


class Bill(Model):
    """A bill; ``identifier_norm`` is what makes HB 2002, H.B.2002 and HB-2002 the same one."""

    __tablename__ = "bill"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint(
            "coalition_id", "jurisdiction", "session", "identifier_norm", name="uq_bill_identifier"
        ),  # I-051
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint(one_of("status", BillStatus), name="status"),
        CheckConstraint("identifier_norm <> ''", name="identifier"),
        Index("ix_bill_coalition_id_id", "coalition_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    jurisdiction: Mapped[str] = mapped_column(String(60))
    session: Mapped[str] = mapped_column(String(60))
    identifier: Mapped[str] = mapped_column(String(40))
    identifier_norm: Mapped[str] = mapped_column(String(40))
    ocd_id: Mapped[str | None] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(20), default=BillStatus.INTRODUCED)
    source_name: Mapped[str] = mapped_column(String(200))
    source_url: Mapped[str] = mapped_column(String(500), default="")
    checked_on: Mapped[date] = mapped_column(Date)
    is_public: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class BillVersion(Model):
    """A text of the bill as it was printed on a day."""

    __tablename__ = "bill_version"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "bill_id"], ["bill.coalition_id", "bill.id"]),
        UniqueConstraint("bill_id", "label"),
        UniqueConstraint("coalition_id", "bill_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    bill_id: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str] = mapped_column(String(80))
    printed_on: Mapped[date] = mapped_column(Date)
    url: Mapped[str] = mapped_column(String(500), default="")


class BillAction(Model):
    """What happened to the bill on a day."""

    __tablename__ = "bill_action"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "bill_id"], ["bill.coalition_id", "bill.id"]),
        Index("ix_bill_action_bill_id_happened_on", "bill_id", "happened_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    bill_id: Mapped[int] = mapped_column(BigInteger)
    happened_on: Mapped[date] = mapped_column(Date)
    what: Mapped[str] = mapped_column(String(300))


class CampaignBill(Model):
    """A bill that a campaign is about."""

    __tablename__ = "campaign_bill"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "campaign_id"], ["campaign.coalition_id", "campaign.id"]),
        ForeignKeyConstraint(["coalition_id", "bill_id"], ["bill.coalition_id", "bill.id"]),
        Index("ix_campaign_bill_bill_id", "bill_id"),
    )

    campaign_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    bill_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
