"""Two people of one household on one mailbox (domain I-096, I-097; journey J6)."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import String, cast, literal_column, select

from advocacy.core import crypto
from advocacy.core.db import db
from advocacy.messaging.models import Mail
from advocacy.petitions.rules import postal_area
from advocacy.petitions.services import sign_statements as sql
from tests.factories.petitions import (
    confirm,
    make_petition,
    manage_token,
    plain,
    sign,
    sign_and_confirm,
    signatures,
    wide,
)
from tests.support.work import run_due


@pytest.mark.both_databases
def test_second_name_of_the_same_postal_area_is_accepted(app: Flask, client: FlaskClient):
    petition = make_petition()
    ana = sign(client, petition.slug, "vegafamily@example.org", name="Ana Vega", postal_code="97003-1234")
    luis = sign(client, petition.slug, "vegafamily@example.org", name="Luis Vega", postal_code="97003")
    third = sign(client, petition.slug, "vega.family@example.org", name="Rosa Vega", postal_code="97003")
    assert (ana.location, luis.location) == (third.location, third.location)
    rows = signatures(petition.id)
    assert [row.place for row in rows] == [1, 2, 1]  # vega.family@ is another mailbox at this provider
    fourth = sign(client, petition.slug, "vegafamily@example.org", name="Rosa Vega", postal_code="97003")
    assert plain(fourth.get_data(as_text=True)) == plain(ana.get_data(as_text=True))
    assert len(signatures(petition.id)) == 3


@pytest.mark.both_databases
def test_other_postal_area_is_a_double(app: Flask, client: FlaskClient):
    petition = make_petition()
    sign(client, petition.slug, "vegafamily@example.org", name="Ana Vega", postal_code="97003")
    sign(client, petition.slug, "vegafamily@example.org", name="Luis Vega", postal_code="10001")
    run_due(app)
    (row,) = signatures(petition.id)
    assert row.mail_count == 2
    assert db.session.query(Mail).count() == 2


@pytest.mark.both_databases
@pytest.mark.parametrize("again", ["ana vega", "ANA  VEGA", "Ána Vegá", wide("Ana Vega")])
def test_same_name_in_another_spelling_is_a_double(app: Flask, client: FlaskClient, again: str):
    petition = make_petition()
    sign(client, petition.slug, "ana@example.org", name="Ana Vega")
    sign(client, petition.slug, "ana@example.org", name=again)
    assert len(signatures(petition.id)) == 1


@pytest.mark.both_databases
def test_place_that_was_given_back_is_free_again(app: Flask, client: FlaskClient):
    petition = make_petition()
    first = sign_and_confirm(client, petition, "v@example.org", name="Ana Vega")
    sign(client, petition.slug, "v@example.org", name="Luis Vega")
    client.post(f"/signatures/manage/{manage_token(first)}", data={"action": "withdraw"})
    sign(client, petition.slug, "v@example.org", name="Rosa Vega")
    rows = signatures(petition.id)
    assert [(row.state, row.place) for row in rows] == [("withdrawn", 1), ("pending", 2), ("pending", 1)]
    confirm(rows[2])


@pytest.mark.both_databases
def test_mail_about_a_double_goes_to_the_address_that_signed(app: Flask, client: FlaskClient):
    """The rules for addresses only suppose that two spellings are one mailbox; a wrong guess must not leak a link."""
    petition = make_petition()
    sign(client, petition.slug, "zoe@example.org")
    sign(client, petition.slug, "zoe+other@example.org")
    run_due(app)
    assert db.session.query(Mail).count() == 2
    to = {
        crypto.open_sealed(mail.recipient, table="mail", column="recipient", row=mail.public_id)
        for mail in db.session.query(Mail)
    }
    assert to == {"zoe@example.org"}


@pytest.mark.both_databases
def test_i097_second_place_alone_lets_only_its_own_household_in(app: Flask, client: FlaskClient):
    """Who held the first place went; another area is a double still, and another name of the area is not."""
    petition = make_petition()
    first = sign_and_confirm(client, petition, "v@example.org", name="Ana Vega", postal_code="97003")
    sign(client, petition.slug, "v@example.org", name="Luis Vega", postal_code="97003")
    client.post(f"/signatures/manage/{manage_token(first)}", data={"action": "withdraw"})
    sign(client, petition.slug, "v@example.org", name="Rosa Vega", postal_code="10001")
    sign(client, petition.slug, "v@example.org", name="Luis Vega", postal_code="10001")
    assert [row.state for row in signatures(petition.id)] == ["withdrawn", "pending"]
    sign(client, petition.slug, "v@example.org", name="Rosa Vega", postal_code="97003")
    assert [(row.state, row.place) for row in signatures(petition.id)][2:] == [("pending", 1)]


@pytest.mark.both_databases
def test_robots_take_no_second_place(app: Flask, client: FlaskClient):
    petition = make_petition()
    sign(client, petition.slug, "v@example.org", name="Ana Vega")
    sign(client, petition.slug, "v@example.org", name="Robot", website="https://spam.example")
    run_due(app)
    (row,) = signatures(petition.id)
    assert (row.mail_count, db.session.query(Mail).count()) == (1, 1)


@pytest.mark.both_databases
def test_i097_statement_reads_areas_as_the_rule_does(app: Flask):
    """The rule in Python and its twin in SQL agree."""
    for code, country in (
        ("97003", "US"),
        ("97003-1234", "US"),
        ("97004", "US"),
        ("K1A 0B1", "CA"),
        ("SW1A 1AA", "GB"),
        ("", "IE"),
    ):
        row = select(cast(code, String).label("postal_code"), cast(country, String).label("country")).subquery("s")
        area = db.session.execute(select(literal_column(sql.AREA)).select_from(row)).scalar_one()
        assert area == postal_area(code, country)
