"""The rows of a new version, beside those in use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import insert, select, update

from advocacy.civic import queries, rules
from advocacy.civic.models import Chamber, CivicPack, Division, OfficeTerm, Official, PackKind, PackState
from advocacy.civic.packs.members import Member
from advocacy.civic.services.incoming import Incoming
from advocacy.core import clock
from advocacy.core.db import db
from advocacy.core.text import fold

_BATCH = 2000


def write_pack(incoming: Incoming, tell: Callable[[str], None]) -> CivicPack:
    """Write the pack and its rows; nobody reads them before it is made active."""
    pack = CivicPack(
        kind=incoming.kind,
        layer=incoming.layer,
        area=incoming.area,
        edition=incoming.edition,
        name=incoming.name,
        source=incoming.source,
        sha256=incoming.sha256,
        licence=incoming.licence,
        data_on=incoming.data_on,
        valid_from=incoming.valid_from,
        valid_to=incoming.valid_to,
        imported_at=clock.now(),
        counts=incoming.counts,
        state=PackState.STAGED,
        is_demo=incoming.is_demo,
    )
    db.session.add(pack)
    db.session.flush()
    _write_divisions(incoming)
    for table, rows in incoming.rows:
        for start in range(0, len(rows), _BATCH):
            part = [{**row, "pack_id": pack.id} for row in rows[start : start + _BATCH]]
            db.session.execute(insert(table), part)
            if start and start % (_BATCH * 10) == 0:
                tell(f"{start} of {len(rows)} rows written")
    if incoming.members:
        _write_members(pack.id, incoming)
    return pack


def _write_divisions(incoming: Incoming) -> None:
    known = queries.divisions_known(list(incoming.divisions))
    rows = [
        {
            "ocd_id": ocd_id,
            "name": name,
            "layer": str(rules.layer_of(ocd_id)),
            "seat_count": seats,
            "parent": rules.state_id(ocd_id) if rules.state_id(ocd_id) != ocd_id else None,
            "is_demo": incoming.is_demo,
        }
        for ocd_id, (name, seats) in incoming.divisions.items()
        if ocd_id not in known
    ]
    if rows:
        db.session.execute(insert(Division), rows)
    if incoming.kind == PackKind.CROSSWALK:
        for ocd_id in known:
            name, seats = incoming.divisions[ocd_id]
            db.session.execute(update(Division).where(Division.ocd_id == ocd_id).values(name=name, seat_count=seats))


def _write_members(pack_id: int, incoming: Incoming) -> None:
    people = [
        {
            "pack_id": pack_id,
            "person_key": member.key,
            "full_name": member.full_name,
            "given_name": member.given_name,
            "family_name": member.family_name,
            "folded_name": member.folded_name,
            "party": member.party,
            "offices": list(member.offices),
            "email": member.email,
            "photo_url": member.photo_url,
            "ids": dict(member.ids),
            "social": dict(member.social),
            "past_terms": list(member.past_terms),
        }
        for member in sorted(incoming.members, key=lambda member: (fold(member.family_name), fold(member.given_name)))
    ]
    db.session.execute(insert(Official), people)
    rows = db.session.execute(select(Official.person_key, Official.id).where(Official.pack_id == pack_id))
    ids = {row[0]: row[1] for row in rows}
    today = clock.now().date()
    terms = [
        {
            "pack_id": pack_id,
            "official_id": ids[member.key],
            "ocd_id": member.ocd_id,
            "chamber": member.chamber,
            "seat": member.seat,
            "starts_on": member.starts_on,
            "ends_on": member.ends_on,
            "sits_until": None if incoming.is_demo else _sits_until(member, incoming.data_on or today),
            "phone": member.phone,
            "contact_form": member.contact_form,
            "url": member.url,
            "address": member.address,
        }
        for member in incoming.members
    ]
    db.session.execute(insert(OfficeTerm), terms)


def _sits_until(member: Member, known_on: date) -> date | None:
    """Congress changes on a known day; a state's legislators sit until a source says otherwise."""
    if member.chamber in {Chamber.US_HOUSE, Chamber.US_SENATE}:
        return rules.sits_until(member.ends_on, known_on=known_on)
    return member.ends_on + rules.DOUBT if member.ends_on else None
