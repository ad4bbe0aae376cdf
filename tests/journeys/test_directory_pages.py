"""The directory in a real browser: axe, 320 px, and a list brought in with the keyboard only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from advocacy.accounts.services import sessions
from advocacy.app import create_app
from advocacy.civic.services import demo_pack
from advocacy.core import crypto, uow
from advocacy.core.db import db
from advocacy.web.session import cookie_name
from tests.factories import legislators as made
from tests.factories.coalitions import make_coalition, make_member
from tests.support import databases
from tests.support.browser import Visitor
from tests.support.servers import Server

SOMEBODY = "demo-harriet-lindqvist"
LIST = """ID,Name,Title,Body,District,Phone,Website,Shoe size
1,Zoë Ångström of the Very Long Family Name,Council member,Riverbend City Council,Ward 1,503-555-0100,https://example.org/zoe,38
2,Ben Ode,Council member,Riverbend City Council,Ward 2,call me,https://example.org/ben,41
3,Ottilie Varga,Mayor,Riverbend City Council,Ward 3,503-555-0100,https://example.org/ov,40
"""


@dataclass
class Place:
    """A coalition that knows a few people in office."""

    app: Flask
    url: str
    organizer: int
    pages: list[str]
    public: list[str]


@pytest.fixture
def place(database_kind: str) -> Iterator[Place]:
    url = databases.new_database(database_kind)
    crypto.data_keys.clear()
    app = create_app(databases.make_settings(url, demo={"enabled": True}))
    with app.app_context():
        with uow.unit():
            demo_pack.install()
        coalition_id = make_coalition("open-door", "Open Door Coalition of the Very Long Valley")
        organizer = make_member(coalition_id, "organizer", name="Maya Ortiz")
        key = made.make_lawmaker(coalition_id, url="https://example.org/" + "long-path-" * 20)
        made.make_term(coalition_id, key)
        for about in (key, SOMEBODY):
            staff = made.make_staff(coalition_id, about)
            office = made.make_office(coalition_id, about, hours="9 to 4", fax="503-555-0104")
            made.make_preference(coalition_id, about, next_way="phone", note="Name the bill in the first line.")
        applied = made.make_roster(coalition_id, "Name,Title\nIlse Marrow,Mayor\n", applied=True)
        draft = made.make_roster(coalition_id, LIST)
        base = f"/desk/legislators/{SOMEBODY}"
        pages = [
            "/desk/legislators",
            "/desk/legislators?name=nobody",
            "/desk/legislators/new",
            f"/desk/legislators/{key}",
            f"/desk/legislators/{key}/edit",
            base,
            f"{base}/preference",
            f"{base}/staff/new",
            f"{base}/staff/{staff}/edit",
            f"{base}/offices/new",
            f"{base}/offices/{office}/edit",
            "/desk/legislators/lists",
            f"/desk/legislators/lists/{draft}",
            f"/desk/legislators/lists/{applied}",
        ]
        db.session.remove()
        db.engine.dispose()
        yield Place(
            app, url, organizer, pages, ["/legislators", "/legislators?name=nobody", f"/legislators/{SOMEBODY}"]
        )
        db.session.remove()
        db.engine.dispose()


def enter(place: Place, visitor: Visitor) -> None:
    """Give the browser a live session; signing in has its own journey."""
    with place.app.app_context(), uow.unit():
        token = sessions.begin_session(place.organizer)
    visitor.context.add_cookies([{"name": cookie_name(place.app), "value": token, "url": visitor.base_url}])


def look(visitor: Visitor, path: str) -> None:
    """Judge a page, wide and at 320 px."""
    answer = visitor.page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    visitor.check()
    visitor.page.set_viewport_size({"width": 320, "height": 800})
    visitor.check()
    visitor.page.set_viewport_size({"width": 1280, "height": 1000})


def bring_in(visitor: Visitor, tmp_path: Path) -> None:
    """Upload a list, look at what it would do and apply it, with the keyboard."""
    file = tmp_path / "council.csv"
    file.write_text(LIST, encoding="utf-8")
    page = visitor.page
    page.goto("/desk/legislators/lists")
    page.get_by_label("Your list").set_input_files(file)
    page.get_by_role("button", name="Upload").press("Enter")
    expect(page.get_by_role("heading", name="Refused lines")).to_be_visible()
    expect(page.get_by_text("Give a phone number of digits")).to_be_visible()
    page.get_by_role("button", name="Apply the list").press("Enter")
    expect(page.get_by_text("This list was applied")).to_be_visible()
    page.get_by_role("link", name="See your people").press("Enter")
    expect(page.get_by_role("link", name="Zoë Ångström of the Very Long Family Name")).to_be_visible()


@pytest.mark.long
@pytest.mark.browser
def test_directory_pages_hold_in_a_browser_and_a_list_needs_the_keyboard_only(
    place: Place, browser: Browser, tmp_path: Path
) -> None:
    with Server(place.url, "--no-worker", cwd=tmp_path, env={"DEMO__ENABLED": "true"}) as server:
        reader = Visitor(browser, server.url)
        for path in place.public:
            look(reader, path)
        assert reader.cookies() == []
        reader.close()
        organizer = Visitor(browser, server.url)
        enter(place, organizer)
        for path in place.pages:
            look(organizer, path)
        bring_in(organizer, tmp_path)
        organizer.check()
        organizer.close()
