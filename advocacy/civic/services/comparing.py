"""The lists of Congress compared: who is the same person, where the lists disagree. Done whenever a list changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import insert, select, text

from advocacy.civic import pack_queries
from advocacy.civic.models import CivicPack, OfficeTerm, Official, PinField
from advocacy.civic.services import merging
from advocacy.civic.services.merging import Seeming
from advocacy.civic.source_models import CivicConflict, ConflictKind, Verdict
from advocacy.core import clock
from advocacy.core.db import db
from advocacy.core.text import fold

_CAPITOL = "202-22"
"""All offices of members in the Capitol's buildings; the other list often gives a district office's phone."""
_PARTIES = {"democratic": "democrat"}
_SHOWN = 10
MADE_UP = "demo-"
"""How keys of made-up people begin: what a demonstration shows of them no import finds or ends."""


def one_importer() -> None:
    """Wait for whoever else changes packs or compares people; SQLite has one writer anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE civic_pack IN SHARE ROW EXCLUSIVE MODE"))


def compare_people() -> list[Seeming]:
    """Match people, then bring the list of conflicts up to date; decisions stay.

    Needs: a writing unit that called ``one_importer`` before anything else.
    """
    kept = {row.mark: row for row in db.session.execute(select(CivicConflict)).scalars()}
    matched = {
        row.other_key: row.person_key
        for row in kept.values()
        if row.kind == ConflictKind.PERSON and row.verdict == Verdict.THEIRS
    }
    seeming = merging.note_same_people(matched)
    packs = {pack.id: pack for pack in pack_queries.kept_packs()}
    found = {row["mark"]: row for row in [*_people(seeming, packs), *_fields(packs)]}
    new = [row for mark, row in found.items() if mark not in kept]
    if new:
        db.session.execute(insert(CivicConflict), new)
    for mark, row in kept.items():
        if row.verdict is None and mark not in found and not row.person_key.startswith(MADE_UP):
            db.session.delete(row)
    db.session.flush()
    decided = {mark for mark, row in kept.items() if row.verdict is not None}
    return [one for one in seeming if _mark_of(one) not in decided]


def said(review: Sequence[Seeming]) -> str | None:
    """One line of the import's report."""
    if not review:
        return None
    names = ", ".join(one.second.full_name for one in review[:_SHOWN])
    return f"{len(review)} of Congress seem to be in both lists, by seat and family name only: {names}"


def _mark(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _mark_of(one: Seeming) -> str:
    return _mark(ConflictKind.PERSON, one.first.person_key, one.second.person_key)


def _people(seeming: Sequence[Seeming], packs: dict[int, CivicPack]) -> Iterator[dict[str, Any]]:
    for one in seeming:
        first, second = packs[one.first.pack_id], packs[one.second.pack_id]
        yield {
            "mark": _mark_of(one),
            "kind": ConflictKind.PERSON,
            "person_key": one.first.person_key,
            "other_key": one.second.person_key,
            "field": "",
            "ocd_id": one.first.ocd_id,
            "ours": one.first.full_name,
            "theirs": one.second.full_name,
            **_sources(first, second),
        }


def _fields(packs: dict[int, CivicPack]) -> Iterator[dict[str, Any]]:
    for lead, lead_term, other, other_term in pack_queries.people_pairs():
        for name, ours, theirs in _differing(lead, lead_term, other, other_term):
            yield {
                "mark": _mark(ConflictKind.FIELD, lead.person_key, other.person_key, name, ours, theirs),
                "kind": ConflictKind.FIELD,
                "person_key": lead.person_key,
                "other_key": other.person_key,
                "field": name,
                "ocd_id": lead_term.ocd_id,
                "ours": ours,
                "theirs": theirs,
                **_sources(packs[lead.pack_id], packs[other.pack_id]),
            }


def _sources(ours: CivicPack, theirs: CivicPack) -> dict[str, Any]:
    return {
        "our_source": ours.name,
        "our_on": ours.data_on,
        "their_source": theirs.name,
        "their_on": theirs.data_on,
        "found_at": clock.now(),
    }


def _differing(lead: Official, lead_term: OfficeTerm, other: Official, other_term: OfficeTerm) -> list[Any]:
    """What differs in substance: not a spelling of the same party, not another page of the same site."""
    found = []
    if lead.party and other.party and _party(lead.party) != _party(other.party):
        found.append((PinField.PARTY, lead.party, other.party))
    if fold(lead.family_name) != fold(other.family_name):
        found.append((PinField.NAME, lead.full_name, other.full_name))
    phone = other_term.phone or ""
    if lead_term.phone and phone.startswith(_CAPITOL) and lead_term.phone != phone:
        found.append((PinField.PHONE, lead_term.phone, phone))
    for name, ours, theirs in (
        (PinField.URL, lead_term.url, other_term.url),
        (PinField.CONTACT_FORM, lead_term.contact_form, other_term.contact_form),
    ):
        if ours and theirs and _site(ours) != _site(theirs):
            found.append((name, ours, theirs))
    return [(str(name), ours[:300], theirs[:300]) for name, ours, theirs in found]


def _party(name: str) -> str:
    folded = fold(name)
    return _PARTIES.get(folded, folded)


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
