"""Workers that are killed, doubled and moved in time: what a mail server sees of it."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from advocacy.core import clock
from tests.factories.coalitions import make_member
from tests.factories.petitions import sign
from tests.support.servers import Server
from tests.support.smtp_sink import SmtpSink
from tests.support.stage import DrillClock, Stage, mail_to, stage

pytestmark = [pytest.mark.both_databases, pytest.mark.xdist_group("workers")]
DAY = 86400
SENT = "SELECT COUNT(*) FROM mail WHERE state = 'sent'"
UNSENT = "SELECT COUNT(*) FROM mail WHERE state <> 'sent'"


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """A mail server."""
    with SmtpSink() as made:
        yield made


@pytest.fixture
def moved_stage(database_url: str, tmp_path: Path) -> Iterator[Stage]:
    """One open petition on a fresh database, whose processes go by a clock of their own."""
    with stage(database_url, DrillClock(tmp_path / "clock-offset")) as found:
        yield found


def worker(on: Stage, sink: SmtpSink) -> Server:
    """A worker that sends to the sink."""
    return on.server(command="worker", LOGS__LEVEL="info", **mail_to(sink))


def move(on: Stage, seconds: float) -> None:
    """Let it be later for the processes of the stage."""
    assert on.clock is not None
    on.clock.move(seconds)


def wait_for(is_so: Callable[[], bool], within_s: float = 90.0) -> None:
    end = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < end, "it did not become so in time"
        time.sleep(0.1)


def test_r03_kill9_of_the_worker_sends_every_mail_and_repeats_only_with_equal_message_id(
    moved_stage: Stage, sink: SmtpSink, seed: int
) -> None:
    chance, kills = random.Random(seed), 2
    emails = [f"signer{number}@example.org" for number in range(60)]
    sink.mode("signer7@example.org", "451 later", times=1)
    with moved_stage.app.app_context():
        client = moved_stage.app.test_client()
        for email in emails:
            assert sign(client, moved_stage.slug, email).status_code == 303
    with worker(moved_stage, sink) as one:
        for _kill in range(kills):
            sink.wait(min(len(sink.messages) + chance.randint(1, 12), 58), within_s=30)
            one.kill9()
            move(moved_stage, 120)  # the leases of the dead are over
            one.start()
        wait_for(lambda: moved_stage.value(UNSENT) == 0)
    by_address = Counter(item.recipients[0] for item in sink.messages)
    assert set(by_address) == set(emails)
    assert sum(by_address.values()) - len(emails) <= kills * 4, "each of four threads may have had a mail in hand"
    assert all(len({item.message_id for item in sink.to(email)}) == 1 for email in emails)


def test_r08_two_workers_with_restarts_send_each_reminder_once_and_close_once(
    moved_stage: Stage, sink: SmtpSink
) -> None:
    organizers = [f"organizer{number}@example.org" for number in range(3)]
    with moved_stage.app.app_context():
        for email in organizers:
            make_member(moved_stage.coalition_id, email=email)
    for number in range(4):
        moved_stage.new_petition(f"closing-{number}", clock.now() + timedelta(days=8))
    closed = "SELECT COUNT(*) FROM petition WHERE state = 'closed'"
    with worker(moved_stage, sink) as one, worker(moved_stage, sink) as two:
        for number, days in enumerate((1.1, 6.0, 0.85), start=1):
            move(moved_stage, days * DAY)
            wait_for(lambda: moved_stage.value(SENT) == 12 * number)  # noqa: B023 - asked at once
            each = (one, two)[number % 2]
            each.kill9()  # between two steps; kills within one are test_r03's
            each.start()
        move(moved_stage, 0.15 * DAY)
        wait_for(lambda: moved_stage.value(closed) == 4)
    assert Counter(item.recipients[0] for item in sink.messages) == dict.fromkeys(organizers, 12)
    assert len({item.message_id for item in sink.messages}) == 36
