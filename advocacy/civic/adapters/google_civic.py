"""Google Civic Information, divisionsByAddress: division ids of an address. Experimental: nothing recorded.

Needs a key. A ZIP code alone gives only the levels that are certain. Its terms let districts be kept for 30 days.

Source: the API's own description, revision 20250708.
"""

from __future__ import annotations

from typing import Any

from advocacy.civic import rules
from advocacy.civic.adapters.ports import Match, type_ask
from advocacy.civic.adapters.shape import CamelShape, read
from advocacy.civic.models import Layer

NAME = "google"
GEO = "geo"
_MOST = 100


class _Answer(CamelShape):
    divisions: dict[str, dict[str, Any]]


def parse_divisions(answer: Any) -> tuple[Match, ...]:  # noqa: ANN401 - JSON
    """One match with the divisions that we look people up by; none when not even the state is told.

    Raises: ProviderDataError.
    """
    found = [rules.canonical(ocd_id) for ocd_id in list(read(_Answer, answer).divisions)[:_MOST]]
    ids = tuple(dict.fromkeys(ocd_id for ocd_id in found if ocd_id is not None))
    return (Match(divisions=ids),) if any(rules.layer_of(ocd_id) is Layer.STATE for ocd_id in ids) else ()


class GoogleCivic:
    """A second geocoder, which speaks division ids and gives no point."""

    def __init__(self, ask: type_ask) -> None:
        self._ask = ask

    def geocode(self, address: str, congress: int) -> tuple[Match, ...]:
        """The divisions of an address on the present map, whatever Congress is asked about.

        Raises: SourceError.
        """
        del congress
        return parse_divisions(self._ask(GEO, "/civicinfo/v2/divisionsByAddress", {"address": address}))
