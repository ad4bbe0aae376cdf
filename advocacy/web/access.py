"""Who may enter a route. Every view declares one of these; a test refuses a route that does not.

``public``: anybody, no session is looked at, so the answer may be cached.
``link``: whoever holds the secret in the path. ``signed_in``: any account. ``enrolling``: any account, even one that
still lacks the second factor its roles ask for. ``needs(verb)``: a capability. ``fresh``, beside one of the last three:
the person must have proved who they are within ten minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from flask import current_app, g, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from advocacy.core import clock, uow
from advocacy.core.actor import ANONYMOUS, Actor
from advocacy.core.errors import NotAllowed
from advocacy.web.manifest import house
from advocacy.web.respond import own_path, wants_json

FRESH_FOR = timedelta(minutes=10)
ENROLMENT = "/account/security"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """A route's declaration."""

    kind: str
    verb: str | None = None
    before_factor: bool = False


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Anybody; the session is not looked at."""
    return _declare(Access("public"))(view)


def link(view: View) -> View:
    """Whoever holds the secret in the path; never cached, never referred from."""
    return _declare(Access("link"))(view)


def signed_in(view: View) -> View:
    """Any signed-in account."""
    return _declare(Access("signed_in"))(view)


def enrolling(view: View) -> View:
    """Any signed-in account, also one that must enrol a second factor first: only enrolment and the way out."""
    return _declare(Access("signed_in", before_factor=True))(view)


def fresh(view: View) -> View:
    """Beside the access decorator of a sensitive act: a sign-in or proof of identity at most ten minutes old."""
    view.fresh = True  # type: ignore[attr-defined]
    return view


def needs(verb: str) -> Callable[[View], View]:
    """An account whose roles in the coalition in view hold ``verb``."""
    return _declare(Access("needs", verb))


def declared(endpoint: str | None) -> Access | None:
    """What a route declares."""
    view = current_app.view_functions.get(endpoint) if endpoint else None
    return getattr(view, "access", None)


def current_actor() -> Actor:
    """The actor of this request, built once."""
    found: Actor | None = g.get("actor")
    return found if found is not None else ANONYMOUS


def visitor() -> Actor:
    """Who asks at an open route that gives some people more than everybody; such an answer is nobody else's."""
    return house().actor()


def enforce() -> Response | None:
    """Let in or send away; runs before every view."""
    access = declared(request.endpoint)
    if request.endpoint is None or access is None or access.kind in {"public", "link"}:
        return None
    with uow.reading():  # ends at once: a view that writes begins its own transaction, after its slow work
        actor = g.actor = house().actor()
    if not actor.is_signed_in:
        if request.method in {"GET", "HEAD"}:
            return _ask("/sign-in", request.full_path.rstrip("?"))
        raise NotAllowed(_("Please sign in first, then try again."))
    if actor.lacks_factor and not access.before_factor:
        if request.method in {"GET", "HEAD"}:
            return redirect(ENROLMENT, 303)
        raise NotAllowed(_("Your role asks for a second step at sign-in. Please set it up under “Security” first."))
    if access.verb is not None and not house().can(actor, access.verb):
        raise NotAllowed(_("Your role does not allow this. An administrator of your coalition can change roles."))
    if getattr(current_app.view_functions[request.endpoint], "fresh", False) and not is_fresh(actor):
        if wants_json():
            raise NotAllowed(_("Please confirm that it is you: reload this page and enter your password."))
        return _ask("/sign-in/again", request.full_path.rstrip("?") if request.method == "GET" else _page_before())
    return None


def is_fresh(actor: Actor) -> bool:
    """Whether the person proved who they are a short time ago."""
    return actor.fresh_at is not None and clock.now() - actor.fresh_at <= FRESH_FOR


def _ask(page: str, then: str) -> Response:
    return redirect(f"{page}?next={quote(then)}", 303)


def _page_before() -> str:
    """The page of ours that a form was sent from."""
    parts = urlsplit(request.referrer or "")
    if f"{parts.scheme}://{parts.netloc}" != current_app.extensions["advocacy.settings"].base_url:
        return "/account"
    return own_path(parts.path + (f"?{parts.query}" if parts.query else ""), "/account")
