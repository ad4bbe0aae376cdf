"""Read the record, and prove it."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from advocacy.audit.models import AuditEvent, AuditHead, AuditSeal
from advocacy.audit.rules import FIRST_LINK, head_mac, next_link
from advocacy.core import clock, crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.paging import Page, take_page

PAGE_SIZE = 50
LATE_ID_WINDOW = 5_000
"""PostgreSQL transactions may commit in another order than they took their ids; so far back the sealer looks again."""
SEAL_GRACE = timedelta(seconds=30)


@dataclass(frozen=True)
class Proof:
    """What a verification found: ``fault`` names the first bad row, or is ``None``."""

    sealed_count: int
    waiting_count: int
    end: str
    fault: str | None


def is_unsealed() -> ColumnElement[bool]:
    """Whether an event has no seal yet."""
    return ~exists().where(AuditSeal.event_id == AuditEvent.id)


def has_unsealed() -> bool:
    """Whether the sealer has work: looks only at the end of the table."""
    found = select(AuditEvent.id).where(AuditEvent.id > unsealed_floor(), is_unsealed()).limit(1)
    return db.session.execute(found).first() is not None


def unsealed_floor() -> int:
    """Below this id the sealer does not look again."""
    return (db.session.execute(select(func.max(AuditSeal.event_id))).scalar() or 0) - LATE_ID_WINDOW


def chain_key() -> bytes:
    """The key of the chain; it stays when a newer master key seals."""
    return crypto.derived_key("audit-chain")


def verify_chain(expected_end: tuple[int, str] | None = None) -> Proof:
    """Compute the whole chain again.

    ``expected_end`` is (seq, first hex digits of the link) that an earlier run printed and somebody kept elsewhere.
    """
    key, link, seq = chain_key(), FIRST_LINK, 0
    for seal, event in _sealed_rows():
        if seal.seq != seq + 1:
            return Proof(seq, 0, _end(seq, link), f"seal {seq + 1} was deleted")
        if event is None:
            return Proof(seq, 0, _end(seq, link), f"event {seal.event_id} (seal {seal.seq}) was deleted")
        wanted = next_link(key, link, seal.seq, event)
        if not hmac.compare_digest(wanted, seal.chain):
            return Proof(seq, 0, _end(seq, link), f"event {event.id} (seal {seal.seq}) was changed, moved or inserted")
        seq, link = seal.seq, wanted
        if expected_end is not None and seq == expected_end[0] and not link.hex().startswith(expected_end[1]):
            return Proof(seq, 0, _end(seq, link), f"seal {seq} is not the one that was noted before")
    tail_fault = _head_fault(key, seq, link)
    if tail_fault is None and expected_end is not None and seq < expected_end[0]:
        tail_fault = f"the chain ends at seal {seq}, but seal {expected_end[0]} was noted before"
    waiting_count, unsealed_fault = _unsealed_fault()
    return Proof(seq, waiting_count, _end(seq, link), tail_fault or unsealed_fault)


def _sealed_rows() -> Iterator[tuple[AuditSeal, AuditEvent | None]]:
    """All seals with their events, in pieces, so that a long record needs little memory."""
    last = 0
    pieces = select(AuditSeal, AuditEvent).outerjoin(AuditEvent, AuditEvent.id == AuditSeal.event_id)
    with Session(db.engine) as session:
        while True:
            piece = pieces.where(AuditSeal.seq > last).order_by(AuditSeal.seq).limit(1_000)
            rows = session.execute(piece).all()
            if not rows:
                return
            yield from rows
            last = rows[-1][0].seq
            session.expunge_all()


def _end(seq: int, link: bytes) -> str:
    return f"{seq}:{link.hex()[:32]}"


def _head_fault(key: bytes, seq: int, link: bytes) -> str | None:
    head = db.session.get(AuditHead, 1)
    if head is None:
        return None if seq == 0 else "the head of the chain was deleted"
    if head.seq > seq:
        return f"seals {seq + 1} to {head.seq} were cut off"
    if head.seq < seq or not hmac.compare_digest(head.mac, head_mac(key, seq, link)):
        return f"the head of the chain was changed (it says {head.seq}, the last seal is {seq})"
    return None


def _unsealed_fault() -> tuple[int, str | None]:
    """How many events wait for their seal, and the first that waited too long (or lies about its time)."""
    count = int(db.session.execute(select(func.count()).select_from(AuditEvent).where(is_unsealed())).scalar_one())
    now = clock.now()
    late_id = db.session.execute(
        select(func.min(AuditEvent.id))
        .where(is_unsealed())
        .where((AuditEvent.at < now - SEAL_GRACE) | (AuditEvent.at > now + SEAL_GRACE))
    ).scalar()
    if late_id is None:
        return count, None
    return count, f"event {late_id} has no seal ({count} wait): the worker does not run, or it was inserted by hand"


def is_sealing() -> tuple[bool, str]:
    """For the doctor: whether the end of the chain is whole and the sealer keeps up; the rest is for ``verify``."""
    newest = db.session.execute(select(AuditSeal).order_by(AuditSeal.seq.desc()).limit(1)).scalar_one_or_none()
    fault = _head_fault(chain_key(), newest.seq if newest else 0, newest.chain if newest else FIRST_LINK)
    if fault is not None:
        return False, f"{fault}; run: advocacy audit verify"
    oldest = select(func.min(AuditEvent.at)).where(AuditEvent.id > unsealed_floor(), is_unsealed())
    waits_since = db.session.execute(oldest).scalar()
    if waits_since is not None and waits_since < clock.now() - SEAL_GRACE:
        return False, f"events wait for their seal since {int((clock.now() - waits_since).total_seconds())} s"
    return True, f"{newest.seq if newest else 0} events are sealed"


def _may_see(actor: Actor) -> ColumnElement[bool] | None:
    """The events that an actor may read; ``None`` is all of them."""
    if actor.is_system or "admin" in actor.platform_roles:
        return None
    return AuditEvent.coalition_id == actor.coalition_id


def events(actor: Actor, *, action: str = "", before_id: int | None = None) -> Page[AuditEvent]:
    """The newest events of the actor's coalition; of all of them for an administrator of the platform."""
    wanted = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(PAGE_SIZE + 1)
    own = _may_see(actor)
    if own is not None:
        wanted = wanted.where(own)
    if action:
        wanted = wanted.where(AuditEvent.action == action)
    if before_id is not None:
        wanted = wanted.where(AuditEvent.id < before_id)
    return take_page(db.session.execute(wanted).scalars().all(), PAGE_SIZE)


def actions(actor: Actor) -> list[str]:
    """The kinds of deeds that occur among the events an actor may read."""
    own = _may_see(actor)
    wanted = select(AuditEvent.action).distinct().order_by(AuditEvent.action)
    return list(db.session.execute(wanted if own is None else wanted.where(own)).scalars())
