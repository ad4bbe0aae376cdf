"""What every process knows of the sources outside: how they fare, what they said. No address, no point, no key."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, one_of


class SourceState(Model):
    """How a source fares: one row a route group for its circuit, and one with an empty route for the whole source.

    ``recent`` holds the last calls as ``[seconds since the epoch, 1 or 0]``, oldest first.
    """

    __tablename__ = "source_state"

    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    route: Mapped[str] = mapped_column(String(20), primary_key=True)
    recent: Mapped[list[Any]] = mapped_column(JSON)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    probe_at: Mapped[datetime | None] = mapped_column(Instant)
    parked_until: Mapped[datetime | None] = mapped_column(Instant)
    last_success_at: Mapped[datetime | None] = mapped_column(Instant)
    last_failure_at: Mapped[datetime | None] = mapped_column(Instant)
    last_code: Mapped[str] = mapped_column(String(20), default="")


class CachedAnswer(Model):
    """What a question led to: division ids of an address, bills of a search, people in office of a division.

    Of what somebody outside typed, only a keyed hash.
    """

    __tablename__ = "cached_answer"
    __table_args__ = (CheckConstraint("stored_at <= fresh_until", name="fresh"),)

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    stored_at: Mapped[datetime] = mapped_column(Instant, index=True)
    fresh_until: Mapped[datetime] = mapped_column(Instant)


class FetchOutcome(StrEnum):
    """How fetching a pack went."""

    UPDATED = "updated"
    UNCHANGED = "unchanged"
    ABSENT = "absent"
    REFUSED = "refused"
    FAILED = "failed"


class PackSource(Model):
    """A pack's place outside: what its server said of the files in use, and how the last fetch went.

    ``validators`` holds for each address its ETag and Last-Modified, only of files that were taken in. A fetch is asked
    for, begins and ends; ``code`` and ``reason`` say why the last one brought nothing.
    """

    __tablename__ = "pack_source"
    __table_args__ = (CheckConstraint(f"outcome IS NULL OR {one_of('outcome', FetchOutcome)}", name="outcome"),)

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    validators: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    begun_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    well_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")


class Verdict(StrEnum):
    """What was decided about a conflict: the other source is right, ours is, or it does not matter."""

    THEIRS = "theirs"
    OURS = "ours"
    DISMISSED = "dismissed"


class ConflictKind(StrEnum):
    """Whether somebody may stand in two lists, or two lists say different things of one person."""

    PERSON = "person"
    FIELD = "field"


class DivisionConflict(Model):
    """A source that named another district than the pack in use: how a stale pack is noticed. The pack wins."""

    __tablename__ = "division_conflict"
    __table_args__ = (
        CheckConstraint(f"verdict IS NULL OR {one_of('verdict', Verdict)}", name="verdict"),
        CheckConstraint("(verdict IS NULL) = (decided_at IS NULL)", name="decided"),
    )

    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    ours: Mapped[str] = mapped_column(String(120), primary_key=True)
    theirs: Mapped[str] = mapped_column(String(120), primary_key=True)
    seen_count: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(Instant)
    verdict: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    decided_by: Mapped[int | None] = mapped_column(BigId)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


class CivicConflict(Model):
    """Two lists in use that disagree. ``mark`` is a fingerprint of the disagreement: a decision outlasts imports.

    ``person_key`` is the leading list's, ``other_key`` the other's. Open ones that an import no longer finds are gone.
    """

    __tablename__ = "civic_conflict"
    __table_args__ = (
        CheckConstraint(one_of("kind", ConflictKind), name="kind"),
        CheckConstraint(f"verdict IS NULL OR {one_of('verdict', Verdict)}", name="verdict"),
        CheckConstraint("(verdict IS NULL) = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(kind = 'field') = (field <> '')", name="field"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    person_key: Mapped[str] = mapped_column(String(60))
    other_key: Mapped[str] = mapped_column(String(60))
    field: Mapped[str] = mapped_column(String(20), default="")
    ocd_id: Mapped[str] = mapped_column(String(120))
    ours: Mapped[str] = mapped_column(String(300))
    theirs: Mapped[str] = mapped_column(String(300))
    our_source: Mapped[str] = mapped_column(String(120))
    our_on: Mapped[date | None] = mapped_column(Date)
    their_source: Mapped[str] = mapped_column(String(120))
    their_on: Mapped[date | None] = mapped_column(Date)
    found_at: Mapped[datetime] = mapped_column(Instant)
    verdict: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(200), default="")
    decided_by: Mapped[int | None] = mapped_column(BigId)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
