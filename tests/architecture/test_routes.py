"""Every route says who may enter, every unsafe one how it is proven to be wanted."""

from __future__ import annotations

from flask import Flask

from advocacy.web.access import Access
from advocacy.web.csrf import SAFE

KINDS = {"public", "link", "signed_in", "needs"}
CLASSES = {"session", "open", "capability"}


def test_every_route_declares_its_access(app: Flask):
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        assert isinstance(access, Access), f"{rule} declares no access"
        assert access.kind in KINDS
        assert (access.verb is not None) == (access.kind == "needs"), f"{rule}"


def test_every_unsafe_route_declares_its_csrf_class(app: Flask):
    for rule in app.url_map.iter_rules():
        if (rule.methods or set()) - SAFE:
            kind = getattr(app.view_functions[rule.endpoint], "csrf", None)
            assert kind in CLASSES, f"{rule} declares no csrf class"


def test_csrf_class_fits_the_access(app: Flask):
    """A route of signed-in people must prove its session; a secret in the path is no session."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        kind = getattr(view, "csrf", None)
        if view.access.kind in {"signed_in", "needs"}:
            assert kind in {None, "session"}, f"{rule} is for signed-in people but checks {kind}"
        if kind == "capability":
            assert view.access.kind == "link", f"{rule}"
            assert any(name in rule.arguments for name in ("token", "receipt", "secret")), (
                f"{rule} has no secret in its path"
            )


def test_no_route_takes_methods_it_has_no_use_for(app: Flask):
    for rule in app.url_map.iter_rules():
        assert not {"TRACE", "CONNECT"} & (rule.methods or set())


def test_flask_own_static_route_is_off(app: Flask):
    assert "static" not in app.view_functions
