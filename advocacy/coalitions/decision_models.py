"""Tables of decisions and votes, with the rules that only triggers can state."""

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
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.coalitions import decision_guards as guards
from advocacy.core.db import BigId, Instant, Model, guarded, one_of


class DecisionKind(StrEnum):
    """What is decided."""

    POSITION = "position"
    SIGN_ON = "sign_on"
    PRESS = "press"
    BUDGET = "budget"
    STORY_POLICY = "story_policy"
    MEMBERSHIP = "membership"
    RULE_CHANGE = "rule_change"


class DecisionState(StrEnum):
    """Where a decision stands."""

    DRAFT = "draft"
    OPEN = "open"
    PASSED = "passed"
    FAILED = "failed"
    NO_QUORUM = "no_quorum"
    WITHDRAWN = "withdrawn"


class Choice(StrEnum):
    """What an organization says."""

    SUPPORT = "support"
    STAND_ASIDE = "stand_aside"
    ABSTAIN = "abstain"
    BLOCK = "block"


class Voice(StrEnum):
    """What a lived-experience seat says on story policy."""

    AGREE = "agree"
    BLOCK = "block"


class Decision(Model):
    """A question that the member organizations answer by the coalition's own rule.

    ``rule_snapshot`` is the rule as it was when voting opened: ``{"rule", "quorum_pct", "voters", "lead"}`` with ids
    of memberships; ``result`` is what was counted at the end.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint(one_of("kind", DecisionKind), name="kind"),
        CheckConstraint(one_of("state", DecisionState), name="state"),
        CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (rule_snapshot IS NOT NULL AND opens_at IS NOT NULL)", name="opened"
        ),
        CheckConstraint("opens_at IS NULL OR closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("(state IN ('draft', 'open')) = (ended_at IS NULL)", name="ended_at"),
        CheckConstraint("state NOT IN ('passed', 'failed', 'no_quorum') OR result IS NOT NULL", name="counted"),
        Index("ix_decision_list", "coalition_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(150))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default=DecisionState.DRAFT)
    rule_snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    opens_at: Mapped[datetime | None] = mapped_column(Instant)
    closes_at: Mapped[datetime] = mapped_column(Instant)
    tz: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Vote(Model):
    """What an organization said, and who said it for the organization; a change is a new row (domain I-035)."""

    __tablename__ = "vote"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "decision_id"], ["decision.coalition_id", "decision.id"]),
        ForeignKeyConstraint(["coalition_id", "membership_id"], ["membership.coalition_id", "membership.id"]),
        CheckConstraint(one_of("choice", Choice), name="choice"),
        CheckConstraint("superseded_at IS NULL OR superseded_at >= cast_at", name="superseded_after"),
        Index(
            "uq_vote_standing",
            "decision_id",
            "membership_id",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    decision_id: Mapped[int] = mapped_column(BigInteger)
    membership_id: Mapped[int] = mapped_column(BigInteger)
    choice: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    cast_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    cast_at: Mapped[datetime] = mapped_column(Instant)
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)


class SeatVoice(Model):
    """What the holder of a lived-experience seat said on story policy (domain I-038)."""

    __tablename__ = "seat_voice"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "decision_id"], ["decision.coalition_id", "decision.id"]),
        ForeignKeyConstraint(["coalition_id", "seat_id"], ["seat.coalition_id", "seat.id"]),
        CheckConstraint(one_of("choice", Voice), name="choice"),
        CheckConstraint("superseded_at IS NULL OR superseded_at >= cast_at", name="superseded_after"),
        Index(
            "uq_seat_voice_standing",
            "decision_id",
            "seat_id",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    decision_id: Mapped[int] = mapped_column(BigInteger)
    seat_id: Mapped[int] = mapped_column(BigInteger)
    choice: Mapped[str] = mapped_column(String(12))
    cast_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    cast_at: Mapped[datetime] = mapped_column(Instant)
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)


_KEPT = ("id", "coalition_id", "decision_id", "choice", "cast_by", "cast_at")
guarded(Decision.__table__, guards.DECISION)  # type: ignore[arg-type]
guarded(Vote.__table__, guards.votes("vote", (*_KEPT, "membership_id", "reason")))  # type: ignore[arg-type]
guarded(SeatVoice.__table__, guards.votes("seat_voice", (*_KEPT, "seat_id")))  # type: ignore[arg-type]
