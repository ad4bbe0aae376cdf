"""F-07: shown numbers equal the rows, after any order of deeds; drift is found and mended."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from advocacy.core import uow
from advocacy.core.db import db
from advocacy.petitions import jobs, queries
from advocacy.petitions.models import PetitionTally, Signature, SignatureState
from advocacy.petitions.services import tallying
from bench.fill import fill
from tests.factories.petitions import (
    confirm_token,
    make_petition,
    manage_token,
    sign,
    sign_and_confirm,
    signatures,
    tally,
)
from tests.support.work import run_due

DEEDS = st.lists(
    st.tuples(st.sampled_from(["sign", "confirm", "withdraw", "restore", "tally", "recount"]), st.integers(0, 5)),
    max_size=25,
)


def shown(petition_id: int) -> int:
    with uow.reading():
        return queries.shown_count(petition_id).count


def cells(petition_id: int) -> tuple[int, int]:
    """The sums of the tallies by day and by place."""
    with uow.reading():
        days = sum(row.signature_count for row in queries.day_tallies(petition_id))
        return days, sum(row.signature_count for row in queries.place_tallies(petition_id))


def do(client: FlaskClient, petition, deed: str, number: int) -> None:
    rows = signatures(petition.id)
    if deed == "sign":
        sign(client, petition.slug, f"p{number}@example.org", name=f"Person {'ABCDEF'[number]}")
    elif deed == "tally":
        tally()
    elif deed == "recount":
        with uow.unit():
            assert not tallying.recount(petition.id).is_any
    elif rows:
        row = rows[number % len(rows)]
        if deed == "confirm":
            client.post(f"/signatures/confirm/{confirm_token(row)}")
        else:
            client.post(f"/signatures/manage/{manage_token(row)}", data={"action": deed})


@pytest.mark.both_databases
def test_f07_count_equals_the_rows_after_any_order_of_deeds(app: Flask, client: FlaskClient):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(DEEDS)
    def holds(deeds):
        petition = make_petition()
        for deed, number in deeds:
            do(client, petition, deed, number)
        tally()
        verified = sum(row.state == SignatureState.VERIFIED for row in signatures(petition.id))
        assert shown(petition.id) == verified
        assert cells(petition.id) == (verified, verified)
        with uow.unit():
            assert not tallying.recount(petition.id).is_any

    holds()


@pytest.mark.both_databases
def test_f07_recount_finds_and_mends_drift_while_deltas_wait(app: Flask, client: FlaskClient):
    petition = make_petition()
    for _number in range(3):
        sign_and_confirm(client, petition)
    tally()
    sign_and_confirm(client, petition)  # its delta waits
    with uow.unit():
        db.session.execute(text("UPDATE petition_tally SET signature_count = 40"))
        db.session.execute(text("UPDATE petition_day_tally SET signature_count = 7"))
    with uow.unit():
        drift = tallying.recount(petition.id)
    assert (drift.total, drift.days) == (-37, 1)
    with uow.unit():
        assert not tallying.recount(petition.id).is_any
    tally()
    assert (shown(petition.id), cells(petition.id)) == (4, (4, 4))


@pytest.mark.both_databases
def test_tally_job_runs_only_when_something_waits(app: Flask, client: FlaskClient):
    petition = make_petition()
    with uow.reading():
        assert not jobs.is_tally_due()
    sign_and_confirm(client, petition)
    app.extensions.pop(jobs.PLACE)
    with uow.reading():
        assert jobs.is_tally_due()
        assert not jobs.is_tally_due()  # not twice within petitions.tally_ms
    assert shown(petition.id) == 0
    with uow.unit():
        jobs.tally({})
    assert shown(petition.id) == 1


@pytest.mark.both_databases
def test_nightly_recount_mends_and_logs_drift(app: Flask, client: FlaskClient, caplog):
    petition = make_petition()
    sign_and_confirm(client, petition)
    tally()
    with uow.unit():
        db.session.execute(text("UPDATE petition_tally SET signature_count = 5"))
        jobs.recount_all({})
    run_due(app)
    assert shown(petition.id) == 1
    assert "count_drift" in caplog.text


def test_tally_below_zero_is_refused_by_the_database(app: Flask):
    petition = make_petition()
    from sqlalchemy import exc

    with pytest.raises(exc.IntegrityError), uow.unit():
        db.session.get(PetitionTally, petition.id).signature_count = -1


@pytest.mark.both_databases
def test_verified_without_its_time_is_refused_by_the_database(app: Flask, client: FlaskClient):
    """Domain I-101."""
    from sqlalchemy import exc

    petition = make_petition()
    sign(client, petition.slug)
    with pytest.raises(exc.IntegrityError), uow.unit():
        db.session.query(Signature).update({"state": "verified"})


def run_command(app: Flask, *args: str):
    from advocacy.cli import cli

    return CliRunner().invoke(cli, ["petition", *args], obj=lambda: app)


@pytest.mark.both_databases
def test_count_command_says_rows_and_shown_number(app: Flask, client: FlaskClient, monkeypatch):
    monkeypatch.setattr("advocacy.cli._app", lambda: app)
    petition = make_petition()
    sign_and_confirm(client, petition)
    sign(client, petition.slug)
    done = run_command(app, "count", petition.slug, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert set(found) == {"slug", "verified", "pending", "displayed", "as_of"}
    assert (found["verified"], found["pending"], found["displayed"]) == (1, 1, 0)
    tally()
    assert json.loads(run_command(app, "count", petition.slug, "--json").output)["displayed"] == 1
    assert run_command(app, "count", "no-such-petition", "--json").exit_code == 1


@pytest.mark.both_databases
def test_recount_command_ends_with_one_when_it_differed(app: Flask, client: FlaskClient, monkeypatch):
    monkeypatch.setattr("advocacy.cli._app", lambda: app)
    petition = make_petition()
    sign_and_confirm(client, petition)
    tally()
    assert run_command(app, "recount", petition.slug).exit_code == 0
    with uow.unit():
        db.session.execute(text("UPDATE petition_tally SET signature_count = 9"))
    assert run_command(app, "recount", petition.slug).exit_code == 1
    assert run_command(app, "recount", petition.slug).exit_code == 0
    assert shown(petition.id) == 1


@pytest.mark.both_databases
def test_create_command_makes_and_opens(app: Flask, client: FlaskClient, monkeypatch, tmp_path):
    from tests.factories.coalitions import make_coalition

    monkeypatch.setattr("advocacy.cli._app", lambda: app)
    make_coalition("valley")
    file = tmp_path / "text.md"
    file.write_text("Open **ten** beds.", encoding="utf-8")
    args = ("create", "--coalition", "valley", "--slug", "beds", "--title", "Beds", "--text-file", str(file))
    done = run_command(app, *args, "--closes-at", "2099-03-15T10:00", "--goal", "500", "--open")
    assert done.exit_code == 0, done.output
    found = client.get("/petitions/beds.json").get_json()
    assert (found["state"], found["goal"], found["closes_at"]) == ("open", 500, "2099-03-15T14:00:00+00:00")
    again = run_command(app, *args)
    assert again.exit_code == 2
    assert "Traceback" not in again.output
    assert run_command(app, *args, "--closes-at", "soon").exit_code == 2


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "slug, title, words, option",
    [
        ("beds", "T" * 151, b"Open ten beds.", ()),
        ("beds", "T\x01", b"Open ten beds.", ()),
        ("beds", " ", b"Open ten beds.", ()),
        ("beds", "Beds", b" \n", ()),
        ("beds", "Beds", b"Open\x00beds", ()),
        ("beds", "Beds", b"\xff\xfe", ()),
        ("beds", "Beds", b"x" * 20_001, ()),
        ("beds", "Beds", b"Open ten beds.", ("--goal", "99999999999999999999")),
        ("beds", "Beds", b"Open ten beds.", ("--goal", "9999999999")),
        ("beds", "Beds", b"Open ten beds.", ("--closes-at", "9999-12-31T23:59")),
        ("beds", "Beds", b"Open ten beds.", ("--closes-at", "0001-01-01T00:00+14:00")),
        ("beds", "Beds", b"Open ten beds.", ("--closes-at", "3000-01-01T00:00")),
        ("b\udcff", "Beds", b"Open ten beds.", ()),
    ],
)
def test_create_command_refuses_what_cannot_be_stored_in_one_line(
    app: Flask, monkeypatch, tmp_path, *, slug, title, words, option
):
    from tests.factories.coalitions import make_coalition

    monkeypatch.setattr("advocacy.cli._app", lambda: app)
    make_coalition("valley")
    file = tmp_path / "text.md"
    file.write_bytes(words)
    args = ("create", "--coalition", "valley", "--slug", slug, "--title", title, "--text-file", str(file), *option)
    done = run_command(app, *args)
    assert done.exit_code == 2, (done.output, done.exception)
    assert done.output.count("\n") == 1
    assert run_command(app, "count", slug).exit_code in {1, 2}


@pytest.mark.both_databases
def test_recount_command_also_takes_in_what_waits(app: Flask, client: FlaskClient, monkeypatch):
    """Without a worker the shown number is behind, not wrong: status 0, and afterwards it is the rows' number."""
    monkeypatch.setattr("advocacy.cli._app", lambda: app)
    petition = make_petition()
    sign_and_confirm(client, petition)
    assert run_command(app, "recount", petition.slug).exit_code == 0
    assert shown(petition.id) == 1
    with uow.unit():
        db.session.execute(text("UPDATE petition_tally SET signature_count = 9"))
    sign_and_confirm(client, petition)
    assert run_command(app, "recount", petition.slug).exit_code == 1
    assert shown(petition.id) == 2


