"""The board by keyboard, by drag and without a script; every page of campaigns at 320 px; axe finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from advocacy.app import create_app
from advocacy.campaigns.models import Task
from advocacy.campaigns.services import working
from advocacy.core import crypto, uow
from advocacy.core.db import db
from tests.factories.accounts import PASSWORD
from tests.factories.campaigns import campaign, detached, make_campaign, make_task, names, system
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.petitions import make_petition
from tests.support import databases
from tests.support.browser import Visitor
from tests.support.servers import Server

ADDRESS = "maya.board@example.org"


@dataclass(frozen=True)
class Board:
    """A served campaign with some cards."""

    server: Server
    campaign_id: int
    parts: dict[str, str]
    cards: dict[str, Task]

    @property
    def home(self) -> str:
        return f"/desk/campaigns/{self.parts['campaigns_desk:public_id']}"

    def visitor(self, browser: Browser, width: int = 1280, **options: object) -> Visitor:
        """Somebody who is signed in."""
        found = Visitor(browser, self.server.url, width=width, **options)
        found.sign_in(ADDRESS, PASSWORD)
        return found


@pytest.fixture(scope="module")
def board() -> Iterator[Board]:
    url = databases.new_database("sqlite")
    crypto.data_keys.clear()
    app = create_app(databases.make_settings(url))
    with app.app_context():
        coalition_id = make_coalition()
        make_member(coalition_id, "organizer", email=ADDRESS, name="Maya Ortiz")
        campaign_id = make_campaign(coalition_id, slug="beds")
        parts = names(campaign_id)
        make_petition(coalition_id, campaign_id=campaign_id)
        cards = {title: make_task(campaign_id, title) for title in ("Alpha", "Bravo", "Charlie", "Delta")}
        db.session.remove()
        with Server(url, "--no-worker") as server:
            yield Board(server, campaign_id, parts, cards)
        db.session.remove()
        db.engine.dispose()


def column(page: Page, state: str) -> list[str]:
    return page.locator(f"[data-state={state}] .board-title").all_inner_texts()


def tab_to(page: Page, words: str) -> None:
    for _step in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.innerText.trim()").startswith(words):
            return
    raise AssertionError(f"the keyboard does not reach {words}")


@pytest.mark.browser
def test_board_by_keyboard_by_drag_and_from_an_old_page(browser: Browser, board: Board) -> None:
    visitor = board.visitor(browser)
    page = visitor.page
    page.goto(f"{board.home}/board")
    visitor.check()
    said = page.locator("#board-said")

    page.locator(f"#task-{board.cards['Alpha'].public_id} a").focus()
    tab_to(page, "Move")
    page.keyboard.press("Enter")
    tab_to(page, "To “Doing”")
    page.keyboard.press("Enter")
    expect(said).to_have_text("Moved.")
    assert column(page, "doing") == ["Alpha"]
    assert page.evaluate("() => document.activeElement.closest('[data-task] ').innerText").startswith("Alpha")
    visitor.check()

    page.locator(f"#task-{board.cards['Charlie'].public_id} summary").focus()
    page.keyboard.press("Enter")
    tab_to(page, "Up")
    page.keyboard.press("Enter")
    expect(said).to_have_text("Moved.")
    place = column(page, "open").index("Charlie")
    page.keyboard.press("Enter")  # focus stayed on the same button
    expect(page.locator("[data-state=open] .board-title").nth(place - 1)).to_have_text("Charlie")

    expect(page.locator("#board[aria-busy]")).to_have_count(0)  # the cards stand still before one is taken
    page.reload()
    page.locator(f"#task-{board.cards['Bravo'].public_id} h3").drag_to(page.locator("[data-state=doing] .board-cards"))
    expect(page.locator("[data-state=doing] .board-title")).to_have_count(2)
    page.wait_for_function("() => !document.getElementById('board').hasAttribute('aria-busy')")
    page.reload()
    assert sorted(column(page, "doing")) == ["Alpha", "Bravo"]

    card = detached(Task, board.cards["Charlie"].id)
    with uow.unit():
        working.carry_task(system(card.coalition_id), card.public_id, version=card.version, state="done")
    page.locator(f"#task-{card.public_id} summary").click()
    page.locator(f"#task-{card.public_id}").get_by_role("button", name="To “Doing”").click()
    expect(said).to_have_text("Somebody moved this card meanwhile. The board is shown as it is now.")
    assert "Charlie" in column(page, "done")
    visitor.faults = [fault for fault in visitor.faults if "409" not in fault]  # Chromium reports the status itself
    visitor.check()
    visitor.close()


@pytest.mark.browser
def test_board_without_a_script(browser: Browser, board: Board) -> None:
    visitor = board.visitor(browser, java_script_enabled=False)
    page = visitor.page
    page.goto(f"{board.home}/board")
    page.locator(f"#task-{board.cards['Delta'].public_id} summary").click()
    page.locator(f"#task-{board.cards['Delta'].public_id}").get_by_role("button", name="To “Done”").click()
    page.wait_for_url("**/board#task-*")
    assert "Delta" in column(page, "done")
    visitor.close()


@pytest.mark.long
@pytest.mark.browser
def test_every_page_of_campaigns_on_a_narrow_phone(browser: Browser, board: Board) -> None:
    visitor = board.visitor(browser, width=320)
    parts, home = board.parts, board.home
    bill, fact = parts["campaigns_bills:public_id"], parts["campaigns_facts:public_id"]
    for address in (
        "/campaigns",
        "/campaigns/beds",
        f"/campaigns/beds/actions/{parts['campaigns:part']}",
        f"/bills/{bill}",
        "/desk",
        "/desk/tasks",
        "/desk/campaigns",
        "/desk/campaigns/new",
        home,
        f"{home}/plan",
        f"{home}/board",
        f"{home}/message",
        f"{home}/tasks?state=open",
        f"{home}/tasks/new",
        f"{home}/tasks/{board.cards['Alpha'].public_id}",
        f"{home}/asks/new",
        f"{home}/victory",
        f"{home}/copy",
        "/desk/facts",
        f"/desk/facts/{fact}",
        "/desk/bills",
        f"/desk/bills/{bill}",
        f"/desk/bills/{bill}/positions/new",
        f"/desk/bills/{bill}/positions/ask",
    ):
        answer = visitor.page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        visitor.check()
    assert campaign(board.campaign_id).state == "active"
    visitor.close()
