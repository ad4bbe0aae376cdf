"""The table of what organizations were asked about the use of their name."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, one_of

COALITION_PAGE = "coalition"
"""The place that every coalition has: the list of members on its public page."""


class NameAnswer(StrEnum):
    """What an organization said; it may say otherwise later."""

    WAITING = "waiting"
    YES = "yes"
    NO = "no"


class NameRequest(Model):
    """The question whether an organization's name, and its logo, may stand in one place, and its answer.

    ``place`` is a key that the room of the place chooses; ``title`` is how the place was called when it was asked.
    ``with_logo``: whoever said yes had read that the question was one about the logo too.
    """

    __tablename__ = "name_request"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "membership_id"], ["membership.coalition_id", "membership.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "membership_id", "place"),  # it is asked once for one place
        CheckConstraint(one_of("answer", NameAnswer), name="answer"),
        CheckConstraint("(answer = 'waiting') = (answered_at IS NULL)", name="answered_at"),
        CheckConstraint("answered_by IS NULL OR answered_at IS NOT NULL", name="answered_by"),
        CheckConstraint("NOT with_logo OR answer = 'yes'", name="with_logo"),
        Index("ix_name_request_newest", "coalition_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    membership_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    place: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    answer: Mapped[str] = mapped_column(String(10), default=NameAnswer.WAITING)
    with_logo: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
