"""Pages for everybody, the same for everybody."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from flask import Blueprint, Response, abort, current_app

from advocacy.civic.services import street
from advocacy.core import clock, paths
from advocacy.core.settings import Settings
from advocacy.site.queries import kept_data
from advocacy.web import access, respond

bp = Blueprint("site", __name__)

STILL_S = 5
"""How long a copy of a page that hardly changes is given to everybody. Units: seconds."""
CONTACT_KEEP = timedelta(days=180)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["advocacy.settings"]
    return settings


@bp.get("/")
@access.public
def home() -> Response:
    """Show what this is and what can be done today."""
    return respond.cacheable(respond.page("site/home.html"), 1)


@bp.get("/privacy")
@access.public
def privacy() -> Response:
    """Say what is kept, for how long, and who sees it."""
    settings = _settings()
    return respond.cacheable(
        respond.page(
            "site/privacy.html",
            kept=kept_data(),
            contact=settings.mail.operator or None,
            asked=[source.title for source in street.geocoders()],
        ),
        STILL_S,
    )


@bp.get("/accessibility")
@access.public
def accessibility() -> Response:
    """Say what was done so that everybody can use this."""
    return respond.cacheable(
        respond.page("site/accessibility.html", contact=_settings().mail.operator or None), STILL_S
    )


@bp.get("/help")
@access.public
def get_help() -> Response:
    """Say where to turn, in a crisis and with questions about this site."""
    return respond.cacheable(respond.page("site/help.html", contact=_settings().mail.operator or None), STILL_S)


@bp.get("/robots.txt")
@access.public
def robots() -> Response:
    """Keep search engines off what is personal."""
    private = ("/desk", "/demo", "/me", "/sign-in", "/signatures", "/sign-ons", "/letter-signatures", "/readyz")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in private), ""]
    return _text("\n".join(lines))


@bp.get("/.well-known/security.txt")
@access.public
def security_txt() -> Response:
    """Say whom to tell of a hole; only where the operator gave an address (RFC 9116)."""
    settings = _settings()
    if not settings.mail.operator:
        abort(404)
    expires = (clock.now() + CONTACT_KEEP).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    lines = (
        f"Contact: mailto:{settings.mail.operator}",
        f"Expires: {expires}",
        "Preferred-Languages: en",
        f"Canonical: {settings.base_url}/.well-known/security.txt",
        "",
    )
    return _text("\n".join(lines))


@bp.get("/favicon.ico")
@access.public
def favicon() -> Response:
    """Give browsers that ask by the old name the icon of the pages."""
    response = current_app.response_class(_favicon(), mimetype="image/png")
    return respond.cacheable(response, 3600, public_s=86400)


@lru_cache(maxsize=1)
def _favicon() -> bytes:
    return (paths.STATIC / "img/favicon.png").read_bytes()


def _text(text: str) -> Response:
    return respond.cacheable(current_app.response_class(text, mimetype="text/plain"), STILL_S)
