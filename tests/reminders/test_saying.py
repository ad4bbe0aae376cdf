"""What a person chose, asked again when it is said: pauses, digests, another time; and who may go on with a claim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.messaging import preferences
from advocacy.messaging.models import Mail, MailState
from advocacy.messaging.preference_models import Digest, PersonKind
from advocacy.reminders.models import Reminder, ReminderState
from advocacy.reminders.services import claiming, firing, saying, snoozing
from advocacy.web.manifest import House
from tests.reminders.conftest import Room, set_deadline
from tests.reminders.test_services import DAY, deadline, mail_count, said, sweep, work
from tests.support.reminding import AWAKE, say_now
from tests.support.work import run_due

type_move = Callable[[float], None]
pytestmark = pytest.mark.both_databases


def planned(days: float = 8.0) -> int:
    """A deadline whose first reminder is planned and not yet due; gives its id."""
    found = set_deadline(clock.now() + timedelta(days=days))
    with uow.unit():
        firing.fire_deadline(found)
    return found


def rows() -> list[Reminder]:
    with uow.reading():
        found = list(db.session.scalars(select(Reminder).order_by(Reminder.id)))
        db.session.expunge_all()
    return found


def test_i143_planned_and_claimed_reminders_end_with_the_date(app: Flask, room: Room, move_clock: type_move) -> None:
    found = planned()
    assert {(code, state) for code, _, state, _ in said()} == {("7d", "scheduled")}
    set_deadline(clock.now() + timedelta(days=8, hours=1))
    with uow.unit():
        firing.fire_deadline(found)
    move_clock(1.5 * DAY)
    with uow.unit():
        assert claiming.claim_due(clock.now()) == 2
    set_deadline(clock.now() + timedelta(days=20))
    assert {(state, reason) for _, _, state, reason in said()} == {("superseded", "moved")}
    run_due(app)
    assert mail_count() == 0


def test_i144_paused_person_is_not_reminded_but_of_what_they_owe(app: Flask, room: Room, move_clock: type_move) -> None:
    with uow.unit():
        preferences.pause(system_actor(), PersonKind.ACCOUNT, 1, 2)
    set_deadline(clock.now() + timedelta(days=8))
    move_clock(1.5 * DAY)
    work(app)
    assert said() == [("7d", 1, "suppressed", "paused"), ("7d", 2, "done", None)]
    made = app.extensions["advocacy.house"]
    kind = replace(made.reminder_kinds["room.close"], is_owed=True)
    own = replace(room.manifest(), reminder_kinds=[kind])
    app.extensions["advocacy.house"] = House((*made.manifests[:-1], own))
    set_deadline(clock.now() + timedelta(hours=25), object_id=6)
    move_clock(1.5 * DAY + 2 * 3600)
    work(app)
    assert [row for row in said() if row[0] == "1d"] == [("1d", 1, "done", None), ("1d", 2, "done", None)]


def test_late_reminder_in_quiet_hours_waits_for_their_end(app: Flask, room: Room, move_clock: type_move) -> None:
    set_deadline(clock.now() + timedelta(days=8))
    move_clock(1.5 * DAY)
    now = clock.now()
    quiet = replace(AWAKE, quiet_from=(now - timedelta(hours=1)).time(), quiet_to=(now + timedelta(hours=2)).time())
    with uow.unit():
        for person in (1, 2):
            preferences.choose(system_actor(), PersonKind.ACCOUNT, person, quiet)
    with uow.unit():  # planned before they chose their quiet hours
        firing.fire_deadline(deadline().id)
        db.session.execute(update(Reminder).values(fire_at=now))
    work(app)
    assert (mail_count(), {state for _, _, state, _ in said()}) == (0, {"scheduled"})
    move_clock(1.5 * DAY + 2 * 3600 + 60)
    work(app)
    assert (mail_count(), {state for _, _, state, _ in said()}) == (2, {"done"})


def test_digest_puts_reminders_into_one_mail_without_what_lost_its_point(
    app: Flask, room: Room, move_clock: type_move
) -> None:
    room.people = [1]
    now = clock.now()
    with uow.unit():
        at = (now + timedelta(hours=1)).time()
        preferences.choose(system_actor(), PersonKind.ACCOUNT, 1, replace(AWAKE, digest=Digest.DAILY, digest_at=at))
    for number in range(3):
        set_deadline(now + timedelta(days=7, hours=2 + number), object_id=number)
    work(app)
    assert {(code, state) for code, _, state, _ in said()} == {("7d", "scheduled")}
    move_clock(3700)
    sweep()
    for claim in {row.claim for row in rows() if row.claim}:
        with uow.unit():
            saying.say_batch(claim)
    with uow.unit():
        saying.say_digest(1)
    assert {row.state for row in rows()} == {ReminderState.QUEUED}
    set_deadline(now + timedelta(days=30), object_id=1)
    run_due(app)
    assert mail_count() == 1
    assert sorted(str(row.state) for row in rows() if row.deadline_rev == 1) == ["done", "done", "superseded"]


def test_i144_reader_puts_a_reminder_off_once_and_only_their_own(app: Flask, room: Room, move_clock: type_move) -> None:
    planned()
    mine = next(row for row in rows() if row.recipient_id == 1)
    for _ in range(2):
        with uow.unit():
            snoozing.remind_later(system_actor(), 1, mine.id, "3d")
    with pytest.raises(NotFound), uow.unit():
        snoozing.remind_later(system_actor(), 2, mine.id, "3d")
    for choice in ("", "400d"):
        with pytest.raises(RuleBroken), uow.unit():
            snoozing.remind_later(system_actor(), 1, mine.id, choice)
    move_clock(3.1 * DAY)
    work(app)
    assert said() == [
        ("7d", 1, "suppressed", "snoozed"),
        ("7d", 2, "done", None),
        (f"again:{mine.id}", 1, "done", None),
    ]
    assert mail_count() == 2


def test_r36_whoever_lost_a_claim_cannot_go_on_with_it(app: Flask, room: Room, move_clock: type_move) -> None:
    planned()
    move_clock(1.5 * DAY)
    with uow.unit():
        claiming.claim_due(clock.now())
    lost = rows()[0].claim
    move_clock(1.5 * DAY + 700)
    sweep()
    taken = rows()[0].claim
    assert taken != lost
    with uow.unit():
        saying.say_batch(lost or 0)
    assert {row.state for row in rows()} == {ReminderState.CLAIMED}
    with uow.unit():
        saying.say_batch(taken or 0)
        saying.say_batch(lost or 0)
    run_due(app)
    assert mail_count() == 2


def test_r11_claim_of_a_clock_that_was_set_back_is_taken_again(app: Flask, room: Room, move_clock: type_move) -> None:
    planned()
    move_clock(2.5 * DAY)
    with uow.unit():
        claiming.claim_due(clock.now())
    first = {row.claim for row in rows()}
    move_clock(1.5 * DAY)
    sweep()
    assert first.isdisjoint({row.claim for row in rows()})
    run_due(app)
    assert mail_count() == 2


def test_r14_one_deadline_that_fails_holds_up_no_other(app: Flask, room: Room, move_clock: type_move) -> None:
    for number in (1, 2, 3):
        set_deadline(clock.now() + timedelta(days=8), object_id=number)
    asked = room.manifest()

    def matters(object_id: int, rev: int) -> bool:
        if object_id == 2 and breaks:
            raise ZeroDivisionError
        return True

    breaks = False
    kind = replace(asked.reminder_kinds[0], still_matters=matters)
    made = app.extensions["advocacy.house"]
    app.extensions["advocacy.house"] = House((*made.manifests[:-1], replace(asked, reminder_kinds=[kind])))
    work(app)
    breaks = True
    move_clock(1.1 * DAY)
    sweep()
    run_due(app, raises=False)
    assert mail_count() == 4
    breaks = False
    run_due(app, until=clock.now() + timedelta(hours=1))
    assert mail_count() == 6


def test_r09_no_more_are_taken_than_are_worked_off(
    app: Flask, room: Room, move_clock: type_move, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "IN_HAND", 2)
    planned()
    set_deadline(clock.now() + timedelta(days=8), object_id=6)
    work(app)
    move_clock(1.1 * DAY)
    with uow.unit():
        assert claiming.claim_due(clock.now(), 2) == 2
    sweep()
    assert sorted(str(row.state) for row in rows()) == ["claimed", "claimed", "scheduled", "scheduled"]
    run_due(app)
    work(app)
    assert mail_count() == 4


def test_mail_of_a_reminder_waits_for_nobody_who_paused_meanwhile(
    app: Flask, room: Room, move_clock: type_move
) -> None:
    found = planned()
    move_clock(1.5 * DAY)
    say_now(found)
    with uow.unit():
        preferences.pause(system_actor(), PersonKind.ACCOUNT, 1, 2)
    run_due(app)
    assert said() == [("7d", 1, "suppressed", "paused"), ("7d", 2, "done", None)]
    with uow.reading():
        assert sorted(db.session.scalars(select(Mail.state))) == [MailState.SENT, MailState.SUPPRESSED]
