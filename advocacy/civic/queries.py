"""Reads of packs: what is active, and what a pack holds. Public data, so no actor."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select

from advocacy.civic import rules
from advocacy.civic.models import (
    Boundary,
    CivicCommittee,
    CivicCommitteeSeat,
    CivicPack,
    CivicPin,
    DistrictCode,
    Division,
    OfficeTerm,
    Official,
    PackKind,
    PackState,
    PostalDivision,
    Vacancy,
)
from advocacy.core import clock
from advocacy.core.db import Statement, db, instant_value, run_together

_ACTIVE = Statement("""
    SELECT id, kind, layer, area, edition, name, licence, sha256, data_on, valid_from, valid_to, imported_at, is_demo
    FROM civic_pack WHERE state = 'active' ORDER BY id""")
_NEWEST_WORD = Statement("SELECT (SELECT max(id) FROM civic_pin), (SELECT max(decided_at) FROM civic_conflict)")
_SEATS = Statement("SELECT ocd_id, name, seat_count, is_demo FROM division")


@dataclass(frozen=True)
class Pack:
    """An active pack."""

    id: int
    kind: str
    layer: str
    area: str
    edition: str
    name: str
    licence: str
    sha256: str
    data_on: date | None
    valid_from: date | None
    valid_to: date | None
    imported_at: datetime
    is_demo: bool

    @property
    def made_on(self) -> date:
        """The day its data speaks of."""
        return self.data_on or self.imported_at.date()

    def covers(self, day: date) -> bool:
        """Whether it holds on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def newest_word() -> str:
    """A mark of the newest pin or decision of an editor: another one means that people are to be read anew."""
    return str(tuple(run_together(db.session(), [(_NEWEST_WORD, {})])[0][0]))


def pins() -> dict[str, dict[str, tuple[str, datetime]]]:
    """What editors say now: value and instant by person and field."""
    found: dict[str, dict[str, tuple[str, datetime]]] = {}
    for pin in db.session.execute(select(CivicPin).order_by(CivicPin.id)).scalars():
        fields = found.setdefault(pin.person_key, {})
        if pin.value is None:
            fields.pop(pin.field, None)
        else:
            fields[pin.field] = (pin.value, pin.pinned_at)
    return found


def active_packs() -> list[Pack]:
    """Every pack in use, oldest first."""
    return [
        Pack(
            id=int(row[0]),
            kind=row[1],
            layer=row[2],
            area=row[3],
            edition=row[4],
            name=row[5],
            licence=row[6],
            sha256=row[7],
            data_on=_day(row[8]),
            valid_from=_day(row[9]),
            valid_to=_day(row[10]),
            imported_at=instant_value(row[11]) or clock.now(),
            is_demo=bool(row[12]),
        )
        for row in run_together(db.session(), [(_ACTIVE, {})])[0]
    ]


def pack_in_state(kind: str, layer: str, area: str, edition: str, state: PackState) -> CivicPack | None:
    """The active or the previous version of one pack."""
    return db.session.execute(
        select(CivicPack).where(
            CivicPack.kind == kind,
            CivicPack.layer == layer,
            CivicPack.area == area,
            CivicPack.edition == edition,
            CivicPack.state == state,
        )
    ).scalar_one_or_none()


def packs_of(kind: str, state: PackState) -> Sequence[CivicPack]:
    """All packs of a kind in a state."""
    return (
        db.session.execute(
            select(CivicPack).where(CivicPack.kind == kind, CivicPack.state == state).order_by(CivicPack.id)
        )
        .scalars()
        .all()
    )


def postal_rows(pack_id: int) -> Sequence[Any]:
    """Rows ``(code, ocd_id, town)`` of a ZIP table."""
    return db.session.execute(
        select(PostalDivision.code, PostalDivision.ocd_id, PostalDivision.town).where(PostalDivision.pack_id == pack_id)
    ).all()


def boundary_rows(pack_id: int, state: str) -> Sequence[Any]:
    """Rows ``(ocd_id, wkb)`` of a layer within a state."""
    within = or_(Boundary.ocd_id == state, Boundary.ocd_id.startswith(f"{state}/"))
    return db.session.execute(select(Boundary.ocd_id, Boundary.wkb).where(Boundary.pack_id == pack_id, within)).all()


type_box = tuple[float, float, float, float]


def boundary_boxes(pack_id: int) -> dict[str, type_box]:
    """For each state of a layer the box around its areas: west, south, east, north."""
    columns = (Boundary.ocd_id, Boundary.min_lng, Boundary.min_lat, Boundary.max_lng, Boundary.max_lat)
    found: dict[str, type_box] = {}
    for ocd_id, west, south, east, north in db.session.execute(select(*columns).where(Boundary.pack_id == pack_id)):
        state = rules.state_id(ocd_id)
        box = found.get(state, (west, south, east, north))
        found[state] = (min(box[0], west), min(box[1], south), max(box[2], east), max(box[3], north))
    return found


