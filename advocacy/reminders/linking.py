"""The link in a reminder's mail by which its reader asks for it again later: nothing of it is stored."""

from __future__ import annotations

from advocacy.core import tokens
from advocacy.core.links import absolute
from advocacy.web.manifest import MailFacts

_PURPOSE = "reminder"
_NONCE = "1"


def again_url(facts: MailFacts) -> str:
    """Where the reader of this mail chooses another time; empty when it is no reminder."""
    if not {"reminder_id", "reminders"} & facts.params.keys():
        return ""
    return absolute(f"/reminders/{tokens.derive_token(_PURPOSE, facts.public_id, _NONCE)}")


def mail_of(token: str) -> str | None:
    """The public id of the mail that this link came with, or ``None`` when it is no link of ours."""
    subject = tokens.token_subject(token)
    return subject if subject and tokens.is_derived_token(token, _PURPOSE, subject, _NONCE) else None
