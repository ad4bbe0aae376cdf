"""A petition's closing, a task's day and a coalition's own deadline, each moved twice, with a worker and a mail server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from advocacy.core import clock
from tests.support import moved_dates
from tests.support.smtp_sink import SmtpSink
from tests.support.stage import DrillClock, mail_to, stage
from tests.support.waiting import wait

OPEN_WORK = """
    SELECT (SELECT COUNT(*) FROM job WHERE state <> 'dead' AND run_at <= :soon)
         + (SELECT COUNT(*) FROM deadline WHERE next_at <= :now)
         + (SELECT COUNT(*) FROM reminder WHERE state IN ('scheduled', 'claimed', 'queued') AND fire_at <= :now)
         + (SELECT COUNT(*) FROM mail WHERE state IN ('queued', 'claimed', 'failed'))"""


@pytest.fixture
def drill_clock(tmp_path: Path) -> Iterator[DrillClock]:
    yield DrillClock(tmp_path / "clock-offset")
    clock.use_offset_file(None)


def _text(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


@pytest.mark.long
@pytest.mark.timeout(900)
def test_i143_r08_dates_moved_twice_reach_the_mail_server_once_by_their_newest_revision(
    database_url: str, drill_clock: DrillClock
) -> None:
    with SmtpSink() as sink, stage(database_url, drill_clock) as found, found.app.app_context():
        clock.use_offset_file(drill_clock.file)  # an app that is made takes the clock of its settings
        dates = moved_dates.begin(found.coalition_id)
        with found.server(command="worker", **mail_to(sink)):
            for at, days in moved_dates.MOVES[1:]:
                drill_clock.move(at * moved_dates.DAY_S - drill_clock.offset_s)
                moved_dates.move(dates, days)
            for offset_s in moved_dates.to_the_end(dates):
                drill_clock.move(offset_s - drill_clock.offset_s)
                now = clock.now()
                times = {"now": _text(now), "soon": _text(now + timedelta(minutes=10))}  # the worker's clock runs on
                wait(lambda times=times: found.value(OPEN_WORK, **times) == 0, 60, "everything due is done")
        assert moved_dates.check(dates) == 15
        per_mail = Counter((mail.message_id, str(mail.header("To"))) for mail in sink.messages)
        assert set(per_mail.values()) == {1}
