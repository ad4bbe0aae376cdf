"""Represent (Open North): people of Canada by postal code or point. Experimental: no recorded answers. Keyless.

60 calls a minute, over it 503. Several ridings for one code: both lists together, and the visitor is asked.

Source: opennorth/represent-canada at 4ea72c9 (2025-08-29), finder/templates/api.html.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import Field

from advocacy.civic.adapters.ports import FoundOffice, FoundPerson, NoSuchThing, type_ask
from advocacy.civic.adapters.shape import Shape, read, type_line, type_mail, type_url

NAME = "represent"
PEOPLE = "people"
_CODE = re.compile(r"\A[A-Z][0-9][A-Z][0-9][A-Z][0-9]\Z")
_NORTH, _SOUTH, _WEST, _EAST = 84.0, 41.0, -142.0, -52.0


class _Office(Shape):
    type: type_line = ""
    tel: type_line = ""
    fax: type_line = ""
    postal: type_line = ""


class _Person(Shape):
    name: type_line
    elected_office: type_line = ""
    district_name: type_line = ""
    party_name: type_line = ""
    email: type_mail = ""
    url: type_url = ""
    photo_url: type_url = ""
    offices: list[_Office] = Field(default_factory=list)


class _Postcode(Shape):
    representatives_centroid: list[_Person] = Field(default_factory=list)
    representatives_concordance: list[_Person] = Field(default_factory=list)


class _Marker(Shape):
    code: type_line


class _List(Shape):
    objects: list[_Person]


def parse_postcode(answer: Any) -> tuple[FoundPerson, ...]:  # noqa: ANN401 - JSON
    """Everybody who may sit for a postal code, each once.

    Raises: ProviderDataError.
    """
    read(_Marker, answer)
    found = read(_Postcode, answer)
    return _people([*found.representatives_centroid, *found.representatives_concordance])


def parse_people(answer: Any) -> tuple[FoundPerson, ...]:  # noqa: ANN401 - JSON
    """Everybody at a point.

    Raises: ProviderDataError.
    """
    return _people(read(_List, answer).objects)


def _people(found: list[_Person]) -> tuple[FoundPerson, ...]:
    people = [
        FoundPerson(
            key=f"{one.elected_office}:{one.district_name}:{one.name}"[:120],
            name=one.name,
            given_name="",
            family_name="",
            party=one.party_name,
            division_id="",
            chamber=None,
            title=one.elected_office,
            district=one.district_name,
            email=one.email,
            url=one.url,
            photo_url=one.photo_url,
            offices=tuple(
                FoundOffice(office.type, "", office.postal, office.tel, office.fax) for office in one.offices
            ),
        )
        for one in found
    ]
    return tuple(dict.fromkeys(people))


class Represent:
    """People by postal code or point."""

    def __init__(self, ask: type_ask) -> None:
        self._ask = ask

    def postcode(self, code: str) -> tuple[FoundPerson, ...]:
        """People of a postal code.

        Raises: SourceError; NoSuchThing for what is none.
        """
        clean = "".join(code.upper().split())
        if not _CODE.match(clean):
            raise NoSuchThing
        return parse_postcode(self._ask(PEOPLE, f"/postcodes/{clean}/", {}))

    def people_at(self, lat: float, lng: float) -> tuple[FoundPerson, ...]:
        """People of a point; latitude comes first.

        Raises: SourceError.
        """
        if not (_SOUTH <= lat <= _NORTH and _WEST <= lng <= _EAST):
            return ()
        return parse_people(self._ask(PEOPLE, "/representatives/", {"point": f"{lat:.6f},{lng:.6f}"}))
