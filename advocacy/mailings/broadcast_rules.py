"""What may become of a broadcast, and who may let it: pure."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _

from advocacy.core.actor import Actor
from advocacy.core.errors import Conflict
from advocacy.mailings.broadcast_models import Broadcast, BroadcastState

VIEW, MANAGE, SEND, APPROVE = "mailings.view", "mailings.manage", "mailings.send", "mailings.approve"
UNDO = timedelta(minutes=1)
"""How long "send now" waits, so that it can be taken back before anything left."""
LATE_EVERY = timedelta(days=1)
LATE_LONGEST = timedelta(days=90)

_S = BroadcastState
NEXT: dict[BroadcastState, frozenset[BroadcastState]] = {
    _S.DRAFT: frozenset({_S.WAITING_APPROVAL, _S.SCHEDULED, _S.CANCELLED}),
    _S.WAITING_APPROVAL: frozenset({_S.DRAFT, _S.SCHEDULED, _S.CANCELLED}),
    _S.SCHEDULED: frozenset({_S.DRAFT, _S.WAITING_APPROVAL, _S.SENDING, _S.CANCELLED}),
    _S.SENDING: frozenset({_S.PAUSED, _S.DONE, _S.CANCELLED}),
    _S.PAUSED: frozenset({_S.SENDING, _S.CANCELLED}),
    _S.DONE: frozenset({_S.SENDING}),
    _S.CANCELLED: frozenset(),
}
"""``done`` to ``sending``: people who joined later are sent what the others had."""
EDITABLE = frozenset({_S.DRAFT, _S.WAITING_APPROVAL, _S.SCHEDULED})


def can_step(broadcast: Broadcast, state: BroadcastState) -> bool:
    """Whether this is a next step."""
    return state in NEXT[BroadcastState(broadcast.state)]


def require_step(broadcast: Broadcast, state: BroadcastState) -> None:
    """Refuse a step that the table does not have.

    Raises: Conflict.
    """
    if not can_step(broadcast, state):
        raise Conflict(_("This mailing has moved on. Reload the page to see where it stands."))


def is_second_person(actor: Actor, broadcast: Broadcast) -> bool:
    """Whether somebody else than who wrote it looks at it."""
    return actor.user_id is not None and actor.user_id not in {broadcast.created_by, broadcast.edited_by}
