"""Mail that somebody agreed to, and its links."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Flask
from sqlalchemy import literal, select, union_all

from advocacy.consent import services as consent
from advocacy.consent.models import Purpose
from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.messaging import permission
from advocacy.messaging.models import Mail
from advocacy.messaging.services import bulk, sending, suppressing
from advocacy.messaging.suppression_models import Reason, Suppression
from advocacy.supporters.services import person_for_email
from advocacy.web.lots import LotKind, ReadyBody, Recipient
from advocacy.web.manifest import Content, House, MailKind, Manifest

NEWS = "press.news"
NEEDED = "press.receipt"
PAPER = "press.paper"


def add_press(app: Flask) -> None:
    """A room that writes news to those who agreed, and receipts to whoever did something."""

    def compose(facts):
        return Content(facts.to, "The bridge vote is on Monday", "Come along.\n", "<p>Come along.</p>")

    def people(object_id, contact_ids):
        return {number: Recipient(f"reader{number}@example.org") for number in contact_ids}

    body = ReadyBody("The bridge vote is on Monday", "Come along.\n", "<p>Come along.</p>")
    paper = LotKind(lambda object_id: 1, lambda object_id, locale: body, people)
    kinds = [
        MailKind(NEWS, compose),
        MailKind(NEEDED, compose, service_basis="signature"),
        MailKind(PAPER, compose, lot=paper),
    ]
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


def hold_back(coalition_id: int, email: str = "held@example.org", *, is_lifted: bool = False) -> str:
    """An address that a coalition no longer writes to; lifted, it may again. Gives its public id."""
    with uow.unit():
        suppressing.suppress(email, Reason.COMPLAINT, coalition_id=coalition_id)
        row = db.session.execute(select(Suppression).order_by(Suppression.id.desc()).limit(1)).scalar_one()
        if is_lifted:
            suppressing.lift(system_actor(coalition_id=coalition_id), row.public_id, "They asked.")
        return row.public_id


def write_to_many(coalition_id: int, leaves: Mapping[int, int]) -> None:
    """Queue a lot to readers by their numbers, each under a leave, committed."""
    chosen = [
        select(literal(number).label("contact_id"), literal(leave).label("opt_in_id"), literal("en").label("locale"))
        for number, leave in leaves.items()
    ]
    with uow.unit():
        bulk.queue_lot(
            kind=PAPER,
            object_kind="thing",
            object_id=1,
            coalition_id=coalition_id,
            recipients=select(union_all(*chosen).subquery()),
        )
