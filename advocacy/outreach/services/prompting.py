"""Ask organizations to enter time and cost after a letter that lobbies was handed over."""

from __future__ import annotations

from collections.abc import Sequence

from advocacy.core import clock
from advocacy.core.db import db
from advocacy.core.ids import new_public_id
from advocacy.outreach.models import LobbyingPrompt, PromptState


def prompt_signers(letter_id: int, coalition_id: int, membership_ids: Sequence[int]) -> None:
    """One prompt for each organization that signed; each has its own ledger."""
    db.session.add_all(
        LobbyingPrompt(
            coalition_id=coalition_id,
            membership_id=membership_id,
            letter_id=letter_id,
            public_id=new_public_id(),
            state=PromptState.WAITING,
            asked_at=clock.now(),
        )
        for membership_id in membership_ids
    )
    db.session.flush()
