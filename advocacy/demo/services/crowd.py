"""Believable signers: the same crowd each time, spread over days as petitions grow in life."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from slugify import slugify

from advocacy.civic.services import demo_pack
from advocacy.demo.words import COMMENTS, NAMES
from advocacy.petitions.models import Display, HeldReason
from advocacy.petitions.services.importing import GivenSignature

_ZIPS: dict[str, int] = {
    **dict(zip(demo_pack.PLAIN_ZIPS, (300, 140, 150, 120), strict=True)),
    demo_pack.VACANT_ZIP: 90,
    demo_pack.SPLIT_ZIP: 85,
    demo_pack.ISLAND_ZIP: 30,
    demo_pack.TWO_STATES_ZIP: 12,
    # Friends elsewhere: some states have one district, in the others a ZIP code alone says too little.
    "05401": 16,
    "82001": 6,
    "99501": 7,
    "58102": 5,
    "10027": 14,
    "60614": 12,
    "97202": 10,
    "87501": 8,
    "30307": 8,
}
_SPLIT_CHOICES = ("1", "2", None, None)
"""What signers of the split ZIP code answered; half of them did not say."""
_HOUSE = "ocd-division/country:us/state:zz/cd:"
_DISPLAYS = (Display.HIDDEN,) * 8 + (Display.FIRST_TOWN,) * 7 + (Display.FULL,) * 5
_MAIL_HOSTS = ("example.org", "example.com", "example.net")
_HELD = (HeldReason.NETWORK,) * 5 + (HeldReason.TOO_FAST, HeldReason.TRAP)
COMMENT_SHARE = 0.14
WEEKEND = (5, 6)
NIGHT_ENDS = 7


@dataclass(frozen=True)
class Growth:
    """How many signed, over how many days up to ``until``, and the days on which news brought many."""

    verified: int
    days: int
    until: datetime
    news: tuple[tuple[int, float], ...] = ()
    pending: int = 0
    withdrawn: int = 0
    held: int = 0


def crowd(growth: Growth, seed: int) -> Iterator[GivenSignature]:
    """The signers, the first to sign first."""
    chance = random.Random(seed)  # noqa: S311 - no secret: the same crowd each time
    numbers = count(seed * 100_000 + 1)
    step = growth.verified // (growth.withdrawn + 1)
    leaving = {step * (turn + 1): growth.until - timedelta(hours=7 * turn) for turn in range(growth.withdrawn)}
    for number, at in enumerate(_instants(growth, chance)):
        verified_at = min(at + timedelta(minutes=chance.choice((1, 2, 3, 7, 20, 55, 190))), growth.until)
        yield _person(chance, next(numbers), at, verified_at=verified_at, withdrawn_at=leaving.get(number))
    for _number in range(growth.pending):
        yield _person(chance, next(numbers), growth.until - timedelta(hours=chance.uniform(0.1, 60)))
    for _number in range(growth.held):
        at = growth.until - timedelta(hours=chance.uniform(2, 30))
        yield _person(chance, next(numbers), at, held_reason=chance.choice(_HELD))


def _instants(growth: Growth, chance: random.Random) -> list[datetime]:
    """When people signed: many at first, fewer at weekends, many again on days with news."""
    weights = []
    for day in range(growth.days):
        weight = 0.35 + 2.2 * math.exp(-day / 4.5)
        weight += sum(size * math.exp(-(day - on) / 2.5) for on, size in growth.news if day >= on)
        begins = growth.until - timedelta(days=growth.days - day)
        weights.append(weight * chance.uniform(0.8, 1.2) * (0.65 if begins.weekday() in WEEKEND else 1))
    chosen = chance.choices(range(growth.days), weights, k=growth.verified)
    found = [growth.until - timedelta(days=growth.days - day - chance.random()) for day in chosen]
    return sorted(_awake(at, growth.until) for at in found)


def _awake(at: datetime, until: datetime) -> datetime:
    """Hardly anybody signs in the small hours."""
    return min(at + timedelta(hours=6), until) if at.hour - 4 < NIGHT_ENDS and at.hour > 4 else at  # noqa: PLR2004 - UTC to Eastern


def _person(
    chance: random.Random,
    number: int,
    at: datetime,
    *,
    verified_at: datetime | None = None,
    withdrawn_at: datetime | None = None,
    held_reason: HeldReason | None = None,
) -> GivenSignature:
    given_names, family_names = chance.choice(NAMES)
    given, family = chance.choice(given_names), chance.choice(family_names)
    code = chance.choices(list(_ZIPS), list(_ZIPS.values()))[0]
    part = chance.choice(_SPLIT_CHOICES) if code == demo_pack.SPLIT_ZIP else None
    return GivenSignature(
        name=f"{given} {family}",
        email=f"{slugify(given)}.{slugify(family)}.{number}@{chance.choice(_MAIL_HOSTS)}",
        postal_code=code,
        created_at=at,
        verified_at=verified_at,
        withdrawn_at=withdrawn_at,
        held_reason=held_reason,
        comment=chance.choice(COMMENTS) if chance.random() < COMMENT_SHARE else "",
        display=chance.choice(_DISPLAYS),
        division_id=f"{_HOUSE}{part}" if part else None,
    )
