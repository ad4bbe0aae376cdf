"""What every template may use: static URLs, menus, icons, notices, dates."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, get_timezone_name
from flask import Flask, g, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from advocacy.core import paths
from advocacy.core.actor import Actor
from advocacy.core.settings import Settings
from advocacy.web import access, notices
from advocacy.web.manifest import MenuItem, Place, house

DESK_HEADINGS = {
    0: "",
    10: _l("Campaigning"),
    35: _l("People in office"),
    60: _l("Our coalition"),
    90: _l("This site"),
    98: _l("You"),
}
"""Headings of the desk's menu, by the ``order`` with which the entries below them begin."""

_ICON = re.compile(r"\A[a-z0-9-]{1,40}\Z")


@dataclass(frozen=True)
class Link:
    """A menu entry ready to show."""

    label: str
    url: str
    icon: str
    is_current: bool
    order: int = 0


@dataclass(frozen=True)
class Site:
    """What templates know of the installation."""

    name: str
    base_url: str
    is_demo: bool
    asks_factor: bool


def tree_hash() -> str:
    """One short hash over static files and templates, part of each static URL, so files may be cached for ever."""
    digest = hashlib.sha256()
    for root in (paths.STATIC, paths.TEMPLATES):
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            digest.update(str(path.relative_to(root)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=256)
def icon_svg(name: str) -> Markup:
    """A Lucide icon as inline SVG, hidden from screen readers; its words stand beside it."""
    folder = next(iter(sorted((paths.STATIC / "vendor").glob("lucide-*"))), None)
    file = folder / f"{name}.svg" if folder and _ICON.match(name) else None
    if file is None or not file.is_file():
        return Markup("")
    text = re.sub(r"<!--.*?-->", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r'\sclass="[^"]*"', "", text, count=1)
    attributes = '<svg class="icon" aria-hidden="true" focusable="false"'
    return Markup(" ".join(text.replace("<svg", attributes, 1).split()))  # noqa: S704 # nosec B704 - our own vendored file


def menu(place: str) -> list[Link]:
    """The entries of a menu that this actor may use; the one nearest above the page is current."""
    actor = access.current_actor()
    found = house()
    entries = [
        (item, url_for(item.endpoint))
        for item in found.menu
        if item.place == Place(place) and (item.verb is None or found.can(actor, item.verb)) and _is_open(actor, item)
    ]
    above = [url for _item, url in entries if f"{request.path}/".startswith(f"{url}/")]
    here = max(above, key=len, default=None)
    return [Link(str(item.label), url, item.icon, url == here, item.order) for item, url in entries]


def desk_menu() -> list[tuple[str, list[Link]]]:
    """The desk's menu under its headings; the first part has none."""
    parts = groupby(menu(Place.DESK), key=lambda link: max(first for first in DESK_HEADINGS if first <= link.order))
    return [(str(DESK_HEADINGS[first]), list(links)) for first, links in parts]


def _is_open(actor: Actor, item: MenuItem) -> bool:
    """Whether the entry leads somewhere for an account that must enrol a second factor first."""
    declared = access.declared(item.endpoint)
    return not actor.lacks_factor or (declared is not None and declared.before_factor)


def panels(place: str, **facts: Any) -> list[Markup | str]:  # noqa: ANN401 - facts as the page gives them
    """What higher rooms put on this page."""
    actor = access.current_actor()
    rendered = (panel.render(actor, facts) for panel in house().panels if panel.place == place)
    return [part for part in rendered if part]


def part(template: str, **facts: Any) -> Markup:  # noqa: ANN401 - template context
    """A rendered template, for a panel."""
    return Markup(render_template(template, **facts).strip())  # noqa: S704 # nosec B704 - escaped by the template


def stored_html(text: str) -> Markup:
    """What ``core.markdown`` made when it was stored, shown as it is."""
    return Markup(text)  # noqa: S704 # nosec B704 - sanitised by core.markdown


def when(value: datetime | None, zone: str = "UTC") -> str:
    """An instant for people: weekday, date, time and zone."""
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(zone))
    locale = get_locale() or "en"
    zone_name = get_timezone_name(local, width="short", locale=locale)
    return f"{format_datetime(local, 'EEEE, d MMMM y, HH:mm', locale=locale)} {zone_name}"


def brief(value: datetime) -> str:
    """An instant for operators, in the cell of a table that says UTC above: day, month and time."""
    return str(format_datetime(value.astimezone(UTC), "d MMM, HH:mm", locale=get_locale() or "en"))


def day(value: Any, zone: str = "UTC") -> str:  # noqa: ANN401 - date, datetime or text
    """A date for people, with its weekday; a day may come as text of JSON."""
    if isinstance(value, str) and value:
        value = date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone)).date()
    return str(format_date(value, "EEEE, d MMMM y", locale=get_locale() or "en")) if value else ""


def set_up(app: Flask, settings: Settings) -> None:
    """Put them into the app's Jinja environment."""
    prefix = f"/static/{tree_hash()}"
    app.config["STATIC_PREFIX"] = prefix
    asks_factor = settings.security.second_factor != "off"
    site = Site(settings.server.name, settings.base_url, settings.demo.enabled, asks_factor)

    def static_url(path: str) -> str:
        return f"{prefix}/{path}"

    app.jinja_env.globals.update(
        static_url=static_url,
        icon_svg=icon_svg,
        menu=menu,
        desk_menu=desk_menu,
        panels=panels,
        csrf_token=generate_csrf,
        site=site,
        when=when,
        day=day,
    )
    app.jinja_env.filters.update(when=when, brief=brief, day=day, stored_html=stored_html)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def _context() -> dict[str, Any]:
        return {
            "actor": access.current_actor(),
            "locale": str(get_locale() or "en"),
            "notice": notices.current(),
            "request_id": g.get("request_id", ""),
        }
