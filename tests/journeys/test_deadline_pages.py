"""Every page of deadlines in a browser, wide and narrow; one is kept by keyboard, dropped and taken back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from advocacy.app import create_app
from advocacy.core import clock, crypto
from advocacy.core.db import db
from advocacy.reminders import rules
from tests.factories import deadlines
from tests.factories.accounts import PASSWORD
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.petitions import make_petition
from tests.support import databases
from tests.support.browser import Visitor
from tests.support.servers import Server

ADDRESS = "maya.dates@example.org"


@dataclass(frozen=True)
class Desk:
    """A served coalition with a petition that closes and two deadlines of its own."""

    server: Server
    kept: str
    dropped: str
    of_petition: str

    def visitor(self, browser: Browser, width: int = 1280) -> Visitor:
        """Somebody who is signed in."""
        found = Visitor(browser, self.server.url, width=width)
        found.sign_in(ADDRESS, PASSWORD)
        return found


@pytest.fixture
def desk() -> Iterator[Desk]:
    url = databases.new_database("sqlite")
    crypto.data_keys.clear()
    app = create_app(databases.make_settings(url))
    with app.app_context():
        coalition_id = make_coalition()
        maya = make_member(coalition_id, "organizer", email=ADDRESS, name="Maya Ortiz")
        make_petition(coalition_id)
        event_at = clock.now() + timedelta(days=30)
        kept = deadlines.make_deadline(
            coalition_id,
            "Register to testify",
            rule=rules.Business(1, "16:00", "US-NY"),
            event_at=event_at,
            source="https://legislature.example/rules",
            is_checked=True,
            people=[maya],
        )
        dropped = deadlines.drop(coalition_id, deadlines.make_deadline(coalition_id))
        db.session.remove()
        with Server(url, "--no-worker") as server:
            yield Desk(server, f"/desk/deadlines/own/{kept}", f"/desk/deadlines/own/{dropped}", "/desk/deadlines/1")
        db.session.remove()
        db.engine.dispose()


@pytest.mark.browser
@pytest.mark.long
def test_every_page_of_deadlines_wide_and_on_a_narrow_phone(browser: Browser, desk: Desk) -> None:
    pages = (
        "/desk/deadlines",
        "/desk/deadlines?show=overdue",
        "/desk/deadlines?show=over",
        "/desk/deadlines/sheet",
        "/desk/deadlines/new",
        desk.kept,
        f"{desk.kept}/edit",
        desk.dropped,
        desk.of_petition,
    )
    for width in (1280, 390):
        visitor = desk.visitor(browser, width)
        for address in pages:
            assert visitor.page.goto(address).status == 200, address
            visitor.check()
            if folder := os.environ.get("ADVOCACY_TEST_SHOTS"):
                name = address.strip("/").replace("/", "-").replace("?", "-")
                visitor.page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
        visitor.close()


@pytest.mark.browser
def test_deadline_is_previewed_kept_dropped_and_taken_back_by_keyboard(browser: Browser, desk: Desk) -> None:
    visitor = desk.visitor(browser)
    page = visitor.page
    page.goto("/desk/deadlines/new")
    page.get_by_label("What is due").fill("Register to testify")
    page.get_by_label("So many business days before or after an event").focus()
    page.keyboard.press("Space")
    page.locator("[name=event_on]").fill((clock.now() + timedelta(days=30)).date().isoformat())
    page.locator("[name=count]").fill("1")
    page.locator("[name=at]").fill("16:00")
    page.get_by_role("button", name="Show the date").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#preview")).to_contain_text("16:00")
    visitor.check()
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**?done=deadline-saved")
    page.get_by_role("button", name="Drop it").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**?done=deadline-dropped")
    page.get_by_role("button", name="Take it back").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**?done=deadline-restored")
    expect(page.get_by_role("button", name="It is done")).to_be_visible()
    visitor.check()
    visitor.close()
