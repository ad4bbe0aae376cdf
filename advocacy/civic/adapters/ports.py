"""What civic asks of the outside, and what it gets: geocoders, resolvers and sources, joined only by division ids."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from advocacy.civic.models import Chamber, Layer

Item = TypeVar("Item")
type_ask = Callable[[str, str, Mapping[str, Any]], Any]
"""Ask one provider: route group (its circuit breaker), path, parameters; gives JSON. Raises: SourceError."""


class SourceError(Exception):
    """A provider gave nothing usable; ``code`` says why, never what was asked."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NoSuchThing(SourceError):
    """The provider works and knows nothing by this name (404), or the page is past the end."""

    def __init__(self) -> None:
        super().__init__("not_found")


class ProviderDataError(SourceError):
    """An answer has another shape than the provider documents; ``field`` is the path, never the value."""

    def __init__(self, field: str) -> None:
        super().__init__("shape")
        self.field = field

    def __str__(self) -> str:
        """The path only."""
        return f"shape: {self.field}"


@dataclass(frozen=True)
class Match:
    """A point that an address may mean. It lives in memory only.

    ``houses`` gives the House division by number of Congress; ``codes`` are Census codes of state legislative
    districts, for the crosswalk; ``divisions`` is what a geocoder that speaks division ids said itself.
    """

    lat: float | None = field(default=None, repr=False)
    lng: float | None = field(default=None, repr=False)
    houses: Mapping[int, str] = field(default_factory=dict)
    codes: tuple[tuple[Layer, str], ...] = ()
    divisions: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundOffice:
    """A place where an official can be reached; never a home."""

    kind: str
    name: str = ""
    address: str = ""
    phone: str = ""
    fax: str = ""


@dataclass(frozen=True)
class FoundPerson:
    """Somebody in office, as a provider describes them. ``chamber`` is empty for seats we do not look up."""

    key: str
    name: str
    given_name: str
    family_name: str
    party: str
    division_id: str
    chamber: Chamber | None
    title: str = ""
    district: str = ""
    email: str = ""
    contact_form: str = ""
    url: str = ""
    photo_url: str = ""
    bioguide: str = ""
    offices: tuple[FoundOffice, ...] = ()
    updated_at: str = ""


@dataclass(frozen=True)
class Divisions:
    """Where a point lies by a provider's word; incomplete where the provider is known to cut."""

    ids: tuple[str, ...]
    people: tuple[FoundPerson, ...] = ()
    is_complete: bool = True


@dataclass(frozen=True)
class FoundAction:
    """A step of a bill."""

    key: str
    on: str
    text: str
    kinds: tuple[str, ...] = ()
    body: str = ""


@dataclass(frozen=True)
class FoundVersion:
    """A printed text of a bill; the day may be missing."""

    label: str
    on: str = ""
    url: str = ""


@dataclass(frozen=True)
class FoundSponsor:
    """Who put a bill in."""

    name: str
    person_key: str = ""
    is_primary: bool = False


@dataclass(frozen=True)
class FoundBill:
    """A bill. Dates are as given: days, sometimes with a time."""

    key: str
    jurisdiction: str
    session: str
    identifier: str
    title: str
    chamber: str = ""
    subjects: tuple[str, ...] = ()
    url: str = ""
    updated_at: str = ""
    latest_action_on: str = ""
    latest_action: str = ""
    actions: tuple[FoundAction, ...] = ()
    sponsors: tuple[FoundSponsor, ...] = ()
    versions: tuple[FoundVersion, ...] = ()


@dataclass(frozen=True)
class FoundEvent:
    """A hearing or meeting; ``starts`` is an instant or a day alone (``all_day``), as the provider wrote it."""

    key: str
    name: str
    starts: str
    status: str
    jurisdiction: str = ""
    ends: str = ""
    all_day: bool = False
    is_deleted: bool = False
    place: str = ""
    description: str = ""
    committees: tuple[str, ...] = ()
    bills: tuple[tuple[str, str], ...] = ()
    """(key, identifier); the key is empty where the provider could not resolve the bill."""
    url: str = ""


@dataclass(frozen=True)
class FoundCommittee:
    """A committee and who sits on it: (person key, name, role)."""

    key: str
    name: str
    kind: str = "committee"
    parent: str = ""
    members: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class FoundJurisdiction:
    """A legislature and its sessions."""

    key: str
    name: str
    kind: str
    division_id: str = ""
    sessions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Page(Generic[Item]):
    """A part of a list; ``unread`` names the first field that did not fit, of each item that was left out."""

    items: tuple[Item, ...]
    page: int
    last_page: int
    unread: tuple[str, ...] = ()


@dataclass
class Spot:
    """The page that is read next, of the list of hearings or of the deleted ones; the reader moves it."""

    is_deleted: bool = False
    page: int = 1


class Geocoder(Protocol):
    """An address to points."""

    def geocode(self, address: str, congress: int) -> tuple[Match, ...]:
        """Every place the address may mean; none when there is no such address.

        Raises: SourceError.
        """
        ...


class DivisionResolver(Protocol):
    """A point to divisions."""

    def divisions_at(self, lat: float, lng: float) -> Divisions:
        """Where a point lies.

        Raises: SourceError.
        """
        ...


class OfficeholderSource(Protocol):
    """A division to people."""

    def people(self, division_id: str) -> tuple[FoundPerson, ...]:
        """Who sits for a division.

        Raises: SourceError.
        """
        ...


class BillSource(Protocol):
    """Bills that changed."""

    def bills_since(self, jurisdiction: str, since: str) -> Iterator[FoundBill]:
        """Bills changed since an instant, oldest change first.

        Raises: SourceError.
        """
        ...


class EventSource(Protocol):
    """Hearings ahead."""

    def events_after(self, jurisdiction: str, after: str) -> Iterator[FoundEvent]:
        """Hearings from an instant on, cancelled and deleted ones among them.

        Raises: SourceError.
        """
        ...


class CommitteeSource(Protocol):
    """Committees."""

    def committees(self, jurisdiction: str) -> Iterator[FoundCommittee]:
        """The committees of a legislature.

        Raises: SourceError.
        """
        ...


_WEST, _EAST, _SOUTH, _NORTH = -64.0, 144.0, -15.0, 72.0


def is_near_the_states(lat: float, lng: float) -> bool:
    """Whether a point can lie in the United States at all: swapped or broken coordinates never leave the house."""
    if not (math.isfinite(lat) and math.isfinite(lng) and abs(lng) <= 180):  # noqa: PLR2004 - degrees
        return False
    return _SOUTH <= lat <= _NORTH and (lng <= _WEST or lng >= _EAST)


def all_pages(read: Callable[[int], Page[Item]], key: Callable[[Item], str], most: int = 100) -> Iterator[Item]:
    """Every item once: lists change between pages, and a page past the end is the end."""
    seen: set[str] = set()
    for number in range(1, most + 1):
        try:
            page = read(number)
        except NoSuchThing:
            if number == 1:
                raise
            return
        for item in page.items:
            if key(item) not in seen:
                seen.add(key(item))
                yield item
        if number >= page.last_page or not page.items:
            return
