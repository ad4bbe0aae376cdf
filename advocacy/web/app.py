"""The Flask class and the edge hooks: request id, access, CSRF, one commit, headers, errors."""

from __future__ import annotations

import io
import string
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

import structlog
from flask import Flask, Request, Response, abort, g, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.wrappers import Response as BaseResponse

from advocacy.core import clock, logs, uow
from advocacy.core.db import db, read_only, read_write
from advocacy.core.ids import new_request_id
from advocacy.core.settings import Settings
from advocacy.web import access, csrf, errors, headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.formparser import t_parse_result

log = logs.get("web")
SLOW_S = 1.0


class FormParser(FormDataParser):
    """Holds plain forms to the limit that Werkzeug keeps for the parts of multipart forms only."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> t_parse_result:
        """Count the fields before they are taken apart."""
        if mimetype == "application/x-www-form-urlencoded" and self.max_form_parts is not None:
            body = stream.read()
            if body.count(b"&") >= self.max_form_parts:
                raise RequestEntityTooLarge
            stream = io.BytesIO(body)
        return super().parse(stream, mimetype, content_length, options)


class WebRequest(Request):
    """A request whose query string can be read whatever bytes were sent."""

    form_data_parser_class = FormParser

    def __init__(self, environ: WSGIEnvironment, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Werkzeug's signature
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():  # Werkzeug would fail on bytes that are not UTF-8, even on the error page
            environ["QUERY_STRING"] = quote(query, safe=string.printable, encoding="latin-1")
        super().__init__(environ, *args, **kwargs)


class WebApp(Flask):
    """Flask, with one unit of work around each view."""

    request_class = WebRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view and no hook of ours is a coroutine: not looked at seven times a request."""
        return func

    def dispatch_request(self) -> Response:
        """Run the view; commit when its answer is below 400, else roll back.

        GET and HEAD run in a transaction that the database itself keeps from writing.
        """
        reads = request.method in csrf.SAFE
        with read_only() if reads else read_write():
            try:
                response = self.make_response(super().dispatch_request())
                if reads or response.status_code >= 400:  # noqa: PLR2004 - the HTTP error boundary
                    uow.rollback()
                else:
                    uow.commit()
            except BaseException:
                uow.rollback()
                uow.run_afterwards()
                raise
        uow.run_afterwards()
        return response


def set_up(app: Flask, settings: Settings) -> None:
    """Attach the edge to an app."""
    fixed = headers.security_headers(settings)

    @app.before_request
    def _begin() -> BaseResponse | None:
        here = g._get_current_object()  # noqa: SLF001 - once, not through its proxy
        here.request_id = request_id = new_request_id()
        here.began = clock.monotonic()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        environ = request.environ
        if (
            environ["REQUEST_METHOD"] not in csrf.SAFE
            and "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        ):
            abort(411)  # Werkzeug would cut such a body in silence at its limit
        sent_away = access.enforce()
        if sent_away is None:
            csrf.enforce()
        return sent_away

    @app.after_request
    def _end(response: Response) -> Response:
        here, asked = g._get_current_object(), request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - as above
        took = clock.monotonic() - here.get("began", clock.monotonic())
        if response.status_code >= 500 or took > SLOW_S or asked.method not in csrf.SAFE:  # noqa: PLR2004 - server errors
            log.info(
                "request",
                method=asked.method,
                path=logs.safe_path(asked.path),
                status=response.status_code,
                ms=round(took * 1000),
            )
        return headers.finish(response, fixed, here.get("request_id", ""))

    @app.teardown_request
    def _teardown(error: BaseException | None) -> None:
        del error
        structlog.contextvars.clear_contextvars()
        g.pop("actor", None)  # an app context can outlive a request (tests, commands)
        db.session.remove()

    errors.register(app)
