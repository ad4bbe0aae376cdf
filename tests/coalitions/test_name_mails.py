"""Who hears that an organization is asked about the use of its name: those who act for it, once a question."""

from __future__ import annotations

from sqlalchemy import select, update

from advocacy.accounts.models import User
from advocacy.coalitions.name_models import NameRequest
from advocacy.coalitions.organization_models import MembershipPerson
from advocacy.coalitions.services import naming, representing
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from tests.factories import organizations, partners, petitions
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.support import inbox

SUBJECT = "A question to your organization"
OURS = "/desk/coalition/names/ours"


def asked(app, coalition_id, membership, times=1):
    organizer = sign_in(app.test_client(), make_member(coalition_id, "organizer"))
    for _again in range(times):
        path = f"/desk/coalition/names/ask/{membership.public_id}"
        assert organizer.post(path, data={"csrf_token": csrf_token(organizer)}).status_code == 303


def test_s108_everybody_who_acts_for_the_organization_gets_one_mail_a_question_and_nobody_else(app):
    coalition_id = make_coalition()
    membership = organizations.make_organization(coalition_id, "Harbor House", name_use="ask_each")
    first = organizations.make_representative(membership, email="ines@example.org")
    organizations.make_representative(membership, email="omar@example.org")
    organizations.make_representative(
        organizations.make_organization(coalition_id, "Lake Friends"), email="rival@example.org"
    )
    asked(app, coalition_id, membership, times=2)
    for address in ("ines@example.org", "omar@example.org"):
        (mail,) = inbox.mails(app, address)
        assert mail.subject == SUBJECT
        assert "Harbor House" in mail.text
    assert inbox.mails(app, "rival@example.org") == []
    path = inbox.link(app, "ines@example.org")
    assert path == OURS
    theirs = sign_in(app.test_client(), first)
    assert "Yes, show our name" in theirs.get(path).text
    with uow.reading():
        request_id = db.session.execute(select(NameRequest.public_id)).scalar_one()
    given = {"csrf_token": csrf_token(theirs), "answer": "yes"}
    assert theirs.post(f"{OURS}/{request_id}", data=given).status_code == 303
    assert len(inbox.mails(app, "ines@example.org")) == 1


def test_s108_a_partners_people_hear_of_the_question_about_a_petition(app):
    coalition_id = make_coalition()
    membership = organizations.make_organization(coalition_id, tier="partner", name_use="ask_each")
    organizations.make_representative(membership, email="ines@example.org")
    petition = petitions.make_petition(coalition_id, title="Fund the night line")
    partners.make_partner_page(petition, membership, says_yes=False)
    (mail,) = inbox.mails(app, "ines@example.org")
    assert mail.subject == SUBJECT
    assert petition.title not in f"{mail.subject} {mail.text}"


def test_d05_no_mail_leaves_once_it_does_not_matter(app):
    """Answered meanwhile, no longer acting for the organization, or a closed account."""
    coalition_id = make_coalition()
    membership = organizations.make_organization(coalition_id, name_use="ask_each")
    stays = organizations.make_representative(membership, email="stays@example.org")
    ended = organizations.make_representative(membership, email="ended@example.org")
    closed = organizations.make_representative(membership, email="closed@example.org")
    with uow.unit():
        db.session.execute(update(User).where(User.id == closed).values(disabled_at=clock.now()))
    actor = system_actor(coalition_id=coalition_id)
    with uow.unit():
        made = naming.ask(actor, membership, "coalition", "Valley")
        request_id = made.public_id
    with uow.unit():
        seat = select(MembershipPerson.id).where(MembershipPerson.user_id == ended)
        representing.end_representation(actor, membership, db.session.execute(seat).scalar_one())
    assert inbox.mails(app, "ended@example.org") == []
    assert inbox.mails(app, "closed@example.org") == []
    assert len(inbox.mails(app, "stays@example.org")) == 1
    with uow.unit():
        naming.answer(organizations.acting(membership, stays), request_id, "no")
    other = organizations.make_organization(coalition_id, name_use="ask_each")
    quick = organizations.make_representative(other, email="quick@example.org")
    with uow.unit():
        request_id = naming.ask(actor, other, "coalition", "Valley").public_id
    with uow.unit():
        naming.answer(organizations.acting(other, quick), request_id, "yes")
    assert inbox.mails(app, "quick@example.org") == []
