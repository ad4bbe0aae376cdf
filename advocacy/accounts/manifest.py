"""What accounts contribute to the house."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Request, g
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, UserMixin

from advocacy.accounts import emails, queries
from advocacy.accounts.services import mailing, personal, purging, recovering, sessions
from advocacy.accounts.views import account, factors, links, notifications, signing_in
from advocacy.core.jobs_spec import Job
from advocacy.web import notices
from advocacy.web import session as cookies
from advocacy.web.manifest import MailKind, Manifest, MenuItem, PersonalData, Place, Retention


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


for code, sentence in {
    "password-changed": _l("Your password is changed. You are signed out everywhere else."),
    "password-recovered": _l("Your new password is set. Please sign in with it."),
    "session-ended": _l("That browser is signed out."),
    "set-up": _l("Your account is ready. Please sign in."),
    "confirmed": _l("Thank you. You can go on now."),
    "email-asked": _l("We sent a link to the new address. Nothing changes until you open it and press the button."),
    "email-changed": _l("Your new address is in use. Please sign in with it."),
    "email-verified": _l("Thank you. Your address is confirmed."),
    "verification-sent": _l("We sent you a link. Open it within one hour and press the button."),
    "factor-added": _l("Added. You are signed out everywhere else."),
    "factor-removed": _l("Removed. You are signed out everywhere else."),
}.items():
    notices.register(code, sentence)

MANIFEST = Manifest(
    name="accounts",
    blueprints=[signing_in.bp, account.bp, notifications.bp, factors.bp, links.bp],
    menu=[
        MenuItem(Place.DESK, _l("Your account"), "accounts.account", order=98, icon="circle-user-round"),
        MenuItem(Place.DESK, _l("Notifications"), "notifications.show", order=98, icon="bell"),
        MenuItem(Place.DESK, _l("Security"), "factors.security", order=99, icon="shield-check"),
    ],
    jobs=[Job(recovering.JOB, recovering.answer_recovery)],
    mails=[
        MailKind(mailing.LINK_MAIL, emails.link, priority=15, service_basis="account", is_asked_for=True),
        MailKind(mailing.NOTICE_MAIL, emails.notice, priority=30, service_basis="account"),
    ],
    retention=[
        Retention("accounts.sessions", timedelta(days=1), sessions.purge, _l("Sessions of organizers that have ended")),
        Retention(
            "accounts.devices",
            cookies.DEVICE_KEEP,
            sessions.purge_devices,
            _l("Marks by which an organizer's browser is known again"),
        ),
        Retention(
            "accounts.links",
            timedelta(days=1),
            purging.purge_links,
            _l("Links sent to organizers, and requests for a new password"),
        ),
        Retention("accounts.steps", timedelta(hours=1), purging.purge_steps, _l("Sign-ins that were not finished")),
    ],
    personal_data=[PersonalData("accounts", personal.export, personal.erase)],
    contact=queries.contact,
    operators=queries.operators,
    set_up=_set_up,
)
