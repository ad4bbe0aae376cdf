"""Record a deed; seal what was recorded."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select

from advocacy.audit.models import AuditEvent, AuditHead, AuditSeal
from advocacy.audit.queries import chain_key, is_unsealed, unsealed_floor
from advocacy.audit.rules import FIRST_LINK, head_mac, next_link
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import AdvocacyError


def record(
    actor: Actor,
    action: str,
    object_kind: str,
    object_id: int | str,
    *,
    coalition_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Add one event to the caller's transaction: it stands if and only if the deed stands.

    ``facts`` are ids, numbers, states: never a name, an address or free text of a person.
    """
    db.session.add(
        AuditEvent(
            actor=actor.label,
            user_id=actor.user_id,
            coalition_id=coalition_id if coalition_id is not None else actor.coalition_id,
            action=action,
            object_kind=object_kind,
            object_id=str(object_id),
            facts=dict(facts or {}),
            request_id=actor.request_id,
        )
    )


class ChainBroken(AdvocacyError):
    """The end of the chain is not what its keyed head says: sealing on would hide it."""

    code = "chain_broken"


def seal_events(limit: int = 2_000) -> int:
    """Put the oldest unsealed events into the chain, in the order of their ids; give how many.

    The head's row is locked first, so two sealers never make the same link.

    Raises: ChainBroken when rows were cut off or the head was changed.
    """
    key = chain_key()
    head, seq, link = _locked_end(key)
    unsealed = (AuditEvent.id > unsealed_floor(), is_unsealed())
    waiting = select(AuditEvent).where(*unsealed).order_by(AuditEvent.id).limit(limit)
    seals = []
    for event in db.session.execute(waiting).scalars():
        seq += 1
        link = next_link(key, link, seq, event)
        seals.append({"seq": seq, "event_id": event.id, "chain": link})
    if seals:
        db.session.execute(insert(AuditSeal), seals)
        head.seq, head.mac = seq, head_mac(key, seq, link)
    return len(seals)


def _locked_end(key: bytes) -> tuple[AuditHead, int, bytes]:
    head = db.session.execute(select(AuditHead).where(AuditHead.id == 1).with_for_update()).scalar_one_or_none()
    newest = db.session.execute(select(AuditSeal).order_by(AuditSeal.seq.desc()).limit(1)).scalar_one_or_none()
    seq, link = (newest.seq, newest.chain) if newest else (0, FIRST_LINK)
    if head is None and newest is None:
        head = AuditHead(id=1, seq=0, mac=head_mac(key, 0, FIRST_LINK))
        db.session.add(head)
    elif head is None or head.seq != seq or not hmac.compare_digest(head.mac, head_mac(key, seq, link)):
        raise ChainBroken(_("The audit chain was changed at its end. Run: advocacy audit verify"))
    return head, seq, link
