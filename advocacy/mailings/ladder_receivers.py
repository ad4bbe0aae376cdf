"""What ladders do when something was agreed to, taken back or signed."""

from __future__ import annotations

from typing import Any

from advocacy.consent.models import OptIn
from advocacy.core.db import db
from advocacy.mailings.services import entering
from advocacy.petitions.models import Signature


def on_opt_in_given(_sender: Any, *, opt_in: OptIn) -> None:  # noqa: ANN401 - blinker
    """Somebody may be written to by the coalition from now on."""
    if opt_in.organization_id is None:
        entering.enter_by_opt_in(opt_in.coalition_id, opt_in.person_id, opt_in.purpose)


def on_opt_in_withdrawn(_sender: Any, *, opt_in: OptIn) -> None:  # noqa: ANN401 - blinker
    """Somebody may not be written to any more."""
    if opt_in.organization_id is None:
        entering.leave_by_opt_out(opt_in.coalition_id, opt_in.person_id, opt_in.purpose)


def on_signature_confirmed(_sender: Any, *, signature_id: int, petition_id: int, coalition_id: int) -> None:  # noqa: ANN401 - blinker
    """Somebody has signed; most petitions concern no ladder, and confirming must stay quick."""
    if not entering.concerns_ladders(coalition_id, petition_id):
        return
    signature = db.session.get(Signature, signature_id)
    if signature is not None and signature.person_id is not None:
        entering.leave_by_goal(coalition_id, signature.person_id, petition_id)
        entering.enter_by_signature(coalition_id, signature.person_id, petition_id)
