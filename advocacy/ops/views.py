"""Routes for watchers, and the desk page about the worker."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.civic.services import conflicts, source_health
from advocacy.ops import queries
from advocacy.ops.services import health, retrying
from advocacy.ops.services.retrying import RUN
from advocacy.web import access, csrf, notices, respond
from advocacy.web.manifest import house

bp = Blueprint("ops", __name__)
notices.register("job-retried", _l("The job is back in the queue."))


@bp.get("/healthz")
@access.public
def healthz() -> Response:
    """Say that this process answers; nothing else is asked."""
    return current_app.response_class("ok", mimetype="text/plain")


@bp.get("/readyz")
@access.public
def readyz() -> Response:
    """Say whether this installation can do its work, check by check."""
    lines = health.examine()
    is_ready = all(line.is_fine for line in lines)
    body = {
        "ready": is_ready,
        "checks": {line.name: {"ok": line.is_fine, "detail": line.detail} for line in lines},
    }
    response = jsonify(body)
    response.status_code = 200 if is_ready else 503
    if not is_ready:
        response.headers["Retry-After"] = "5"
    return response


@bp.get("/desk/operations")
@access.needs("ops.view")
def operations() -> Response:
    """Show how the house and its worker are; jobs, which are all coalitions', only to whoever runs the house."""
    may_run = house().can(access.current_actor(), RUN)
    return respond.page(
        "ops/operations.html",
        lines=health.examine(with_doctor=True),
        waiting=queries.waiting_jobs() if may_run else [],
        dead=queries.dead_jobs() if may_run else [],
        dead_count=queries.dead_count() if may_run else 0,
        regular=queries.regular_work(),
        sources=source_health.lines(),
        conflicts=conflicts.latest(),
        windows=source_health.WINDOWS,
        may_run=may_run,
    )


@bp.post("/desk/operations/jobs/<int:job_id>/retry")
@access.needs(RUN)
@csrf.session
def retry_job(job_id: int) -> BaseResponse:
    """Put a dead job back into the queue."""
    retrying.retry_job(access.current_actor(), job_id)
    return respond.see_other("/desk/operations", done="job-retried")
