"""Tables of people."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model


class PersonState(StrEnum):
    """Where a person's row stands."""

    ACTIVE = "active"
    MERGED = "merged"
    ERASED = "erased"


class ContactKind(StrEnum):
    """How somebody is reached."""

    EMAIL = "email"


class Person(Model):
    """Somebody a coalition knows; an erased row stays as a tombstone."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "id"),  # what composite foreign keys point to
        CheckConstraint("state IN ('active', 'merged', 'erased')", name="state"),
        CheckConstraint("state <> 'erased' OR name_sealed IS NULL", name="erased_is_empty"),  # domain I-001
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    locale: Mapped[str] = mapped_column(String(16), default="en")
    state: Mapped[str] = mapped_column(String(10), default=PersonState.ACTIVE)
    created_at: Mapped[datetime] = mapped_column(Instant)


class ContactPoint(Model):
    """A way to reach a person; verified, it belongs to one person only (domain I-005)."""

    __tablename__ = "contact_point"
    __table_args__ = (
        UniqueConstraint("public_id"),
        ForeignKeyConstraint(["coalition_id", "person_id"], ["person.coalition_id", "person.id"]),
        CheckConstraint("kind IN ('email')", name="kind"),
        Index(
            "uq_contact_point_verified",
            "coalition_id",
            "kind",
            "value_key",
            unique=True,
            sqlite_where=text("verified_at IS NOT NULL"),
            postgresql_where=text("verified_at IS NOT NULL"),
        ),
        Index("ix_contact_point_person", "coalition_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column()
    person_id: Mapped[int] = mapped_column()
    public_id: Mapped[str] = mapped_column(String(22))
    kind: Mapped[str] = mapped_column(String(10))
    value_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    value_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    verified_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
