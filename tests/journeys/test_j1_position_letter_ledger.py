"""J1: a coalition takes a position, organizations sign a letter, each writes down its lobbying; in a real browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from advocacy.accounts.services import sessions
from advocacy.app import create_app
from advocacy.coalitions.organization_models import Membership
from advocacy.coalitions.services import governing, voting
from advocacy.core import clock, crypto, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.messaging.models import Mail
from advocacy.signons import linking
from advocacy.signons.models import SignOn, SignOnLetter
from advocacy.signons.services import signing
from advocacy.web.session import cookie_name
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.organizations import acting, make_representative
from tests.factories.signons import given, make_bill, make_organization
from tests.support import databases
from tests.support.browser import Visitor
from tests.support.servers import Server
from tests.support.stage import DrillClock

NAMES = {
    "Harbor Clinic": {"tax_status": "c3", "h_election": True},
    "Families Beside You": {"tax_status": "c3", "h_election": True},
    "Peer Bridge": {"tax_status": "c3", "h_election": True},
    "Youth Line": {"tax_status": "c3", "h_election": True},
    "Open Table": {"tax_status": "c3"},
    "Care Workers Union": {"tax_status": "union"},
    "County Agency": {"tax_status": "government", "may_lobby": False},
}


@dataclass
class Door:
    """The coalition of the journey, seen from the test's own process."""

    app: Flask
    coalition_id: int
    members: dict[str, Membership]
    people: dict[str, int]
    maya: int

    def rows(self, statement: object) -> list[object]:
        with self.app.app_context(), uow.reading():
            found = list(db.session.execute(statement).scalars())
            db.session.expunge_all()
        return found

    def enter(self, visitor: Visitor, user_id: int) -> None:
        """Give the browser a live session; signing in has its own journey."""
        with self.app.app_context(), uow.unit():
            token = sessions.begin_session(user_id)
        visitor.context.clear_cookies()
        name = cookie_name(self.app)
        visitor.context.add_cookies([{"name": name, "value": token, "url": visitor.base_url}])

    def link(self, name: str) -> str:
        row = self.rows(select(SignOn).where(SignOn.membership_id == self.members[name].id))[0]
        with self.app.app_context():
            return f"/sign-ons/{linking.token(row)}"

    def sign(self, *names: str) -> None:
        for name in names:
            token = self.link(name).rpartition("/")[2]
            letter = self.rows(select(SignOnLetter))[0]
            with self.app.app_context(), uow.unit():
                signing.sign(token, given(letter))


@pytest.fixture
def moved(tmp_path: Path) -> Iterator[DrillClock]:
    yield DrillClock(tmp_path / "clock")
    clock.use_offset_file(None)


@pytest.fixture
def door(database_kind: str, moved: DrillClock) -> Iterator[Door]:
    url = databases.new_database(database_kind)
    crypto.data_keys.clear()
    app = create_app(databases.make_settings(url, clock={"offset_file": str(moved.file)}))
    with app.app_context():
        coalition_id = make_coalition("open-door", "Open Door Coalition", "America/Los_Angeles")
        with uow.unit():
            governing.change_settings(
                system_actor(coalition_id=coalition_id),
                coalition_id,
                about="",
                decision_rule="two_thirds",
                quorum_pct=60,
                spokesperson_policy="",
            )
        make_bill(coalition_id)
        members = {name: make_organization(coalition_id, name, **facts) for name, facts in NAMES.items()}
        people = {name: make_representative(member) for name, member in members.items()}
        maya = make_member(coalition_id, "organizer", name="Maya Ortiz")
        db.session.remove()
        db.engine.dispose()
    yield Door(app, coalition_id, members, people, maya)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if database_kind == "postgresql":
        databases.drop_postgres(url)


def look(visitor: Visitor) -> None:
    """Judge the page as it stands, wide and at 320 px."""
    visitor.faults = [
        fault for fault in visitor.faults if not re.search(r"\b(403|409|422)\b", fault)
    ]  # Chromium reports refusals itself
    visitor.check()
    visitor.page.set_viewport_size({"width": 320, "height": 800})
    visitor.check()
    visitor.page.set_viewport_size({"width": 1280, "height": 1000})


def press(page: Page, name: str) -> None:
    """Press a button; one that asks first is answered with yes."""
    page.locator("summary, button").get_by_text(name, exact=True).first.click()
    sure = page.get_by_role("button", name=f"Yes: {name}")
    if sure.count():
        sure.first.click()


def until(what: Callable[[], bool], words: str) -> None:
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end, words
        time.sleep(0.1)


