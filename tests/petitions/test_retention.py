"""C-06: what never counts is emptied after thirty days; nothing that counts changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.ops.services import purging
from advocacy.petitions import queries
from advocacy.petitions.models import HeldReason, Petition, Signature
from advocacy.petitions.services import invalidating, tallying
from tests.factories.petitions import (
    make_petition,
    manage_token,
    sign,
    sign_and_confirm,
    signatures,
    tally,
)
from tests.factories.signatures import add_signatures, given
from tests.support.work import run_due

DAY = 86_400
PERSONAL = ("name", "name_key", "email", "email_key", "comment", "confirm_nonce", "idempotency_key", "receipt_hash")


def purge() -> int:
    return dict(purging.purge_all())["petitions.put_aside"]


def invalidate(petition: Petition, row: Signature) -> None:
    with uow.unit():
        invalidating.invalidate_signature(
            system_actor(), db.session.get_one(Petition, petition.id), db.session.get_one(Signature, row.id)
        )


def withdraw(client: FlaskClient, row: Signature) -> None:
    answer = client.post(f"/signatures/manage/{manage_token(row)}", data={"action": "withdraw"})
    assert answer.status_code == 303


def is_emptied(row: Signature) -> bool:
    return row.state == "erased" and not any(getattr(row, column) for column in PERSONAL) and not row.postal_code


@pytest.mark.both_databases
def test_c06_held_invalidated_and_unconfirmed_withdrawn_signatures_are_emptied_after_thirty_days(
    app: Flask, client: FlaskClient, move_clock: Callable[[float], None]
):
    petition = make_petition(closes_in=None)
    add_signatures(petition, [given("Held", verified_at=None, held_reason=HeldReason.TRAP, comment="words")])
    sign(client, petition.slug, comment="never confirmed, taken back")
    withdraw(client, signatures(petition.id)[-1])
    invalidate(petition, sign_and_confirm(client, petition, comment="not honest"))
    kept = sign_and_confirm(client, petition, comment="stays")
    taken_back = sign_and_confirm(client, petition)
    withdraw(client, taken_back)
    tally()
    assert queries.shown_count(petition.id).count == 1

    move_clock(29 * DAY)
    assert purge() == 0
    move_clock(31 * DAY)
    assert purge() == 3
    assert purge() == 0  # idempotent
    move_clock(91 * DAY)
    assert purge() == 0

    held, unconfirmed, invalid, stays, withdrawn = signatures(petition.id)
    assert is_emptied(held)
    assert is_emptied(unconfirmed)
    assert is_emptied(invalid)
    assert (stays.id, stays.state, stays.name) == (kept.id, "verified", kept.name)
    assert withdrawn.state == "withdrawn"  # it can be given back while the petition runs
    with uow.unit():
        assert not tallying.recount(petition.id).is_any
    assert queries.shown_count(petition.id).count == 1
    assert client.get(f"/signatures/manage/{manage_token(invalid)}").status_code == 410


@pytest.mark.both_databases
def test_c06_thirty_days_begin_when_a_signature_is_invalidated(
    app: Flask, client: FlaskClient, move_clock: Callable[[float], None]
):
    petition = make_petition(closes_in=None)
    row = sign_and_confirm(client, petition)
    move_clock(40 * DAY)
    invalidate(petition, row)
    assert purge() == 0
    move_clock(71 * DAY)
    assert purge() == 1


@pytest.mark.both_databases
def test_c06_an_emptied_address_may_sign_again(app: Flask, client: FlaskClient, move_clock: Callable[[float], None]):
    petition = make_petition(closes_in=None)
    sign(client, petition.slug, "zoe@example.org", website="robot")
    assert signatures(petition.id)[0].state == "quarantined"
    move_clock(31 * DAY)
    assert purge() == 1
    sign_and_confirm(client, petition, "zoe@example.org")
    run_due(app)
    tally()
    assert queries.shown_count(petition.id).count == 1


@pytest.mark.both_databases
def test_c06_dry_run_takes_nothing(app: Flask, move_clock: Callable[[float], None]):
    petition = make_petition(closes_in=None)
    add_signatures(petition, [given("Held", verified_at=None, held_reason=HeldReason.TRAP)])
    move_clock(31 * DAY)
    found = {name: count for name, count, _more in purging.preview()}
    assert found["petitions.put_aside"] == 1
    assert signatures(petition.id)[0].state == "quarantined"
