"""What outreach contributes to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.outreach import desk_panels, emails, ledger_views, receivers, reminder_kinds, views
from advocacy.outreach.services import personal
from advocacy.signons.signals import signon_delivered
from advocacy.web.manifest import MailKind, Manifest, MenuItem, PersonalData, Place

MANIFEST = Manifest(
    name="outreach",
    blueprints=[views.bp, ledger_views.bp],
    menu=[
        MenuItem(Place.DESK, _l("Contacts"), "contacts.index", order=40, icon="landmark", verb="outreach.view"),
        MenuItem(Place.DESK, _l("Lobbying records"), "lobbying.index", order=45, icon="scale", verb="lobbying.keep"),
    ],
    panels=desk_panels.PANELS,
    receivers=[(signon_delivered, receivers.on_signon_delivered)],
    mails=[
        MailKind(reminder_kinds.FOLLOW_UP_MAIL, emails.follow_up, priority=40, service_basis="contact"),
        MailKind(reminder_kinds.PERIOD_MAIL, emails.period_due, priority=40, service_basis="membership"),
    ],
    personal_data=[PersonalData("outreach", personal.export, personal.erase)],
    reminder_kinds=[reminder_kinds.FOLLOW_UP, reminder_kinds.CLOSE_PERIOD],
)
