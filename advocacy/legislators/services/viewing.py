"""One person in office as a page shows them: every fact with its source, its day and whether it is too old to trust."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from advocacy.civic.services import directory, lookup
from advocacy.civic.services.people import ROLES, role_of
from advocacy.civic.services.store import EDITOR, Official
from advocacy.core import clock
from advocacy.legislators import rules
from advocacy.legislators.models import Lawmaker, LawmakerOffice, LawmakerTerm

_NETWORKS = {
    "twitter": ("X (Twitter)", "https://twitter.com/"),
    "facebook": ("Facebook", "https://www.facebook.com/"),
    "instagram": ("Instagram", "https://www.instagram.com/"),
    "youtube": ("YouTube", "https://www.youtube.com/"),
}


@dataclass(frozen=True)
class Origin:
    """Where a fact comes from, and of which day it is."""

    source: str
    as_of: date | None
    is_stale: bool
    is_pinned: bool = False


@dataclass(frozen=True)
class Fact:
    """One field: what kind of text it is (``phone``, ``email``, ``web`` or plain) and where it comes from."""

    field: str
    text: str
    kind: str
    origin: Origin


@dataclass(frozen=True)
class Site:
    """An office; ``public_id`` is that of the coalition's own note."""

    kind: str
    city: str
    address: str
    phone: str
    fax: str
    hours: str
    origin: Origin
    public_id: str = ""


@dataclass(frozen=True)
class Term:
    """A seat that somebody holds, held or will hold; ``id`` where it can be taken away again."""

    title: str
    place: str
    starts_on: date | None
    ends_on: date | None
    origin: Origin
    id: int = 0


@dataclass(frozen=True)
class Committee:
    """A committee and what somebody is in it."""

    name: str
    role: str
    url: str | None


@dataclass(frozen=True)
class Portrait:
    """Somebody in office."""

    key: str
    name: str
    role: str
    place: str
    party: str
    facts: Sequence[Fact]
    sites: Sequence[Site]
    terms: Sequence[Term]
    committees: Sequence[Committee] = ()
    accounts: Sequence[tuple[str, str]] = ()
    is_demo: bool = False
    is_own: bool = False
    is_away: bool = False

    @property
    def initials(self) -> str:
        """Stands where others put a picture: no visitor's browser is sent to another site for one."""
        words = [word for word in self.name.replace("-", " ").split() if word[0].isalpha()]
        return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()

    def fact(self, field: str) -> Fact | None:
        """One of the facts."""
        return next((fact for fact in self.facts if fact.field == field), None)


def of_official(official: Official, *, sites: Iterable[Site] = ()) -> Portrait:
    """Somebody whom a pack names; ``sites`` are offices that a coalition noted beside."""
    origins = _Origins(official)
    kinds = {"phone": "phone", "email": "email", "contact_form": "web", "url": "web"}
    facts = [
        Fact(field, text, kinds.get(field, ""), origins.of(field))
        for field in ("party", "phone", "email", "contact_form", "url", "address")
        if (text := _shown(field, getattr(official, field)))
    ]
    offices = [
        Site(
            kind=office.get("kind", "district"),
            **{part: office.get(part, "") for part in ("city", "address", "phone", "fax", "hours")},
            origin=origins.of("offices"),
        )
        for office in official.offices
        if office.get("kind") != "home"
    ]
    role = ROLES[role_of(official.division_id, official.chamber)]
    place = lookup.names_of([official.division_id])[official.division_id]
    seat = f"{place}, {_('seat %(seat)s', seat=official.seat)}" if official.seat else place
    now = Term(str(role), seat, official.starts_on, official.ends_on, origins.of(""))
    return Portrait(
        key=official.id,
        name=official.name,
        role=str(role),
        place=seat,
        party=official.party,
        facts=facts,
        sites=[*offices, *sites],
        terms=[now, *_before(official, origins)],
        committees=[
            Committee(name, title, rules.safe_address(url)) for name, title, url in directory.committees_of(official)
        ],
        accounts=[
            (_NETWORKS[network][0], f"{_NETWORKS[network][1]}{handle}")
            for network, handle in official.social
            if network in _NETWORKS and rules.safe_address(f"{_NETWORKS[network][1]}{handle}")
        ],
        is_demo=official.is_demo,
    )


def _before(official: Official, origins: _Origins) -> list[Term]:
    """The seats that somebody held before."""
    names = lookup.names_of(division for division, *_rest in official.past_terms)
    return [
        Term(str(ROLES[role_of(division, chamber)]), names[division], begins, ends, origins.of(""))
        for division, chamber, begins, ends in official.past_terms
    ]


def of_lawmaker(row: Lawmaker, terms: Sequence[LawmakerTerm], *, sites: Iterable[Site] = ()) -> Portrait:
    """One of the coalition's own."""
    origin = _own_origin(row.source, row.as_of)
    kinds = {"phone": "phone", "email": "email", "contact_form": "web", "url": "web"}
    facts = [
        Fact(field, text, kinds.get(field, ""), origin)
        for field in ("party", "phone", "fax", "email", "contact_form", "url", "address", "hours")
        if (text := _shown(field, getattr(row, field)))
    ]
    place = ", ".join(part for part in (row.body, row.district, row.state) if part)
    now = Term(row.title or _("In office"), place, row.starts_on, row.ends_on, origin)
    others = [
        Term(
            term.title,
            ", ".join(p for p in (term.body, term.district) if p),
            term.starts_on,
            term.ends_on,
            origin,
            term.id,
        )
        for term in terms
    ]
    return Portrait(
        key=row.key,
        name=row.full_name,
        role=row.title or _("In office"),
        place=place,
        party=row.party,
        facts=facts,
        sites=list(sites),
        terms=[now, *others],
        is_own=True,
        is_away=row.archived_at is not None,
    )


def site_of(row: LawmakerOffice) -> Site:
    """An office that the coalition noted."""
    return Site(
        row.kind,
        row.city,
        row.address,
        row.phone,
        row.fax,
        row.hours,
        _own_origin("", row.checked_on),
        row.public_id,
    )


def own_origin(checked_on: date) -> Origin:
    """The origin of what the coalition noted itself."""
    return _own_origin("", checked_on)


class _Origins:
    """The source and day of each field of somebody whom a pack names."""

    def __init__(self, official: Official) -> None:
        self._today = clock.now().date()
        self._official = official
        self._taken: Mapping[str, tuple[str, date | None]] = {
            field: (source, as_of) for field, source, as_of in official.taken
        }

    def of(self, field: str) -> Origin:
        source, as_of = self._taken.get(field, (self._official.source, self._official.as_of))
        if source == EDITOR:  # holds until an editor lifts it, however old
            return Origin(_("an editor of this site"), as_of, is_stale=False, is_pinned=True)
        return Origin(source, as_of, rules.is_stale(as_of, self._today))


def _own_origin(source: str, as_of: date) -> Origin:
    return Origin(source or _("your coalition"), as_of, rules.is_stale(as_of, clock.now().date()))


def _shown(field: str, value: Any) -> str:  # noqa: ANN401 - text or nothing
    """What may stand on a page: a web address only when it is one."""
    if field in {"contact_form", "url"}:
        return rules.safe_address(value) or ""
    return value or ""
