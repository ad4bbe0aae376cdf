"""What mailings contribute to the house."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from advocacy.consent import signals as consent
from advocacy.mailings import (
    ladder_emails,
    ladder_jobs,
    ladder_personal,
    ladder_receivers,
    ladder_step_views,
    ladder_views,
)
from advocacy.mailings.services import entering, ladder_mail
from advocacy.petitions import signals as petitions
from advocacy.web.manifest import MailKind, Manifest, MenuItem, PersonalData, Place, Retention

MANIFEST = Manifest(
    name="mailings",
    blueprints=[ladder_views.bp, ladder_step_views.bp],
    menu=[MenuItem(Place.DESK, _l("Ladders"), "ladders.index", order=31, icon="list-checks", verb="mailings.view")],
    jobs=ladder_jobs.JOBS,
    periodic=ladder_jobs.PERIODIC,
    receivers=[
        (consent.opt_in_given, ladder_receivers.on_opt_in_given),
        (consent.opt_in_withdrawn, ladder_receivers.on_opt_in_withdrawn),
        (petitions.signature_confirmed, ladder_receivers.on_signature_confirmed),
    ],
    mails=[MailKind(ladder_mail.KIND, ladder_emails.step, priority=ladder_mail.PRIORITY)],
    retention=[
        Retention(
            "mailings.ladders",
            timedelta(days=400),
            entering.purge,
            _l("Which mails of a series somebody got, after the series ended for them"),
        )
    ],
    personal_data=[PersonalData("mailings", ladder_personal.export, ladder_personal.erase)],
)
