"""Walk every route of the app, so that a new one is under the same tests as the rest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import AnyConverter, BaseConverter, Rule
from werkzeug.test import Client

from advocacy.core import uow
from advocacy.core.db import db
from advocacy.web.csrf import SAFE

SAMPLES = {
    "SlugConverter": "no-such-thing",
    "TokenConverter": "A" * 43,
    "IntegerConverter": "1",
    "UUIDConverter": "0" * 32,
}
SIGN_IN_SEEN = frozenset({("user_session", "last_seen_at")})


@dataclass(frozen=True)
class Route:
    """A rule with a path that fits it."""

    endpoint: str
    path: str
    access: str
    csrf: str | None
    methods: frozenset[str]


def _sample(converter: BaseConverter) -> str:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return SAMPLES.get(type(converter).__name__, "x")


def _path(rule: Rule, known: dict[str, str]) -> str:
    parts = []
    for is_dynamic, data in rule._trace:
        if not is_dynamic:
            parts.append(data.lstrip("|"))
        else:
            room = rule.endpoint.partition(".")[0]
            found = (known.get(key) for key in (f"{rule.endpoint}:{data}", f"{room}:{data}", data))
            parts.append(next((value for value in found if value), None) or _sample(rule._converters[data]))
    return "".join(parts)


def routes(app: Flask, known: dict[str, str] | None = None) -> list[Route]:
    """All routes; ``known`` gives values by ``endpoint:argument``, ``blueprint:argument`` or argument (``support.world``)."""
    found = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        methods = frozenset(rule.methods or ()) - {"OPTIONS", "HEAD"}
        found.append(
            Route(rule.endpoint, _path(rule, known or {}), view.access.kind, getattr(view, "csrf", None), methods)
        )
    return sorted(found, key=lambda route: (route.path, route.endpoint))


def readable(app: Flask, known: dict[str, str] | None = None) -> list[Route]:
    return [route for route in routes(app, known) if "GET" in route.methods]


def unsafe(app: Flask, known: dict[str, str] | None = None) -> list[tuple[Route, str]]:
    return [(route, method) for route in routes(app, known) for method in sorted(route.methods - SAFE)]


def most_open(routes_: list[tuple[Route, str]], visitors: dict[str, Client]) -> list[tuple[Client, Route, str]]:
    """Each unsafe route with the visitor who gets furthest: session routes let nobody else in."""
    return [(visitors["insider" if route.csrf == "session" else "reader"], route, method) for route, method in routes_]


def fingerprint() -> dict[str, str]:
    """A hash of each table's rows; when a session was last seen does not count."""
    uow.rollback()
    found = {}
    with uow.reading():
        for table in db.metadata.sorted_tables:
            columns = [column for column in table.columns if (table.name, column.name) not in SIGN_IN_SEEN]
            rows = sorted(repr(tuple(row)) for row in db.session.execute(select(*columns)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found
