"""The forms of a page, filled in as a person would: what a browser would send."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

from tests.factories.accounts import PASSWORD

SAMPLES = {"number": "3", "email": "somebody@example.org", "url": "https://example.org/source", "time": "17:00"}
BY_NAME = {
    "cost": "12.50",
    "current": PASSWORD,
    "identifier": "HB 77",
    "minutes": "20",
    "ocd_id": "",
    "password": "amber willow copper meadow",
    "slug": "a-short-name",
    "source_url": SAMPLES["url"],
    "spending": "1200",
    "target": "5",
    "url": SAMPLES["url"],
    "website": "",  # the trap for robots
    "year": str(datetime.now(UTC).year),
}
NOT_SENT = {"submit", "button", "image", "reset", "file"}


@dataclass
class Field:
    """One control; ``options`` are what can be chosen."""

    name: str
    kind: str
    value: str = ""
    is_on: bool = False
    options: list[str] = field(default_factory=list)


@dataclass
class PageForm:
    """A form that is posted."""

    action: str
    fields: list[Field] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {one.name for one in self.fields}

    def filled(self, day: int = 20) -> dict[str, str]:
        """What stands in it, with something in every empty field; dates are ``day`` days ahead."""
        given: dict[str, str] = {}
        for one in self.fields:
            if one.kind == "checkbox":
                if one.is_on:
                    given[one.name] = one.value
            elif one.kind == "button":
                continue  # the one without a name is pressed
            elif one.kind == "radio":
                if one.is_on or one.name not in given:
                    given[one.name] = one.value
            elif one.kind == "select":
                given[one.name] = one.value or next((option for option in one.options if option), "")
            else:
                given[one.name] = one.value or _sample(one, day)
        return given


def _sample(one: Field, day: int) -> str:
    if one.kind == "hidden":
        return ""
    if one.name in BY_NAME:
        return BY_NAME[one.name]
    then = datetime.now(UTC) + timedelta(days=day + ("final" in one.name))
    if one.kind == "date":
        return then.date().isoformat()
    if one.kind == "datetime-local":
        return then.strftime("%Y-%m-%dT%H:%M")
    return SAMPLES.get(one.kind, "3" if "minutes" in one.name else "Some words")


class _Reader(HTMLParser):
    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.found = here, []
        self._form: PageForm | None = None
        self._open: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = PageForm(has.get("action") or self.here)
            if has.get("method", "get").lower() == "post":
                self.found.append(self._form)
            return
        if self._form is None:
            return
        name, kind = has.get("name", ""), has.get("type", "text")
        if tag == "input" and name and kind not in NOT_SENT and "disabled" not in has:
            value = has.get("value", "on" if kind == "checkbox" else "")
            self._form.fields.append(Field(name, kind, value, "checked" in has))
        elif tag == "button" and name:
            self._form.fields.append(Field(name, "button", has.get("value", "")))
        elif tag in {"select", "textarea"} and name:
            self._open = Field(name, tag)
            self._form.fields.append(self._open)
        elif tag == "option" and self._open is not None:
            self._open.options.append(has.get("value", ""))
            if "selected" in has:
                self._open.value = has.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._open.kind == "textarea":
            self._open.value = (self._open.value + data).strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag in {"select", "textarea"}:
            self._open = None


def forms_of(page: str, here: str) -> list[PageForm]:
    """The forms of a page that post; ``here`` is the page's own address."""
    reader = _Reader(here)
    reader.feed(page)
    return reader.found
