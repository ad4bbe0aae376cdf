"""What accounts contribute to the house."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Request, g
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, UserMixin

from advocacy.accounts import queries, views
from advocacy.accounts.services import sessions
from advocacy.web import notices
from advocacy.web import session as cookies
from advocacy.web.manifest import Manifest, MenuItem, Place, Retention


class SessionUser(UserMixin):
    """Whom Flask-Login takes for signed in: a live session row."""

    def __init__(self, found: queries.SignedIn) -> None:
        self.signed_in = found

    def get_id(self) -> str:
        """The session's public id."""
        return self.signed_in.public_id


def _user_of_request(request: Request) -> SessionUser | None:
    del request
    found = queries.session_of(cookies.cookie_token())
    if found is None:
        return None
    sessions.note_seen(found)
    return SessionUser(found)


def _set_up(app: Flask) -> None:
    login = LoginManager()
    login.session_protection = None
    login.request_loader(_user_of_request)
    login.init_app(app, add_context_processor=False)

    @app.teardown_request
    def _forget(error: BaseException | None) -> None:
        del error
        g.pop("_login_user", None)  # an app context can outlive a request (tests, commands)


notices.register("password-changed", _l("Your password is changed. You are signed out everywhere else."))
notices.register("session-ended", _l("That browser is signed out."))
notices.register("set-up", _l("Your account is ready. Please sign in."))

MANIFEST = Manifest(
    name="accounts",
    blueprints=[views.bp],
    menu=[MenuItem(Place.DESK, _l("Your account"), "accounts.account", order=99, icon="circle-user-round")],
    retention=[
        Retention("accounts.sessions", timedelta(days=1), sessions.purge, _l("Sessions of organizers that have ended")),
        Retention(
            "accounts.devices",
            cookies.DEVICE_KEEP,
            sessions.purge_devices,
            _l("Marks by which an organizer's browser is known again"),
        ),
    ],
    contact=queries.contact,
    set_up=_set_up,
)
