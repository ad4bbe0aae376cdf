"""The frozen letter as PDF: read in a short unit, drawn with no transaction open, stored in another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from advocacy.coalitions import queries as coalition_queries
from advocacy.core import clock, logs
from advocacy.core.db import db
from advocacy.signons import people_queries, people_words, queries, rules
from advocacy.signons.adapters import typesetting
from advocacy.signons.models import SignOnDocument, SignOnLetter
from advocacy.web.templating import day

log = logs.get("signons")


def prepare(args: Mapping[str, Any]) -> dict[str, Any] | None:
    """Everything that stands in the PDF, or nothing when it stands already."""
    letter = db.session.get(SignOnLetter, int(args["letter_id"]))
    if letter is None or letter.manifest_hash is None or queries.has_document(letter):
        return None
    coalition = coalition_queries.coalition(letter.coalition_id)
    with force_locale(coalition.locale):
        return page_data(letter, coalition.name, coalition.locale)


def page_data(letter: SignOnLetter, coalition: str, locale: str) -> dict[str, Any]:
    """The letter as plain values for the typesetter."""
    manifest = queries.manifest_of(letter.id)
    signers = queries.signers(letter)
    count = manifest.signer_count if manifest else len(signers)
    unnamed = count - len(signers)
    kept = people_queries.manifest_of(letter.id)
    people = people_queries.named(letter, None) if kept is not None else []
    people_count = kept.signed_count if kept is not None else 0
    frozen_at = manifest.frozen_at if manifest else clock.now()
    return {
        "lang": locale.split("_", maxsplit=1)[0],
        "title": letter.title,
        "coalition": coalition,
        "date": day(frozen_at, letter.tz),
        "addressees": letter.addressees.splitlines(),
        "blocks": [{"kind": kind, "lines": lines} for kind, lines in rules.blocks(queries.text_of(letter).body)],
        "heading": ngettext("Signed by %(num)s organization", "Signed by %(num)s organizations", count),
        "columns": [_("Organization"), _("For it"), _("Place")],
        "signers": [
            [
                one.organization,
                ", ".join(part for part in (one.name, one.title) if part)
                + (f" ({_('withdrew on %(day)s', day=day(one.withdrew_at, letter.tz))})" if one.withdrew_at else ""),
                one.place,
            ]
            for one in signers
        ],
        "unnamed": ngettext(
            "%(num)s more organization signed and is counted without its name.",
            "%(num)s more organizations signed and are counted without their names.",
            unnamed,
        )
        if unnamed
        else "",
        "people_heading": ngettext(
            "Signed by %(num)s person for themselves", "Signed by %(num)s people for themselves", people_count
        )
        if people_count
        else "",
        "people_columns": [_("Name"), _("Town")],
        "people": [[one.name, one.place] for one in people],
        "people_unnamed": people_words.unnamed(people_count - len(people)) if people_count > len(people) else "",
        "proof": _("Proof of these pages: %(hash)s", hash=letter.manifest_hash),
        "page_of": _("Page"),
    }


def perform(prepared: Mapping[str, Any]) -> typesetting.Drawn:
    """Draw; no database here."""
    return typesetting.draw(prepared)


def settle(args: Mapping[str, Any], drawn: typesetting.Drawn) -> None:
    """Keep the PDF beside its letter."""
    letter = db.session.get(SignOnLetter, int(args["letter_id"]))
    if letter is None or letter.manifest_hash is None or queries.has_document(letter):
        return
    db.session.add(
        SignOnDocument(
            letter_id=letter.id,
            coalition_id=letter.coalition_id,
            manifest_hash=letter.manifest_hash,
            content=drawn.content,
            is_tagged=drawn.is_accessible,
            made_at=clock.now(),
        )
    )
    db.session.flush()
    log.info("letter_drawn", letter_id=letter.id, size=len(drawn.content), is_accessible=drawn.is_accessible)
