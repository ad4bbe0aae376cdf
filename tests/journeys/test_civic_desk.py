"""Packs, conflicts and pins in a real browser: go back a version, decide, pin; axe, 320 px."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from advocacy.accounts.services import sessions
from advocacy.app import create_app
from advocacy.civic.packs import files
from advocacy.civic.services import demo_pack, importing, incoming
from advocacy.core import crypto, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.web.session import cookie_name
from tests.factories import civic as made
from tests.factories.accounts import make_user
from tests.support import databases
from tests.support.browser import Visitor
from tests.support.servers import Server

PICTURES = os.environ.get("ADVOCACY_TEST_PICTURES")
"""A folder for pictures of every page that is looked at, for people who want to see them."""


@dataclass
class Place:
    """A house with two versions of the list of Congress, and a demonstration where sources disagree."""

    app: Flask
    url: str
    cookie: tuple[str, str]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    crypto.data_keys.clear()
    url = databases.new_database("sqlite")
    app = create_app(databases.make_settings(url, demo={"enabled": True}))
    newer = made.congress()
    newer[0] = made.member(900, "GA", 1)
    with app.app_context():
        for name, members in (("a.json", made.congress()), ("b.json", newer)):
            with uow.unit():
                pack = incoming.congress_pack([files.read(made.write(tmp_path, name, members))])
                importing.import_pack(system_actor(), pack)
        with uow.unit():
            demo_pack.install()
            demo_pack.disagree()
        user = make_user(platform_admin=True)
        with uow.unit():
            cookie = (cookie_name(app), sessions.begin_session(user))
        db.session.remove()
        db.engine.dispose()
    yield Place(app, url, cookie)
    databases.drop(url)


def look(visitor: Visitor, name: str) -> None:
    """Judge the page as it stands, wide and narrow."""
    for width in (1280, 390, 320):
        visitor.page.set_viewport_size({"width": width, "height": 1000})
        visitor.check()
        if PICTURES and width > 320:
            visitor.page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
    visitor.page.set_viewport_size({"width": 1280, "height": 1000})


@pytest.mark.browser
def test_operator_goes_back_a_version_decides_and_pins(place: Place, browser: Browser, tmp_path: Path) -> None:
    with Server(place.url, "--no-worker", cwd=tmp_path, env={"DEMO__ENABLED": "true"}) as server:
        visitor = Visitor(browser, server.url)
        name, value = place.cookie
        visitor.context.add_cookies([{"name": name, "value": value, "url": server.url}])
        page = visitor.page
        page.goto("/desk/civic")
        look(visitor, "civic-packs")
        page.get_by_role("link", name="Members of Congress (congress-legislators)").click()
        expect(page.get_by_text("Pat Member900 in place of Pat Member0")).to_be_visible()
        look(visitor, "civic-pack")
        page.get_by_text("Go back to it").first.click()
        page.get_by_role("button", name="Yes: Go back to it").click()
        expect(page.get_by_text("The version before is in use again.")).to_be_visible()

        page.goto("/desk/civic/conflicts")
        look(visitor, "civic-conflicts")
        page.locator("summary", has_text="Decide").first.click()
        look(visitor, "civic-conflict-open")
        page.get_by_label("Why").first.fill("Their new site")
        page.get_by_role("button", name="Take the other").click()
        expect(page.get_by_text("Decided. It does not come back")).to_be_visible()
        page.get_by_role("link", name="Decided", exact=True).click()
        expect(page.get_by_text("Their new site")).to_be_visible()
        look(visitor, "civic-decided")

        page.goto("/desk/civic/pins")
        look(visitor, "civic-pins")
        page.get_by_label("Name").fill("Lindqvist")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Harriet Lindqvist").click()
        page.get_by_label("What", exact=True).select_option("phone")
        page.get_by_label("What it is").fill("202-555-0166")
        page.get_by_label("Why").fill("Moved")
        page.get_by_role("button", name="Pin it").click()
        expect(page.get_by_text("Pinned. No import changes it.")).to_be_visible()
        look(visitor, "civic-person")
        visitor.close()
