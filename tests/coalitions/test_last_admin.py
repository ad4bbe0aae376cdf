"""I-025: the database itself keeps the last administrator of a coalition and of the platform."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from advocacy.accounts.models import PlatformRole, User
from advocacy.accounts.services import registering
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict
from tests.factories.accounts import make_user, user_email
from tests.factories.coalitions import make_coalition, make_member


def store(row):
    with uow.unit():
        db.session.add(row)
        db.session.flush()


def run(sql, **params):
    with uow.unit():
        db.session.execute(text(sql), params)


END = "UPDATE membership_role SET ended_at = granted_at WHERE user_id = :who AND role = 'admin'"
MOVES = [
    END,
    "DELETE FROM membership_role WHERE user_id = :who AND role = 'admin'",
    "UPDATE membership_role SET role = 'observer' WHERE user_id = :who AND role = 'admin'",
    "UPDATE user_account SET disabled_at = created_at WHERE id = :who",
]


@pytest.mark.both_databases
@pytest.mark.parametrize("sql", MOVES)
def test_i025_database_refuses_to_take_the_last_administrator_of_a_coalition_away(app, sql):
    coalition_id = make_coalition()
    first = make_member(coalition_id, "admin", "organizer")
    make_member(make_coalition(), "admin")
    with pytest.raises(IntegrityError, match="last administrator"):
        run(sql, who=first)
    run("UPDATE membership_role SET ended_at = granted_at WHERE user_id = :who AND role = 'organizer'", who=first)
    make_member(coalition_id, "admin")
    run(sql, who=first)


@pytest.mark.both_databases
def test_i025_closed_account_does_not_count_as_another_administrator(app):
    coalition_id = make_coalition()
    first, second = make_member(coalition_id, "admin"), make_member(coalition_id, "admin")
    run("UPDATE user_account SET disabled_at = created_at WHERE id = :who", who=second)
    with pytest.raises(IntegrityError, match="last administrator"):
        run(END, who=first)


PLATFORM = [
    "UPDATE platform_role SET ended_at = granted_at WHERE user_id = :who",
    "DELETE FROM platform_role WHERE user_id = :who",
    "UPDATE user_account SET disabled_at = created_at WHERE id = :who",
]


@pytest.mark.both_databases
@pytest.mark.parametrize("sql", PLATFORM)
def test_i025_database_refuses_to_take_the_last_administrator_of_the_platform_away(app, sql):
    first = make_user(platform_admin=True)
    with pytest.raises(IntegrityError, match="last administrator"):
        run(sql, who=first)
    make_user(platform_admin=True)
    run(sql, who=first)


@pytest.mark.both_databases
def test_i025_operator_is_told_why_the_last_administrator_is_not_closed(app):
    coalition_id = make_coalition(name="Hill Country Minds")
    first = make_member(coalition_id, "admin", email="first@example.org")
    with pytest.raises(Conflict, match="Hill Country Minds"), uow.unit():
        registering.disable_user(system_actor(), "first@example.org")
    make_member(coalition_id, "admin")
    with uow.unit():
        registering.disable_user(system_actor(), "first@example.org")
    platform = user_email(make_user(platform_admin=True))
    with pytest.raises(Conflict, match="platform"), uow.unit():
        registering.disable_user(system_actor(), platform)
    with uow.reading():
        assert db.session.get(User, first).disabled_at is not None


def at_once(app, works):
    """Run works at the same instant in threads; gives what each came to."""
    barrier, outcomes = threading.Barrier(len(works)), []

    def one(work):
        with app.app_context():
            barrier.wait()
            try:
                with uow.unit():
                    work()
                outcomes.append("done")
            except (DBAPIError, Conflict):
                outcomes.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.both_databases
def test_i025_two_administrators_ended_in_the_database_at_once_leave_one(app):
    coalition_id = make_coalition()
    both = [make_member(coalition_id, "admin") for _one in range(2)]
    works = [lambda who=who: db.session.execute(text(END), {"who": who}) for who in both]
    assert at_once(app, works) == ["done", "refused"]


@pytest.mark.both_databases
def test_i025_two_administrators_closed_at_once_leave_one(app):
    coalition_id = make_coalition()
    emails = [user_email(make_member(coalition_id, "admin")) for _one in range(2)]
    works = [lambda email=email: registering.disable_user(system_actor(), email) for email in emails]
    assert at_once(app, works) == ["done", "refused"]


@pytest.mark.both_databases
def test_i025_two_platform_administrators_ended_at_once_leave_one(app):
    both = [make_user(platform_admin=True) for _one in range(2)]
    works = [lambda who=who: db.session.execute(text(PLATFORM[0]), {"who": who}) for who in both]
    assert at_once(app, works) == ["done", "refused"]


@pytest.mark.both_databases
def test_i024_database_refuses_a_platform_role_granted_to_oneself(app):
    user_id = make_user()
    row = PlatformRole(user_id=user_id, role="admin", granted_by=user_id, granted_at=clock.now())
    with pytest.raises(IntegrityError):
        store(row)
    with uow.reading():
        assert db.session.execute(select(PlatformRole)).first() is None
