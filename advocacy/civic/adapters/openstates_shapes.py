"""Open States API v3: from JSON to our values. Pure; nothing here asks anybody.

Source: openstates/api-v3 at 820f7fa (2025-01-10), answers recorded from it.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from advocacy.civic import rules
from advocacy.civic.adapters.ports import (
    FoundAction,
    FoundBill,
    FoundCommittee,
    FoundEvent,
    FoundJurisdiction,
    FoundOffice,
    FoundPerson,
    FoundSponsor,
    Page,
)
from advocacy.civic.adapters.shape import Shape, read, type_block, type_key, type_line, type_mail, type_url
from advocacy.civic.models import Chamber, Layer

_FEDERAL = "ocd-jurisdiction/country:us/government"
_OFFICES = frozenset({"capitol", "capitol-mail", "district", "district-mail", "primary"})
"""The classes that are published; ``home`` is never read, and nothing unknown either."""


class _Named(Shape):
    id: type_line = ""
    name: type_line = ""
    classification: type_line = ""


class _Role(Shape):
    title: type_line = ""
    org_classification: type_line = ""
    district: type_line = ""
    division_id: type_line = ""


class _Office(Shape):
    name: type_line = ""
    fax: type_line = ""
    voice: type_line = ""
    address: type_line = ""
    classification: type_line = ""


class _Identifier(Shape):
    identifier: type_line = ""
    scheme: type_line = ""


class _Link(Shape):
    url: type_url = ""
    note: type_line = ""


class _Person(Shape):
    id: type_key
    name: type_line
    party: type_line = ""
    current_role: _Role | None = None
    jurisdiction: _Named
    given_name: type_line = ""
    family_name: type_line = ""
    image: type_url = ""
    email: type_line = ""
    updated_at: type_line = ""
    offices: list[_Office] = Field(default_factory=list)
    links: list[_Link] = Field(default_factory=list)
    other_identifiers: list[_Identifier] = Field(default_factory=list)


class _Pagination(Shape):
    page: int
    max_page: int


class _List(Shape):
    results: list[dict[str, Any]]
    pagination: _Pagination


class _Mail(Shape):
    email: type_mail = ""
    form: type_url = Field("", alias="email_")


class _Action(Shape):
    id: type_line = ""
    date: type_line = ""
    description: type_block = ""
    classification: list[type_line] = Field(default_factory=list)
    organization: _Named = _Named()


class _PersonRef(Shape):
    id: type_line = ""


class _Sponsor(Shape):
    name: type_line = ""
    person: _PersonRef | None = None
    primary: bool = False


class _Bill(Shape):
    id: type_key
    session: type_line
    jurisdiction: _Named
    from_organization: _Named = _Named()
    identifier: type_line
    title: type_block
    subject: list[type_line] = Field(default_factory=list)
    openstates_url: type_url = ""
    updated_at: type_line = ""
    latest_action_date: type_line = ""
    latest_action_description: type_block = ""
    actions: list[_Action] = Field(default_factory=list)
    sponsorships: list[_Sponsor] = Field(default_factory=list)


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
    jurisdiction: _Named = _Named()
    description: type_block = ""
    start_date: type_key
    end_date: type_line = ""
    all_day: bool = False
    status: type_line = ""
    deleted: bool = False
    location: _Location | None = None
    sources: list[_Link] = Field(default_factory=list)
    participants: list[_Entity] = Field(default_factory=list)
    agenda: list[_AgendaItem] = Field(default_factory=list)


class _Membership(Shape):
    person_name: type_line = ""
    role: type_line = ""
    person: _PersonRef | None = None


class _Committee(Shape):
    id: type_key
    name: type_line
    classification: type_line = "committee"
    parent_id: type_line = ""
    memberships: list[_Membership] = Field(default_factory=list)


class _Session(Shape):
    identifier: type_line
    name: type_line = ""


class _Jurisdiction(Shape):
    id: type_key
    name: type_line
    classification: type_line = ""
    division_id: type_line = ""
    legislative_sessions: list[_Session] = Field(default_factory=list)


# --- lists ---------------------------------------------------------------------------------------------------------


def people_page(answer: Any) -> Page[FoundPerson]:  # noqa: ANN401 - JSON
    """People, in any of the lists.

    Raises: ProviderDataError, as all of these.
    """
    found = read(_List, answer)
    return Page(tuple(person(item) for item in found.results), found.pagination.page, found.pagination.max_page)


def bills_page(answer: Any) -> Page[FoundBill]:  # noqa: ANN401 - JSON
    """Bills."""
    found = read(_List, answer)
    return Page(tuple(bill(item) for item in found.results), found.pagination.page, found.pagination.max_page)


def events_page(answer: Any) -> Page[FoundEvent]:  # noqa: ANN401 - JSON
    """Events."""
    found = read(_List, answer)
    return Page(tuple(event(item) for item in found.results), found.pagination.page, found.pagination.max_page)


def committees_page(answer: Any) -> Page[FoundCommittee]:  # noqa: ANN401 - JSON
    """Committees."""
    found = read(_List, answer)
    return Page(tuple(committee(item) for item in found.results), found.pagination.page, found.pagination.max_page)


def jurisdictions_page(answer: Any) -> Page[FoundJurisdiction]:  # noqa: ANN401 - JSON
    """Jurisdictions."""
    found = read(_List, answer)
    return Page(tuple(jurisdiction(item) for item in found.results), found.pagination.page, found.pagination.max_page)


# --- single things -------------------------------------------------------------------------------------------------


def person(value: Any) -> FoundPerson:  # noqa: ANN401 - JSON
    """One person."""
    found = read(_Person, value)
    role = found.current_role or _Role()
    ocd_id = rules.canonical(role.division_id) or role.division_id
    reach = read(_Mail, {"email": found.email, "email_": found.email})
    return FoundPerson(
        key=found.id,
        name=found.name,
        given_name=found.given_name,
        family_name=found.family_name,
        party=found.party,
        division_id=ocd_id,
        chamber=_chamber(found.jurisdiction.id, role, ocd_id),
        title=role.title,
        district=role.district,
        email=reach.email,
        contact_form=reach.form,  # members of Congress carry the address of a form where an e-mail stands
        url=next((link.url for link in found.links if link.url), ""),
        photo_url=found.image,
        bioguide=next((one.identifier for one in found.other_identifiers if one.scheme == "bioguide"), ""),
        offices=tuple(
            FoundOffice(one.classification, one.name, one.address, one.voice, one.fax)
            for one in found.offices
            if one.classification in _OFFICES
        ),
        updated_at=found.updated_at,
    )


def _chamber(where: str, role: _Role, ocd_id: str) -> Chamber | None:
    """The chamber of a seat that we look up; a council of DC, a governor or a mayor has none."""
    kind = role.org_classification
    if where == _FEDERAL:
        return {"upper": Chamber.US_SENATE, "lower": Chamber.US_HOUSE}.get(kind)
    if kind not in {"upper", "lower", "legislature"} or rules.canonical(ocd_id) is None:
        return None
    return {Layer.UPPER: Chamber.STATE_UPPER, Layer.LOWER: Chamber.STATE_LOWER}.get(rules.layer_of(ocd_id))


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


def committee(value: Any) -> FoundCommittee:  # noqa: ANN401 - JSON
    """One committee."""
    found = read(_Committee, value)
    members = tuple((one.person.id if one.person else "", one.person_name, one.role) for one in found.memberships)
    return FoundCommittee(found.id, found.name, found.classification, found.parent_id, members)


def jurisdiction(value: Any) -> FoundJurisdiction:  # noqa: ANN401 - JSON
    """One jurisdiction."""
    found = read(_Jurisdiction, value)
    sessions = tuple((one.identifier, one.name) for one in found.legislative_sessions)
    return FoundJurisdiction(found.id, found.name, found.classification, found.division_id, sessions)
