"""Where a coalition stands on a bill, since when, and which decision carries it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, guarded, one_of


class Stance(StrEnum):
    """What a coalition says of a bill; ``watch`` says nothing yet."""

    SUPPORT = "support"
    SUPPORT_IF_AMENDED = "support_if_amended"
    OPPOSE = "oppose"
    OPPOSE_UNLESS_AMENDED = "oppose_unless_amended"
    NEUTRAL = "neutral"
    WATCH = "watch"


class Position(Model):
    """A position from one instant to another; it is never changed, only ended."""

    __tablename__ = "bill_position"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "bill_id"], ["bill.coalition_id", "bill.id"]),
        ForeignKeyConstraint(
            ["coalition_id", "bill_id", "bill_version_id"],
            ["bill_version.coalition_id", "bill_version.bill_id", "bill_version.id"],
        ),
        ForeignKeyConstraint(["coalition_id", "decision_id"], ["decision.coalition_id", "decision.id"]),
        CheckConstraint(one_of("stance", Stance), name="stance"),
        CheckConstraint("stance = 'watch' OR decision_id IS NOT NULL", name="has_decision"),  # I-053
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_beginning"),
        Index(
            "uq_bill_position_live",
            "coalition_id",
            "bill_id",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),  # I-052
        Index("ix_bill_position_bill_id_valid_from", "bill_id", "valid_from"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    bill_id: Mapped[int] = mapped_column(BigInteger)
    bill_version_id: Mapped[int | None] = mapped_column(BigInteger)
    stance: Mapped[str] = mapped_column(String(24))
    decision_id: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[datetime] = mapped_column(Instant)
    valid_to: Mapped[datetime | None] = mapped_column(Instant)


class PositionProposal(Model):
    """What a decision is about: when it passes, this becomes the position."""

    __tablename__ = "bill_position_proposal"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "bill_id"], ["bill.coalition_id", "bill.id"]),
        ForeignKeyConstraint(
            ["coalition_id", "bill_id", "bill_version_id"],
            ["bill_version.coalition_id", "bill_version.bill_id", "bill_version.id"],
        ),
        ForeignKeyConstraint(["coalition_id", "decision_id"], ["decision.coalition_id", "decision.id"]),
        CheckConstraint(one_of("stance", Stance), name="stance"),
        CheckConstraint("stance <> 'watch'", name="says_something"),
        Index("ix_bill_position_proposal_bill_id", "bill_id"),
    )

    decision_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    bill_id: Mapped[int] = mapped_column(BigInteger)
    bill_version_id: Mapped[int | None] = mapped_column(BigInteger)
    stance: Mapped[str] = mapped_column(String(24))
    reason: Mapped[str] = mapped_column(Text, default="")


_NO_DECISION = "a position other than watch needs a decision on positions that passed"
_KEPT = "a position is never changed, only ended"
_UNDECIDED = """NEW.stance <> 'watch' AND NOT EXISTS (
    SELECT 1 FROM decision d WHERE d.id = NEW.decision_id AND d.coalition_id = NEW.coalition_id
    AND d.kind = 'position' AND d.state = 'passed')"""
_COLUMNS = ("coalition_id", "bill_id", "bill_version_id", "stance", "decision_id", "reason", "valid_from")


def _is_changed(differs: str) -> str:
    return " OR ".join([*(f"NEW.{name} {differs} OLD.{name}" for name in _COLUMNS), "OLD.valid_to IS NOT NULL"])


POSITION_GUARD = {
    "sqlite": [
        f"""CREATE TRIGGER bill_position_decided BEFORE INSERT ON bill_position WHEN {_UNDECIDED}
        BEGIN SELECT RAISE(ABORT, '{_NO_DECISION}'); END""",
        f"""CREATE TRIGGER bill_position_kept BEFORE UPDATE ON bill_position WHEN {_is_changed("IS NOT")}
        BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END""",
        f"""CREATE TRIGGER bill_position_stays BEFORE DELETE ON bill_position
        BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END""",
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION bill_position_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN RAISE EXCEPTION '{_KEPT}' USING ERRCODE = 'restrict_violation'; END IF;
        IF TG_OP = 'INSERT' THEN
        IF {_UNDECIDED} THEN RAISE EXCEPTION '{_NO_DECISION}' USING ERRCODE = 'restrict_violation'; END IF;
        RETURN NEW; END IF;
        IF {_is_changed("IS DISTINCT FROM")} THEN
        RAISE EXCEPTION '{_KEPT}' USING ERRCODE = 'restrict_violation'; END IF;
        RETURN NEW; END $$""",
        """CREATE TRIGGER bill_position_guard BEFORE INSERT OR UPDATE OR DELETE ON bill_position FOR EACH ROW
        EXECUTE FUNCTION bill_position_guard()""",
    ],
}
"""I-053 asks for a passed decision, which no foreign key can say; history stays as it was."""

guarded(Position.__table__, POSITION_GUARD)  # type: ignore[arg-type]
