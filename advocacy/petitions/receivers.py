"""What petitions do when something happens in lower rooms."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from advocacy.consent.models import OptIn, Purpose
from advocacy.core.db import db
from advocacy.petitions.models import Signature
from advocacy.petitions.partner_models import DeletionReason
from advocacy.petitions.services import unsharing


def untick(sender: Any, *, opt_in: OptIn, **more: Any) -> None:  # noqa: ANN401 - blinker's signature
    """A leave that was given with a signature ended elsewhere: its tick goes too, and a partner is told to delete."""
    del sender, more
    if opt_in.purpose == Purpose.PARTNER_NEWS:
        given = select(Signature).where(
            Signature.coalition_id == opt_in.coalition_id, Signature.partner_opt_in_id == opt_in.id
        )
        for signature in db.session.scalars(given).all():
            unsharing.end_partner_leave(signature, DeletionReason.LEAVE_ENDED)
        return
    signature_id = opt_in.proof.get("signature")
    found = db.session.get(Signature, signature_id) if isinstance(signature_id, int) else None
    if found is not None and found.coalition_id == opt_in.coalition_id:
        found.updates = False
