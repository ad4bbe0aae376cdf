"""Robots are held in silence; crowds pass; floods are told to come back."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient

from advocacy.core.db import db
from advocacy.messaging.models import Mail
from advocacy.petitions.forms import new_stamp
from advocacy.petitions.services import ceiling
from advocacy.queue.models import QueuedJob
from tests.factories.petitions import confirm, make_petition, plain, sign, signatures
from tests.support.work import run_due

SLOW = pytest.mark.settings(petitions={"min_fill_s": 2})


def mails_and_jobs() -> tuple[int, int]:
    found = (db.session.query(Mail).count(), db.session.query(QueuedJob).count())
    db.session.rollback()
    return found


@SLOW
@pytest.mark.both_databases
def test_f04_robots_are_held_with_the_same_answer(app: Flask, client: FlaskClient, move_clock):
    """Missing, forged and too fresh stamps and a filled trap: no mail, no job, the very same answer."""
    petition = make_petition()
    old = new_stamp(petition.slug)
    move_clock(3)
    human = sign(client, petition.slug, stamp=old)
    before = mails_and_jobs()
    tries = {
        "stamp": [sign(client, petition.slug), sign(client, petition.slug, stamp="19a.forged")],
        "too_fast": [sign(client, petition.slug, stamp=new_stamp(petition.slug))],
        "trap": [sign(client, petition.slug, stamp=old, website="https://spam.example")],
    }
    other = make_petition()
    tries["stamp"].append(sign(client, petition.slug, stamp=new_stamp(other.slug)))
    assert mails_and_jobs()[0] == before[0]
    for answer in [answer for found in tries.values() for answer in found]:
        assert answer.status_code == human.status_code
        assert answer.location == human.location
        assert plain(answer.get_data(as_text=True)) == plain(human.get_data(as_text=True))
        kept = {"X-Request-Id", "Date"}
        assert {n: v for n, v in answer.headers if n not in kept} == {n: v for n, v in human.headers if n not in kept}
    rows = signatures(petition.id)
    assert [row.state for row in rows] == ["pending"] + ["quarantined"] * 5
    assert sorted(row.held_reason for row in rows[1:]) == ["stamp", "stamp", "stamp", "too_fast", "trap"]


@SLOW
@pytest.mark.both_databases
def test_held_signature_does_not_keep_its_owner_from_signing(app: Flask, client: FlaskClient, move_clock):
    """A robot that used somebody's address is set aside when the owner comes, whatever name it gave."""
    petition = make_petition()
    stamp = new_stamp(petition.slug)
    move_clock(10)
    sign(client, petition.slug, "zoe@example.org", name="Robot One", postal_code="10001")
    sign(client, petition.slug, "zoe@example.org", stamp=stamp)
    rows = signatures(petition.id)
    assert [row.state for row in rows] == ["invalidated", "pending"]
    assert mails_and_jobs()[0] == 1
    sign(client, petition.slug, "zoe@example.org", name="Robot Two")
    assert [row.state for row in signatures(petition.id)] == ["invalidated", "pending"]
    assert mails_and_jobs()[0] == 1


def test_min_fill_of_zero_asks_for_no_stamp(app: Flask, client: FlaskClient):
    petition = make_petition()
    sign(client, petition.slug)
    assert signatures(petition.id)[0].state == "pending"


@pytest.mark.both_databases
def test_l02_crowd_of_200_behind_one_address_passes(app: Flask):
    petition = make_petition()

    def run(share):
        client = app.test_client()
        return [sign(client, petition.slug, f"pupil{number}@school.example").status_code for number in share]

    with ThreadPoolExecutor(10) as pool:
        answers = [code for part in pool.map(run, [range(start, 200, 10) for start in range(10)]) for code in part]
    assert answers == [303] * 200
    assert {row.state for row in signatures(petition.id)} == {"pending"}


@pytest.mark.settings(limits={"sign_network": 3})
@pytest.mark.both_databases
def test_l01_network_above_its_limit_is_held_in_silence(app: Flask, client: FlaskClient):
    petition, other = make_petition(), make_petition()
    answers = [sign(client, petition.slug) for _number in range(5)]
    assert {answer.status_code for answer in answers} == {303}
    rows = signatures(petition.id)
    assert [row.state for row in rows] == ["pending"] * 3 + ["quarantined"] * 2
    assert {row.held_reason for row in rows[3:]} == {"network"}
    assert mails_and_jobs()[0] == 3
    sign(client, other.slug)
    assert signatures(other.id)[0].state == "pending"
    from_elsewhere = app.test_client()
    from_elsewhere.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    sign(from_elsewhere, petition.slug)
    assert signatures(petition.id)[-1].state == "pending"


