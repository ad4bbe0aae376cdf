"""Work that somebody does by a day."""

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

from advocacy.core.db import BigId, Instant, Model, one_of


class TaskState(StrEnum):
    """Where a task stands: the columns of the board."""

    OPEN = "open"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"


class Exposure(StrEnum):
    """Who learns that somebody did it: nobody, a few people, everybody."""

    NONE = "none"
    LOW = "low"
    PUBLIC = "public"


class Task(Model):
    """A card on the board; ``rank`` orders the cards of a column, ``version`` guards against two hands at once.

    ``due_on`` is the day in the coalition's zone, ``due_at`` the instant derived from it.
    """

    __tablename__ = "campaign_task"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "campaign_id"], ["campaign.coalition_id", "campaign.id"]),
        ForeignKeyConstraint(
            ["coalition_id", "milestone_id"], ["campaign_milestone.coalition_id", "campaign_milestone.id"]
        ),
        UniqueConstraint("public_id"),
        CheckConstraint(one_of("state", TaskState), name="state"),
        CheckConstraint(one_of("exposure", Exposure), name="exposure"),
        CheckConstraint("effort_minutes > 0", name="effort"),  # I-049
        CheckConstraint("(due_on IS NULL) = (due_at IS NULL)", name="due"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        Index("ix_campaign_task_board", "campaign_id", "state", "rank", "id"),
        Index("ix_campaign_task_due", "coalition_id", "state", "due_on"),
        Index("ix_campaign_task_mine", "assignee_id", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    campaign_id: Mapped[int] = mapped_column(BigInteger)
    milestone_id: Mapped[int | None] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    title: Mapped[str] = mapped_column(String(200))
    notes: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default=TaskState.OPEN)
    rank: Mapped[int] = mapped_column(BigInteger)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    effort_minutes: Mapped[int] = mapped_column(Integer)
    exposure: Mapped[str] = mapped_column(String(10), default=Exposure.NONE)
    due_on: Mapped[date | None] = mapped_column(Date)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class
