"""The coalition at the desk."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from advocacy.accounts.models import User
from advocacy.audit.models import AuditEvent
from advocacy.coalitions import queries
from advocacy.coalitions.models import MembershipRole
from advocacy.coalitions.services import granting
from advocacy.core import clock, uow
from advocacy.core.actor import Actor, system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed
from tests.factories.accounts import csrf_token, make_user, sign_in
from tests.factories.coalitions import give_role, make_coalition, make_member


def roles(user_id):
    with uow.reading():
        return queries.roles_by_coalition(user_id)


def give(client, user_id, role):
    with uow.reading():
        person = db.session.get(User, user_id).public_id
    return client.post("/desk/coalition/roles", data={"csrf_token": csrf_token(client), "person": person, "more": role})


@pytest.mark.both_databases
def test_administrator_gives_and_ends_a_role_and_both_are_recorded(app, client):
    coalition_id = make_coalition()
    admin = sign_in(client, make_member(coalition_id, "admin"))
    user_id = make_member(coalition_id, "observer", email="new@example.org", name="Amara Obi")
    assert give(admin, user_id, "organizer").status_code == 303
    assert roles(user_id) == {coalition_id: frozenset({"observer", "organizer"})}
    page = admin.get("/desk/coalition")
    assert "Amara Obi" in page.text
    assert "new@example.org" in page.text
    with uow.reading():
        held = select(MembershipRole.id).where(MembershipRole.user_id == user_id, MembershipRole.role == "organizer")
        role_id = db.session.execute(held).scalar_one()
    ended = admin.post(f"/desk/coalition/roles/{role_id}/end", data={"csrf_token": csrf_token(admin)})
    assert ended.status_code == 303
    assert roles(user_id) == {coalition_id: frozenset({"observer"})}
    with uow.reading():
        rows = db.session.execute(select(AuditEvent).where(AuditEvent.object_id == str(user_id))).scalars().all()
        assert [row.action for row in rows][-2:] == ["role.granted", "role.ended"]
        assert rows[-1].facts == {"role": "organizer"}
        assert rows[-1].coalition_id == coalition_id


def test_role_for_somebody_without_one_here_is_refused(app, client):
    """Z-01: the account of another coalition is not to be found."""
    admin = sign_in(client, make_member(make_coalition(), "admin"))
    assert give(admin, make_member(make_coalition(), "observer"), "organizer").status_code == 404
    assert give(admin, make_user(), "organizer").status_code == 404


def test_organizer_sees_people_but_neither_addresses_nor_forms(app, client):
    coalition_id = make_coalition()
    other = make_member(coalition_id, "admin", email="other@example.org", name="Amara Obi")
    organizer = sign_in(client, make_member(coalition_id, "organizer"))
    page = organizer.get("/desk/coalition")
    assert "Amara Obi" in page.text
    assert "other@example.org" not in page.text
    assert give(organizer, other, "reviewer").status_code == 403
    assert roles(other) == {coalition_id: frozenset({"admin"})}


@pytest.mark.both_databases
def test_i024_nobody_gives_a_role_to_themselves(app, client):
    coalition_id = make_coalition()
    user_id = make_member(coalition_id, "admin")
    sign_in(client, user_id)
    assert give(client, user_id, "care_lead").status_code == 403
    row = MembershipRole(
        coalition_id=coalition_id, user_id=user_id, role="care_lead", granted_by=user_id, granted_at=clock.now()
    )
    with pytest.raises(IntegrityError):
        store(row)


def store(row):
    with uow.unit():
        db.session.add(row)
        db.session.flush()


@pytest.mark.both_databases
def test_i023_a_role_is_held_once_at_a_time(app):
    coalition_id = make_coalition()
    user_id = make_member(coalition_id, "organizer")
    give_role(coalition_id, user_id, "organizer")
    row = MembershipRole(coalition_id=coalition_id, user_id=user_id, role="organizer", granted_at=clock.now())
    with pytest.raises(IntegrityError):
        store(row)


def live_roles(coalition_id, role="admin"):
    with uow.reading():
        rows = select(MembershipRole.id, MembershipRole.user_id).where(
            MembershipRole.coalition_id == coalition_id, MembershipRole.role == role, MembershipRole.ended_at.is_(None)
        )
        return db.session.execute(rows).all()


def test_i025_the_last_administrator_stays(app):
    coalition_id = make_coalition()
    make_member(coalition_id, "admin")
    (role,) = live_roles(coalition_id)
    with pytest.raises(Conflict), uow.unit():
        granting.end_role(system_actor(), coalition_id, role.id)
    assert len(live_roles(coalition_id)) == 1


@pytest.mark.both_databases
def test_i025_two_administrators_ending_each_other_at_once_leave_one(app):
    coalition_id = make_coalition()
    for _one in range(2):
        make_member(coalition_id, "admin")
    first, second = live_roles(coalition_id)
    barrier = threading.Barrier(2)
    outcomes = []

    def end(actor_id, role_id):
        with app.app_context():
            barrier.wait()
            try:
                with uow.unit():
                    actor = Actor(user_id=actor_id, coalition_id=coalition_id, roles=frozenset({"admin"}))
                    granting.end_role(actor, coalition_id, role_id)
                    outcomes.append("ended")
            except Conflict:
                outcomes.append("refused")

    threads = [
        threading.Thread(target=end, args=(first.user_id, second.id)),
        threading.Thread(target=end, args=(second.user_id, first.id)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["ended", "refused"]
    assert len(live_roles(coalition_id)) == 1


def test_n07_a_change_of_role_ends_the_sessions_of_that_person(app, client):
    coalition_id = make_coalition()
    user_id = make_member(coalition_id, "organizer")
    sign_in(client, user_id)
    assert client.get("/desk/coalition").status_code == 200
    give_role(coalition_id, user_id, "care_lead")
    assert client.get("/desk/coalition").status_code == 303


def test_role_of_another_coalition_cannot_be_ended_from_here(app, client):
    admin = sign_in(client, make_member(make_coalition(), "admin"))
    elsewhere = make_coalition()
    make_member(elsewhere, "admin")
    make_member(elsewhere, "admin")
    role_id = live_roles(elsewhere)[0].id
    answer = admin.post(f"/desk/coalition/roles/{role_id}/end", data={"csrf_token": csrf_token(admin)})
    assert answer.status_code == 404
    assert len(live_roles(elsewhere)) == 2
    with pytest.raises(NotAllowed), uow.unit():
        granting.end_role(Actor(user_id=1, coalition_id=0, roles=frozenset({"admin"})), elsewhere, role_id)


def test_switch_puts_another_own_coalition_in_view_and_no_foreign_one(app, client):
    one, two = make_coalition(name="Hill Country Minds"), make_coalition(name="Lake Shore Minds")
    foreign = make_coalition()
    user_id = make_member(one, "organizer")
    give_role(two, user_id, "observer")
    sign_in(client, user_id)
    token = {"csrf_token": csrf_token(client)}
    assert "<h1>Hill Country Minds" in client.get("/desk/coalition").text
    assert (
        client.post("/coalitions/switch", data=token | {"coalition": two, "next": "/desk/coalition"}).status_code == 303
    )
    assert "<h1>Lake Shore Minds" in client.get("/desk/coalition").text
    assert client.get("/desk/campaigns/new").status_code == 403  # an observer may look, not write
    for wrong in (foreign, "", "x", "9" * 40):
        assert client.post("/coalitions/switch", data=token | {"coalition": wrong}).status_code == 404


def test_platform_administrator_makes_the_first_coalition_and_sees_no_petition_desk(app, client):
    sign_in(client, make_user(platform_admin=True))
    assert "No coalition yet" in client.get("/desk/coalition").text
    data = {"csrf_token": csrf_token(client), "name": "Hill Country Minds", "slug": "hill", "tz": "America/Chicago"}
    assert client.post("/desk/coalitions", data=data | {"tz": "Mars/Olympus"}).status_code == 422
    assert client.post("/desk/coalitions", data=data).status_code == 303
    assert "<h1>Hill Country Minds" in client.get("/desk/coalition").text
    assert client.get("/desk/campaigns/new").status_code == 403  # an observer may look, not write
    assert client.post("/desk/coalitions", data=data).status_code == 422


def test_coalition_administrator_cannot_make_coalitions(app, client):
    admin = sign_in(client, make_member(make_coalition(), "admin"))
    data = {"csrf_token": csrf_token(admin), "name": "Other", "slug": "other", "tz": "America/Chicago"}
    assert admin.get("/desk/coalitions/new").status_code == 403
    assert admin.post("/desk/coalitions", data=data).status_code == 403


def test_disabled_accounts_are_not_told_of_anything(app):
    from advocacy.accounts.services import registering

    coalition_id = make_coalition()
    user_id = make_member(coalition_id, "organizer", email="gone@example.org")
    with uow.unit():
        registering.disable_user(system_actor(), "gone@example.org")
    with uow.reading():
        assert user_id not in queries.user_ids_with(coalition_id, "petitions.manage")


def test_the_bar_of_the_desk_names_the_coalition_and_switches_to_another(app, client):
    one, two = make_coalition(name="Hill Country Minds"), make_coalition(name="Lake Shore Minds")
    user_id = make_member(one, "organizer")
    sign_in(client, user_id)
    assert "Switch coalition" not in client.get("/desk").text
    give_role(two, user_id, "observer")
    sign_in(client, user_id)
    page = client.get("/desk").text
    assert "Switch coalition" in page
    assert f'name="coalition" value="{two}"' in page
    assert f'name="coalition" value="{one}"' not in page
