"""Where packs are fetched from, by the operator's word: one feed for each pack, or for each archive of packs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import current_app

from advocacy.civic.models import Layer, PackKind
from advocacy.civic.places import PLACES
from advocacy.core.settings import Settings

CONGRESS_FILES = (
    "legislators-current.json",
    "legislators-district-offices.json",
    "legislators-social-media.json",
    "committees-current.json",
    "committee-membership-current.json",
)
_ONE_CHAMBER = frozenset({"NE"})
_BULK_TOO = ("us", "dc", "pr")


@dataclass(frozen=True)
class Feed:
    """What is fetched together; ``area`` is the state of a feed that speaks of one."""

    name: str
    kind: PackKind
    urls: tuple[str, ...]
    layer: Layer | None = None
    area: str = ""


def is_allowed() -> bool:
    """Whether anything may be fetched at all."""
    return _settings().civic.outside


def is_nightly() -> bool:
    """Whether the worker fetches by itself."""
    return is_allowed() and _settings().civic.update_nightly


def configured(kinds: Collection[PackKind] = ()) -> list[Feed]:
    """Every feed with an address, or those of some kinds; codes of districts before the districts."""
    civic = _settings().civic
    found: list[Feed] = []
    if civic.crosswalk_url:
        found.append(Feed("crosswalk", PackKind.CROSSWALK, (civic.crosswalk_url,)))
    found.extend(_maps("cd", Layer.HOUSE, civic.cd_map_url))
    found.extend(_maps("cd-next", Layer.HOUSE, civic.next_cd_map_url))
    found.extend(_maps("sldu", Layer.UPPER, civic.sldu_map_url))
    found.extend(_maps("sldl", Layer.LOWER, civic.sldl_map_url))
    if civic.zip_table_url:
        found.append(Feed("zcta", PackKind.ZCTA, (civic.zip_table_url,)))
    if civic.congress_people_url:
        urls = tuple(f"{civic.congress_people_url}/{name}" for name in CONGRESS_FILES)
        found.append(Feed("congress", PackKind.CONGRESS, urls))
    found.extend(_people(civic.openstates_people_url))
    return [feed for feed in found if not kinds or feed.kind in kinds]


def named(name: str) -> Feed | None:
    """The feed of a name, while it is configured."""
    return next((feed for feed in configured() if feed.name == name), None)


def of_pack(kind: str, layer: str, area: str, source: str) -> Feed | None:
    """Where a pack would be fetched from: the feed that brought it, else the one for its kind and place."""
    fitting = [
        feed for feed in configured() if feed.kind == kind and (feed.layer or "") == layer and feed.area in {"", area}
    ]
    return next((feed for feed in fitting if source in feed.urls), next(iter(fitting), None))


def _maps(name: str, layer: Layer, url: str) -> list[Feed]:
    if not url:
        return []
    if "{fips}" not in url:
        return [Feed(name, PackKind.BOUNDARIES, (url,), layer)]
    places = [place for place in PLACES if layer is Layer.HOUSE or place.kind == "state"]
    return [
        Feed(
            f"{name}-{place.code.lower()}",
            PackKind.BOUNDARIES,
            (url.replace("{fips}", place.fips),),
            layer,
            place.code.lower(),
        )
        for place in places
        if not (layer is Layer.LOWER and place.code in _ONE_CHAMBER)
    ]


def _people(url: str) -> list[Feed]:
    if not url:
        return []
    if "{state}" not in url:
        return [Feed("openstates", PackKind.OPENSTATES, (url,))]
    states = [place.code.lower() for place in PLACES if place.kind == "state"]
    return [
        Feed(f"openstates-{code}", PackKind.OPENSTATES, (url.replace("{state}", code),), area=code)
        for code in (*_BULK_TOO, *states)
    ]


def _settings() -> Settings:
    found: Settings = current_app.extensions["advocacy.settings"]
    return found
