"""The use of organizations' names: who wants to be asked each time is not shown without a yes for the place."""

from __future__ import annotations

from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from advocacy.audit.models import AuditEvent
from advocacy.coalitions.name_models import NameRequest
from advocacy.coalitions.organization_models import Membership
from advocacy.coalitions.services import naming, organizing
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from tests.factories import organizations, partners, petitions, signons
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import actor_in, make_coalition, make_member

_fresh = count(1)
OURS = "/desk/coalition/names/ours"


def asked_of(membership):
    with uow.reading():
        return db.session.execute(
            select(NameRequest.public_id).where(NameRequest.membership_id == membership.id)
        ).scalar_one()


def store(row):
    with uow.unit():
        db.session.add(row)
        db.session.flush()


def seen(client, path):
    """The page as it is now, not as it was kept for a second."""
    return client.get(f"{path}?fresh={next(_fresh)}")


def answer(client, request_id, said):
    return client.post(f"{OURS}/{request_id}", data={"csrf_token": csrf_token(client), "answer": said}).status_code


@pytest.mark.both_databases
def test_s108_the_coalitions_page_names_who_is_asked_only_after_its_yes(app, client):
    coalition_id = make_coalition("valley-names")
    membership = organizations.make_organization(coalition_id, "Asked House", name_use="ask_each")
    admin = sign_in(app.test_client(), make_member(coalition_id, "organizer"))
    theirs = sign_in(app.test_client(), organizations.make_representative(membership))
    page = "/coalitions/valley-names"
    assert "Nothing is asked of you" in theirs.get(OURS).text
    assert "No organization was asked yet" in admin.get("/desk/coalition/names").text
    here = f"/desk/coalition/organizations/{membership.public_id}"
    assert "Ask to show its name" in admin.get(here).text
    path = f"/desk/coalition/names/ask/{membership.public_id}"
    for _again in range(2):
        assert admin.post(path, data={"csrf_token": csrf_token(admin)}).status_code == 303
    assert "Ask to show its name" not in admin.get(here).text
    assert "1 question about the use" in theirs.get("/desk").text
    request_id = asked_of(membership)
    for said, is_named in (("", False), ("yes", True), ("yes", True), ("no", False), ("yes", True)):
        assert answer(theirs, request_id, said) == (303 if said else 422)
        assert ("Asked House" in seen(client, page).text) is is_named
    assert "question about the use" not in theirs.get("/desk").text
    assert "Asked House" in admin.get("/desk/coalition/names").text
    with uow.reading():
        rows = select(AuditEvent.action).where(AuditEvent.action.startswith("name.")).order_by(AuditEvent.id)
        assert list(db.session.execute(rows).scalars()) == ["name.asked", "name.yes", "name.no", "name.yes"]


@pytest.mark.both_databases
def test_s108_a_partners_page_is_there_for_everybody_only_after_the_partners_yes(app, client):
    coalition_id = make_coalition()
    petition = petitions.make_petition(coalition_id)
    membership = organizations.make_organization(coalition_id, "Harbor House", name_use="ask_each")
    page = partners.make_partner_page(petition, membership, says_yes=False)
    desk = sign_in(app.test_client(), make_member(coalition_id, "organizer"))
    theirs = sign_in(app.test_client(), organizations.make_representative(membership))
    path, at_desk = f"/petitions/{petition.slug}/with/{page.slug}", f"/desk/petitions/{petition.public_id}/partners"
    assert seen(client, path).status_code == 303
    assert client.post(f"{path}/signatures", data=petitions.GIVEN).status_code == 404
    assert "Not shown without its yes" in desk.get(at_desk).text
    assert petition.title in theirs.get(OURS).text
    assert answer(theirs, asked_of(membership), "yes") == 303
    assert "Harbor House" in seen(client, path).text
    assert "Not shown without its yes" not in desk.get(at_desk).text
    assert answer(theirs, asked_of(membership), "no") == 303
    assert seen(client, path).status_code == 303


