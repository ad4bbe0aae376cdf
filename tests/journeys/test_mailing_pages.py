"""The pages of mailings on a phone: axe, nothing wider than the window, a clean console."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from advocacy.accounts.services import sessions
from advocacy.app import create_app
from advocacy.core import crypto, uow
from advocacy.core.db import db
from advocacy.mailings.services import queueing
from advocacy.web.session import cookie_name
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.mailings import make_broadcast, plan, row
from tests.factories.supporters import make_supporter, take_leave_back
from tests.support import databases, world
from tests.support.browser import Visitor
from tests.support.servers import Server
from tests.support.work import run_due

LONG = "Registration" * 8


@dataclass(frozen=True)
class Desk:
    """A coalition with a mailing that went out, one that is unfinished, and a ladder."""

    app: Flask
    url: str
    session: str
    gone: str
    pages: tuple[str, ...]


@pytest.fixture
def desk() -> Iterator[Desk]:
    url = databases.new_database("sqlite")
    crypto.data_keys.clear()
    app = create_app(databases.make_settings(url, mail={"transport": "mailbox"}))
    with app.app_context():
        coalition_id = make_coalition()
        organizer = make_member(coalition_id, "organizer")
        make_supporter(coalition_id, "Ana Ruiz")
        leaves = make_supporter(coalition_id, "Gus Long")
        gone = make_broadcast(coalition_id)
        draft = make_broadcast(coalition_id, subject=LONG, body=f"Dear {{first_name}},\n\n{LONG}")
        plan(coalition_id, gone)
        sent = row(gone).id
        with uow.unit():
            row(gone, ends=False).scheduled_at = row(gone, ends=False).created_at
            db.session.flush()
            queueing.start_broadcast(sent)
            queueing.queue_some(sent)
        take_leave_back(coalition_id, leaves)
        run_due(app)
        with uow.unit():
            queueing.look_after()
        with uow.unit():
            session = sessions.begin_session(organizer)
        climbed = world.climbed(coalition_id)
        ladder = f"/desk/mailings/ladders/{climbed['ladders:public_id']}"
        mailings = "/desk/mailings"
        pages = (
            *(f"{mailings}/{one}" for one in (gone, draft)),
            f"{mailings}/{draft}/edit",
            f"{mailings}/{draft}/preview",
            ladder,
            f"{ladder}/try",
        )
        db.session.remove()
        yield Desk(app, url, session, f"{mailings}/{gone}", pages)
        db.session.remove()
        db.engine.dispose()


@pytest.mark.browser
def test_pages_of_mailings_read_well_on_a_phone(desk: Desk, browser: Browser) -> None:
    with Server(desk.url, "--no-worker") as server:
        visitor = Visitor(browser, server.url, width=390)
        visitor.context.add_cookies([{"name": cookie_name(desk.app), "value": desk.session, "url": server.url}])
        for path in desk.pages:
            answer = visitor.page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            expect(visitor.page.locator("h1")).to_have_count(1)
            visitor.check()
            if path == desk.gone:
                expect(visitor.page.locator("main")).to_contain_text("They stopped such mail before it left")
        visitor.close()
