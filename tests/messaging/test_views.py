"""The operators' page and the demonstration's mailbox."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from advocacy.core import uow
from advocacy.messaging.services import bulk
from tests.factories.accounts import csrf_token, make_user, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.messaging.conftest import Room, lot_mails, mail, queue, queue_lot
from tests.support.smtp_sink import SmtpSink
from tests.support.work import run_due


def test_desk_mail_shows_states_and_masked_addresses_and_sends_again(
    app: Flask, client: FlaskClient, sink: SmtpSink
) -> None:
    sink.mode("secret.person@example.org", "550 no", times=1)
    found = queue("secret.person@example.org")
    queue("other@example.org")
    run_due(app)
    sign_in(client, make_user(platform_admin=True))
    page = client.get("/desk/mail").text
    assert "s…@e….org" in page
    assert "secret.person" not in page
    assert "550 recipient_refused" in page
    again = client.post(f"/desk/mail/{mail(found).public_id}/send", data={"csrf_token": csrf_token(client)})
    assert (again.status_code, again.location) == (303, "/desk/mail?done=mail-again")
    run_due(app)
    assert mail(found).state == "sent"
    page = client.get("/desk/mail?done=mail-again").text
    assert "on its way again" in page
    assert "No mail here" in page
    assert "o…@e….org" in client.get("/desk/mail?state=sent&before=zebra").text


def test_desk_mail_shows_lots_and_sends_their_dead_mail_again(
    app: Flask, client: FlaskClient, room: Room, sink: SmtpSink
) -> None:
    sink.mode("p2@example.org", "550 no", times=1)
    queue_lot(range(1, 5))
    run_due(app)
    sign_in(client, make_user(platform_admin=True))
    page = client.get("/desk/mail").text
    assert "To many people" in page
    assert "All done" in page
    assert "550 recipient_refused" in page
    assert "No mail here" not in page
    dead = lot_mails()[2]
    url = f"/desk/mail/{dead.public_id}/send"
    assert client.post(url, data={"csrf_token": csrf_token(client)}).status_code == 303
    run_due(app)
    assert lot_mails()[2].state == "sent"
    assert "550 recipient_refused" not in client.get("/desk/mail").text
    assert client.post(url, data={"csrf_token": csrf_token(client)}).status_code == 422
    with uow.reading():
        assert bulk.lot_counts("room.lot", "thing", 1).sent == 4


def test_desk_mail_of_a_coalition_shows_and_sends_only_its_own(app: Flask, client: FlaskClient, sink: SmtpSink) -> None:
    sink.mode(answer="550 no")
    mine, other = make_coalition(), make_coalition()
    queue("mine@example.org", coalition_id=mine)
    strange = queue("strange@example.org", coalition_id=other)
    run_due(app)
    sign_in(client, make_member(mine, "admin"))
    page = client.get("/desk/mail").text
    assert "m…@e….org" in page
    assert "s…@e….org" not in page
    answer = client.post(f"/desk/mail/{mail(strange).public_id}/send", data={"csrf_token": csrf_token(client)})
    assert answer.status_code == 404


def test_desk_mail_without_the_right_is_refused(app: Flask, client: FlaskClient) -> None:
    found = queue()
    assert client.get("/desk/mail").status_code == 303
    sign_in(client, make_member(make_coalition(), "organizer"))
    assert client.get("/desk/mail").status_code == 403
    assert client.post(f"/desk/mail/{mail(found).public_id}/send").status_code == 403


def test_desk_mail_when_there_are_many_pages_by_key(app: Flask, client: FlaskClient, room: Room) -> None:
    room.objection = "unsubscribed"
    for number in range(60):
        queue(f"p{number}@example.org")
    run_due(app)
    sign_in(client, make_user(platform_admin=True))
    page = client.get("/desk/mail?state=suppressed").text
    assert page.count("room.hello") == 50
    assert "before=11" in page
    assert client.get("/desk/mail?state=suppressed&before=11").text.count("room.hello") == 10


@pytest.mark.settings(demo={"enabled": True}, mail={"transport": "mailbox"})
def test_mailbox_in_a_demonstration_shows_mails_with_links_newest_first(
    app: Flask, client: FlaskClient, room: Room
) -> None:
    assert "No mail yet" in client.get("/demo/mailbox").text
    room.text = "Hello <b>,\nplease follow http://localhost:8000/confirm/abc.\n\nBye\n"
    queue("zoe@example.org")
    queue("Ann@example.org")
    run_due(app)
    page = client.get("/demo/mailbox")
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers
    assert '<a href="http://localhost:8000/confirm/abc">http://localhost:8000/confirm/abc</a>.' in page.text
    assert "Hello &lt;b&gt;,<br>please" in page.text
    assert page.text.index("Ann@example.org") < page.text.index("zoe@example.org")
    assert "Ann@example.org" not in client.get("/demo/mailbox?to=ZOE@example.org").text
    assert "No mail yet" in client.get("/demo/mailbox?to=%00%FF").text


@pytest.mark.settings(demo={"enabled": False}, mail={"transport": "mailbox"})
def test_mailbox_without_demonstration_is_not_there(app: Flask, client: FlaskClient) -> None:
    assert client.get("/demo/mailbox").status_code == 404


@pytest.mark.settings(demo={"enabled": True})
def test_mailbox_when_mail_leaves_by_smtp_is_not_there(app: Flask, client: FlaskClient) -> None:
    assert client.get("/demo/mailbox").status_code == 404


@pytest.mark.settings(mail={"transport": "console"})
def test_console_transport_prints_subject_and_text_but_no_address(
    app: Flask, room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    room.text = "Follow https://example.org/x\n"
    queue()
    run_due(app)
    printed = capsys.readouterr().out
    assert "Subject: Hello" in printed
    assert "https://example.org/x" in printed
    assert "zoe@example.org" not in printed
