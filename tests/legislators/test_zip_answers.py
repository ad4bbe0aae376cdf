"""Answers by ZIP code that are kept in memory: the same as made anew, and gone when packs change."""

from __future__ import annotations

import pytest

from advocacy.civic.models import CivicPack, PackKind, PackState
from advocacy.civic.services import demo_pack, lookup
from advocacy.civic.services.store import store
from advocacy.core import uow
from advocacy.core.actor import ANONYMOUS
from advocacy.core.db import db
from advocacy.legislators import zip_answers
from tests.support.queries import count_queries

JSON = {"Accept": "application/json"}
CODES = [
    "99961",
    "99962",
    demo_pack.SPLIT_ZIP,
    demo_pack.TWO_STATES_ZIP,
    demo_pack.VACANT_ZIP,
    "55401",
    "96350",
    "99999",
]
pytestmark = pytest.mark.settings(demo={"enabled": True}, limits={"representatives_network": 0})


def ask(client, code, **more):
    return client.post("/representatives", data={"postal_code": code, **more}, headers=JSON)


@pytest.mark.parametrize("code", CODES)
def test_kept_answer_is_the_one_that_would_be_made_anew(client, demo_state, code):
    first = ask(client, code)
    again = ask(client, code)
    assert first.status_code == again.status_code == 200
    assert first.json == again.json
    with uow.reading():
        made = lookup.to_json(lookup.find(ANONYMOUS, postal_code=code))
    kept = again.json
    for found in (kept, made):
        for option in found["options"]:
            option.pop("token")
    assert kept == made
    assert again.headers["Cache-Control"] == "no-store"
    assert again.headers["Content-Type"] == "application/json"


def test_page_names_the_town_of_each_code_of_one_district(client, demo_state):
    pages = {code: client.post("/representatives", data={"postal_code": code}).text for code in ("99961", "99962")}
    assert "Riverbend, Columbia" in pages["99961"]
    assert "Riverbend" not in pages["99962"]
    assert "town-" not in "".join(pages.values())
    assert all("99961" not in page for page in pages.values())


def test_town_is_put_in_as_text_never_as_markup(client, demo_state, monkeypatch):
    client.post("/representatives", data={"postal_code": "99961"})
    odd = '<b>"Town" & \\ more</b>'
    plain = lookup.place_postal

    def placed(*args):
        from dataclasses import replace

        return replace(plain(*args), town=odd)

    monkeypatch.setattr(lookup, "place_postal", placed)
    assert "<b>" not in client.post("/representatives", data={"postal_code": "99961"}).text
    assert ask(client, "99961").json["place"]["town"] == odd


def test_second_visitor_of_a_district_costs_no_statement(client, demo_state):
    ask(client, "99961")
    with count_queries() as counted:
        ask(client, "99961")
    assert counted.count == 0


def test_new_pack_makes_new_answers(app, client, demo_state):
    assert ask(client, "99961").json["status"] == "ok"
    with uow.unit():
        for pack in db.session.query(CivicPack).filter_by(kind=PackKind.ZCTA):
            pack.state = PackState.PREVIOUS
    store().forget()
    assert ask(client, "99961").json["status"] == "need_address"


def test_next_day_makes_new_answers_and_tokens_stay_good(client, demo_state, move_clock):
    before = ask(client, demo_pack.SPLIT_ZIP).json
    move_clock(86_400)
    after = ask(client, demo_pack.SPLIT_ZIP).json
    assert after["on"] > before["on"]
    assert (
        client.post("/representatives", json={"choice": after["options"][0]["token"]}, headers=JSON).status_code == 200
    )


def test_other_fields_beside_the_code_are_not_overlooked(client, demo_state):
    assert ask(client, "99961", on="2027-01-04").json["on"] == "2027-01-04"
    assert ask(client, "99961", country="CA").status_code == 422
    assert ask(client, "99961", lat="33", lng="-49").json["precision"] == "point"
    assert ask(client, "1234").json["field"] == "postal_code"


def test_so_many_are_kept_and_no_more(app, client, demo_state, monkeypatch):
    monkeypatch.setattr(zip_answers, "MOST", 3)
    for code in CODES:
        ask(client, code)
    assert len(app.extensions["advocacy.legislators.zip_answers"]) <= 3


@pytest.mark.settings(limits={"representatives_network": 40})
def test_few_look_ups_of_a_network_write_nothing_and_many_are_refused(app, client, demo_state):
    """A process counts the first ones by itself, and adds them to the shared count together."""
    ask(client, "99961")
    with count_queries() as counted:
        assert [ask(client, "99961").status_code for _time in range(3)] == [200] * 3
    assert counted.count == 0
    found = [ask(client, "99961").status_code for _time in range(50)]
    assert found[:36] == [200] * 36
    assert found[-1] == 429
    assert 200 not in found[found.index(429) :]
    assert found.count(200) + 4 <= 40 + 5


@pytest.mark.settings(limits={"representatives_network": 3})
@pytest.mark.both_databases
def test_kept_answers_are_counted_too_in_one_statement(client, demo_state):
    ask(client, "99961")
    with count_queries() as counted:
        assert ask(client, "99961").status_code == 200
    assert counted.count <= 2, counted.statements  # SQLite says BEGIN beside it
    assert [ask(client, "99961").status_code for _time in range(2)] == [200, 429]
