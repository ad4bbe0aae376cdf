"""What outreach contributes to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.outreach import (
    coverage_views,
    desk_panels,
    emails,
    lawmaker_views,
    ledger_views,
    position_views,
    receivers,
    reminder_kinds,
    views,
    whip_views,
)
from advocacy.outreach.services import contacting, personal
from advocacy.signons.signals import signon_delivered
from advocacy.web.manifest import MailKind, Manifest, MenuItem, PersonalData, Place, Retention

MANIFEST = Manifest(
    name="outreach",
    blueprints=[
        views.bp,
        lawmaker_views.bp,
        position_views.bp,
        position_views.promises_bp,
        whip_views.bp,
        coverage_views.bp,
        ledger_views.bp,
    ],
    menu=[
        MenuItem(Place.DESK, _l("Contacts"), "contacts.index", order=40, icon="landmark", verb="outreach.view"),
        MenuItem(
            Place.DESK, _l("Relationships"), "relationships.index", order=41, icon="handshake", verb="outreach.view"
        ),
        MenuItem(Place.DESK, _l("Votes"), "votes.index", order=42, icon="vote", verb="whip.view"),
        MenuItem(Place.DESK, _l("Promises"), "commitments.index", order=42, icon="hourglass", verb="whip.view"),
        MenuItem(Place.DESK, _l("Where you are known"), "coverage.index", order=43, icon="map", verb="outreach.view"),
        MenuItem(Place.DESK, _l("Lobbying records"), "lobbying.index", order=45, icon="scale", verb="lobbying.keep"),
    ],
    panels=desk_panels.PANELS,
    receivers=[(signon_delivered, receivers.on_signon_delivered)],
    mails=[
        MailKind(reminder_kinds.FOLLOW_UP_MAIL, emails.follow_up, priority=40, service_basis="contact"),
        MailKind(reminder_kinds.PROMISE_MAIL, emails.promise_due, priority=40, service_basis="contact"),
        MailKind(reminder_kinds.PERIOD_MAIL, emails.period_due, priority=40, service_basis="membership"),
    ],
    retention=[
        Retention(
            "outreach.removed_contacts",
            contacting.KEPT,
            contacting.purge_removed,
            _l("Contacts with lawmakers that were taken out of the log"),
        ),
    ],
    personal_data=[PersonalData("outreach", personal.export, personal.erase)],
    reminder_kinds=[reminder_kinds.FOLLOW_UP, reminder_kinds.PROMISE, reminder_kinds.CLOSE_PERIOD],
)
