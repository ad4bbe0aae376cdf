"""The page about the worker, and the cleaning of old data."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from advocacy.audit.models import AuditEvent
from advocacy.civic.services import circuits, conflicts, sources
from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.errors import NotAllowed
from advocacy.ops.commands import ops
from advocacy.ops.services import purging
from advocacy.ops.services.retrying import retry_job
from advocacy.queue.models import JobRun, JobState, QueuedJob
from advocacy.web import limits
from tests.factories.accounts import csrf_token, make_user, sign_in
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.support.work import run_due


@pytest.fixture
def admin(app, client):
    return sign_in(client, make_user(platform_admin=True))


def dead_job(**values) -> int:
    job = QueuedJob(
        name="audit.seal",
        args={},
        state=JobState.DEAD,
        run_at=clock.now(),
        created_at=clock.now(),
        attempts=8,
        **values,
    )
    with uow.unit():
        db.session.add(job)
        db.session.flush()
        return job.id


def test_operations_for_a_volunteer_are_closed(app, client):
    sign_in(client, make_member(make_coalition(), "volunteer"))
    assert client.get("/desk/operations").status_code == 403


def test_operations_show_health_jobs_and_regular_work(app, admin):
    dead_job(last_error="OperationalError")
    with uow.unit():
        db.session.add(
            JobRun(name="audit.seal", started_at=clock.now(), took_ms=12, outcome="failed", error="ValueError")
        )
    page = admin.get("/desk/operations").text + admin.get("/desk/scheduler").text
    for word in ("database", "OperationalError", "audit.seal", "ops.purge", "12 ms", "1 of 1"):
        assert word in page


@pytest.mark.both_databases
def test_dead_job_retried_is_ready_and_recorded(app, admin):
    job_id = dead_job(last_error="X")
    answer = admin.post(f"/desk/scheduler/jobs/{job_id}/retry", data={"csrf_token": csrf_token(admin)})
    assert answer.headers["Location"] == "/desk/scheduler?done=job-retried"
    job = db.session.get_one(QueuedJob, job_id)
    assert (job.state, job.attempts) == (JobState.READY, 0)
    recorded = db.session.execute(select(AuditEvent).where(AuditEvent.action == "job.retried")).scalar_one()
    assert recorded.facts == {"job": "audit.seal"}


def test_z01_jobs_are_shown_to_and_retried_by_administrators_of_the_platform_only(app, client):
    """A job's row names no coalition: an administrator of one would wake everybody's."""
    job_id = dead_job(last_error="OperationalError")
    sign_in(client, make_member(make_coalition(), "admin"))
    for page in ("/desk/operations", "/desk/scheduler"):
        assert "OperationalError" not in client.get(page).text
    answer = client.post(f"/desk/scheduler/jobs/{job_id}/retry", data={"csrf_token": csrf_token(client)})
    assert answer.status_code == 403
    with pytest.raises(NotAllowed):
        retry_job(actor_in(1, "admin"), job_id)
    assert db.session.get_one(QueuedJob, job_id).state == JobState.DEAD


@pytest.mark.both_databases
def test_dead_job_with_a_waiting_twin_is_a_conflict(app, admin):
    job_id = dead_job(dedupe_key="k")
    with uow.unit():
        db.session.add(
            QueuedJob(name="audit.seal", args={}, run_at=clock.now(), created_at=clock.now(), dedupe_key="k")
        )
    assert admin.post(f"/desk/scheduler/jobs/{job_id}/retry", data={"csrf_token": csrf_token(admin)}).status_code == 409
    assert (
        db.session.execute(select(func.count()).select_from(QueuedJob).where(QueuedJob.dedupe_key == "k")).scalar() == 2
    )


def test_job_that_is_not_dead_is_not_found(app, admin):
    assert admin.post("/desk/scheduler/jobs/999/retry", data={"csrf_token": csrf_token(admin)}).status_code == 404


def old_counts(count: int) -> None:
    with uow.unit():
        for number in range(count):
            limits.hit("test", str(number), 60)
    rows = select(limits.Throttle)
    with uow.unit():
        for row in db.session.execute(rows).scalars().all():
            row.window_at -= timedelta(days=3)


def throttles() -> int:
    uow.rollback()
    return db.session.execute(select(func.count()).select_from(limits.Throttle)).scalar_one()


@pytest.mark.both_databases
def test_purge_dry_run_counts_and_keeps(app):
    old_counts(3)
    db.session.remove()
    outcome = CliRunner().invoke(ops, ["purge", "--dry-run"], obj=lambda: app)
    assert outcome.exit_code == 0, outcome.output
    assert "limits: 3 would go" in outcome.output
    assert throttles() == 3


@pytest.mark.both_databases
def test_purge_command_deletes_in_pieces(app, monkeypatch):
    monkeypatch.setattr(purging, "CHUNK", 2)
    old_counts(5)
    db.session.remove()
    outcome = CliRunner().invoke(ops, ["purge"], obj=lambda: app)
    assert "limits: 5 gone" in outcome.output
    assert throttles() == 0
    recorded = select(AuditEvent.facts).where(AuditEvent.action == "data.purged", AuditEvent.object_id == "limits")
    assert [facts["count"] for facts in db.session.execute(recorded).scalars()] == [2, 2, 1]


@pytest.mark.both_databases
def test_purge_job_asks_for_one_job_a_class_and_goes_on_while_there_is_more(app, monkeypatch):
    from advocacy.queue.port import enqueue

    monkeypatch.setattr(purging, "CHUNK", 2)
    old_counts(5)
    with uow.unit():
        enqueue(db.session(), "ops.purge", {})
    run_due(app)
    assert throttles() == 0
    left = select(func.count()).select_from(QueuedJob).where(QueuedJob.name == "ops.purge")
    assert db.session.execute(left).scalar() == 0


def test_no_two_classes_of_data_have_one_name(app):
    names = [item.name for item in purging.classes()]
    assert len(names) == len(set(names))


@pytest.mark.settings(civic={"census_url": "http://127.0.0.1:9", "openstates_key": "planted-secret-key"})
def test_operations_show_how_sources_outside_fare(app, admin):
    with uow.unit():
        source = sources.configured()["openstates"]
        circuits.refusal(source, "bills", for_people=False)
        circuits.went_wrong(source, "bills", "timeout")
        conflicts.note("census", "ocd-division/country:us/state:tx/cd:37", "ocd-division/country:us/state:tx/cd:10")
    page = admin.get("/desk/operations").text
    for word in (
        "U.S. Census Bureau",
        "Not asked yet",
        "7 of 8 calls left this minute",
        "no answer in time",
        "tx/cd:37",
    ):
        assert word in page
    assert "planted-secret-key" not in page


def test_operations_say_that_nothing_outside_is_asked(app, admin):
    assert "None is asked" in admin.get("/desk/operations").text
