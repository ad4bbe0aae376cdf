"""Security headers of every answer, built once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Response, request
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

from advocacy.core.settings import Settings
from advocacy.web import access

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def security_headers(settings: Settings) -> dict[str, str]:
    """The fixed headers; HSTS only where people come by https."""
    policy = ContentSecurityPolicy().default_src("'none'")
    policy = policy.script_src("'self'").style_src("'self'").img_src("'self'", "data:").font_src("'self'")
    policy = policy.connect_src("'self'").worker_src("'self'").manifest_src("'self'").form_action("'self'")
    policy = policy.object_src("'none'").base_uri("'none'").frame_ancestors("'none'")
    permissions = PermissionsPolicy().geolocation("self").camera().microphone().payment().usb()
    parts = Secure(
        csp=policy,
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        permissions=permissions,
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions(),
        xfo=XFrameOptions().deny(),
        hsts=StrictTransportSecurity().max_age(63072000).include_subdomains() if settings.is_https else None,
    )
    return dict(parts.headers)


NEUTRAL = ("Server", "web")


def with_neutral_server(app: WSGIApplication) -> WSGIApplication:
    """The app behind a server that would else sign each answer with the name of its program (W-06)."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:  # noqa: ANN401 - WSGI's exc_info
            return start_response(status, [*headers, NEUTRAL], *rest)

        return app(environ, start)

    return answer


def finish(response: Response, fixed: dict[str, str], request_id: str) -> Response:
    """Put the headers on an answer: what no view marked as cacheable is personal and never stored."""
    headers = response.headers
    there = {name.lower() for name, _value in headers}
    headers.extend([pair for pair in fixed.items() if pair[0].lower() not in there])
    if "cache-control" not in there:
        headers.add("Cache-Control", "no-store")
    headers.add("X-Request-Id", request_id)
    found = access.declared(request.endpoint)
    if found is not None and found.kind == "link":
        headers["Referrer-Policy"] = "no-referrer"
    return response
