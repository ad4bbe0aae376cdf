"""MapIt (mySociety): areas of the United Kingdom by postcode or point.

Over the limit it answers 403 with plain text, not 429. An unknown postcode is 404 with JSON, an unroutable one HTML.

Source: mysociety/mapit at d4f413d60938 (2026-01-15), answers recorded from it.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from pydantic import Field, RootModel

from advocacy.civic.adapters.ports import Divisions, NoSuchThing, ProviderDataError, type_ask
from advocacy.civic.adapters.shape import Shape, read, type_line

NAME = "mapit"
GEO = "geo"
CONSTITUENCY = "WMC"
_POSTCODE = re.compile(r"\A[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\Z")


class _Area(Shape):
    id: int
    name: type_line
    type: type_line
    country: type_line = ""
    codes: dict[str, type_line] = Field(default_factory=dict)


class _Areas(RootModel[dict[str, _Area]]):
    pass


class _Postcode(Shape):
    areas: dict[str, _Area]


class Area(Shape):
    """An area; ``gss`` is its code in the nation's own register."""

    name: str
    kind: str
    gss: str
    country: str


def parse_areas(answer: Any) -> tuple[Area, ...]:  # noqa: ANN401 - JSON
    """Areas keyed by id, as for a point.

    Raises: ProviderDataError; SourceError where the answer is an error in a success's clothes.
    """
    _refuse_failure(answer)
    return tuple(_area(found) for found in read(_Areas, answer).root.values())


def parse_postcode(answer: Any) -> tuple[Area, ...]:  # noqa: ANN401 - JSON
    """The areas of a postcode; none for half a postcode.

    Raises: as parse_areas.
    """
    _refuse_failure(answer)
    if isinstance(answer, dict) and "areas" not in answer and "postcode" in answer:
        return ()
    return tuple(_area(found) for found in read(_Postcode, answer).areas.values())


def _refuse_failure(answer: Any) -> None:  # noqa: ANN401 - JSON
    if isinstance(answer, dict) and isinstance(answer.get("error"), str):
        path = "error"
        raise ProviderDataError(path)


def _area(found: _Area) -> Area:
    return Area(name=found.name, kind=found.type, gss=found.codes.get("gss", ""), country=found.country)


def divisions_of(areas: tuple[Area, ...]) -> Divisions:
    """The constituencies among the areas, as division ids of the register."""
    found = [area for area in areas if area.kind == CONSTITUENCY and area.gss]
    return Divisions(tuple(f"ocd-division/country:gb/constituency:{area.gss.lower()}" for area in found))


class MapIt:
    """The constituency of a postcode or a point."""

    def __init__(self, ask: type_ask) -> None:
        self._ask = ask

    def postcode(self, code: str) -> Divisions:
        """The divisions of a whole postcode.

        Raises: SourceError; NoSuchThing for what is none.
        """
        clean = " ".join(code.upper().split())
        if not _POSTCODE.match(clean):
            raise NoSuchThing
        return divisions_of(parse_postcode(self._ask(GEO, f"/postcode/{quote(clean.replace(' ', ''))}", {})))

    def divisions_at(self, lat: float, lng: float) -> Divisions:
        """The divisions of a point; longitude comes first in the path.

        Raises: SourceError.
        """
        if not (49.0 <= lat <= 61.0 and -9.0 <= lng <= 2.5):  # noqa: PLR2004 - the box around the United Kingdom
            return Divisions(())
        return divisions_of(parse_areas(self._ask(GEO, f"/point/4326/{lng:.6f},{lat:.6f}", {"type": CONSTITUENCY})))
