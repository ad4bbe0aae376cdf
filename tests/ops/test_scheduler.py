"""The desk page about everything that happens by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from advocacy.audit.models import AuditEvent
from advocacy.core import clock, uow
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.jobs_spec import Periodic
from advocacy.ops import coming_queries
from advocacy.ops.regular_queries import Mark, regular_work
from advocacy.queue import port
from advocacy.queue.models import JobRun, JobState, QueuedJob, ScheduleMark, SchedulerLease
from advocacy.web.manifest import house
from advocacy.web.offers import Upcoming, UpcomingSource
from tests.factories.accounts import csrf_token, make_user, sign_in
from tests.factories.campaigns import make_campaign, make_task
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.ops.test_operations import dead_job
from tests.support.queries import count_queries

PURGE = "ops.purge"


@pytest.fixture
def admin(app, client):
    return sign_in(client, make_user(platform_admin=True))


@pytest.fixture
def ticking(app):
    with uow.unit():
        now = clock.now()
        db.session.add(SchedulerLease(id=1, token=1, holder="test", until=now + timedelta(minutes=1), ticked_at=now))


def runs(*outcomes: str, name: str = PURGE, took_ms: int = 7) -> None:
    with uow.unit():
        for outcome in outcomes:
            error = "ValueError" if outcome in {"failed", "dead"} else None
            db.session.add(JobRun(name=name, started_at=clock.now(), took_ms=took_ms, outcome=outcome, error=error))
            db.session.flush()


def planned(name: str, ago: timedelta) -> None:
    with uow.unit():
        db.session.add(ScheduleMark(name=name, queued_at=clock.now() - ago))


def work(name: str = PURGE):
    with uow.reading():
        return next(item for item in regular_work() if item.name == name)


def post(client, path: str, **fields: str):
    return client.post(f"/desk/scheduler/{path}", data={"csrf_token": csrf_token(client), **fields})


def test_every_regular_work_has_a_name_for_people(app):
    assert [entry.name for entry in house().periodic if not str(entry.label)] == []


def test_every_kind_of_deadline_says_what_it_is_about(app):
    assert [kind.name for kind in house().reminder_kinds.values() if not str(kind.label) or kind.about is None] == []


def test_regular_work_says_how_its_runs_went(app, ticking):
    runs("done", "done", "failed", "dead")
    found = work()
    assert (found.mark, found.failed_in_a_row, found.failure_count, found.run_count) == (Mark.FAILING, 2, 2, 4)
    assert (found.typical_ms, found.reason) == (7, "ValueError")
    runs("done")
    assert (work().mark, work().failed_in_a_row, work().reason) == (Mark.FINE, 0, "ValueError")


def test_regular_work_that_is_overdue_is_late_and_one_that_has_nothing_to_do_is_not(app, ticking):
    planned(PURGE, timedelta(days=1, minutes=5))
    planned("tracking.tell", timedelta(days=1))
    assert work().mark is Mark.LATE
    assert work("tracking.tell").mark is Mark.FINE
    assert work("civic.update_all").mark is Mark.OFF


def test_regular_work_whose_job_waits_long_is_late(app, ticking, move_clock):
    with uow.unit():
        port.enqueue_periodic(db.session(), Periodic("audit.seal", "audit.seal", timedelta(seconds=2)))
    assert work("audit.seal").mark is Mark.FINE
    move_clock(180)
    assert work("audit.seal").mark is Mark.LATE


@pytest.mark.both_databases
def test_run_now_asks_once_records_it_and_leaves_a_running_one_alone(app, admin):
    assert post(admin, "run", work=PURGE).headers["Location"] == "/desk/scheduler?done=run-asked"
    post(admin, "run", work=PURGE)
    job_id = db.session.scalars(select(QueuedJob.id).where(QueuedJob.lock == port.periodic_key(PURGE))).one()
    recorded = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "job.run_asked")
    assert db.session.scalar(recorded) == 2
    db.session.rollback()
    with uow.unit():
        row = db.session.get_one(QueuedJob, job_id)
        row.state, row.lease_until = JobState.RUNNING, clock.now() + timedelta(minutes=1)
    assert work().mark is Mark.RUNNING
    assert post(admin, "run", work=PURGE).status_code == 409
    assert db.session.scalar(select(func.count()).select_from(QueuedJob)) == 1
    page = admin.get("/desk/scheduler").text
    assert "Runs now" in page
    assert f"Number {job_id}, attempt 0" in page


def test_run_now_of_what_is_switched_off_or_unknown_is_refused(app, admin):
    assert post(admin, "run", work="civic.update_all").status_code == 409
    assert post(admin, "run", work="nothing").status_code == 404
    assert db.session.scalar(select(func.count()).select_from(QueuedJob)) == 0


def test_z01_run_and_discard_are_for_administrators_of_the_platform(app, client):
    job_id = dead_job()
    sign_in(client, make_member(make_coalition(), "admin"))
    assert post(client, "run", work=PURGE).status_code == 403
    assert post(client, f"jobs/{job_id}/discard").status_code == 403
    page = client.get("/desk/scheduler").text
    assert "Run now" not in page
    assert "Delete what was kept long enough" in page


@pytest.mark.both_databases
def test_dead_job_thrown_away_is_gone_and_recorded(app, admin):
    job_id = dead_job()
    assert post(admin, f"jobs/{job_id}/discard").headers["Location"] == "/desk/scheduler?done=job-discarded"
    assert db.session.get(QueuedJob, job_id) is None
    recorded = select(AuditEvent.facts).where(AuditEvent.action == "job.discarded")
    assert db.session.scalars(recorded).one() == {"job": "audit.seal"}
    assert post(admin, f"jobs/{job_id}/discard").status_code == 404


def test_living_job_is_not_thrown_away(app, admin):
    with uow.unit():
        job_id = port.enqueue(db.session(), PURGE, {})
    assert post(admin, f"jobs/{job_id}/discard").status_code == 404
    assert db.session.scalar(select(func.count()).select_from(QueuedJob).where(text("state = 'ready'"))) == 1


def titles(found: coming_queries.Coming) -> list[str]:
    return [line.item.title for _on, lines in found.days for line in lines]


def test_coming_reminders_are_grouped_by_day_and_filtered_by_campaign(app, client):
    coalition_id = make_coalition()
    beds, schools = make_campaign(coalition_id, title="Beds"), make_campaign(coalition_id, title="Schools")
    make_task(beds, "Print the leaflets", due_in=5)
    make_task(schools, "Call the clerk", due_in=5)
    make_task(beds, "Far away", due_in=20)
    sign_in(client, make_member(coalition_id, "admin"))
    page = client.get("/desk/scheduler").text
    assert page.count("Print the leaflets") == 3, "three, one and no days before"
    assert "Far away" not in page
    assert "A task is due" in page
    only = client.get(f"/desk/scheduler?campaign={schools}").text
    assert "Call the clerk" in only
    assert "Print the leaflets" not in only
    assert "Nothing for this campaign" in client.get("/desk/scheduler?campaign=999").text


def test_z01_coming_mail_is_shown_to_its_own_coalition_only(app):
    ours, theirs = make_coalition(), make_coalition("others")
    operator = Actor(user_id=1, coalition_id=ours, platform_roles=frozenset({"admin"}))
    make_task(make_campaign(ours), "Print the leaflets", due_in=3)
    with uow.reading():
        assert "Print the leaflets" in titles(coming_queries.coming(actor_in(ours, "admin")))
        assert titles(coming_queries.coming(actor_in(theirs, "admin"))) == []
        assert titles(coming_queries.coming(operator)) == [], "who runs the house does not read it"


def test_coming_asks_as_often_for_many_as_for_one(app):
    coalition_id = make_coalition()
    campaign_id = make_campaign(coalition_id)
    counts = []
    for number in range(2):
        for task in range(1 + number * 8):
            make_task(campaign_id, f"Task {number}-{task}", due_in=3)
        with uow.reading(), count_queries() as counted:
            coming_queries.coming(actor_in(coalition_id, "admin"))
        counts.append(counted.count)
    assert counts[0] == counts[1]


def test_coming_says_who_and_to_how_many(app, client):
    coalition_id = make_coalition()
    at = clock.now() + timedelta(days=1)
    item = Upcoming(at, "Monthly news", "Planned for tomorrow.", sender="Ana", people=1200)
    house_ = app.extensions["advocacy.house"]
    house_.upcoming = (*house_.upcoming, UpcomingSource("t", "Broadcast", lambda actor, until, limit: [item]))
    sign_in(client, make_member(coalition_id, "admin"))
    page = client.get("/desk/scheduler").text
    for words in ("Monthly news", "Planned for tomorrow.", "By Ana.", "To 1200 people at most.", "Broadcast"):
        assert words in page
