"""Something behind each address, so that the walks see pages with content and forms that work."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from advocacy.coalitions.models import Coalition
from advocacy.coalitions.organization_models import JoinRequest, MembershipPerson
from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.petitions.delivery_models import DeliveryMethod
from advocacy.petitions.models import Petition
from advocacy.petitions.services import delivering, partner_asking
from advocacy.signons import people_linking
from tests.factories import (
    campaigns,
    civic,
    deadlines,
    ladders,
    legislators,
    logos,
    mailings,
    organizations,
    outreach,
    partners,
    permission,
    petitions,
    reminders,
    signons,
    tracking,
)
from tests.factories.coalitions import make_member


def furnish(coalition_id: int, visitor: FlaskClient) -> dict[str, str]:
    """A petition with signers, a delivery and a campaign; gives what ``walk.routes`` needs to find them."""
    campaign_id = campaigns.make_campaign(coalition_id)
    petition = petitions.make_petition(coalition_id)
    for _ in range(2):
        petitions.sign_and_confirm(visitor, petition, display="full", comment="It matters to me.")
    petitions.sign(visitor, petition.slug)
    petitions.sign(visitor, petition.slug)
    first, _second, receipted, waiting = petitions.signatures(petition.id)
    receipt = petitions.confirm(receipted)
    petitions.tally()
    with uow.unit():
        row = db.session.get_one(Petition, petition.id)
        delivery = delivering.begin_delivery(system_actor(), row, DeliveryMethod.IN_PERSON)
        delivery_id = delivery.public_id
    db.session.remove()
    signed_together = _sign_together(coalition_id, visitor)
    confirm_token, manage_token = petitions.confirm_token(waiting), petitions.manage_token(first)
    return (
        campaigns.names(campaign_id)
        | signed_together
        | _governed(coalition_id, petition)
        | in_office(coalition_id)
        | _agreed(coalition_id)
        | _tracked(coalition_id)
        | _due(coalition_id)
        | _lists(coalition_id)
        | climbed(coalition_id)
        | {"broadcasts:public_id": mailings.make_broadcast(coalition_id)}
        | {
            "slug": petition.slug,
            "receipt": receipt,
            "petitions_desk:public_id": petition.public_id,
            "petitions_delivery:public_id": petition.public_id,
            "signature_id": first.public_id,
            "delivery_id": delivery_id,
            "petition_links.ask_to_confirm:token": confirm_token,
            "petition_links.confirm:token": confirm_token,
            "petition_links.show_signature:token": manage_token,
            "petition_links.change_signature:token": manage_token,
            "my_reminders:token": reminders.make_link(petition, make_member(coalition_id, "organizer")),
        }
    )


def _sign_together(coalition_id: int, visitor: FlaskClient) -> dict[str, str]:
    """A letter that organizations sign, a ledger and a contact."""
    bill_id = signons.make_bill(coalition_id)
    letter = signons.make_letter(coalition_id, is_lobbying=True, bill_id=bill_id, takes_people=True)
    person = signons.sign_as_person(visitor, letter)
    confirm_token = people_linking.confirm_token(signons.sign_as_person(visitor, letter, confirms=False))
    manage_token = people_linking.manage_token(person)
    organization = signons.make_organization(coalition_id, "Harbor Clinic", tax_status="c3", h_election=True)
    keeper = outreach.make_keeper(organization)
    signons.sign_on(letter, organization)
    asked = signons.invite(letter, signons.make_organization(coalition_id))[0]
    entry_id = outreach.enter(keeper)
    contact_id = outreach.make_contact(coalition_id)
    known_lawmaker = outreach.make_known_lawmaker(coalition_id)
    outreach.note_position(coalition_id, known_lawmaker, bill_id)
    return {
        "signons:slug": letter.slug,
        "signons_desk:public_id": letter.public_id,
        "signon_links:token": asked,
        "signon_people:slug": letter.slug,
        "signon_people.ask_to_confirm:token": confirm_token,
        "signon_people.confirm:token": confirm_token,
        "signon_people.manage:token": manage_token,
        "signon_people.change:token": manage_token,
        "signons_people:public_id": letter.public_id,
        "person_id": person.public_id,
        "lobbying:public_id": entry_id,
        "contacts:public_id": contact_id,
        "contacts.restore:public_id": outreach.remove_contact(coalition_id, outreach.make_contact(coalition_id)),
        "relationships:key": known_lawmaker,
        "positions:key": known_lawmaker,
        "votes:public_id": outreach.bill_of(bill_id),
        "commitments:public_id": outreach.note_promise(coalition_id, known_lawmaker),
        "civic_desk:pack_id": str(civic.make_pack()),
    }


def _agreed(coalition_id: int) -> dict[str, str]:
    """A mail that somebody agreed to: where it is stopped, and where everything else is chosen."""
    leave = permission.agree(coalition_id, f"agreed-{coalition_id}@example.org")
    sent = permission.write(coalition_id, f"agreed-{coalition_id}@example.org", leave, partner_asking.MAIL)
    stop, choose = (path.rpartition("/")[2] for path in permission.paths(sent))
    return {
        "consent.ask_to_stop:token": stop,
        "consent.stop:token": stop,
        "consent.preferences:token": choose,
        "consent.choose:token": choose,
        "suppressions:public_id": permission.hold_back(coalition_id),
    }


def _due(coalition_id: int) -> dict[str, str]:
    """A deadline that the coalition keeps, and one that it let fall."""
    kept = deadlines.make_deadline(coalition_id)
    dropped = deadlines.drop(coalition_id, deadlines.make_deadline(coalition_id))
    return {
        "deadline_id": deadlines.deadline_id(coalition_id, kept),
        "deadlines:public_id": kept,
        "deadlines.restore:public_id": dropped,
    }


def _lists(coalition_id: int) -> dict[str, str]:
    """A list of lawmakers that was applied, and one that waits."""
    applied = legislators.make_roster(coalition_id, "Name,Title\nIlse Marrow,Mayor\n", applied=True)
    draft = legislators.make_roster(coalition_id, "Name,Title\nJon Bexley,Clerk\n", name="next.csv")
    return {"rosters.undo:public_id": applied, "rosters:public_id": draft}


def climbed(coalition_id: int) -> dict[str, str]:
    """A ladder with somebody on it and a draft of changes.

    A step is known by its number within its ladder, so each coalition's draft keeps one that no other's has.
    """
    ladder = ladders.make_ladder(coalition_id, *[ladders.HELLO] * coalition_id)
    person = ladders.public_id_of(ladders.make_person(coalition_id))
    ladders.begin_draft(ladder, *range(1, coalition_id))
    return {
        "ladders:public_id": ladder.public_id,
        "ladder_steps:public_id": ladder.public_id,
        "ladders:person_id": person,
        "ref": str(coalition_id),
    }


def in_office(coalition_id: int) -> dict[str, str]:
    """One of the coalition's own lawmakers, with what it noted of the office."""
    key = legislators.make_lawmaker(coalition_id, fax="503-555-0103", address="1 Hall Square", hours="9 to 4")
    legislators.make_preference(coalition_id, key, note="Name the bill in the first line.")
    return {
        "directory:key": key,
        "own_lawmakers:key": key,
        "own_lawmakers:term_id": str(
            legislators.make_term(coalition_id, key, body="School board", district="At large")
        ),
        "office_notes:key": key,
        "staff_id": legislators.make_staff(coalition_id, key),
        "office_id": legislators.make_office(coalition_id, key, fax="503-555-0104", hours="9 to 5"),
    }


