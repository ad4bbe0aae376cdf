"""Z-05: what was taken away is gone at the next request, in running sessions and kept pages, on every node."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from advocacy.accounts.models import User
from advocacy.app import create_app
from advocacy.coalitions.committee_models import Committee
from advocacy.coalitions.models import Coalition, CoalitionState, MembershipRole
from advocacy.coalitions.organization_models import Membership
from advocacy.core import uow
from advocacy.core.db import db
from advocacy.petitions.models import Petition
from advocacy.petitions.partner_models import PartnerPage
from tests.factories import organizations, partners, petitions
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import give_role, make_coalition, make_member

KEPT_S = 1.1
"""A public page is kept for a second."""
type_node = Callable[[int | None], FlaskClient]


@pytest.fixture
def elsewhere(app: Flask, settings) -> Iterator[type_node]:
    """Clients of a second process on the same database, signed in before anything happens."""
    other = create_app(settings)

    def visit(user_id: int | None) -> FlaskClient:
        client = other.test_client()
        return client if user_id is None else sign_in(client, user_id)

    yield visit
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def coalition_id(app: Flask) -> int:
    return make_coalition()


@pytest.fixture
def admin(app: Flask, coalition_id: int) -> FlaskClient:
    return sign_in(app.test_client(), make_member(coalition_id, "admin"))


def press(client: FlaskClient, path: str, **fields: str) -> None:
    answer = client.post(path, data={"csrf_token": csrf_token(client), **fields})
    assert answer.status_code == 303, answer.get_data(as_text=True)


def is_out(client: FlaskClient, path: str) -> bool:
    """Whether a page that was open asks for a sign-in, is refused, or is not there."""
    answer = client.get(path)
    return answer.status_code in {403, 404} or answer.headers.get("Location", "").startswith("/sign-in?")


@pytest.mark.both_databases
def test_z05_ended_role_opens_nothing_in_a_running_session(app, coalition_id, admin, elsewhere):
    user_id = make_member(coalition_id, "organizer")
    there = elsewhere(user_id)
    assert there.get("/desk/petitions").status_code == 200
    with uow.reading():
        wanted = select(MembershipRole.id).where(MembershipRole.user_id == user_id)
        role_id = db.session.execute(wanted).scalar_one()
    press(admin, f"/desk/coalition/roles/{role_id}/end")
    assert is_out(there, "/desk/petitions")
    assert elsewhere(user_id).get("/desk/petitions").status_code == 403


@pytest.mark.both_databases
def test_z05_given_role_ends_the_session_that_lacked_it(app, coalition_id, admin, elsewhere):
    user_id = make_member(coalition_id, "speaker")
    there = elsewhere(user_id)
    with uow.reading():
        public_id = db.session.get_one(User, user_id).public_id
    press(admin, "/desk/coalition/roles", person=public_id, more="organizer")
    assert is_out(there, "/account")
    assert elsewhere(user_id).get("/desk/petitions").status_code == 200


@pytest.mark.both_databases
def test_z05_role_in_one_coalition_that_ended_leaves_only_the_other_in_view(app, coalition_id, admin, elsewhere):
    other_id = make_coalition(name="Over the River")
    user_id = make_member(coalition_id, "organizer")
    give_role(other_id, user_id, "volunteer")
    with uow.reading():
        wanted = select(MembershipRole.id).where(MembershipRole.user_id == user_id)
        role_id = db.session.execute(wanted.where(MembershipRole.coalition_id == coalition_id)).scalar_one()
    press(admin, f"/desk/coalition/roles/{role_id}/end")
    again = elsewhere(user_id)
    assert "Minds of the Valley" not in again.get("/desk/petitions").text
    back = {"csrf_token": csrf_token(again), "coalition": str(coalition_id)}
    assert again.post("/coalitions/switch", data=back).status_code == 404


@pytest.mark.both_databases
@pytest.mark.parametrize("state", ["suspended", "left"])
def test_z05_organization_that_goes_takes_its_people_along(app, coalition_id, admin, elsewhere, state):
    membership = organizations.make_organization(coalition_id)
    there = elsewhere(organizations.make_representative(membership))
    for path in ("/desk/decisions", "/desk/lobbying"):
        assert there.get(path).status_code == 200
    press(admin, f"/desk/coalition/organizations/{membership.public_id}/state", state=state)
    for path in ("/desk/decisions", "/desk/lobbying"):
        assert is_out(there, path)


@pytest.mark.both_databases
def test_z05_seat_that_ended_opens_nothing(app, coalition_id, admin, elsewhere):
    committee: Committee = organizations.make_committee(coalition_id)
    user_id = make_member(coalition_id, "speaker")
    organizations.hold_seat(committee, 1, user_id)
    there = elsewhere(user_id)
    assert there.get("/desk/committees").status_code == 200
    press(admin, f"/desk/committees/{committee.public_id}/seats/1/end")
    assert is_out(there, "/desk/committees")


def shared(coalition_id: int) -> tuple[Petition, Membership, PartnerPage, int]:
    petition = petitions.make_petition(coalition_id)
    membership = organizations.make_organization(coalition_id, tier="partner")
    page = partners.make_partner_page(petition, membership)
    return petition, membership, page, organizations.make_representative(membership)


@pytest.mark.both_databases
@pytest.mark.parametrize("how", ["page ended", "partner left"])
def test_z05_what_is_no_longer_shared_is_gone_for_the_partner_and_in_public(app, coalition_id, admin, elsewhere, how):
    petition, membership, page, user_id = shared(coalition_id)
    there, visitor = elsewhere(user_id), elsewhere(None)
    own, public = f"/desk/partner-pages/{page.public_id}", f"/petitions/{petition.slug}/with/{page.slug}"
    assert (there.get(own).status_code, visitor.get(public).status_code) == (200, 200)
    if how == "page ended":
        press(admin, f"/desk/petitions/{petition.public_id}/partners/{page.public_id}/end")
    else:
        press(admin, f"/desk/coalition/organizations/{membership.public_id}/state", state="left")
    assert is_out(there, own)
    export = there.post(f"{own}/contacts.csv", data={"csrf_token": csrf_token(there)})
    assert export.status_code in {403, 404}
    signed = visitor.post(f"{public}/signatures", data={**petitions.GIVEN, "email": "late@example.org"})
    assert signed.status_code == 404
    time.sleep(KEPT_S)
    assert visitor.get(public).status_code == 303


@pytest.mark.both_databases
def test_z05_name_that_is_taken_back_leaves_the_kept_page(app, client, coalition_id, elsewhere):
    petition = petitions.make_petition(coalition_id)
    signature = petitions.sign_and_confirm(client, petition, name="Quillandra Vexworthy", display="full")
    visitor = elsewhere(None)
    assert "Quillandra" in visitor.get(f"/petitions/{petition.slug}").text
    manage = f"/signatures/manage/{petitions.manage_token(signature)}"
    assert client.post(manage, data={"action": "withdraw"}).status_code == 303
    time.sleep(KEPT_S)
    assert "Quillandra" not in visitor.get(f"/petitions/{petition.slug}").text


@pytest.mark.both_databases
def test_z05_dissolved_coalition_opens_nothing(app, coalition_id, elsewhere):
    there, visitor = elsewhere(make_member(coalition_id, "admin")), elsewhere(None)
    assert there.get("/desk/coalition").status_code == 200
    with uow.unit():
        ended = update(Coalition).where(Coalition.id == coalition_id).values(state=CoalitionState.DISSOLVED)
        db.session.execute(ended)
        slug = db.session.get_one(Coalition, coalition_id).slug
    assert is_out(there, "/desk/coalition")
    assert visitor.get(f"/coalitions/{slug}").status_code == 404
