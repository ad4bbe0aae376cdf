"""Many at once, on real databases and the whole application."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import text

from advocacy.core import uow
from advocacy.core.db import db
from advocacy.messaging.models import Mail
from tests.factories.petitions import confirm_token, make_petition, sign, sign_and_confirm, signatures, tally, wide

ALIASES = [
    spelling
    for number in range(25)
    for spelling in (
        f"v.e.g.a+{number}@gmail.com",
        f"VEGA+{number}@GoogleMail.com",
        f"ve.ga+x{number}@{wide('gmail.com')}",
        f"vega+{number}@gmail.com",
    )
]


def at_once(app: Flask, work, items, threads: int = 20):
    """Run ``work(client, item)`` for all items, each thread with a client of its own; gives the results."""
    barrier = Barrier(threads)

    def run(share):
        client = app.test_client()
        barrier.wait()
        return [work(client, item) for item in share]

    shares = [items[start::threads] for start in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        return [result for part in pool.map(run, shares) for result in part]


@pytest.mark.both_databases
def test_f01_hundred_spellings_of_one_address_at_once_are_one_signature(app: Flask):
    petition = make_petition()
    answers = at_once(app, lambda client, email: sign(client, petition.slug, email).status_code, ALIASES)
    assert Counter(answers) == {303: 100}
    (row,) = signatures(petition.id)
    assert row.mail_count <= 5
    assert db.session.query(Mail).count() <= 5


@pytest.mark.both_databases
def test_f01_race_of_a_household_lets_exactly_two_in(app: Flask):
    """Ten names on one mailbox, one postal area, ten times each: two signatures, places 1 and 2."""
    petition = make_petition()
    given = [(f"Person {'ABCDEFGHIJ'[number % 10]}", f"v.ega+{number}@gmail.com") for number in range(100)]
    answers = at_once(app, lambda client, item: sign(client, petition.slug, item[1], name=item[0]).status_code, given)
    assert Counter(answers) == {303: 100}
    rows = signatures(petition.id)
    assert sorted(row.place for row in rows) == [1, 2]
    assert len({row.name_key for row in rows}) == 2


@pytest.mark.both_databases
def test_f01_control_without_the_indexes_finds_doubles(app: Flask):
    """The harness sees what it must see: without the unique indexes the same race lets more in."""
    petition = make_petition()
    with db.engine.begin() as connection:
        connection.execute(text("DROP INDEX uq_signature_live_name"))
        connection.execute(text("DROP INDEX uq_signature_live_place"))
    at_once(app, lambda client, email: sign(client, petition.slug, email).status_code, ALIASES)
    assert len(signatures(petition.id)) == 100


@pytest.mark.both_databases
def test_confirm_link_pressed_twenty_times_at_once_counts_once(app: Flask):
    petition = make_petition()
    sign(app.test_client(), petition.slug)
    token = confirm_token(signatures(petition.id)[0])
    answers = at_once(app, lambda client, path: client.post(path).status_code, [f"/signatures/confirm/{token}"] * 20)
    assert Counter(answers) == {303: 1, 410: 19}
    tally()
    count = app.test_client().get(f"/petitions/{petition.slug}/count.json").get_json()["count"]
    assert count == 1


@pytest.mark.both_databases
def test_withdrawal_pressed_at_once_takes_away_once(app: Flask):
    from tests.factories.petitions import manage_token

    petition = make_petition()
    row = sign_and_confirm(app.test_client(), petition)
    path = f"/signatures/manage/{manage_token(row)}"
    answers = at_once(
        app, lambda client, _n: client.post(path, data={"action": "withdraw"}).status_code, list(range(20))
    )
    assert set(answers) <= {303, 409}
    tally()
    assert app.test_client().get(f"/petitions/{petition.slug}/count.json").get_json()["count"] == 0


@pytest.mark.both_databases
def test_same_idempotency_key_at_once_makes_one_row_and_one_mail(app: Flask):
    petition = make_petition()
    headers = {"Idempotency-Key": "key-1"}
    answers = at_once(
        app,
        lambda client, number: sign(client, petition.slug, f"p{number}@example.org", headers=headers).status_code,
        list(range(20)),
    )
    assert Counter(answers) == {303: 20}
    assert len(signatures(petition.id)) == 1
    assert db.session.query(Mail).count() == 1


@pytest.mark.both_databases
def test_tallies_taken_in_by_two_at_once_count_each_delta_once(app: Flask):
    petition = make_petition()
    client = app.test_client()
    for _number in range(12):
        sign_and_confirm(client, petition)

    def take(_client, _item):
        from advocacy.petitions.services import tallying

        with app.app_context(), uow.unit():
            return tallying.take_in_deltas(4)

    taken = at_once(app, take, list(range(8)), threads=4)
    tally()
    assert sum(taken) <= 12
    assert client.get(f"/petitions/{petition.slug}/count.json?x").get_json()["count"] == 12
