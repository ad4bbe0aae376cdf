"""A coalition's own lawmakers and what it notes of offices, for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from advocacy.core import uow
from advocacy.legislators.rules import Facts
from advocacy.legislators.services import noting, own, rosters
from tests.factories.coalitions import actor_in


def make_lawmaker(coalition_id: int, full_name: str = "Ottilie Varga", **facts: Any) -> str:
    """A council member, committed; gives the key."""
    given = {
        "title": "Council member",
        "body": "Riverbend City Council",
        "district": "Ward 3",
        "state": "OR",
        "party": "Nonpartisan",
        "starts_on": date(2025, 1, 6),
        "phone": "503-555-0100",
        "email": "ward3@example.org",
        "contact_form": "https://example.org/write",
        **facts,
    }
    with uow.unit():
        return own.add_lawmaker(actor_in(coalition_id), coalition_id, Facts(full_name, **given)).key


def make_staff(coalition_id: int, key: str, name: str = "Benno Kraus", **facts: Any) -> str:
    """Somebody on the staff, committed; gives the public id."""
    given = {"role": "policy", "topics": "Health", "email": "benno@example.org", "phone": "503-555-0101", **facts}
    with uow.unit():
        return noting.add_staff(actor_in(coalition_id), key, noting.Person(name, **given)).public_id


def make_office(coalition_id: int, key: str, **facts: Any) -> str:
    """A local office, committed; gives the public id."""
    given = {"kind": "district", "city": "Riverbend", "address": "4 Mill Lane", "phone": "503-555-0102", **facts}
    with uow.unit():
        return noting.add_office(actor_in(coalition_id), key, noting.Office(**given)).public_id


def make_preference(coalition_id: int, key: str, way: str = "email", *, version: int = 0, **facts: Any) -> None:
    """How an office wants to be reached, committed."""
    with uow.unit():
        noting.set_preference(actor_in(coalition_id), key, noting.Preference(way, **facts), version=version)


def make_term(coalition_id: int, key: str, title: str = "School board member", **facts: Any) -> int:
    """A term before, committed; gives its id."""
    given = {"body": "", "district": "", "starts_on": date(2021, 1, 4), "ends_on": date(2025, 1, 6), **facts}
    with uow.unit():
        return own.add_term(actor_in(coalition_id), key, title=title, **given).id


def make_roster(coalition_id: int, text: str | bytes, *, applied: bool = False, name: str = "council.csv") -> str:
    """A list as a draft, or applied, committed; gives the public id."""
    data = text.encode() if isinstance(text, str) else text
    actor = actor_in(coalition_id)
    with uow.unit():
        made = rosters.upload(actor, coalition_id, name, data)
        public_id, version = made.public_id, made.version
    if applied:
        with uow.unit():
            rosters.apply(actor, public_id, version=version)
    return public_id
