"""Read ``table.txt``: who may enter where, and what becomes of them there.

A line names a method, a route of the room above it, who enters, and the answers for an object of ours, of another
coalition, and for one that was put away; ``-`` where there is no such object. An empty form is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("table.txt")
WORDS = 6


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    method: str
    endpoint: str
    who: frozenset[str]
    answers: dict[str, str]


def read(text: str | None = None) -> dict[tuple[str, str], list[Line]]:
    """The lines of each route and method."""
    groups: dict[str, frozenset[str]] = {}
    found: dict[tuple[str, str], list[Line]] = {}
    room = ""
    for raw in (FILE.read_text(encoding="utf-8") if text is None else text).splitlines():
        line = raw.partition("#")[0].strip()
        if not line:
            continue
        if line.startswith("["):
            room = line.strip("[]")
        elif "=" in line:
            name, _, members = line.partition("=")
            groups[name.strip()] = frozenset().union(*(groups.get(each, {each}) for each in members.split()))
        else:
            words = line.split()
            if len(words) != WORDS:
                msg = f"{FILE.name}: a line needs method, route, who, own, other and gone: {raw!r}"
                raise ValueError(msg)
            method, view, who, *answers = words
            members = frozenset().union(*(groups.get(each, {each}) for each in who.split(",")))
            made = Line(method, f"{room}.{view}", members, dict(zip(("own", "other", "gone"), answers, strict=True)))
            found.setdefault((made.endpoint, method), []).append(made)
    return found
