"""Deadlines and reminders: once each, moved with the date, kept through down-time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import exc, func, select

from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.messaging.models import Mail, MailboxMessage, MailState
from advocacy.reminders.models import Deadline, DeadlineState, Reminder, ReminderState
from advocacy.reminders.services import deadlines, firing
from tests.reminders.conftest import Room, set_deadline
from tests.support.reminding import say_now
from tests.support.work import run_due

type_move = Callable[[float], None]
DAY = 86400
pytestmark = pytest.mark.both_databases


def sweep() -> int:
    """What the ticker does each second."""
    with uow.reading():
        if not firing.is_step_due():
            return 0
    with uow.unit():
        return firing.hand_to_queue()


def work(app: Flask) -> None:
    sweep()
    run_due(app)


def said() -> list[tuple[str, int, str, str | None]]:
    """Reminders as (offset, person, state, reason)."""
    with uow.reading():
        rows = db.session.scalars(select(Reminder).order_by(Reminder.id)).all()
        return [(row.offset_code, row.recipient_id, str(row.state), row.reason) for row in rows]


def deadline() -> Deadline:
    with uow.reading():
        row = db.session.execute(select(Deadline)).scalar_one()
        db.session.expunge(row)
    return row


def mail_count() -> int:
    with uow.reading():
        return db.session.scalar(select(func.count()).select_from(MailboxMessage)) or 0


def due_in(**more: float) -> datetime:
    return clock.now() + timedelta(**more)


def test_r08_reminders_before_a_deadline_are_each_sent_once_and_it_is_closed_once(
    app: Flask, room: Room, move_clock: type_move
) -> None:
    set_deadline(due_in(days=10))
    for hours in range(24 * 10 + 3):
        move_clock(hours * 3600 + 60)
        work(app)
        sweep()
    assert [(code, person, state) for code, person, state, _ in said()] == [
        (code, person, "done") for code in ("7d", "1d", "2h") for person in (1, 2)
    ]
    assert mail_count() == 6
    assert room.done == [5]
    assert deadline().state == DeadlineState.MET


def test_set_deadline_when_moved_moves_the_reminders(app: Flask, room: Room, move_clock: type_move) -> None:
    begin = clock.now()
    set_deadline(begin + timedelta(days=8))
    move_clock(1.5 * DAY)
    work(app)
    assert mail_count() == 2
    set_deadline(begin + timedelta(days=20))
    assert (deadline().rev, deadline().state) == (2, DeadlineState.UPCOMING)
    move_clock(8 * DAY + 60)
    work(app)
    assert (mail_count(), room.done) == (2, [])
    move_clock(13.5 * DAY)
    work(app)
    assert mail_count() == 4
    move_clock(20 * DAY + 60)
    work(app)
    assert room.done == [5]
    assert [(code, person, state) for code, person, state, _ in said()][-2:] == [
        ("1d", 0, "skipped"),
        ("2h", 0, "skipped"),
    ]


def test_set_deadline_to_the_same_time_changes_nothing(app: Flask) -> None:
    due = due_in(days=8)
    assert set_deadline(due) == set_deadline(due)
    assert deadline().rev == 1


def test_i143_reminder_whose_mail_waits_is_superseded_when_the_date_moves(
    app: Flask, room: Room, move_clock: type_move
) -> None:
    begin = clock.now()
    set_deadline(begin + timedelta(days=8))
    move_clock(1.5 * DAY)
    sweep()
    say_now(deadline().id)
    set_deadline(begin + timedelta(days=9))
    assert {(state, reason) for _, _, state, reason in said()} == {("superseded", "moved")}
    run_due(app)
    assert mail_count() == 0
    with uow.reading():
        assert {tuple(row) for row in db.session.execute(select(Mail.state, Mail.last_reason))} == {
            (MailState.SUPPRESSED, "deadline_moved")
        }


def test_drop_deadline_ends_everything(app: Flask, room: Room, move_clock: type_move) -> None:
    set_deadline(due_in(days=8))
    with uow.unit():
        deadlines.drop_deadline("room.close", "thing", 5)
        deadlines.drop_deadline("room.close", "thing", 77)
    assert (deadline().state, deadline().next_at) == (DeadlineState.VOID, None)
    move_clock(9 * DAY)
    work(app)
    assert (mail_count(), room.done, said()) == (0, [], [])
    set_deadline(due_in(days=2))
    assert (deadline().state, deadline().rev) == (DeadlineState.UPCOMING, 2)


def test_recipients_at_the_time_of_the_reminder_are_asked(app: Flask, room: Room, move_clock: type_move) -> None:
    set_deadline(due_in(days=8))
    room.people = [2, 3, 3, 99]
    move_clock(1.5 * DAY)
    work(app)
    assert said() == [("7d", 2, "done", None), ("7d", 3, "done", None), ("7d", 99, "suppressed", "no_address")]


def test_i144_person_who_left_before_the_mail_was_sent_gets_none(app: Flask, room: Room, move_clock: type_move) -> None:
    set_deadline(due_in(days=8))
    move_clock(1.5 * DAY)
    say_now(deadline().id)
    room.people = [2]
    run_due(app)
    assert said() == [("7d", 1, "suppressed", "no_longer_asked"), ("7d", 2, "done", None)]


def test_reminder_without_reader_keeps_its_reason(app: Flask, room: Room, move_clock: type_move) -> None:
    set_deadline(due_in(days=8))
    room.people = []
    move_clock(1.5 * DAY)
    work(app)
    assert said() == [("7d", 0, "skipped", "nobody_to_remind")]


def test_i144_reminder_that_no_longer_matters_keeps_its_reason(app: Flask, room: Room, move_clock: type_move) -> None:
    set_deadline(due_in(days=8))
    room.matters = False
    move_clock(1.5 * DAY)
    work(app)
    assert said() == [("7d", 0, "suppressed", "no_longer_matters")]


def test_r09_after_down_time_only_the_newest_missed_reminder_is_said(
    app: Flask, room: Room, move_clock: type_move
) -> None:
    set_deadline(due_in(days=10))
    move_clock(10 * DAY - 3600)
    work(app)
    assert said() == [
        ("7d", 0, "skipped", "newer_one_said"),
        ("1d", 0, "skipped", "newer_one_said"),
        ("2h", 1, "done", None),
        ("2h", 2, "done", None),
    ]
    assert room.done == []


def test_r09_after_down_time_past_the_deadline_reminders_are_skipped_with_a_reason(
    app: Flask, room: Room, move_clock: type_move
) -> None:
    set_deadline(due_in(days=10))
    move_clock(11 * DAY)
    work(app)
    assert said() == [(code, 0, "skipped", "deadline_passed") for code in ("7d", "1d", "2h")]
    assert (mail_count(), room.done) == (0, [5])


def test_r09_sweep_when_many_are_due_hands_over_some_at_a_time(app: Flask, move_clock: type_move) -> None:
    for number in range(firing.SWEEP_LIMIT + 5):
        set_deadline(due_in(days=8), object_id=number)
    move_clock(1.5 * DAY)
    assert [sweep(), sweep(), sweep()] == [firing.SWEEP_LIMIT, 5, 0]


def test_r11_clock_steps_say_nothing_twice(app: Flask, room: Room, move_clock: type_move) -> None:
    set_deadline(due_in(days=8))
    for days in (1.5, 1.5 - 1 / 24, 1.5, 0.5, 1.5, 2.5, 1.5):
        move_clock(days * DAY)
        work(app)
    assert mail_count() == 2
    move_clock(8 * DAY + 60)
    work(app)
    move_clock(7 * DAY)
    work(app)
    assert room.done == [5]


def test_r08_two_sweeps_and_three_workers_at_once_send_each_reminder_once(
    app: Flask, room: Room, move_clock: type_move
) -> None:
    for number in range(10):
        set_deadline(due_in(days=8), object_id=number)
    with uow.reading():
        ids = list(db.session.scalars(select(Deadline.id)))
    move_clock(1.5 * DAY)
    gate, failures = threading.Barrier(5), list[BaseException]()

    def race(deed: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait()
            try:
                deed()
            except (exc.IntegrityError, exc.OperationalError) as error:  # the loser of a race may fail, never double
                failures.append(error)
            finally:
                db.session.remove()

    def fire_all() -> None:
        for found in ids:
            with uow.unit():
                firing.fire_deadline(found)

    threads = [threading.Thread(target=race, args=(deed,)) for deed in (sweep, sweep, fire_all, fire_all, fire_all)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    run_due(app)
    work(app)
    assert len(said()) == 20
    assert mail_count() == 20


def test_r08_step_that_fails_changes_nothing_and_holds_up_no_other(
    app: Flask, room: Room, move_clock: type_move
) -> None:
    set_deadline(due_in(days=1), object_id=1)
    room.breaks = True
    move_clock(1.1 * DAY)
    sweep()
    run_due(app, raises=False)
    assert (deadline().state, said()) == (DeadlineState.UPCOMING, [])
    room.breaks = False
    run_due(app, until=clock.now() + timedelta(hours=1))
    assert (deadline().state, room.done) == (DeadlineState.MET, [1])


def test_when_due_that_drops_its_own_deadline_leaves_it_met(app: Flask, room: Room, move_clock: type_move) -> None:
    room.when_due = lambda object_id: deadlines.drop_deadline("room.close", "thing", object_id)  # type: ignore[method-assign]
    from advocacy.web.manifest import House

    app.extensions["advocacy.house"] = House((*app.extensions["advocacy.house"].manifests[:-1], room.manifest()))
    set_deadline(due_in(hours=3))
    move_clock(4 * 3600)
    work(app)
    assert deadline().state == DeadlineState.MET


def test_i142_second_row_of_one_reminder_is_refused_by_the_database(app: Flask) -> None:
    set_deadline(due_in(days=8))
    now = clock.now()

    def row(fire_at: datetime) -> Reminder:
        return Reminder(
            deadline_id=deadline().id,
            deadline_rev=1,
            recipient_id=1,
            offset_code="7d",
            fire_at=fire_at,
            due_at=now,
            state=ReminderState.QUEUED,
            made_at=now,
        )

    db.session.add(row(now))
    uow.commit()
    db.session.add(row(now))
    with pytest.raises(exc.IntegrityError):
        db.session.flush()
    uow.rollback()
    late = row(now + timedelta(seconds=1))
    late.offset_code = "1d"
    db.session.add(late)
    with pytest.raises(exc.IntegrityError):  # I-145
        db.session.flush()
    uow.rollback()


def test_set_deadline_in_no_time_zone_is_refused(app: Flask) -> None:
    for name in ("Mars/Olympus", "", "../etc/passwd", "a" * 300):
        with pytest.raises(RuleBroken):
            set_deadline(due_in(days=8), tz=name)
        uow.rollback()


def test_purge_deadlines_deletes_what_is_long_past(app: Flask, move_clock: type_move) -> None:
    set_deadline(due_in(hours=1))
    move_clock(2 * 3600)
    work(app)
    with uow.unit():
        assert deadlines.purge_deadlines(clock.now() - timedelta(days=400), 10) == 0
        assert deadlines.purge_deadlines(clock.now(), 10) == 1
