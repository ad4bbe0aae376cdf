"""Every page of tracking and hearings in a browser, wide and narrow; a change accepted and one dismissed by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from advocacy.app import create_app
from advocacy.core import crypto, uow
from advocacy.core.db import db
from advocacy.hearings.services import placing
from tests.factories.accounts import PASSWORD
from tests.factories.campaigns import system
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.tracking import make_change, make_hearing, track
from tests.support import databases
from tests.support.browser import Visitor
from tests.support.servers import Server

ADDRESS = "maya.tracks@example.org"


@dataclass(frozen=True)
class Desk:
    """A served coalition that tracks a bill, with a hearing that moved and two steps that wait."""

    server: Server
    bill: str
    hearing: str

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
        make_member(coalition_id, "organizer", email=ADDRESS, name="Maya Ortiz")
        bill = track(coalition_id)
        hearing = make_hearing(coalition_id, bill.id)
        with uow.unit():
            facts = placing.HearingFacts(hearing.title, hearing.held_on, hearing.tz, "Clerk", place="Room 5")
            placing.change_hearing(system(coalition_id), hearing.public_id, facts, version=hearing.version)
        make_change(bill, "First reading")
        make_change(bill, "Second reading")
        db.session.remove()
        with Server(url, "--no-worker") as server:
            yield Desk(server, f"/desk/bills/{bill.public_id}", f"/desk/hearings/{hearing.public_id}")
        db.session.remove()
        db.engine.dispose()


@pytest.mark.long
@pytest.mark.browser
def test_every_page_of_tracking_wide_and_on_a_narrow_phone(browser: Browser, desk: Desk) -> None:
    pages = (
        "/desk",
        "/desk/changes",
        "/desk/bills",
        "/desk/bills/search",
        desk.bill,
        f"{desk.bill}/track",
        f"{desk.bill}/hearings/new",
        "/desk/hearings",
        desk.hearing,
        f"{desk.hearing}/edit",
    )
    for width in (1280, 320):
        visitor = desk.visitor(browser, width)
        for address in pages:
            assert visitor.page.goto(address).status == 200, address
            visitor.check()
        visitor.close()


@pytest.mark.browser
def test_changes_are_decided_by_keyboard(browser: Browser, desk: Desk) -> None:
    visitor = desk.visitor(browser)
    page = visitor.page
    page.goto("/desk/changes")
    page.get_by_role("button", name="Accept HF 105: First reading").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/changes?done=change-accepted")
    expect(page.get_by_text("It is taken over.")).to_be_visible()
    page.get_by_role("button", name="Dismiss HF 105: Second reading").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    visitor.check()
    page.goto(desk.bill)
    expect(page.locator(".timeline").get_by_text("First reading")).to_be_visible()
    visitor.close()
