"""What the operators must hear of (R-40): age of the queue, dead letters, drift, failed purges; other rooms add theirs.

What says so itself never counts: a watch that fails, or its own mail that does not leave, would ask for the next mail.
"""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select, text

from advocacy.core.counting import counted_rows
from advocacy.core.db import db
from advocacy.messaging import queries as mail
from advocacy.ops import regular_queries
from advocacy.ops.regular_queries import Mark
from advocacy.ops.rules import OWN_MAILS, PURGE_NAME, WATCH_NAME
from advocacy.ops.services import health
from advocacy.ops.services.health import Line
from advocacy.queue.models import QueuedJob
from advocacy.web.manifest import HealthCheck, house

PATIENT_FAILURES = 3
"""Runs that failed in a row before it is no chance."""


def lines(*, with_doctor: bool = False) -> list[Line]:
    """Every check that may alarm the operators, red or not: the lines of readiness and what is watched beyond.

    ``with_doctor`` adds what never alarms anybody at once.
    """
    found = {line.name: line for line in health.examine(with_doctor=with_doctor)}
    if found["database"].is_fine:
        found |= {check.name: health.ask(check.name, check.check) for check in (*_WATCHED, *house().alarms)}
    return list(found.values())


def _mail() -> tuple[bool, str]:
    return mail.is_mail_moving(without=OWN_MAILS)


def _dead_mails() -> tuple[bool, str]:
    count = mail.given_up_lately(without=OWN_MAILS)
    return count == 0, ngettext(
        "%(num)s mail was given up since yesterday", "%(num)s mails were given up since yesterday", count
    )


def _dead_jobs() -> tuple[bool, str]:
    wanted = select(QueuedJob.id).where(text("state = 'dead'"), QueuedJob.name.not_in([WATCH_NAME, PURGE_NAME]))
    count = db.session.scalar(select(counted_rows(wanted))) or 0
    return count == 0, ngettext("%(num)s job gave up", "%(num)s jobs gave up", count)


def _purges() -> tuple[bool, str]:
    """Whether old data is deleted: the nightly run asks for one job a class, and each may fail by itself."""
    keys = [f"{PURGE_NAME}:{item.name}" for item in house().retention]
    dead = select(QueuedJob.id).where(text("state = 'dead'"), QueuedJob.name == PURGE_NAME)
    failing = select(QueuedJob.id).where(
        text("state = 'ready'"), QueuedJob.dedupe_key.in_(keys), QueuedJob.attempts >= PATIENT_FAILURES
    )
    count = sum(db.session.execute(select(counted_rows(dead), counted_rows(failing))).one())
    return count == 0, ngettext(
        "%(num)s class of old data is not deleted", "%(num)s classes of old data are not deleted", count
    )


def _regular() -> tuple[bool, str]:
    # Whether the watch itself is due is what asks for these lines: it is not asked again.
    wrong = [
        item.name
        for item in regular_queries.regular_work(without=WATCH_NAME)
        if item.mark is Mark.LATE or item.failed_in_a_row >= PATIENT_FAILURES
    ]
    return not wrong, _("late or failing: %(names)s", names=", ".join(wrong)) if wrong else _("runs as planned")


_WATCHED = (
    HealthCheck("mail", _mail),
    HealthCheck("dead_mails", _dead_mails),
    HealthCheck("dead_jobs", _dead_jobs),
    HealthCheck("purges", _purges),
    HealthCheck("regular_work", _regular),
)
