"""The desk page about everything that happens by itself."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.ops import coming_queries, queries, regular_queries
from advocacy.ops.services import retrying
from advocacy.ops.services.retrying import RUN
from advocacy.web import access, csrf, notices, respond
from advocacy.web.manifest import house

bp = Blueprint("scheduler", __name__, url_prefix="/desk/scheduler")
notices.register("job-retried", _l("The job is back in the queue."))
notices.register("job-discarded", _l("The job is thrown away."))
notices.register("run-asked", _l("It will run in a moment."))
PAGE = "/desk/scheduler"


@bp.get("")
@access.needs("ops.view")
def page() -> Response:
    """Show what will be sent and how work fares; jobs, which are all coalitions', only to whoever runs the house."""
    actor = access.current_actor()
    may_run = house().can(actor, RUN)
    campaign_id = request.args.get("campaign", type=int)
    return respond.page(
        "ops/scheduler.html",
        coming=coming_queries.coming(actor, campaign_id),
        has_coalition=bool(actor.coalition_id and actor.roles),
        campaign_id=campaign_id,
        regular=regular_queries.regular_work(),
        waiting=queries.waiting_jobs() if may_run else [],
        running=queries.running_jobs() if may_run else [],
        dead=queries.dead_jobs() if may_run else [],
        dead_count=queries.dead_count() if may_run else 0,
        may_run=may_run,
    )


@bp.post("/run")
@access.needs(RUN)
@csrf.session
def run_now() -> BaseResponse:
    """Run a piece of regular work out of its turn."""
    retrying.run_now(access.current_actor(), request.form.get("work", ""))
    return respond.see_other(PAGE, done="run-asked")


@bp.post("/jobs/<int:job_id>/retry")
@access.needs(RUN)
@csrf.session
def retry_job(job_id: int) -> BaseResponse:
    """Put a dead job back into the queue."""
    retrying.retry_job(access.current_actor(), job_id)
    return respond.see_other(PAGE, done="job-retried")


@bp.post("/jobs/<int:job_id>/discard")
@access.needs(RUN)
@csrf.session
def discard_job(job_id: int) -> BaseResponse:
    """Throw a dead job away for good."""
    retrying.discard_job(access.current_actor(), job_id)
    return respond.see_other(PAGE, done="job-discarded")
