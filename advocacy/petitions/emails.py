"""Mails to signers, made from rows when they are sent; nothing that a signer typed stands in them."""

from __future__ import annotations

from typing import Any

from advocacy.coalitions import queries as coalition_queries
from advocacy.core import clock
from advocacy.core.db import db
from advocacy.core.links import absolute
from advocacy.messaging import render
from advocacy.petitions import partner_queries, queries, rules, seats
from advocacy.petitions.linking import confirm_url, manage_url
from advocacy.petitions.models import Petition, Signature, SignatureState
from advocacy.petitions.partner_models import PartnerDeletion
from advocacy.reminders import linking as reminders_linking
from advocacy.web.manifest import Content, MailFacts


def confirm_signature(facts: MailFacts) -> Content | None:
    """Ask the owner of the mailbox for the one press that lets a signature count."""
    found = _rows(facts)
    if found is None:
        return None
    signature, petition = found
    if signature.state != SignatureState.PENDING or not rules.can_confirm(petition, clock.now()):
        return None
    return _content(
        facts,
        "confirm_signature",
        signature,
        petition,
        url=confirm_url(signature),
        until=signature.confirm_until,
    )


def already_signed(facts: MailFacts) -> Content | None:
    """Tell the owner of the mailbox that this signature counts already."""
    found = _rows(facts)
    if found is None or found[0].state != SignatureState.VERIFIED:
        return None
    return _content(facts, "already_signed", *found)


def thank_you(facts: MailFacts) -> Content | None:
    """Thank somebody whose signature counts: the link to pass on, and who speaks for them where that is known."""
    found = _rows(facts)
    if found is None or found[0].state != SignatureState.VERIFIED:
        return None
    signature, _petition = found
    return _content(
        facts,
        "thank_you",
        *found,
        seat=seats.seat_of(signature.division_id, signature.state_code),
        representatives_url=absolute("/representatives"),
    )


def partner_ask(facts: MailFacts) -> Content | None:
    """Ask for a partner whose box was ticked, while the tick and the page stand and the petition is open."""
    found = _rows(facts)
    if found is None or not partner_queries.is_given(found[0]):
        return None
    signature, petition = found
    page = partner_queries.page_in_use(signature.coalition_id, signature.partner_page_id or 0)
    if page is None or not rules.is_signing_open(petition, clock.now()):
        return None
    return _content(
        facts,
        "partner_ask",
        signature,
        petition,
        partner=page[1].name,
        page_url=absolute(f"/petitions/{petition.slug}/with/{page[0].slug}"),
    )


def _rows(facts: MailFacts) -> tuple[Signature, Petition] | None:
    signature = db.session.get(Signature, facts.object_id)
    if signature is None or signature.email is None:
        return None
    petition = db.session.get(Petition, signature.petition_id)
    return None if petition is None else (signature, petition)


def closing_soon(facts: MailFacts) -> Content | None:
    """Remind an organizer that a petition closes."""
    petition = db.session.get(Petition, facts.object_id)
    if petition is None or petition.closes_at is None:
        return None
    return render.content(
        "petitions/emails/closing_soon",
        facts.to,
        locale=facts.locale,
        again_url=reminders_linking.again_url(facts),
        petition=petition,
        count=queries.shown_count(petition.id).count,
        desk_url=absolute(f"/desk/petitions/{petition.public_id}"),
        coalition=coalition_queries.coalition(petition.coalition_id),
    )


def partner_deletion(facts: MailFacts) -> Content | None:
    """Tell a partner to delete what somebody gave it and took back; it names only the partner's own reference."""
    found = db.session.get(PartnerDeletion, facts.object_id)
    if found is None or found.done_at is not None:
        return None
    page, membership = partner_queries.page_by_id(found.coalition_id, found.partner_page_id)
    petition = db.session.get_one(Petition, found.petition_id)
    return render.content(
        "petitions/emails/partner_deletion",
        facts.to,
        locale=facts.locale,
        petition=petition,
        organization=membership.name,
        reference=db.session.get_one(Signature, found.signature_id).public_id,
        asked_at=found.asked_at,
        coalition=coalition_queries.coalition(found.coalition_id),
        url=absolute(f"/desk/partner-pages/{page.public_id}"),
    )


def _content(
    facts: MailFacts,
    message: str,
    signature: Signature,
    petition: Petition,
    **context: Any,  # noqa: ANN401 - template context
) -> Content:
    return render.content(
        f"petitions/emails/{message}",
        facts.to,
        locale=facts.locale,
        petition=petition,
        petition_url=absolute(f"/petitions/{petition.slug}"),
        coalition=coalition_queries.coalition(petition.coalition_id),
        manage_url=manage_url(signature),
        **context,
    )
