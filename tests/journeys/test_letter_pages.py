"""Letters and people in a real browser: signing for oneself, the organizer's forms, the second pair of eyes; axe, 320 px."""

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
from advocacy.core import crypto, uow
from advocacy.core.db import db
from advocacy.signons import people_linking
from advocacy.signons.models import SignOnLetter
from advocacy.web.session import cookie_name
from tests.factories import organizations, outreach, partners, petitions, signons
from tests.factories.coalitions import make_coalition, make_member
from tests.support import databases
from tests.support.browser import Visitor
from tests.support.servers import Server

PICTURES = os.environ.get("ADVOCACY_TEST_PICTURES")
"""A folder for pictures of every page that is looked at, for people who want to see them."""


@dataclass
class Place:
    """A coalition with a letter that people may sign."""

    app: Flask
    url: str
    letter: SignOnLetter
    writer: int
    second: int
    admin: int
    keeper: int
    partner: int
    pages: dict[str, str]

    def enter(self, visitor: Visitor, user_id: int) -> None:
        """Give the browser a live session; signing in has its own journey."""
        with self.app.app_context(), uow.unit():
            token = sessions.begin_session(user_id)
        visitor.context.clear_cookies()
        visitor.context.add_cookies([{"name": cookie_name(self.app), "value": token, "url": visitor.base_url}])

    def person_link(self) -> str:
        """The confirm link of whoever signed last."""
        with self.app.app_context():
            found = signons.people_of(self.letter)[-1]
            path = f"/letter-signatures/confirm/{people_linking.confirm_token(found)}"
            db.session.remove()
        return path

    def manage_link(self) -> str:
        """The manage link of whoever signed last."""
        with self.app.app_context():
            path = f"/letter-signatures/manage/{people_linking.manage_token(signons.people_of(self.letter)[-1])}"
            db.session.remove()
        return path


@pytest.fixture
def place(database_kind: str) -> Iterator[Place]:
    url = databases.new_database(database_kind)
    crypto.data_keys.clear()
    app = create_app(databases.make_settings(url))
    with app.app_context():
        coalition_id = make_coalition("open-door", "Open Door Coalition")
        letter = signons.make_letter(coalition_id, takes_people=True, slug="beds")
        empty = signons.make_letter(coalition_id, slug="without-people", title="Keep the night line")
        clinic = signons.make_organization(coalition_id, "Harbor Clinic", tax_status="c3", h_election=True)
        signons.sign_on(letter, clinic)
        keeper = outreach.make_keeper(clinic)
        outreach.enter(keeper)
        contact = outreach.make_contact(coalition_id)
        committee = organizations.make_committee(coalition_id)
        petition = petitions.make_petition(coalition_id, slug="beds-now")
        partner = organizations.make_organization(coalition_id, "Lake Friends", tier="partner")
        page = partners.make_partner_page(petition, partner)
        partners.given_and_taken_back(app.test_client(), petition, page)
        db.session.remove()
        made = Place(
            app,
            url,
            letter,
            writer=make_member(coalition_id, "organizer", name="Maya Ortiz"),
            second=make_member(coalition_id, "organizer", name="Noor Bell"),
            admin=make_member(coalition_id, "admin", name="Ada Quill"),
            keeper=keeper.user_id or 0,
            partner=organizations.make_representative(partner),
            pages={
                "empty_people": f"/desk/sign-on-letters/{empty.public_id}/people",
                "contact": f"/desk/contacts/{contact}",
                "committee": f"/desk/committees/{committee.public_id}",
                "partner": f"/desk/partner-pages/{page.public_id}",
            },
        )
        db.session.remove()
        db.engine.dispose()
    yield made
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def look(visitor: Visitor, name: str) -> None:
    """Judge the page as it stands, wide and narrow."""
    for width in (1280, 390, 320):
        visitor.page.set_viewport_size({"width": width, "height": 1000})
        visitor.check()
        if PICTURES and width > 320:
            visitor.page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
    visitor.page.set_viewport_size({"width": 1280, "height": 1000})


@pytest.mark.browser
def test_people_sign_a_letter_and_two_organizers_mend_a_slip(place: Place, browser: Browser, tmp_path: Path) -> None:
    with Server(place.url, "--no-worker", cwd=tmp_path) as server:
        signer, organizer = Visitor(browser, server.url), Visitor(browser, server.url)
        signer.refusals = organizer.refusals = (403, 409, 410, 422)
        sign_for_oneself(place, signer)
        mend_a_slip(place, organizer)
        look_after_people(place, organizer)
        visit_the_rest(place, organizer)


