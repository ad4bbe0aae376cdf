"""How somebody wishes to be written to: quiet hours, pauses, digests, discretion."""

from __future__ import annotations

from datetime import datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model


class PersonKind(StrEnum):
    """Which table a person's id belongs to: an account, or a supporter of a coalition."""

    ACCOUNT = "account"
    SUPPORTER = "supporter"


class Digest(StrEnum):
    """Whether reminders come one by one or together; a weekly one comes on Mondays."""

    OFF = "off"
    DAILY = "daily"
    WEEKLY = "weekly"


class ContactPreference(Model):
    """What one person chose; whoever chose nothing has no row. Without ``tz`` the zone of who writes counts.

    ``address_key`` is the keyed hash of where they are written to: whatever mail goes there can heed ``is_discreet``.
    """

    __tablename__ = "contact_preference"
    __table_args__ = (
        UniqueConstraint("person_kind", "person_id"),
        CheckConstraint("person_kind IN ('account', 'supporter')", name="person_kind"),
        CheckConstraint("digest IN ('off', 'daily', 'weekly')", name="digest"),
        Index("ix_contact_preference_address_key", "address_key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_kind: Mapped[PersonKind] = mapped_column(String(10))
    person_id: Mapped[int] = mapped_column(BigId)
    tz: Mapped[str | None] = mapped_column(String(64))
    quiet_from: Mapped[time] = mapped_column(Time)
    quiet_to: Mapped[time] = mapped_column(Time)
    paused_until: Mapped[datetime | None] = mapped_column(Instant)
    digest: Mapped[Digest] = mapped_column(String(10))
    digest_at: Mapped[time] = mapped_column(Time)
    is_discreet: Mapped[bool]
    address_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    changed_at: Mapped[datetime] = mapped_column(Instant)
