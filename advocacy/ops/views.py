"""Routes for watchers, and the desk page about the house."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify

from advocacy.civic.services import conflicts, source_health
from advocacy.ops.services import health, watching
from advocacy.ops.services.retrying import RUN
from advocacy.web import access, respond
from advocacy.web.manifest import house

bp = Blueprint("ops", __name__)


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
    """Show how the house is; the sources it asks only to whoever runs it."""
    may_run = house().can(access.current_actor(), RUN)
    return respond.page(
        "ops/operations.html",
        lines=watching.lines(with_doctor=True),
        sources=source_health.lines(),
        conflicts=conflicts.latest(),
        windows=source_health.WINDOWS,
        may_run=may_run,
    )
