"""A partner asks its people once; of who had reached their limit it learns a number, never who or why."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import exc, select, text, update

from advocacy.coalitions.models import Coalition
from advocacy.consent.ask_models import Ask
from advocacy.core import uow
from advocacy.core.db import db
from advocacy.messaging.models import Mail, MailState
from advocacy.messaging.services import sending
from advocacy.petitions.models import Signature
from advocacy.petitions.services import managing, partner_asking
from tests.factories import petitions
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.organizations import make_organization, make_representative
from tests.factories.partners import make_partner_page, sign_with
from tests.support.inbox import mails
from tests.support.work import run_due

TITLE = "Beds before jails for people in crisis"
PEOPLE = ("ana@example.org", "ben@example.org")
pytestmark = pytest.mark.settings(mail={"transport": "mailbox"}, demo={"enabled": True})


class World:
    """Two partners with a page each; both have the leave of the same two people, who may be asked once."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self.app = app
        self.coalition_id = make_coalition()
        with uow.unit():
            db.session.execute(update(Coalition).values(ask_limit=1))
        self.partners, self.pages = [], []
        for name in ("Harbor House", "Lake Friends"):
            petition = petitions.make_petition(self.coalition_id, title=TITLE)
            partner = make_organization(self.coalition_id, name, tier="partner")
            page = make_partner_page(petition, partner)
            for email in PEOPLE:
                sign_with(client, petition, page, email, partner_updates="y")
            sign_with(client, petition, page, f"untouched-{page.id}@example.org")  # gave no leave
            self.partners.append(sign_in(app.test_client(), make_representative(partner)))
            self.pages.append(page)

    def url(self, number: int) -> str:
        return f"/desk/partner-pages/{self.pages[number].public_id}"

    def ask(self, number: int, client: FlaskClient | None = None):
        client = client or self.partners[number]
        return client.post(f"{self.url(number)}/ask", data={"csrf_token": csrf_token(client)})

    def page(self, number: int) -> str:
        return self.partners[number].get(self.url(number)).get_data(as_text=True)


@pytest.fixture
def world(app: Flask, client: FlaskClient) -> World:
    return World(app, client)


def asks() -> list[Mail]:
    with uow.reading():
        found = list(db.session.execute(select(Mail).where(Mail.kind == partner_asking.MAIL)).scalars())
        db.session.expunge_all()
    return found


@pytest.mark.both_databases
def test_people_who_ticked_the_box_are_asked_once_and_the_next_partner_learns_only_a_number(world: World):
    assert "Nobody is asked more than 1 time in 30 days by all organizations together" in world.page(0)
    assert world.ask(0).status_code == 303
    newest = mails(world.app, PEOPLE[0])[0]
    assert newest.subject == "Could you pass something on?"
    assert TITLE not in newest.subject
    assert f"/with/{world.pages[0].slug}" in newest.text
    assert "/signatures/manage/" in newest.text
    assert "2 people are asked" in world.page(0)
    assert "reached their limit" not in world.page(0)
    assert len(asks()) == 2

    assert world.ask(1).status_code == 303
    run_due(world.app)
    assert len(asks()) == 2
    page = world.page(1)
    assert "0 people are asked" in page
    assert "2 people have reached their limit and are not asked" in page
    assert "Harbor House" not in page
    assert world.ask(0).status_code == 409
    assert len(asks()) == 2
    assert {mail.state for mail in asks()} == {MailState.SENT}


def test_who_takes_the_leave_back_before_the_mail_leaves_is_not_written_to(world: World):
    world.ask(0)
    row = next(row for row in petitions.signatures(world.pages[0].petition_id) if row.partner_updates)
    with uow.unit():
        partner_asking.ask_people({"partner_ask_id": 1})
        managing.change_signature(petitions.manage_token(row), display="hidden", updates=False, partner_updates=False)
    run_due(world.app)
    assert sorted(mail.state for mail in asks()) == [MailState.SENT, MailState.SUPPRESSED]


def test_an_asking_mail_without_its_row_in_the_ledger_never_leaves(world: World):
    with uow.unit():
        signature = db.session.execute(select(Signature).where(Signature.partner_updates).limit(1)).scalar_one()
        for number, params in enumerate(({}, {"ask": 99}, {"ask": "1"})):
            sending.queue_mail(
                kind=partner_asking.MAIL,
                to=PEOPLE[0],
                coalition_id=world.coalition_id,
                object_kind="signature",
                object_id=signature.id,
                params=params,
                key=f"test:{number}",
                opt_in_id=signature.partner_opt_in_id,
            )
    run_due(world.app)
    assert {(mail.state, mail.last_reason) for mail in asks()} == {(MailState.SUPPRESSED, "ask_limit")}


def test_only_the_partners_own_people_ask(world: World, app: Flask):
    assert world.ask(0, world.partners[1]).status_code == 404
    organizer = sign_in(app.test_client(), make_member(world.coalition_id, "organizer"))
    assert world.ask(0, organizer).status_code == 403
    assert asks() == []


def test_a_stop_in_the_middle_asks_nobody_twice(world: World, monkeypatch):
    monkeypatch.setattr(partner_asking, "STEP", 1)
    world.ask(0)
    with uow.unit():
        partner_asking.ask_people({"partner_ask_id": 1})  # a step that the worker does not know of
    run_due(world.app)
    assert len(asks()) == 2
    with uow.reading():
        assert len(db.session.execute(select(Ask.id)).all()) == 2


@pytest.mark.both_databases
def test_the_database_lets_a_page_ask_once(world: World):
    world.ask(0)
    with pytest.raises(exc.IntegrityError), uow.unit():
        db.session.execute(
            text(
                "INSERT INTO partner_ask (coalition_id, petition_id, partner_page_id, public_id, state, asked_count,"
                " limited_count, last_signature_id, created_at) SELECT coalition_id, petition_id, partner_page_id,"
                " 'other', state, 0, 0, 0, created_at FROM partner_ask"
            )
        )


def test_administrators_set_the_limit(world: World, app: Flask):
    admin = sign_in(app.test_client(), make_member(world.coalition_id, "admin"))
    page = admin.get("/desk/coalition/settings").get_data(as_text=True)
    assert "How often may one person be asked?" in page
    given = {"decision_rule": "majority", "quorum_pct": "50", "ask_limit": "7", "ask_window_days": "14"}

    def save(**more: str) -> int:
        data = {"csrf_token": csrf_token(admin), **given, **more}
        return admin.post("/desk/coalition/settings", data=data).status_code

    assert (save(), save(ask_limit="101"), save(ask_window_days="0"), save(ask_limit="x")) == (303, 422, 422, 422)
    with uow.reading():
        found = db.session.get_one(Coalition, world.coalition_id)
        assert (found.ask_limit, found.ask_window_days) == (7, 14)
    for column, value in (("ask_limit", -1), ("ask_window_days", 0)):
        with pytest.raises(exc.IntegrityError), uow.unit():
            db.session.execute(update(Coalition).values({column: value}))
