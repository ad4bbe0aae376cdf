"""What outreach learns from the rooms below."""

from __future__ import annotations

from collections.abc import Sequence

from advocacy.outreach.services import prompting


def on_signon_delivered(
    sender: object, *, letter_id: int, coalition_id: int, is_lobbying: bool, membership_ids: Sequence[int]
) -> None:
    """Ask who signed a letter that lobbies to write it down."""
    del sender
    if is_lobbying:
        prompting.prompt_signers(letter_id, coalition_id, membership_ids)
