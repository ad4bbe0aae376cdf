"""Put together what is handed over: the signatures verified at one moment, grouped by who represents the signers.

A delivery is built in steps, each in one transaction of the job, so that a stop in the middle costs one step and no
name stands in it twice. The manifest hash proves later what was in it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from flask_babel import gettext as _
from sqlalchemy import func, insert, select

from advocacy.audit import services as audit
from advocacy.civic import rules as civic_rules
from advocacy.coalitions import rules as coalition_rules
from advocacy.core import clock, crypto, logs
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.petitions import delivery_queries, queries, seats
from advocacy.petitions.delivery_models import (
    Delivery,
    DeliveryItem,
    DeliveryManifest,
    DeliveryMethod,
    DeliveryState,
)
from advocacy.petitions.models import Petition, PetitionState, Signature, SignatureState
from advocacy.queue import port

log: structlog.stdlib.BoundLogger = logs.get("petitions")
JOB = "petitions.build_delivery"
STEP = 500
"""Few enough that a step holds the one writer of SQLite for a moment only."""
AT_ONCE = 2000
VERB = "petitions.export"
_READY = frozenset({PetitionState.OPEN, PetitionState.PAUSED, PetitionState.CLOSED, PetitionState.DELIVERED})
_START = hashlib.sha256(b"delivery").digest()


def begin_delivery(actor: Actor, petition: Petition, method: DeliveryMethod) -> Delivery:
    """Take the snapshot and build: at once when it is small, else step by step in the background.

    Raises: NotAllowed, RuleBroken when nobody has signed yet, Conflict while another one is being built.
    """
    coalition_rules.require(actor, VERB, petition.coalition_id)
    count = queries.shown_count(petition.id).count
    if petition.state not in _READY or count == 0:
        raise RuleBroken(_("There is nothing to hand over yet: no signature has been confirmed."))
    if delivery_queries.is_building(petition.id):
        raise Conflict(_("A delivery of this petition is being put together. Please wait until it is ready."))
    delivery = Delivery(
        coalition_id=petition.coalition_id,
        petition_id=petition.id,
        public_id=new_public_id(),
        text_version=petition.text_version,
        state=DeliveryState.BUILDING,
        method=method,
        snapshot_at=clock.now(),
        expected_count=count,
        item_count=0,
        last_signature_id=0,
        chain=_START,
        created_at=clock.now(),
    )
    db.session.add(delivery)
    db.session.flush()
    _record(actor, "delivery.begun", delivery, {"method": str(method)})
    if count <= AT_ONCE:
        while not build_step(delivery):
            pass
    else:
        _ask_for_next(delivery)
    return delivery


def build_delivery(args: Mapping[str, Any]) -> None:
    """One step of the job; asks for the next one until the manifest stands."""
    delivery = db.session.get(Delivery, int(args["delivery_id"]), with_for_update=True)
    if delivery is None or delivery.state != DeliveryState.BUILDING:
        return
    if not build_step(delivery):
        _ask_for_next(delivery)


def build_step(delivery: Delivery) -> bool:
    """Take in the next signatures; whether the manifest is complete."""
    rows = db.session.execute(
        select(
            Signature.id,
            Signature.public_id,
            Signature.name,
            Signature.town,
            Signature.state_code,
            Signature.division_id,
        )
        .where(
            Signature.petition_id == delivery.petition_id,
            Signature.state == SignatureState.VERIFIED,
            Signature.verified_at <= delivery.snapshot_at,
            Signature.id > delivery.last_signature_id,
        )
        .order_by(Signature.id)
        .limit(STEP)
        .with_for_update(read=True)
    ).all()
    key = crypto.derived_key("delivery")
    items = [_item(delivery, row, key) for row in rows]
    if items:
        db.session.execute(insert(DeliveryItem), items)
        delivery.chain = chained(delivery.chain, [item["digest"] for item in items])
        delivery.last_signature_id = rows[-1].id
        delivery.item_count += len(items)
    if len(rows) == STEP:
        db.session.flush()
        return False
    _complete(delivery)
    return True


def mark_delivered(actor: Actor, petition: Petition, delivery: Delivery) -> None:
    """Note that it was handed over; a closed petition is delivered then.

    Raises: NotAllowed, Conflict.
    """
    coalition_rules.require(actor, "petitions.manage", petition.coalition_id)
    if delivery.petition_id != petition.id:
        raise NotFound
    if delivery.state != DeliveryState.BUILT:
        raise Conflict(_("This delivery was marked as handed over already, or is not ready yet."))
    delivery.state = DeliveryState.DELIVERED
    delivery.delivered_at = clock.now()
    if petition.state == PetitionState.CLOSED:
        petition.state = PetitionState.DELIVERED
    db.session.flush()
    _record(actor, "delivery.delivered", delivery, {})


def note_reading(actor: Actor, delivery_id: int, coalition_id: int, form: str) -> None:
    """Record that names of a delivery were given out as ``form``; belongs into ``uow.afterwards``."""
    audit.record(actor, "delivery.read", "delivery", delivery_id, coalition_id=coalition_id, facts={"form": form})


def is_whole(delivery: Delivery) -> bool:
    """Whether the items still give the hash of the manifest: nothing was added, changed or lost."""
    manifest = db.session.get(DeliveryManifest, delivery.id)
    if manifest is None:
        return False
    chain = _START
    for digests in delivery_queries.digests_of(delivery.id):
        chain = chained(chain, digests)
    return chain == delivery.chain and manifest.manifest_hash == manifest_hash(delivery, manifest.groups)


def chained(chain: bytes, digests: Sequence[bytes]) -> bytes:
    """The chain after more digests: each link hashes the one before it."""
    for digest in digests:
        chain = hashlib.sha256(chain + digest).digest()
    return chain


def manifest_hash(delivery: Delivery, groups: Sequence[Mapping[str, Any]]) -> str:
    """The one hash that stands for the whole delivery."""
    head = {
        "delivery": delivery.public_id,
        "text_version": delivery.text_version,
        "snapshot_at": delivery.snapshot_at.isoformat(),
        "groups": [[group["state"], group["division"], group["count"]] for group in groups],
        "signatures": delivery.chain.hex(),
    }
    return hashlib.sha256(json.dumps(head, sort_keys=True).encode()).hexdigest()


def _item(delivery: Delivery, row: Any, key: bytes) -> dict[str, Any]:  # noqa: ANN401 - a row of the columns above
    shown = [row.public_id, *delivery_queries.shown_fields(row)]
    return {
        "delivery_id": delivery.id,
        "signature_id": row.id,
        "coalition_id": delivery.coalition_id,
        "state_code": row.state_code,
        "division_id": row.division_id or "",
        "digest": hmac.digest(key, json.dumps(shown).encode(), "sha256"),
    }


def _complete(delivery: Delivery) -> None:
    """Freeze: groups, representatives of this day, hash."""
    groups = _groups(delivery.id)
    earlier = delivery_queries.built_before(delivery)
    db.session.add(
        DeliveryManifest(
            delivery_id=delivery.id,
            coalition_id=delivery.coalition_id,
            manifest_hash=manifest_hash(delivery, groups),
            signature_count=delivery.item_count,
            not_placed_count=sum(group["count"] for group in groups if not group["division"]),
            withdrawn_count=delivery_queries.all_withdrawn_since(earlier) if earlier else 0,
            groups=groups,
            built_at=clock.now(),
        )
    )
    delivery.state = DeliveryState.BUILT
    db.session.flush()
    log.info("delivery_built", delivery_id=delivery.id, items=delivery.item_count)


def _groups(delivery_id: int) -> list[dict[str, Any]]:
    counted = db.session.execute(
        select(DeliveryItem.state_code, DeliveryItem.division_id, func.count())
        .where(DeliveryItem.delivery_id == delivery_id)
        .group_by(DeliveryItem.state_code, DeliveryItem.division_id)
    )
    rows = sorted(counted, key=lambda row: (not row[1], not row[0], row[0], civic_rules.sort_key(row[1])))
    found = seats.seats_of({division for _state, division, _count in rows if division})
    senators = seats.senators_of({state for state, division, _count in rows if not division})
    return [
        {
            "state": state,
            "division": division,
            "count": count,
            "district": found[division].district if division else "",
            "representatives": found[division].representatives if division else "",
            "senators": found[division].senators if division else senators.get(state, ""),
        }
        for state, division, count in rows
    ]


def _ask_for_next(delivery: Delivery) -> None:
    port.enqueue(db.session(), JOB, {"delivery_id": delivery.id}, lock=f"delivery:{delivery.id}")


def _record(actor: Actor, action: str, delivery: Delivery, facts: Mapping[str, Any]) -> None:
    audit.record(
        actor,
        action,
        "delivery",
        delivery.id,
        coalition_id=delivery.coalition_id,
        facts={"petition_id": delivery.petition_id, **facts},
    )
