"""What mailings contribute to the house."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from advocacy.consent import signals as consent
from advocacy.mailings import (
    broadcast_emails,
    broadcast_jobs,
    broadcast_queries,
    broadcast_upcoming,
    broadcast_views,
    ladder_emails,
    ladder_jobs,
    ladder_personal,
    ladder_receivers,
    ladder_step_views,
    ladder_views,
)
from advocacy.mailings.services import entering, ladder_mail, proofing
from advocacy.petitions import signals as petitions
from advocacy.web.lots import LotKind
from advocacy.web.manifest import MailKind, Manifest, MenuItem, PersonalData, Place, Retention
from advocacy.web.offers import UpcomingSource

MANIFEST = Manifest(
    name="mailings",
    blueprints=[broadcast_views.bp, ladder_views.bp, ladder_step_views.bp],
    menu=[
        MenuItem(Place.DESK, _l("Mailings"), "broadcasts.index", order=30, icon="send", verb="mailings.view"),
    ],
    jobs=[*broadcast_jobs.JOBS, *ladder_jobs.JOBS],
    periodic=[*broadcast_jobs.PERIODIC, *ladder_jobs.PERIODIC],
    receivers=[
        (consent.opt_in_given, ladder_receivers.on_opt_in_given),
        (consent.opt_in_withdrawn, ladder_receivers.on_opt_in_withdrawn),
        (petitions.signature_confirmed, ladder_receivers.on_signature_confirmed),
    ],
    mails=[
        MailKind(
            broadcast_queries.MAIL,
            broadcast_emails.single,
            priority=70,
            lot=LotKind(broadcast_emails.revision, broadcast_emails.ready, broadcast_emails.people),
        ),
        MailKind(proofing.PROOF_MAIL, broadcast_emails.proof, priority=30, service_basis="membership"),
        MailKind(ladder_mail.KIND, ladder_emails.step, priority=ladder_mail.PRIORITY),
    ],
    retention=[
        Retention(
            "mailings.ladders",
            timedelta(days=400),
            entering.purge,
            _l("Which mails of a series somebody got, after the series ended for them"),
        )
    ],
    personal_data=[PersonalData("mailings", ladder_personal.export, ladder_personal.erase)],
    upcoming=[UpcomingSource("mailings", _l("Mailings"), broadcast_upcoming.items)],
)
