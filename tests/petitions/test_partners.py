"""Partner pages: one petition and one counter, each partner's own tick, and nothing seen without it (C-09)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from advocacy.audit.models import AuditEvent
from advocacy.coalitions.organization_models import Membership
from advocacy.coalitions.services import organizing
from advocacy.consent import queries as consent
from advocacy.consent import services as consent_services
from advocacy.consent.models import OptIn, Purpose
from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.petitions.models import Petition, Signature
from advocacy.petitions.partner_models import PartnerPage
from advocacy.petitions.services import managing, partnering, signing, tallying
from tests.factories import petitions
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.organizations import acting, make_organization, make_representative
from tests.factories.partners import make_partner_page, sign_with
from tests.support.queries import count_queries

CANARY = "quillandra@example.org"


class World:
    """A petition with two partners, each with somebody who acts for it."""

    def __init__(self) -> None:
        self.coalition_id = make_coalition()
        self.petition = petitions.make_petition(self.coalition_id)
        self.harbor, self.lake = (
            make_organization(self.coalition_id, name, tier="partner") for name in ("Harbor House", "Lake Friends")
        )
        self.page, self.lake_page = (make_partner_page(self.petition, one) for one in (self.harbor, self.lake))
        self.path = f"/petitions/{self.petition.slug}/with/{self.page.slug}"


@pytest.fixture
def world(app):
    return World()


@pytest.fixture
def harbor(app, world):
    """Harbor House's own person, signed in."""
    return sign_in(app.test_client(), make_representative(world.harbor))


def own(world, page=None):
    return f"/desk/partner-pages/{(page or world.page).public_id}"


def exported(client, path):
    answer = client.post(f"{path}/contacts.csv", data={"csrf_token": csrf_token(client)})
    return answer.get_data(as_text=True) if answer.status_code == 200 else answer.status_code


@pytest.mark.both_databases
def test_a_partners_page_has_its_words_its_own_tick_and_the_one_counter(world, client):
    page = client.get(world.path).text
    assert "Harbor House" in page
    assert "We stand with you." in page
    assert "Give my name and email address to Harbor House" in page
    assert not re.search(r'name="partner_updates"[^>]*checked', page)
    assert "Give my name" not in client.get(f"/petitions/{world.petition.slug}").text
    sign_with(client, world.petition, world.page, "one@example.org")
    petitions.sign_and_confirm(client, world.petition)
    petitions.tally()
    for path in (world.path, f"/petitions/{world.petition.slug}"):
        assert "2 people have signed" in client.get(path + "?fresh=1").text
    with uow.reading():
        counts = dict(db.session.execute(select(PartnerPage.id, PartnerPage.signature_count)).all())
        assert counts == {world.page.id: 1, world.lake_page.id: 0}


def card(page):
    part = page[page.index('id="who-receives"') :]
    return re.sub(r"<[^>]+>", " ", part[: part.index("</section>")])


def test_the_card_names_who_really_receives_what(world, client):
    make_member(world.coalition_id, "organizer")
    make_member(world.coalition_id, "speaker")
    on_partner, on_main = card(client.get(world.path).text), card(client.get(f"/petitions/{world.petition.slug}").text)
    assert "Minds of the Valley" in on_partner
    assert "1 person of the coalition can read it" in on_partner
    assert "The lawmakers of your district" in on_partner
    assert "Harbor House" in on_partner
    assert "Lake Friends" not in on_partner
    assert "Harbor House" not in on_main


@pytest.mark.both_databases
def test_c09_a_partner_sees_only_who_ticked_its_box_on_its_own_page(world, client, harbor, app):
    sign_with(client, world.petition, world.page, "yes@example.org", partner_updates="y", name="Yolanda Said")
    sign_with(client, world.petition, world.page, CANARY, name="Quillandra Vexworthy", updates="y")
    sign_with(client, world.petition, world.lake_page, "lake@example.org", partner_updates="y", name="Lakeisha Lowe")
    petitions.sign_and_confirm(client, world.petition, "main@example.org", name="Mainard Cole", updates="y")
    petitions.tally()
    page = harbor.get(own(world)).text
    sheet = exported(harbor, own(world))
    for text in (page, sheet):
        assert "yes@example.org" in text
        assert "Yolanda Said" in text
        assert not [word for word in ("Quillandra", CANARY, "lake@", "Lakeisha", "main@", "Mainard") if word in text]
    assert "1 address given to you" in harbor.get("/desk/partner-pages").text
    assert "2 signatures on your page" in harbor.get("/desk/partner-pages").text
    lake = sign_in(app.test_client(), make_representative(world.lake))
    assert lake.get(own(world)).status_code == 404
    assert exported(lake, own(world)) == 404
    with uow.reading():
        row = db.session.execute(select(AuditEvent).where(AuditEvent.action == "partner_page.exported")).scalar_one()
        assert row.facts["contacts"] == 1


