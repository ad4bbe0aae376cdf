"""postcodes.io and the Parliament's Members API: constituency and member. Experimental: no recorded answers. Keyless.

A layer is read under its year, because the names without one move; a vacant seat is expected without a member.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from pydantic import Field

from advocacy.civic.adapters.ports import Divisions, FoundPerson, NoSuchThing, type_ask
from advocacy.civic.adapters.shape import CamelShape, Shape, read, type_key, type_line, type_url

POSTCODES, PARLIAMENT = "postcodes_io", "uk_parliament"
GEO, PEOPLE = "geo", "people"
_POSTCODE = re.compile(r"\A[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\Z")


class _Codes(Shape):
    parliamentary_constituency_2024: type_key


class _Place(Shape):
    codes: _Codes


class _Postcode(Shape):
    result: _Place


class _Party(CamelShape):
    name: type_line = ""


class _Member(CamelShape):
    id: int
    name_display_as: type_line
    latest_party: _Party | None = None
    thumbnail_url: type_url = ""


class _Held(CamelShape):
    value: _Member


class _Representation(CamelShape):
    member: _Held | None = None


class _Constituency(CamelShape):
    name: type_line
    current_representation: _Representation | None = None


class _Item(CamelShape):
    value: _Constituency


class _Search(CamelShape):
    items: list[_Item] = Field()


def parse_postcode(answer: Any) -> Divisions:  # noqa: ANN401 - JSON
    """The constituency by its code.

    Raises: ProviderDataError.
    """
    code = read(_Postcode, answer).result.codes.parliamentary_constituency_2024
    return Divisions((f"ocd-division/country:gb/constituency:{code.lower()}",))


def parse_members(answer: Any) -> tuple[FoundPerson, ...]:  # noqa: ANN401 - JSON
    """Who sits for the constituencies found; nobody for a vacant seat.

    Raises: ProviderDataError.
    """
    people = []
    for item in read(_Search, answer).items:
        seat = item.value.current_representation
        if seat is not None and seat.member is not None:
            member = seat.member.value
            people.append(
                FoundPerson(
                    key=f"uk-{member.id}",
                    name=member.name_display_as,
                    given_name="",
                    family_name="",
                    party=member.latest_party.name if member.latest_party else "",
                    division_id="",
                    chamber=None,
                    title="MP",
                    district=item.value.name,
                    photo_url=member.thumbnail_url,
                )
            )
    return tuple(people)


class PostcodesIo:
    """A postcode to its constituency."""

    def __init__(self, ask: type_ask) -> None:
        self._ask = ask

    def postcode(self, code: str) -> Divisions:
        """The division of a whole postcode.

        Raises: SourceError; NoSuchThing for what is none.
        """
        return parse_postcode(self._ask(GEO, f"/postcodes/{quote(_clean(code).replace(' ', ''))}", {}))


class Parliament:
    """Members of the Commons."""

    def __init__(self, ask: type_ask) -> None:
        self._ask = ask

    def postcode(self, code: str) -> tuple[FoundPerson, ...]:
        """Who sits for a postcode.

        Raises: SourceError; NoSuchThing for what is none.
        """
        params = {"searchText": _clean(code), "skip": 0, "take": 20}
        return parse_members(self._ask(PEOPLE, "/api/Location/Constituency/Search", params))


def _clean(code: str) -> str:
    clean = " ".join(code.upper().split())
    if not _POSTCODE.match(clean):
        raise NoSuchThing
    return clean
