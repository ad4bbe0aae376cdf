"""Send one request as one visitor, for ours, for the other coalition's, or for what was put away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import AnyConverter, Rule
from werkzeug.test import TestResponse

from advocacy.web.csrf import SAFE
from tests.access.world import Visitor, World
from tests.support.walk import SAMPLES

KINDS = ("own", "other", "gone")


@dataclass(frozen=True)
class Door:
    """A route with one of its methods."""

    rule: Rule
    method: str
    access: str
    view: Any

    @property
    def endpoint(self) -> str:
        return str(self.rule.endpoint)

    @property
    def name(self) -> tuple[str, str]:
        return (self.endpoint, self.method)

    @property
    def objects(self) -> list[str]:
        """The arguments that name an object; words out of a fixed list do not."""
        names = [data for is_dynamic, data in self.rule._trace if is_dynamic]
        return [name for name in names if not isinstance(self.rule._converters[name], AnyConverter)]


def doors(app: Flask) -> list[Door]:
    """Every route with every method it takes."""
    found = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        methods = set(rule.methods or ()) - {"HEAD", "OPTIONS"}
        found += [Door(rule, method, view.access.kind, view) for method in sorted(methods)]
    return found


def value(door: Door, argument: str, places: list[dict[str, str]]) -> str | None:
    """What stands for an argument in the first place that knows it."""
    room = door.endpoint.partition(".")[0]
    for place in places:
        for key in (f"{door.endpoint}:{argument}", f"{room}:{argument}", argument):
            if key in place:
                return place[key]
    return None


def path(door: Door, world: World, visitor: Visitor, kind: str) -> str | None:
    """Where this kind of object is found; ``None`` when there is none behind this route.

    ``own``, ``other``, ``gone``; ``unknown``: an id that never was; ``crossed``: theirs under an address of ours.
    """
    ours = [visitor.own, world.ours.known]
    last = door.objects[-1] if door.objects else ""
    parts = []
    for is_dynamic, data in door.rule._trace:
        if not is_dynamic:
            parts.append(data.lstrip("|"))
            continue
        converter = door.rule._converters[data]
        if isinstance(converter, AnyConverter):
            parts.append(min(converter.items))
            continue
        sample = SAMPLES.get(type(converter).__name__, "x")
        if kind == "own":
            found = value(door, data, ours)
        elif kind == "unknown":
            found = ("987654321" if sample == "1" else sample) if data == last else value(door, data, ours)
        elif kind == "crossed":
            found = value(door, data, [world.theirs.known] if data == last else ours)
        else:
            found = value(door, data, [world.kinds[kind], *(ours if kind == "gone" else [])])
        if found is None:
            return None
        parts.append(found)
    if kind == "gone" and not any(value(door, name, [world.gone]) for name in door.objects):
        return None
    return "".join(parts)


def ask(door: Door, world: World, visitor: Visitor, where: str, data: dict[str, Any] | None = None) -> TestResponse:
    """Send the request, and take back what it wrote; ``world.wrote`` says whether it wrote anything."""
    given = {} if door.method in SAFE else {"csrf_token": visitor.token, **(data or {})}
    headers = {"Cookie": visitor.cookie} if visitor.cookie else {}
    answer = world.client.open(where, method=door.method, data=given or None, headers=headers)
    answer.get_data()
    answer.close()
    world.wrote = world.rewind.back()
    return answer


def said(answer: TestResponse) -> str:
    """All that an answer says: its body, whatever its kind, and its headers."""
    return answer.get_data().decode("utf-8", "replace") + str(answer.headers)


def outcome(answer: TestResponse) -> str:
    """The status; where it sends a browser to sign in, ``sign-in``."""
    location = answer.headers.get("Location", "")
    if answer.status_code == 303 and location.startswith(("/sign-in?next=", "/sign-in/again?next=")):
        return "sign-in"
    return str(answer.status_code)
