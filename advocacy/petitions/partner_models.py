"""The tables of partner pages, and of what a partner must delete."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
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


class PartnerPageState(StrEnum):
    """Where a partner's page stands; what ended is not opened again."""

    OPEN = "open"
    ENDED = "ended"


class DeletionReason(StrEnum):
    """Why a partner must delete somebody's data: the leave, the whole signature or all personal data went."""

    LEAVE_ENDED = "leave_ended"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class PartnerAskState(StrEnum):
    """How far a partner's ask to its people is."""

    ASKING = "asking"
    ASKED = "asked"


class PartnerPage(Model):
    """An organization's own page of a petition: one petition and one counter, its own words and its own opt-in.

    ``opt_in_text_id`` are the words beside the tick; ``signature_count`` is kept by the tally.
    """

    __tablename__ = "partner_page"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "petition_id"], ["petition.coalition_id", "petition.id"]),
        ForeignKeyConstraint(["coalition_id", "membership_id"], ["membership.coalition_id", "membership.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("petition_id", "slug"),
        UniqueConstraint("coalition_id", "petition_id", "id"),  # what signatures point to
        CheckConstraint(one_of("state", PartnerPageState), name="state"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_at"),
        CheckConstraint("signature_count >= 0", name="not_negative"),
        Index(
            "uq_partner_page_live",
            "petition_id",
            "membership_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_partner_page_membership", "coalition_id", "membership_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    petition_id: Mapped[int] = mapped_column(BigInteger)
    membership_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    slug: Mapped[str] = mapped_column(String(80))
    intro: Mapped[str] = mapped_column(Text, default="")
    opt_in_text_id: Mapped[int] = mapped_column(ForeignKey("consent_text.id"))
    state: Mapped[str] = mapped_column(String(10), default=PartnerPageState.OPEN)
    signature_count: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class PartnerDeletion(Model):
    """A partner's duty to delete what somebody gave it and took back; once for each leave, open until it is done.

    It names the signature by the reference that the partner's own list shows, so it stays true after erasure.
    """

    __tablename__ = "partner_deletion"
    __table_args__ = (
        ForeignKeyConstraint(
            ["coalition_id", "petition_id", "partner_page_id"],
            ["partner_page.coalition_id", "partner_page.petition_id", "partner_page.id"],
        ),
        ForeignKeyConstraint(["coalition_id", "signature_id"], ["signature.coalition_id", "signature.id"]),
        ForeignKeyConstraint(["coalition_id", "opt_in_id"], ["opt_in.coalition_id", "opt_in.id"]),
        UniqueConstraint("signature_id", "opt_in_id"),
        CheckConstraint(one_of("reason", DeletionReason), name="reason"),
        CheckConstraint("done_at IS NULL OR done_at >= asked_at", name="done_after_asked"),
        Index("ix_partner_deletion_page", "partner_page_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    petition_id: Mapped[int] = mapped_column(BigInteger)
    partner_page_id: Mapped[int] = mapped_column(BigInteger)
    signature_id: Mapped[int] = mapped_column(BigInteger)
    opt_in_id: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class PartnerAsk(Model):
    """A partner's one ask to its people on a page: how many were asked, how many had reached their limit."""

    __tablename__ = "partner_ask"
    __table_args__ = (
        ForeignKeyConstraint(
            ["coalition_id", "petition_id", "partner_page_id"],
            ["partner_page.coalition_id", "partner_page.petition_id", "partner_page.id"],
        ),
        UniqueConstraint("public_id"),
        UniqueConstraint("partner_page_id"),
        CheckConstraint(one_of("state", PartnerAskState), name="state"),
        CheckConstraint("asked_count >= 0 AND limited_count >= 0", name="counts"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    petition_id: Mapped[int] = mapped_column(BigInteger)
    partner_page_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    state: Mapped[str] = mapped_column(String(10), default=PartnerAskState.ASKING)
    asked_count: Mapped[int] = mapped_column(Integer, default=0)
    limited_count: Mapped[int] = mapped_column(Integer, default=0)
    last_signature_id: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
