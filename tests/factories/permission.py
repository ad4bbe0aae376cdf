"""Mail that somebody agreed to, and its links."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from advocacy.consent import services as consent
from advocacy.consent.models import Purpose
from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.messaging import permission
from advocacy.messaging.models import Mail
from advocacy.messaging.services import sending
from advocacy.supporters.services import person_for_email
from advocacy.web.manifest import Content, House, MailKind, Manifest

NEWS = "press.news"
NEEDED = "press.receipt"


def add_press(app: Flask) -> None:
    """A room that writes news to those who agreed, and receipts to whoever did something."""

    def compose(facts):
        return Content(facts.to, "The bridge vote is on Monday", "Come along.\n", "<p>Come along.</p>")

    kinds = [MailKind(NEWS, compose), MailKind(NEEDED, compose, service_basis="signature")]
    app.extensions["advocacy.house"] = House(
        (*app.extensions["advocacy.house"].manifests, Manifest(name="press", mails=kinds))
    )


def agree(coalition_id: int, email: str = "ana@example.org", purpose: Purpose = Purpose.CAMPAIGN_NEWS) -> int:
    """Somebody's leave, committed."""
    actor = system_actor(coalition_id=coalition_id)
    with uow.unit():
        person_id = person_for_email(actor, coalition_id, "Ana Lima", email)
        return consent.opt_in(actor, coalition_id, person_id, purpose, proof={"kind": "confirm_link"}).id


def write(
    coalition_id: int, email: str = "ana@example.org", opt_in_id: int | None = None, kind: str = NEWS
) -> int | None:
    """Queue a mail, committed."""
    with uow.unit():
        return sending.queue_mail(
            kind=kind, to=email, coalition_id=coalition_id, object_kind="thing", object_id=1, opt_in_id=opt_in_id
        )


def mail(mail_id: int | None) -> Mail:
    """A mail's row as it is now, detached."""
    with uow.reading():
        row = db.session.execute(select(Mail).where(Mail.id == mail_id)).scalar_one()
        db.session.expunge(row)
    return row


def paths(mail_id: int | None) -> tuple[str, str]:
    """Where a mail is stopped, and where everything else is chosen."""
    links = permission.links_of(mail(mail_id).public_id)
    stop, choose = (re.sub(r"^https?://[^/]+", "", url) for url in (links.unsubscribe_url, links.preferences_url))
    return stop, choose
