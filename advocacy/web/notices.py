"""Short sentences of success, shown once on the page after a redirect; the URL carries only a code."""

from __future__ import annotations

from flask import request
from flask_babel import lazy_gettext as _l

_NOTICES: dict[str, object] = {"saved": _l("Saved."), "signed-out": _l("You are signed out.")}


def register(code: str, sentence: object) -> None:
    """Name a sentence; ``sentence`` is lazily translated."""
    _NOTICES[code] = sentence


def current() -> str | None:
    """The sentence of this page, if its URL carries a known code."""
    found = _NOTICES.get(request.args.get("done", ""))
    return str(found) if found is not None else None
