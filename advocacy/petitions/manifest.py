"""What petitions contribute to the house."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from advocacy.consent.signals import leave_ended
from advocacy.core.jobs_spec import Job, OutsideJob, Periodic
from advocacy.petitions import (
    actions,
    commands,
    delivery_views,
    desk_panels,
    desk_views,
    emails,
    export_commands,
    home_panels,
    jobs,
    link_views,
    partner_views,
    receivers,
    reminder_kinds,
    views,
)
from advocacy.petitions.services import (
    delivering,
    forgetting,
    partner_asking,
    streets,
    telling,
    tidying,
    unsharing,
    verifying,
)
from advocacy.web.manifest import MailKind, Manifest, MenuItem, PersonalData, Place, Retention
from advocacy.web.offers import ActionSource

MANIFEST = Manifest(
    name="petitions",
    blueprints=[
        views.bp,
        link_views.bp,
        desk_views.bp,
        delivery_views.bp,
        partner_views.bp,
        partner_views.desk_bp,
        partner_views.own_bp,
    ],
    menu=[
        MenuItem(Place.PUBLIC, _l("Petitions"), "petitions.list_petitions", order=10, icon="signature"),
        MenuItem(
            Place.DESK, _l("Petitions"), "petitions_desk.index", order=10, icon="signature", verb="petitions.view"
        ),
        MenuItem(
            Place.DESK,
            _l("Our partner pages"),
            "partner_pages.own_index",
            order=15,
            icon="handshake",
            verb="partners.own",
        ),
    ],
    panels=[*home_panels.PANELS, *desk_panels.PANELS],
    jobs=[
        Job(jobs.TALLY, jobs.tally),
        Job(jobs.RECOUNT_ALL, jobs.recount_all),
        Job(jobs.RECOUNT, jobs.recount),
        Job(delivering.JOB, delivering.build_delivery),
        Job(telling.JOB, telling.tell_owner),
        OutsideJob(streets.JOB, streets.prepare, streets.perform, streets.settle, max_attempts=20, lease_s=60),
        Job(partner_asking.JOB, partner_asking.ask_people),
    ],
    periodic=[
        # How often is decided by ``petitions.tally_ms``; this is only how often somebody looks at the clock.
        Periodic(jobs.TALLY, jobs.TALLY, timedelta(milliseconds=100), jobs.is_tally_due, label=_l("Add up signatures")),
        Periodic(jobs.RECOUNT_ALL, jobs.RECOUNT_ALL, timedelta(days=1), label=_l("Count all signatures anew")),
    ],
    receivers=[(leave_ended, receivers.untick)],
    mails=[
        MailKind(
            telling.CONFIRM_MAIL, emails.confirm_signature, priority=20, service_basis="signature", is_asked_for=True
        ),
        MailKind(telling.ALREADY_MAIL, emails.already_signed, priority=40, service_basis="signature"),
        MailKind(unsharing.DELETION_MAIL, emails.partner_deletion, priority=30, service_basis="partner_page"),
        MailKind(verifying.THANKS_MAIL, emails.thank_you, priority=60, service_basis="signature"),
        MailKind(partner_asking.MAIL, emails.partner_ask, priority=80, asks=True),
        MailKind(reminder_kinds.CLOSING_MAIL, emails.closing_soon, priority=30, service_basis="petition"),
    ],
    reminder_kinds=[reminder_kinds.PETITION_CLOSE],
    retention=[
        Retention(
            "petitions.unconfirmed",
            timedelta(days=7),
            tidying.erase_unconfirmed,
            _l("Signatures that were not confirmed in time"),
        ),
        Retention(
            "petitions.streets",
            streets.LONGEST,
            streets.purge,
            _l("Streets of signers, kept locked until their district is known"),
        ),
        Retention(
            "petitions.put_aside",
            timedelta(days=30),
            tidying.erase_put_aside,
            _l("Signatures that were held, did not count any more, or were taken back unconfirmed"),
        ),
        Retention(
            "petitions.signers",
            timedelta(days=330),  # the pages promise a year after the hand-over
            tidying.anonymise_delivered,
            _l("Names and addresses of signers, after a petition was handed over"),
        ),
    ],
    personal_data=[PersonalData("petitions", forgetting.export, forgetting.erase)],
    campaign_actions=[ActionSource("petitions", actions.open_actions)],
    commands=[export_commands.add_to(commands.petition_group)],
)
