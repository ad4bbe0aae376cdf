"""The demo coalition: whole, believable, private, made once."""

from __future__ import annotations

import stat

import pytest
from sqlalchemy import func, select

from advocacy.campaigns.models import Position
from advocacy.coalitions.decision_models import Decision
from advocacy.coalitions.models import Coalition, MembershipRole, RoleName
from advocacy.coalitions.organization_models import Membership
from advocacy.core import uow
from advocacy.core.db import db
from advocacy.demo.services import seeding
from advocacy.legislators import queries as legislator_queries
from advocacy.legislators.models import Lawmaker, OfficePreference
from advocacy.outreach.models import LobbyingEntry
from advocacy.petitions import desk_queries, partner_queries, queries
from advocacy.petitions.models import Petition, PetitionState, Signature, SignatureState
from advocacy.petitions.partner_models import PartnerPage
from advocacy.petitions.services import tallying
from advocacy.signons import queries as signon_queries
from advocacy.signons.models import SignOnLetter
from tests.factories.coalitions import actor_in


@pytest.fixture
def sign_ins(app, tmp_path):
    path = tmp_path / "instance" / "demo-sign-in.txt"
    assert seeding.is_empty()
    seeding.seed(path)
    return path


def rows_of(path):
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines()[2:]]


def test_seeding_makes_one_coalition_with_every_role_and_three_petitions(sign_ins):
    with uow.reading():
        assert db.session.execute(select(Coalition.name)).scalars().all() == ["Riverbend Mental Health Coalition"]
        roles = set(db.session.execute(select(MembershipRole.role)).scalars())
        states = sorted(db.session.execute(select(Petition.state)).scalars())
    assert roles == {str(role) for role in RoleName}
    assert states == [PetitionState.DELIVERED, PetitionState.OPEN, PetitionState.OPEN]
    assert not seeding.is_empty()


def test_seeded_counts_agree_with_the_rows_and_hold_every_state(sign_ins):
    with uow.reading():
        petitions = db.session.execute(select(Petition)).scalars().all()
        found = dict(db.session.execute(select(Signature.state, func.count()).group_by(Signature.state)).all())
        actor = actor_in(petitions[0].coalition_id)
        for petition in petitions:
            numbers = desk_queries.numbers(actor, petition)
            assert numbers.shown.count > 500
            assert numbers.not_placed > 0
            assert len(desk_queries.days(petition)) > 20
    assert {
        SignatureState.PENDING,
        SignatureState.VERIFIED,
        SignatureState.WITHDRAWN,
        SignatureState.QUARANTINED,
    } == set(found)
    for petition in petitions:
        with uow.unit():
            assert not tallying.recount(petition.id).is_any


def test_seeded_open_petition_is_near_its_goal_and_another_closes_within_a_week(sign_ins):
    with uow.reading():
        near = queries.petition_by_slug("warm-line-all-night")
        assert 0.85 < queries.shown_count(near.id).count / near.goal < 1
        lines = desk_queries.closing_soon(actor_in(near.coalition_id))
        assert [line.petition.slug for line in lines] == ["a-counselor-within-reach"]


def test_sign_ins_are_private_random_and_work(app, sign_ins):
    assert stat.S_IMODE(sign_ins.stat().st_mode) == 0o600
    words = next(row for row in rows_of(sign_ins) if row[0] == "organizer")
    client = app.test_client()
    answer = client.post("/sign-in", data={"email": words[1], "password": words[2]})
    assert answer.status_code == 303
    page = client.get("/desk").get_data(as_text=True)
    assert "A counselor within reach of every student" in page
    assert "held signature" in page


def test_two_installations_have_different_passwords():
    first, second = ({one.password for one in seeding._people()} for _ in range(2))
    assert not first & second
    assert len(first) == len(RoleName) + 1


def test_seeding_that_fails_leaves_nothing(app, tmp_path, monkeypatch):
    def fail(*_args: object) -> None:
        raise RuntimeError("no power")

    monkeypatch.setattr(seeding, "_petitions", fail)
    path = tmp_path / "demo-sign-in.txt"
    with pytest.raises(RuntimeError):
        seeding.seed(path)
    assert not path.exists()
    assert seeding.is_empty()


def test_seeded_organizations_sign_a_letter_and_two_of_them_keep_a_ledger(sign_ins):
    with uow.reading():
        letter = db.session.execute(select(SignOnLetter)).scalar_one()
        counts = signon_queries.counts_of([letter.id])[letter.id]
        keepers = set(db.session.execute(select(LobbyingEntry.membership_id)).scalars())
    assert (letter.state, counts.signed, counts.invited) == ("collecting", 5, 2)
    assert len(keepers) == 2


def test_seeded_coalition_decided_once_votes_now_and_shares_a_page_with_a_partner(app, sign_ins, client):
    with uow.reading():
        states = sorted(db.session.execute(select(Decision.state)).scalars())
        assert states == ["open", "passed"]
        members = db.session.execute(select(Membership)).scalars().all()
        assert len(members) == 7
        assert [one.name for one in members if one.tax_status == "government" and not one.may_lobby]
        stance = db.session.execute(select(Position.stance).where(Position.decision_id.is_not(None))).scalar_one()
        assert stance == "support"
        pages = db.session.execute(select(PartnerPage).order_by(PartnerPage.id)).scalars().all()
        assert [page.signature_count for page in pages] == [36, 36]
        assert [len(list(partner_queries.all_contacts(page))) for page in pages] == [9, 18]
        asks = [partner_queries.ask_of(page) for page in pages]
        assert [(ask.state, ask.asked_count, ask.limited_count) for ask in asks] == [("asked", 9, 0), ("asked", 9, 9)]
        first, second = (page.slug for page in pages)
    assert "Harbor Street Clinic" in client.get(f"/petitions/warm-line-all-night/with/{first}").text
    assert "Care Workers United" in client.get(f"/petitions/a-counselor-within-reach/with/{second}").text
    public = client.get("/coalitions/riverbend").text
    assert "Families Beside You" in public
    assert "Care Workers United" not in public  # it wants to be asked each time, and has not answered yet
    assert "Keep the warm line open all night" in public
    organizer = next(row for row in rows_of(sign_ins) if row[0] == "organizer")
    client.post("/sign-in", data={"email": organizer[1], "password": organizer[2]})
    assert "Vote: Ask the county" in client.get("/desk").text
    assert "9 addresses given to you" in client.get("/desk/partner-pages").text


@pytest.mark.settings(demo={"enabled": True})
def test_seeding_notes_how_offices_are_reached(sign_ins):
    with uow.reading():
        coalition_id = db.session.execute(select(Coalition.id)).scalar_one()
        councilor = db.session.execute(select(Lawmaker)).scalar_one()
        wishes = db.session.execute(select(OfficePreference).order_by(OfficePreference.id)).scalars().all()
        staff = legislator_queries.staff(actor_in(coalition_id), wishes[1].person_key)
        db.session.expunge_all()
    assert councilor.title == "Council member"
    assert len({wish.person_key for wish in wishes}) == 3
    assert [one.name for one in staff] == ["Ansel Okoro", "Winifred Sung"]
