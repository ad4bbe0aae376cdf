"""The worker killed, doubled and away: each mail and each reminder still goes out, once."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from advocacy.core import clock, uow
from tests.factories import petitions
from tests.factories.coalitions import make_member
from tests.support.reminding import keep_awake
from tests.support.servers import Server
from tests.support.smtp_sink import SmtpSink
from tests.support.stage import DrillClock, Stage, mail_to, stage
from tests.support.waiting import wait

IS_LONG = bool(os.environ.get("ADVOCACY_TEST_LONG"))
LEASES_S = 60
"""Longer than the lease of a mail in hand."""
MAILS_IN_HAND = 3
"""The most that a worker of the default settings hands over at the same time."""
ORGANIZERS = 3
DAY_S = 86400.0


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as found:
        yield found


@pytest.fixture
def on_stage(database_url: str, drill_clock: DrillClock) -> Iterator[Stage]:
    """A petition that closes in eight days, three organizers, and a clock that can be moved."""
    with stage(database_url, drill_clock, closes_at=clock.now() + timedelta(days=8)) as found:
        with found.app.app_context():
            for number in range(ORGANIZERS):
                make_member(found.coalition_id, "organizer", email=f"organizer{number}@example.org")
            with uow.unit():
                keep_awake()
        yield found


def _worker(on_stage: Stage, sink: SmtpSink) -> Server:
    return on_stage.server(command="worker", **mail_to(sink))


@pytest.mark.timeout(900)
def test_r03_worker_killed_while_it_sends_sends_all_and_repeats_only_what_was_in_hand(
    on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock, seed: int
) -> None:
    _kill_while_sending(on_stage, sink, drill_clock, seed)


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.timeout(900)
def test_r03_worker_killed_on_postgresql_sends_all_and_repeats_only_what_was_in_hand(
    on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock, seed: int
) -> None:
    _kill_while_sending(on_stage, sink, drill_clock, seed)


def _kill_while_sending(on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock, seed: int) -> None:
    kills, mails = (15, 80) if IS_LONG else (2, 14)
    chance = random.Random(seed)
    emails = [f"signer{number}@example.org" for number in range(mails)]
    with on_stage.app.app_context():
        client = on_stage.app.test_client()
        for email in emails:
            assert petitions.sign(client, on_stage.slug, email).status_code == 303
    sink.mode(stage="after_data", answer="slow")
    sink.mode(emails[1], "451 4.3.0 later", times=1)
    in_hand = 0
    for _kill in range(kills):
        with _worker(on_stage, sink):
            before = len(sink.faults)
            wait(lambda before=before: len(sink.faults) > before, 60, "the worker hands over a mail")
            time.sleep(chance.uniform(0, 1.2))
        in_hand += on_stage.value("SELECT COUNT(*) FROM mail WHERE state = 'claimed'")
        drill_clock.move(LEASES_S)
    assert in_hand > 0, "no kill hit a mail in hand"  # control
    sink.behave()
    with _worker(on_stage, sink):
        sent = "SELECT COUNT(*) FROM mail WHERE state = 'sent'"
        wait(lambda: on_stage.value(sent) == mails, 120, "every mail is sent")
    ids = {email: [mail.message_id for mail in sink.to(email)] for email in emails}
    assert all(ids.values()), "a mail never left"
    assert all(len(set(found)) == 1 for found in ids.values()), "a repeat under another Message-ID"
    assert sum(len(found) - 1 for found in ids.values()) <= kills * MAILS_IN_HAND
    assert on_stage.value("SELECT COUNT(*) FROM job WHERE name = 'messaging.send_mail'") == 0


@pytest.mark.both_databases
@pytest.mark.timeout(900)
def test_r08_two_workers_one_of_them_killed_send_each_reminder_once(
    on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock, seed: int
) -> None:
    chance = random.Random(seed)
    steps = [("7d", DAY_S + 60), ("1d", 6 * DAY_S), ("2h", DAY_S - 7200)]
    killed_at = {step for step, _move in steps} if IS_LONG else {chance.choice(steps)[0]}
    first, second = _worker(on_stage, sink), _worker(on_stage, sink)
    with first, second:
        for number, (step, move_s) in enumerate(steps, 1):
            drill_clock.move(move_s)
            if step in killed_at:
                time.sleep(chance.uniform(0, 1.5))
                first.kill9()
                drill_clock.move(LEASES_S)
                first.start()
            wait(
                lambda number=number: len(_said(on_stage)) == ORGANIZERS * number,
                60,
                f"everybody is reminded {step} before, killed at {killed_at}",
            )
        drill_clock.move(7200)
        closed = "SELECT state FROM petition WHERE id = :id"
        wait(lambda: on_stage.value(closed, id=on_stage.petition_id) == "closed", 30, "the petition is closed")
        wait(lambda: on_stage.value("SELECT COUNT(*) FROM mail WHERE state IN ('queued', 'claimed')") == 0, 30, "rest")
    assert Counter(offset for _person, offset in _said(on_stage)) == {"7d": 3, "1d": 3, "2h": 3}
    for number in range(ORGANIZERS):
        ids = Counter(mail.message_id for mail in sink.to(f"organizer{number}@example.org"))
        assert len(ids) == len(steps)
        assert ids.total() - len(ids) <= len(killed_at)  # a mail in hand when the worker was killed
    deeds = "SELECT COUNT(*) FROM audit_event WHERE action = 'petition.closed'"
    assert on_stage.value(deeds) == 1


@pytest.mark.long
@pytest.mark.both_databases
@pytest.mark.timeout(900)
def test_r08_worker_restarted_all_the_time_for_ten_hours_reminds_each_once(
    on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock
) -> None:
    hours = 10
    for hour in range(hours):
        on_stage.new_petition(f"hour-{hour}", closes_at=clock.now() + timedelta(hours=24 + hour + 0.5))
    first, second, restless = (_worker(on_stage, sink) for _ in range(3))
    with first, second, restless:
        for hour in range(hours):
            drill_clock.move(3600)
            for _restart in range(2):
                restless.kill9()
                restless.start()
                time.sleep(1.0)
            drill_clock.move(LEASES_S)
            wait(lambda hour=hour: len(_said(on_stage)) == ORGANIZERS * (hour + 1), 90, f"hour {hour} is said")
    assert Counter(offset for _person, offset in _said(on_stage)) == {"1d": ORGANIZERS * hours}
    for number in range(ORGANIZERS):
        ids = Counter(mail.message_id for mail in sink.to(f"organizer{number}@example.org"))
        assert len(ids) == hours
        assert ids.total() - len(ids) <= 2 * hours  # in hand when a worker was killed: the same message again


def test_r09_after_down_time_the_newest_reminder_is_said_and_the_others_are_noted(
    on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock
) -> None:
    drill_clock.move(7.5 * DAY_S)  # 7d and 1d went by unseen
    with _worker(on_stage, sink):
        wait(lambda: len(_said(on_stage)) == ORGANIZERS, 60, "the newest reminder is said")
    noted = "SELECT offset_code, state, reason FROM reminder WHERE state NOT IN ('done', 'scheduled') ORDER BY id"
    assert on_stage.rows(noted) == [("7d", "skipped", "newer_one_said")]
    assert {offset for _person, offset in _said(on_stage)} == {"1d"}
    drill_clock.move(DAY_S)  # 2h and the end went by unseen
    with _worker(on_stage, sink):
        state = "SELECT state FROM petition WHERE id = :id"
        wait(lambda: on_stage.value(state, id=on_stage.petition_id) == "closed", 60, "the petition is closed")
    assert on_stage.rows(noted)[1:] == [("2h", "skipped", "deadline_passed")] * ORGANIZERS
    assert len(sink.messages) == ORGANIZERS


def _said(on_stage: Stage) -> list[tuple[int, str]]:
    return on_stage.rows("SELECT recipient_id, offset_code FROM reminder WHERE state = 'done'")
