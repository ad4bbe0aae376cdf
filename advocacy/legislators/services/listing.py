"""The directory as a coalition sees it: its own lawmakers first, then everybody whom the packs name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from advocacy.audit import services as audit
from advocacy.civic import rules as civic_rules
from advocacy.civic.models import Chamber
from advocacy.civic.services import directory, lookup
from advocacy.civic.services.people import ROLES, role_of
from advocacy.civic.services.store import Official
from advocacy.coalitions import rules as roles
from advocacy.core import safe_csv
from advocacy.core.actor import Actor
from advocacy.core.errors import NotFound
from advocacy.legislators import queries, rules
from advocacy.legislators.models import Lawmaker

PAGE_SIZE = 30
_EXPORT_SIZE = 500
_CURSOR = re.compile(r"\A([op])([0-9]{1,18})\Z")
COLUMNS = (
    "id", "name", "title", "body", "state", "district", "division_id", "party", "term_begins", "term_ends", "phone",
    "fax", "email", "web_form", "website", "address", "hours", "source", "as_of",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Whom to list; ``whose`` is ``own``, ``packs``, ``away`` (taken off the list) or nothing for everybody."""

    name: str = ""
    state: str = ""
    chamber: str = ""
    party: str = ""
    committee: str = ""
    whose: str = ""

    @property
    def fits_own(self) -> bool:
        """Whether the coalition's own can be meant: they sit in no chamber and committee that a pack names."""
        return self.whose != "packs" and not self.chamber and not self.committee

    @property
    def fits_packs(self) -> bool:
        """Whether people of the packs can be meant."""
        return self.whose in {"", "packs"}


@dataclass(frozen=True)
class Entry:
    """A line of the list."""

    key: str
    name: str
    role: str
    place: str
    party: str
    is_own: bool = False


@dataclass(frozen=True)
class Listing:
    """A page of the directory and where the next one begins."""

    entries: Sequence[Entry]
    next_after: str | None


def is_cursor(text: str) -> bool:
    """Whether a text says where a page begins."""
    return text == "" or _CURSOR.match(text) is not None


def people(actor: Actor, wanted: Wanted, after: str = "", size: int = PAGE_SIZE) -> Listing:
    """A page of everybody.

    Raises: NotAllowed.
    """
    rows, following = _rows(actor, wanted, after, size)
    places = lookup.names_of(row.division_id for row in rows if isinstance(row, Official))
    return Listing([_entry(row, places) for row in rows], following)


def export(actor: Actor, wanted: Wanted) -> Iterator[bytes]:
    """Everybody who fits as CSV, noted in the record first.

    Raises: NotAllowed, NotFound.
    """
    roles.require(actor, rules.MANAGE)
    if actor.coalition_id is None:
        raise NotFound
    audit.record(actor, "directory.exported", "coalition", actor.coalition_id, coalition_id=actor.coalition_id)
    cells: list[Sequence[safe_csv.type_cell]] = [COLUMNS]
    after: str | None = ""
    while after is not None:
        rows, after = _rows(actor, wanted, after, _EXPORT_SIZE)
        places = lookup.names_of(row.division_id for row in rows if isinstance(row, Official))
        cells += [_cells(row, places) for row in rows]
    return safe_csv.lines(cells)


type_row = Official | Lawmaker


def _rows(actor: Actor, wanted: Wanted, after: str, size: int) -> tuple[list[type_row], str | None]:
    """Rows behind a cursor: ``o`` and a number within the coalition's own, ``p`` within the packs."""
    roles.require(actor, rules.VIEW)
    match = _CURSOR.match(after)
    part, number = (match[1], int(match[2])) if match else ("o", 0)
    found: list[type_row] = []
    if part == "o":
        if wanted.fits_own:
            page = queries.own_lawmakers(
                actor,
                name=wanted.name,
                state=wanted.state,
                party=wanted.party,
                archived=wanted.whose == "away",
                after=number,
                size=size,
            )
            found.extend(page.rows)
            if page.next_after is not None:
                return found, f"o{page.next_after}"
        number = 0
        if len(found) == size and wanted.fits_packs:
            return found, "p0"
    if not wanted.fits_packs:
        return found, None
    rest = directory.people_page(
        name=wanted.name,
        state=wanted.state or None,
        chamber=Chamber(wanted.chamber) if wanted.chamber else None,
        party=wanted.party,
        committee=wanted.committee,
        after=number,
        size=size - len(found),
    )
    found.extend(rest.officials)
    return found, f"p{rest.next_after}" if rest.next_after is not None else None


def _entry(row: type_row, places: dict[str, str]) -> Entry:
    if isinstance(row, Lawmaker):
        where = ", ".join(part for part in (row.body, row.district, row.state) if part)
        return Entry(row.key, row.full_name, row.title or _("In office"), where, row.party, is_own=True)
    role = str(ROLES[role_of(row.division_id, row.chamber)])
    return Entry(row.id, row.name, role, places[row.division_id], row.party)


def _cells(row: type_row, places: dict[str, str]) -> Sequence[safe_csv.type_cell]:
    if isinstance(row, Lawmaker):
        return (
            row.external_key or row.key, row.full_name, row.title, row.body, row.state, row.district, row.division_id,
            row.party, _day(row.starts_on), _day(row.ends_on), row.phone, row.fax, row.email, row.contact_form, row.url,
            row.address, row.hours, row.source or _("your coalition"), _day(row.as_of),
        )  # fmt: skip
    role, place = str(ROLES[role_of(row.division_id, row.chamber)]), civic_rules.place_of(row.division_id)
    state = place.code if place else ""
    return (
        row.id, row.name, role, "", state, places[row.division_id], row.division_id, row.party, _day(row.starts_on),
        _day(row.ends_on), row.phone, "", row.email, row.contact_form, row.url, row.address, "", row.source,
        _day(row.as_of),
    )  # fmt: skip


def _day(value: object) -> str:
    return str(value) if value is not None else ""
