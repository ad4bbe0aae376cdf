"""Open States API v3, bills and events: from JSON to our values. Pure; nothing here asks anybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import Field

from advocacy.civic.adapters.openstates_shapes import Link, List, Named, PersonRef
from advocacy.civic.adapters.ports import (
    FoundAction,
    FoundBill,
    FoundEvent,
    FoundSponsor,
    FoundVersion,
    Item,
    Page,
    ProviderDataError,
)
from advocacy.civic.adapters.shape import Shape, read, type_block, type_key, type_line, type_url


class _Action(Shape):
    id: type_line = ""
    date: type_line = ""
    description: type_block = ""
    classification: list[type_line] = Field(default_factory=list)
    organization: Named = Named()


class _Sponsor(Shape):
    name: type_line = ""
    person: PersonRef | None = None
    primary: bool = False


class _Version(Shape):
    note: type_line = ""
    date: type_line = ""
    links: list[Link] = Field(default_factory=list)


class _Bill(Shape):
    id: type_key
    session: type_line
    jurisdiction: Named
    from_organization: Named = Named()
    identifier: type_line
    title: type_block
    subject: list[type_line] = Field(default_factory=list)
    openstates_url: type_url = ""
    updated_at: type_line = ""
    latest_action_date: type_line = ""
    latest_action_description: type_block = ""
    actions: list[_Action] = Field(default_factory=list)
    sponsorships: list[_Sponsor] = Field(default_factory=list)
    versions: list[_Version] = Field(default_factory=list)


class _Location(Shape):
    name: type_line = ""


class _BillRef(Shape):
    id: type_line = ""
    identifier: type_line = ""


class _Entity(Shape):
    name: type_line = ""
    entity_type: type_line = ""
    bill: _BillRef | None = None


class _AgendaItem(Shape):
    related_entities: list[_Entity] = Field(default_factory=list)


class _Event(Shape):
    id: type_key
    name: type_line
    jurisdiction: Named = Named()
    description: type_block = ""
    start_date: type_key
    end_date: type_line = ""
    all_day: bool = False
    status: type_line = ""
    deleted: bool = False
    location: _Location | None = None
    sources: list[Link] = Field(default_factory=list)
    participants: list[_Entity] = Field(default_factory=list)
    agenda: list[_AgendaItem] = Field(default_factory=list)


def bills_page(answer: Any) -> Page[FoundBill]:  # noqa: ANN401 - JSON
    """Bills.

    Raises: ProviderDataError, as all of these; of a list only where no item can be read.
    """
    return _page(bill, answer)


def events_page(answer: Any) -> Page[FoundEvent]:  # noqa: ANN401 - JSON
    """Events."""
    return _page(event, answer)


def _page(parse: Callable[[Any], Item], answer: Any) -> Page[Item]:  # noqa: ANN401 - JSON
    """Each item by itself: a single bad one must not hide the others, nor make the source look broken."""
    found = read(List, answer)
    items: list[Item] = []
    unread: list[ProviderDataError] = []
    for one in found.results:
        try:
            items.append(parse(one))
        except ProviderDataError as error:
            unread.append(error)
    if unread and not items:
        raise unread[0]
    fields = tuple(error.field for error in unread)
    return Page(tuple(items), found.pagination.page, found.pagination.max_page, fields)


def bill(value: Any) -> FoundBill:  # noqa: ANN401 - JSON
    """One bill with what was asked of it."""
    found = read(_Bill, value)
    return FoundBill(
        key=found.id,
        jurisdiction=found.jurisdiction.id,
        session=found.session,
        identifier=found.identifier,
        title=found.title,
        chamber=found.from_organization.classification,
        subjects=tuple(found.subject),
        url=found.openstates_url,
        updated_at=found.updated_at,
        latest_action_on=found.latest_action_date,
        latest_action=found.latest_action_description,
        actions=tuple(
            FoundAction(one.id, one.date, one.description, tuple(one.classification), one.organization.name)
            for one in found.actions
        ),
        sponsors=tuple(
            FoundSponsor(one.name, one.person.id if one.person else "", one.primary) for one in found.sponsorships
        ),
        versions=tuple(
            FoundVersion(one.note, one.date, next((link.url for link in one.links if link.url), ""))
            for one in found.versions
        ),
    )


def event(value: Any) -> FoundEvent:  # noqa: ANN401 - JSON
    """One event; an agenda names bills with and without a key."""
    found = read(_Event, value)
    entities = [one for item in found.agenda for one in item.related_entities]
    bills = [
        (one.bill.id, one.bill.identifier) if one.bill else ("", one.name)
        for one in entities
        if one.entity_type == "bill" or one.bill
    ]
    hosts = [one.name for one in [*found.participants, *entities] if one.entity_type == "organization"]
    return FoundEvent(
        key=found.id,
        name=found.name,
        starts=found.start_date,
        status=found.status,
        jurisdiction=found.jurisdiction.id,
        ends=found.end_date,
        all_day=found.all_day or "T" not in found.start_date,
        is_deleted=found.deleted,
        place=found.location.name if found.location else "",
        description=found.description,
        committees=tuple(dict.fromkeys(hosts)),
        bills=tuple(dict.fromkeys(bills)),
        url=next((one.url for one in found.sources if one.url), ""),
    )
