"""Take packs in: compare, write a new version, swap it in, keep the one before. One transaction, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, update

from advocacy.audit.services import record
from advocacy.civic import queries
from advocacy.civic.models import (
    CivicPack,
    PackKind,
    PackState,
)
from advocacy.civic.services import changes, comparing, operators
from advocacy.civic.services.incoming import Incoming
from advocacy.civic.services.store import store
from advocacy.civic.services.writing import write_pack
from advocacy.core import uow
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound

MAX_LOSS = 0.05
"""Seats that a new version may lack: more than that is a damaged file, not an election."""


class LosesSeats(NotFound):
    """A pack that lost more than five in a hundred seats of the version in use."""

    code = "loses_seats"


@dataclass(frozen=True)
class Report:
    """What an import did, or would do."""

    counts: dict[str, Any]
    notes: tuple[str, ...]
    added: int
    removed: int
    had_before: int
    outcome: str
    pack_id: int | None = None
    was_taken_back: bool = False


def import_pack(
    actor: Actor,
    incoming: Incoming,
    *,
    dry_run: bool = False,
    force: bool = False,
    tell: Callable[[str], None] = lambda _line: None,
) -> Report:
    """Store a pack and swap it in.

    Raises: LosesSeats when it lost too many seats and is not forced.
    """
    operators.require(actor)
    if not dry_run:
        comparing.one_importer()
    key = (incoming.kind, incoming.layer, incoming.area, incoming.edition)
    active = queries.pack_in_state(*key, PackState.ACTIVE)
    diff = changes.compare(incoming, active)
    facts = (incoming.counts, tuple(incoming.notes), len(diff.gained), len(diff.lost), diff.had_before)
    if not force and _was_taken_back(key, incoming.sha256):
        pack_id = active.id if active is not None else None
        return Report(*facts, outcome="unchanged", pack_id=pack_id, was_taken_back=True)
    if diff.had_before and len(diff.lost) / diff.had_before > MAX_LOSS and not force:
        raise LosesSeats(
            _(
                "%(removed)d of %(total)d seats are missing in the new file: refused. Use --force if that is right.",
                removed=len(diff.lost),
                total=diff.had_before,
            )
        )
    if active is not None and active.sha256 == incoming.sha256 and not force:
        return Report(*facts, outcome="unchanged", pack_id=active.id)
    if dry_run:
        return Report(*facts, outcome="dry-run")
    pack = write_pack(incoming, tell)
    pack.changes = diff.to_json()
    _swap(pack, active)
    notes = _compared(incoming.kind)
    record(
        actor,
        "civic.pack_activated",
        "civic_pack",
        pack.id,
        facts={"kind": str(incoming.kind), "added": len(diff.gained), "removed": len(diff.lost)},
    )
    _look_again()
    facts = (incoming.counts, (*incoming.notes, *notes), *facts[2:])
    return Report(*facts, outcome="active", pack_id=pack.id)


def rollback_pack(
    actor: Actor, kind: PackKind, *, layer: str = "", area: str = "us", edition: str | None = None
) -> CivicPack:
    """Swap the version before in again; the present one is kept in its place.

    Raises: NotFound when there is none before, or several to choose from.
    """
    operators.require(actor)
    comparing.one_importer()
    found = [
        pack
        for pack in queries.packs_of(kind, PackState.PREVIOUS)
        if pack.layer == layer and pack.area == area and edition in {None, pack.edition}
    ]
    if not found:
        raise NotFound(_("There is no earlier version of this pack."))
    if len(found) > 1:
        editions = ", ".join(pack.edition for pack in found)
        raise NotFound(_("There are earlier versions for %(editions)s: say which with --edition.", editions=editions))
    previous = found[0]
    active = queries.pack_in_state(previous.kind, previous.layer, previous.area, previous.edition, PackState.ACTIVE)
    if active is not None:
        _set_state(active.id, PackState.STAGED)
    _set_state(previous.id, PackState.ACTIVE)
    if active is not None:
        _set_state(active.id, PackState.PREVIOUS, is_rejected=True)
    _compared(previous.kind)
    record(actor, "civic.pack_rolled_back", "civic_pack", previous.id, facts={"kind": str(kind)})
    _look_again()
    return previous


def _compared(kind: str) -> tuple[str, ...]:
    """People are compared anew when a list of them changes."""
    if kind not in {PackKind.CONGRESS, PackKind.OPENSTATES}:
        return ()
    line = comparing.said(comparing.compare_people())
    return (line,) if line else ()


def _look_again() -> None:
    """The rest of this unit sees the change at once; what was read of it is dropped when the unit ended, either way."""
    store().forget()
    uow.afterwards(store().forget)


def _was_taken_back(key: tuple[PackKind, str, str, str], sha256: str) -> bool:
    before = queries.pack_in_state(*key, PackState.PREVIOUS)
    return before is not None and before.is_rejected and before.sha256 == sha256


def _swap(pack: CivicPack, active: CivicPack | None) -> None:
    if active is not None:
        db.session.execute(
            delete(CivicPack).where(
                CivicPack.kind == pack.kind,
                CivicPack.layer == pack.layer,
                CivicPack.area == pack.area,
                CivicPack.edition == pack.edition,
                CivicPack.state == PackState.PREVIOUS,
            )
        )
        _set_state(active.id, PackState.PREVIOUS)
    _set_state(pack.id, PackState.ACTIVE)


def _set_state(pack_id: int, state: PackState, *, is_rejected: bool = False) -> None:
    changed = update(CivicPack).where(CivicPack.id == pack_id).values(state=state, is_rejected=is_rejected)
    db.session.execute(changed)
