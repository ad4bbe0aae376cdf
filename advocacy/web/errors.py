"""Every error becomes a page or JSON that says what happened, what to do, and an id; never a trace."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_babel import gettext as _
from sqlalchemy import exc
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from advocacy.core import logs
from advocacy.core.errors import AdvocacyError
from advocacy.web import access, respond

log = logs.get("web")
PAGES = frozenset({400, 403, 404, 405, 409, 410, 411, 413, 422, 429, 431, 500, 503})
RETRY_S = 5


def _is_public_json() -> bool:
    """Whether this address is one of ``respond.public_json``, so that its errors are answered in the same manner."""
    declared = access.declared(request.endpoint)
    return request.path.endswith(".json") and (declared is None or declared.kind == "public")


def answer(status: int, message: str = "", retry_after_s: int | None = None, code: str | None = None) -> Response:
    """An error answer in the form the caller asked for."""
    request_id = g.get("request_id", "")
    try:
        if respond.wants_json() or _is_public_json():
            body: dict[str, Any] = {"status": code or "error", "message": message, "request_id": request_id}
            response = jsonify(body)
            if _is_public_json():
                respond.open_to_all(response)
        else:
            template = f"errors/{status if status in PAGES else 400 if status < 500 else 500}.html"  # noqa: PLR2004
            response = current_app.make_response(render_template(template, message=message, request_id=request_id))
    except Exception as error:  # the error page must come even when its own template breaks
        log.exception("error_page_failed", exc_info=error)
        response = Response(f"Something went wrong on our side. Reference: {request_id}", mimetype="text/plain")
    response.status_code = status
    if status in {429, 503}:
        response.headers["Retry-After"] = str(retry_after_s or RETRY_S)
    return response


def register(app: Flask) -> None:
    """Attach the handlers."""

    @app.errorhandler(AdvocacyError)
    def _expected(error: AdvocacyError) -> Response:
        if error.status >= 500:  # noqa: PLR2004 - server errors
            log.warning("unavailable", exc_info=error)
        return answer(error.status, error.message, error.retry_after_s, error.code)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response | HTTPException:
        if error.code is None or error.code < 400:  # noqa: PLR2004 - redirects pass
            return error
        response = answer(error.code)
        if error.code == 405 and getattr(error, "valid_methods", None):  # noqa: PLR2004
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
        return response

    @app.errorhandler(exc.OperationalError)
    @app.errorhandler(exc.TimeoutError)
    @app.errorhandler(exc.InterfaceError)
    @app.errorhandler(sqlite3.OperationalError)
    def _database(error: Exception) -> Response:
        log.error("database", exc_info=error)
        return answer(503, _("The database is busy or full. Nothing was stored; please try again in a moment."))

    @app.errorhandler(OverflowError)  # SQLite's driver, for a number beyond 64 bits; PostgreSQL says DataError
    @app.errorhandler(exc.DataError)
    def _data(error: Exception) -> Response:
        log.warning("data_refused", exc_info=error)
        return answer(400)

    @app.errorhandler(exc.IntegrityError)
    @app.errorhandler(StaleDataError)
    def _integrity(error: Exception) -> Response:
        log.warning("integrity", exc_info=error)
        return answer(
            409, _("Somebody changed this at the same moment. Please look again and repeat what is still needed.")
        )

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> Response:
        log.error("unexpected", exc_info=error)
        return answer(500)