@pytest.mark.browser
@pytest.mark.both_databases(long=True)
def test_j1_position_letter_and_ledger(door: Door, moved: DrillClock, browser: Browser) -> None:
    settings = door.app.extensions["advocacy.settings"]
    with Server(settings.database.url, env={"CLOCK__OFFSET_FILE": str(moved.file)}) as server:
        visitor = Visitor(browser, server.url)
        door.enter(visitor, door.maya)
        decide(door, visitor, moved)
        write_and_refuse(door, visitor)
        reword(door, visitor)
        deliver(door, visitor)
        keep_ledgers(door, visitor, moved)
        visitor.close()


def decide(door: Door, visitor: Visitor, moved: DrillClock) -> None:
    """Step 1: five support, one stands aside, one is silent: the position begins that moment."""
    page = visitor.page
    page.goto("/desk/bills")
    page.get_by_role("link", name=re.compile("HB 2999")).first.click()
    page.get_by_role("link", name="Ask the coalition").click()
    page.locator("[name=stance]").select_option("support_if_amended")
    page.locator("[name=text]").fill("We support the bill if peers are paid.")
    page.locator("[name=closes_on]").fill((clock.now() + timedelta(days=5)).date().isoformat())
    page.get_by_role("button", name="Draft the decision").click()
    press(page, "Open the vote")
    expect(page.get_by_text("Votes until")).to_be_visible()
    decision_id = page.url.partition("?")[0].rpartition("/")[2]
    choices = dict(zip(NAMES, ["support"] * 5 + ["stand_aside"], strict=False))
    for name, choice in choices.items():
        with door.app.app_context(), uow.unit():
            voting.cast_vote(acting(door.members[name], door.people[name]), decision_id, choice)
    moved.move(timedelta(days=6).total_seconds())
    door.enter(visitor, door.maya)  # nobody stays signed in that long

    def passed() -> bool:
        page.goto(f"/desk/decisions/{decision_id}")
        return "Passed" in page.locator("main").inner_text()

    until(passed, "the decision was not counted")
    page.goto("/desk/bills")
    page.get_by_role("link", name=re.compile("HB 2999")).first.click()
    expect(page.locator("main")).to_contain_text("We support it if it is amended")


def write_and_refuse(door: Door, visitor: Visitor) -> None:
    """Step 2: the agency is refused and offered another way; an intern's press signs nothing."""
    page = visitor.page
    page.goto("/desk/sign-on-letters")
    look(visitor)
    page.get_by_role("link", name="Write your first letter").click()
    page.locator("[name=title]").fill("Fund crisis beds close to home")
    page.locator("[name=addressees]").fill("The Honorable Ada Quill\nChair, Committee on Health")
    page.locator("[name=bill]").select_option(index=1)
    page.get_by_label(re.compile("This letter lobbies")).check()
    for field, days, at in (("internal_due", 4, "17:00"), ("final_due", 6, "12:00")):
        page.locator(f"[name={field}_on]").fill((clock.now() + timedelta(days=days)).date().isoformat())
        page.locator(f"[name={field}_time]").fill(at)
    page.locator("[name=body]").fill("The state should fund ten beds.\n\n- Close to home\n- With peers")
    look(visitor)
    page.get_by_role("button", name="Save").click()
    press(page, "Ask for a review")
    press(page, "Open for signatures")
    look(visitor)
    press(page, "Send the invitations")
    look(visitor)
    desk = page.url.partition("?")[0]

    page.goto(door.link("County Agency"))
    expect(page.get_by_text("may not lobby, and this letter lobbies on HB 2999")).to_be_visible()
    look(visitor)
    press(page, "Offer a statement instead")
    expect(page.get_by_text("You offered a statement of your own")).to_be_visible()

    page.goto(door.link("Peer Bridge"))
    expect(page.get_by_text("This letter is lobbying on HB 2999")).to_be_visible()
    sign(page, "Jo Intern", "Intern", authority=False)
    expect(page.get_by_role("status")).to_contain_text("Not signed yet")
    look(visitor)
    sign(page, "Kofi Mensah", "Director")
    expect(page.get_by_text("Your organization stands under this letter")).to_be_visible()
    look(visitor)
    door.sign(*[name for name in NAMES if name not in {"Peer Bridge", "County Agency"}])
    page.goto(desk)
    expect(page.locator("main")).to_contain_text("6 of 6 organizations have signed.")
    look(visitor)


