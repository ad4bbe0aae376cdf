"""The first journey: a signature is given, confirmed, placed, counted and delivered; in a real browser, on both databases."""

from __future__ import annotations

import csv
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support import databases
from tests.support.browser import Visitor
from tests.support.servers import Server, free_port

SLUG = "warm-line-all-night"
SIGNER = "Zoë Ñuñez-Ōkubo"
SIGNER_MAIL = "zoe.journey@example.org"


def sign_ins(folder: Path) -> dict[str, tuple[str, str]]:
    """Role → (address, password), from the file that the demo wrote."""
    text = (folder / "demo-sign-in.txt").read_text(encoding="utf-8")
    return {m[1]: (m[2], m[3]) for m in re.finditer(r"^(\w+) +(\S+@\S+) +(\S+)", text, re.MULTILINE)}


def start_demo(kind: str, folder: Path) -> Server:
    """``advocacy demo`` on an empty database, with its own keys."""
    port = free_port()
    extra = {
        "SECURITY__KEY_FILE": str(folder / "keys.json"),
        "SERVER__PORT": str(port),
        "PETITIONS__MIN_FILL_S": "2",
    }
    url = databases.empty_database(kind)
    return Server(url, "--port", str(port), command="demo", env=extra, cwd=folder, port=port, within_s=90)


@pytest.mark.browser
@pytest.mark.both_databases(long=True)
def test_first_journey_from_home_to_the_delivery_file(database_kind: str, browser: Browser, tmp_path: Path) -> None:
    with start_demo(database_kind, tmp_path) as server:
        visitor = Visitor(browser, server.url)
        page = visitor.page
        page.goto("/")
        visitor.check()
        page.get_by_role("link", name="Keep the warm line open all night").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Keep the warm line open all night")
        visitor.check()
        before = count(page.request.get(f"/petitions/{SLUG}/count.json").json())

        time.sleep(2)  # the least time a person needs
        page.get_by_role("textbox", name="Your name").fill(SIGNER)
        page.get_by_role("textbox", name="Email").fill(SIGNER_MAIL)
        page.get_by_role("textbox", name="Postal code").fill("99961")
        page.get_by_label("Show my first name and town").check()
        page.get_by_role("button", name="Sign").click()
        page.wait_for_url("**/check-your-email")
        visitor.check()
        assert visitor.cookies() == []

        link = open_mail(visitor, SIGNER_MAIL)
        visitor.check()
        page.goto(link)
        visitor.check()
        assert count(page.request.get(f"/petitions/{SLUG}/count.json").json()) == before
        page.get_by_role("button", name="count my name").click()
        page.wait_for_url("**/thanks/*")
        expect(page.get_by_role("heading", name="Who speaks for you")).to_be_visible()
        expect(
            page.get_by_role("link", name="Rosalind Delgado-Finch", exact=True)
        ).to_be_visible()  # the House seat of that postal code
        expect(page.get_by_role("link", name="Harriet Lindqvist", exact=True)).to_be_visible()  # and a senator
        visitor.check()
        assert visitor.cookies() == []
        until = time.monotonic() + 5
        while count(page.request.get(f"/petitions/{SLUG}/count.json").json()) != before + 1:
            assert time.monotonic() < until, "the count did not move"
            time.sleep(0.1)
        visitor.close()

        desk = Visitor(browser, server.url)
        look_at_the_desk(desk, sign_ins(tmp_path), before + 1, tmp_path)
        desk.close()


def look_at_the_desk(desk: Visitor, people: dict[str, tuple[str, str]], expected: int, folder: Path) -> None:
    """The organizer signs in, sees the count, prepares a delivery and downloads its file."""
    page = desk.page
    page.goto("/desk")
    desk.check()
    address, password = people["organizer"]
    page.locator("[name=email]").fill(address)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/desk")
    desk.check()
    page.goto("/desk/petitions")
    desk.check()
    page.get_by_role("link", name="Keep the warm line open all night").first.click()
    expect(page.locator("dl.stats")).to_contain_text(f"{expected:,}")
    desk.check()
    page.get_by_role("link", name="Delivery").first.click()
    desk.check()
    page.get_by_role("button", name="Prepare it now").click()
    download = page.get_by_role("link", name="Download as CSV")
    expect(download).to_be_visible(timeout=30_000)
    desk.check()
    with page.expect_download() as caught:
        download.click()
    file = folder / "delivery.csv"
    caught.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == expected
    mine = [row for row in rows if SIGNER in row.values()]
    assert len(mine) == 1
    assert any("Delgado-Finch" in value for value in mine[0].values())
    assert any("not placed" in " ".join(row.values()).lower() for row in rows)
    page.get_by_role("link", name="Sheets to print").click()
    desk.check()


def open_mail(visitor: Visitor, address: str) -> str:
    """Wait for the mail in the demo's mailbox; gives the confirm link in it."""
    for _attempt in range(60):
        visitor.page.goto(f"/demo/mailbox?to={address}")
        links = visitor.page.locator("a[href*='/signatures/confirm/']")
        if links.count():
            return str(links.first.get_attribute("href"))
        time.sleep(0.25)
    raise AssertionError("no mail arrived")


def count(answer: dict[str, int]) -> int:
    """The number that a page shows."""
    return int(answer["count"])


@pytest.mark.browser
def test_first_journey_with_the_keyboard_alone(browser: Browser, tmp_path: Path) -> None:
    """Tab, space, enter and letters; a split postal code is asked, never guessed."""
    with start_demo("sqlite", tmp_path) as server:
        visitor = Visitor(browser, server.url, width=390)
        page = visitor.page
        page.goto(f"/petitions/{SLUG}")

        def tab_to(name: str) -> None:
            for _step in range(80):
                page.keyboard.press("Tab")
                if (
                    page.evaluate(
                        "() => document.activeElement.getAttribute('name') || document.activeElement.innerText.trim()"
                    )
                    == name
                ):
                    return
            raise AssertionError(f"the keyboard does not reach {name}")

        tab_to("name")
        page.keyboard.press("Enter")  # an empty form: the summary takes the focus and links to each field
        expect(page.locator("[role=alert]").first).to_be_focused()
        visitor.faults = [fault for fault in visitor.faults if "422" not in fault]  # Chromium reports the status itself
        visitor.check()
        time.sleep(2)
        for name, value in (("name", SIGNER), ("email", SIGNER_MAIL), ("postal_code", "99963")):
            tab_to(name)
            page.keyboard.type(value)
        page.keyboard.press("Enter")
        page.wait_for_url("**/check-your-email")
        page.goto(open_mail(visitor, SIGNER_MAIL))
        tab_to("Yes, count my name")
        page.keyboard.press("Enter")
        page.wait_for_url("**/thanks/*")
        expect(page.get_by_role("heading", name="Which district do you live in?")).to_be_visible()
        visitor.check()
        tab_to("choice")
        page.keyboard.press("ArrowDown")
        tab_to("This is my district")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Who speaks for you")).to_be_visible()
        visitor.check()
        visitor.close()
