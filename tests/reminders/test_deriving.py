"""Deadlines that are counted from an event, and what becomes of them when a place changes its clocks (R-10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo, reset_tzpath

import pytest
import tzdata
from flask import Flask
from sqlalchemy import select

from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.reminders import rules
from advocacy.reminders.models import Deadline, Reminder
from advocacy.reminders.services import deadlines, deriving
from advocacy.reminders.services.deriving import Due, Event
from tests.reminders.conftest import TZ, Room, utc
from tests.support.work import run_due

NOON = utc("2027-03-15T16:00")  # 12:00 in New York, the day after the clocks change
CHECKED = utc("2027-01-02T15:00")


def hearing(at: datetime = NOON, tz: str = TZ) -> Event:
    return Event(None, "hearing", 7, at, tz)


def derive(event: Event, rule: rules.type_rule, **more: object) -> int:
    with uow.unit():
        return deriving.set_deadlines(event, [Due("room.close", rule, **more)])["room.close"]  # type: ignore[arg-type]


def stored(deadline_id: int) -> Deadline:
    with uow.reading():
        row = db.session.get_one(Deadline, deadline_id)
        db.session.expunge(row)
    return row


@pytest.fixture
def other_clocks(tmp_path: Path) -> Iterator[Path]:
    """Zone data of a world that goes on: what a test puts there holds instead of the pinned one."""
    yield tmp_path
    reset_tzpath(to=())
    ZoneInfo.clear_cache()


def change_clocks(folder: Path, monkeypatch: pytest.MonkeyPatch, *, zone: str, like: str) -> None:
    """From now on a zone has the clocks of another, by newer zone data."""
    target = folder / zone
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(files("tzdata.zoneinfo").joinpath(*like.split("/")).read_bytes())
    reset_tzpath(to=[str(folder)])
    ZoneInfo.clear_cache()
    monkeypatch.setattr(tzdata, "IANA_VERSION", "2099z")


@pytest.mark.both_databases
def test_set_deadlines_when_counted_from_an_event_keeps_rule_source_and_local_time(app: Flask) -> None:
    del app
    rule = rules.Business(1, "16:00", "US-NY")
    row = stored(derive(hearing(), rule, source="https://example.org/rules", verified_at=CHECKED))
    assert row.due_at == utc("2027-03-12T21:00")
    assert (row.due_local, row.event_local, row.tz) == ("2027-03-12 16:00:00", "2027-03-15 12:00:00", TZ)
    assert rules.of_data(row.rule or {}) == rule
    assert (row.source, row.verified_at, row.event_at) == ("https://example.org/rules", CHECKED, NOON)
    assert row.zone_data == tzdata.IANA_VERSION


def test_set_deadlines_when_due_behind_the_event_is_due_behind_it(app: Flask) -> None:
    del app
    assert stored(derive(hearing(), rules.Elapsed(-48))).due_at == NOON + timedelta(hours=48)


def test_set_deadlines_when_the_event_moves_begins_a_revision_and_the_same_again_does_not(app: Flask) -> None:
    del app
    rule = rules.Wall(1, "16:00")
    first = derive(hearing(), rule)
    assert derive(hearing(), rule, source="read again", verified_at=CHECKED) == first
    assert (stored(first).rev, stored(first).source) == (1, "read again")
    assert derive(hearing(NOON + timedelta(days=1)), rule) == first
    assert (stored(first).rev, stored(first).due_local) == (2, "2027-03-15 16:00:00")


@pytest.mark.parametrize(
    ("rule", "at"),
    [(rules.Fixed(datetime(9999, 12, 31), TZ), NOON), (rules.Elapsed(9000), datetime(1, 1, 2, tzinfo=UTC))],
)
def test_set_deadlines_when_the_rule_leads_out_of_the_calendar_is_refused(
    app: Flask, rule: rules.type_rule, at: datetime
) -> None:
    del app
    with pytest.raises(RuleBroken):
        derive(hearing(at), rule)


@pytest.mark.both_databases
def test_r10_new_zone_data_moves_future_deadlines_to_the_wall_time_that_was_meant(
    app: Flask, room: Room, other_clocks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now().replace(hour=17, minute=0, second=0, microsecond=0) + timedelta(days=20)
    with uow.unit():
        moved = deadlines.set_deadline(
            kind="room.close", coalition_id=None, object_kind="thing", object_id=1, due_at=start, tz=TZ
        )
        elsewhere = deadlines.set_deadline(
            kind="room.close", coalition_id=None, object_kind="thing", object_id=2, due_at=start, tz="Asia/Kolkata"
        )
        counted = deriving.set_deadlines(hearing(start), [Due("room.close", rules.Elapsed(2))])["room.close"]
    before = stored(moved), stored(elsewhere), stored(counted)
    with uow.reading():
        assert not deriving.is_outdated()

    change_clocks(other_clocks, monkeypatch, zone=TZ, like="America/Denver")
    later = timedelta(hours=2)  # the same wall time in the zone whose clocks are two hours behind
    with uow.reading():
        assert deriving.is_outdated()
    with uow.unit():
        assert deriving.derive_again() == 3

    after = stored(moved), stored(elsewhere), stored(counted)
    assert [row.due_at for row in after] == [before[0].due_at + later, start, before[2].due_at + later]
    assert [row.due_local for row in after] == [row.due_local for row in before]
    assert (after[2].event_at, after[2].event_local) == (start + later, before[2].event_local)
    assert [row.rev for row in after] == [2, 1, 2]
    assert [row.zone_data for row in after] == ["2099z"] * 3
    assert room.moved == [(1, start + later), (7, before[2].due_at + later)]
    with uow.reading():
        assert not deriving.is_outdated()
    with uow.unit():
        assert deriving.derive_again() == 0


def test_r10_new_zone_data_that_changes_nothing_keeps_the_second_of_two_equal_wall_times(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = utc("2027-11-07T06:30")  # 01:30 in New York for the second time
    with uow.unit():
        kept = deadlines.set_deadline(
            kind="room.close", coalition_id=None, object_kind="thing", object_id=1, due_at=second, tz=TZ
        )
    monkeypatch.setattr(tzdata, "IANA_VERSION", "2099z")
    run_due(app)
    with uow.unit():
        assert deriving.derive_again() == 1
    assert (stored(kept).due_at, stored(kept).rev) == (second, 1)


def test_r10_zone_data_that_moves_a_deadline_supersedes_what_was_to_be_said(
    app: Flask, other_clocks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del app
    start = clock.now() + timedelta(days=20)
    with uow.unit():
        kept = deadlines.set_deadline(
            kind="room.close", coalition_id=None, object_kind="thing", object_id=1, due_at=start, tz=TZ
        )
        db.session.add(
            Reminder(
                deadline_id=kept,
                deadline_rev=1,
                recipient_id=1,
                offset_code="7d",
                fire_at=start - timedelta(days=7),
                due_at=start,
                state="queued",
                made_at=clock.now(),
            )
        )
    change_clocks(other_clocks, monkeypatch, zone=TZ, like="America/Denver")
    with uow.unit():
        deriving.derive_again()
    with uow.reading():
        assert db.session.execute(select(Reminder.state, Reminder.reason)).one() == ("superseded", "moved")
