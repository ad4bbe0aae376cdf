"""Ask whether a mail may leave, and compose it as its reader wishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from advocacy.core.settings import Settings
from advocacy.messaging import message, permission, preferences
from advocacy.messaging.permission import Links, View
from advocacy.messaging.services import suppressing
from advocacy.messaging.services.sending import mail_kind
from advocacy.messaging.signing import Signer
from advocacy.web.lots import ReadyBody, Recipient
from advocacy.web.manifest import Content, MailFacts, house

Said = TypeVar("Said", Content, ReadyBody)


def reason_not_to(facts: MailFacts) -> str | None:
    """Why a mail must not leave now: the address gets none, or a room objects."""
    held = held_back([facts]).get(facts.public_id)
    if held is not None:
        return held
    reasons = (check.reason_not_to(facts) for check in house().send_checks)
    return next((reason for reason in reasons if reason is not None), None)


def held_back(facts: Sequence[MailFacts]) -> Mapping[str, str]:
    """Of mails of one kind and coalition those whose address gets none, with the reason, by ``public_id``."""
    found: dict[str, str] = {}
    for is_service in (True, False):
        some = [one for one in facts if (one.opt_in_id is None) is is_service]
        if some:
            reasons = suppressing.suppressed_of(
                {one.to for one in some},
                coalition_id=some[0].coalition_id,
                is_service=is_service,
                is_asked_for=mail_kind(some[0].kind).is_asked_for,
            )
            found |= {one.public_id: reasons[one.to] for one in some if one.to in reasons}
    return found


def compose(facts: MailFacts) -> Content | None:
    """Compose a mail with the links to stop it, where it can be stopped, and without its topic where that is wished."""
    links = permission.links_of(facts.public_id) if facts.opt_in_id is not None else None
    view = View(links, bool(preferences.discreet_of([suppressing.address_key(facts.to)])))
    with permission.viewing(view):
        content = mail_kind(facts.kind).compose(facts)
    if content is None:
        return None
    content = replace(content, attachments=(*content.attachments, *house().attachments(facts)))
    if links is not None:
        headers = permission.list_headers(links)
        content = replace(with_links(content, links, facts.locale), headers={**content.headers, **headers})
    return replace(content, subject=neutral_subject(content, facts.locale)) if view.is_discreet else content


def with_links(content: Said, links: Links, locale: str) -> Said:
    """The mail with its links, where its own words do not show them yet (``render.content`` lets them)."""
    text, html = content.text, content.html
    environment = current_app.jinja_env
    with force_locale(locale):
        if links.unsubscribe_url not in text:
            text = f"{text.rstrip()}\n\n{environment.get_template('messaging/emails/stop.txt').render(links=links)}"
        if links.unsubscribe_url not in html:
            body, end, rest = html.partition("</body>")
            html = f"{body}{environment.get_template('messaging/emails/stop.html').render(links=links)}{end}{rest}"
    return replace(content, text=text, html=html)


def with_own_links(person: Recipient, public_id: str) -> Recipient:
    """A recipient of a lot with the links and headers of their own mail."""
    links = permission.links_of(public_id)
    values = {"unsubscribe_url": links.unsubscribe_url, "preferences_url": links.preferences_url}
    return replace(
        person, values={**person.values, **values}, headers={**person.headers, **permission.list_headers(links)}
    )


def returns_to(public_id: str) -> message.Address:
    """Where mail servers send a mail that they cannot deliver: an address of its own, where the settings name one."""
    settings: Settings = current_app.extensions["advocacy.settings"]
    local, at, domain = settings.mail.bounce_address.partition("@")
    if not at:
        return message.address(settings.mail.sender)
    return message.address(f"{local}+{permission.bounce_token(public_id)}@{domain}")


def signed(data: bytes) -> bytes:
    """The mail with the signature of the house, where a key is set up."""
    signer: Signer | None = current_app.extensions["advocacy.mail_signer"]
    return data if signer is None else signer.signed(data)


def neutral_subject(content: Content | ReadyBody, locale: str) -> str:
    """A subject that says from whom a mail comes and nothing else."""
    with force_locale(locale):
        name = content.sender_name or current_app.extensions["advocacy.settings"].server.name
        return str(_("A message from %(name)s", name=name))
