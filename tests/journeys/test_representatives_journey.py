"""Find who speaks for me, in a real browser: by location on a press only, by hand without any script, and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, expect

from advocacy.app import create_app
from advocacy.civic.services import demo_pack
from advocacy.core import uow
from advocacy.core.db import db
from tests.support import databases
from tests.support.browser import Visitor
from tests.support.servers import Server

pytestmark = pytest.mark.browser
RIVERBEND = {"latitude": 33.000_012_345, "longitude": -49.000_012_345}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    url = databases.new_database("sqlite")
    app = create_app(databases.make_settings(url))
    with app.app_context():
        with uow.unit():
            demo_pack.install()
        db.session.remove()
        db.engine.dispose()
    with Server(url, "--no-worker", "--workers", "1", env={"DEMO__ENABLED": "true"}) as found:
        yield found


@pytest.mark.parametrize("width", [1280, 390])
def test_location_is_asked_on_a_press_only_rounded_and_posted(server: Server, browser: Browser, width: int) -> None:
    visitor = Visitor(browser, server.url, width=width, geolocation=RIVERBEND, permissions=["geolocation"])
    page = visitor.page
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.goto("/representatives")
    asked = "() => navigator.geolocation.getCurrentPosition = () => { document.title = 'asked'; }"
    expect(page.get_by_role("button", name="Use my location")).to_be_visible()
    visitor.check()
    page.evaluate(asked)
    page.reload()
    assert page.title() != "asked"
    page.get_by_role("button", name="Use my location").click()
    page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who speaks for you")
    assert parse_qs(sent[0].post_data) == {"lat": ["33.0000"], "lng": ["-49.0000"]}
    assert page.url == f"{server.url}/representatives"
    visitor.check()
    assert visitor.cookies() == []
    visitor.close()


def test_refused_location_says_what_else_to_do(server: Server, browser: Browser) -> None:
    visitor = Visitor(browser, server.url, permissions=[])
    page = visitor.page
    page.goto("/representatives")
    page.get_by_role("button", name="Use my location").click()
    expect(page.locator("#by-location [role='status']")).to_contain_text("did not let us see where you are")
    expect(page.get_by_role("button", name="Use my location")).to_be_enabled()
    visitor.check()
    visitor.close()


def test_state_chamber_and_district_are_chosen_without_any_script(server: Server, browser: Browser) -> None:
    visitor = Visitor(browser, server.url, java_script_enabled=False)
    page = visitor.page
    page.goto("/representatives")
    expect(page.get_by_role("button", name="Use my location")).to_be_hidden()
    page.get_by_label("State").select_option("ZZ")
    page.get_by_role("button", name="Show the districts").click()
    page.get_by_role("navigation", name="Chambers").get_by_role("link", name="State senate").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("State senate")
    page.locator("form.button-form button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who speaks for you")
    visitor.close()


def test_split_zip_is_asked_and_answered_without_any_script(server: Server, browser: Browser) -> None:
    visitor = Visitor(browser, server.url, java_script_enabled=False)
    page = visitor.page
    page.goto("/representatives")
    page.get_by_role("textbox", name="ZIP code").first.fill(demo_pack.SPLIT_ZIP)
    page.get_by_role("button", name="Show who speaks for me").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which district is yours?")
    page.locator("button.btn-large").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who speaks for you")
    visitor.close()
