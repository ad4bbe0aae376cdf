"""Bring in many signatures at once, each as it was given elsewhere or on an earlier day, with the counts right.

The rules of the database hold here too: a second live signature of one person is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from advocacy.audit import services as audit
from advocacy.civic.services import postal
from advocacy.coalitions import rules as coalition_rules
from advocacy.core import crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.ids import new_public_id
from advocacy.core.text import fold
from advocacy.petitions.models import (
    Display,
    HeldReason,
    Petition,
    Placement,
    Signature,
    SignatureDelta,
    SignatureState,
)
from advocacy.petitions.services import addressing, facts, signing

KIND = "signature"
BATCH = 500


@dataclass(frozen=True, slots=True)
class GivenSignature:
    """A signature as it was given; with ``verified_at`` it counts, unless it was taken back at ``withdrawn_at``.

    ``division_id`` is the district that the signer named, where the postal code alone does not tell it.
    """

    name: str
    email: str
    postal_code: str
    created_at: datetime
    verified_at: datetime | None = None
    withdrawn_at: datetime | None = None
    held_reason: HeldReason | None = None
    country: str = "US"
    comment: str = ""
    display: Display = Display.HIDDEN
    updates: bool = False
    division_id: str | None = None
    channel: str = "web"
    partner_page_id: int | None = None

    @property
    def state(self) -> SignatureState:
        """Where it stands."""
        if self.withdrawn_at is not None:
            return SignatureState.WITHDRAWN
        if self.held_reason is not None:
            return SignatureState.QUARANTINED
        return SignatureState.VERIFIED if self.verified_at else SignatureState.PENDING


def add_signatures(actor: Actor, petition: Petition, given: Iterable[GivenSignature]) -> int:
    """Store signatures without sending a mail; gives how many.

    Raises: NotAllowed; sqlalchemy.exc.IntegrityError when one of them is there already.
    """
    coalition_rules.require(actor, "petitions.manage", petition.coalition_id)
    row_of = _maker(petition)
    stored = 0
    rows: list[dict[str, Any]] = []
    for one in given:
        rows.append(row_of(one))
        if len(rows) == BATCH:
            stored += _store(rows)
            rows = []
    stored += _store(rows)
    audit.record(
        actor,
        "petition.signatures_imported",
        "petition",
        petition.id,
        coalition_id=petition.coalition_id,
        facts={"count": stored},
    )
    return stored


def set_history(actor: Actor, petition: Petition, *, opened_at: datetime, closed_at: datetime | None = None) -> None:
    """Give a petition the days on which it ran before it came here.

    Raises: NotAllowed.
    """
    coalition_rules.require(actor, "petitions.manage", petition.coalition_id)
    petition.created_at = min(petition.created_at, opened_at)
    petition.opened_at = opened_at
    if closed_at is not None:
        petition.closed_at = petition.closes_at = closed_at
    db.session.flush()
    audit.record(actor, "petition.history_set", "petition", petition.id, coalition_id=petition.coalition_id)


def _store(rows: list[dict[str, Any]]) -> int:
    """Rows and the deltas of those that count."""
    if not rows:
        return 0
    db.session.execute(insert(Signature), rows)
    deltas = [
        {
            "petition_id": row["petition_id"],
            "change": 1,
            "day": row["verified_on"],
            "state_code": row["state_code"],
            "division_id": row["division_id"] or "",
            "partner_page_id": row["partner_page_id"],
            "at": row["verified_at"],
        }
        for row in rows
        if row["state"] == SignatureState.VERIFIED
    ]
    if deltas:
        db.session.execute(insert(SignatureDelta), deltas)
    return len(rows)


def _maker(petition: Petition) -> Callable[[GivenSignature], dict[str, Any]]:
    """What makes a row of a signature; keys, rules and places are looked up once."""
    scope, zone, rules = f"coalition:{petition.coalition_id}", ZoneInfo(petition.tz), facts.address_rules()
    place_of = cache(postal.place_postal)

    def row_of(one: GivenSignature) -> dict[str, Any]:
        public_id = new_public_id()

        def sealed(column: str, plain: str) -> bytes:
            return crypto.seal(scope, plain, table=KIND, column=column, row=public_id)

        canonical = addressing.canonical_address(one.email, rules)
        return {
            "coalition_id": petition.coalition_id,
            "petition_id": petition.id,
            "public_id": public_id,
            "text_version": petition.text_version,
            "name": sealed("name", one.name),
            "name_key": crypto.blind_index(f"signature-name:{petition.id}", fold(one.name)),
            "email": sealed("email", one.email),
            "email_key": signing.email_key(petition.coalition_id, petition.id, canonical),
            "place": 1,
            "postal_code": one.postal_code,
            "country": one.country,
            "comment": sealed("comment", one.comment) if one.comment else None,
            "display": one.display,
            "updates": one.updates,
            "partner_page_id": one.partner_page_id,
            "state": one.state,
            "held_reason": one.held_reason,
            "channel": one.channel,
            "created_at": one.created_at,
            "verified_at": one.verified_at,
            "verified_on": one.verified_at.astimezone(zone).date() if one.verified_at else None,
            "withdrawn_at": one.withdrawn_at,
            "confirm_nonce": None,
            "confirm_until": None,
            "manage_nonce": new_public_id(),
            "mail_count": 0,
            **_placed(one, place_of),
        }

    return row_of


def _placed(one: GivenSignature, place_of: Callable[[str, str], postal.Placement]) -> dict[str, Any]:
    found = place_of(one.postal_code, one.country)
    division = found.certain_house or (one.division_id if one.division_id in found.options else None)
    return {
        "town": found.town or "",
        "state_code": found.state or "",
        "division_id": division,
        "placement": Placement.PLACED if division else Placement.NOT_PLACED,
    }
