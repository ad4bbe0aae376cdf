"""Those who organize are written to about what waits: once a day for each campaign, by day, without words of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from advocacy.campaigns.services import tracking as following
from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.tracking.services import settling, telling
from tests.factories.campaigns import campaign, make_campaign
from tests.factories.coalitions import make_member
from tests.factories.tracking import make_change, track, waiting
from tests.support import inbox
from tests.support.work import run_due

LEAD = "lead@example.org"
pytestmark = pytest.mark.settings(mail={"transport": "mailbox"})


@pytest.fixture
def at(move_clock):
    """Go to an hour of a day from now, by the coalition's clock."""
    zone = ZoneInfo("America/New_York")
    start = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)

    def go(day: int, hour: int) -> None:
        move_clock((start + timedelta(days=day, hours=hour) - datetime.now(UTC)).total_seconds())

    return go


@pytest.fixture
def bill(coalition_id):
    """A tracked bill of a campaign."""
    found, made = track(coalition_id), campaign(make_campaign(coalition_id))
    with uow.unit():
        actor = system_actor(coalition_id=coalition_id)
        following.link_bill(actor, made.public_id, found.public_id, is_linked=True)
    make_member(coalition_id, "organizer", email=LEAD)
    make_member(coalition_id, "volunteer")
    return found


def tell(app):
    with uow.unit():
        telling.tell()
    run_due(app)
    return inbox.mails(app, LEAD)


@pytest.mark.both_databases
def test_what_waits_is_told_once_a_day_by_day_and_neutrally(app, bill, at):
    at(0, 5)
    make_change(bill, "First reading")
    assert tell(app) == []
    at(0, 9)
    (mail,) = tell(app)
    assert mail.subject == "Something to look at in your campaign"
    assert "HF 105" in mail.text
    assert "/desk/changes" in mail.text
    assert "First reading" not in mail.subject
    assert len(tell(app)) == 1
    at(0, 15)
    make_change(bill, "Second reading")
    assert len(tell(app)) == 1, "at most one a day"
    at(1, 9)
    assert len(tell(app)) == 2, "what came later that day is told the next"
    at(2, 9)
    assert len(tell(app)) == 2, "and not again"


def test_nothing_is_told_of_what_was_decided_meanwhile(app, bill, at):
    at(0, 9)
    make_change(bill)
    (row,) = waiting(bill.coalition_id)
    with uow.unit():
        telling.tell()
    with uow.unit():
        actor = system_actor(coalition_id=bill.coalition_id)
        settling.dismiss_change(actor, row.public_id, version=row.version)
    run_due(app)
    assert inbox.mails(app, LEAD) == []


def test_is_anybody_to_tell_reads_only(app, bill):
    make_change(bill)
    with uow.reading():
        assert telling.is_anybody_to_tell()