def test_s108_a_partner_that_wants_to_be_asked_later_is_asked_from_the_petitions_desk(app, client):
    coalition_id = make_coalition()
    petition = petitions.make_petition(coalition_id)
    membership = organizations.make_organization(coalition_id, "Harbor House", name_use="always")
    page = partners.make_partner_page(petition, membership)
    path, at_desk = f"/petitions/{petition.slug}/with/{page.slug}", f"/desk/petitions/{petition.public_id}/partners"
    desk = sign_in(app.test_client(), make_member(coalition_id, "organizer"))
    assert seen(client, path).status_code == 200
    ask = f"{at_desk}/{page.public_id}/ask-name"
    assert desk.post(ask, data={"csrf_token": csrf_token(desk)}).status_code == 409
    with uow.unit():
        db.session.get_one(Membership, membership.id).name_use = "ask_each"
    assert seen(client, path).status_code == 303
    assert "Ask for its yes" in desk.get(at_desk).text
    assert desk.post(ask, data={"csrf_token": csrf_token(desk)}).status_code == 303
    assert "Ask for its yes" not in desk.get(at_desk).text
    assert asked_of(membership)


def test_s108_a_yes_for_one_petition_is_not_a_yes_for_another(app, client):
    coalition_id = make_coalition("valley-two")
    membership = organizations.make_organization(coalition_id, "Harbor House", name_use="ask_each")
    first, second = petitions.make_petition(coalition_id), petitions.make_petition(coalition_id)
    said, waits = (
        partners.make_partner_page(first, membership),
        partners.make_partner_page(second, membership, says_yes=False),
    )
    assert client.get(f"/petitions/{first.slug}/with/{said.slug}").status_code == 200
    assert client.get(f"/petitions/{second.slug}/with/{waits.slug}").status_code == 303
    assert "Harbor House" not in seen(client, "/coalitions/valley-two").text


def test_s108_who_says_never_is_not_named_whatever_was_said_before(app, client):
    coalition_id = make_coalition("valley-never")
    membership = organizations.make_organization(coalition_id, "Harbor House", name_use="ask_each")
    user_id = organizations.make_representative(membership)
    request_id = organizations.ask_name(membership)
    with uow.unit():
        naming.answer(organizations.acting(membership, user_id), request_id, "yes")
    assert "Harbor House" in seen(client, "/coalitions/valley-never").text
    terms = organizing.Terms(name="Harbor House", name_use="never", **organizations.MOU)
    with uow.unit():
        version = db.session.get_one(Membership, membership.id).version
        actor = system_actor(coalition_id=coalition_id)
        organizing.change_organization(actor, membership.public_id, terms, version=version)
    assert "Harbor House" not in seen(client, "/coalitions/valley-never").text
    with uow.unit(), pytest.raises(Conflict):
        naming.ask(actor, db.session.get_one(Membership, membership.id), "petition:x", "X")


def test_s108_a_letter_ticks_no_name_before_the_organization_does(app, client):
    coalition_id = make_coalition()
    letter = signons.make_letter(coalition_id)
    for name_use, ticked in (("ask_each", "counted"), ("always", "full"), ("never", "counted")):
        membership = signons.make_organization(coalition_id, f"House {name_use}", name_use=name_use)
        token = signons.invite(letter, membership)[0]
        page = client.get(f"/sign-ons/{token}").text
        boxes = [part for part in page.split("<input") if 'name="shown"' in part.split(">")[0]]
        chosen = [part for part in boxes if "checked" in part.split(">")[0]]
        assert [ticked in part.split(">")[0] for part in chosen] == [True]


def test_s108_only_who_acts_for_the_organization_answers(app):
    coalition_id = make_coalition()
    membership = organizations.make_organization(coalition_id, "Harbor House")
    rival = organizations.make_organization(coalition_id, "Lake Friends")
    request_id = organizations.ask_name(membership)
    theirs = organizations.acting(rival, organizations.make_representative(rival))
    ours = organizations.acting(membership, organizations.make_representative(membership))
    organizer = actor_in(coalition_id, "organizer", user_id=make_member(coalition_id))
    for actor, said, refusal in (
        (theirs, "yes", NotFound),
        (organizer, "yes", NotAllowed),
        (ours, "maybe", RuleBroken),
    ):
        with uow.reading(), pytest.raises(refusal):
            naming.answer(actor, request_id, said)
    with uow.reading(), pytest.raises(NotAllowed):
        naming.ask(ours, membership, "coalition", "Valley")


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "wrong", [{"place": "coalition"}, {"answer": "perhaps"}, {"answer": "yes"}, {"answered_at": clock.now()}]
)
def test_the_database_refuses_a_second_question_and_half_an_answer(app, wrong):
    membership = organizations.make_organization(make_coalition())
    organizations.ask_name(membership)
    facts = {"public_id": "x" * 22, "place": "petition:1", "title": "X", "asked_at": clock.now()}
    row = NameRequest(coalition_id=membership.coalition_id, membership_id=membership.id, **facts | wrong)
    with pytest.raises(IntegrityError):
        store(row)
