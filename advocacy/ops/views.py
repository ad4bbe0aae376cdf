"""Routes for watchers, and the desk page about the worker."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify

from advocacy.ops.services import health
from advocacy.web import access

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