def _governed(coalition_id: int, petition: Petition) -> dict[str, str]:
    """An organization with somebody who acts for it, a request to join, a committee, a vote and a partner's page."""
    membership = organizations.make_organization(coalition_id, "Open Door House", contact_email="a@example.org")
    organizations.make_representative(membership)
    organizations.ask_to_join(coalition_id)
    committee = organizations.make_committee(coalition_id)
    organizations.hold_seat(committee, 1, make_member(coalition_id, "speaker"))
    decision = organizations.make_decision(coalition_id)
    page = partners.make_partner_page(petition, membership)
    seen = organizations.make_organization(coalition_id, "House with a logo", name_use="always", logo_use="always")
    logo = logos.make_logo(seen)
    with uow.reading():
        seat_id = db.session.execute(
            select(MembershipPerson.id).where(MembershipPerson.membership_id == membership.id)
        ).scalar_one()
        request = db.session.execute(
            select(JoinRequest.public_id).where(JoinRequest.coalition_id == coalition_id)
        ).scalar_one()
        slug = db.session.get_one(Coalition, coalition_id).slug
    return {
        "organizations:public_id": membership.public_id,
        "names:public_id": membership.public_id,
        "logos:public_id": seen.public_id,
        "logos:sha256": logo.rpartition("/")[2].removesuffix(".png"),
        "names:request_id": organizations.ask_name(membership),
        "organizations.accept:public_id": request,
        "organizations.decline:public_id": request,
        "organizations:seat_id": str(seat_id),
        "committees:public_id": committee.public_id,
        "committees:number": "1",
        "decisions:public_id": decision.public_id,
        "coalitions_public:slug": slug,
        "petitions_partner:partner": page.slug,
        "petitions_partners:public_id": petition.public_id,
        "page_id": page.public_id,
    }


def _tracked(coalition_id: int) -> dict[str, str]:
    """A tracked bill with a change that waits, and a hearing."""
    bill = tracking.track(coalition_id)
    hearing = tracking.make_hearing(coalition_id, bill.id)
    change = tracking.make_change(bill)
    return {
        "tracking:public_id": bill.public_id,
        "tracking:key": "nobody",
        "tracking.accept:public_id": change.public_id,
        "tracking.dismiss:public_id": change.public_id,
        "hearings:public_id": hearing.public_id,
        "hearings.add:public_id": bill.public_id,
    }
