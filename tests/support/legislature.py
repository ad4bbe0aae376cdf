"""Open States as it was recorded, for a loopback server: bills that change, hearings that move, lists in pages."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.conftest import CIVIC_DATA

PLACE = {"id": "ocd-jurisdiction/country:us/state:mn/government", "name": "Minnesota", "classification": "state"}


def recorded(name: str) -> Any:
    """The body of a recorded answer."""
    file = CIVIC_DATA / "openstates-responses" / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8"))["response"]["json"]


def bill(number: int = 105, updated: str = "2026-11-22T09:22:17.934410+00:00", **more: Any) -> dict[str, Any]:
    """A bill in the shape of the recorded one."""
    made = {
        "id": f"ocd-bill/00000000-0000-4000-8000-{number:012d}",
        "session": "2025-2026",
        "jurisdiction": PLACE,
        "from_organization": {"id": "x", "name": "House", "classification": "lower"},
        "identifier": f"HF {number}",
        "title": f"A bill for an act relating to beds (record {number})",
        "classification": ["bill"],
        "subject": [],
        "openstates_url": f"https://openstates.org/mn/bills/2025-2026/HF{number}/",
        "updated_at": updated,
        "latest_action_date": "2025-04-15",
        "latest_action_description": "Third reading Passed",
        "actions": [],
        "sponsorships": [],
        "versions": [],
    }
    return made | more


def action(on: str, text: str, *kinds: str, key: str = "", body: str = "House") -> dict[str, Any]:
    """A step of a bill."""
    organization = {"id": "x", "name": body, "classification": "lower"}
    return {"id": key, "organization": organization, "description": text, "date": on, "classification": list(kinds)}


def event(number: int, starts: str, *bills: dict[str, Any] | str, **more: Any) -> dict[str, Any]:
    """A hearing; a bill that is only a text is one that the source could not resolve."""
    entities: list[dict[str, Any]] = []
    for one in bills:
        if isinstance(one, str):
            entities.append({"name": one, "entity_type": "bill", "bill": None})
        else:
            known = {"id": one["id"], "identifier": one["identifier"]}
            entities.append({"name": one["identifier"], "entity_type": "bill", "bill": known})
    made = {
        "id": f"ocd-event/00000000-0000-4000-8000-{number:012d}",
        "name": "Health committee hearing",
        "jurisdiction": PLACE,
        "description": "",
        "start_date": starts,
        "end_date": "",
        "all_day": False,
        "status": "confirmed",
        "deleted": False,
        "location": {"name": "Room G-23", "url": ""},
        "sources": [{"url": f"https://www.example.org/hearings/{number}", "note": ""}],
        "participants": [{"name": "Health", "entity_type": "organization", "note": "host"}],
        "agenda": [{"related_entities": entities}],
    }
    return made | more


class Legislature:
    """What the stand-in answers from; ``between`` is called with the page before each list is cut into pages."""

    def __init__(self) -> None:
        self.bills: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.between: Callable[[int], None] = lambda page: None
        self.loses_the_last_page = False

    def __call__(self, path: str, query: dict[str, list[str]]) -> Any:
        """Answer as Open States does."""
        if path == "/bills":
            return self._listed(self._changed(query), query)
        if path.startswith("/bills/mn/"):
            wanted = path.rsplit("/", 1)[1]
            found = [one for one in self.bills if one["identifier"].replace(" ", "") == wanted]
            return copy.deepcopy(found[0]) if found else (404, {"detail": "No such Bill."})
        if path == "/events":
            return self._listed(self._ahead(query), query)
        if path.startswith("/events/"):
            found = [one for one in self.events if one["id"] == path.removeprefix("/events/")]
            return copy.deepcopy(found[0]) if found else (404, {"detail": "No such Event."})
        return (404, {"detail": "Not Found"})

    def _changed(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        if "q" in query:
            return [one for one in self.bills if query["q"][0].lower() in f"{one['identifier']} {one['title']}".lower()]
        since = datetime.fromisoformat(query["updated_since"][0])
        found = [one for one in self.bills if datetime.fromisoformat(one["updated_at"]) >= since]
        return sorted(found, key=lambda one: str(one["updated_at"]))

    def _ahead(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        deleted, after = query["deleted"] == ["true"], query["after"][0]
        found = [one for one in self.events if one["deleted"] == deleted and one["start_date"] > after]
        return sorted(found, key=lambda one: str(one["start_date"]))

    def _listed(self, found: list[dict[str, Any]], query: dict[str, list[str]]) -> Any:
        page, size = int(query["page"][0]), int(query["per_page"][0])
        self.between(page)
        last = max(1, -(-len(found) // size))
        if page > last or (self.loses_the_last_page and page == last > 1):
            return (404, {"detail": f"invalid page, must be in [1, {last}]"})
        part = copy.deepcopy(found[(page - 1) * size : page * size])
        pages = {"per_page": size, "page": page, "max_page": last, "total_items": len(found)}
        return {"results": part, "pagination": pages}
