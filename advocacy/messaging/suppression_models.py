"""Addresses that no mail goes to, and what mail servers said of mail that had left."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, one_of


class Reason(StrEnum):
    """Why an address gets no mail; which mail it means stands in ``rules.holds_back``."""

    HARD_BOUNCE = "hard_bounce"
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    BY_HAND = "by_hand"


class ReturnKind(StrEnum):
    """What came back of a mail."""

    SOFT_BOUNCE = "soft_bounce"
    HARD_BOUNCE = "hard_bounce"
    COMPLAINT = "complaint"
    DELIVERED = "delivered"


_LIVE = text("lifted_at IS NULL")


class Suppression(Model):
    """An address that gets no mail, by its keyed hash, so that it holds when everything else of a person is erased.

    ``scope`` is ``site`` or one coalition's, as in ``coalition:12``. A lifted row stays, with who lifted it and why.
    """

    __tablename__ = "suppression"
    __table_args__ = (
        CheckConstraint(one_of("reason", Reason), name="reason"),
        CheckConstraint("(lifted_at IS NULL) = (lift_reason IS NULL)", name="lifted_with_reason"),
        UniqueConstraint("public_id"),
        Index(
            "uq_suppression_live",
            "address_key",
            "scope",
            "reason",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22))
    address_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    scope: Mapped[str] = mapped_column(String(40))
    reason: Mapped[Reason] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Instant)
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)
    lifted_by: Mapped[int | None] = mapped_column(BigId)
    lift_reason: Mapped[str | None] = mapped_column(String(200))


class MailReturn(Model):
    """What came back of one mail, counted; ``status`` is a code as in RFC 3463, never a server's words."""

    __tablename__ = "mail_return"
    __table_args__ = (
        UniqueConstraint("mail_id", "kind"),
        CheckConstraint(one_of("kind", ReturnKind), name="kind"),
        CheckConstraint("times >= 1", name="times"),
        Index("ix_mail_return_last_at", "last_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    mail_id: Mapped[int] = mapped_column(BigId)
    kind: Mapped[ReturnKind] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(12))
    times: Mapped[int] = mapped_column(Integer)
    first_at: Mapped[datetime] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant)