@pytest.mark.settings(limits={"sign_network": 3})
def test_l01_forged_forwarding_header_does_not_help(app: Flask, client: FlaskClient):
    petition = make_petition()
    for number in range(5):
        sign(client, petition.slug, headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert [row.state for row in signatures(petition.id)].count("quarantined") == 2


@pytest.mark.settings(limits={"sign_address_day": 2})
@pytest.mark.both_databases
def test_l01_address_above_its_daily_limit_gets_no_more_mail(app: Flask, client: FlaskClient):
    for _number in range(4):
        sign(client, make_petition().slug, "victim+tag@example.org")
    assert mails_and_jobs()[0] == 2


@pytest.mark.settings(limits={"sign_network": 0, "sign_address_day": 0})
@pytest.mark.both_databases
def test_limits_of_zero_count_nothing(app: Flask, client: FlaskClient):
    from advocacy.web.limits import Throttle

    petition = make_petition()
    for _number in range(3):
        sign(client, petition.slug)
    assert {row.state for row in signatures(petition.id)} == {"pending"}
    assert db.session.query(Throttle).count() == 0


@pytest.mark.settings(limits={"sign_ceiling_s": 2})
def test_hard_ceiling_tells_people_to_come_back(app: Flask, client: FlaskClient, monkeypatch):
    monkeypatch.setattr(ceiling, "_second", -1)
    monkeypatch.setattr(ceiling.clock, "monotonic", lambda: 7.0)
    petition = make_petition()
    answers = [sign(client, petition.slug) for _number in range(4)]
    assert [answer.status_code for answer in answers] == [303, 303, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert len(signatures(petition.id)) == 2


@pytest.mark.both_databases
def test_f02_five_mails_at_most_to_one_signature_ever(app: Flask, client: FlaskClient):
    petition = make_petition()
    for _number in range(9):
        sign(client, petition.slug, "zoe@example.org")
    run_due(app)
    (row,) = signatures(petition.id)
    assert (row.mail_count, mails_and_jobs()[0]) == (5, 5)
    confirm(row)
    sign(client, petition.slug, "zoe@example.org")
    run_due(app)
    assert mails_and_jobs()[0] == 5


@pytest.mark.both_databases
def test_f02_verified_signer_who_signs_again_is_told_by_mail(app: Flask, client: FlaskClient):
    petition = make_petition()
    sign(client, petition.slug, "zoe@example.org")
    confirm(signatures(petition.id)[0])
    sign(client, petition.slug, "ZOE@example.org")
    run_due(app)
    kinds = [mail.kind for mail in db.session.query(Mail).order_by(Mail.id)]
    assert kinds == ["petitions.confirm_signature", "petitions.thank_you", "petitions.already_signed"]


@pytest.mark.settings(limits={"confirm_network": 2})
def test_l01_confirm_links_tried_too_often_are_refused(app: Flask, client: FlaskClient):
    petition = make_petition()
    for number in range(3):
        sign(client, petition.slug, f"p{number}@example.org")
    from tests.factories.petitions import confirm_token

    answers = [client.post(f"/signatures/confirm/{confirm_token(row)}").status_code for row in signatures(petition.id)]
    assert answers == [303, 303, 429]


@SLOW
@pytest.mark.parametrize("bad", ["", "19a.forged", "no stamp at all"])
def test_f04_page_of_errors_brings_a_good_stamp(app: Flask, client: FlaskClient, move_clock, bad: str):
    """Who corrects the form is not held for a stamp that was bad before."""
    petition = make_petition()
    wrong = sign(client, petition.slug, name="", stamp=bad)
    assert wrong.status_code == 422
    (stamp,) = re.findall(r'name="stamp"[^>]* value="([^"]+)"', wrong.get_data(as_text=True))
    assert stamp != bad
    move_clock(3)
    sign(client, petition.slug, stamp=stamp)
    assert [(row.state, row.held_reason) for row in signatures(petition.id)] == [("pending", None)]


@SLOW
def test_f04_page_of_errors_keeps_a_good_stamp(app: Flask, client: FlaskClient, move_clock):
    """A slip is corrected within a second, so the time of the first page counts."""
    petition = make_petition()
    stamp = new_stamp(petition.slug)
    move_clock(3)
    wrong = sign(client, petition.slug, name="", stamp=stamp)
    assert f'value="{stamp}"' in wrong.get_data(as_text=True)
    sign(client, petition.slug, stamp=stamp)
    assert [row.state for row in signatures(petition.id)] == ["pending"]
