"""Deadlines that a coalition keeps itself: dates that belong to nothing else in the house."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, one_of
from advocacy.reminders.kinds import DeadlineKind


class OwnState(StrEnum):
    """What became of it; one that was dropped can be taken back."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class OwnDeadline(Model):
    """What is due, in words; when it is due stands in ``deadline``."""

    __tablename__ = "own_deadline"
    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint(one_of("kind", DeadlineKind), name="kind"),
        CheckConstraint(one_of("state", OwnState), name="state"),
        CheckConstraint("title <> ''", name="has_title"),
        Index("ix_own_deadline_coalition_id", "coalition_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigId)
    public_id: Mapped[str] = mapped_column(String(22))
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(2000), default="")
    state: Mapped[str] = mapped_column(String(8), default=OwnState.OPEN)
    made_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class OwnDeadlinePerson(Model):
    """An account that is reminded."""

    __tablename__ = "own_deadline_person"
    __table_args__ = (Index("ix_own_deadline_person_user_id", "user_id"),)

    own_deadline_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("own_deadline.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
