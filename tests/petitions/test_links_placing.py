"""Placing: by the postal code where it decides, by the signer where it does not, never by guessing."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from advocacy.civic.services import choices, demo_pack
from advocacy.consent.models import OptIn
from advocacy.core import uow
from advocacy.core.db import db
from advocacy.petitions import queries
from tests.factories.petitions import confirm_token, make_petition, manage_token, sign, signatures, tally

COLUMBIA = "ocd-division/country:us/state:zz"
pytestmark = pytest.mark.settings(demo={"enabled": True})


def confirmed(client: FlaskClient, petition, postal_code: str, **fields) -> str:
    """Sign, confirm, and give the thank-you page's address."""
    sign(client, petition.slug, postal_code=postal_code, **fields)
    return client.post(f"/signatures/confirm/{confirm_token(signatures(petition.id)[-1])}").location


def places(petition_id: int) -> dict[tuple[str, str], int]:
    tally()
    with uow.reading():
        return {
            (row.state_code, row.division_id): row.signature_count
            for row in queries.place_tallies(petition_id)
            if row.signature_count
        }


@pytest.fixture
def packs(app: Flask) -> None:
    with uow.unit():
        demo_pack.install()


@pytest.mark.both_databases
def test_code_of_one_district_is_placed_and_shows_its_people(app, packs, client):
    petition = make_petition()
    thanks = client.get(confirmed(client, petition, "99961")).get_data(as_text=True)
    (row,) = signatures(petition.id)
    assert (row.placement, row.state_code, row.division_id, row.town) == (
        "placed",
        "ZZ",
        f"{COLUMBIA}/cd:1",
        "Riverbend",
    )
    assert places(petition.id) == {("ZZ", f"{COLUMBIA}/cd:1"): 1}
    assert "Delgado-Finch" in thanks
    assert 'href="tel:' in thanks
    assert 'name="choice"' not in thanks


@pytest.mark.both_databases
def test_split_code_is_not_placed_until_the_signer_picks(app, packs, client):
    petition = make_petition()
    address = confirmed(client, petition, demo_pack.SPLIT_ZIP)
    page = client.get(address).get_data(as_text=True)
    (row,) = signatures(petition.id)
    assert (row.placement, row.state_code, row.division_id) == ("not_placed", "ZZ", None)
    assert places(petition.id) == {("ZZ", ""): 1}
    tokens = re.findall(r'<option value="([^"]{20,})"', page)
    assert len(tokens) == 2
    assert client.post(f"{address}/place", data={"choice": ""}).status_code == 422
    foreign = choices.sign_choice([f"{COLUMBIA}/cd:3"])
    assert client.post(f"{address}/place", data={"choice": foreign}).status_code == 422
    assert client.post(f"{address}/place", data={"choice": tokens[1]}).status_code == 303
    assert client.post(f"{address}/place", data={"choice": tokens[0]}).status_code == 409
    (row,) = signatures(petition.id)
    assert (row.placement, row.division_id) == ("placed", f"{COLUMBIA}/cd:2")
    assert places(petition.id) == {("ZZ", f"{COLUMBIA}/cd:2"): 1}
    assert 'name="choice"' not in client.get(address).get_data(as_text=True)


def test_code_of_two_states_tells_no_state(app, packs, client):
    petition = make_petition()
    confirmed(client, petition, demo_pack.TWO_STATES_ZIP)
    (row,) = signatures(petition.id)
    assert (row.placement, row.state_code, row.division_id) == ("not_placed", "", None)


def test_empty_seat_is_said_to_be_empty(app, packs, client):
    petition = make_petition()
    page = client.get(confirmed(client, petition, demo_pack.VACANT_ZIP)).get_data(as_text=True)
    assert "This seat is empty" in page


def test_signer_abroad_is_counted_and_not_placed(app, client):
    petition = make_petition()
    address = confirmed(client, petition, "10115", country="DE")
    page = client.get(address)
    assert page.status_code == 200
    assert "could not tell" in page.get_data(as_text=True)
    assert signatures(petition.id)[0].placement == "not_placed"


@pytest.mark.both_databases
def test_news_are_wanted_only_when_ticked_and_only_after_confirming(app, client):
    """Domain I-102: signing never sets an opt-in."""
    petition = make_petition()
    confirmed(client, petition, "97201")
    assert db.session.query(OptIn).count() == 0
    sign(client, petition.slug, updates="y")
    assert db.session.query(OptIn).count() == 0
    db.session.rollback()
    row = signatures(petition.id)[-1]
    client.post(f"/signatures/confirm/{confirm_token(row)}")
    (found,) = db.session.query(OptIn)
    assert (found.state, found.purpose, found.proof["signature"]) == ("confirmed", "campaign_news", row.id)
    db.session.rollback()
    client.post(f"/signatures/manage/{manage_token(row)}", data={"display": "hidden"})
    assert db.session.query(OptIn).one().state == "withdrawn"
    db.session.rollback()
    client.post(f"/signatures/manage/{manage_token(row)}", data={"display": "hidden", "updates": "y"})
    assert sorted(found.state for found in db.session.query(OptIn)) == ["confirmed", "withdrawn"]


def test_words_of_the_tick_are_the_words_on_record(app):
    from advocacy.consent.rules import DEFAULT_WORDS
    from advocacy.petitions.forms import SignForm
    from advocacy.petitions.services.opting import PURPOSE

    with app.test_request_context():
        assert str(SignForm().updates.label.text) == DEFAULT_WORDS[PURPOSE]
