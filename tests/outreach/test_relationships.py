"""Who holds the contact to somebody in office, the list of those nobody holds, and where the coalition is known."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from advocacy.civic.models import Chamber
from advocacy.civic.services import demo_pack, directory
from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from advocacy.outreach import coverage_queries, rosters
from advocacy.outreach import lawmaker_queries as lawmakers
from advocacy.outreach.lawmaker_models import Relationship
from advocacy.outreach.services import holding
from advocacy.petitions.models import PetitionPlaceTally
from advocacy.web.manifest import house
from tests.factories import legislators
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.factories.outreach import make_contact, make_known_lawmaker
from tests.factories.petitions import make_petition
from tests.support.queries import count_queries

pytestmark = pytest.mark.settings(demo={"enabled": True})


@pytest.fixture
def coalition(app):
    with uow.unit():
        demo_pack.install()
    return make_coalition()


@pytest.fixture
def maya(coalition):
    return make_member(coalition, "organizer", name="Maya Ortiz")


@pytest.fixture
def organizer(client, maya):
    return sign_in(client, maya)


@pytest.fixture
def person(coalition):
    with uow.reading():
        return directory.people_page(state="ZZ", chamber=Chamber.STATE_UPPER).officials[0]


def held(user_id, strength=3, **facts):
    return holding.Held(user_id, strength, clock.now().date() - timedelta(days=30), **facts)


def hold(coalition, key, user_id, strength=3, **more):
    with uow.unit():
        return holding.hold(actor_in(coalition), key, held(user_id, strength), **more).id


def post(client, key, **given):
    day = (clock.now().date() - timedelta(days=9)).isoformat()
    data = {"csrf_token": csrf_token(client), "strength": "4", "since_on": day, **given}
    return client.post(f"/desk/relationships/{key}/holder", data=data)


def test_hold_hand_over_and_let_go_keep_the_history(organizer, coalition, maya, person):
    assert "Nobody holds this" in organizer.get(f"/desk/relationships/{person.id}").text
    assert post(organizer, person.id, holder=str(maya), note="Neighbours.").status_code == 303
    page = organizer.get(f"/desk/relationships/{person.id}").text
    assert "Maya Ortiz" in page
    assert "4: is asked for advice" in page
    noor = make_member(coalition, "volunteer", name="Noor Bell")
    assert post(organizer, person.id, holder=str(noor)).status_code == 409, "the page did not show who held it"
    with uow.reading():
        live = lawmakers.relationship(coalition, person.id).id
    assert post(organizer, person.id, holder=str(noor), replaces=str(live)).status_code == 303
    page = organizer.get(f"/desk/relationships/{person.id}").text
    assert "Noor Bell" in page
    assert "Who held it before" in page
    with uow.reading():
        live = lawmakers.relationship(coalition, person.id).id
    end = {"csrf_token": csrf_token(organizer), "replaces": str(live)}
    assert organizer.post(f"/desk/relationships/{person.id}/holder/end", data=end).status_code == 303
    assert organizer.post(f"/desk/relationships/{person.id}/holder/end", data=end).status_code == 409
    assert "Nobody holds this" in organizer.get(f"/desk/relationships/{person.id}").text


def test_list_names_who_holds_whom_and_those_nobody_holds(organizer, coalition, maya, person):
    hold(coalition, person.id, maya)
    make_contact(coalition, legislator_key=person.id)
    asked = "/desk/relationships?place=ZZ&chamber=state_upper"
    page = organizer.get(asked).text
    assert "Maya Ortiz" in page
    assert "none yet" in page
    assert person.name not in organizer.get(f"{asked}&who=nobody").text
    mine = organizer.get(f"{asked}&who=mine").text
    assert mine.count(">Maya Ortiz<") >= 1
    assert person.name in mine
    assert "This chamber is not known yet" in organizer.get("/desk/relationships?place=OR&chamber=state_lower").text
    assert organizer.get("/desk/relationships?place=XX").status_code == 404
    assert organizer.get("/desk/relationships?place=ZZ&chamber=nonsense").status_code == 404


def test_somebody_who_left_the_coalition_holds_nobody(organizer, coalition, person):
    gone = make_member(coalition, "volunteer", name="Gone Gardner")
    hold(coalition, person.id, gone)
    with uow.unit():
        house().forget(gone)
    page = organizer.get(f"/desk/relationships/{person.id}").text
    assert "Gone Gardner" not in page
    assert "Nobody holds this" in page
    assert person.name in organizer.get("/desk/relationships?place=ZZ&chamber=state_upper&who=nobody").text


def test_z01_notes_of_another_coalition_are_not_there(app, coalition, person):
    key = make_known_lawmaker(coalition)
    other = make_coalition()
    stranger = sign_in(app.test_client(), make_member(other, "admin"))
    assert stranger.get(f"/desk/relationships/{key}").status_code == 404
    assert post(stranger, key, holder="1").status_code == 404
    hold(coalition, person.id, make_member(coalition, name="CANARY NAME"))
    make_contact(coalition, office="CANARY OFFICE", legislator_key=person.id)
    for path in (f"/desk/relationships/{person.id}", "/desk/relationships?place=ZZ", "/desk/coverage?place=ZZ"):
        assert "CANARY" not in stranger.get(path).text
    mine = make_member(other)
    with pytest.raises(RuleBroken):
        hold(coalition, person.id, mine)
    with uow.reading(), pytest.raises(NotFound):
        lawmakers.lawmaker(actor_in(other), key)
    with uow.reading(), pytest.raises(NotAllowed):
        lawmakers.lawmaker(actor_in(coalition, "speaker"), person.id)


@pytest.mark.both_databases
def test_one_person_holds_it_at_a_time_whatever_writes(app, coalition, maya, person):
    first = hold(coalition, person.id, maya)
    now = clock.now()
    facts = {
        "coalition_id": coalition,
        "legislator_key": person.id,
        "user_id": maya,
        "strength": 3,
        "since_on": now.date(),
        "note": "",
        "begun_at": now,
    }
    for wrong in ({}, {"legislator_key": ""}, {"legislator_key": "x-1", "strength": 6}, {"coalition_id": 987_654}):
        with pytest.raises(IntegrityError), uow.unit():
            db.session.execute(insert(Relationship).values(**facts | wrong))
    with pytest.raises(IntegrityError), uow.unit():
        db.session.execute(update(Relationship).values(ended_at=now - timedelta(days=1)))
    told, start = [], threading.Barrier(2)

    def hand_over() -> None:
        with app.app_context():
            start.wait()
            try:
                hold(coalition, person.id, maya, 5, replaces=first)
            except (Conflict, IntegrityError) as error:
                told.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=hand_over) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    with uow.reading():
        rows = db.session.execute(select(Relationship.strength, Relationship.ended_at)).all()
    assert sorted(strength for strength, ended_at in rows if ended_at is None) == [5]


def test_rules_of_a_relationship_name_the_field(coalition, maya, person):
    ahead = holding.Held(maya, 3, clock.now().date() + timedelta(days=9))
    for given, field in ((held(maya, 0), "strength"), (held(maya, 6), "strength"), (ahead, "since_on")):
        with pytest.raises(RuleBroken) as caught, uow.unit():
            holding.hold(actor_in(coalition), person.id, given)
        assert caught.value.field == field
    with pytest.raises(NotAllowed), uow.unit():
        holding.hold(actor_in(coalition, "volunteer"), person.id, held(maya))


def test_the_list_asks_as_often_for_many_as_for_none(organizer, coalition, maya):
    organizer.get("/desk/relationships?place=ZZ&chamber=state_lower")
    with count_queries() as few:
        organizer.get("/desk/relationships?place=ZZ&chamber=state_lower")
    with uow.reading():
        people = directory.people_page(state="ZZ", chamber=Chamber.STATE_LOWER).officials
    for one in people:
        hold(coalition, one.id, maya)
        make_contact(coalition, legislator_key=one.id)
    with count_queries() as many:
        organizer.get("/desk/relationships?place=ZZ&chamber=state_lower")
    assert many.count <= few.count + 1, "the holders' names, in one query"


def test_coverage_counts_seats_vacancies_and_hides_few_signers(organizer, coalition, maya):
    petition = make_petition(coalition)
    with uow.reading():
        found = rosters.roster("ZZ", Chamber.US_HOUSE)
        one = found.districts[0].officials[0]
    assert (found.seat_count, found.vacant_count) == (3, 1)
    hold(coalition, one.id, maya)
    with uow.unit():
        for number, count in ((1, 40), (2, 4)):
            division = found.districts[number - 1].division_id
            db.session.add(
                PetitionPlaceTally(
                    petition_id=petition.id, state_code="ZZ", division_id=division, signature_count=count
                )
            )
    page = organizer.get("/desk/coverage?place=ZZ&chamber=us_house").text
    assert ">40<" in page
    assert "fewer than 10" in page
    assert ">4<" not in page
    assert "empty seat" in page
    with uow.reading():
        stands = coverage_queries.coverage(actor_in(coalition), found)
        assert (stands.held, stands.signed, stands.blank) == (1, 2, 1)
    assert "not counted by this district" in organizer.get("/desk/coverage?place=ZZ&chamber=state_upper").text
    other = sign_in(organizer.application.test_client(), make_member(make_coalition(), "organizer"))
    assert ">40<" not in other.get("/desk/coverage?place=ZZ&chamber=us_house").text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Oregon", "OR"),
        ("or", "OR"),
        ("ocd-jurisdiction/country:us/state:or/government", "OR"),
        ("ocd-jurisdiction/country:us/government", "US"),
        ("US", "US"),
        ("Columbia", "ZZ"),
        ("ocd-jurisdiction/country:us/district:dc/government", "DC"),
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_place_of_a_bill_is_read_from_what_people_write(coalition, text, code):
    with uow.reading():
        assert rosters.place_named(text) == code


def test_the_coalitions_own_lawmakers_are_known_to_contacts_and_relationships(organizer, coalition, maya):
    key = legislators.make_lawmaker(coalition, full_name="Odile Marsh")
    make_contact(coalition, office="Town hall", legislator_key=key)
    hold(coalition, key, maya)
    page = organizer.get(f"/desk/relationships/{key}").text
    for word in ("Odile Marsh", "Maya Ortiz", "Town hall"):
        assert word in page
    assert "Odile Marsh" in organizer.get("/desk/contacts").text
    assert "Maya Ortiz" in organizer.get(f"/desk/legislators/{key}").text
    stranger = sign_in(organizer.application.test_client(), make_member(make_coalition(), "admin"))
    assert stranger.get(f"/desk/relationships/{key}").status_code == 404
    theirs = make_coalition()
    with pytest.raises(RuleBroken):
        make_contact(theirs, legislator_key=key)
