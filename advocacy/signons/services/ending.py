"""Freeze a letter, hand it over, put it away; or take it back."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.coalitions.organization_models import Membership
from advocacy.core import clock, crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.queue import port
from advocacy.signons import people_queries, queries, rules, signals
from advocacy.signons.models import LetterState, Shown, SignOn, SignOnLetter, SignOnManifest, SignOnState
from advocacy.signons.people_models import PeopleManifest, PersonalSignOn, PersonShown, PersonState
from advocacy.signons.services import inviting, lettering, people_mail
from advocacy.signons.services.forgetting import DRAW_JOB


def freeze_letter(actor: Actor, public_id: str) -> SignOnLetter:
    """Take no more signatures: words and signers stand, with a hash that proves them; a PDF is drawn.

    People who signed for themselves stand in a list of their own.

    Raises: NotFound, NotAllowed, Conflict, RuleBroken when no organization has signed.
    """
    letter = queries.letter_at_desk(actor, public_id, lettering.VERB, lock=True)
    rules.require_step(letter, LetterState.FROZEN)
    items = _items(letter)
    if not items:
        raise RuleBroken(_("No organization has signed this letter yet, so there is nothing to freeze."))
    people = _people_items(letter)
    letter.manifest_hash = manifest_hash(letter, items, people)
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
    if people:
        db.session.add(
            PeopleManifest(
                letter_id=letter.id,
                coalition_id=letter.coalition_id,
                signed_count=len(people),
                items=people,
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
    people_mail.write_all(letter, people_mail.DELIVERED_MAIL)
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
    items = _items(letter, dict(found.items))
    kept = people_queries.manifest_of(letter.id)
    people = _people_items(letter, dict(kept.items) if kept is not None else {})
    is_same = items == found.items and people == (kept.items if kept is not None else [])
    return is_same and manifest_hash(letter, items, people) == letter.manifest_hash == found.manifest_hash


def manifest_hash(letter: SignOnLetter, items: list[list[str]], people: list[list[str]]) -> str:
    """The one hash that stands for the words and everybody under them."""
    body = queries.text_of(letter).body
    head = {
        "letter": letter.public_id,
        "addressees": letter.addressees,
        "text_version": letter.text_version,
        "text": hashlib.sha256(body.encode()).hexdigest(),
        "signers": items,
        **({"people": people} if people else {}),
    }
    return hashlib.sha256(json.dumps(head, sort_keys=True).encode()).hexdigest()


def _items(letter: SignOnLetter, erased: Mapping[str, str] | None = None) -> list[list[str]]:
    """Who signed: the row's public id and a keyed digest of what is shown, so that names can still be erased.

    ``erased`` are the digests from the day of freezing, for rows whose names went since.
    """
    rows = db.session.execute(
        select(SignOn, Membership.public_id)
        .join(Membership, Membership.id == SignOn.membership_id)
        .where(SignOn.letter_id == letter.id, SignOn.state == SignOnState.SIGNED)
        .order_by(SignOn.id)
    )
    return [
        [row.public_id, _kept(row.erased_at, row.public_id, erased) or _digest(_shown(row, membership))]
        for row, membership in rows
    ]


def _people_items(letter: SignOnLetter, erased: Mapping[str, str] | None = None) -> list[list[str]]:
    """The same of people who signed for themselves."""
    rows = db.session.execute(
        select(PersonalSignOn)
        .where(PersonalSignOn.letter_id == letter.id, PersonalSignOn.state == PersonState.SIGNED)
        .order_by(PersonalSignOn.id)
    ).scalars()
    return [[row.public_id, _kept(row.erased_at, row.public_id, erased) or _digest(_shown_person(row))] for row in rows]


def _kept(erased_at: datetime | None, public_id: str, erased: Mapping[str, str] | None) -> str | None:
    return (erased or {}).get(public_id) if erased_at is not None else None


def _digest(shown: list[str | int | None]) -> str:
    return hmac.digest(crypto.derived_key("signon:manifest"), json.dumps(shown).encode(), "sha256").hex()


def _shown(row: SignOn, membership: str) -> list[str | int | None]:
    """What stands in public, and nothing else: a name that is not shown is not in the proof either."""
    named = [queries.signer_name(row), row.title] if row.shown == Shown.FULL else []
    return [membership, *named, row.place, row.shown, row.text_version]


def _shown_person(row: PersonalSignOn) -> list[str | int | None]:
    named = [people_queries.name_of(row), row.place] if row.shown == PersonShown.FULL else []
    return [*named, row.shown, row.text_version]