def sign_for_oneself(place: Place, visitor: Visitor) -> None:
    """From the menu to the letter, a form sent too early, the press in the mail, and taking the name back."""
    page = visitor.page
    page.goto("/")
    page.get_by_role("link", name="Letters", exact=True).first.click()
    look(visitor, "letters")
    page.get_by_role("link", name="Fund crisis beds close to home").first.click()
    page.locator("[name=name]").fill("Ana Lima")
    page.get_by_role("button", name="Sign the letter").click()
    expect(page.get_by_role("alert")).to_contain_text("We need your yes")
    look(visitor, "letter-refused")
    page.locator("[name=place]").fill("Keizer")
    page.locator("[name=email]").fill("ana@example.org")
    page.locator("[name=consent]").check()
    page.get_by_role("button", name="Sign the letter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("check your email")
    look(visitor, "check-email")
    page.goto(place.person_link())
    expect(page.locator("main")).to_contain_text("Ana Lima")
    look(visitor, "confirm")
    page.get_by_role("button", name="Yes, put my name under it").click()
    expect(page.get_by_role("status")).to_contain_text("Your name stands under the letter")
    expect(page.locator("main")).to_contain_text("People who signed for themselves")
    look(visitor, "letter-signed")
    page.goto("/sign-on-letters/beds/print")
    look(visitor, "letter-print")
    page.goto(place.person_link())
    look(visitor, "link-ended")
    page.goto(place.manage_link())
    page.get_by_label("Counted, but not named").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Your choice is saved")
    look(visitor, "manage")
    assert visitor.cookies() == []
    visitor.close()


def mend_a_slip(place: Place, visitor: Visitor) -> None:
    """One organizer changes facts and suggests a slip; only the other one approves it."""
    page, desk = visitor.page, f"/desk/sign-on-letters/{place.letter.public_id}"
    place.enter(visitor, place.writer)
    page.goto("/desk/sign-on-letters/new")
    page.get_by_role("button", name="Save").click()
    look(visitor, "new-refused")
    page.goto(f"{desk}/edit")
    look(visitor, "edit")
    page.locator("[name=addressees]").fill("Somebody else")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Organizations are signing")
    look(visitor, "edit-refused")
    page.goto(f"{desk}/text")
    page.locator("[name=body]").fill(signons.BODY.replace("crisis beds", "crisis bedz"))
    page.get_by_label("Only a typing error").check()
    page.get_by_role("button", name="Save the words").click()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    look(visitor, "slip-mine")
    place.enter(visitor, place.second)
    page.goto("/desk")
    look(visitor, "desk-second")
    page.goto(f"{desk}/text")
    look(visitor, "slip-second")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("Signatures stay")
    look(visitor, "slip-approved")


def look_after_people(place: Place, visitor: Visitor) -> None:
    """The list of people, and one taken out."""
    page, desk = visitor.page, f"/desk/sign-on-letters/{place.letter.public_id}"
    page.goto(place.pages["empty_people"])
    look(visitor, "people-empty")
    page.goto(desk)
    page.get_by_role("link", name="People").first.click()
    look(visitor, "people")
    page.locator("summary").filter(has_text="Take out").click()
    page.get_by_role("button", name="Yes: Take out").click()
    expect(page.get_by_role("status")).to_contain_text("The name is taken out")


def visit_the_rest(place: Place, visitor: Visitor) -> None:
    """A contact's lawmaker, a seat offered by mail, what a partner deletes, one's own data, a quarter to close."""
    page = visitor.page
    page.goto("/desk/contacts")
    look(visitor, "contacts")
    page.goto("/desk/contacts/new")
    page.locator("[name=lawmaker]").fill("Nobody Known")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("main")).to_contain_text("Nobody in the directory has this name")
    look(visitor, "contact-find")
    page.goto(place.pages["contact"])
    look(visitor, "contact")
    place.enter(visitor, place.admin)
    page.goto(place.pages["committee"])
    page.locator("form[action$=invitations] [name=email]").fill("noor@example.org")
    look(visitor, "committee")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.locator("main")).to_contain_text("Offered to noor@example.org")
    look(visitor, "committee-offered")
    page.goto("/account")
    look(visitor, "account")
    place.enter(visitor, place.partner)
    page.goto(place.pages["partner"])
    look(visitor, "partner")
    page.get_by_role("button", name="Deleted").click()
    expect(page.locator("main")).not_to_contain_text("Please delete on your side")
    place.enter(visitor, place.keeper)
    page.goto("/desk/lobbying?year=2027")
    look(visitor, "ledger")
    visitor.close()
