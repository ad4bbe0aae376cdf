"""Placing signers by their street: after the confirmation, in the background, and forgotten at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from advocacy.civic.services import choices, demo_pack
from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.settings import Civic
from advocacy.petitions import queries
from advocacy.petitions.services import forgetting, streets
from advocacy.petitions.street_models import SignatureStreet
from advocacy.queue.models import QueuedJob
from tests.factories.accounts import make_user
from tests.factories.petitions import (
    confirm_token,
    make_petition,
    manage_token,
    sign,
    sign_and_confirm,
    signatures,
    tally,
)
from tests.support import stand_in
from tests.support.queries import count_queries
from tests.support.work import run_due

COLUMBIA = "ocd-division/country:us/state:zz"
MARK = "Plantedcanary"
STREET = f"12 {MARK} Lane"
pytestmark = pytest.mark.settings(demo={"enabled": True})


def matches(*points):
    found = [{"coordinates": {"x": lng, "y": lat}, "geographies": {}} for lat, lng in points]
    return {"result": {"addressMatches": found}}


@pytest.fixture
def census(app, monkeypatch):
    """A stand-in for the Census that knows where every street of Columbia lies: in its first district."""
    monkeypatch.setattr("advocacy.civic.adapters.census_geocoder.is_near_the_states", lambda lat, lng: True)
    with stand_in.serve(lambda path, query: matches((33.0, -49.0))) as found:
        settings = app.extensions["advocacy.settings"]
        app.extensions["advocacy.settings"] = settings.model_copy(update={"civic": Civic(census_url=found.base_url)})
        with uow.unit():
            demo_pack.install()
        yield found


@pytest.fixture
def petition(census):
    return make_petition(asks_street=True)


def kept() -> list[tuple[int, bytes]]:
    with uow.reading():
        return [(row.signature_id, row.street) for row in db.session.execute(select(SignatureStreet)).scalars()]


def waiting() -> list[dict]:
    with uow.reading():
        return [
            dict(job.args)
            for job in db.session.execute(select(QueuedJob).where(QueuedJob.name == streets.JOB)).scalars()
        ]


def places(petition_id: int) -> dict[tuple[str, str], int]:
    tally()
    with uow.reading():
        found = queries.place_tallies(petition_id)
        return {(row.state_code, row.division_id): row.signature_count for row in found if row.signature_count}


@pytest.mark.both_databases
def test_street_places_a_split_code_after_the_confirmation_and_is_gone(app, census, petition, client):
    assert sign(client, petition.slug, postal_code=demo_pack.SPLIT_ZIP, street=STREET).status_code == 303
    ((signature_id, sealed),) = kept()
    assert MARK.encode() not in sealed
    assert census.asked == []
    (row,) = signatures(petition.id)
    assert client.post(f"/signatures/confirm/{confirm_token(row)}").status_code == 303
    assert census.asked == []  # never inside the request
    assert places(petition.id) == {("ZZ", ""): 1}
    assert waiting() == [{"signature_id": signature_id}]
    run_due(app)
    (row,) = signatures(petition.id)
    assert (row.placement, row.division_id, row.state_code) == ("placed", f"{COLUMBIA}/cd:1", "ZZ")
    assert kept() == []
    assert places(petition.id) == {("ZZ", f"{COLUMBIA}/cd:1"): 1}
    assert census.asked[0][1]["address"] == [f"{STREET}, {demo_pack.SPLIT_ZIP}"]


def test_signing_without_a_street_costs_no_statement_more(app, census, petition, client):
    plain = make_petition()
    counts = []
    for asked, fields in ((plain, {}), (petition, {}), (petition, {"street": ""}), (plain, {"street": STREET})):
        sign(client, asked.slug, postal_code=demo_pack.SPLIT_ZIP)
        with count_queries() as counted:
            sign(client, asked.slug, postal_code=demo_pack.SPLIT_ZIP, **fields)
        counts.append(counted.count)
    assert len(set(counts)) == 1, counts
    assert kept() == []


def test_page_asks_for_the_street_only_where_the_petition_does_and_says_who_learns_of_it(census, petition, client):
    page = client.get(f"/petitions/{petition.slug}").text
    assert 'name="street"' in page
    assert "U.S. Census Bureau" in page
    assert 'name="street"' not in client.get(f"/petitions/{make_petition().slug}").text


def test_page_does_not_ask_where_nothing_outside_is_asked(app, client):
    assert 'name="street"' not in client.get(f"/petitions/{make_petition(asks_street=True).slug}").text


def test_street_that_is_no_text_is_refused_at_its_field(census, petition, client):
    for wrong in ("x" * 201, "12\x00 Lane"):
        answer = sign(client, petition.slug, street=wrong)
        assert answer.status_code == 422
        assert 'href="#street"' in answer.text
    assert kept() == []


def test_code_that_decides_needs_no_street(app, census, petition, client):
    row = sign_and_confirm(client, petition, postal_code="99961", street=STREET)
    assert row.placement == "placed"
    assert kept() == waiting() == census.asked == []


@pytest.mark.parametrize("answer", [matches(), matches((33.0, -49.0), (33.0, -46.5))])
def test_unknown_or_doubtful_street_is_dropped_and_the_signer_picks(app, census, petition, client, answer):
    census.answer = lambda path, query: answer
    row = sign_and_confirm(client, petition, postal_code=demo_pack.SPLIT_ZIP, street=STREET)
    run_due(app)
    (row,) = signatures(petition.id)
    assert (row.placement, kept()) == ("not_placed", [])


@pytest.mark.parametrize("mode", ["server", "html", "minute", "bomb", "reset"])
def test_r15_failing_geocoder_leaves_the_signature_counted_and_tries_later(request, petition, client, move_clock, mode):
    app, census = request.getfixturevalue("app"), request.getfixturevalue("census")
    census.mode = mode
    sign_and_confirm(client, petition, postal_code=demo_pack.SPLIT_ZIP, street=STREET)
    run_due(app)
    (row,) = signatures(petition.id)
    assert (row.state, row.placement) == ("verified", "not_placed")
    assert len(kept()) == 1
    census.mode = "ok"
    move_clock(3700)
    run_due(app)
    (row,) = signatures(petition.id)
    assert (row.placement, kept()) == ("placed", [])


def test_street_is_dropped_after_its_days_whatever_happened(app, census, petition, client, move_clock):
    census.mode = "server"
    sign_and_confirm(client, petition, postal_code=demo_pack.SPLIT_ZIP, street=STREET)
    sign(client, petition.slug, postal_code=demo_pack.SPLIT_ZIP, street=STREET)
    move_clock(timedelta(days=9).total_seconds())
    with uow.unit():
        assert streets.purge(clock.now() - streets.LONGEST, 100) == 0
    move_clock(timedelta(days=11).total_seconds())
    with uow.unit():
        assert streets.purge(clock.now() - streets.LONGEST, 100) == 2
    run_due(app)
    assert kept() == waiting() == []


def test_district_picked_by_hand_meanwhile_stays(app, census, petition, client):
    sign(client, petition.slug, postal_code=demo_pack.SPLIT_ZIP, street=STREET)
    (row,) = signatures(petition.id)
    thanks = client.post(f"/signatures/confirm/{confirm_token(row)}").location
    picked = choices.sign_choice([f"{COLUMBIA}/cd:2"])
    assert client.post(f"{thanks}/place", data={"choice": picked}).status_code == 303
    run_due(app)
    (row,) = signatures(petition.id)
    assert (row.division_id, kept(), census.asked) == (f"{COLUMBIA}/cd:2", [], [])
    assert places(petition.id) == {("ZZ", f"{COLUMBIA}/cd:2"): 1}


def test_withdrawal_and_erasure_forget_the_street_and_the_export_holds_it(app, census, petition, client):
    first = sign_and_confirm(client, petition, "ann@example.org", postal_code=demo_pack.SPLIT_ZIP, street=STREET)
    sign_and_confirm(client, petition, "bo@example.org", postal_code=demo_pack.SPLIT_ZIP, street=STREET)
    assert client.post(f"/signatures/manage/{manage_token(first)}", data={"action": "withdraw"}).status_code == 303
    assert [signature_id for signature_id, _street in kept()] != [first.id]
    assert len(kept()) == 1
    user_id = make_user("bo@example.org")
    with uow.unit():
        (given,) = forgetting.export(user_id)["signatures"]
        assert given["street"] == STREET
        forgetting.erase(user_id)
    assert kept() == []


def test_d05_pitfall_11_street_stands_in_no_job_log_audit_or_cache(app, census, petition, client, caplog):
    caplog.set_level("DEBUG")
    for mode in ("ok", "server", "shape"):
        census.mode = mode
        sign_and_confirm(client, petition, postal_code=demo_pack.SPLIT_ZIP, street=f"{STREET} {mode}")
        run_due(app)
    assert MARK not in caplog.text
    db.session.remove()
    file = Path(db.engine.url.database)
    held = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert MARK.encode() not in held
    assert MARK.upper().encode() not in held


@pytest.mark.both_databases
def test_street_goes_with_its_signature(app, census, petition, client):
    sign(client, petition.slug, postal_code=demo_pack.SPLIT_ZIP, street=STREET)
    with uow.unit():
        db.session.execute(text("DELETE FROM mail"))
        db.session.execute(text("DELETE FROM signature"))
    assert kept() == []
