"""Three classes of unsafe routes; a test refuses an unsafe route that declares none.

``session``: Flask-WTF's token, bound to the session cookie. ``same_site`` (class *open*: sign, sign-in,
representatives): no cookie is involved, so the browser's own words decide: Sec-Fetch-Site, else Origin; both absent
is accepted (not a browser). ``capability``: the secret in the path is the proof (a ``no-referrer`` page posts
``Origin: null``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request
from flask_babel import gettext as _
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from advocacy.core.errors import NotAllowed

View = TypeVar("View", bound=Callable[..., Any])
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def session(view: View) -> View:
    """A route of signed-in people."""
    view.csrf = "session"  # type: ignore[attr-defined]
    return view


def same_site(view: View) -> View:
    """A route that anybody may post to, from our own pages or from a program."""
    view.csrf = "open"  # type: ignore[attr-defined]
    return view


def capability(view: View) -> View:
    """A route whose path holds a secret."""
    view.csrf = "capability"  # type: ignore[attr-defined]
    return view


def enforce() -> None:
    """Refuse unsafe requests that lack their proof; runs before every view."""
    if request.method in SAFE or request.endpoint is None:
        return
    kind = getattr(current_app.view_functions.get(request.endpoint), "csrf", None)
    if kind == "capability":
        return
    if kind == "open":
        if not _is_same_site():
            raise NotAllowed(_("This form was sent from another site. Please open the page here and try again."))
        return
    try:
        validate_csrf(request.headers.get("X-CSRFToken") or request.form.get("csrf_token"))
    except ValidationError:
        raise NotAllowed(
            _("This page was open too long or belongs to another session. Go back, reload it and try again.")
        ) from None


def _is_same_site() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or origin == current_app.extensions["advocacy.settings"].base_url
