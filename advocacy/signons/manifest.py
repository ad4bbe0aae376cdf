"""What sign-on letters contribute to the house."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from advocacy.core.jobs_spec import Job, OutsideJob
from advocacy.signons import (
    days,
    desk_panels,
    desk_views,
    emails,
    link_views,
    logo_queries,
    people_desk_views,
    people_views,
    reminder_kinds,
    views,
)
from advocacy.signons.services import drawing, forgetting, inviting, people_mail
from advocacy.web.manifest import MailKind, Manifest, MenuItem, PersonalData, Place, Retention
from advocacy.web.offers import BillDays, LogoPlace

_BASIS = "membership"
_SIGNATURE = "signature"

MANIFEST = Manifest(
    name="signons",
    blueprints=[views.bp, people_views.bp, link_views.bp, desk_views.bp, people_desk_views.bp],
    menu=[
        MenuItem(Place.PUBLIC, _l("Letters"), "signons.index", order=15, icon="mail"),
        MenuItem(Place.DESK, _l("Sign-on letters"), "signons_desk.index", order=15, icon="mail", verb="signons.view"),
    ],
    panels=desk_panels.PANELS,
    bill_days=[BillDays("signons", days.of_bill)],
    jobs=[
        OutsideJob(forgetting.DRAW_JOB, drawing.prepare, drawing.perform, drawing.settle, max_attempts=8),
        Job(people_mail.JOB, people_mail.write_some),
    ],
    mails=[
        MailKind(inviting.INVITE_MAIL, emails.invitation, priority=30, service_basis=_BASIS),
        MailKind(inviting.AGAIN_MAIL, emails.words_changed, priority=20, service_basis=_BASIS),
        MailKind(inviting.REMIND_MAIL, emails.reminder, priority=40, service_basis=_BASIS),
        MailKind(inviting.AUTHORITY_MAIL, emails.authority, priority=30, service_basis=_BASIS),
        MailKind(inviting.DELIVERED_MAIL, emails.delivered, priority=50, service_basis=_BASIS),
        MailKind(
            people_mail.CONFIRM_MAIL, emails.person_confirm, priority=20, service_basis=_SIGNATURE, is_asked_for=True
        ),
        MailKind(people_mail.ALREADY_MAIL, emails.person_already, priority=40, service_basis=_SIGNATURE),
        MailKind(people_mail.AGAIN_MAIL, emails.person_words_changed, priority=40, service_basis=_SIGNATURE),
        MailKind(people_mail.DELIVERED_MAIL, emails.person_delivered, priority=50, service_basis=_SIGNATURE),
        MailKind(reminder_kinds.DUE_MAIL, emails.due, priority=30, service_basis=_BASIS),
    ],
    reminder_kinds=[reminder_kinds.INTERNAL, reminder_kinds.FINAL],
    logo_places=[LogoPlace("signons.letters", logo_queries.shows_logo)],
    retention=[
        Retention(
            "signons.unconfirmed",
            timedelta(days=7),
            forgetting.purge_unconfirmed,
            _l("Names under letters that were not confirmed in time"),
        ),
        Retention(
            "signons.signers",
            timedelta(days=330),  # the pages promise a year after the hand-over
            forgetting.purge_signers,
            _l("Names and addresses of people under letters, after the letter was handed over or ended"),
        ),
    ],
    personal_data=[PersonalData("signons", forgetting.export, forgetting.erase)],
)
