"""The demo's contacts, relationships, promises and votes in a real browser: axe, 320 px, light and dark."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from advocacy.accounts.services import sessions
from advocacy.app import create_app
from advocacy.campaigns.models import Bill, Campaign
from advocacy.civic.services import directory
from advocacy.coalitions.models import MembershipRole, RoleName
from advocacy.core import crypto, uow
from advocacy.core.db import db
from advocacy.demo.services import seeding
from advocacy.outreach.models import ContactLog
from advocacy.outreach.position_models import Commitment
from advocacy.web.session import cookie_name
from tests.support import databases
from tests.support.browser import Visitor
from tests.support.servers import Server

PICTURES = os.environ.get("ADVOCACY_TEST_PICTURES")
"""A folder for pictures of every page that is looked at, for people who want to see them."""


@dataclass
class Place:
    """The demo coalition."""

    app: Flask
    url: str
    organizer: int
    pages: dict[str, str]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    url = databases.new_database("sqlite")
    crypto.data_keys.clear()
    app = create_app(databases.make_settings(url, demo={"enabled": True}))
    with app.app_context():
        seeding.seed(tmp_path / "instance" / "demo-sign-in.txt")
        with uow.reading():
            role = select(MembershipRole.user_id).where(MembershipRole.role == RoleName.ORGANIZER)
            organizer = db.session.execute(role).scalars().first() or 0
            bill = db.session.execute(select(Bill.public_id)).scalars().first()
            campaign = db.session.execute(select(Campaign.public_id)).scalars().first()
            contact = db.session.execute(select(ContactLog.public_id).where(ContactLog.staff != "")).scalars().first()
            promise = db.session.execute(select(Commitment.public_id)).scalars().first()
            people = directory.people_page(state="ZZ", size=50).officials
        person = next(one.id for one in people if one.family_name == "Winterbourne")
        pages = {
            "contacts": "/desk/contacts",
            "contacts-print": "/desk/contacts/print",
            "contact": f"/desk/contacts/{contact}",
            "contact-edit": f"/desk/contacts/{contact}/edit",
            "relationships": "/desk/relationships?place=ZZ&chamber=state_lower",
            "nobody": "/desk/relationships?place=ZZ&chamber=us_senate&who=nobody",
            "relationship": f"/desk/relationships/{person}",
            "hold": f"/desk/relationships/{person}/holder",
            "position": f"/desk/relationships/{person}/positions/new",
            "promise-new": f"/desk/relationships/{person}/commitments/new",
            "legislator": f"/desk/legislators/{person}",
            "promises": "/desk/commitments",
            "promise": f"/desk/commitments/{promise}",
            "coverage-house": "/desk/coverage?place=ZZ&chamber=us_house",
            "coverage-state": "/desk/coverage?place=ZZ&chamber=state_lower",
            "votes-list": "/desk/votes",
            "votes": f"/desk/votes/{bill}",
            "line": f"/desk/votes/{bill}/line/state_lower",
            "bill": f"/desk/bills/{bill}",
            "campaign": f"/desk/campaigns/{campaign}",
        }
        db.session.remove()
        db.engine.dispose()
    yield Place(app, url, organizer, pages)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def enter(place: Place, visitor: Visitor) -> None:
    with place.app.app_context(), uow.unit():
        token = sessions.begin_session(place.organizer)
    visitor.context.add_cookies([{"name": cookie_name(place.app), "value": token, "url": visitor.base_url}])


@pytest.mark.long
@pytest.mark.browser
def test_demo_of_outreach_reads_well_wide_narrow_light_and_dark(place: Place, browser: Browser, tmp_path: Path) -> None:
    with Server(place.url, "--no-worker", cwd=tmp_path, env={"DEMO__ENABLED": "true"}) as server:
        every = (1280, 390, 320)
        for scheme, widths in (("light", every if PICTURES else (1280, 320)), ("dark", every if PICTURES else (390,))):
            visitor = Visitor(browser, server.url, color_scheme=scheme)
            enter(place, visitor)
            for name, path in place.pages.items():
                visitor.page.goto(path)
                for width in widths:
                    visitor.page.set_viewport_size({"width": width, "height": 1000})
                    visitor.check()
                    if PICTURES and width > 320:
                        picture = Path(PICTURES) / f"{name}-{width}-{scheme}.png"
                        visitor.page.screenshot(path=picture, full_page=True)
            visitor.close()


@pytest.mark.browser
def test_from_a_lawmaker_to_the_votes_and_back(place: Place, browser: Browser, tmp_path: Path) -> None:
    with Server(place.url, "--no-worker", cwd=tmp_path, env={"DEMO__ENABLED": "true"}) as server:
        visitor = Visitor(browser, server.url)
        enter(place, visitor)
        page = visitor.page
        page.goto(place.pages["votes"])
        expect(page.locator("main")).to_contain_text("not a forecast")
        page.get_by_role("link", name="Note : Joel Winterbourne").or_(
            page.get_by_role("link", name="Note: Joel Winterbourne")
        ).click()
        page.get_by_label("Leans yes").check()
        page.get_by_label("Told one of us").check()
        page.locator("[name=quote]").fill("Year three convinced him.")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status")).to_contain_text("Noted where they stand")
        expect(page.locator("main")).to_contain_text("Year three convinced him.")
        page.goto(place.pages["votes"])
        expect(page.locator("main")).to_contain_text("Leans yes")
        visitor.check()
        visitor.close()
