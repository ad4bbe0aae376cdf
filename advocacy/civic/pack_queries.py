"""Reads for people who look after packs: versions, how fetching went, pins, where lists name the same people."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from advocacy.civic.models import CivicPack, CivicPin, OfficeTerm, Official, PackKind, PackState
from advocacy.civic.source_models import PackSource
from advocacy.core.db import db


def pins_now() -> list[CivicPin]:
    """The pins in force, the newest first."""
    newest = select(func.max(CivicPin.id)).group_by(CivicPin.person_key, CivicPin.field)
    wanted = select(CivicPin).where(CivicPin.id.in_(newest), CivicPin.value.is_not(None)).order_by(CivicPin.id.desc())
    return list(db.session.execute(wanted).scalars())


def people_pairs() -> Sequence[tuple[Official, OfficeTerm, Official, OfficeTerm]]:
    """Everybody whom two lists of Congress name: as the leading one has them, then as the other."""
    lead, lead_term, lead_pack = aliased(Official), aliased(OfficeTerm), aliased(CivicPack)
    rows = db.session.execute(
        select(lead, lead_term, Official, OfficeTerm)
        .join(lead_term, lead_term.official_id == lead.id)
        .join(lead_pack, lead_pack.id == lead.pack_id)
        .join(Official, Official.same_as == lead.person_key)
        .join(OfficeTerm, OfficeTerm.official_id == Official.id)
        .join(CivicPack, CivicPack.id == Official.pack_id)
        .where(CivicPack.state == PackState.ACTIVE, lead_pack.state == PackState.ACTIVE)
        .where(lead_pack.kind == PackKind.CONGRESS, lead_pack.edition == "")
        .order_by(Official.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def pack_by_id(pack_id: int) -> CivicPack | None:
    """One version of a pack."""
    return db.session.get(CivicPack, pack_id)


def kept_packs() -> Sequence[CivicPack]:
    """Every version in use and the one before it."""
    wanted = (PackState.ACTIVE, PackState.PREVIOUS)
    return db.session.execute(select(CivicPack).where(CivicPack.state.in_(wanted))).scalars().all()


def pack_sources() -> dict[str, PackSource]:
    """How fetching went, by feed."""
    return {row.name: row for row in db.session.execute(select(PackSource)).scalars()}
