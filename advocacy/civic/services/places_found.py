"""A place with its divisions, and what became of a street: values of the look-up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from advocacy.civic.services.results import Source

NOT_KNOWN = "street_not_found"
NOT_ASKED = "street_unavailable"


@dataclass(frozen=True)
class Placed:
    """The divisions of one place, the ones that follow soon, and words of caution.

    ``later`` names districts of the state's legislature in which the place will lie, with the first day of each.
    """

    division_ids: tuple[str, ...]
    upcoming: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    later: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True)
class Street:
    """What is known of a street: its places (several where the address fits more than one), else why not.

    ``warning`` is ``street_not_found`` when there is no such address, ``street_unavailable`` when nobody could say.
    """

    places: tuple[Placed, ...] = ()
    warning: str = ""
    found_by: str = ""
    found_on: date | None = None

    def sources(self, day: date) -> tuple[Source, ...]:
        """Who said so."""
        return (Source(self.found_by, "geocoder", "public domain", self.found_on or day),) if self.found_by else ()
