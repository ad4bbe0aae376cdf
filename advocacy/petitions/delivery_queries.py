"""Reads about deliveries. Names that were taken back since are never shown again, only counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import Select, exists, func, select

from advocacy.coalitions import rules as coalition_rules
from advocacy.core import crypto, uow
from advocacy.core.actor import Actor
from advocacy.core.counting import MOST, Counted
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.petitions import seats
from advocacy.petitions.delivery_models import Delivery, DeliveryItem, DeliveryManifest, DeliveryState
from advocacy.petitions.models import TAKEN_BACK, Petition, Signature, SignatureState

BATCH = 1000


@dataclass(frozen=True)
class DeliveryLine:
    """A delivery in a list; ``withdrawn_since`` counts its names that were taken back after it was built."""

    id: int
    public_id: str
    state: str
    method: str
    snapshot_at: datetime
    delivered_at: datetime | None
    done_count: int
    expected_count: int
    withdrawn_since: Counted


@dataclass(frozen=True)
class Group:
    """Signers of one district, and who represents them."""

    state: str
    division: str
    district: str
    representatives: str
    senators: str
    count: int

    @property
    def label(self) -> str:
        """The district, or what is known where it is not."""
        if self.division:
            return self.district
        if not self.state:
            return str(_("Not placed"))
        return str(_("%(state)s, not placed", state=seats.place_name(self.state)))


@dataclass(frozen=True)
class Sheets:
    """A built delivery, as its pages and files need it."""

    line: DeliveryLine
    coalition_id: int
    manifest_hash: str
    signature_count: int
    not_placed_count: int
    withdrawn_count: int
    built_at: datetime
    groups: tuple[Group, ...]

    @property
    def by_state(self) -> dict[str, int]:
        """Signatures by state."""
        found: dict[str, int] = {}
        for group in self.groups:
            found[group.state] = found.get(group.state, 0) + group.count
        return found


@dataclass(frozen=True)
class Name:
    """One line of a sheet."""

    name: str
    town: str
    state: str
    signed_on: str


def is_building(petition_id: int) -> bool:
    """Whether a delivery of this petition is on its way."""
    wanted = exists().where(Delivery.petition_id == petition_id, Delivery.state == DeliveryState.BUILDING)
    return bool(db.session.execute(select(wanted)).scalar())


def deliveries_of(actor: Actor, petition: Petition) -> list[DeliveryLine]:
    """A petition's deliveries, newest first."""
    coalition_rules.require(actor, "petitions.view", petition.coalition_id)
    wanted = select(Delivery).where(Delivery.petition_id == petition.id).order_by(Delivery.id.desc()).limit(100)
    rows = list(db.session.execute(wanted).scalars())
    taken_back = withdrawn_since(rows)
    return [_line(row, taken_back.get(row.id, Counted(0))) for row in rows]


def delivery_at_desk(actor: Actor, petition: Petition, public_id: str, verb: str = "petitions.view") -> Delivery:
    """One delivery of a petition.

    Raises: NotFound, NotAllowed.
    """
    coalition_rules.require(actor, verb, petition.coalition_id)
    wanted = select(Delivery).where(Delivery.public_id == public_id, Delivery.petition_id == petition.id)
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def line_of(delivery: Delivery) -> DeliveryLine:
    """A delivery as plain values."""
    return _line(delivery, withdrawn_since([delivery]).get(delivery.id, Counted(0)))


def sheets_of(delivery: Delivery) -> Sheets | None:
    """The manifest as plain values; ``None`` while it is being built."""
    manifest = db.session.get(DeliveryManifest, delivery.id)
    if manifest is None:
        return None
    return Sheets(
        line_of(delivery),
        delivery.coalition_id,
        manifest.manifest_hash,
        manifest.signature_count,
        manifest.not_placed_count,
        manifest.withdrawn_count,
        manifest.built_at,
        tuple(Group(**group) for group in manifest.groups),
    )


