"""The pages of organizations, decisions, committees and partners in a real browser: axe, 320 px, one keyboard vote."""

from __future__ import annotations

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
from advocacy.web.session import cookie_name
from tests.factories import organizations, partners, petitions
from tests.factories.coalitions import give_role, make_coalition, make_member
from tests.support import databases
from tests.support.browser import Visitor
from tests.support.servers import Server


@dataclass
class Place:
    """A coalition with something behind each page."""

    app: Flask
    url: str
    admin: int
    person: int
    pages: list[str]
    public: list[str]
    own: str
    decision: str


@pytest.fixture
def place(database_kind: str) -> Iterator[Place]:
    url = databases.new_database(database_kind)
    crypto.data_keys.clear()
    app = create_app(databases.make_settings(url))
    with app.app_context():
        coalition_id = make_coalition("open-door", "Open Door Coalition of the Very Long Valley")
        admin = make_member(coalition_id, "admin", name="Maya Ortiz")
        give_role(make_coalition(name="Lake Shore Minds"), admin, "observer")
        member = organizations.make_organization(
            coalition_id, "Harbor House of Extraordinarily Long Names", name_use="always"
        )
        person = organizations.make_representative(member, name="Kofi Mensah")
        organizations.ask_to_join(coalition_id)
        committee = organizations.make_committee(coalition_id)
        organizations.hold_seat(committee, 3, make_member(coalition_id, "speaker", name="Noor Haddad"))
        decision = organizations.make_decision(coalition_id, kind="story_policy")
        draft = organizations.make_decision(coalition_id, is_open=False, title="Not yet")
        petition = petitions.make_petition(coalition_id, slug="beds-now")
        page = partners.make_partner_page(petition, member)
        partners.sign_with(app.test_client(), petition, page, "yes@example.org", partner_updates="y")
        db.session.remove()
        db.engine.dispose()
        yield Place(
            app,
            url,
            admin,
            person,
            [
                "/desk",
                "/desk/coalition",
                "/desk/coalition/organizations",
                "/desk/coalition/organizations/new",
                f"/desk/coalition/organizations/{member.public_id}",
                f"/desk/coalition/organizations/{member.public_id}/edit",
                "/desk/coalition/requests",
                "/desk/coalition/settings",
                "/desk/committees",
                "/desk/committees/new",
                f"/desk/committees/{committee.public_id}",
                "/desk/decisions",
                "/desk/decisions/new",
                f"/desk/decisions/{decision.public_id}",
                f"/desk/decisions/{draft.public_id}/edit",
                f"/desk/petitions/{petition.public_id}/partners",
            ],
            [
                "/coalitions/open-door",
                "/coalitions/open-door/join",
                "/coalitions/open-door/join/thanks",
                f"/petitions/{petition.slug}/with/{page.slug}",
            ],
            f"/desk/partner-pages/{page.public_id}",
            f"/desk/decisions/{decision.public_id}",
        )
        db.session.remove()
        db.engine.dispose()


def enter(place: Place, visitor: Visitor, user_id: int) -> None:
    """Give the browser a live session; signing in has its own journey."""
    with place.app.app_context(), uow.unit():
        token = sessions.begin_session(user_id)
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


@pytest.mark.browser
def test_coalition_pages_hold_in_a_browser_and_a_vote_needs_the_keyboard_only(
    place: Place, browser: Browser, tmp_path: Path
) -> None:
    with Server(place.url, "--no-worker", cwd=tmp_path) as server:
        reader = Visitor(browser, server.url)
        for path in place.public:
            look(reader, path)
        expect(reader.page.locator("[name=partner_updates]")).not_to_be_checked()
        assert reader.cookies() == []
        admin = Visitor(browser, server.url)
        enter(place, admin, place.admin)
        for path in place.pages:
            look(admin, path)
        admin.page.set_viewport_size({"width": 320, "height": 800})
        admin.page.locator(".switcher > summary").click()
        admin.check()
        admin.page.get_by_role("button", name="Lake Shore Minds").click()
        admin.page.wait_for_url("**/desk")
        expect(admin.page.locator(".brand")).to_contain_text("Lake Shore Minds")
        person = Visitor(browser, server.url)
        enter(place, person, place.person)
        for path in ("/desk/partner-pages", place.own, place.decision):
            look(person, path)
        page = person.page
        page.locator("input[name=choice]").first.focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.type("Our people ask for it.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**done=vote-cast")
        expect(page.get_by_text("It says: Support")).to_be_visible()
        person.check()
