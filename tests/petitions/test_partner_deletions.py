"""What a partner must delete: one notice for each leave that ended, nothing in it that the partner does not hold."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from advocacy.audit.models import AuditEvent
from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.petitions.models import Signature
from advocacy.petitions.partner_models import PartnerDeletion
from advocacy.petitions.services import managing
from advocacy.web.manifest import house
from tests.factories import petitions
from tests.factories.accounts import csrf_token, make_user, sign_in
from tests.factories.coalitions import make_coalition
from tests.factories.organizations import make_organization, make_representative
from tests.factories.partners import make_partner_page, sign_with
from tests.support import canary
from tests.support.inbox import mails

OFFICE = "office@harbor.example.org"
SUBJECT = "Please delete what somebody gave you"


class World:
    """A petition with one partner, and a person who gave it her address."""

    def __init__(self, client, **terms) -> None:
        self.coalition_id = make_coalition()
        self.petition = petitions.make_petition(self.coalition_id)
        given = {"contact_name": "Office", "contact_email": OFFICE, **terms}
        self.partner = make_organization(self.coalition_id, "Harbor House", tier="partner", **given)
        self.page = make_partner_page(self.petition, self.partner)
        self.signature = sign_with(
            client,
            self.petition,
            self.page,
            canary.PERSON["email"],
            name=canary.PERSON["name"],
            partner_updates="y",
        )
        self.manage = f"/signatures/manage/{petitions.manage_token(self.signature)}"


@pytest.fixture
def world(app, client):
    return World(client)


def duties():
    with uow.reading():
        rows = list(db.session.execute(select(PartnerDeletion).order_by(PartnerDeletion.id)).scalars())
        db.session.expunge_all()
    return rows


def test_the_card_says_what_the_partner_must_do(world, client):
    page = client.get(f"/petitions/{world.petition.slug}/with/{world.page.slug}").text
    part = re.sub(r"\s+", " ", page[page.index('id="who-receives"') :])
    assert "it must delete what it holds of you" in part
    other = client.get(f"/petitions/{world.petition.slug}").text
    assert "it must delete" not in other


@pytest.mark.both_databases
def test_taking_the_leave_back_tells_the_partner_once_in_words_that_name_nobody(world, client, app):
    for _ in range(2):
        assert client.post(world.manage, data={"action": "change", "display": "hidden"}).status_code == 303
    assert [duty.reason for duty in duties()] == ["leave_ended"]
    found = mails(app, OFFICE)
    assert [mail.subject for mail in found] == [SUBJECT]
    assert canary.traces_in(found[0].subject + found[0].text) == []
    assert world.signature.public_id in found[0].text
    assert f"/desk/partner-pages/{world.page.public_id}" in found[0].text


def test_d05_the_notice_leaves_no_trace_of_the_person_in_the_log(world, client, app):
    with canary.Net() as net:
        client.post(world.manage, data={"action": "change", "display": "hidden"})
        mails(app, OFFICE)
    net.assert_clean()


@pytest.mark.both_databases
def test_withdrawing_the_signature_takes_the_partners_leave_too_and_counting_again_does_not_give_it_back(
    world, client, app
):
    assert client.post(world.manage, data={"action": "withdraw"}).status_code == 303
    assert client.post(world.manage, data={"action": "withdraw"}).status_code == 303
    assert client.post(world.manage, data={"action": "restore"}).status_code == 303
    assert [duty.reason for duty in duties()] == ["withdrawn"]
    assert len(mails(app, OFFICE)) == 1
    row = petitions.signatures(world.petition.id)[0]
    assert (row.state, row.partner_updates) == ("verified", False)
    client.post(world.manage, data={"action": "change", "display": "hidden", "partner_updates": "y"})
    client.post(world.manage, data={"action": "change", "display": "hidden"})
    assert [duty.reason for duty in duties()] == ["withdrawn", "leave_ended"], "a new leave has a duty of its own"
    assert len(mails(app, OFFICE)) == 2


@pytest.mark.both_databases
def test_erasing_a_person_empties_the_signature_keeps_the_count_and_tells_the_partner(world, client, app):
    user_id = make_user(canary.PERSON["email"].replace("+canary", ""))
    with uow.reading():
        held = house().personal_data_of(user_id)["petitions"]["signatures"]
    assert [(one["name"], one["given_to_partner"]) for one in held] == [(canary.PERSON["name"], True)]
    for _ in range(2):
        with uow.unit():
            house().forget(user_id)
    row = petitions.signatures(world.petition.id)[0]
    assert (row.state, row.name, row.email, row.town, row.partner_updates) == ("verified", b"", None, "", False)
    assert [duty.reason for duty in duties()] == ["erased"]
    found = mails(app, OFFICE)
    assert len(found) == 1
    assert row.public_id in found[0].text
    assert client.get(world.manage).status_code == 410
    person = sign_in(app.test_client(), make_representative(world.partner))
    page = person.get(f"/desk/partner-pages/{world.page.public_id}").text
    assert row.public_id in page
    assert canary.traces_in(page) == []
    with uow.reading():
        assert house().personal_data_of(user_id)["petitions"]["signatures"] == []


def test_without_a_contact_the_people_who_act_for_the_partner_are_told(client, app):
    world = World(client, contact_name="", contact_email="")
    make_representative(world.partner, email="acts@example.org")
    client.post(world.manage, data={"action": "change", "display": "hidden"})
    assert [mail.subject for mail in mails(app, "acts@example.org")] == [SUBJECT]


@pytest.mark.both_databases
def test_a_partner_sees_what_to_delete_says_when_it_is_done_and_reaches_nobody_elses(world, client, app):
    client.post(world.manage, data={"action": "change", "display": "hidden"})
    person = sign_in(app.test_client(), make_representative(world.partner))
    path = f"/desk/partner-pages/{world.page.public_id}"
    page = person.get(path).text
    assert "Please delete on your side" in page
    assert canary.traces_in(page) == [], "what was taken back is not shown again"
    done = f"{path}/deletions/{world.signature.public_id}/done"
    other = make_organization(world.coalition_id, "Lake Friends", tier="partner")
    stranger = sign_in(app.test_client(), make_representative(other))
    assert stranger.post(done, data={"csrf_token": csrf_token(stranger)}).status_code == 404
    missing = f"{path}/deletions/{'A' * 22}/done"
    assert person.post(missing, data={"csrf_token": csrf_token(person)}).status_code == 404
    for _ in range(2):
        assert person.post(done, data={"csrf_token": csrf_token(person)}).status_code == 303
    assert "Please delete on your side" not in person.get(path).text
    with uow.reading():
        rows = (
            db.session.execute(select(AuditEvent).where(AuditEvent.action == "partner_deletion.done")).scalars().all()
        )
        assert len(rows) == 1


def test_a_notice_that_was_settled_before_it_left_is_not_sent(world, client, app):
    client.post(world.manage, data={"action": "change", "display": "hidden"})
    with uow.unit():
        db.session.execute(update(PartnerDeletion).values(done_at=clock.now()))
    assert mails(app, OFFICE) == []


def test_nothing_is_asked_of_a_partner_that_was_given_nothing(client, app):
    world = World(client)
    before = len(duties())
    other = sign_with(client, world.petition, world.page, "no@example.org")
    with uow.unit():
        managing.withdraw_signature(petitions.manage_token(other))
    assert len(duties()) == before


@pytest.mark.both_databases
def test_the_database_refuses_a_second_notice_and_one_of_another_tenant(world, client):
    client.post(world.manage, data={"action": "change", "display": "hidden"})
    first = duties()[0]
    facts = {
        name: getattr(first, name)
        for name in [column.name for column in PartnerDeletion.__table__.columns]
        if name != "id"
    }
    elsewhere = make_coalition()
    for wrong in ({}, {"coalition_id": elsewhere}, {"reason": "whim"}):
        with pytest.raises(IntegrityError), uow.unit():
            db.session.execute(insert(PartnerDeletion).values(**facts | wrong))
    with uow.reading():
        assert db.session.get(Signature, first.signature_id).partner_updates is False