def sign(page: Page, name: str, title: str, *, authority: bool = True) -> None:
    for field, value in (("name", name), ("title", title), ("place", "Salem"), ("email", "office@peer.example")):
        page.locator(f"[name={field}]").fill(value)
    page.locator("[name=authority]").set_checked(authority)
    page.get_by_role("button", name="Sign the letter").click()


def reword(door: Door, visitor: Visitor) -> None:
    """Step 3: "should fund" becomes "must fund fully": six are asked again, with one mail each."""
    page = visitor.page
    page.get_by_role("link", name="Words").click()
    look(visitor)
    page.locator("[name=body]").fill("The state must fund fully ten beds.\n\n- Close to home\n- With peers")
    page.get_by_label("Only a typing error").check()
    page.get_by_role("button", name="Save the words").click()
    expect(page.get_by_role("alert")).to_contain_text("more than a typing error")
    look(visitor)
    page.get_by_label("What the letter says").check()
    page.get_by_role("button", name="Save the words").click()
    expect(page.get_by_role("status")).to_contain_text("asked to confirm again")
    mails = door.rows(select(Mail.id).where(Mail.kind == "signons.words_changed"))
    assert len(mails) == 6
    public = "/sign-on-letters/fund-crisis-beds-close-to-home"
    page.goto(public)
    expect(page.locator("#count")).to_have_text("0 organizations have signed.")
    expect(page.locator("main")).to_contain_text("6 organizations that had signed are asked to confirm again")
    look(visitor)
    door.sign(*[name for name in NAMES if name != "County Agency"])
    page.goto(f"{public}?again=1")
    expect(page.locator("#count")).to_have_text("6 organizations have signed.")
    look(visitor)


def deliver(door: Door, visitor: Visitor) -> None:
    """Step 4: freeze, PDF, hand over, note the contact."""
    page = visitor.page
    letter = door.rows(select(SignOnLetter))[0]
    desk = f"/desk/sign-on-letters/{letter.public_id}"
    page.goto(desk)
    press(page, "Freeze")
    address = f"/sign-on-letters/{letter.slug}/letter.pdf"
    until(lambda: page.request.get(f"{address}?x={time.monotonic()}").ok, "the PDF was not drawn")
    assert page.request.get(address).body().startswith(b"%PDF-")
    page.goto(f"/sign-on-letters/{letter.slug}/print")
    look(visitor)
    page.goto(desk)
    press(page, "It was handed over")
    look(visitor)
    page.goto("/desk/contacts/new")
    page.locator("[name=office]").fill("Senator Ada Quill")
    page.locator("[name=kind]").select_option("letter")
    page.locator("[name=happened_on]").fill((clock.now() - timedelta(days=1)).date().isoformat())
    page.locator("[name=bill]").select_option(index=1)
    look(visitor)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("say whether it was lobbying")
    page.locator("[name=lobbying_kind]").select_option("direct")
    page.get_by_role("button", name="Save").click()
    look(visitor)
    page.get_by_role("link", name="Senator Ada Quill").click()
    look(visitor)


def keep_ledgers(door: Door, visitor: Visitor, moved: DrillClock) -> None:
    """Steps 4 and 5: each organization's own time; limits; a closed quarter; a reversing entry."""
    page = visitor.page
    door.enter(visitor, door.people["Harbor Clinic"])
    page.goto("/desk")
    page.get_by_role("link", name=re.compile("Enter time and cost")).first.click()
    page.locator("[name=minutes]").fill("90")
    page.locator("[name=cost]").fill("0")
    look(visitor)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1:30 hours")).to_be_visible()
    page.locator("[name=spending]").fill("820,000")
    page.get_by_role("button", name="Save").click()
    for words in ("$0 of $148,000 spent on lobbying in all.", "$0 of $37,000 spent on grassroots lobbying."):
        expect(page.locator("main")).to_contain_text(words)
    look(visitor)
    page.locator(".button-form").get_by_role("button", name="Check it").click()
    page.locator("summary").filter(has_text="Close it").click()
    page.get_by_role("button", name="Yes: Close it").click()
    page.get_by_role("link", name="Fund crisis beds close to home").first.click()
    expect(page.get_by_text("The quarter of this entry is closed")).to_be_visible()
    look(visitor)
    page.locator("[name=reason]").fill("Counted twice")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("status")).to_contain_text("Taken back by a reversing entry")
    look(visitor)
    door.enter(visitor, door.people["Care Workers Union"])
    page.goto("/desk/lobbying")
    expect(page.get_by_text("0:00 hours").first).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("$148,000")
    look(visitor)
