"""The clock stepped, and hours of down-time, across due reminders: none twice, none lost without a word."""

from __future__ import annotations

import os
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from advocacy.core import clock, uow
from advocacy.reminders.services import firing
from tests.factories.coalitions import make_member
from tests.support.reminding import keep_awake
from tests.support.servers import Server
from tests.support.smtp_sink import SmtpSink
from tests.support.stage import DrillClock, Stage, mail_to, stage
from tests.support.waiting import wait

IS_LONG = bool(os.environ.get("ADVOCACY_TEST_LONG"))
HOUR_S, DAY_S = 3600.0, 86400.0
ORGANIZERS = 2
UNDONE = "SELECT COUNT(*) FROM mail WHERE state IN ('queued', 'claimed', 'failed')"


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as found:
        yield found


@pytest.fixture
def on_stage(database_url: str, drill_clock: DrillClock) -> Iterator[Stage]:
    """A petition without an end, its organizers, and a clock that this process goes by too."""
    clock.use_offset_file(drill_clock.file)
    with stage(database_url, drill_clock) as found:
        with found.app.app_context():
            clock.use_offset_file(drill_clock.file)  # making an app sets it
            for number in range(ORGANIZERS):
                make_member(found.coalition_id, "organizer", email=f"organizer{number}@example.org")
            with uow.unit():
                keep_awake()
        yield found
    clock.use_offset_file(None)


def _closes_in(on_stage: Stage, name: str, hours: float) -> int:
    return on_stage.new_petition(name, closes_at=clock.now() + timedelta(hours=hours))


def _worker(on_stage: Stage, sink: SmtpSink, **env: str) -> Server:
    return on_stage.server(command="worker", **mail_to(sink), **env)


def _said(on_stage: Stage) -> Counter[tuple[int, str, int]]:
    done = """
        SELECT d.object_id, r.offset_code, r.recipient_id FROM reminder r JOIN deadline d ON d.id = r.deadline_id
        WHERE r.state = 'done'
    """
    return Counter(on_stage.rows(done))


def _step(on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock, seed: int) -> None:
    chance = random.Random(seed)
    rounds = 6 if IS_LONG else 1
    due: set[int] = set()
    with _worker(on_stage, sink):
        for number in range(rounds):
            due.add(_closes_in(on_stage, f"first-{number}", 24.5))
            for move_s in (HOUR_S, -HOUR_S, HOUR_S):
                drill_clock.move(move_s)
                time.sleep(chance.uniform(0, 1.0))
            wait(lambda: _said(on_stage).total() == ORGANIZERS * len(due), 60, "said in spite of the steps")
            drill_clock.move(-DAY_S)
            due.add(_closes_in(on_stage, f"second-{number}", 24.5))
            time.sleep(chance.uniform(0, 1.0))
            drill_clock.move(HOUR_S)
            wait(lambda: _said(on_stage).total() == ORGANIZERS * len(due), 60, "said on the day that comes again")
            drill_clock.move(DAY_S)
            wait(lambda number=number: _state(on_stage, f"second-{number}") == "closed", 60, "the end is not lost")
        wait(lambda: on_stage.value(UNDONE) == 0, 60, "no mail waits")
    said = _said(on_stage)
    assert set(said.values()) == {1}
    assert {(petition, offset) for petition, offset, _person in said} >= {(petition, "1d") for petition in due}
    ids = Counter(mail.message_id for mail in sink.messages)
    assert set(ids.values()) == {1}
    assert len(ids) == said.total()
    noted = on_stage.rows("SELECT state, reason FROM reminder WHERE state NOT IN ('done', 'scheduled')")
    assert all(state == "skipped" and reason for state, reason in noted)


def _state(on_stage: Stage, slug: str) -> str:
    return str(on_stage.value("SELECT state FROM petition WHERE slug = :slug", slug=slug))


def _come_back(on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock) -> None:
    rest = [_closes_in(on_stage, f"tomorrow-{number}", 24.2 + 0.4 * number) for number in range(7)]
    useful = _closes_in(on_stage, "this-evening", 4.5)  # two hours before its end fall into the down-time
    too_late = _closes_in(on_stage, "soon", 2.5)  # so does its end
    with on_stage.app.app_context(), uow.unit():
        for (deadline_id,) in on_stage.rows("SELECT id FROM deadline"):  # a worker planned them before it went down
            firing.fire_deadline(deadline_id)
    drill_clock.move(3 * HOUR_S)
    with _worker(on_stage, sink, QUEUE__THREADS="1"):
        wait(lambda: _said(on_stage).total() == ORGANIZERS * 8, 60, "what is still useful is said")
        wait(lambda: _state(on_stage, "soon") == "closed", 60, "what ended meanwhile has ended")
        wait(lambda: on_stage.value(UNDONE) == 0, 60, "no mail waits")
    ends: dict[int, set[tuple[str, str, str | None]]] = {}
    told = """
        SELECT d.object_id, r.offset_code, r.state, r.reason FROM reminder r JOIN deadline d ON d.id = r.deadline_id
        WHERE r.state != 'scheduled'
    """
    for petition, offset, state, reason in on_stage.rows(told):
        ends.setdefault(petition, set()).add((offset, state, reason))
    assert ends == {petition: {("1d", "done", None)} for petition in rest} | {
        useful: {("2h", "done", None)},
        too_late: {("2h", "skipped", "deadline_passed")},
    }
    slugs = dict(on_stage.rows("SELECT public_id, slug FROM petition"))
    came = [slugs[re.findall(r"/desk/petitions/([\w-]+)", mail.text)[0]] for mail in sink.messages]
    names = [f"tomorrow-{number}" for number in range(7)]
    names.insert(6, "this-evening")  # due after 2.5 hours
    assert came == [name for name in names for _person in range(ORGANIZERS)]


@pytest.mark.timeout(600)
def test_r11_clock_stepped_to_and_fro_says_each_reminder_once(
    on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock, seed: int
) -> None:
    _step(on_stage, sink, drill_clock, seed)


@pytest.mark.timeout(300)
def test_r09_three_hours_of_down_time_end_in_what_is_useful_in_order_and_notes_of_the_rest(
    on_stage: Stage, sink: SmtpSink, drill_clock: DrillClock
) -> None:
    _come_back(on_stage, sink, drill_clock)
