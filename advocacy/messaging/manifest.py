"""What the room contributes."""

from __future__ import annotations

import threading
from datetime import timedelta

from flask import Flask
from flask_babel import lazy_gettext as _l

from advocacy.core.settings import Settings
from advocacy.messaging import (
    commands,
    jobs,
    preferences,
    queries,
    return_views,
    signing,
    suppression_views,
    text_views,
    views,
)
from advocacy.messaging.adapters.console import ConsoleTransport
from advocacy.messaging.adapters.mailbox import MailboxTransport
from advocacy.messaging.adapters.sms import SmsService
from advocacy.messaging.adapters.smtp import SmtpTransport
from advocacy.messaging.adapters.transport import Transport
from advocacy.messaging.services import agreeing, pacing, returning, sending, suppressing, texting, tidying
from advocacy.web.manifest import HealthCheck, Manifest, MenuItem, PersonalData, Place, Retention
from advocacy.web.offers import TextKind

RETURNS_KEEP = timedelta(days=90)
LIFTED_KEEP = timedelta(days=400)


def _set_up(app: Flask) -> None:
    settings: Settings = app.extensions["advocacy.settings"]
    transports: dict[str, type[ConsoleTransport | MailboxTransport]] = {
        "console": ConsoleTransport,
        "mailbox": MailboxTransport,
    }
    transport: Transport
    if settings.mail.transport == "smtp":
        transport = SmtpTransport(settings.mail, sending.host_name(settings))
    else:
        transport = transports[settings.mail.transport]()
    app.extensions["advocacy.mail_transport"] = transport
    return_views.check_key(settings.mail)
    app.extensions["advocacy.sms"] = SmsService(settings.sms, "advocacy") if settings.sms.url else None
    app.extensions["advocacy.mail_signer"] = signing.signer_of(settings.mail)
    # A server that hangs holds threads of the worker: one is always left for other work.
    app.extensions["advocacy.mail_slots"] = threading.BoundedSemaphore(max(1, settings.queue.threads - 1))


MANIFEST = Manifest(
    name="messaging",
    blueprints=[views.bp, suppression_views.bp, return_views.bp, text_views.bp],
    menu=[MenuItem(Place.DESK, _l("Mail"), "messaging.mail", order=90, icon="mail", verb="ops.view")],
    jobs=jobs.JOBS,
    periodic=jobs.PERIODIC,
    commands=[commands.mail_group],
    texts=[TextKind(agreeing.CODE_KIND, agreeing.say_code)],
    health=[HealthCheck("mail", queries.is_mail_moving)],
    retention=[
        Retention("mail", tidying.KEEP, tidying.empty_old_mail, _l("The address of a mail that was sent or given up")),
        Retention("mail.returns", RETURNS_KEEP, returning.purge, _l("That a mail came back, and with which code")),
        Retention("mail.pace", tidying.KEEP, pacing.forget, _l("How fast mail to many went to a mail domain")),
        Retention(
            "mail.suppressions",
            LIFTED_KEEP,
            suppressing.purge_lifted,
            _l("That an address got no mail for a time, after mail may go there again"),
        ),
        Retention("texts", tidying.KEEP, texting.purge, _l("That a text message was sent or given up")),
        Retention("mailbox", tidying.KEEP, tidying.empty_mailbox, _l("Mails in the mailbox of a demonstration")),
    ],
    personal_data=[
        PersonalData("messaging", preferences.export, preferences.erase),
        PersonalData("texts", agreeing.export, agreeing.erase),
    ],
    set_up=_set_up,
)