def built_before(delivery: Delivery) -> Delivery | None:
    """The delivery of the same petition that was built last before this one."""
    wanted = (
        select(Delivery)
        .where(
            Delivery.petition_id == delivery.petition_id,
            Delivery.id < delivery.id,
            Delivery.state != DeliveryState.BUILDING,
        )
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    return db.session.execute(wanted).scalar_one_or_none()


def withdrawn_since(deliveries: Sequence[Delivery]) -> dict[int, Counted]:
    """How many names of each delivery were taken back after it was built; all of one petition.

    Looks at no more than ``MOST`` names that were taken back: where there are more, every count is "1,000+".
    """
    if not deliveries:
        return {}
    some = _taken_back(deliveries[0].petition_id).order_by(Signature.id).limit(MOST + 1).subquery()
    looked_at = db.session.execute(select(func.count()).select_from(some)).scalar_one()
    if looked_at > MOST:
        return {delivery.id: Counted(looked_at) for delivery in deliveries}
    wanted = (
        select(DeliveryItem.delivery_id, func.count())
        .join(some, some.c.id == DeliveryItem.signature_id)
        .where(DeliveryItem.delivery_id.in_([delivery.id for delivery in deliveries]))
        .group_by(DeliveryItem.delivery_id)
    )
    return {delivery_id: Counted(count) for delivery_id, count in db.session.execute(wanted)}


def all_withdrawn_since(delivery: Delivery) -> int:
    """The same for one delivery, exactly: while another is put together, never for a page."""
    some = _taken_back(delivery.petition_id).subquery()
    wanted = (
        select(func.count())
        .select_from(DeliveryItem)
        .join(some, some.c.id == DeliveryItem.signature_id)
        .where(DeliveryItem.delivery_id == delivery.id)
    )
    return int(db.session.execute(wanted).scalar_one())


def _taken_back(petition_id: int) -> Select[int]:
    """Signatures that counted once and do not any more, from their own index."""
    return select(Signature.id).where(Signature.petition_id == petition_id, TAKEN_BACK)


def digests_of(delivery_id: int) -> Iterator[list[bytes]]:
    """The stored digests in the order of the chain, some at a time."""
    after = 0
    while True:
        rows = db.session.execute(
            select(DeliveryItem.signature_id, DeliveryItem.digest)
            .where(DeliveryItem.delivery_id == delivery_id, DeliveryItem.signature_id > after)
            .order_by(DeliveryItem.signature_id)
            .limit(BATCH * 10)
        ).all()
        if not rows:
            return
        yield [row.digest for row in rows]
        after = rows[-1].signature_id


def shown_fields(row: Any) -> tuple[str, str, str]:  # noqa: ANN401 - a signature or a row of its columns
    """What a target sees of a signature: what the sign page says it will, and no more (domain I-110)."""
    name = crypto.open_sealed(row.name, table="signature", column="name", row=row.public_id) if row.name else ""
    return name, row.town, row.state_code


def names_in(app: Flask, delivery_id: int, group: Group) -> Iterator[Name]:
    """The names of a group that still stand, read some at a time in short reading units of their own."""
    after = 0
    while True:
        with app.app_context(), uow.reading():
            rows = db.session.execute(
                select(
                    Signature.id,
                    Signature.public_id,
                    Signature.name,
                    Signature.town,
                    Signature.state_code,
                    Signature.verified_on,
                )
                .join(DeliveryItem, DeliveryItem.signature_id == Signature.id)
                .where(
                    DeliveryItem.delivery_id == delivery_id,
                    DeliveryItem.state_code == group.state,
                    DeliveryItem.division_id == group.division,
                    DeliveryItem.signature_id > after,
                    Signature.state == SignatureState.VERIFIED,
                )
                .order_by(DeliveryItem.signature_id)
                .limit(BATCH)
            ).all()
            names = [Name(*shown_fields(row), row.verified_on.isoformat()) for row in rows]
        if not rows:
            return
        yield from names
        after = rows[-1].id


def _line(row: Delivery, taken_back: Counted) -> DeliveryLine:
    return DeliveryLine(
        row.id,
        row.public_id,
        row.state,
        row.method,
        row.snapshot_at,
        row.delivered_at,
        row.item_count,
        row.expected_count,
        taken_back,
    )
