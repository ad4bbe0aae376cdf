"""What the doctor says of the packs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from advocacy.civic import queries, rules
from advocacy.civic.models import PackKind
from advocacy.civic.queries import Pack
from advocacy.core import clock

_OLD = timedelta(days=120)
_AGING = timedelta(days=45)
PEOPLE = frozenset({PackKind.CONGRESS, PackKind.OPENSTATES})


@dataclass(frozen=True)
class Freshness:
    """Whether a pack may be trusted today; ``kind`` is that of a badge, ``rank`` sorts the worst first."""

    words: Any
    kind: str
    rank: int


FRESH = Freshness(_l("Fresh"), "good", 4)
_STATES = (
    Freshness(_l("No longer valid"), "danger", 0),
    Freshness(_l("Old"), "danger", 1),
    Freshness(_l("Getting old"), "warn", 2),
    Freshness(_l("Not valid yet"), "info", 3),
)


class Dated(Protocol):
    """A pack, as a row or as the store holds it."""

    kind: Any
    data_on: Any
    imported_at: Any
    valid_from: Any
    valid_to: Any


def freshness(pack: Dated, today: date) -> Freshness:
    """How a pack stands: people grow old, districts hold from a day to a day."""
    over, old, aging, early = _STATES
    if pack.valid_to is not None and pack.valid_to <= today:
        return over
    if pack.valid_from is not None and today < pack.valid_from:
        return early
    age = today - (pack.data_on or pack.imported_at.date())
    if pack.kind not in PEOPLE or age <= _AGING:
        return FRESH
    return old if age > _OLD else aging


def packs_in_use() -> tuple[bool, str]:
    """Fine while no pack is old and, where real districts are loaded, they hold today. No packs at all is fine too."""
    today = clock.now().date()
    packs = [pack for pack in queries.active_packs() if not pack.is_demo]
    if not packs:
        return True, _("no data packs imported; ZIP codes give the state, and the seat where a state has only one")
    old = [pack for pack in packs if today - pack.made_on > _OLD and pack.kind in PEOPLE]
    held = {pack.kind for pack in packs if pack.covers(today)}
    gone = sorted({pack.kind for pack in packs if pack.kind in {PackKind.BOUNDARIES, PackKind.ZCTA}} - held)
    ages = _ages(packs, today)
    if gone:
        return False, _(
            "no pack of the %(number)dth Congress for: %(kinds)s",
            number=rules.congress_on(today),
            kinds=", ".join(gone),
        )
    if old:
        return False, _(
            "a list of members is older than %(days)d days; import a new one (%(ages)s)", days=_OLD.days, ages=ages
        )
    return True, ages


def _ages(packs: Sequence[Pack], today: date) -> str:
    """Each kind with its oldest data; a whole country is 150 packs."""
    found: dict[str, list[int]] = {}
    for pack in packs:
        name = " ".join(filter(None, (pack.kind, pack.layer, pack.edition)))
        found.setdefault(name, []).append((today - pack.made_on).days)
    return ", ".join(
        f"{name} {max(days)} d" + (f" ({len(days)} packs)" if len(days) > 1 else "") for name, days in found.items()
    )