@pytest.mark.both_databases
def test_unconfirmed_signature_is_emptied_after_its_time(app: Flask, client: FlaskClient):
    from advocacy.core import clock
    from advocacy.petitions.services import tidying

    petition = make_petition()
    sign(client, petition.slug, "a@example.org", comment="words")
    kept = sign_and_confirm(client, petition, "b@example.org")
    with uow.unit():
        assert tidying.erase_unconfirmed(clock.now() + timedelta(days=8), 100) == 1
    first, second = signatures(petition.id)
    assert (first.state, first.name, first.email, first.email_key, first.comment) == ("erased", None, None, None, None)
    assert second.state == "verified"
    assert second.id == kept.id
    assert client.post(f"/signatures/confirm/{manage_token(first)}").status_code == 410
    assert sign(client, petition.slug, "a@example.org").status_code == 303


@pytest.mark.both_databases
def test_signers_of_a_petition_long_handed_over_are_emptied_and_still_counted(app: Flask, client: FlaskClient):
    from advocacy.core import clock
    from advocacy.core.ids import new_public_id
    from advocacy.petitions.delivery_models import Delivery
    from advocacy.petitions.models import Petition
    from advocacy.petitions.services import tidying

    petition, running = make_petition(), make_petition()
    row = sign_and_confirm(client, petition, comment="words", display="full")
    sign_and_confirm(client, running)
    tally()
    with uow.unit():
        db.session.get(Petition, petition.id).state = "delivered"
        facts = {
            "text_version": 1,
            "snapshot_at": clock.now(),
            "expected_count": 1,
            "chain": b"",
            "created_at": clock.now(),
        }
        db.session.add(
            Delivery(
                coalition_id=petition.coalition_id,
                petition_id=petition.id,
                public_id=new_public_id(),
                state="delivered",
                delivered_at=clock.now(),
                **facts,
            )
        )
    later = clock.now() + timedelta(days=1)
    with uow.unit():
        assert tidying.anonymise_delivered(clock.now() - timedelta(days=1), 100) == 0
        assert tidying.anonymise_delivered(later, 100) == 1
        assert tidying.anonymise_delivered(later, 100) == 0
    (emptied,) = signatures(petition.id)
    assert (emptied.state, emptied.name, emptied.email, emptied.comment, emptied.postal_code) == (
        "verified",
        b"",
        None,
        None,
        "",
    )
    assert queries.signer_name(emptied) == ""
    assert client.get(f"/signatures/manage/{manage_token(row)}").status_code == 410
    with uow.unit():
        assert not tallying.recount(petition.id).is_any
    assert signatures(running.id)[0].email is not None


@pytest.mark.both_databases
def test_benchmark_can_store_many_signatures(app: Flask, client: FlaskClient):
    """The benchmark's own statement keeps up with the table."""
    petition = make_petition()
    fill(petition.slug, 25)
    assert len(signatures(petition.id)) == 25
    assert client.get(f"/petitions/{petition.slug}/count.json").get_json()["count"] == 25
