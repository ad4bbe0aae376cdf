"""What is asked for, how far a list was read, and what changed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, one_of


class What(StrEnum):
    """Which list of a source is read."""

    BILLS = "bills"
    EVENTS = "events"


class ChangeKind(StrEnum):
    """What changed at the source."""

    STEP = "step"
    VERSION = "version"
    HEARING_NEW = "hearing_new"
    HEARING_MOVED = "hearing_moved"
    HEARING_CANCELLED = "hearing_cancelled"


class ChangeState(StrEnum):
    """What became of a change; ``overtaken``: the source said otherwise before anybody decided."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    OVERTAKEN = "overtaken"


class Watch(Model):
    """A bill that is asked for; ``upstream_key`` is its name at the source, once that is known.

    ``jurisdiction`` is two letters; ``last_code`` says how the first question ended (empty: well, or not yet asked).
    """

    __tablename__ = "bill_watch"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "bill_id"], ["bill.coalition_id", "bill.id"]),
        Index("ix_bill_watch_source_jurisdiction", "source", "jurisdiction"),
    )

    bill_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(20))
    jurisdiction: Mapped[str] = mapped_column(String(2))
    session: Mapped[str] = mapped_column(String(60))
    identifier: Mapped[str] = mapped_column(String(40))
    identifier_norm: Mapped[str] = mapped_column(String(40))
    upstream_key: Mapped[str | None] = mapped_column(String(120))
    started_at: Mapped[datetime] = mapped_column(Instant)
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    last_code: Mapped[str] = mapped_column(String(20), default="")


class Poll(Model):
    """How far a list of one source about one state was read; it belongs to no coalition.

    ``seen_until`` is the source's own time of the last change that was read; ``cut_at`` is set while a round stopped
    in the middle, and the next one goes on from there: for bills at that time of change, for hearings at ``cut_page``
    of their list or of the deleted ones (``cut_deleted``), which began to be read at ``cut_at``. ``next_at`` is when it
    is asked again.
    """

    __tablename__ = "upstream_poll"
    __table_args__ = (CheckConstraint(one_of("what", What), name="what"),)

    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(String(2), primary_key=True)
    what: Mapped[str] = mapped_column(String(10), primary_key=True)
    seen_until: Mapped[datetime] = mapped_column(Instant)
    cut_at: Mapped[datetime | None] = mapped_column(Instant)
    cut_deleted: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    cut_page: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    next_at: Mapped[datetime] = mapped_column(Instant)
    last_code: Mapped[str] = mapped_column(String(20), default="")


class Change(Model):
    """Something that changed at the source; ``mark`` is the same for the same change, whoever reads it and when.

    ``facts`` are plain values as the source gave them, ready for the form of what is changed.
    """

    __tablename__ = "bill_change"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "bill_id"], ["bill.coalition_id", "bill.id"]),
        ForeignKeyConstraint(["coalition_id", "hearing_id"], ["hearing.coalition_id", "hearing.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "bill_id", "mark", name="uq_bill_change_once"),
        CheckConstraint(one_of("kind", ChangeKind), name="kind"),
        CheckConstraint(one_of("state", ChangeState), name="state"),
        CheckConstraint("(state IN ('accepted', 'dismissed')) = (settled_at IS NOT NULL)", name="settled"),
        Index(
            "ix_bill_change_open",
            "coalition_id",
            "id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_bill_change_bill_id_state", "bill_id", "state"),
        Index("ix_bill_change_hearing_id", "hearing_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    bill_id: Mapped[int] = mapped_column(BigInteger)
    hearing_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(20))
    mark: Mapped[str] = mapped_column(String(64))
    upstream_key: Mapped[str] = mapped_column(String(160), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    source_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default=ChangeState.OPEN)
    found_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class

    @property
    def title(self) -> str:
        """What it is about, in a line: the step, the name of the text, the title of the hearing."""
        return str(self.facts.get("what") or self.facts.get("label") or self.facts.get("title", ""))


class Told(Model):
    """When those who lead a campaign were last written to about changes."""

    __tablename__ = "campaign_told"
    __table_args__ = (ForeignKeyConstraint(["coalition_id", "campaign_id"], ["campaign.coalition_id", "campaign.id"]),)

    campaign_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    told_at: Mapped[datetime] = mapped_column(Instant)
