"""Who may enter a route. Every view declares one of these; a test refuses a route that does not.

``public``: anybody, no session is looked at, so the answer may be cached.
``link``: whoever holds the secret in the path. ``signed_in``: any account. ``needs(verb)``: a capability.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

from flask import current_app, g, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from advocacy.core import uow
from advocacy.core.actor import ANONYMOUS, Actor
from advocacy.core.errors import NotAllowed
from advocacy.web.manifest import house

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """A route's declaration."""

    kind: str
    verb: str | None = None


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


def enforce() -> Response | None:
    """Let in or send away; runs before every view."""
    access = declared(request.endpoint)
    if request.endpoint is None or access is None or access.kind in {"public", "link"}:
        return None
    with uow.reading():  # ends at once: a view that writes begins its own transaction, after its slow work
        actor = g.actor = house().actor()
    if not actor.is_signed_in:
        if request.method in {"GET", "HEAD"}:
            return redirect(f"/sign-in?next={quote(request.full_path.rstrip('?'))}", 303)
        raise NotAllowed(_("Please sign in first, then try again."))
    if access.verb is not None and not house().can(actor, access.verb):
        raise NotAllowed(_("Your role does not allow this. An administrator of your coalition can change roles."))
    return None
