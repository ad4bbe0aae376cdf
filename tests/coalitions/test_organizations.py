"""Organizations of a coalition, who acts for them, and requests to join."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from advocacy.audit.models import AuditEvent
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import organization_rules as rules
from advocacy.coalitions import queries, signals
from advocacy.coalitions.models import Coalition
from advocacy.coalitions.organization_models import (
    JoinRequest,
    Membership,
    MembershipPerson,
    MembershipState,
    Organization,
)
from advocacy.coalitions.services import organizing, representing
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from tests.factories.accounts import csrf_token, make_user, sign_in
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.factories.organizations import make_organization, make_representative
from tests.factories.petitions import make_petition
from tests.support.page_forms import forms_of
from tests.support.queries import count_queries
from tests.support.work import run_due


def store(row):
    with uow.unit():
        db.session.add(row)
        db.session.flush()


def only(model):
    """The one row of a table, loaded and let go."""
    with uow.reading():
        row = db.session.execute(select(model)).scalar_one()
        db.session.expunge(row)
    return row


def row_of(membership, **changed):
    facts = {column.name: getattr(membership, column.name) for column in Membership.__table__.columns}
    facts = {name: value for name, value in facts.items() if name not in {"id", "version"}}
    return Membership(**facts | {"public_id": "x" * 22} | changed)


@pytest.mark.both_databases
def test_i028_a_quorum_is_from_1_to_100(app):
    coalition_id = make_coalition()
    for wrong in (0, 101):
        with pytest.raises(IntegrityError), uow.unit():
            db.session.execute(update(Coalition).where(Coalition.id == coalition_id).values(quorum_pct=wrong))


@pytest.mark.both_databases
def test_i030_an_organization_is_in_a_coalition_once_until_it_left(app):
    coalition_id = make_coalition()
    actor = system_actor(coalition_id=coalition_id)
    first = make_organization(coalition_id, "Harbor House")
    with pytest.raises(IntegrityError):
        store(row_of(first))
    with pytest.raises(Conflict), uow.unit():
        organizing.add_organization(actor, coalition_id, organizing.Terms(name="HARBOR  house"))
    with uow.unit():
        organizing.move_organization(actor, first.public_id, "left")
    again = make_organization(coalition_id, "Harbor House")
    assert again.organization_id == first.organization_id


@pytest.mark.both_databases
def test_i031_who_decides_has_signed_the_memorandum(app):
    coalition_id = make_coalition()
    unsigned = make_organization(coalition_id, mou_version="", mou_signed_on=None, state="pending")
    with pytest.raises(IntegrityError), uow.unit():
        db.session.execute(update(Membership).where(Membership.id == unsigned.id).values(state="active"))
    with pytest.raises(RuleBroken), uow.unit():
        organizing.move_organization(system_actor(coalition_id=coalition_id), unsigned.public_id, "active")
    make_organization(coalition_id, tier="observer", mou_version="", mou_signed_on=None)


@pytest.mark.both_databases
def test_an_organization_of_two_coalitions_is_one_row_and_each_keeps_its_own_words(app):
    one, two = make_coalition(), make_coalition()
    first = make_organization(one, "Harbor House", contact_email="ana@example.org", contact_name="Ana")
    second = make_organization(two, "harbor house")
    assert first.organization_id == second.organization_id
    with uow.reading():
        assert db.session.execute(select(Organization)).scalars().one().name == "Harbor House"
        assert organizations.contact_of(second) is None
        assert organizations.contact_of(first).email == "ana@example.org"


@pytest.mark.both_databases
def test_z01_a_row_of_another_tenant_is_refused_by_the_database(app):
    """A seat cannot point into another coalition, whatever a bug writes."""
    one, two = make_coalition(), make_coalition()
    membership = make_organization(one)
    seat = MembershipPerson(coalition_id=two, membership_id=membership.id, user_id=make_user(), started_at=clock.now())
    with pytest.raises(IntegrityError):
        store(seat)


@pytest.mark.both_databases
def test_nobody_acts_for_an_organization_by_their_own_word(app):
    coalition_id = make_coalition()
    membership = make_organization(coalition_id)
    admin = make_member(coalition_id, "admin")
    actor = actor_in(coalition_id, "admin", user_id=admin)
    with uow.unit(), pytest.raises(NotAllowed):
        representing.give_representation(actor, db.session.get_one(Membership, membership.id), admin)
    seat = MembershipPerson(
        coalition_id=coalition_id,
        membership_id=membership.id,
        user_id=admin,
        added_by=admin,
        started_at=clock.now(),
    )
    with pytest.raises(IntegrityError):
        store(seat)


@pytest.mark.both_databases
def test_a_person_acts_for_one_organization_of_a_coalition_and_for_another_elsewhere(app):
    one, two = make_coalition(), make_coalition()
    first, second, elsewhere = make_organization(one), make_organization(one), make_organization(two)
    user_id = make_representative(first)
    for membership in (first, elsewhere):
        with uow.unit():
            representing.give_representation(system_actor(), db.session.get_one(Membership, membership.id), user_id)
    with pytest.raises(Conflict), uow.unit():
        representing.give_representation(system_actor(), db.session.get_one(Membership, second.id), user_id)
    with uow.reading():
        assert queries.roles_by_coalition(user_id) == {
            one: frozenset({"representative"}),
            two: frozenset({"representative"}),
        }


@pytest.mark.parametrize("before", list(MembershipState))
@pytest.mark.parametrize("after", list(MembershipState))
def test_memberships_move_only_along_the_table(app, before, after):
    coalition_id = make_coalition()
    membership = make_organization(coalition_id, state="active" if before == "left" else before)
    actor = system_actor(coalition_id=coalition_id)
    if before == "left":
        with uow.unit():
            organizing.move_organization(actor, membership.public_id, "left")
    if rules.is_step(before, after):
        with uow.unit():
            assert organizing.move_organization(actor, membership.public_id, after).state == after
    else:
        with pytest.raises(Conflict), uow.unit():
            organizing.move_organization(actor, membership.public_id, after)


def test_z05_what_a_seat_allows_ends_with_the_membership_at_once(app, client):
    coalition_id = make_coalition()
    membership = make_organization(coalition_id)
    sign_in(client, make_representative(membership))
    ended = []

    def note(sender, **facts):
        ended.append(facts["membership_id"])

    assert client.get("/desk/decisions").status_code == 200
    with signals.membership_ended.connected_to(note), uow.unit():
        organizing.move_organization(system_actor(coalition_id=coalition_id), membership.public_id, "suspended")
    assert ended == [membership.id]
    assert client.get("/desk/decisions").status_code == 403


def test_c09_a_partner_sees_neither_people_nor_petitions_nor_decisions(app, client):
    coalition_id = make_coalition()
    sign_in(client, make_representative(make_organization(coalition_id, tier="partner")))
    assert client.get("/desk").status_code == 200
    for path in ("/desk/coalition", "/desk/coalition/organizations", "/desk/decisions", "/desk/petitions"):
        assert client.get(path).status_code == 403


def test_one_organization_leads_at_a_time(app):
    coalition_id = make_coalition()
    first = make_organization(coalition_id, is_lead=True)
    second = make_organization(coalition_id, is_lead=True)
    with uow.reading():
        found = organizations.memberships_by_id(coalition_id, [first.id, second.id])
        assert [found[first.id].is_lead, found[second.id].is_lead] == [False, True]


def data(client, **fields):
    return {"csrf_token": csrf_token(client), **fields}


@pytest.mark.both_databases
def test_administrator_adds_changes_and_moves_an_organization_and_all_is_recorded(app, client):
    coalition_id = make_coalition()
    admin = sign_in(client, make_member(coalition_id, "admin"))
    made = admin.post(
        "/desk/coalition/organizations",
        data=data(
            admin,
            name="Harbor House",
            tier="member",
            name_use="always",
            logo_use="never",
            tax_status="c3",
            h_election="y",
            may_lobby="y",
            contact_email="ana@example.org",
            contact_name="Ana",
        ),
    )
    assert made.status_code == 303
    page = made.location.partition("?")[0]
    assert "ana@example.org" in admin.get(page).text
    assert admin.post(f"{page}/state", data=data(admin, state="active")).status_code == 422
    form = admin.get(f"{page}/edit").text
    version = re.search(r'name="version" value="(\d+)"', form).group(1)
    fields = {"name": "Harbor House", "tier": "steering", "name_use": "always", "logo_use": "never", "tax_status": "c3"}
    fields |= {"mou_version": "2", "mou_signed_on": "2027-01-15", "version": version}
    assert admin.post(f"{page}/edit", data=data(admin, **fields)).status_code == 303
    assert admin.post(f"{page}/edit", data=data(admin, **fields)).status_code == 409
    assert admin.post(f"{page}/state", data=data(admin, state="active")).status_code == 303
    with uow.reading():
        row = db.session.execute(select(Membership)).scalar_one()
        assert (row.state, row.tier, row.joined_at is not None) == ("active", "steering", True)
        actions = db.session.execute(select(AuditEvent.action).where(AuditEvent.object_kind == "membership")).scalars()
        assert list(actions) == ["organization.added", "organization.changed", "organization.active"]


@pytest.mark.parametrize("known", [{"contact_email": "ana@example.org"}, {"contact_name": "Ana Lima"}])
def test_half_known_contact_is_shown_and_kept_when_something_else_is_changed(app, client, known):
    coalition_id = make_coalition()
    membership = make_organization(coalition_id, "Harbor House", **known)
    sign_in(client, make_member(coalition_id, "admin"))
    page = f"/desk/coalition/organizations/{membership.public_id}"
    [(name, value)] = known.items()
    assert value in client.get(page).text
    form = forms_of(client.get(f"{page}/edit").text, f"{page}/edit")[-1]
    assert form.filled()[name] == value
    given = {one.name: one.value for one in form.fields if one.kind not in {"radio", "checkbox"} or one.is_on}
    assert client.post(form.action, data={**given, "website": "https://example.org"}).status_code == 303
    assert value in client.get(page).text


def test_organizer_reads_organizations_without_their_contacts_and_changes_nothing(app, client):
    coalition_id = make_coalition()
    membership = make_organization(coalition_id, contact_email="ana@example.org", contact_name="Ana")
    organizer = sign_in(client, make_member(coalition_id, "organizer"))
    page = f"/desk/coalition/organizations/{membership.public_id}"
    assert "ana@example.org" not in organizer.get(page).text
    for path in (f"{page}/edit", "/desk/coalition/organizations/new", "/desk/coalition/requests"):
        assert organizer.get(path).status_code == 403
    assert organizer.post(f"{page}/state", data=data(organizer, state="left")).status_code == 403


def test_z01_an_organization_of_another_coalition_is_not_found(app, client):
    elsewhere = make_organization(make_coalition(), name="Canary Cove")
    admin = sign_in(client, make_member(make_coalition(), "admin"))
    page = f"/desk/coalition/organizations/{elsewhere.public_id}"
    assert admin.get(page).status_code == 404
    assert admin.get(f"{page}/edit").status_code == 404
    for path, fields in ((f"{page}/state", {"state": "left"}), (f"{page}/people", {"email": "a@example.org"})):
        assert admin.post(path, data=data(admin, **fields)).status_code == 404
    assert "Canary Cove" not in admin.get("/desk/coalition/organizations").text


def test_z04_fields_that_are_not_on_the_form_change_nothing(app, client):
    coalition_id, other = make_coalition(), make_coalition()
    admin = sign_in(client, make_member(coalition_id, "admin"))
    extra = {"coalition_id": other, "state": "active", "public_id": "A" * 22, "id": 99, "joined_at": "2020-01-01"}
    fields = {
        "name": "Harbor House",
        "tier": "observer",
        "name_use": "never",
        "logo_use": "never",
        "tax_status": "other",
    }
    assert admin.post("/desk/coalition/organizations", data=data(admin, **fields, **extra)).status_code == 303
    with uow.reading():
        row = db.session.execute(select(Membership)).scalar_one()
        assert (row.coalition_id, row.state, row.joined_at) == (coalition_id, "pending", None)
        assert row.public_id != "A" * 22


@pytest.mark.both_databases
def test_somebody_is_invited_to_act_for_an_organization_and_accepts(app, client):
    coalition_id = make_coalition()
    membership = make_organization(coalition_id, "Harbor House", tier="partner")
    admin = sign_in(client, make_member(coalition_id, "admin"))
    page = f"/desk/coalition/organizations/{membership.public_id}"
    assert admin.post(f"{page}/people", data=data(admin, email="lee@example.org")).status_code == 303
    run_due(app)
    from advocacy.coalitions import linking
    from advocacy.coalitions.models import Invitation

    with uow.reading():
        url = linking.url(db.session.execute(select(Invitation)).scalar_one())
    visitor = app.test_client()
    path = "/" + url.split("/", 3)[3]
    assert "Acting for an organization" in visitor.get(path).text
    accepted = visitor.post(path, data={"name": "Lee Park", "password": "violet harbor stone lantern"})
    assert accepted.status_code == 303
    assert "Lee Park" in admin.get(page).text
    seat = only(MembershipPerson)
    with uow.reading():
        assert queries.roles_by_coalition(seat.user_id) == {coalition_id: frozenset({"partner"})}
    assert admin.post(f"{page}/people/{seat.id}/end", data=data(admin)).status_code == 303
    with uow.reading():
        assert queries.roles_by_coalition(seat.user_id) == {}


JOIN = {"organization": "Harbor House", "name": "Ana Lima", "email": "ana@example.org", "message": "We want to help."}


@pytest.mark.both_databases
def test_a_request_to_join_gets_the_same_answer_always_and_is_accepted_with_a_mail(app, client):
    coalition_id = make_coalition("valley-join")
    answers = [
        client.post("/coalitions/valley-join/join", data=fields)
        for fields in (JOIN, JOIN, JOIN | {"website": "x"}, JOIN | {"email": "other@example.org", "website": "y"})
    ]
    assert {(answer.status_code, answer.location) for answer in answers} == {
        (303, "/coalitions/valley-join/join/thanks")
    }
    assert all("Set-Cookie" not in answer.headers for answer in answers)
    row = only(JoinRequest)
    assert b"ana@example.org" not in row.contact_email
    admin = sign_in(app.test_client(), make_member(coalition_id, "admin"))
    assert "1 organization asks to join" in admin.get("/desk").text
    assert "We want to help." in admin.get("/desk/coalition/requests").text
    path = f"/desk/coalition/requests/{row.public_id}"
    assert admin.post(f"{path}/accept", data=data(admin, tier="member")).status_code == 303
    assert admin.post(f"{path}/accept", data=data(admin, tier="member")).status_code == 409
    assert admin.post(f"{path}/decline", data=data(admin)).status_code == 409
    run_due(app)
    with uow.reading():
        membership = db.session.execute(select(Membership)).scalar_one()
        assert (membership.state, organizations.contact_of(membership).email) == ("pending", "ana@example.org")


def test_a_declined_request_is_answered_and_forgotten_after_its_time(app, client, move_clock):
    from advocacy.coalitions.services import joining

    coalition_id = make_coalition("valley-no")
    client.post("/coalitions/valley-no/join", data=JOIN)
    admin = sign_in(app.test_client(), make_member(coalition_id, "admin"))
    row = only(JoinRequest)
    assert admin.post(f"/desk/coalition/requests/{row.public_id}/decline", data=data(admin)).status_code == 303
    run_due(app)
    with uow.unit():
        assert joining.purge(row.created_at, 10) == 0
    with uow.unit():
        assert joining.purge(clock.now(), 10) == 1


def test_a_request_to_a_coalition_that_is_not_there_is_not_found(app, client):
    assert client.post("/coalitions/nowhere/join", data=JOIN).status_code == 404
    assert client.get("/coalitions/nowhere").status_code == 404


def test_the_public_page_names_only_those_that_allow_it(app, client):
    coalition_id = make_coalition("valley-open")
    make_organization(coalition_id, "Shown House", name_use="always", website="https://shown.example.org")
    make_organization(coalition_id, "Asked House", name_use="ask_each")
    make_organization(coalition_id, "Hidden House", name_use="never")
    make_organization(coalition_id, "Waiting House", name_use="always", state="pending")
    page = client.get("/coalitions/valley-open").text
    assert "Shown House" in page
    assert "https://shown.example.org" in page
    assert not [name for name in ("Asked House", "Hidden House", "Waiting House") if name in page]
    assert "3 organizations belong" in page


def test_settings_are_kept_and_what_is_wrong_is_said_at_its_field(app, client):
    coalition_id = make_coalition("valley-rule")
    admin = sign_in(client, make_member(coalition_id, "admin"))
    fields = {
        "about": "We are neighbors.",
        "decision_rule": "two_thirds",
        "quorum_pct": "60",
        "spokesperson_policy": "Maya",
    }
    assert admin.post("/desk/coalition/settings", data=data(admin, **fields)).status_code == 303
    assert "We are neighbors." in app.test_client().get("/coalitions/valley-rule").text
    assert admin.post("/desk/coalition/settings", data=data(admin, **fields | {"quorum_pct": "0"})).status_code == 422
    organizer = sign_in(app.test_client(), make_member(coalition_id, "organizer"))
    assert organizer.get("/desk/coalition/settings").status_code == 403


def fill(coalition_id, number):
    now = clock.now()
    with uow.unit():
        base = db.session.execute(select(Organization.id)).all()
        start = len(base) + 1
        db.session.execute(
            insert(Organization),
            [
                {
                    "id": key,
                    "public_id": f"o{key:021d}",
                    "name": f"House {key}",
                    "name_key": key.to_bytes(32),
                    "created_at": now,
                }
                for key in range(start, start + number)
            ],
        )
        db.session.execute(
            insert(Membership),
            [
                {
                    "coalition_id": coalition_id,
                    "organization_id": key,
                    "public_id": f"m{key:021d}",
                    "name": f"House {key}",
                    "name_fold": f"house {key:06d}",
                    "tier": "member",
                    "state": "active",
                    "name_use": "always",
                    "mou_version": "1",
                    "mou_signed_on": date(2027, 1, 1),
                    "created_at": now,
                    "version": 1,
                }
                for key in range(start, start + number)
            ],
        )


@pytest.mark.both_databases
def test_ten_thousand_members_page_in_under_100_ms(app, client):
    coalition_id = make_coalition("valley-many")
    fill(coalition_id, 10_000)
    sign_in(client, make_member(coalition_id, "organizer"))
    after = organizations.membership(actor_in(coalition_id), "m" + f"{5000:021d}").id
    uow.rollback()
    for path in (
        "/desk/coalition/organizations",
        f"/desk/coalition/organizations?after={after}",
        "/desk/coalition/organizations?q=house+0099&state=active",
        "/coalitions/valley-many",
    ):
        client.get(path)
        took = []
        for _try in range(5):
            began = time.thread_time()
            assert client.get(path).status_code == 200
            took.append(time.thread_time() - began)
        assert min(took) < 0.1, f"{path}: {min(took) * 1000:.0f} ms"


def queries_of(client, path):
    client.get(path)
    with count_queries() as counted:
        assert client.get(path).status_code == 200
    return counted.count


def test_lists_ask_the_same_number_of_queries_for_1_and_30_rows(app, client):
    coalition_id = make_coalition()
    sign_in(client, make_member(coalition_id, "admin"))
    fill(coalition_id, 1)
    app.test_client().post(f"/coalitions/{slug_of(coalition_id)}/join", data=JOIN)
    paths = ["/desk/coalition/organizations", "/desk/coalition/requests"]
    one = [queries_of(client, path) for path in paths]
    fill(coalition_id, 29)
    for number in range(18):
        app.test_client().post(f"/coalitions/{slug_of(coalition_id)}/join", data=JOIN | {"organization": f"H {number}"})
    assert [queries_of(client, path) for path in paths] == one


def slug_of(coalition_id):
    with uow.reading():
        return db.session.get_one(Coalition, coalition_id).slug


def test_a_membership_of_another_coalition_is_not_found_by_services(app):
    membership = make_organization(make_coalition())
    with pytest.raises(NotFound), uow.unit():
        organizing.move_organization(system_actor(coalition_id=make_coalition()), membership.public_id, "left")


def test_the_public_page_holds_what_can_be_done_in_a_campaign_and_outside_one(app, client):
    coalition_id = make_coalition("valley-act")
    make_petition(coalition_id, title="Petition outside a campaign")
    make_petition(title="Petition of somebody else")
    page = client.get("/coalitions/valley-act").text
    assert "Petition outside a campaign" in page
    assert "Petition of somebody else" not in page
