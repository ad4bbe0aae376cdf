"""Every form of the desk as somebody sees it, and what a filled one writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from tests.access import asking
from tests.access.world import World
from tests.support.page_forms import PageForm, forms_of

DAYS = (20, -2, 0)
"""Some dates must lie ahead, some behind."""
CHANCE = re.compile(r"\$argon2id\S*|[A-Za-z0-9_-]{22,}|\d{4}-\d\d-\d\d[ T]\d\d:\d\d[^\"]*")
"""Salted hashes, random ids and instants, which differ from run to run."""


@dataclass
class Sheet:
    """A form in front of somebody."""

    who: str
    page: str
    form: PageForm

    @property
    def name(self) -> str:
        return f"{self.form.action.split('?')[0]} as {self.who}"


def sheets(world: World, people: tuple[str, ...]) -> list[Sheet]:
    """Each form once, wherever it stands first."""
    found: dict[tuple[str, str, frozenset[str]], Sheet] = {}
    for who in people:
        for door in asking.doors(world.app):
            where = asking.path(door, world, world.visitors[who], "own")
            if door.method != "GET" or where is None or door.access not in {"needs", "signed_in"}:
                continue
            answer = asking.ask(door, world, world.visitors[who], where)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                for form in forms_of(answer.get_data(as_text=True), where):
                    found.setdefault((who, form.action, frozenset(form.names)), Sheet(who, where, form))
    return list(found.values())


def post(world: World, sheet: Sheet, given: Mapping[str, Any]) -> TestResponse:
    """Send it; what it writes stays until ``world.rewind.back``."""
    visitor = world.visitors[sheet.who]
    answer = world.client.post(
        sheet.form.action, data={**given, "csrf_token": visitor.token}, headers={"Cookie": visitor.cookie}
    )
    answer.get_data()
    answer.close()
    return answer


def valid(world: World, sheet: Sheet) -> dict[str, str] | None:
    """The form so filled that it is taken; ``None`` when no guess is."""
    for day in DAYS:
        given = sheet.form.filled(day)
        answer = post(world, sheet, given)
        world.rewind.back()
        if answer.status_code < 400:
            return given
    return None


def written(world: World) -> dict[str, list[str]]:
    """All rows, without what is random or a time."""
    return {table: [_plain(row) for row in rows] for table, rows in world.rewind.rows().items()}


def _plain(row: tuple[Any, ...]) -> str:
    return "|".join("bytes" if isinstance(cell, bytes) else CHANCE.sub(_masked, str(cell)) for cell in row)


def _masked(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith("2001-") else "*"


def holds(found: dict[str, list[str]], text: str) -> bool:
    """Whether any row holds a text."""
    return any(text in row for rows in found.values() for row in rows)
