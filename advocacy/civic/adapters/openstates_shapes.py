"""Open States API v3, people and their places: from JSON to our values. Pure; nothing here asks anybody.

Source: openstates/api-v3 at 820f7fa (2025-01-10), answers recorded from it.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from advocacy.civic import rules
from advocacy.civic.adapters.ports import (
    FoundCommittee,
    FoundJurisdiction,
    FoundOffice,
    FoundPerson,
    Page,
)
from advocacy.civic.adapters.shape import Shape, read, type_key, type_line, type_mail, type_url
from advocacy.civic.models import Chamber, Layer

_FEDERAL = "ocd-jurisdiction/country:us/government"
_OFFICES = frozenset({"capitol", "capitol-mail", "district", "district-mail", "primary"})
"""The classes that are published; ``home`` is never read, and nothing unknown either."""


class Named(Shape):
    """Something with an id, a name and a kind."""

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


class Link(Shape):
    """A web address."""

    url: type_url = ""
    note: type_line = ""


class _Person(Shape):
    id: type_key
    name: type_line
    party: type_line = ""
    current_role: _Role | None = None
    jurisdiction: Named
    given_name: type_line = ""
    family_name: type_line = ""
    image: type_url = ""
    email: type_line = ""
    updated_at: type_line = ""
    offices: list[_Office] = Field(default_factory=list)
    links: list[Link] = Field(default_factory=list)
    other_identifiers: list[_Identifier] = Field(default_factory=list)


class _Pagination(Shape):
    page: int
    max_page: int


class List(Shape):
    """A page of results."""

    results: list[dict[str, Any]]
    pagination: _Pagination


class _Mail(Shape):
    email: type_mail = ""
    form: type_url = Field("", alias="email_")


class PersonRef(Shape):
    """A person by id."""

    id: type_line = ""


class _Membership(Shape):
    person_name: type_line = ""
    role: type_line = ""
    person: PersonRef | None = None


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
    found = read(List, answer)
    return Page(tuple(person(item) for item in found.results), found.pagination.page, found.pagination.max_page)


def committees_page(answer: Any) -> Page[FoundCommittee]:  # noqa: ANN401 - JSON
    """Committees."""
    found = read(List, answer)
    return Page(tuple(committee(item) for item in found.results), found.pagination.page, found.pagination.max_page)


def jurisdictions_page(answer: Any) -> Page[FoundJurisdiction]:  # noqa: ANN401 - JSON
    """Jurisdictions."""
    found = read(List, answer)
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
