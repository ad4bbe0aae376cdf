"""Tables of deliveries: what was handed over, to whom, and the proof of it.

A manifest and its items are append-only. They hold no name: an item keeps a keyed digest of what was shown, so that a
person can still be erased while counts and proof stand.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, append_only, guarded, one_of

DIGEST_BYTES = 32


class DeliveryState(StrEnum):
    """Where a delivery stands; ``built`` freezes its manifest."""

    BUILDING = "building"
    BUILT = "built"
    DELIVERED = "delivered"


class DeliveryMethod(StrEnum):
    """How it is handed over."""

    IN_PERSON = "in_person"
    EMAIL = "email"
    PORTAL = "portal"
    POST = "post"


class Delivery(Model):
    """A hand-over of the signatures that were verified at ``snapshot_at``.

    While it is built, ``last_signature_id``, ``item_count`` and ``chain`` say how far it got.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "petition_id"], ["petition.coalition_id", "petition.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint(one_of("state", DeliveryState), name="state"),
        CheckConstraint(one_of("method", DeliveryMethod), name="method"),
        CheckConstraint("state <> 'delivered' OR delivered_at IS NOT NULL", name="delivered"),
        CheckConstraint("item_count >= 0 AND expected_count >= 0", name="counts"),
        Index(
            "uq_delivery_building",
            "petition_id",
            unique=True,
            sqlite_where=text("state = 'building'"),
            postgresql_where=text("state = 'building'"),
        ),
        Index("ix_delivery_petition_id_id", "petition_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    petition_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    state: Mapped[str] = mapped_column(String(12), default=DeliveryState.BUILDING)
    method: Mapped[str] = mapped_column(String(12), default=DeliveryMethod.IN_PERSON)
    text_version: Mapped[int] = mapped_column(Integer)
    snapshot_at: Mapped[datetime] = mapped_column(Instant)
    expected_count: Mapped[int] = mapped_column(Integer)
    item_count: Mapped[int] = mapped_column(Integer, default=0)
    last_signature_id: Mapped[int] = mapped_column(BigInteger, default=0)
    chain: Mapped[bytes] = mapped_column(LargeBinary(DIGEST_BYTES))
    created_at: Mapped[datetime] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)


class DeliveryManifest(Model):
    """What a built delivery holds: its hash, its counts, and who represented each district then.

    ``groups`` is a list of ``{"state", "division", "count", "representatives"}`` in the order of the sheets;
    ``withdrawn_count`` counts the names of the delivery before it that were taken back since.
    """

    __tablename__ = "delivery_manifest"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "delivery_id"], ["delivery.coalition_id", "delivery.id"]),
        CheckConstraint("signature_count >= 0 AND not_placed_count >= 0 AND withdrawn_count >= 0", name="counts"),
    )

    delivery_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    manifest_hash: Mapped[str] = mapped_column(String(64))
    signature_count: Mapped[int] = mapped_column(Integer)
    not_placed_count: Mapped[int] = mapped_column(Integer)
    withdrawn_count: Mapped[int] = mapped_column(Integer)
    groups: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    built_at: Mapped[datetime] = mapped_column(Instant)


class DeliveryItem(Model):
    """One signature of a delivery: where it counted, and the keyed digest of what is shown of it."""

    __tablename__ = "delivery_item"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "delivery_id"], ["delivery.coalition_id", "delivery.id"]),
        ForeignKeyConstraint(["coalition_id", "signature_id"], ["signature.coalition_id", "signature.id"]),
        Index("ix_delivery_item_group", "delivery_id", "state_code", "division_id", "signature_id"),
        Index("ix_delivery_item_signature_id", "signature_id"),
    )

    delivery_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    signature_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    state_code: Mapped[str] = mapped_column(String(2), default="")
    division_id: Mapped[str] = mapped_column(String(120), default="")
    digest: Mapped[bytes] = mapped_column(LargeBinary(DIGEST_BYTES))


_MAY_ENTER = """EXISTS (
    SELECT 1 FROM delivery d JOIN signature s ON s.id = NEW.signature_id AND s.petition_id = d.petition_id
    WHERE d.id = NEW.delivery_id AND d.state = 'building'
    AND s.state = 'verified' AND s.verified_at <= d.snapshot_at)"""
_REFUSAL = "a delivery takes verified signatures of its petition, until it is built"
ITEM_GUARD = {
    "sqlite": [
        f"""CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item WHEN NOT {_MAY_ENTER}
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"""
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION delivery_item_may_enter() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NOT {_MAY_ENTER} THEN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END IF;
        RETURN NEW; END $$""",
        """CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item FOR EACH ROW
        EXECUTE FUNCTION delivery_item_may_enter()""",
    ],
}
"""No key or check can say this (domain I-108, I-109), so a trigger does; the migration makes it too."""

append_only(DeliveryManifest.__table__)  # type: ignore[arg-type]
append_only(DeliveryItem.__table__)  # type: ignore[arg-type]
guarded(DeliveryItem.__table__, ITEM_GUARD)  # type: ignore[arg-type]
