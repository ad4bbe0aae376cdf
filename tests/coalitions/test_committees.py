"""Committees and their seats."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from advocacy.coalitions import committee_queries as committees
from advocacy.coalitions import queries
from advocacy.coalitions.committee_models import Committee, Seat, SeatTerm
from advocacy.coalitions.services import seating
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, RuleBroken
from tests.factories.accounts import csrf_token, make_user, sign_in
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.factories.organizations import hold_seat, make_committee
from tests.support.queries import count_queries


def term(committee, number, user_id, **changed):
    with uow.reading():
        seat_id = db.session.execute(
            select(Seat.id).where(Seat.committee_id == committee.id, Seat.number == number)
        ).scalar_one()
    facts = {
        "coalition_id": committee.coalition_id,
        "committee_id": committee.id,
        "seat_id": seat_id,
        "user_id": user_id,
        "from_on": date(2027, 1, 1),
        "started_at": clock.now(),
    }
    return SeatTerm(**facts | changed)


def store(row):
    with uow.unit():
        db.session.add(row)
        db.session.flush()


@pytest.mark.both_databases
def test_i033_one_person_a_seat_and_one_seat_a_person(app):
    coalition_id = make_coalition()
    committee = make_committee(coalition_id)
    one, two = (make_member(coalition_id, "speaker") for _number in range(2))
    hold_seat(committee, 1, one)
    with pytest.raises(IntegrityError):
        store(term(committee, 1, two))
    with pytest.raises(IntegrityError):
        store(term(committee, 2, one))
    with pytest.raises(Conflict):
        hold_seat(committee, 1, two)
    with uow.unit():
        seating.end_seat(system_actor(coalition_id=coalition_id), committee.public_id, 1)
    hold_seat(committee, 1, two)


@pytest.mark.both_databases
def test_i034_lived_experience_seats_are_among_the_seats(app):
    coalition_id = make_coalition()
    committee = make_committee(coalition_id, seats=3, lived=2)
    with uow.reading():
        assert [seat.lived_experience for seat in committees.seats(committee.id)] == [False, True, True]
    with pytest.raises(IntegrityError), uow.unit():
        db.session.execute(update(Committee).values(min_lived_experience_seats=4))
    with pytest.raises(RuleBroken):
        make_committee(coalition_id, seats=1, lived=2)


@pytest.mark.both_databases
def test_nobody_gives_themselves_a_seat_and_no_row_points_into_another_coalition(app):
    coalition_id = make_coalition()
    committee = make_committee(coalition_id)
    admin = make_member(coalition_id, "admin")
    actor = actor_in(coalition_id, "admin", user_id=admin)
    with pytest.raises(NotAllowed), uow.unit():
        seating.give_seat(actor, committee.public_id, 1, admin, from_on=date(2027, 1, 1))
    with pytest.raises(IntegrityError):
        store(term(committee, 1, admin, given_by=admin))
    with pytest.raises(IntegrityError):
        store(term(committee, 1, admin, coalition_id=make_coalition()))


def test_a_seat_lets_a_speaker_read_decisions_until_it_ends(app, client):
    coalition_id = make_coalition()
    committee = make_committee(coalition_id)
    speaker = make_member(coalition_id, "speaker")
    sign_in(client, speaker)
    assert client.get("/desk/decisions").status_code == 403
    hold_seat(committee, 3, speaker)
    sign_in(client, speaker)
    assert client.get("/desk/decisions").status_code == 200
    with uow.unit():
        seating.close_committee(system_actor(coalition_id=coalition_id), committee.public_id)
    with uow.reading():
        assert queries.roles_by_coalition(speaker) == {coalition_id: frozenset({"speaker"})}


def test_only_people_of_the_coalition_get_a_seat(app):
    coalition_id = make_coalition()
    committee = make_committee(coalition_id)
    with pytest.raises(RuleBroken):
        hold_seat(committee, 1, make_user())


def test_administrator_makes_a_committee_and_gives_a_seat_on_the_pages(app, client):
    coalition_id = make_coalition()
    admin = sign_in(client, make_member(coalition_id, "admin"))
    make_member(coalition_id, "speaker", name="Noor Haddad")
    token = {"csrf_token": csrf_token(admin)}
    fields = {"name": "Story circle", "kind": "story_policy", "seat_count": "3", "lived_experience_seats": "2"}
    assert admin.post("/desk/committees", data=token | fields | {"lived_experience_seats": "4"}).status_code == 422
    page = admin.post("/desk/committees", data=token | fields).location.partition("?")[0]
    with uow.reading():
        person = next(
            one.public_id for one in queries.people(actor_in(coalition_id), coalition_id) if one.name == "Noor Haddad"
        )
    given = {"seat": "2", "person": person, "from_on": "2027-01-01", "until_on": "2026-01-01"}
    assert admin.post(f"{page}/seats", data=token | given).status_code == 422
    assert admin.post(f"{page}/seats", data=token | given | {"until_on": ""}).status_code == 303
    assert "Noor Haddad" in admin.get(page).text
    assert "1 of 3 seats held" in admin.get("/desk/committees").text
    assert admin.post(f"{page}/seats/2/end", data=token).status_code == 303
    assert admin.post(f"{page}/seats/2/end", data=token).status_code == 404
    assert admin.post(f"{page}/close", data=token).status_code == 303
    other = sign_in(app.test_client(), make_member(make_coalition(), "admin"))
    assert other.get(page).status_code == 404


def test_list_of_committees_asks_the_same_number_of_queries(app, client):
    coalition_id = make_coalition()
    sign_in(client, make_member(coalition_id, "organizer"))
    make_committee(coalition_id)

    def queries_of():
        client.get("/desk/committees")
        with count_queries() as counted:
            client.get("/desk/committees")
        return counted.count

    one = queries_of()
    for _number in range(9):
        make_committee(coalition_id)
    assert queries_of() == one
