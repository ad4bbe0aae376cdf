"""Invitations: by whom, to whom, once, for a week."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update

from advocacy.accounts import queries as accounts
from advocacy.accounts.models import User
from advocacy.audit.models import AuditEvent
from advocacy.coalitions import queries
from advocacy.coalitions.models import Invitation
from advocacy.coalitions.services import inviting
from advocacy.core import uow
from advocacy.core.actor import Actor, system_actor
from advocacy.core.db import db
from advocacy.core.errors import NotAllowed
from tests.factories.accounts import PASSWORD, csrf_token, make_user, sign_in
from tests.factories.coalitions import give_role, make_coalition, make_member
from tests.support import inbox, walk

NEW = "amara@example.org"
PAGE = "/desk/coalition"


@pytest.fixture
def coalition_id(app):
    return make_coalition()


@pytest.fixture
def admin(app, coalition_id):
    return sign_in(app.test_client(), make_member(coalition_id, "admin", email="admin@example.org", name="Ines Duarte"))


def invite(client, email=NEW, role="organizer"):
    data = {"csrf_token": csrf_token(client), "email": email, "role": role}
    return client.post(f"{PAGE}/invitations", data=data)


def roles_of(email):
    with uow.reading():
        user_id = accounts.find_user_id(email)
        return queries.roles_by_coalition(user_id) if user_id is not None else None


@pytest.mark.both_databases
def test_invited_person_without_an_account_makes_one_with_the_role(app, client, admin, coalition_id):
    assert invite(admin, f" {NEW} ").status_code == 303
    assert NEW in admin.get(PAGE).text
    (mail,) = inbox.mails(app, NEW)
    assert "Ines Duarte" in mail.text
    assert "Organizer" in mail.text
    path = inbox.link(app, NEW)
    before = walk.fingerprint()
    page = client.get(path)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert walk.fingerprint() == before
    assert client.post(path, data={"name": "Amara Obi", "password": "short"}).status_code == 422
    assert roles_of(NEW) is None
    done = client.post(path, data={"name": "Amara Obi", "password": PASSWORD})
    assert done.location == "/sign-in?done=invitation-accepted"
    assert "Set-Cookie" not in done.headers
    assert roles_of(NEW) == {coalition_id: frozenset({"organizer"})}
    assert client.post(path, data={"name": "Amara Obi", "password": PASSWORD}).status_code == 410
    assert client.get(path).status_code == 410
    assert client.post("/sign-in", data={"email": NEW, "password": PASSWORD}).location == "/desk"
    assert "Not confirmed yet" not in client.get("/account").text
    with uow.reading():
        actions = [row.action for row in db.session.execute(select(AuditEvent).order_by(AuditEvent.id)).scalars()]
        assert [one for one in actions if one.startswith("invitation.")] == ["invitation.sent", "invitation.accepted"]


@pytest.mark.both_databases
def test_invited_person_with_an_account_accepts_with_one_press(app, client, admin, coalition_id):
    user_id = make_user(NEW)
    own = sign_in(app.test_client(), user_id)
    invite(admin)
    path = inbox.link(app, NEW)
    assert "You have an account with this address already" in client.get(path).text
    assert client.post(path, data={"password": "another password altogether"}).status_code == 303
    assert roles_of(NEW) == {coalition_id: frozenset({"organizer"})}
    assert own.get("/account").status_code == 303  # N-06, N-07: a change of role ends sessions
    assert client.post("/sign-in", data={"email": NEW, "password": PASSWORD}).status_code == 303


def test_n10_admin_does_not_learn_whether_an_address_has_an_account(app, admin):
    make_user("known@example.org")
    known, unknown = invite(admin, "known@example.org"), invite(admin, "unknown@example.org")
    assert (
        (known.status_code, known.location)
        == (unknown.status_code, unknown.location)
        == (
            303,
            f"{PAGE}?done=invitation-sent",
        )
    )


def test_link_works_for_seven_days_and_a_new_one_kills_the_old(app, client, admin, move_clock):
    invite(admin)
    first = inbox.link(app, NEW)
    move_clock(7 * 86400 - 5)
    assert client.get(first).status_code == 200
    move_clock(7 * 86400 + 1)
    assert client.get(first).status_code == 410
    assert client.post(first, data={"name": "Amara Obi", "password": PASSWORD}).status_code == 410
    move_clock(0)
    invite(admin)
    second = inbox.link(app, NEW)
    assert second != first
    assert (client.get(first).status_code, client.get(second).status_code) == (410, 200)
    with uow.reading():
        assert len(db.session.execute(select(Invitation)).scalars().all()) == 1


def test_invitation_taken_back_works_no_more_and_mails_not_yet_sent_stay_home(app, client, admin):
    invite(admin)
    path = inbox.link(app, NEW)
    invite(admin, "late@example.org")
    with uow.reading():
        rows = db.session.execute(select(Invitation.public_id)).scalars().all()
    for public_id in rows:
        data = {"csrf_token": csrf_token(admin)}
        assert admin.post(f"{PAGE}/invitations/{public_id}/revoke", data=data).status_code == 303
        assert admin.post(f"{PAGE}/invitations/{public_id}/revoke", data=data).status_code == 404
    assert client.get(path).status_code == 410
    assert inbox.mails(app, "late@example.org") == []


@pytest.mark.both_databases
def test_invitation_dies_when_its_sender_may_invite_no_more(app, client, admin, coalition_id):
    make_member(coalition_id, "admin")
    invite(admin)
    path = inbox.link(app, NEW)
    with uow.unit():
        db.session.execute(
            text("UPDATE membership_role SET ended_at = granted_at WHERE user_id = :who"), {"who": admin_id()}
        )
    assert client.get(path).status_code == 410
    assert client.post(path, data={"name": "Amara Obi", "password": PASSWORD}).status_code == 410
    assert roles_of(NEW) is None


def admin_id():
    return db.session.execute(
        select(User.id).where(User.email_key == accounts.email_key("admin@example.org"))
    ).scalar_one()


def test_i024_nobody_invites_themselves_also_not_by_a_later_change_of_address(app, client, admin):
    assert invite(admin, "Admin@example.org", "care_lead").status_code == 422
    invite(admin, NEW, "care_lead")
    path = inbox.link(app, NEW)
    with uow.unit():
        who = admin_id()
        db.session.execute(update(User).where(User.id == who).values(email_key=accounts.email_key(NEW)))
    assert client.post(path).status_code == 403
    with uow.reading():
        assert "care_lead" not in {role for held in queries.roles_by_coalition(who).values() for role in held}


def test_role_that_is_held_already_and_unknown_roles_are_refused(app, admin, coalition_id):
    make_member(coalition_id, "organizer", email=NEW)
    assert invite(admin).status_code == 422
    assert invite(admin, role="reviewer").status_code == 303
    assert invite(admin, role="king").status_code == 422
    assert invite(admin, email="no address").status_code == 422


def test_z01_others_neither_invite_nor_see_nor_take_back(app, admin, coalition_id):
    invite(admin)
    with uow.reading():
        public_id = db.session.execute(select(Invitation.public_id)).scalar_one()
    organizer = sign_in(app.test_client(), make_member(coalition_id, "organizer"))
    assert invite(organizer, "x@example.org").status_code == 403
    assert NEW not in organizer.get(PAGE).text
    elsewhere = sign_in(app.test_client(), make_member(make_coalition(), "admin"))
    answer = elsewhere.post(f"{PAGE}/invitations/{public_id}/revoke", data={"csrf_token": csrf_token(elsewhere)})
    assert answer.status_code == 404
    assert NEW not in elsewhere.get(PAGE).text
    with pytest.raises(NotAllowed), uow.unit():
        inviting.invite(
            Actor(user_id=1, coalition_id=coalition_id, roles=frozenset({"organizer"})), coalition_id, NEW, "admin"
        )


def test_operator_can_invite_too(app, client, coalition_id):
    with uow.unit():
        inviting.invite(system_actor(coalition_id=coalition_id), coalition_id, NEW, "admin")
    assert client.post(inbox.link(app, NEW), data={"name": "Amara Obi", "password": PASSWORD}).status_code == 303
    assert roles_of(NEW) == {coalition_id: frozenset({"admin"})}


def test_one_person_joins_a_second_coalition(app, client, coalition_id):
    user_id = make_member(coalition_id, "organizer", email=NEW)
    second = make_coalition()
    admin = sign_in(app.test_client(), make_member(second, "admin"))
    invite(admin, role="observer")
    assert client.post(inbox.link(app, NEW)).status_code == 303
    with uow.reading():
        assert set(queries.roles_by_coalition(user_id)) == {coalition_id, second}
    give_role(second, user_id, "reviewer")


@pytest.mark.settings(limits={"invite_user": 2})
def test_l01_invitations_are_limited_a_day(app, admin):
    assert [invite(admin, f"p{number}@example.org").status_code for number in range(3)] == [303, 303, 429]


def test_addresses_are_sealed_and_forgotten_after_a_month(app, admin, move_clock):
    from datetime import timedelta

    from advocacy.core import clock

    invite(admin)
    with uow.reading():
        row = db.session.execute(select(Invitation)).scalar_one()
        assert NEW.encode() not in row.email_sealed + row.email_key
    move_clock(40 * 86400)
    with uow.unit():
        assert inviting.purge(clock.now() - timedelta(days=30), 10) == 1


@pytest.mark.parametrize("role", ["admin", "organizer"])
def test_mass_assignment_in_the_acceptance_changes_nothing(app, client, admin, coalition_id, role):
    """Z-04."""
    invite(admin, role="observer")
    extra = {"role": role, "coalition_id": "1", "email": "evil@example.org", "state": "accepted", "is_system": "1"}
    client.post(inbox.link(app, NEW), data={"name": "Amara Obi", "password": PASSWORD, **extra})
    assert roles_of(NEW) == {coalition_id: frozenset({"observer"})}
    assert roles_of("evil@example.org") is None
