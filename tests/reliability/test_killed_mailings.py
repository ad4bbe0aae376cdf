"""The worker killed while mailings are queued, leave and climb: nothing twice in the rows, nothing lost (R-03, R-35)."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator

import pytest

from advocacy.consent.models import Purpose
from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.messaging import preferences
from advocacy.messaging.preference_models import PersonKind
from tests.factories.ladders import make_ladder
from tests.factories.mailings import begin_sending
from tests.factories.supporters import add_supporter
from tests.support.reminding import AWAKE
from tests.support.servers import Server
from tests.support.smtp_sink import SmtpSink
from tests.support.stage import DrillClock, Stage, mail_to, stage
from tests.support.waiting import wait

IS_LONG = bool(os.environ.get("ADVOCACY_TEST_LONG"))
PEOPLE = 240 if IS_LONG else 24
KILLS = 12 if IS_LONG else 1
"""Of each kind."""
SLICE = 5
PAST_ALL_LEASES_S = 330.0
DAYS_S = 2.2 * 86400
IN_HAND = 3
"""The most that a worker of the default settings hands over at the same time."""
UNDONE = "SELECT COUNT(*) FROM mail WHERE state IN ('queued', 'claimed', 'failed')"
SENT = "SELECT COUNT(*) FROM mail WHERE state = 'sent'"
MARKED = "SELECT MAX(position) FROM mail_lot"
EMAILS = [f"reader{number}@example.org" for number in range(PEOPLE)]


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as found:
        yield found


@pytest.fixture
def on_stage(database_url: str, drill_clock: DrillClock) -> Iterator[Stage]:
    """A coalition; its readers come with the test."""
    with stage(database_url, drill_clock) as found:
        yield found


def _add_readers(on_stage: Stage) -> None:
    with uow.unit():
        for email in EMAILS:
            person_id = add_supporter(on_stage.coalition_id, "Ana Lima", email, purpose=Purpose.CAMPAIGN_NEWS)
            preferences.choose(system_actor(), PersonKind.SUPPORTER, person_id, AWAKE)


def _worker(on_stage: Stage, sink: SmtpSink) -> Server:
    return on_stage.server(
        command="worker", program="tests.support.held_worker", TEST_SLICE=str(SLICE), **mail_to(sink)
    )


def _kill_once_it_goes_on(on_stage: Stage, sink: SmtpSink, clock: DrillClock, count: str, pause_s: float) -> None:
    """Kill a worker some moment after what ``count`` counts has become more."""
    before = on_stage.value(count)
    with _worker(on_stage, sink):
        wait(lambda: on_stage.value(count) != before, 60, f"more of: {count}")
        time.sleep(pause_s)
    clock.move(PAST_ALL_LEASES_S)


def _repeats(sink: SmtpSink, mails_each: int) -> int:
    """How many messages came twice; that nobody lacks one, and a repeat has the first one's Message-ID."""
    repeats = 0
    for email in EMAILS:
        ids = [mail.message_id for mail in sink.to(email)]
        assert len(set(ids)) == mails_each, f"{email}: {ids}"
        repeats += len(ids) - mails_each
    return repeats


def _kill_a_broadcast(on_stage: Stage, sink: SmtpSink, clock: DrillClock, seed: int) -> None:
    chance = random.Random(seed)
    with on_stage.app.app_context():
        _add_readers(on_stage)
        begin_sending(on_stage.coalition_id)
    parts = {"queued", "leaves"} if IS_LONG else {chance.choice(["queued", "leaves"])}
    for _kill in range(KILLS):
        if "queued" in parts and on_stage.value("SELECT queued_at FROM broadcast") is None:
            _kill_once_it_goes_on(on_stage, sink, clock, "SELECT queued_to FROM broadcast", chance.uniform(0, 0.05))
    for _kill in range(KILLS):
        for email in chance.sample(EMAILS, 2):
            sink.mode(email, "slow", stage="after_data", times=1)
        if "leaves" in parts and on_stage.value(SENT) < PEOPLE:
            _kill_once_it_goes_on(on_stage, sink, clock, MARKED, chance.uniform(0, 1.0))
    sink.behave()
    with _worker(on_stage, sink):
        wait(lambda: on_stage.value(SENT) >= PEOPLE - 2 * KILLS, 120, "all but what was in hand is sent")
        clock.move(60)
        wait(lambda: on_stage.value(SENT) == PEOPLE, 120, "every mail is sent")
    assert _repeats(sink, 1) <= 2 * KILLS  # a lot leaves one after the other
    assert on_stage.rows("SELECT COUNT(*), COUNT(DISTINCT contact_id) FROM mail") == [(PEOPLE, PEOPLE)]
    assert on_stage.rows("SELECT queued_count, sent_count, dead_count, suppressed_count FROM mail_lot") == [
        (PEOPLE, PEOPLE, 0, 0)
    ]


def _kill_a_ladder(on_stage: Stage, sink: SmtpSink, clock: DrillClock, seed: int) -> None:
    chance = random.Random(seed)
    with on_stage.app.app_context():
        make_ladder(on_stage.coalition_id)
        _add_readers(on_stage)
    taken, done = "SELECT COUNT(*) FROM step_run", "SELECT COUNT(*) FROM enrollment WHERE state = 'done'"
    rungs = (1, 3) if IS_LONG else (1,)
    for rung in rungs:
        for _kill in range(KILLS):
            if on_stage.value(taken) < rung * PEOPLE:
                _kill_once_it_goes_on(on_stage, sink, clock, taken, chance.uniform(0, 0.3))
        with _worker(on_stage, sink):
            wait(lambda: on_stage.value(taken) >= PEOPLE and on_stage.value(UNDONE) == 0, 90, "the first mails leave")
            clock.move(DAYS_S)
            if rung == rungs[-1]:
                wait(lambda: on_stage.value(done) == PEOPLE, 90, "everybody is through")
                wait(lambda: on_stage.value(UNDONE) == 0, 90, "the last mails leave")
    assert _repeats(sink, 2) <= 2 * KILLS * IN_HAND
    twice = "SELECT enrollment_id, step_id FROM step_run GROUP BY enrollment_id, step_id HAVING COUNT(*) > 1"
    assert on_stage.rows(twice) == []
    assert on_stage.value(taken) == 3 * PEOPLE
    assert on_stage.value("SELECT COUNT(*) FROM mail") == on_stage.value(SENT) == 2 * PEOPLE


@pytest.mark.timeout(900)
def test_r35_worker_killed_while_a_broadcast_is_queued_and_leaves_sends_each_once(
    on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock, seed: int
) -> None:
    _kill_a_broadcast(on_stage, sink, drill_clock, seed)


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.timeout(900)
def test_r35_worker_killed_while_a_broadcast_is_queued_and_leaves_on_postgresql_sends_each_once(
    on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock, seed: int
) -> None:
    _kill_a_broadcast(on_stage, sink, drill_clock, seed)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_r03_worker_killed_while_ladders_are_climbed_takes_each_step_once(
    on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock, seed: int
) -> None:
    _kill_a_ladder(on_stage, sink, drill_clock, seed)


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.timeout(900)
def test_r03_worker_killed_while_ladders_are_climbed_on_postgresql_takes_each_step_once(
    on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock, seed: int
) -> None:
    _kill_a_ladder(on_stage, sink, drill_clock, seed)
