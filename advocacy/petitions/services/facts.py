"""What signing must know of a petition, kept for half a second so that the sign path reads nothing.

A petition that closed meanwhile is still refused: the insert itself asks the row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from advocacy.core import clock, crypto, uow
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.petitions import partner_queries
from advocacy.petitions.models import Petition, PetitionState
from advocacy.petitions.rules import PUBLIC_STATES
from advocacy.petitions.services import addressing

FACTS_S = 0.5
RULES_S = 60.0
MOST = 2000
PLACE = "advocacy.petitions.facts"


@dataclass(frozen=True, slots=True)
class PetitionFacts:
    """A public petition, as signing needs it."""

    id: int
    coalition_id: int
    slug: str
    state: str
    closes_at: datetime | None
    asks_street: bool = False

    def is_open(self, at: datetime) -> bool:
        """Whether it took signatures when it was last looked at."""
        return self.state == PetitionState.OPEN and (self.closes_at is None or self.closes_at > at)


def petition_facts(slug: str) -> PetitionFacts:
    """The facts of a petition that everybody may see; once in a while they and the coalition's key are read anew.

    Raises: NotFound.
    """
    found: PetitionFacts = _kept(f"petition {slug}", FACTS_S, lambda: _read(slug))
    return found


def partner_page_id(slug: str, partner_slug: str) -> int:
    """The page of a partner, while it is open to everybody.

    Raises: NotFound.
    """
    name = f"partner {slug} {partner_slug}"
    found: int = _kept(name, FACTS_S, lambda: partner_queries.shown_page(slug, partner_slug)[0].id)
    return found


def address_rules() -> Mapping[str, addressing.Rule]:
    """The rules for comparing addresses."""
    found: Mapping[str, addressing.Rule] = _kept("rules", RULES_S, addressing.stored_rules)
    return found


def _read(slug: str) -> PetitionFacts:
    columns = (
        Petition.id,
        Petition.coalition_id,
        Petition.slug,
        Petition.state,
        Petition.closes_at,
        Petition.asks_street,
    )
    row = db.session.execute(
        select(*columns).where(Petition.slug == slug, Petition.state.in_(PUBLIC_STATES))
    ).one_or_none()
    if row is None:
        raise NotFound
    found = PetitionFacts(*row)
    crypto.data_keys.for_scope(f"coalition:{found.coalition_id}")
    return found


def _kept(name: str, seconds: float, read: Any) -> Any:  # noqa: ANN401 - values of several kinds
    """One small cache an app: tests and drills run several apps in one process."""
    cache: dict[str, tuple[float, Any]] = current_app.extensions.setdefault(PLACE, {})
    found = cache.get(name)
    now = clock.monotonic()
    if found is not None and found[0] > now:
        return found[1]
    with uow.reading_first():
        value = read()
    if len(cache) >= MOST:
        cache.clear()
    cache[name] = (now + seconds, value)
    return value
