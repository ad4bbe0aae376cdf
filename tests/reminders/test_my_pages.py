"""A person's own reminders, in the account and by the link of a mail."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from advocacy.core import uow
from advocacy.core.db import db
from advocacy.reminders.models import Reminder, ReminderState
from advocacy.reminders.services import keeping
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.petitions import make_petition
from tests.factories.reminders import make_link, make_reminder


def states() -> list[tuple[str, str, str | None]]:
    with uow.reading():
        found = db.session.scalars(select(Reminder).order_by(Reminder.id))
        return [(row.offset_code.partition(":")[0], str(row.state), row.reason) for row in found]


def test_account_shows_what_comes_and_puts_it_off(app: Flask, client: FlaskClient) -> None:
    coalition_id = make_coalition()
    person, other = make_member(coalition_id, "organizer"), make_member(coalition_id, "organizer")
    sign_in(client, person)
    assert "Nothing in the next day and a half" in client.get("/account/reminders").text
    petition = make_petition(coalition_id, title="Beds near home")
    mine = make_reminder(petition, person, state=ReminderState.SCHEDULED)
    page = client.get("/account/reminders").text
    assert "Beds near home" in page
    given = {"csrf_token": csrf_token(client), "choice": "1d"}
    assert client.post("/account/reminders", data=given | {"reminder": mine}).status_code == 303
    assert states() == [("2d", "suppressed", "snoozed"), ("again", "scheduled", None)]
    assert "You asked for another time." in client.get("/account/reminders").text
    assert client.post("/account/reminders", data=given | {"reminder": mine, "choice": "9d"}).status_code == 422
    sign_in(client, other)
    given["csrf_token"] = csrf_token(client)
    assert client.post("/account/reminders", data=given | {"reminder": mine}).status_code == 404
    assert "Beds near home" not in client.get("/account/reminders").text


def test_link_of_a_mail_reminds_again_and_looking_changes_nothing(app: Flask, client: FlaskClient) -> None:
    coalition_id = make_coalition()
    petition = make_petition(coalition_id, title="Beds near home")
    token = make_link(petition, make_member(coalition_id, "organizer"))
    for _ in range(3):
        assert "Beds near home" in client.get(f"/reminders/{token}").text
    assert states() == [("2d", "done", None)]
    with uow.reading():
        reminder_id = db.session.scalar(select(Reminder.id))
    for _ in range(2):
        answer = client.post(f"/reminders/{token}", data={"reminder": reminder_id, "choice": "3h"})
        assert answer.status_code == 303
    assert states() == [("2d", "done", None), ("again", "scheduled", None)]
    assert client.post(f"/reminders/{token}", data={"reminder": 99, "choice": "3h"}).status_code == 404
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert client.get(f"/reminders/{forged}").status_code == 404
    assert client.post(f"/reminders/{'A' * 54}", data={"choice": "3h"}).status_code == 404


def test_an_account_takes_its_reminders_along_and_erasing_forgets_them(app: Flask) -> None:
    coalition_id = make_coalition()
    person, other = make_member(coalition_id, "organizer"), make_member(coalition_id, "organizer")
    petition = make_petition(coalition_id)
    make_reminder(petition, person)
    make_reminder(petition, other)
    with uow.reading():
        mine = keeping.export(person)["reminders"]
    assert [(one["state"], one["reason"]) for one in mine] == [("done", None)]
    with uow.unit():
        keeping.erase(person)
    with uow.reading():
        assert keeping.export(person) == {"reminded_of": [], "reminders": []}
        assert len(keeping.export(other)["reminders"]) == 1
