"""What ends with a password, a factor or an account: sessions, known browsers, half-done sign-ins, mailed links."""

from __future__ import annotations

from advocacy.accounts.services import devices, links, sessions, signing_in


def end_everything(user_id: int) -> None:
    """End all that was opened under what holds no more: on every node, from the next request on."""
    sessions.end_sessions(user_id)
    devices.forget(user_id)
    signing_in.end_pending(user_id)
    links.drop_links(user_id)
