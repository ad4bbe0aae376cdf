"""What sign-on letters contribute to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.core.jobs_spec import OutsideJob
from advocacy.signons import desk_panels, desk_views, emails, link_views, reminder_kinds, views
from advocacy.signons.services import drawing, ending, inviting
from advocacy.web.manifest import MailKind, Manifest, MenuItem, Place

_BASIS = "membership"

MANIFEST = Manifest(
    name="signons",
    blueprints=[views.bp, link_views.bp, desk_views.bp],
    menu=[
        MenuItem(Place.DESK, _l("Sign-on letters"), "signons_desk.index", order=15, icon="mail", verb="signons.view"),
    ],
    panels=desk_panels.PANELS,
    jobs=[OutsideJob(ending.DRAW_JOB, drawing.prepare, drawing.perform, drawing.settle, max_attempts=8)],
    mails=[
        MailKind(inviting.INVITE_MAIL, emails.invitation, priority=30, service_basis=_BASIS),
        MailKind(inviting.AGAIN_MAIL, emails.words_changed, priority=20, service_basis=_BASIS),
        MailKind(inviting.REMIND_MAIL, emails.reminder, priority=40, service_basis=_BASIS),
        MailKind(inviting.AUTHORITY_MAIL, emails.authority, priority=30, service_basis=_BASIS),
        MailKind(inviting.DELIVERED_MAIL, emails.delivered, priority=50, service_basis=_BASIS),
        MailKind(reminder_kinds.DUE_MAIL, emails.due, priority=30, service_basis=_BASIS),
    ],
    reminder_kinds=[reminder_kinds.INTERNAL, reminder_kinds.FINAL],
)