@pytest.mark.both_databases
def test_the_leave_given_to_a_partner_is_not_the_coalitions_and_keeps_its_words(world, client):
    signature = sign_with(client, world.petition, world.page, "yes@example.org", partner_updates="y")
    with uow.reading():
        row = db.session.execute(select(OptIn)).scalar_one()
        assert (row.organization_id, row.purpose) == (world.harbor.organization_id, "partner_news")
        assert row.proof == {"kind": "confirm_link", "signature": signature.id, "page": world.page.id}
        assert "{organization}" in consent.text_by_id(row.text_id).body
        actor = system_actor()
        asked = (actor, world.coalition_id, row.person_id)
        assert not consent.has_opt_in(*asked, Purpose.CAMPAIGN_NEWS)
        assert consent.has_opt_in(*asked, Purpose.PARTNER_NEWS, organization_id=world.harbor.organization_id)
        assert not consent.has_opt_in(*asked, Purpose.PARTNER_NEWS, organization_id=world.lake.organization_id)
        person_id = row.person_id
    for organization_id in (None, world.harbor.organization_id):
        wrong = Purpose.PARTNER_NEWS if organization_id is None else Purpose.EVENT
        with pytest.raises(IntegrityError), uow.unit():
            consent_services.opt_in(
                actor, world.coalition_id, person_id, wrong, proof={"kind": "test"}, organization_id=organization_id
            )


@pytest.mark.both_databases
def test_c09_what_a_signer_takes_back_is_gone_at_once(world, client, harbor):
    signature = sign_with(client, world.petition, world.page, "yes@example.org", partner_updates="y")
    path = f"/signatures/manage/{petitions.manage_token(signature)}"
    assert "Give my name and email address to Harbor House" in client.get(path).text
    assert "yes@example.org" in harbor.get(own(world)).text
    assert client.post(path, data={"action": "change", "display": "hidden"}).status_code == 303
    assert "yes@example.org" not in harbor.get(own(world)).text
    assert "yes@example.org" not in exported(harbor, own(world))
    assert client.post(path, data={"action": "change", "display": "hidden", "partner_updates": "y"}).status_code == 303
    assert "yes@example.org" in exported(harbor, own(world))
    with uow.unit():
        managing.withdraw_signature(petitions.manage_token(signature))
    assert "yes@example.org" not in exported(harbor, own(world))


@pytest.mark.both_databases
def test_c09_sharing_that_is_revoked_ends_access_at_once(world, client, harbor):
    sign_with(client, world.petition, world.page, "yes@example.org", partner_updates="y")
    actor = system_actor(coalition_id=world.coalition_id)
    for before, after in (("active", "suspended"), ("suspended", "active")):
        with uow.unit():
            organizing.move_organization(actor, world.harbor.public_id, after)
        answer = harbor.get(own(world)).status_code
        assert answer == (403 if before == "active" else 200)
    with uow.unit():
        row = db.session.get_one(Petition, world.petition.id)
        partnering.end_partner_page(actor, row, world.page.public_id)
    assert harbor.get(own(world)).status_code == 404
    assert exported(harbor, own(world)) == 404
    assert "yes@example.org" not in harbor.get("/desk/partner-pages").text
    assert client.get(world.path + "?x").location == f"/petitions/{world.petition.slug}"


def test_a_tick_for_a_page_that_ended_meanwhile_gives_nothing_away(world, client):
    client.post(f"{world.path}/signatures", data={**petitions.GIVEN, "email": "a@example.org", "partner_updates": "y"})
    with uow.unit():
        row = db.session.get_one(Petition, world.petition.id)
        partnering.end_partner_page(system_actor(coalition_id=world.coalition_id), row, world.page.public_id)
    petitions.confirm(petitions.signatures(world.petition.id)[-1])
    with uow.reading():
        assert db.session.execute(select(OptIn)).all() == []


@pytest.mark.both_databases
def test_z01_a_signature_cannot_name_the_page_of_another_petition_or_tenant(world, client):
    signature = petitions.sign_and_confirm(client, world.petition)
    other = petitions.make_petition(world.coalition_id)
    wrong = [make_partner_page(other, world.harbor)]
    elsewhere = make_coalition()
    wrong.append(make_partner_page(petitions.make_petition(elsewhere), make_organization(elsewhere)))
    for page in wrong:
        with pytest.raises(IntegrityError), uow.unit():
            db.session.execute(update(Signature).where(Signature.id == signature.id).values(partner_page_id=page.id))
    with pytest.raises(IntegrityError), uow.unit():
        db.session.execute(update(Signature).where(Signature.id == signature.id).values(partner_updates=True))


def test_who_can_have_a_page(world):
    actor = system_actor(coalition_id=world.coalition_id)

    def give(membership, petition=world.petition):
        with uow.unit():
            row = db.session.get_one(Petition, petition.id)
            partnering.add_partner_page(actor, row, membership.public_id)

    with pytest.raises(Conflict):
        give(world.harbor)
    with pytest.raises(RuleBroken):
        give(make_organization(world.coalition_id, name_use="never"))
    with pytest.raises(RuleBroken):
        give(make_organization(world.coalition_id, state="pending"))
    with pytest.raises(NotFound):
        give(make_organization(make_coalition()))


