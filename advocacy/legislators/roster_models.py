"""Lists of lawmakers that a coalition brings in as a file: looked at first, then applied whole, then undone whole."""

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

from advocacy.core.db import BigId, Instant, Model, one_of

_DRAFT = text("state = 'draft'")


class RosterState(StrEnum):
    """Where a list stands."""

    DRAFT = "draft"
    APPLIED = "applied"
    UNDONE = "undone"


class Roster(Model):
    """An uploaded list; its text is kept only until it is applied. ``mapping`` gives a field for each column."""

    __tablename__ = "roster"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint(one_of("state", RosterState), name="state"),
        CheckConstraint("state = 'draft' OR content = ''", name="content_of_drafts"),
        CheckConstraint("state = 'draft' OR applied_at IS NOT NULL", name="applied"),
        CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone"),
        Index(
            "uq_roster_draft", "coalition_id", unique=True, sqlite_where=_DRAFT, postgresql_where=_DRAFT
        ),  # the next upload takes its place
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    state: Mapped[str] = mapped_column(String(10), default=RosterState.DRAFT)
    file_name: Mapped[str] = mapped_column(String(120))
    encoding: Mapped[str] = mapped_column(String(10))
    content: Mapped[str] = mapped_column(Text)
    mapping: Mapped[list[str]] = mapped_column(JSON)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class RosterChange(Model):
    """What a list did to one lawmaker: ``before`` is nothing for one it brought in, ``version`` the row's then."""

    __tablename__ = "roster_change"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "roster_id"], ["roster.coalition_id", "roster.id"]),
        ForeignKeyConstraint(["coalition_id", "lawmaker_id"], ["lawmaker.coalition_id", "lawmaker.id"]),
    )

    roster_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    lawmaker_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[int] = mapped_column(Integer)
