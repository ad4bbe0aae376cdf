"""Dead jobs are seen and can be tried again."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from advocacy.cli import cli
from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound
from advocacy.core.jobs_spec import GiveUp
from advocacy.queue import checks, port, services
from advocacy.queue.models import QueuedJob, SchedulerLease
from tests.support.work import run_due

pytestmark = pytest.mark.both_databases


@pytest.fixture
def dead_id(app, offer) -> int:
    def never(args):
        raise GiveUp("no_such_thing")

    offer("t.never", never)
    with uow.unit():
        job_id = port.enqueue(db.session(), "t.never", {}, dedupe_key="k")
    run_due(app)
    return job_id


def test_retry_dead_puts_it_back_and_refuses_what_is_not_dead(app, offer, dead_id):
    ran = []
    with uow.unit():
        assert services.retry_dead(dead_id) == "t.never"
    offer("t.never", ran.append)
    with pytest.raises(NotFound), uow.unit():
        services.retry_dead(dead_id)
    assert run_due(app) == 1
    assert len(ran) == 1


def test_retry_dead_when_its_work_waits_already_is_refused(app, dead_id):
    with uow.unit():
        port.enqueue(db.session(), "t.never", {}, dedupe_key="k")
    with pytest.raises(Conflict), uow.unit():
        services.retry_dead(dead_id)


def test_health_when_a_job_waits_long_or_nobody_ticks_says_so(app, offer, move_clock):
    offer("t.job", lambda args: None)
    with uow.unit():
        db.session.add(SchedulerLease(id=1, token=1, holder="h", until=clock.now(), ticked_at=clock.now()))
        port.enqueue(db.session(), "t.job", {})
    with uow.reading():
        assert [check.check()[0] for check in checks.HEALTH] == [True, True, True]
    move_clock(300)
    with uow.reading():
        assert [check.check()[0] for check in checks.HEALTH] == [False, False, True]


def test_health_when_a_job_is_dead_says_so_to_the_doctor(app, dead_id):
    with uow.reading():
        is_fine, detail = checks.HEALTH[2].check()
    assert (is_fine, detail) == (False, "1 job gave up")


def test_commands_list_and_retry_a_dead_job(app, monkeypatch, dead_id):
    monkeypatch.setattr("advocacy.core.commands.app_of", lambda *args, **kwargs: app)
    listed = CliRunner().invoke(cli, ["queue", "dead"])
    assert listed.output == f"{dead_id}\tt.never\t1\tno_such_thing\n"
    assert CliRunner().invoke(cli, ["queue", "retry", str(dead_id)]).exit_code == 0
    assert CliRunner().invoke(cli, ["queue", "retry", str(dead_id)]).exit_code == 1
    with uow.reading():
        assert db.session.scalar(select(QueuedJob.state)) == "ready"
