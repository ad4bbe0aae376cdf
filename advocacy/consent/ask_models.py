"""The ledger of asks: who was asked to act, by which organization, how lately (the coalition's "ask budget")."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, guarded


class Ask(Model):
    """One ask to one person by one organization; it counts against the person's limit until ``counts_until``.

    ``ask_key`` names what is asked (``share:12``), so that the same ask reaches a person once.
    """

    __tablename__ = "ask"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "person_id"], ["person.coalition_id", "person.id"]),
        ForeignKeyConstraint(["coalition_id", "membership_id"], ["membership.coalition_id", "membership.id"]),
        UniqueConstraint("coalition_id", "id"),
        UniqueConstraint("person_id", "membership_id", "ask_key"),
        CheckConstraint("counts_until > asked_at", name="counts_for_a_while"),
        Index("ix_ask_person", "coalition_id", "person_id", "counts_until"),
        Index("ix_ask_counts_until", "counts_until"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[int] = mapped_column(BigInteger)
    membership_id: Mapped[int] = mapped_column(BigInteger)
    ask_key: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    counts_until: Mapped[datetime] = mapped_column(Instant)


_IS_OVER = """(SELECT COUNT(*) FROM ask a WHERE a.coalition_id = NEW.coalition_id AND a.person_id = NEW.person_id
    AND a.counts_until > NEW.asked_at)
    >= (SELECT c.ask_limit FROM coalition c WHERE c.id = NEW.coalition_id AND c.ask_limit > 0)"""
_REFUSAL = "this person has reached their limit of asks"
_FROZEN = "an ask stays as it was written"
BUDGET_GUARD = {
    "sqlite": [
        f"""CREATE TRIGGER ask_within_limit BEFORE INSERT ON ask WHEN {_IS_OVER}
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
        f"CREATE TRIGGER ask_frozen BEFORE UPDATE ON ask BEGIN SELECT RAISE(ABORT, '{_FROZEN}'); END",
    ],
    "postgresql": [
        # The person's row is the lock under which two organizations ask one after the other.
        f"""CREATE OR REPLACE FUNCTION ask_within_limit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM 1 FROM person WHERE id = NEW.person_id FOR UPDATE;
        IF {_IS_OVER} THEN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END IF;
        RETURN NEW; END $$""",
        f"""CREATE OR REPLACE FUNCTION ask_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION '{_FROZEN}' USING ERRCODE = 'restrict_violation'; END $$""",
        """CREATE TRIGGER ask_within_limit BEFORE INSERT ON ask FOR EACH ROW
        EXECUTE FUNCTION ask_within_limit()""",
        "CREATE TRIGGER ask_frozen BEFORE UPDATE ON ask FOR EACH ROW EXECUTE FUNCTION ask_frozen()",
    ],
}
"""No key or check can count over a time; the rows that count are those whose time is not over."""

guarded(Ask.__table__, BUDGET_GUARD)  # type: ignore[arg-type]
