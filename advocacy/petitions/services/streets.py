"""A signer's street: kept sealed until it was looked up after the confirmation, in the background, then dropped.

Nothing of it stands in a job, a log or an error. Whatever fails, the signature stays "not placed" and its signer may
pick the district by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import CursorResult, delete, exists, select

from advocacy.civic import rules as civic_rules
from advocacy.civic.services import street
from advocacy.civic.services.places_found import NOT_ASKED, Street
from advocacy.core import clock, crypto
from advocacy.core.actor import system_actor
from advocacy.core.db import Statement, db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.jobs_spec import RetryLater
from advocacy.petitions.models import Placement, Signature, SignatureState
from advocacy.petitions.services import placing
from advocacy.petitions.street_models import SignatureStreet
from advocacy.queue import port

JOB = "petitions.place_signer"
TABLE = "signature_street"
LONGEST = timedelta(days=14)
"""What the privacy page promises; ``petitions.street_days`` may only be shorter."""
_AGAIN = timedelta(hours=1)
KEEP = Statement("""
    INSERT INTO signature_street (signature_id, coalition_id, street, created_at)
    SELECT s.id, s.coalition_id, :street, s.created_at FROM signature s WHERE s.public_id = :public_id""")
"""Run behind the insert of a signature with a street, and only then."""


@dataclass(frozen=True)
class Wanted:
    """What is looked up, in memory only."""

    address: str = field(repr=False)
    postal_code: str = field(repr=False)


def seal(scope: str, text: str, public_id: str) -> bytes:
    """The street as it is stored."""
    return crypto.seal(scope, text, table=TABLE, column="street", row=public_id)


def opened(signature: Signature) -> str:
    """The street of a signature while it is kept; empty afterwards."""
    row = db.session.get(SignatureStreet, signature.id)
    return crypto.open_sealed(row.street, table=TABLE, column="street", row=signature.public_id) if row else ""


def look_up_later(signature: Signature) -> None:
    """After a confirmation: queue the look-up where a street was given and the postal code did not decide."""
    if signature.placement == Placement.PLACED:
        drop(signature.id)
    elif db.session.execute(select(exists().where(SignatureStreet.signature_id == signature.id))).scalar():
        port.enqueue(db.session(), JOB, {"signature_id": signature.id}, priority=70, dedupe_key=f"{JOB}:{signature.id}")


def drop(signature_id: int) -> None:
    """Forget the street."""
    gone = delete(SignatureStreet).where(SignatureStreet.signature_id == signature_id)
    db.session.execute(gone.execution_options(synchronize_session=False))


def prepare(args: Mapping[str, Any]) -> Wanted | None:
    """The street, while it still matters."""
    signature = db.session.get(Signature, int(args["signature_id"]))
    if signature is None:
        return None
    if signature.state != SignatureState.VERIFIED or signature.placement == Placement.PLACED:
        drop(signature.id)
        return None
    text = opened(signature)
    return Wanted(text, signature.postal_code) if text and signature.country == "US" else None


def perform(wanted: Wanted) -> Street | None:
    """Ask where it lies; ``None`` when it is no street, or nobody may be asked."""
    try:
        return street.locate(system_actor(), wanted.address, postal_code=wanted.postal_code, for_people=False)
    except RuleBroken:
        return None


def settle(args: Mapping[str, Any], found: Street | None) -> None:
    """Place the signature where one district is certain; try again later where nobody could say."""
    if found is not None and found.warning == NOT_ASKED:
        reason = "nobody could say"
        raise RetryLater(_AGAIN, reason)
    signature = db.session.get(Signature, int(args["signature_id"]))
    if signature is None:
        return
    houses = {ocd_id for place in found.places for ocd_id in place.division_ids} if found is not None else set()
    houses = {ocd_id for ocd_id in houses if civic_rules.is_house(ocd_id)}
    if len(houses) == 1 and signature.state == SignatureState.VERIFIED:
        with suppress(Conflict), db.session.begin_nested():  # the signer may have picked one by hand
            placing.place_in(signature, houses.pop())
    drop(signature.id)


def purge(before: datetime, limit: int) -> int:
    """Drop up to ``limit`` streets that are older than the setting allows, looked up or not."""
    days = current_app.extensions["advocacy.settings"].petitions.street_days
    line = max(before, clock.now() - timedelta(days=days))
    old = select(SignatureStreet.signature_id).where(SignatureStreet.created_at < line).limit(limit)
    gone = delete(SignatureStreet).where(SignatureStreet.signature_id.in_(old))
    result = db.session.execute(gone.execution_options(synchronize_session=False))
    return int(cast("CursorResult[Any]", result).rowcount)
