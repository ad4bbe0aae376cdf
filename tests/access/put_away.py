"""What has ended in a coalition: archived, closed, left, withdrawn, taken back."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select, update

from advocacy.campaigns.services import moving
from advocacy.coalitions import linking
from advocacy.coalitions.models import Coalition, CoalitionState
from advocacy.coalitions.organization_models import JoinRequest, MembershipPerson
from advocacy.coalitions.services import deciding, granting, inviting, joining, organizing, representing, seating
from advocacy.core import clock, uow
from advocacy.core.actor import Actor, system_actor
from advocacy.core.db import db
from advocacy.core.ids import new_public_id
from advocacy.legislators.roster_models import Roster, RosterState
from advocacy.legislators.services import own
from advocacy.mailings.services import stepping
from advocacy.petitions.delivery_models import DeliveryMethod
from advocacy.petitions.models import Petition, Signature
from advocacy.petitions.services import archiving, delivering, drafting, invalidating, partnering
from advocacy.signons import people_linking
from advocacy.signons.models import LetterState
from advocacy.signons.services import ending, personal
from advocacy.tracking.services import settling, watching
from tests.factories import (
    campaigns,
    deadlines,
    ladders,
    logos,
    mailings,
    organizations,
    outreach,
    partners,
    permission,
    petitions,
    signons,
    tracking,
)
from tests.factories.accounts import make_user
from tests.factories.coalitions import give_role, make_coalition, make_member
from tests.support import world


def gone(coalition_id: int, visitor: FlaskClient) -> dict[str, str]:
    """One of each, put away; gives where each is found."""
    actor = system_actor(coalition_id=coalition_id)
    return (
        _campaign(actor, coalition_id)
        | _petition(actor, coalition_id, visitor)
        | _governance(actor, coalition_id)
        | _people(actor, coalition_id)
        | _letter(actor, coalition_id, visitor)
        | _tracked(actor, coalition_id)
        | {
            "account_links:token": "A" * 43,
            "consent:token": "A" * 54,
            "suppressions:public_id": permission.hold_back(coalition_id, "a@b.org", is_lifted=True),
            "lawmakers:key": "nobody",
        }
        | _in_office(actor, coalition_id)
        | _stopped(coalition_id)
        | _due(coalition_id)
        | _mailing(actor, coalition_id)
    )


def _mailing(actor: Actor, coalition_id: int) -> dict[str, str]:
    """A mailing that was cancelled."""
    public_id = mailings.make_broadcast(coalition_id)
    with uow.unit():
        stepping.cancel_broadcast(actor, public_id)
    return {"broadcasts:public_id": public_id}


def _due(coalition_id: int) -> dict[str, str]:
    """A deadline that was let fall."""
    dropped = deadlines.drop(coalition_id, deadlines.make_deadline(coalition_id))
    return {"deadline_id": deadlines.deadline_id(coalition_id, dropped), "deadlines:public_id": dropped}


def _stopped(coalition_id: int) -> dict[str, str]:
    """A ladder that was stopped."""
    ladder = ladders.make_ladder(coalition_id)
    person = ladders.public_id_of(ladders.make_person(coalition_id))
    ladders.stop(ladder)
    return {
        "ladders:public_id": ladder.public_id,
        "ladder_steps:public_id": ladder.public_id,
        "ladders:person_id": person,
    }


def _in_office(actor: Actor, coalition_id: int) -> dict[str, str]:
    """Somebody taken off the list; what was noted of them stays."""
    known = world.in_office(coalition_id)
    with uow.unit():
        own.put_away(actor, known["directory:key"])
        undone = Roster(
            coalition_id=coalition_id,
            public_id=new_public_id(),
            state=RosterState.UNDONE,
            file_name="old.csv",
            encoding="utf-8",
            content="",
            mapping=["full_name"],
            counts={"new": 1, "changed": 0, "unchanged": 0, "refused": 0},
            uploaded_at=clock.now(),
            applied_at=clock.now(),
            undone_at=clock.now(),
        )
        db.session.add(undone)  # an upload would take the place of the draft that waits
        return known | {"rosters:public_id": undone.public_id}


def _campaign(actor: Actor, coalition_id: int) -> dict[str, str]:
    campaign_id = campaigns.make_campaign(coalition_id, title="The old bridge")
    known = campaigns.names(campaign_id, "HB 1900")
    with uow.unit():
        public_id = known["campaigns_desk:public_id"]
        version = campaigns.campaign(campaign_id).version
    with uow.unit():
        made = moving.move_campaign(actor, public_id, version=version, state="closed")
        moving.archive_campaign(actor, public_id, version=made.version, slug=f"{made.slug}-old")
        slug = made.slug
    return known | {"campaigns:slug": slug}


def _petition(actor: Actor, coalition_id: int, visitor: FlaskClient) -> dict[str, str]:
    petition = petitions.make_petition(coalition_id, title="The old bridge")
    for _ in range(2):
        petitions.sign(visitor, petition.slug)
    signed, waiting = petitions.signatures(petition.id)
    receipt = petitions.confirm(signed)
    petitions.tally()
    membership = organizations.make_organization(coalition_id, "Left House", tier="partner")
    page = partners.make_partner_page(petition, membership)
    manage, confirm = petitions.manage_token(signed), petitions.confirm_token(waiting)
    with uow.unit():
        row = db.session.get_one(Petition, petition.id)
        delivery = delivering.begin_delivery(actor, row, DeliveryMethod.IN_PERSON)
        delivering.mark_delivered(actor, row, delivery)
        delivery_id = delivery.public_id
        partnering.end_partner_page(actor, row, page.public_id)
        for each in (signed, waiting):
            invalidating.invalidate_signature(actor, row, db.session.get_one(Signature, each.id))
        drafting.close_petition(actor, row.id)
        archiving.archive_petition(actor, row.id)
    return {
        "slug": petition.slug,
        "petitions_desk:public_id": petition.public_id,
        "petitions_delivery:public_id": petition.public_id,
        "petitions_partners:public_id": petition.public_id,
        "petitions_partner:partner": page.slug,
        "signature_id": signed.public_id,
        "delivery_id": delivery_id,
        "page_id": page.public_id,
        "receipt": receipt,
        "petition_links.ask_to_confirm:token": confirm,
        "petition_links.confirm:token": confirm,
        "petition_links.show_signature:token": manage,
        "petition_links.change_signature:token": manage,
    }


def _governance(actor: Actor, coalition_id: int) -> dict[str, str]:
    membership = organizations.make_organization(coalition_id, "House that left", contact_email="l@example.org")
    organizations.make_representative(membership)
    organizations.ask_to_join(coalition_id, "Declined House", "declined@example.org")
    asked = organizations.ask_name(membership)
    logo = logos.make_logo(membership)
    committee, decision = organizations.make_committee(coalition_id), organizations.make_decision(coalition_id)
    organizations.hold_seat(committee, 1, make_member(coalition_id, "speaker"))
    with uow.unit():
        seat_id = db.session.execute(
            select(MembershipPerson.id).where(MembershipPerson.membership_id == membership.id)
        ).scalar_one()
        request = db.session.execute(
            select(JoinRequest.public_id).where(JoinRequest.organization == "Declined House")
        ).scalar_one()
        representing.end_representation(actor, membership, seat_id)
        organizing.move_organization(actor, membership.public_id, "left")
        joining.decline_request(actor, request)
        seating.close_committee(actor, committee.public_id)
        deciding.withdraw_decision(actor, decision.public_id)
    dissolved = make_coalition("dissolved", "The dissolved ones")
    with uow.unit():
        ended = update(Coalition).where(Coalition.id == dissolved).values(state=CoalitionState.DISSOLVED)
        db.session.execute(ended)
    return {
        "organizations:public_id": membership.public_id,
        "names:public_id": membership.public_id,
        "logos:public_id": membership.public_id,
        "logos:sha256": logo.rpartition("/")[2].removesuffix(".png"),
        "names:request_id": asked,
        "organizations.accept:public_id": request,
        "organizations.decline:public_id": request,
        "organizations:seat_id": str(seat_id),
        "committees:public_id": committee.public_id,
        "committees:number": "1",
        "decisions:public_id": decision.public_id,
        "coalitions_public:slug": "dissolved",
    }


def _people(actor: Actor, coalition_id: int) -> dict[str, str]:
    role_id = give_role(coalition_id, make_user(), "observer")
    with uow.unit():
        granting.end_role(actor, coalition_id, role_id)
        made = inviting.invite(actor, coalition_id, "revoked@example.org", "volunteer")
        token = (linking.url(made) or "").rpartition("/")[2]
        inviting.revoke(actor, coalition_id, made.public_id)
        return {
            "role_id": str(role_id),
            "coalitions.revoke:public_id": made.public_id,
            "invitations:token": token,
        }


def _letter(actor: Actor, coalition_id: int, visitor: FlaskClient) -> dict[str, str]:
    letter = signons.make_letter(coalition_id, title="The old letter", takes_people=True)
    person = signons.sign_as_person(visitor, letter)
    waiting = signons.sign_as_person(visitor, letter, confirms=False)
    token = signons.sign_on(letter, signons.make_organization(coalition_id))[0]
    with uow.unit():
        ending.end_letter(actor, letter.public_id, LetterState.WITHDRAWN)
    with uow.unit():
        personal.take_back(people_linking.manage_token(person))
    return {
        "contacts:public_id": outreach.remove_contact(coalition_id, outreach.make_contact(coalition_id)),
        "signons:slug": letter.slug,
        "signons_desk:public_id": letter.public_id,
        "signon_links:token": token,
        "signon_people:slug": letter.slug,
        "signon_people.ask_to_confirm:token": people_linking.confirm_token(waiting),
        "signon_people.confirm:token": people_linking.confirm_token(waiting),
        "signon_people.manage:token": people_linking.manage_token(person),
        "signon_people.change:token": people_linking.manage_token(person),
        "signons_people:public_id": letter.public_id,
        "person_id": person.public_id,
    }


def _tracked(actor: Actor, coalition_id: int) -> dict[str, str]:
    """A bill that is no longer tracked, a change that was dismissed, a hearing that was cancelled."""
    bill = tracking.track(coalition_id, "HF 1900")
    change = tracking.make_change(bill, "The old step")
    hearing = tracking.make_hearing(coalition_id, bill.id, committee="Old", state="cancelled")
    with uow.unit():
        settling.dismiss_change(actor, change.public_id, version=change.version)
        watching.untrack_bill(actor, bill.public_id)
    return {
        "tracking:public_id": bill.public_id,
        "tracking:key": "nobody",
        "tracking.accept:public_id": change.public_id,
        "tracking.dismiss:public_id": change.public_id,
        "hearings:public_id": hearing.public_id,
        "hearings.add:public_id": bill.public_id,
    }
