"""Tables of ladders: what is written to somebody, step by step, from the day they come in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, guarded, one_of
from advocacy.mailings import ladder_guards
from advocacy.mailings.audiences import PURPOSES


class LadderState(StrEnum):
    """``closed`` takes nobody new, ``stopped`` is over for everybody."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"
    STOPPED = "stopped"


class Entry(StrEnum):
    """What brings somebody onto a ladder."""

    OPT_IN = "opt_in"
    SIGNED = "signed"
    HAND = "hand"


class StepKind(StrEnum):
    """What a step is."""

    WAIT = "wait"
    DECIDE = "decide"
    ACT = "act"


class EnrollmentState(StrEnum):
    """``left``: before the end, for a reason; ``failed``: a step could not be taken, however often it was tried."""

    WAITING = "waiting"
    DONE = "done"
    LEFT = "left"
    FAILED = "failed"


_WAITING = text("state = 'waiting'")


class Ladder(Model):
    """A ladder; ``current`` is the number of the version that new people go by, 0 before the first."""

    __tablename__ = "ladder"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint(one_of("state", LadderState), name="state"),
        CheckConstraint("(state = 'draft') = (current = 0)", name="published_once_open"),
        CheckConstraint("name <> ''", name="named"),
        Index("ix_ladder_coalition_id_state_id", "coalition_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10), default=LadderState.DRAFT)
    current: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class LadderVersion(Model):
    """The rules and steps of a ladder; published, they stay as they are, and people on them keep them."""

    __tablename__ = "ladder_version"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "ladder_id"], ["ladder.coalition_id", "ladder.id"]),
        ForeignKeyConstraint(["coalition_id", "entry_petition_id"], ["petition.coalition_id", "petition.id"]),
        ForeignKeyConstraint(["coalition_id", "goal_petition_id"], ["petition.coalition_id", "petition.id"]),
        UniqueConstraint("coalition_id", "id"),
        UniqueConstraint("ladder_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(f"purpose IN ({', '.join(repr(str(one)) for one in PURPOSES)})", name="purpose"),
        CheckConstraint(one_of("entry", Entry), name="entry"),
        CheckConstraint("(entry = 'signed') = (entry_petition_id IS NOT NULL)", name="signed_names_petition"),
        CheckConstraint("again_after_days IS NULL OR again_after_days >= 1", name="again_after_days"),
        Index(
            "uq_ladder_version_draft",
            "ladder_id",
            unique=True,
            sqlite_where=text("published_at IS NULL"),
            postgresql_where=text("published_at IS NULL"),
        ),
        Index("ix_ladder_version_entry", "coalition_id", "entry_petition_id"),
        Index("ix_ladder_version_goal", "coalition_id", "goal_petition_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    ladder_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(Integer)
    purpose: Mapped[str] = mapped_column(String(20))
    entry: Mapped[str] = mapped_column(String(10))
    entry_petition_id: Mapped[int | None] = mapped_column(BigInteger)
    goal_petition_id: Mapped[int | None] = mapped_column(BigInteger)
    again_after_days: Mapped[int | None] = mapped_column(Integer)
    is_one_mail_a_day: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)


class LadderStep(Model):
    """One step; ``ref`` names it within its version and stays when it moves, ``rung`` is its place from 0."""

    __tablename__ = "ladder_step"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "version_id"], ["ladder_version.coalition_id", "ladder_version.id"]),
        UniqueConstraint("version_id", "id"),
        UniqueConstraint("version_id", "rung"),
        UniqueConstraint("version_id", "ref"),
        CheckConstraint(one_of("kind", StepKind), name="kind"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    version_id: Mapped[int] = mapped_column(BigInteger)
    ref: Mapped[int] = mapped_column(Integer)
    rung: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(10))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)


class Enrollment(Model):
    """One person's way along one ladder, for the ``turn``-th time.

    At ``due_at`` the step ``step_id`` is taken; without a step, the first is looked for. Whoever claims it raises
    ``fence``; ``attempts`` counts claims since the last step that was taken.
    """

    __tablename__ = "enrollment"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "ladder_id"], ["ladder.coalition_id", "ladder.id"]),
        ForeignKeyConstraint(["coalition_id", "version_id"], ["ladder_version.coalition_id", "ladder_version.id"]),
        ForeignKeyConstraint(["coalition_id", "person_id"], ["person.coalition_id", "person.id"]),
        ForeignKeyConstraint(["version_id", "step_id"], ["ladder_step.version_id", "ladder_step.id"]),
        UniqueConstraint("ladder_id", "person_id", "turn"),
        CheckConstraint(one_of("state", EnrollmentState), name="state"),
        CheckConstraint("turn >= 1", name="turn"),
        CheckConstraint("(state = 'waiting') = (due_at IS NOT NULL)", name="waiting_is_due"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended_has_time"),
        CheckConstraint("state NOT IN ('left', 'failed') OR reason IS NOT NULL", name="says_why"),
        Index(
            "uq_enrollment_live",
            "ladder_id",
            "person_id",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index("ix_enrollment_due", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_enrollment_step_id_state", "step_id", "state"),
        Index("ix_enrollment_ladder_id_state_id", "ladder_id", "state", "id"),
        Index("ix_enrollment_person", "coalition_id", "person_id"),
        Index("ix_enrollment_ended_at", "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    ladder_id: Mapped[int] = mapped_column(BigInteger)
    version_id: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[int] = mapped_column(BigInteger)
    turn: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10))
    step_id: Mapped[int | None] = mapped_column(BigInteger)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    mailed_at: Mapped[datetime | None] = mapped_column(Instant)
    entered_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(String(40))
    fence: Mapped[int] = mapped_column(Integer, default=0)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    claimed_until: Mapped[datetime | None] = mapped_column(Instant)


class StepRun(Model):
    """One step taken for one person: it is taken once."""

    __tablename__ = "step_run"

    enrollment_id: Mapped[int] = mapped_column(BigId, ForeignKey("enrollment.id", ondelete="CASCADE"), primary_key=True)
    step_id: Mapped[int] = mapped_column(BigId, ForeignKey("ladder_step.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(20))
    ran_at: Mapped[datetime] = mapped_column(Instant)


guarded(LadderVersion.__table__, ladder_guards.VERSION)  # type: ignore[arg-type]
guarded(LadderStep.__table__, ladder_guards.STEP)  # type: ignore[arg-type]
