"""A worker that was frozen past its lease and wakes up: what others finished meanwhile is not done again (R-36)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from advocacy.consent.models import Purpose
from advocacy.core import clock, uow
from tests.factories.coalitions import make_member
from tests.factories.mailings import begin_sending
from tests.factories.supporters import add_supporter
from tests.support.freezing import freeze, thaw
from tests.support.reminding import keep_awake
from tests.support.servers import Server
from tests.support.smtp_sink import SmtpSink
from tests.support.stage import DrillClock, Stage, mail_to, stage
from tests.support.waiting import wait
from tests.support.worker_program import marks

DAY_S = 86400.0
PAST_ALL_LEASES_S = 660.0
READERS = [f"reader{number}@example.org" for number in range(8)]
ORGANIZERS = [f"organizer{number}@example.org" for number in range(3)]
UNDONE = "SELECT COUNT(*) FROM mail WHERE state IN ('queued', 'claimed', 'failed')"


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as found:
        yield found


@pytest.fixture
def on_stage(database_url: str, drill_clock: DrillClock) -> Iterator[Stage]:
    """A petition that closes in eight days, its organizers, and readers who agreed to news."""
    with stage(database_url, drill_clock, closes_at=clock.now() + timedelta(days=8)) as found:
        with found.app.app_context():
            for email in ORGANIZERS:
                make_member(found.coalition_id, "organizer", email=email)
            with uow.unit():
                keep_awake()
                for email in READERS:
                    add_supporter(found.coalition_id, "Ana Lima", email, purpose=Purpose.CAMPAIGN_NEWS)
        yield found


def _frozen_with_reminders(on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock, folder: Path) -> None:
    hold, said = folder / "hold", "SELECT COUNT(*) FROM reminder WHERE state = 'done'"
    hold.touch()
    drill_clock.move(DAY_S + 60)
    held = {"TEST_HOLD": str(hold), "TEST_MARKS": str(folder / "marks")}
    with on_stage.server(command="worker", program="tests.support.held_worker", **held, **mail_to(sink)) as frozen:
        wait(lambda: marks(folder / "marks"), 30, "the worker holds the batch")
        freeze(frozen.pid, on_stage.url)
        drill_clock.move(PAST_ALL_LEASES_S)
        with _worker(on_stage, sink):
            wait(lambda: on_stage.value(said) == len(ORGANIZERS), 30, "another says them")
            hold.unlink()
            thaw(frozen.pid)
            wait(lambda: "job_lease_lost" in frozen.log, 30, "the frozen one learns that it lost them")
            wait(lambda: on_stage.value(UNDONE) == 0, 30, "no mail waits")
    assert Counter(mail.recipients[0] for mail in sink.messages) == dict.fromkeys(ORGANIZERS, 1)
    assert on_stage.rows("SELECT DISTINCT state, reason FROM reminder") == [("done", None)]


def _frozen_with_a_batch(on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock) -> None:
    with on_stage.app.app_context():
        begin_sending(on_stage.coalition_id)
    sink.mode(READERS[4], "slow", stage="rcpt", times=1)
    with _worker(on_stage, sink) as frozen:
        wait(lambda: sink.faults, 30, "the worker has the fifth mail in hand")
        freeze(frozen.pid, on_stage.url)
        sink.hang_up()  # no mail server waits for ever for somebody silent
        drill_clock.move(PAST_ALL_LEASES_S)
        with _worker(on_stage, sink):
            others = len(READERS) - 1
            wait(lambda: on_stage.value("SELECT sent_count FROM mail_lot") == others, 30, "another sends the others")
            thaw(frozen.pid)
            wait(lambda: "job_lease_lost" in frozen.log, 30, "the frozen one learns that it lost them")
            drill_clock.move(PAST_ALL_LEASES_S)
            wait(lambda: on_stage.value(UNDONE) == 0, 30, "every mail is sent")
    assert Counter(mail.recipients[0] for mail in sink.messages) == dict.fromkeys(READERS, 1)
    assert on_stage.rows("SELECT sent_count, dead_count, suppressed_count FROM mail_lot") == [(len(READERS), 0, 0)]


def _worker(on_stage: Stage, sink: SmtpSink) -> Server:
    return on_stage.server(command="worker", **mail_to(sink))


@pytest.mark.timeout(300)
def test_r36_worker_frozen_with_reminders_in_hand_says_none_again(
    on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock, tmp_path: Path
) -> None:
    _frozen_with_reminders(on_stage, sink, drill_clock, tmp_path)


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_r36_worker_frozen_with_reminders_in_hand_on_postgresql_says_none_again(
    on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock, tmp_path: Path
) -> None:
    _frozen_with_reminders(on_stage, sink, drill_clock, tmp_path)


@pytest.mark.timeout(300)
def test_r36_worker_frozen_with_mail_to_many_in_hand_sends_none_again(
    on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock
) -> None:
    _frozen_with_a_batch(on_stage, sink, drill_clock)


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_r36_worker_frozen_with_mail_to_many_in_hand_on_postgresql_sends_none_again(
    on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock
) -> None:
    _frozen_with_a_batch(on_stage, sink, drill_clock)
