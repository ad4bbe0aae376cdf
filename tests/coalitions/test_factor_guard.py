"""I-004: the database itself lets no role that looks after others work without a second factor."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from advocacy.accounts.services import enrolling, registering, sessions
from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from tests.factories.accounts import make_user, user_email
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.factors import enrol_totp

staff = pytest.mark.settings(security={"second_factor": "staff"})
pytestmark = [pytest.mark.both_databases, staff]
REFUSAL = "second factor"
SESSION = """INSERT INTO user_session (public_id, token_hash, user_id, agent, access, created_at, last_seen_at, fresh_at,
    expires_at) SELECT :public_id, token_hash, id, '', :access, created_at, created_at, created_at, created_at
    FROM (SELECT u.id, u.created_at, u.email_key AS token_hash FROM user_account u WHERE u.id = :who) AS found"""
ROLE = """INSERT INTO membership_role (coalition_id, user_id, role, granted_at)
    SELECT c.id, :who, :role, c.created_at FROM coalition c WHERE c.id = :coalition"""
PASSKEY = """INSERT INTO passkey (public_id, user_id, credential_id, public_key, sign_count, transports, is_backed_up,
    name_sealed, created_at) SELECT 'key', id, email_key, email_key, 0, '[]', :no, email_key, created_at
    FROM user_account WHERE id = :who"""


def run(sql: str, **params: object) -> None:
    with uow.unit():
        db.session.execute(text(sql), params)


def begin(user_id: int) -> str:
    with uow.unit():
        sessions.begin_session(user_id)
        return db.session.execute(
            text("SELECT access FROM user_session WHERE user_id = :who"), {"who": user_id}
        ).scalar()


@pytest.mark.parametrize("role", ["care_lead", "grievance_officer", "admin"])
def test_i004_no_full_session_comes_about_for_a_role_without_a_factor(app, role):
    who = make_member(make_coalition(), role)
    with pytest.raises(IntegrityError, match=REFUSAL):
        run(SESSION, who=who, public_id="raw", access="full")
    run(SESSION, who=who, public_id="raw", access="enrolling")
    with pytest.raises(IntegrityError, match=REFUSAL):
        run("UPDATE user_session SET access = 'full'")
    enrol_totp(who)
    run("UPDATE user_session SET access = 'full'")


@pytest.mark.parametrize("role", ["care_lead", "grievance_officer", "admin"])
def test_i004_no_role_joins_a_full_session_without_a_factor(app, role):
    coalition, who = make_coalition(), make_user()
    assert begin(who) == "full"
    with pytest.raises(IntegrityError, match=REFUSAL):
        run(ROLE, who=who, role=role, coalition=coalition)
    run(ROLE, who=who, role="volunteer", coalition=coalition)
    with pytest.raises(IntegrityError, match=REFUSAL):
        run("UPDATE membership_role SET role = :role WHERE user_id = :who", role=role, who=who)
    enrol_totp(who)
    run(ROLE, who=who, role=role, coalition=coalition)


def test_i004_no_platform_role_joins_a_full_session_without_a_factor(app):
    who = make_user()
    begin(who)
    with pytest.raises(IntegrityError, match=REFUSAL):
        run(
            "INSERT INTO platform_role (user_id, role, granted_at) SELECT id, 'admin', created_at FROM user_account"
            " WHERE id = :who",
            who=who,
        )
    with uow.unit():
        registering.make_platform_admin(system_actor(), who)  # ends the session first
    assert begin(who) == "enrolling"


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM totp_factor WHERE user_id = :who",
        "UPDATE totp_factor SET secret_sealed = NULL, confirmed_at = NULL WHERE user_id = :who",
    ],
)
def test_i004_the_last_factor_stays_while_its_session_is_full(app, sql):
    who = make_member(make_coalition(), "care_lead")
    enrol_totp(who)
    assert begin(who) == "full"
    with pytest.raises(IntegrityError, match=REFUSAL):
        run(sql, who=who)
    run(PASSKEY, who=who, no=False)
    run(sql, who=who)
    with pytest.raises(IntegrityError, match=REFUSAL):
        run("DELETE FROM passkey WHERE user_id = :who", who=who)
    run("DELETE FROM user_session")
    run("DELETE FROM passkey WHERE user_id = :who", who=who)


def test_i004_services_keep_the_order_that_the_database_wants(app):
    who = make_member(make_coalition(), "admin")
    assert begin(who) == "enrolling"
    enrol_totp(who)
    run("DELETE FROM user_session")
    assert begin(who) == "full"
    with uow.unit():
        enrolling.reset_factors(system_actor(), user_email(who))
    assert begin(who) == "enrolling"


def test_i004_other_roles_are_not_meant(app):
    who = make_member(make_coalition(), "volunteer", "observer")
    assert begin(who) == "full"
