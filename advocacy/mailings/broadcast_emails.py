"""The mail of a broadcast: written once for each language, filled in for each person."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from advocacy.campaigns.models import Campaign
from advocacy.coalitions import queries as coalitions
from advocacy.core import crypto, markdown
from advocacy.core.db import db
from advocacy.core.links import absolute
from advocacy.mailings import merging
from advocacy.mailings.broadcast_models import Broadcast, BroadcastState
from advocacy.messaging import permission, render
from advocacy.messaging import ready as ready_mail
from advocacy.messaging.permission import Links, View
from advocacy.messaging.services import permitting
from advocacy.petitions.models import Petition
from advocacy.supporters import queries as supporters
from advocacy.supporters.models import ContactKind, ContactPoint, Person, PersonState
from advocacy.web.lots import Gone, Held, ReadyBody, Recipient
from advocacy.web.manifest import Content, MailFacts, house

FOLDER = "mailings/emails/broadcast"
_LEAVES = frozenset({BroadcastState.SENDING, BroadcastState.DONE})
_MARKS = re.compile(r"([\\`*_{}\[\]()#+.!<>&|~-])")


def revision(object_id: int) -> int | Held | Gone:
    """Which words to send, or why nothing leaves now."""
    found = db.session.get(Broadcast, object_id, populate_existing=True)
    if found is None or found.state == BroadcastState.CANCELLED:
        return Gone("cancelled")
    return found.rev if found.state in _LEAVES else Held("paused")


def ready(object_id: int, locale: str) -> ReadyBody:
    """The mail in a language, with a slot for each person's first name."""
    found = db.session.get_one(Broadcast, object_id)
    return body_of(found, locale)


def people(object_id: int, contact_ids: Sequence[int]) -> Mapping[int, Recipient]:
    """Who can still be written to, opened: whoever was erased is missing.

    Whether the leave still stands is asked of ``consent`` before each mail, so that its end has a reason of its own.
    """
    found = db.session.get_one(Broadcast, object_id)
    rows = db.session.execute(
        select(Person, ContactPoint)
        .join(ContactPoint, (ContactPoint.coalition_id == Person.coalition_id) & (ContactPoint.person_id == Person.id))
        .where(
            Person.coalition_id == found.coalition_id,
            Person.id.in_(contact_ids),
            Person.state == PersonState.ACTIVE,
            ContactPoint.kind == ContactKind.EMAIL,
            ContactPoint.verified_at.is_not(None),
        )
        .order_by(ContactPoint.id)
    )
    return {  # the newest address of a person stays
        person.id: Recipient(
            crypto.open_sealed(point.value_sealed, table="contact_point", column="value", row=point.public_id),
            {merging.FIRST_NAME: merging.first_name(supporters.person_name(person), found.name_fallback)},
        )
        for person, point in rows
    }


def single(facts: MailFacts) -> Content | None:
    """The mail to one person, as dead mail is sent again."""
    found = db.session.get(Broadcast, facts.object_id)
    if found is None or not isinstance(revision(found.id), int):
        return None
    body = body_of(found, facts.locale)
    subject, text, html = ready_mail.filled(body, {merging.FIRST_NAME: found.name_fallback})
    return Content(to=facts.to, subject=subject, text=text, html=html, sender_name=body.sender_name)


def proof(facts: MailFacts) -> Content | None:
    """The mail as a proof for somebody of the coalition, in their own name."""
    found = db.session.get(Broadcast, facts.object_id)
    user_id = facts.params.get("user")
    if found is None or not isinstance(user_id, int):
        return None
    name, _email, _locale = house().contact(user_id)
    body = body_of(found, found.locale, is_proof=True)
    values = {merging.FIRST_NAME: merging.first_name(name, found.name_fallback)}
    subject, text, html = ready_mail.filled(body, values)
    return Content(to=facts.to, subject=subject, text=text, html=html, sender_name=body.sender_name)


def body_of(found: Broadcast, locale: str, *, is_proof: bool = False) -> ReadyBody:
    """What the mail says, with a slot where each person's first name goes."""
    shared = _shared(found)
    coalition = coalitions.coalition(found.coalition_id)
    html = markdown.to_html(merging.merged(found.body, lambda name: _plain_mark(name, shared)))
    made = render.content(
        FOLDER,
        "",
        locale=locale,
        coalition=coalition,
        subject=merging.merged(found.subject, shared),
        body=merging.merged(found.body, shared),
        body_html=html,
        purpose=found.purpose,
        is_proof=is_proof,
    )
    return ReadyBody(made.subject, made.text, made.html, sender_name=coalition.name)


def as_it_arrives(found: Broadcast, first_name: str) -> ReadyBody:
    """The mail as somebody of this name gets it, with links that stop nobody's mail, for a preview."""
    links = Links(absolute("/unsubscribe/…"), absolute("/preferences/…"))
    with permission.viewing(View(links)):
        body = permitting.with_links(body_of(found, found.locale), links, found.locale)
    subject, text, html = ready_mail.filled(body, {merging.FIRST_NAME: first_name})
    return replace(body, subject=subject, text=text, html=html)


def page_html(found: Broadcast, first_name: str) -> str:
    """The text alone, as a page shows it."""
    shared = _shared(found)

    def value(name: str) -> str:
        return _MARKS.sub(r"\\\1", first_name) if name == merging.FIRST_NAME else _plain_mark(name, shared)

    return markdown.to_html(merging.merged(found.body, value))


def _shared(found: Broadcast) -> Callable[[str], str]:
    """The value of each field; a person's own is a slot."""
    campaign = db.session.get(Campaign, found.campaign_id) if found.campaign_id else None
    petition = db.session.get(Petition, found.petition_id) if found.petition_id else None
    values = {
        merging.FIRST_NAME: ready_mail.slot(merging.FIRST_NAME),
        "coalition": coalitions.coalition(found.coalition_id).name,
        "campaign": campaign.title if campaign else "",
        "petition": petition.title if petition else "",
        "petition_link": absolute(f"/petitions/{petition.slug}") if petition else "",
    }
    return lambda name: values.get(name, "")


def _plain_mark(name: str, value: Callable[[str], str]) -> str:
    """A value inside Markdown: a title's own asterisks stay asterisks; an address stays a link."""
    found = value(name)
    return found if name in {"petition_link", merging.FIRST_NAME} else _MARKS.sub(r"\\\1", found)
