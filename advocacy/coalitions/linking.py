"""How an invitation's link looks, and for how long it can be used."""

from __future__ import annotations

from advocacy.coalitions.models import Invitation, InvitationState
from advocacy.core import clock, crypto, tokens
from advocacy.core.links import absolute

PURPOSE = "coalition:invitation"


def is_open(invitation: Invitation) -> bool:
    """Whether an invitation can be accepted, as far as its own row tells."""
    return invitation.state == InvitationState.OPEN and clock.now() < invitation.expires_at


def url(invitation: Invitation) -> str | None:
    """The link as it stands in the mail; ``None`` when it can no longer be used."""
    if invitation.nonce is None or not is_open(invitation):
        return None
    return absolute("/invitations/" + tokens.derive_token(PURPOSE, invitation.public_id, invitation.nonce))


def email_of(invitation: Invitation) -> str:
    """The invited address."""
    return crypto.open_sealed(invitation.email_sealed, table="invitation", column="email", row=invitation.public_id)
