"""Which sources outside are asked, by the operator's word."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flask import current_app

from advocacy.civic.adapters import census_geocoder, congress_gov, google_civic, mapit, openstates
from advocacy.core.settings import Settings

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400


@dataclass(frozen=True)
class Source:
    """A source and how it is asked. ``limits`` is what it documents: calls by seconds of the window.

    ``key_header`` or ``key_param`` carries the key; ``limit_statuses`` say "too many" besides 429.
    """

    name: str
    title: str
    base_url: str
    limits: tuple[tuple[int, int], ...]
    key: str = field(default="", repr=False)
    key_header: str = ""
    key_param: str = ""
    limit_statuses: frozenset[int] = frozenset()
    is_experimental: bool = False


def configured() -> dict[str, Source]:
    """The sources that may be asked, by name; none where the operator keeps everything in the house."""
    settings: Settings = current_app.extensions["advocacy.settings"]
    civic = settings.civic
    if not civic.outside:
        return {}
    found = [Source(census_geocoder.NAME, "U.S. Census Bureau", civic.census_url, ((MINUTE_S, 75),))]
    if key := civic.openstates_key.get_secret_value():
        limits = ((MINUTE_S, civic.openstates_minute), (DAY_S, civic.openstates_day))
        found.append(Source(openstates.NAME, "Open States", civic.openstates_url, limits, key, key_header="X-API-KEY"))
    if key := civic.congress_gov_key.get_secret_value():
        hourly = ((HOUR_S, civic.congress_gov_hour),)
        found.append(
            Source(congress_gov.NAME, "Congress.gov", civic.congress_gov_url, hourly, key, key_param="api_key")
        )
    if key := civic.mapit_key.get_secret_value():
        found.append(Source(mapit.NAME, "MapIt", civic.mapit_url, ((MINUTE_S, 60),), key, key_header="X-Api-Key"))
    if key := civic.google_key.get_secret_value():
        google = Source(google_civic.NAME, "Google", civic.google_url, ((MINUTE_S, 60),), key, key_param="key")
        found.append(replace(google, is_experimental=True))
    return {source.name: source for source in found if source.base_url}
