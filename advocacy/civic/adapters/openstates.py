"""Open States API v3: people, bills, events, committees of the states and Congress. Needs a key.

Its default tier is 10 calls a minute and 250 a day, refused calls count, and no answer says what is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from advocacy.civic import rules
from advocacy.civic.adapters import openstates_bills as bills
from advocacy.civic.adapters import openstates_shapes as shapes
from advocacy.civic.adapters.ports import (
    Divisions,
    FoundBill,
    FoundCommittee,
    FoundEvent,
    FoundJurisdiction,
    FoundPerson,
    Item,
    NoSuchThing,
    Page,
    Spot,
    all_pages,
    is_near_the_states,
    type_ask,
)
from advocacy.civic.models import Layer
from advocacy.core import logs

log = logs.get("civic")
NAME = "openstates"
GEO, PEOPLE, BILLS, EVENTS, COMMITTEES = "geo", "people", "bills", "events", "committees"
_CUT_AT = 10
"""``people.geo`` gives at most ten people and says that there are no more."""
_PEOPLE_PAGE, _PAGE, _PLACES_PAGE = 50, 20, 52
_MOST_PAGES = 200
_INCLUDE = ["offices", "links", "other_identifiers"]
_OF_BILL = ["actions", "sponsorships", "versions"]
_OF_EVENT = ["sources", "participants", "agenda"]
_BILL_NUMBER = re.compile(r"\w{1,3}\s*\d{1,5}")
_PLAIN_WORD = re.compile(r"\A[^\W\d]{4,}\Z")


def search_words(words: str) -> str:
    """Words in an order that the search takes for words: what begins like a bill number is taken for one."""
    given = words.split()
    text = " ".join(given)
    if not _BILL_NUMBER.match(text) or _BILL_NUMBER.fullmatch(text):
        return text
    first = next((word for word in given if _PLAIN_WORD.match(word)), None)
    if first is None:
        return text
    given.remove(first)
    return " ".join([first, *given])


def resolve(people: Sequence[FoundPerson]) -> Divisions:
    """The divisions that these people of one point sit for."""
    ids = tuple(dict.fromkeys(one.division_id for one in people if rules.canonical(one.division_id)))
    return Divisions(ids, tuple(people), is_complete=len(people) < _CUT_AT)


class OpenStates:
    """Divisions of a point, people, bills, events and committees."""

    def __init__(self, ask: type_ask) -> None:
        self._ask = ask

    # --- places and people

    def divisions_at(self, lat: float, lng: float) -> Divisions:
        """Where a point lies, by who sits there; incomplete when ten people come.

        Raises: SourceError.
        """
        if not is_near_the_states(lat, lng):
            return Divisions(())
        params = {"lat": f"{lat:.6f}", "lng": f"{lng:.6f}", "include": _INCLUDE}
        return resolve(shapes.people_page(self._ask(GEO, "/people.geo", params)).items)

    def people_at(self, lat: float, lng: float, known: Sequence[str]) -> tuple[FoundPerson, ...]:
        """Everybody who sits for a point; where the provider cuts, each division known from a pack is asked for.

        Raises: SourceError.
        """
        found = self.divisions_at(lat, lng)
        people = {person.key: person for person in found.people}
        if not found.is_complete:
            for ocd_id in known:
                people.update({person.key: person for person in self.people(ocd_id)})
        return tuple(people.values())

    def people(self, division_id: str) -> tuple[FoundPerson, ...]:
        """Who sits for a division.

        Raises: SourceError.
        """
        params = _seat(division_id)
        if params is None:
            return ()
        found = all_pages(lambda page: self._people(params, page), lambda person: person.key)
        return tuple(person for person in found if person.division_id == division_id)

    def _people(self, params: Mapping[str, Any], page: int) -> Page[FoundPerson]:
        full = {**params, "include": _INCLUDE, "per_page": _PEOPLE_PAGE, "page": page}
        return shapes.people_page(self._ask(PEOPLE, "/people", full))

    def jurisdictions(self) -> Iterator[FoundJurisdiction]:
        """Every state's legislature with its sessions.

        Raises: SourceError.
        """
        params = {"classification": "state", "include": "legislative_sessions", "per_page": _PLACES_PAGE}
        return all_pages(
            lambda page: shapes.jurisdictions_page(self._ask(PEOPLE, "/jurisdictions", {**params, "page": page})),
            lambda found: found.key,
        )

    # --- bills, events, committees

    def bills_since(self, jurisdiction: str, since: str) -> Iterator[FoundBill]:
        """Bills changed since an instant, oldest change first.

        Bills that change between two pages move to the end, and others slip over the edge. So each page begins at the
        time of the last bill before it; only where a page holds one and the same time is the next number asked for.

        Raises: SourceError.
        """
        params = {"jurisdiction": jurisdiction, "sort": "updated_asc", "include": _OF_BILL}
        seen: set[tuple[str, str]] = set()
        number = 1
        for _call in range(_MOST_PAGES):
            try:
                page = self._bills_page({**params, "updated_since": since}, number)
            except NoSuchThing:
                if number == 1:
                    raise
                return
            for found in page.items:
                if (found.key, found.updated_at) not in seen:
                    seen.add((found.key, found.updated_at))
                    yield found
            if number >= page.last_page or not page.items:
                return
            newest = page.items[-1].updated_at
            since, number = (newest, 1) if newest > since else (since, number + 1)

    def search_bills(self, jurisdiction: str, words: str) -> Iterator[FoundBill]:
        """Bills whose text holds the words.

        Raises: SourceError.
        """
        return self._bills({"jurisdiction": jurisdiction, "q": search_words(words)})

    def bill(self, jurisdiction: str, session: str, identifier: str) -> FoundBill:
        """One bill with its actions.

        Raises: SourceError; NoSuchThing when there is none.
        """
        path = "/".join(quote(part, safe="") for part in (jurisdiction, session, identifier.replace(" ", "")))
        return bills.bill(self._ask(BILLS, f"/bills/{path}", {"include": _OF_BILL}))

    def _bills(self, params: Mapping[str, Any]) -> Iterator[FoundBill]:
        return all_pages(lambda page: self._bills_page(params, page), lambda bill: bill.key)

    def _bills_page(self, params: Mapping[str, Any], page: int) -> Page[FoundBill]:
        found = bills.bills_page(self._ask(BILLS, "/bills", {**params, "per_page": _PAGE, "page": page}))
        return _noted(found, BILLS)

    def events_after(self, jurisdiction: str, after: str, spot: Spot | None = None) -> Iterator[FoundEvent]:
        """Hearings about bills from an instant (UTC) on; ``spot`` says where to begin, and where it failed.

        Deleted ones leave the list in silence, so they are asked for apart.

        Raises: SourceError.
        """
        spot = spot or Spot()
        params = {"jurisdiction": jurisdiction, "after": after, "require_bills": "true", "include": _OF_EVENT}
        seen: set[str] = set()
        while True:
            try:
                page = self._events_page(params, spot)
            except NoSuchThing:
                if spot.page == 1:
                    raise
                page = Page((), spot.page, spot.page)  # the list grew shorter
            for found in page.items:
                if found.key not in seen:
                    seen.add(found.key)
                    yield found
            if page.items and spot.page < min(page.last_page, _MOST_PAGES):
                spot.page += 1
            elif spot.is_deleted:
                return
            else:
                spot.is_deleted, spot.page = True, 1

    def event(self, key: str) -> FoundEvent:
        """One hearing by its key.

        Raises: SourceError; NoSuchThing when it is gone.
        """
        return bills.event(self._ask(EVENTS, f"/events/{quote(key, safe='/')}", {"include": _OF_EVENT}))

    def _events_page(self, params: Mapping[str, Any], spot: Spot) -> Page[FoundEvent]:
        full = {**params, "deleted": str(spot.is_deleted).lower(), "per_page": _PAGE, "page": spot.page}
        return _noted(bills.events_page(self._ask(EVENTS, "/events", full)), EVENTS)

    def committees(self, jurisdiction: str) -> Iterator[FoundCommittee]:
        """The committees of a legislature with their members.

        Raises: SourceError.
        """
        params = {"jurisdiction": jurisdiction, "include": "memberships", "per_page": _PAGE}
        return all_pages(
            lambda page: shapes.committees_page(self._ask(COMMITTEES, "/committees", {**params, "page": page})),
            lambda found: found.key,
        )


def _noted(page: Page[Item], route: str) -> Page[Item]:
    if page.unread:
        log.warning("items_unread", source=NAME, route=route, count=len(page.unread), field=page.unread[0])
    return page


def _seat(division_id: str) -> dict[str, str] | None:
    """The question for the people of one division: its words are a jurisdiction and a district."""
    place = rules.place_of(division_id)
    if place is None:
        return None
    layer = rules.layer_of(division_id)
    if layer in {Layer.UPPER, Layer.LOWER}:
        return {
            "jurisdiction": place.code.lower(),
            "district": _district(rules.short_number(division_id)),
            "org_classification": _body(place.code, layer),
        }
    if layer is Layer.HOUSE or place.kind != "state":
        number = rules.short_number(division_id) if layer is Layer.HOUSE else "at-large"
        district = f"{place.code}-{'AL' if number == 'at-large' else number}"
        return {"jurisdiction": "us", "district": district, "org_classification": "lower"}
    return {"jurisdiction": "us", "district": place.name, "org_classification": "upper"}


def _district(number: str) -> str:
    """A district as the provider names it: ``34A``, ``Rockingham 13``."""
    return number.upper() if len(number) <= 4 else number.replace("_", " ").title()  # noqa: PLR2004 - numbers with letters


def _body(code: str, layer: Layer) -> str:
    if code == "NE":
        return "legislature"
    return "upper" if layer is Layer.UPPER else "lower"
