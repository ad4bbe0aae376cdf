"""Events, their seals, and the keyed head of the chain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core import clock
from advocacy.core.db import BigId, Instant, Model, append_only
from advocacy.core.ids import new_public_id

HASH_BYTES = 32


class AuditEvent(Model):
    """One deed: who (an id), what, on which thing; ``facts`` say before and after without personal text."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_coalition_id_id", "coalition_id", "id"),
        Index("ix_audit_event_coalition_id_action_id", "coalition_id", "action", "id"),
        Index("ix_audit_event_object", "object_kind", "object_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    actor: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    coalition_id: Mapped[int | None] = mapped_column(BigInteger)
    action: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(60))
    facts: Mapped[Mapping[str, Any]] = mapped_column(JSON, default=dict)
    request_id: Mapped[str] = mapped_column(String(40), default="")


class AuditSeal(Model):
    """An event's place in the chain: a keyed hash over the link before and the event's content."""

    __tablename__ = "audit_seal"
    __table_args__ = (CheckConstraint("seq > 0", name="seq_positive"),)

    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(ForeignKey(AuditEvent.id), unique=True)
    chain: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))


class AuditHead(Model):
    """The one row that says where the chain ends, keyed, so that a cut-off tail is seen."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    mac: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))


append_only(AuditEvent.__table__)  # type: ignore[arg-type]
append_only(AuditSeal.__table__)  # type: ignore[arg-type]
