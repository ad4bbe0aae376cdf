"""Seats of people who have no other part in a coalition: offered by mail, and showing what the seat concerns only."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from advocacy.accounts import queries as accounts
from advocacy.coalitions import committee_queries as committees
from advocacy.coalitions import linking, queries
from advocacy.coalitions.committee_models import SeatTerm
from advocacy.coalitions.models import Invitation, MembershipRole
from advocacy.coalitions.services import granting, inviting, seating, voting
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, Gone, NotAllowed, RuleBroken
from advocacy.web.manifest import house
from tests.factories.accounts import PASSWORD, csrf_token, make_user, sign_in
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.factories.organizations import (
    acting,
    hold_seat,
    make_committee,
    make_decision,
    make_organization,
    make_representative,
)
from tests.support.inbox import link, mails


@pytest.fixture
def coalition(app):
    return make_coalition()


@pytest.fixture
def committee(coalition):
    return make_committee(coalition)


@pytest.fixture
def admin(app, coalition):
    return sign_in(app.test_client(), make_member(coalition, "admin", name="Maya Ortiz"))


def offer(admin, committee, email, seat=3, **facts):
    data = {"csrf_token": csrf_token(admin), "seat": str(seat), "email": email, **facts}
    return admin.post(f"/desk/committees/{committee.public_id}/invitations", data=data)


def accepted(app, client, email, name="Noor Haddad"):
    answer = client.post(link(app, email), data={"name": name, "password": PASSWORD})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with uow.reading():
        return accounts.find_user_id(email)


def holder(coalition, committee, number=3):
    """An account with nothing but a seat."""
    user_id = make_user(name="Noor Haddad")
    with uow.unit():
        made = inviting.invite_to_seat(
            system_actor(coalition_id=coalition), committee.public_id, number, accounts_email(user_id)
        )
        token = (linking.url(made) or "").rpartition("/")[2]
    with uow.unit():
        inviting.accept(token)
    return user_id


def accounts_email(user_id):
    return accounts.contact(user_id)[1]


@pytest.mark.both_databases
def test_a_seat_is_offered_by_mail_and_taken_by_somebody_new(app, client, coalition, committee, admin):
    until = clock.now().date() + timedelta(days=365)
    assert offer(admin, committee, "noor@example.org", until_on=until.isoformat()).status_code == 303
    page = admin.get(f"/desk/committees/{committee.public_id}").text
    assert "Offered to noor@example.org" in page
    mail = mails(app, "noor@example.org")[0]
    assert "A seat in a committee" in mail.text
    assert "Story circle" not in mail.subject + mail.text, "what a committee is about may say something of a person"
    assert "Story circle" in client.get(link(app, "noor@example.org")).text
    user_id = accepted(app, client, "noor@example.org")
    with uow.reading():
        term = db.session.execute(select(SeatTerm).where(SeatTerm.user_id == user_id)).scalar_one()
        assert (term.until_on, term.ended_at) == (until, None)
        assert db.session.execute(select(MembershipRole).where(MembershipRole.user_id == user_id)).first() is None
        assert queries.roles_by_coalition(user_id) == {coalition: frozenset({"seat_holder"})}
    assert "Noor Haddad" in admin.get(f"/desk/committees/{committee.public_id}").text


@pytest.mark.both_databases
def test_an_account_that_is_there_accepts_with_one_press_and_once(app, client, coalition, committee, admin):
    user_id = make_user("noor@example.org", "Noor Haddad")
    offer(admin, committee, "noor@example.org")
    path = link(app, "noor@example.org")
    assert client.post(path).status_code == 303
    assert client.post(path).status_code == 410
    with uow.reading():
        assert committees.lived_experience_seats(coalition, user_id)


def test_the_offer_is_refused_with_the_reason_beside_its_field(app, coalition, committee, admin):
    hold_seat(committee, 1, make_member(coalition, "speaker", email="seated@example.org"))
    for email, seat, words in (
        ("nobody", 3, "name@example.org"),
        ("seated@example.org", 2, "holds a seat of this committee already"),
        ("new@example.org", 1, "This seat is taken"),
    ):
        answer = offer(admin, committee, email, seat)
        assert answer.status_code == 422, email
        assert words in answer.text
        assert 'id="error-summary"' in answer.text
    past = (clock.now().date() - timedelta(days=2)).isoformat()
    assert "still to come" in offer(admin, committee, "new@example.org", until_on=past).text
    assert offer(admin, committee, "new@example.org", 3).status_code == 303
    assert "invitation that waits" in offer(admin, committee, "other@example.org", 3).text
    assert "invitation that waits" in offer(admin, committee, "new@example.org", 2).text
    assert offer(admin, committee, "new@example.org", 3).status_code == 303, "sent once more"
    assert offer(admin, committee, "new@example.org", 99).status_code == 404


@pytest.mark.both_databases
def test_the_database_refuses_two_offers_of_a_seat_and_a_seat_of_another_coalition(app, coalition, committee):
    with uow.unit():
        made = inviting.invite_to_seat(system_actor(coalition_id=coalition), committee.public_id, 3, "a@example.org")
        facts = {column.name: getattr(made, column.name) for column in Invitation.__table__.columns}
    facts.pop("id")
    elsewhere = make_coalition()
    for wrong in (
        {"email_key": b"b" * 32},
        {"coalition_id": elsewhere, "seat_id": facts["seat_id"]},
        {"role": "observer"},
        {"seat_id": None},
        {"seat_id": None, "role": "observer", "until_on": date(2030, 1, 1)},
    ):
        row = facts | {"public_id": "x" * 22, "email_key": b"c" * 32} | wrong
        with pytest.raises(IntegrityError), uow.unit():
            db.session.execute(insert(Invitation).values(row))


def test_an_offer_taken_back_or_of_a_closed_committee_gives_no_seat(app, client, coalition, committee, admin):
    offer(admin, committee, "noor@example.org")
    path = link(app, "noor@example.org")
    with uow.reading():
        public_id = db.session.execute(select(Invitation.public_id)).scalar_one()
    admin.post(f"/desk/coalition/invitations/{public_id}/revoke", data={"csrf_token": csrf_token(admin)})
    assert client.get(path).status_code == 410
    offer(admin, committee, "noor@example.org")
    path = link(app, "noor@example.org")
    with uow.unit():
        seating.close_committee(system_actor(coalition_id=coalition), committee.public_id)
    answer = client.post(path, data={"name": "Noor Haddad", "password": PASSWORD})
    assert answer.status_code == 409
    assert "committee is closed" in answer.text


def test_only_who_looks_after_committees_offers_seats_and_nobody_takes_their_own(app, coalition, committee):
    with pytest.raises(NotAllowed), uow.unit():
        inviting.invite_to_seat(actor_in(coalition, "organizer"), committee.public_id, 3, "a@example.org")
    me = make_member(coalition, "admin", email="me@example.org")
    with pytest.raises(RuleBroken), uow.unit():
        inviting.invite_to_seat(
            actor_in(coalition, "admin", user_id=me), committee.public_id, 3, "someone-else@@example.org"
        )
    with uow.unit():
        made = inviting.invite_to_seat(
            actor_in(coalition, "admin", user_id=me), committee.public_id, 3, "a@example.org"
        )
        token = (linking.url(made) or "").rpartition("/")[2]
    second = make_member(coalition, "admin")
    with uow.unit():
        role_id = db.session.execute(select(MembershipRole.id).where(MembershipRole.user_id == me)).scalar_one()
        granting.end_role(actor_in(coalition, "admin", user_id=second), coalition, role_id)
    with pytest.raises(Gone), uow.reading():
        inviting.require_invitation(token)


@pytest.mark.both_databases
def test_z01_a_seat_shows_its_committee_and_what_it_has_a_voice_in_and_nothing_else(app, client, coalition, committee):
    other = make_committee(coalition)
    make_organization(coalition, "Harbor House")
    story = make_decision(coalition, kind="story_policy", title="How we use stories")
    press = make_decision(coalition, kind="press", title="What we say to papers")
    sign_in(client, holder(coalition, committee))
    listed = client.get("/desk/committees").text
    assert listed.count("Story circle") == 1
    assert client.get(f"/desk/committees/{committee.public_id}").status_code == 200
    assert client.get(f"/desk/committees/{other.public_id}").status_code == 404
    decided = client.get("/desk/decisions").text
    assert "How we use stories" in decided
    assert "What we say to papers" not in decided
    page = client.get(f"/desk/decisions/{story.public_id}").text
    assert "Your lived-experience seat" in page
    assert "Harbor House" not in page, "who else votes is not the seat's to read"
    assert client.get(f"/desk/decisions/{press.public_id}").status_code == 404
    for path in (
        "/desk/coalition",
        "/desk/coalition/organizations",
        "/desk/petitions",
        "/desk/contacts",
    ):
        assert client.get(path).status_code == 403, path
    desk = client.get("/desk").text
    assert "How we use stories" in desk
    assert "What we say to papers" not in desk
    voice = {"csrf_token": csrf_token(client), "choice": "block"}
    assert client.post(f"/desk/decisions/{story.public_id}/voices", data=voice).status_code == 303
    assert client.post(f"/desk/decisions/{press.public_id}/voices", data=voice).status_code == 404
    assert client.post(f"/desk/decisions/{story.public_id}/votes", data=voice).status_code == 403


def test_a_seat_without_a_voice_sees_no_decision(app, client, coalition, committee):
    make_organization(coalition)
    story = make_decision(coalition, kind="story_policy", title="How we use stories")
    sign_in(client, holder(coalition, committee, number=1))
    assert "How we use stories" not in client.get("/desk/decisions").text
    assert client.get(f"/desk/decisions/{story.public_id}").status_code == 404
    assert client.get(f"/desk/committees/{committee.public_id}").status_code == 200


def test_people_of_organizations_and_of_other_committees_can_be_given_a_seat(app, coalition, committee, admin):
    acts = make_representative(make_organization(coalition, "Harbor House"), name="Ines Duarte")
    seated = holder(coalition, make_committee(coalition))
    make_member(make_coalition(), "speaker", name="Somebody Elsewhere")
    with uow.reading():
        known = {one.user_id: one for one in committees.seatable(coalition)}
    assert {acts, seated} <= known.keys()
    page = admin.get(f"/desk/committees/{committee.public_id}").text
    assert "Ines Duarte" in page
    assert "Somebody Elsewhere" not in page
    given = {"csrf_token": csrf_token(admin), "seat": "1", "person": known[acts].public_id, "from_on": "2027-01-01"}
    assert admin.post(f"/desk/committees/{committee.public_id}/seats", data=given).status_code == 303
    wrong = given | {"seat": "2", "person": "A" * 22}
    assert admin.post(f"/desk/committees/{committee.public_id}/seats", data=wrong).status_code == 422


@pytest.mark.both_databases
def test_export_holds_seats_votes_and_voices_and_erasure_ends_what_is_held(app, coalition, committee):
    organization = make_organization(coalition, "Harbor House")
    voter = make_representative(organization)
    decision = make_decision(coalition, kind="story_policy", title="How we use stories")
    seated = holder(coalition, committee)
    with uow.unit():
        voting.cast_vote(acting(organization, voter), decision.public_id, "support", "It is ours.")
    with uow.unit():
        voting.speak_for_seat(actor_in(coalition, "seat_holder", user_id=seated), decision.public_id, "agree")
    with uow.reading():
        votes = house().personal_data_of(voter)["coalitions"]["votes"]
        held = house().personal_data_of(seated)["coalitions"]
    assert [(one["decision"], one["for"], one["choice"], one["reason"]) for one in votes] == [
        ("How we use stories", "Harbor House", "support", "It is ours.")
    ]
    assert [(one["committee"], one["seat"], one["lived_experience"]) for one in held["seats"]] == [
        ("Story circle", 3, True)
    ]
    assert [(one["decision"], one["choice"]) for one in held["voices"]] == [("How we use stories", "agree")]
    for user_id in (seated, voter):
        with uow.unit():
            house().forget(user_id)
        with uow.reading():
            assert queries.roles_by_coalition(user_id) == {}
            assert house().personal_data_of(user_id)["coalitions"]["seats"] == [] or user_id == seated
    with uow.reading():
        assert db.session.execute(select(SeatTerm.ended_at)).scalar_one() is not None


def test_people_download_what_the_house_holds_of_them_and_it_is_noted(app, client, coalition, committee):
    user_id = holder(coalition, committee)
    sign_in(client, user_id)
    assert "Download your data" in client.get("/account").text
    answer = client.post("/account/data.json", data={"csrf_token": csrf_token(client)})
    assert answer.status_code == 200
    assert answer.json["accounts"]["name"] == "Noor Haddad"
    assert answer.json["coalitions"]["seats"][0]["committee"] == "Story circle"
    assert set(answer.json) == {item.name for item in house().personal_data}
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.post("/account/data.json").status_code == 403
    with pytest.raises(Conflict):
        hold_seat(committee, 3, make_member(coalition, "speaker"))
