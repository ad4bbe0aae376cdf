"""Confirm, thanks, manage."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db, is_reading
from advocacy.messaging.models import MailboxMessage
from advocacy.petitions import signals
from advocacy.petitions.services import drafting
from tests.factories.petitions import (
    confirm_token,
    make_petition,
    manage_token,
    sign,
    sign_and_confirm,
    signatures,
)
from tests.support.work import run_due


@pytest.mark.both_databases
def test_confirm_counts_once_and_leads_to_thanks(app: Flask, client: FlaskClient):
    petition = make_petition()
    heard: list[int] = []

    def hear(_sender: object, *, signature_id: int, **_facts: object) -> None:
        heard.append(signature_id)

    sign(client, petition.slug, name="Zoë Ndiaye")
    (row,) = signatures(petition.id)
    token = confirm_token(row)
    with signals.signature_confirmed.connected_to(hear):
        page = client.get(f"/signatures/confirm/{token}")
        assert page.status_code == 200
        assert "Zoë Ndiaye" in page.get_data(as_text=True)
        assert signatures(petition.id)[0].state == "pending"
        done = client.post(f"/signatures/confirm/{token}")
        again = client.post(f"/signatures/confirm/{token}")
    assert heard == [row.id]
    assert done.status_code == 303
    assert again.status_code == 410
    assert "already counted" in again.get_data(as_text=True)
    (row,) = signatures(petition.id)
    assert (row.state, row.confirm_nonce) == ("verified", None)
    thanks = client.get(done.location)
    assert thanks.status_code == 200
    assert thanks.headers["Cache-Control"] == "no-store"
    assert thanks.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in thanks.headers


def test_n11_link_of_one_purpose_is_no_link_of_another(app: Flask, client: FlaskClient):
    petition = make_petition()
    sign(client, petition.slug)
    (row,) = signatures(petition.id)
    assert client.post(f"/signatures/confirm/{manage_token(row)}").status_code == 410
    assert client.get(f"/signatures/manage/{confirm_token(row)}").status_code == 410
    assert client.post(f"/signatures/manage/{confirm_token(row)}", data={"action": "withdraw"}).status_code == 410
    assert client.post(f"/signatures/confirm/{confirm_token(row)[:-1]}x").status_code == 410
    assert signatures(petition.id)[0].state == "pending"


def test_n11_confirm_link_expires(app: Flask, client: FlaskClient, move_clock):
    petition = make_petition()
    sign(client, petition.slug)
    (row,) = signatures(petition.id)
    move_clock(7 * 86400 + 1)
    answer = client.post(f"/signatures/confirm/{confirm_token(row)}")
    assert answer.status_code == 410
    assert "sign again" in answer.get_data(as_text=True)
    assert signatures(petition.id)[0].state == "pending"


def test_confirm_link_works_for_a_day_after_closing(app: Flask, client: FlaskClient, move_clock):
    petition = make_petition(closes_in=timedelta(hours=1))
    sign(client, petition.slug, "a@example.org")
    sign(client, petition.slug, "b@example.org")
    first, second = signatures(petition.id)
    with uow.unit():
        drafting.close_petition(system_actor(), petition.id)
    move_clock(23 * 3600)
    assert client.post(f"/signatures/confirm/{confirm_token(first)}").status_code == 303
    move_clock(25 * 3600)
    assert client.post(f"/signatures/confirm/{confirm_token(second)}").status_code == 410


def test_receipt_is_gone_after_a_day(app: Flask, client: FlaskClient, move_clock):
    petition = make_petition()
    sign(client, petition.slug)
    thanks = client.post(f"/signatures/confirm/{confirm_token(signatures(petition.id)[0])}").location
    assert client.get(thanks).status_code == 200
    move_clock(86401)
    assert client.get(thanks).status_code == 410
    assert client.get(f"/petitions/{petition.slug}/thanks/{'x' * 43}").status_code == 404


@pytest.mark.both_databases
def test_manage_shows_changes_withdraws_and_undoes(app: Flask, client: FlaskClient):
    petition = make_petition()
    row = sign_and_confirm(client, petition)
    path = f"/signatures/manage/{manage_token(row)}"
    assert client.get(path).status_code == 200
    assert client.post(path, data={"display": "full", "updates": "y"}).status_code == 303
    row = signatures(petition.id)[0]
    assert (row.display, row.updates) == ("full", True)
    assert client.post(path, data={"display": "loud"}).status_code == 422
    assert client.post(path, data={"action": "withdraw"}).status_code == 303
    assert client.post(path, data={"action": "withdraw"}).status_code == 303
    assert signatures(petition.id)[0].state == "withdrawn"
    page = client.get(path).get_data(as_text=True)
    assert "not counted" in page
    assert client.post(path, data={"action": "restore"}).status_code == 303
    assert signatures(petition.id)[0].state == "verified"


@pytest.mark.both_databases
def test_withdrawn_signature_stays_withdrawn_when_its_owner_signed_again(app: Flask, client: FlaskClient):
    petition = make_petition()
    row = sign_and_confirm(client, petition, "zoe@example.org")
    path = f"/signatures/manage/{manage_token(row)}"
    client.post(path, data={"action": "withdraw"})
    assert sign(client, petition.slug, "zoe@example.org").status_code == 303
    assert client.post(path, data={"action": "restore"}).status_code == 409
    assert [row.state for row in signatures(petition.id)] == ["withdrawn", "pending"]


@pytest.mark.both_databases
def test_mails_hold_working_links_and_nothing_that_was_typed(app: Flask, client: FlaskClient):
    """List bombing: whoever gets the mail reads no word of whoever typed the address."""
    petition = make_petition()
    sign(client, petition.slug, "zoe@example.org", name="Buy Pills Now", comment="visit my shop")
    run_due(app)
    (row,) = signatures(petition.id)
    from advocacy.core import crypto

    (mail,) = db.session.query(MailboxMessage)
    body = crypto.open_sealed(mail.body, table="mailbox_message", column="body", row=mail.public_id)
    subject = crypto.open_sealed(mail.subject, table="mailbox_message", column="subject", row=mail.public_id)
    assert subject == "Please confirm your signature"
    assert "Pills" not in body
    assert "shop" not in body
    assert f"/signatures/confirm/{confirm_token(row)}" in body
    assert f"/signatures/manage/{manage_token(row)}" in body


@pytest.mark.both_databases
def test_confirm_reads_before_it_begins_to_write(app: Flask, client: FlaskClient):
    """No look-up holds the turn to write: not of the link, not of the district."""
    petition = make_petition()
    sign(client, petition.slug)
    token = confirm_token(signatures(petition.id)[0])
    done: list[tuple[bool, str]] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        done.append((is_reading(), " ".join(statement.split())))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.post(f"/signatures/confirm/{token}").status_code == 303
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    looked_up = [reads for reads, statement in done if statement.startswith("SELECT") and "JOIN petition" in statement]
    assert looked_up == [True]
    assert {reads for reads, statement in done if "postal_division" in statement} <= {True}
    first_write = next(number for number, (reads, _statement) in enumerate(done) if not reads)
    assert done[first_write][1].startswith("UPDATE signature")
