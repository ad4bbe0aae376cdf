"""R-40: trouble raises one mail to the operators, at most once an hour, and one when all is well again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.messaging.models import Mail, MailState
from advocacy.messaging.services import sending
from advocacy.ops import regular_queries
from advocacy.ops.rules import AGAIN, OWN_MAILS, PURGE_NAME, QUIET, TROUBLE_MAIL, WATCH_NAME, WELL_MAIL, News, judge
from advocacy.ops.services import alarming, watching
from advocacy.queue import port
from advocacy.queue.models import JobRun, JobState, QueuedJob, SchedulerLease
from advocacy.web.manifest import HealthCheck
from tests.factories.accounts import make_user
from tests.support.inbox import mails
from tests.support.work import run_due

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
OPERATOR = "nia@example.org"


@pytest.fixture
def operator(app):
    """Somebody who runs the house, whose worker has just planned work."""
    make_user(OPERATOR, platform_admin=True)
    tick()


def tick() -> None:
    with uow.unit():
        db.session.execute(delete(SchedulerLease))
        now = clock.now()
        db.session.add(SchedulerLease(id=1, token=1, holder="test", until=now + timedelta(minutes=1), ticked_at=now))


def told() -> list[tuple[str, list[str]]]:
    """What the operators were written, after one more look."""
    with uow.reading():
        is_news = alarming.is_news()
    if is_news:
        with uow.unit():
            alarming.tell()
    with uow.reading():
        assert not alarming.is_news(), "a second look at once finds nothing to say"
        found = db.session.execute(select(Mail.kind, Mail.params).where(Mail.kind.in_(OWN_MAILS)).order_by(Mail.id))
        return [(kind, params["checks"]) for kind, params in found]


def job(name: str, **values) -> None:
    with uow.unit():
        now = clock.now()
        given = {"args": {}, "run_at": now, "created_at": now, "attempts": 8, "state": JobState.DEAD}
        db.session.add(QueuedJob(name=name, **given | values))


def no_jobs() -> None:
    with uow.unit():
        db.session.execute(delete(QueuedJob))


def mail(kind: str = "accounts.notice", **values) -> None:
    """A mail that somebody else caused."""
    with uow.unit():
        mail_id = sending.queue_mail(
            kind=kind, to="zoe@example.org", coalition_id=None, object_kind="x", object_id=1, params={"checks": []}
        )
        db.session.execute(update(Mail).where(Mail.id == mail_id).values(**values))
        db.session.execute(delete(QueuedJob))


def dead_mail(kind: str = "accounts.notice") -> None:
    now = clock.now()
    mail(kind, state=MailState.DEAD, ended_at=now, next_at=None)


def no_mail() -> None:
    with uow.unit():
        db.session.execute(update(Mail).where(Mail.kind.not_in(OWN_MAILS)).values(ended_at=clock.now() - AGAIN))


def old_queue() -> None:
    with uow.unit():
        port.enqueue(db.session(), "ops.purge", {"data": "limits"}, run_at=clock.now() - timedelta(minutes=5))


def silent_ticker() -> None:
    with uow.unit():
        db.session.execute(update(SchedulerLease).values(ticked_at=clock.now() - timedelta(minutes=1)))


def failing_purge() -> None:
    job(PURGE_NAME, args={"data": "limits"}, state=JobState.READY, attempts=3, dedupe_key=f"{PURGE_NAME}:limits")


def failing_work() -> None:
    with uow.unit():
        for _ in range(3):
            db.session.add(JobRun(name=PURGE_NAME, started_at=clock.now(), took_ms=1, outcome="failed", error="X"))
            db.session.flush()


def runs_well() -> None:
    with uow.unit():
        db.session.add(JobRun(name=PURGE_NAME, started_at=clock.now(), took_ms=1, outcome="done"))


@pytest.mark.parametrize(
    ("provoke", "names", "mend"),
    [
        (old_queue, "queue", no_jobs),
        (lambda: job("audit.seal"), "dead_jobs", no_jobs),
        (dead_mail, "dead_mails", no_mail),
        (silent_ticker, "regular_work worker", tick),
        (lambda: job(PURGE_NAME), "purges", no_jobs),
        (failing_purge, "purges", no_jobs),
        (failing_work, "regular_work", runs_well),
    ],
)
def test_r40_trouble_is_told_once_and_its_end_once(app, operator, provoke: Callable, names: str, mend: Callable):
    assert told() == []
    provoke()
    assert told() == [(TROUBLE_MAIL, names.split())]
    with uow.unit():
        db.session.execute(delete(QueuedJob).where(QueuedJob.name == sending.SEND_JOB))
    mend()
    assert told() == [(TROUBLE_MAIL, names.split()), (WELL_MAIL, [])]


def test_r40_drift_of_the_clock_is_told(app, operator, monkeypatch):
    real = clock.machine_now
    monkeypatch.setattr(clock, "machine_now", lambda: real() + timedelta(seconds=20))
    assert told() == [(TROUBLE_MAIL, ["clock"])]


def test_r40_trouble_of_another_room_is_told(app, operator):
    """As a backup that failed."""
    found = app.extensions["advocacy.house"]
    found.alarms = (HealthCheck("backup", lambda: (False, "three days old")),)
    assert told() == [(TROUBLE_MAIL, ["backup"])]


def test_r40_its_own_failing_is_never_told(app, operator, move_clock):
    job(WATCH_NAME)
    dead_mail(TROUBLE_MAIL)
    with uow.unit():
        for _ in range(3):
            db.session.add(JobRun(name=WATCH_NAME, started_at=clock.now(), took_ms=1, outcome="failed", error="X"))
            db.session.flush()
    mail(WELL_MAIL, attempts=1)
    move_clock(3000)
    tick()
    assert [kind for kind, _checks in told()] == [TROUBLE_MAIL, WELL_MAIL], "those that were there before"


@pytest.mark.both_databases
@pytest.mark.settings(mail={"transport": "mailbox"})
def test_r40_mail_reaches_every_operator_through_the_worker(app, operator):
    make_user("ola@example.org", platform_admin=True)
    job("audit.seal")
    with uow.unit():
        port.enqueue(db.session(), WATCH_NAME, {})
    run_due(app)
    for address in (OPERATOR, "ola@example.org"):
        (got,) = mails(app, address)
        assert got.subject == "Something needs your care"
        assert "* dead jobs" in got.text


@pytest.mark.settings(mail={"operator": "house@example.org"})
def test_r40_without_an_administrator_the_address_of_the_settings_is_told(app):
    tick()
    job("audit.seal")
    assert told() == [(TROUBLE_MAIL, ["dead_jobs"])]


HOUR_AGO, JUST_NOW = NOW - QUIET, NOW - timedelta(minutes=59)


@pytest.mark.parametrize(
    ("red", "known", "told_at", "news"),
    [
        ([], [], None, News(None, [])),
        (["b", "a"], [], None, News(TROUBLE_MAIL, ["a", "b"])),
        (["a", "b"], ["a"], JUST_NOW, News(None, ["a"])),
        (["a", "b"], ["a"], HOUR_AGO, News(TROUBLE_MAIL, ["a", "b"])),
        (["a"], ["a", "b"], HOUR_AGO, News(None, ["a"])),
        (["a"], ["a"], NOW - AGAIN, News(TROUBLE_MAIL, ["a"])),
        ([], ["a"], JUST_NOW, News(WELL_MAIL, [])),
        (["a"], [], JUST_NOW, News(None, [])),
        (["b"], ["a"], JUST_NOW, News(None, ["a"])),
        (["a"], ["a"], NOW + timedelta(days=2), News(TROUBLE_MAIL, ["a"])),
    ],
)
def test_r40_at_most_one_mail_an_hour(red, known, told_at, news):
    assert judge(red, known, told_at, NOW) == news


def test_watching_asks_each_check_once_also_where_no_worker_plans(app, monkeypatch):
    asked = []
    work = regular_queries.regular_work
    monkeypatch.setattr(regular_queries, "regular_work", lambda **given: asked.append(given) or work(**given))
    with uow.reading():
        watching.lines()
    assert asked == [{"without": WATCH_NAME}]
    with uow.reading():
        assert WATCH_NAME in {item.name for item in work()}
    assert len(asked) == 2, "the page of regular work asks once whether the watch is due"
