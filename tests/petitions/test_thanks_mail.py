"""The thank-you mail: once to each confirmed signature, from rows, with nothing in its subject."""

from __future__ import annotations

import re
import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from advocacy.core import uow
from advocacy.core.db import db
from advocacy.messaging.models import Mail, MailboxMessage, MailState
from advocacy.petitions.models import MAX_MAILS, Petition, Signature
from advocacy.petitions.services import verifying
from advocacy.web.manifest import House, Manifest, SendCheck
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import make_member
from tests.factories.petitions import (
    confirm_token,
    make_petition,
    manage_token,
    sign,
    sign_and_confirm,
    signatures,
)
from tests.support.inbox import mails
from tests.support.work import run_due

TITLE = "Beds before jails for people in crisis"
mailbox = pytest.mark.settings(mail={"transport": "mailbox"}, demo={"enabled": True})


def thanks() -> list[Mail]:
    with uow.reading():
        found = list(db.session.execute(select(Mail).where(Mail.kind == verifying.THANKS_MAIL)).scalars())
        db.session.expunge_all()
    return found


def is_ticked(page: str) -> bool:
    (box,) = re.findall(r'<input [^>]*name="thanks_mail"[^>]*>', page)
    return " checked" in box


@mailbox
@pytest.mark.both_databases
def test_confirmed_signature_is_thanked_once_with_link_and_way_out(app: Flask, client: FlaskClient):
    petition = make_petition(title=TITLE)
    row = sign_and_confirm(client, petition, "zoe@example.org")
    assert row.mail_count == 2
    newest = mails(app, "zoe@example.org")[0]
    assert newest.subject == "Thank you, your name is counted"
    assert TITLE not in newest.subject  # C-08: a subject line says nothing of the topic
    assert TITLE in newest.text
    assert f"/petitions/{petition.slug}" in newest.text
    assert f"/signatures/manage/{manage_token(row)}" in newest.text
    assert client.post(f"/signatures/confirm/{confirm_token(row)}").status_code == 410
    manage = f"/signatures/manage/{manage_token(row)}"
    for action in ("withdraw", "restore"):
        assert client.post(manage, data={"action": action}).status_code == 303
    run_due(app)
    assert [mail.state for mail in thanks()] == [MailState.SENT]


@mailbox
def test_thanks_name_who_speaks_for_the_signer(app: Flask, client: FlaskClient):
    from advocacy.civic.services import demo_pack

    with uow.unit():
        demo_pack.install()
    sign_and_confirm(client, make_petition(), "ana@example.org", postal_code="99961")
    sign_and_confirm(client, make_petition(), "tom@example.org", postal_code="10001")
    placed, elsewhere = mails(app, "ana@example.org")[0].text, mails(app, "tom@example.org")[0].text
    assert "Rosalind Delgado-Finch" in placed
    assert "Harriet Lindqvist; Teodor Marchbank" in placed
    assert "Find who speaks for you" in elsewhere


@pytest.mark.both_databases
def test_thanks_of_two_presses_at_once_are_one_mail(app: Flask, client: FlaskClient):
    petition = make_petition()
    sign(client, petition.slug)
    token = confirm_token(signatures(petition.id)[0])
    barrier = threading.Barrier(6)

    def press() -> None:
        barrier.wait()
        app.test_client().post(f"/signatures/confirm/{token}")

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(thanks()) == 1
    assert signatures(petition.id)[0].mail_count == 2


def test_thanks_are_never_the_sixth_mail(app: Flask, client: FlaskClient):
    petition = make_petition()
    sign(client, petition.slug)
    with uow.unit():
        db.session.execute(update(Signature).values(mail_count=MAX_MAILS))
    token = confirm_token(signatures(petition.id)[0])
    assert client.post(f"/signatures/confirm/{token}").status_code == 303
    assert thanks() == []


@mailbox
def test_thanks_are_not_sent_to_who_took_the_name_back_meanwhile(app: Flask, client: FlaskClient):
    row = sign_and_confirm(client, make_petition(), "zoe@example.org")
    client.post(f"/signatures/manage/{manage_token(row)}", data={"action": "withdraw"})
    run_due(app)
    (mail,) = thanks()
    assert (mail.state, mail.last_reason) == (MailState.SUPPRESSED, "no_longer_matters")


@mailbox
def test_thanks_ask_the_send_checks(app: Flask, client: FlaskClient):
    objection = SendCheck("test", lambda mail: "asked_for_silence" if mail.kind == verifying.THANKS_MAIL else None)
    house = app.extensions["advocacy.house"]
    app.extensions["advocacy.house"] = House((*house.manifests, Manifest(name="test", send_checks=[objection])))
    sign_and_confirm(client, make_petition())
    run_due(app)
    (mail,) = thanks()
    assert (mail.state, mail.last_reason) == (MailState.SUPPRESSED, "asked_for_silence")
    assert db.session.execute(select(MailboxMessage.id)).scalars().all() == []


def test_organizer_switches_the_thanks_off_and_on(app: Flask, client: FlaskClient):
    petition = make_petition()
    desk = sign_in(app.test_client(), make_member(petition.coalition_id, "organizer"))
    page = f"/desk/petitions/{petition.public_id}/edit"

    def save(**more: str) -> None:
        with uow.reading():
            version = db.session.get_one(Petition, petition.id).version
        facts = {"title": petition.title, "text": petition.text, "min_age": "13", "version": str(version)}
        answer = desk.post(page, data={"csrf_token": csrf_token(desk), **facts, **more})
        assert answer.status_code == 303, answer.get_data(as_text=True)

    assert is_ticked(desk.get(page).get_data(as_text=True))
    save()
    sign_and_confirm(client, petition)
    assert thanks() == []
    assert not is_ticked(desk.get(page).get_data(as_text=True))
    save(thanks_mail="y")
    sign_and_confirm(client, petition)
    assert len(thanks()) == 1


def test_thanks_are_on_for_new_petitions_written_at_the_desk(app: Flask):
    from tests.factories.coalitions import make_coalition

    desk = sign_in(app.test_client(), make_member(make_coalition(), "organizer"))
    page = desk.get("/desk/petitions/new").get_data(as_text=True)
    assert is_ticked(page)
