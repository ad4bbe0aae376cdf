"""Who hears that an organization asks to join."""

from __future__ import annotations

from sqlalchemy import select

from advocacy.coalitions.organization_models import JoinRequest
from advocacy.coalitions.services import granting, joining
from advocacy.core import uow
from advocacy.core.db import db
from tests.factories.accounts import make_user
from tests.factories.coalitions import actor_in, give_role, make_coalition, make_member
from tests.support import canary
from tests.support.inbox import mails

JOIN = {
    "organization": "Vexworthy House",
    "name": canary.PERSON["name"],
    "email": canary.PERSON["email"],
    "message": canary.PERSON["comment"],
}


def test_every_administrator_gets_one_mail_for_each_request_and_nobody_else(app, client):
    coalition_id = make_coalition("valley-asked")
    make_member(coalition_id, "admin", email="one@example.org")
    make_member(coalition_id, "admin", email="two@example.org")
    make_member(coalition_id, "organizer", email="organizer@example.org")
    make_member(make_coalition(), "admin", email="elsewhere@example.org")
    for _ in range(2):
        client.post("/coalitions/valley-asked/join", data=JOIN)
    client.post("/coalitions/valley-asked/join", data=JOIN | {"website": "trap"})
    for address in ("one@example.org", "two@example.org"):
        assert [mail.subject for mail in mails(app, address)] == ["An organization asks to join"]
    assert mails(app, "organizer@example.org") == []
    assert mails(app, "elsewhere@example.org") == []
    client.post("/coalitions/valley-asked/join", data=JOIN | {"organization": "Another House"})
    assert len(mails(app, "one@example.org")) == 2


def test_d05_the_mail_about_a_request_repeats_nothing_that_a_stranger_typed(app, client):
    coalition_id = make_coalition("valley-words")
    make_member(coalition_id, "admin", email="one@example.org")
    client.post("/coalitions/valley-words/join", data=JOIN)
    mail = mails(app, "one@example.org")[0]
    assert mail.subject == "An organization asks to join"
    assert canary.traces_in(f"{mail.subject} {mail.text}") == []
    assert "/desk/coalition/requests" in mail.text


def test_no_mail_leaves_about_a_request_that_was_answered(app, client):
    coalition_id = make_coalition("valley-late")
    make_member(coalition_id, "admin", email="stays@example.org")
    client.post("/coalitions/valley-late/join", data=JOIN)
    with uow.unit():
        request = db.session.execute(select(JoinRequest.public_id)).scalar_one()
        joining.decline_request(actor_in(coalition_id, "admin"), request)
    assert mails(app, "stays@example.org") == []


def test_no_mail_leaves_to_who_lost_the_right_meanwhile(app, client):
    coalition_id = make_coalition("valley-gone")
    make_member(coalition_id, "admin", email="stays@example.org")
    leaving = make_user("leaving@example.org")
    role_id = give_role(coalition_id, leaving, "admin")
    client.post("/coalitions/valley-gone/join", data=JOIN)
    with uow.unit():
        granting.end_role(actor_in(coalition_id, "admin"), coalition_id, role_id)
    assert mails(app, "leaving@example.org") == []
    assert len(mails(app, "stays@example.org")) == 1
