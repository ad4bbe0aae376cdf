"""What a source outside says today of somebody in office, beside what the packs say; let the worker ask it anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from advocacy.civic import rules as civic_rules
from advocacy.civic.adapters import openstates
from advocacy.civic.services import directory, freshness
from advocacy.civic.services.sources import configured
from advocacy.coalitions import rules as roles
from advocacy.core.actor import Actor
from advocacy.core.errors import NotFound
from advocacy.core.text import fold
from advocacy.legislators import rules


@dataclass(frozen=True)
class Today:
    """What the source says of a seat; ``at`` is nothing until somebody asked. People with their party, if any.

    ``is_here``: it names the same person. ``committees`` are that person's, each with the part in it.
    """

    source: str
    at: datetime | None = None
    is_old: bool = False
    people: tuple[tuple[str, str], ...] = ()
    is_here: bool = False
    committees: tuple[tuple[str, str], ...] = ()


def said_today(actor: Actor, key: str) -> Today | None:
    """What the source says; ``None`` where none may be asked about this person.

    Raises: NotAllowed.
    """
    roles.require(actor, rules.VIEW)
    official = directory.person(key)
    if official is None or not freshness.can_ask(official.division_id):
        return None
    source = configured()[openstates.NAME].title
    people = freshness.people_of(official.division_id)
    if people is None:
        return Today(source)
    place = civic_rules.place_of(official.division_id)
    groups = freshness.committees_of(place.code.lower()) if place is not None else None
    named = people.value["people"]
    here = next((one for one in named if fold(one["name"]) == fold(official.name)), None)
    committees = [
        (group["name"], role)
        for group in (groups.value["committees"] if groups is not None else [])
        for member, _name, role in group["members"]
        if here is not None and member == here["key"]
    ]
    return Today(
        source,
        people.at,
        people.is_old,
        tuple((one["name"], one["party"]) for one in named),
        here is not None,
        tuple(committees),
    )


def ask(actor: Actor, key: str) -> bool:
    """Let the worker ask who sits there today; ``False`` when that is known, or nothing is asked.

    Raises: NotAllowed, NotFound.
    Needs: a writing unit.
    """
    roles.require(actor, rules.MANAGE)
    official = directory.person(key)
    if official is None:
        raise NotFound
    return freshness.can_ask(official.division_id) and freshness.ask(official.division_id)
