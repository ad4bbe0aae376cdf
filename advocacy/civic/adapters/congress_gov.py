"""Congress.gov API v3: members, bills and committee meetings of Congress. Needs a key; 5,000 calls an hour.

Source: LibraryOfCongress/api.congress.gov at 58e157d (2026-06-09), README and Documentation/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from advocacy.civic import rules
from advocacy.civic.adapters.ports import (
    FoundAction,
    FoundBill,
    FoundEvent,
    FoundPerson,
    FoundSponsor,
    NoSuchThing,
    Page,
    SourceError,
    all_pages,
    type_ask,
)
from advocacy.civic.adapters.shape import CamelShape, read, type_block, type_key, type_line, type_url
from advocacy.civic.models import Chamber
from advocacy.civic.places import BY_CODE

NAME = "congress_gov"
PEOPLE, BILLS, MEETINGS = "people", "bills", "meetings"
_PAGE = 250
"""With small pages the member list repeated and lost people."""
_JURISDICTION = "ocd-jurisdiction/country:us/government"
_BY_NAME = {place.name: place for place in BY_CODE.values()}
_SAFE = re.compile(r"\A[A-Za-z0-9]{1,30}\Z")
_SINGLE = ("0", "00", "98")


class _Pages(CamelShape):
    count: int = 0


class _Members(CamelShape):
    members: list[dict[str, Any]]
    pagination: _Pages = _Pages()


class _Term(CamelShape):
    chamber: type_line = ""


class _Terms(CamelShape):
    item: list[_Term] = Field(default_factory=list)


class _Picture(CamelShape):
    image_url: type_url = ""


class _Member(CamelShape):
    bioguide_id: type_key
    name: type_line
    state: type_line
    district: int | None = None
    party_name: type_line = ""
    terms: _Terms = _Terms()
    depiction: _Picture | None = None
    update_date: type_line = ""


class _Step(CamelShape):
    action_date: type_line = ""
    text: type_block = ""
    type: type_line = ""
    action_code: type_line = ""


class _Sponsor(CamelShape):
    bioguide_id: type_line = ""
    full_name: type_line = ""


class _Bill(CamelShape):
    congress: int
    number: type_key
    type: type_key
    title: type_block = ""
    origin_chamber: type_line = ""
    latest_action: _Step | None = None
    sponsors: list[_Sponsor] = Field(default_factory=list)
    update_date: type_line = ""
    update_date_including_text: type_line = ""


class _Bills(CamelShape):
    bills: list[dict[str, Any]]
    pagination: _Pages = _Pages()


class _OneBill(CamelShape):
    bill: dict[str, Any]


class _Actions(CamelShape):
    actions: list[_Step]


class _MeetingRef(CamelShape):
    event_id: type_key
    chamber: type_line = ""


class _Meetings(CamelShape):
    committee_meetings: list[_MeetingRef]
    pagination: _Pages = _Pages()


class _Committee(CamelShape):
    name: type_line = ""
    system_code: type_line = ""


class _Place(CamelShape):
    room: type_line = ""
    building: type_line = ""


class _Related(CamelShape):
    bills: list[dict[str, Any]] = Field(default_factory=list)


class _Meeting(CamelShape):
    event_id: type_key
    title: type_block = ""
    type: type_line = ""
    meeting_status: type_line = ""
    date: type_key
    committees: list[_Committee] = Field(default_factory=list)
    location: _Place | None = None
    related_items: _Related = _Related()


class _OneMeeting(CamelShape):
    committee_meeting: _Meeting


def parse_members(answer: Any) -> tuple[FoundPerson, ...]:  # noqa: ANN401 - JSON
    """Members of Congress; those of places we do not know are left out.

    Raises: ProviderDataError, as all of these.
    """
    found = [_member(read(_Member, one)) for one in read(_Members, answer).members]
    return tuple(person for person in found if person is not None)


def parse_bills(answer: Any) -> tuple[FoundBill, ...]:  # noqa: ANN401 - JSON
    """A list of bills."""
    return tuple(_bill(read(_Bill, one), ()) for one in read(_Bills, answer).bills)


def parse_bill(answer: Any, actions: Any = None) -> FoundBill:  # noqa: ANN401 - JSON
    """One bill, with its actions where they were asked for; newest first there, oldest first here."""
    steps = read(_Actions, actions).actions if actions is not None else []
    found = tuple(
        FoundAction(f"{one.action_date}:{one.action_code}:{one.text[:60]}", one.action_date, one.text, (one.type,))
        for one in reversed(steps)
    )
    return _bill(read(_Bill, read(_OneBill, answer).bill), found)


def parse_meeting(answer: Any) -> FoundEvent:  # noqa: ANN401 - JSON
    """One meeting or hearing ahead."""
    found = read(_OneMeeting, answer).committee_meeting
    bills = [read(_Bill, one) for one in found.related_items.bills]
    where = found.location
    return FoundEvent(
        key=found.event_id,
        name=found.title or found.type,
        starts=found.date,
        status=found.meeting_status.lower(),
        jurisdiction=_JURISDICTION,
        all_day="T" not in found.date,
        place=", ".join(part for part in (where.room, where.building) if part) if where else "",
        committees=tuple(one.name or one.system_code for one in found.committees),
        bills=tuple((_bill_key(one), _identifier(one)) for one in bills),
    )


def _member(found: _Member) -> FoundPerson | None:
    place = _BY_NAME.get(found.state) or BY_CODE.get(found.state)
    if place is None:
        return None
    last = found.terms.item[-1].chamber if found.terms.item else ""
    is_senator = last == "Senate" or (not last and found.district is None)
    number = "at-large" if str(found.district or 0) in _SINGLE else str(found.district)
    ocd_id = place.ocd_id if is_senator else rules.house_id(place, number)
    if ocd_id is None:
        return None
    family, _, given = found.name.partition(", ")
    return FoundPerson(
        key=found.bioguide_id,
        name=f"{given} {family}".strip(),
        given_name=given,
        family_name=family,
        party=found.party_name,
        division_id=ocd_id,
        chamber=Chamber.US_SENATE if is_senator else Chamber.US_HOUSE,
        photo_url=found.depiction.image_url if found.depiction else "",
        bioguide=found.bioguide_id,
        updated_at=found.update_date,
    )


def _identifier(found: _Bill) -> str:
    return f"{found.type.upper()} {found.number}"


def _bill_key(found: _Bill) -> str:
    return f"{found.congress}/{found.type.lower()}/{found.number}"


def _bill(found: _Bill, actions: tuple[FoundAction, ...]) -> FoundBill:
    latest = found.latest_action or _Step()
    return FoundBill(
        key=_bill_key(found),
        jurisdiction=_JURISDICTION,
        session=str(found.congress),
        identifier=_identifier(found),
        title=found.title,
        chamber=found.origin_chamber.lower(),
        updated_at=found.update_date_including_text or found.update_date,
        latest_action_on=latest.action_date,
        latest_action=latest.text,
        actions=actions,
        sponsors=tuple(FoundSponsor(one.full_name, one.bioguide_id, is_primary=True) for one in found.sponsors),
    )


class CongressGov:
    """Members, bills and meetings of one Congress."""

    def __init__(self, ask: type_ask, congress: int) -> None:
        self._ask = ask
        self._congress = congress

    def people(self, division_id: str) -> tuple[FoundPerson, ...]:
        """Who sits for a House division, or for a state in the Senate.

        Raises: SourceError.
        """
        place = rules.place_of(division_id)
        if place is None:
            return ()
        path = f"/v3/member/{place.code}"
        if rules.is_house(division_id):
            number = rules.short_number(division_id) if place.house_id is None else "0"
            path = f"/v3/member/congress/{self._congress}/{place.code}/{number}"
        answer = self._ask(PEOPLE, path, self._params(0, currentMember="true"))
        return tuple(person for person in parse_members(answer) if person.division_id == division_id)

    def bills_since(self, jurisdiction: str, since: str) -> Iterator[FoundBill]:
        """Bills changed since an instant, oldest change first.

        Raises: SourceError.
        """
        if jurisdiction not in {_JURISDICTION, "us"}:
            return iter(())
        path = f"/v3/bill/{self._congress}"
        return self._pages(BILLS, path, parse_bills, lambda bill: bill.key, fromDateTime=since, sort="updateDate+asc")

    def bill(self, kind: str, number: str) -> FoundBill:
        """One bill with its actions: two calls.

        Raises: SourceError.
        """
        if not (_SAFE.match(kind) and _SAFE.match(number)):
            raise NoSuchThing
        path = f"/v3/bill/{self._congress}/{kind.lower()}/{number}"
        return parse_bill(self._ask(BILLS, path, self._params(0)), self._ask(BILLS, f"{path}/actions", self._params(0)))

    def events_after(self, jurisdiction: str, after: str) -> Iterator[FoundEvent]:
        """Meetings changed since an instant: the list has ids only, so each is a call; one bad record is passed over.

        Raises: SourceError.
        """
        if jurisdiction not in {_JURISDICTION, "us"}:
            return
        path = f"/v3/committee-meeting/{self._congress}"
        refs = self._pages(
            MEETINGS, path, lambda answer: read(_Meetings, answer).committee_meetings, lambda ref: ref.event_id,
            fromDateTime=after,
        )  # fmt: skip
        for ref in refs:
            chamber = ref.chamber.lower()
            if chamber in {"house", "senate", "nochamber"} and _SAFE.match(ref.event_id):
                try:
                    answer = self._ask(MEETINGS, f"{path}/{chamber}/{ref.event_id}", self._params(0))
                    yield parse_meeting(answer)
                except SourceError as error:
                    if error.code not in {"server", "shape", "not_found"}:
                        raise

    def _pages(self, group: str, path: str, parse: Any, key: Any, **more: str) -> Iterator[Any]:  # noqa: ANN401 - each list its own
        def one(number: int) -> Page[Any]:
            answer = self._ask(group, path, self._params((number - 1) * _PAGE, **more))
            items = tuple(parse(answer))
            return Page(items, number, -(-read(_Counted, answer).pagination.count // _PAGE))

        return all_pages(one, key)

    def _params(self, offset: int, **more: str) -> Mapping[str, Any]:
        return {"format": "json", "limit": _PAGE, "offset": offset, **more}


class _Counted(CamelShape):
    pagination: _Pages = _Pages()
