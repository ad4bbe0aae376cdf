"""Freeze a letter, hand it over, put it away; or take it back."""

from __future__ import annotations

import hashlib
import hmac
import json

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.coalitions.organization_models import Membership
from advocacy.core import clock, crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.queue import port
from advocacy.signons import queries, rules, signals
from advocacy.signons.models import LetterState, SignOn, SignOnLetter, SignOnManifest, SignOnState
from advocacy.signons.services import inviting, lettering

DRAW_JOB = "signons.draw_letter"


def freeze_letter(actor: Actor, public_id: str) -> SignOnLetter:
    """Take no more signatures: words and signers stand, with a hash that proves them; a PDF is drawn.

    Raises: NotFound, NotAllowed, Conflict, RuleBroken when nobody has signed.
    """
    letter = queries.letter_at_desk(actor, public_id, lettering.VERB, lock=True)
    rules.require_step(letter, LetterState.FROZEN)
    items = _items(letter)
    if not items:
        raise RuleBroken(_("Nobody has signed this letter yet, so there is nothing to freeze."))
    letter.manifest_hash = manifest_hash(letter, items)
    db.session.add(
        SignOnManifest(
            letter_id=letter.id,
            coalition_id=letter.coalition_id,
            manifest_hash=letter.manifest_hash,
            text_version=letter.text_version,
            signer_count=len(items),
            items=items,
            frozen_at=clock.now(),
        )
    )
    lettering.drop_deadlines(letter)
    lettering.step(actor, letter, LetterState.FROZEN)
    port.enqueue(db.session(), DRAW_JOB, {"letter_id": letter.id}, dedupe_key=f"{DRAW_JOB}:{letter.id}")
    return letter


def deliver_letter(actor: Actor, public_id: str) -> SignOnLetter:
    """Note that the letter was handed over; who signed gets a mail.

    Announces: ``signon_delivered``. Raises: NotFound, NotAllowed, Conflict.
    """
    letter = queries.letter_at_desk(actor, public_id, lettering.VERB, lock=True)
    rules.require_step(letter, LetterState.DELIVERED)
    letter.delivered_at = clock.now()
    lettering.step(actor, letter, LetterState.DELIVERED)
    rows = select(SignOn).where(SignOn.letter_id == letter.id, SignOn.state == SignOnState.SIGNED)
    for row in db.session.execute(rows).scalars().all():
        inviting.mail(letter, row, inviting.DELIVERED_MAIL, key=f"signon:{row.id}:delivered")
    signals.signon_delivered.send(
        letter_id=letter.id,
        coalition_id=letter.coalition_id,
        is_lobbying=letter.is_lobbying,
        membership_ids=queries.signed_membership_ids(letter.id),
    )
    return letter


def end_letter(actor: Actor, public_id: str, state: LetterState) -> SignOnLetter:
    """Archive a delivered letter, or withdraw one that was not delivered.

    Raises: NotFound, NotAllowed, Conflict.
    """
    letter = queries.letter_at_desk(actor, public_id, lettering.VERB, lock=True)
    rules.require_step(letter, state)
    if state == LetterState.WITHDRAWN:
        lettering.drop_deadlines(letter)
    lettering.step(actor, letter, state)
    return letter


def is_whole(letter: SignOnLetter) -> bool:
    """Whether the rows still give the hash: nothing was added, changed or lost since the letter was frozen."""
    found = queries.manifest_of(letter.id)
    if found is None or letter.manifest_hash is None:
        return False
    items = _items(letter)
    return items == found.items and manifest_hash(letter, items) == letter.manifest_hash == found.manifest_hash


def manifest_hash(letter: SignOnLetter, items: list[list[str]]) -> str:
    """The one hash that stands for the words and everybody under them."""
    body = queries.text_of(letter).body
    head = {
        "letter": letter.public_id,
        "addressees": letter.addressees,
        "text_version": letter.text_version,
        "text": hashlib.sha256(body.encode()).hexdigest(),
        "signers": items,
    }
    return hashlib.sha256(json.dumps(head, sort_keys=True).encode()).hexdigest()


def _items(letter: SignOnLetter) -> list[list[str]]:
    """Who signed: the row's public id and a keyed digest of what is shown, so that names can still be erased."""
    key = crypto.derived_key("signon:manifest")
    rows = db.session.execute(
        select(SignOn, Membership.public_id)
        .join(Membership, Membership.id == SignOn.membership_id)
        .where(SignOn.letter_id == letter.id, SignOn.state == SignOnState.SIGNED)
        .order_by(SignOn.id)
    )
    return [
        [row.public_id, hmac.digest(key, json.dumps(_shown(row, membership)).encode(), "sha256").hex()]
        for row, membership in rows
    ]


def _shown(row: SignOn, membership: str) -> list[str | int | None]:
    return [membership, queries.signer_name(row), row.title, row.place, row.shown, row.text_version]
