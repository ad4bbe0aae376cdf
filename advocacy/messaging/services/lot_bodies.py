"""What a lot says, written once in this process for each revision and form."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

from flask import current_app

from advocacy.core import clock
from advocacy.core.settings import Settings
from advocacy.messaging import message, permission, ready
from advocacy.messaging.permission import Links, View
from advocacy.messaging.services import permitting
from advocacy.web.lots import LotKind, ReadyBody
from advocacy.web.manifest import Content

type_form = tuple[str, bool, bool]
"""Language; whether it can be stopped, so that it shows how; whether it is discreet."""
_KEPT = 20


@dataclass(frozen=True)
class BatchOf:
    """What a batch is about."""

    kind: str
    coalition_id: int | None
    object_kind: str
    object_id: int


def prepared(of: BatchOf, spec: LotKind, revision: int, form: type_form) -> ready.Prepared:
    """The bytes of a revision in one form, with gaps for each person's values.

    Raises: BadMessage.
    """
    kept: OrderedDict[tuple[str, int, int, type_form], ready.Prepared] = current_app.extensions.setdefault(
        "advocacy.ready_bodies", OrderedDict()
    )
    key = (of.kind, of.object_id, revision, form)
    found = kept.get(key)
    if found is None:
        settings: Settings = current_app.extensions["advocacy.settings"]
        sender = message.Sender(settings.mail.sender, settings.mail.sender_name or settings.server.name)
        found = kept[key] = ready.prepare(_body(of, spec, form), sender, probe_at=clock.now())
        while len(kept) > _KEPT:
            kept.popitem(last=False)
    return found


def _body(of: BatchOf, spec: LotKind, form: type_form) -> ReadyBody:
    locale, is_list, is_discreet = form
    links = Links(ready.slot("unsubscribe_url"), ready.slot("preferences_url")) if is_list else None
    with permission.viewing(View(links, is_discreet)):
        body = spec.ready(of.object_id, locale)
    content = Content(to="", subject=body.subject, text=body.text, html=body.html, sender_name=body.sender_name)
    if links is not None:
        content = permitting.with_links(content, links, locale)
    subject = permitting.neutral_subject(content, locale) if is_discreet else body.subject
    return replace(body, subject=subject, text=content.text, html=content.html)