def test_a_page_given_anew_has_a_new_address(world):
    with uow.unit():
        row = db.session.get_one(Petition, world.petition.id)
        partnering.end_partner_page(system_actor(coalition_id=world.coalition_id), row, world.page.public_id)
    assert (world.page.slug, make_partner_page(world.petition, world.harbor).slug) == ("harbor-house", "harbor-house-2")


def test_organizer_gives_and_ends_a_page_and_others_do_not(world, app, client):
    organizer = sign_in(client, make_member(world.coalition_id, "organizer"))
    member = make_organization(world.coalition_id, "Open Door")
    page = f"/desk/petitions/{world.petition.public_id}/partners"
    token = {"csrf_token": csrf_token(organizer)}
    assert organizer.post(page, data=token | {"membership": "x"}).status_code == 404
    assert organizer.post(page, data=token | {"membership": member.public_id, "intro": "Hello"}).status_code == 303
    text = organizer.get(page).text
    assert f"/petitions/{world.petition.slug}/with/open-door" in text
    with uow.reading():
        made = db.session.execute(select(PartnerPage.public_id).where(PartnerPage.slug == "open-door")).scalar_one()
    assert organizer.post(f"{page}/{made}/end", data=token).status_code == 303
    volunteer = sign_in(app.test_client(), make_member(world.coalition_id, "volunteer"))
    assert volunteer.get(page).status_code == 403
    stranger = sign_in(app.test_client(), make_member(make_coalition(), "admin"))
    assert stranger.get(page).status_code == 404
    assert stranger.post(f"{page}/{made}/end", data={"csrf_token": csrf_token(stranger)}).status_code == 404


def test_errors_on_a_partners_page_keep_its_form(world, client):
    answer = client.post(f"{world.path}/signatures", data={"email": "nonsense"})
    assert answer.status_code == 422
    assert f'action="{world.path}/signatures"' in answer.text
    assert client.get(f"{world.path}/signatures").location == world.path


@pytest.mark.both_databases
def test_the_sign_path_costs_as_many_statements_with_a_partner_as_without(world, app, client):
    """One round trip: the page is known from the half-second facts, the row is one insert as before."""
    petitions.sign(client, world.petition.slug)
    client.post(f"{world.path}/signatures", data={**petitions.GIVEN, "email": "warm@example.org"})

    def statements(partner_page_id, number):
        given = signing.NewSignature(
            name="Zoë",
            email=f"cost{number}@example.org",
            postal_code="97201",
            country="US",
            comment="",
            display="hidden",
            updates=False,
            network="n",
            partner_page_id=partner_page_id,
            partner_updates=partner_page_id is not None,
        )
        db.session.remove()
        with count_queries() as counted:
            signing.sign_petition(world.petition.slug, given)
        return counted.count

    assert statements(world.page.id, 1) == statements(None, 2)
    assert petitions.signatures(world.petition.id)[-2].partner_updates is True


@pytest.mark.both_databases
def test_a_recount_mends_the_count_of_a_page(world, client):
    signature = sign_with(client, world.petition, world.page, "one@example.org")
    petitions.tally()
    with uow.unit():
        db.session.execute(update(PartnerPage).values(signature_count=7))
    with uow.unit():
        assert tallying.recount(world.petition.id).pages == 2
    with uow.reading():
        counts = dict(db.session.execute(select(PartnerPage.id, PartnerPage.signature_count)).all())
        assert counts == {world.page.id: 1, world.lake_page.id: 0}
    with uow.unit():
        managing.withdraw_signature(petitions.manage_token(signature))
    petitions.tally()
    with uow.unit():
        assert not tallying.recount(world.petition.id).is_any


def test_lists_of_partners_ask_the_same_number_of_queries(world, app, harbor, client):
    organizer = sign_in(client, make_member(world.coalition_id, "organizer"))
    page = f"/desk/petitions/{world.petition.public_id}/partners"

    def queries_of(visitor, path):
        visitor.get(path)
        with count_queries() as counted:
            assert visitor.get(path).status_code == 200
        return counted.count

    before = queries_of(organizer, page), queries_of(harbor, "/desk/partner-pages")
    for _number in range(8):
        make_partner_page(world.petition, make_organization(world.coalition_id))
        make_partner_page(petitions.make_petition(world.coalition_id), world.harbor)
    assert (queries_of(organizer, page), queries_of(harbor, "/desk/partner-pages")) == before


def test_an_actor_of_another_organization_finds_no_page(world):
    from advocacy.petitions import partner_queries

    lake = acting(world.lake, make_representative(world.lake), "partner")
    with uow.reading(), pytest.raises(NotFound):
        partner_queries.own_page(lake, world.page.public_id)
    with uow.reading():
        assert db.session.get(Membership, world.lake.id) is not None
