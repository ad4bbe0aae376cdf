"""Reminders to close a quarter of a ledger: to the organization's own people, until it is closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.outreach import reminder_kinds, rules
from advocacy.outreach.models import LobbyingPeriod
from advocacy.outreach.services import recording
from advocacy.reminders.models import Deadline
from advocacy.reminders.services.firing import hand_to_queue
from tests.factories.accounts import sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.organizations import make_representative
from tests.factories.outreach import enter, make_keeper
from tests.factories.signons import make_organization
from tests.support.inbox import mails
from tests.support.reminding import keep_awake
from tests.support.work import run_due

SUBJECT = "A quarter of your lobbying records to close"


@pytest.fixture
def coalition(app):
    return make_coalition()


@pytest.fixture
def clinic(coalition):
    return make_organization(coalition, "Harbor Clinic")


def only(model):
    with uow.reading():
        row = db.session.execute(select(model)).scalar_one()
        db.session.expunge(row)
    return row


@pytest.mark.parametrize(
    ("year", "quarter", "day"),
    [(2027, 1, date(2027, 4, 20)), (2027, 3, date(2027, 10, 20)), (2027, 4, date(2028, 1, 20))],
)
def test_a_quarter_is_closed_by_the_twentieth_of_the_month_after_it(year, quarter, day):
    assert rules.close_by(year, quarter) == day


@pytest.mark.both_databases
def test_the_first_entry_of_a_quarter_sets_its_deadline_once_and_closing_drops_it(app, coalition, clinic):
    keeper = make_keeper(clinic)
    today = clock.now().date()
    for _ in range(2):
        enter(keeper, happened_on=today)
    found = only(Deadline)
    assert (found.kind, found.object_kind, found.state, found.rev) == (
        "lobbying_close",
        "lobbying_period",
        "upcoming",
        1,
    )
    assert found.due_local.startswith(f"{rules.close_by(*rules.quarter_of(today)).isoformat()} 09:00")
    period = only(LobbyingPeriod)
    for state in ("closing", "closed"):
        with uow.unit():
            recording.move_period(keeper, period.public_id, state)
    assert only(Deadline).state == "void"


def test_the_organizations_own_people_are_reminded_and_nobody_else(app, coalition, clinic, move_clock):
    keeper = make_keeper(clinic)
    colleague = make_representative(clinic, email="colleague@example.org")
    make_representative(make_organization(coalition, "Rival House"), email="rival@example.org")
    make_member(coalition, "admin", email="admin@example.org")
    enter(keeper, happened_on=clock.now().date())
    period = only(LobbyingPeriod)
    with uow.reading():
        assert set(reminder_kinds.CLOSE_PERIOD.recipients(period.id)) == {keeper.user_id, colleague}
    due = rules.close_by(period.year, period.quarter)
    move_clock(((due - timedelta(days=14)) - clock.now().date()).days * 86_400 + 86_400)
    with uow.unit():
        keep_awake()
        hand_to_queue()
    run_due(app)
    found = mails(app, "colleague@example.org")
    assert [mail.subject for mail in found] == [SUBJECT]
    assert "Harbor Clinic" in found[0].text
    assert f"/desk/lobbying?year={period.year}" in found[0].text
    assert mails(app, "rival@example.org") == []
    assert mails(app, "admin@example.org") == []


def test_a_closed_quarter_reminds_nobody_and_a_late_one_reminds_of_nothing(app, coalition, clinic, move_clock):
    keeper = make_keeper(clinic)
    enter(keeper, happened_on=clock.now().date())
    period = only(LobbyingPeriod)
    assert reminder_kinds.CLOSE_PERIOD.still_matters(period.id, 1)
    for state in ("closing", "closed"):
        with uow.unit():
            recording.move_period(keeper, period.public_id, state)
    with uow.reading():
        assert not reminder_kinds.CLOSE_PERIOD.still_matters(period.id, 1)
    move_clock(200 * 86_400)
    with uow.unit():
        keep_awake()
        hand_to_queue()
    run_due(app)
    with uow.reading():
        assert db.session.execute(select(Deadline.state)).scalars().all() == ["void"]


def test_the_ledger_says_by_when_to_close(app, client, coalition, clinic):
    keeper = make_keeper(clinic)
    enter(keeper, happened_on=clock.now().date())
    sign_in(client, keeper.user_id)
    assert "Close it by" in client.get("/desk/lobbying").text
