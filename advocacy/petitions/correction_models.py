"""Typing errors in words that people signed, until a second person has looked at them (domain I-094)."""

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

from advocacy.core.db import BigId, Instant, Model, guarded, one_of
from advocacy.petitions import guards
from advocacy.petitions.models import Petition


class CorrectionState(StrEnum):
    """What became of it."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class PetitionCorrection(Model):
    """New words for ``of_version`` of a petition, and the words that version had.

    Two people approve: who wrote it and, at the decision, somebody else.
    """

    __tablename__ = "petition_correction"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "petition_id"], ["petition.coalition_id", "petition.id"]),
        UniqueConstraint("public_id"),
        CheckConstraint(one_of("state", CorrectionState), name="state"),
        CheckConstraint("(state = 'waiting') = (decided_by IS NULL)", name="decided"),
        CheckConstraint("state <> 'approved' OR decided_by <> written_by", name="by_two"),
        Index(
            "uq_petition_correction_waiting",
            "petition_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_petition_correction_petition_id", "petition_id", "of_version"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    petition_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    of_version: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(150))
    text: Mapped[str] = mapped_column(Text)
    title_before: Mapped[str] = mapped_column(String(150))
    text_before: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default=CorrectionState.WAITING)
    written_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


guarded(Petition.__table__, guards.WORDS)  # type: ignore[arg-type]
