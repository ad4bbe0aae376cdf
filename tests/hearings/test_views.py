"""Hearings by hand: noted, moved, cancelled, shown."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from advocacy.core import uow
from advocacy.core.db import db
from advocacy.hearings.models import Hearing, HearingRev
from tests.factories.campaigns import make_bill
from tests.factories.tracking import make_hearing
from tests.tracking.pages import only, post


def test_hearing_by_hand_is_noted_moved_and_cancelled(organizer, coalition_id):
    made = make_bill(coalition_id)
    url = f"/desk/bills/{made.public_id}"
    data = {
        "title": "Hearing on HB 2002",
        "committee": "Health",
        "held_on": "2027-03-12",
        "local_time": "15:00",
        "tz": "America/Los_Angeles",
        "place": "Room F",
        "state": "confirmed",
        "source_name": "Clerk",
        "version": "0",
    }
    answer = post(organizer, f"{url}/hearings/new", f"{url}/hearings/new", **data)
    assert answer.status_code == 303
    hearing = answer.location.split("?")[0]
    assert "15:00 (Los Angeles time)" in organizer.get(hearing).text
    assert only(Hearing).starts_at.isoformat() == "2027-03-12T23:00:00+00:00"
    moved = data | {"held_on": "2027-03-15", "local_time": "08:00", "version": "1"}
    assert post(organizer, f"{hearing}/edit", f"{hearing}/edit", **moved).status_code == 303
    assert only(Hearing).starts_at.isoformat() == "2027-03-15T15:00:00+00:00", "the clocks went forward between"
    page = organizer.get(hearing).text
    assert "How it changed" in page
    assert page.count("12 March 2027") == 1
    stale = post(organizer, f"{hearing}/edit", f"{hearing}/edit", **moved)
    assert stale.status_code == 409
    cancelled = moved | {"state": "cancelled", "version": "2"}
    assert post(organizer, f"{hearing}/edit", f"{hearing}/edit", **cancelled).status_code == 303
    shown = organizer.get(url).text
    assert "Cancelled" in shown
    assert "It was to be on" in shown


def test_i066_a_committee_has_one_hearing_at_a_time(organizer, coalition_id):
    held = make_hearing(coalition_id, make_bill(coalition_id).id)
    url = f"/desk/bills/{make_bill(coalition_id, 'HB 7').public_id}/hearings/new"
    data = {
        "title": "Another",
        "committee": held.committee,
        "held_on": "2027-03-12",
        "local_time": "15:00",
        "tz": held.tz,
        "state": "confirmed",
        "source_name": "Clerk",
        "version": "0",
    }
    answer = post(organizer, url, url, **data)
    assert answer.status_code == 422
    assert "has a hearing at that time already" in answer.text
    assert post(organizer, url, url, **(data | {"state": "postponed"})).status_code == 303


def test_public_timeline_shows_the_hearing_and_nothing_of_the_desk(client, organizer, coalition_id):
    made = make_bill(coalition_id, is_public=True)
    make_hearing(coalition_id, made.id)
    page = client.get(f"/bills/{made.public_id}").text
    assert "Hearing on beds" in page
    assert "/desk/hearings" not in page


def test_hearings_have_an_empty_state(organizer):
    assert "No hearings yet" in organizer.get("/desk/hearings").text


@pytest.mark.both_databases
def test_i068_every_state_of_a_hearing_is_kept_for_good(app, coalition_id):
    held = make_hearing(coalition_id, make_bill(coalition_id).id)
    with uow.reading():
        assert db.session.execute(select(HearingRev.rev)).scalars().all() == [held.rev]
    with pytest.raises(IntegrityError), uow.unit():
        db.session.execute(update(HearingRev).values(place="elsewhere"))


@pytest.mark.both_databases
def test_i066_database_refuses_two_hearings_of_a_committee_at_one_time(app, coalition_id):
    held = make_hearing(coalition_id)
    names = {column.name for column in Hearing.__table__.columns} - {"id", "public_id"}
    twin = insert(Hearing).values(public_id="another", **{name: getattr(held, name) for name in names})
    with pytest.raises(IntegrityError), uow.unit():
        db.session.execute(twin)


def test_timeline_of_a_bill_holds_what_we_did(organizer, client, coalition_id):
    from advocacy.campaigns.services import tracking
    from advocacy.core.actor import system_actor
    from tests.factories.campaigns import campaign, make_campaign

    made, running = make_bill(coalition_id, is_public=True), campaign(make_campaign(coalition_id, title="More beds"))
    with uow.unit():
        actor = system_actor(coalition_id=coalition_id)
        tracking.link_bill(actor, running.public_id, made.public_id, is_linked=True)
    assert "Our campaign began: More beds" in organizer.get(f"/desk/bills/{made.public_id}").text
    assert "Our campaign began: More beds" in client.get(f"/bills/{made.public_id}").text