def vacancy_rows(pack_id: int) -> Sequence[Any]:
    """Rows ``(ocd_id, chamber, seat_count, until)`` of the seats a pack says are empty."""
    return db.session.execute(
        select(Vacancy.ocd_id, Vacancy.chamber, Vacancy.seat_count, Vacancy.until).where(Vacancy.pack_id == pack_id)
    ).all()


def office_rows(pack_id: int) -> Sequence[tuple[Official, OfficeTerm]]:
    """Everybody a pack lists, with their seat."""
    rows = db.session.execute(
        select(Official, OfficeTerm)
        .join(OfficeTerm, OfficeTerm.official_id == Official.id)
        .where(Official.pack_id == pack_id)
        .order_by(Official.family_name, Official.given_name, Official.id)
    )
    return [(row[0], row[1]) for row in rows]


def people_of(kind: PackKind, state: PackState) -> Sequence[Any]:
    """People of Congress in packs of a kind: id, keys, names and seat, in a fixed order."""
    columns = (
        Official.id,
        Official.person_key,
        Official.ids,
        Official.same_as,
        Official.full_name,
        Official.family_name,
        Official.pack_id,
        OfficeTerm.ocd_id,
        OfficeTerm.chamber,
    )
    return db.session.execute(
        select(*columns)
        .join(OfficeTerm, OfficeTerm.official_id == Official.id)
        .join(CivicPack, CivicPack.id == Official.pack_id)
        .where(CivicPack.kind == kind, CivicPack.state == state, CivicPack.area == "us")
        .order_by(Official.id)
    ).all()


def same_rows() -> Sequence[tuple[Official, CivicPack]]:
    """Everybody in a pack in use whom another pack leads, with the pack."""
    rows = db.session.execute(
        select(Official, CivicPack)
        .join(CivicPack, CivicPack.id == Official.pack_id)
        .where(CivicPack.state == PackState.ACTIVE, Official.same_as.is_not(None))
    )
    return [(row[0], row[1]) for row in rows]


def committee_rows(keys: Sequence[str], pack_ids: Sequence[int]) -> Sequence[Any]:
    """Rows ``(name, title, url)`` of the committees in which somebody sits by one of their keys."""
    return db.session.execute(
        select(CivicCommittee.name, CivicCommitteeSeat.title, CivicCommittee.url)
        .join(
            CivicCommittee,
            (CivicCommittee.pack_id == CivicCommitteeSeat.pack_id)
            & (CivicCommittee.committee_key == CivicCommitteeSeat.committee_key),
        )
        .where(CivicCommitteeSeat.person_key.in_(keys), CivicCommitteeSeat.pack_id.in_(pack_ids))
        .order_by(CivicCommittee.parent_key.is_not(None), CivicCommittee.name)
        .limit(60)
    ).all()


def division_rows() -> list[tuple[Any, ...]]:
    """Rows ``(ocd_id, name, seat_count, is_demo)`` of every division a pack named."""
    return run_together(db.session(), [(_SEATS, {})])[0]


def district_codes(layer: str, geoid: str) -> list[str]:
    """The divisions that a Census code stands for, by the active crosswalk."""
    return list(
        db.session.execute(
            select(DistrictCode.ocd_id)
            .join(CivicPack, CivicPack.id == DistrictCode.pack_id)
            .where(CivicPack.state == PackState.ACTIVE, DistrictCode.layer == layer, DistrictCode.geoid == geoid)
        ).scalars()
    )


def divisions_known(ocd_ids: Sequence[str]) -> set[str]:
    """Those of the ids that are stored already."""
    found: set[str] = set()
    for start in range(0, len(ocd_ids), 500):
        part = ocd_ids[start : start + 500]
        found.update(db.session.execute(select(Division.ocd_id).where(Division.ocd_id.in_(part))).scalars())
    return found


def person_names(keys: Collection[str], pack_ids: Sequence[int]) -> dict[str, str]:
    """The names of several people by their lasting keys."""
    found = db.session.execute(
        select(Official.person_key, Official.full_name)
        .where(Official.person_key.in_(keys), Official.pack_id.in_(pack_ids))
        .order_by(Official.id)
    )
    return {str(key): str(name) for key, name in found}


def person_row(key: str, pack_ids: Sequence[int]) -> tuple[Official, OfficeTerm] | None:
    """One person by their lasting key."""
    found = db.session.execute(
        select(Official, OfficeTerm)
        .join(OfficeTerm, OfficeTerm.official_id == Official.id)
        .where(Official.person_key == key, Official.pack_id.in_(pack_ids))
        .limit(1)
    ).first()
    return (found[0], found[1]) if found is not None else None
