"""Counting failed tries at an account, in rows that survive the refused request.

Failures are counted per account and network, per account, per network and over all. A browser that signed in to the
account before has a count of its own, so strangers cannot use up its attempts.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _

from advocacy.core import logs, tokens, uow
from advocacy.core.errors import TooMany
from advocacy.web import limits

WINDOW_S = 900
ACCOUNT_FACTOR = 10
"""Failures of strangers at one account from all networks together, in multiples of one network's."""
CODE_FACTOR = 3
"""The same for six digits, which can be guessed: at most 2,880 tries a day at a million codes."""
log = logs.get("accounts")


@dataclass(frozen=True)
class Tries:
    """The counts that one attempt belongs to: name, whom it counts, the most; 0 is off."""

    counters: tuple[tuple[str, str, int], ...]

    def refuse_above(self) -> None:
        """Refuse when a count is used up.

        Raises: TooMany.
        """
        for name, subject, most in self.counters:
            if most and limits.hits(name, subject, WINDOW_S) >= most:
                log.info("sign_in_limited", limit=name)
                raise TooMany(
                    _("There were many attempts to sign in. Your account is safe; please try again a little later."),
                    retry_after_s=limits.seconds_left(WINDOW_S),
                )

    def failed(self) -> None:
        """Count a failure, behind the refused request."""
        uow.afterwards(self._count)

    def _count(self) -> None:
        for name, subject, most in self.counters:
            if most:
                limits.hit(name, subject, WINDOW_S)


def of_password(subject: str, network: str, known_device: str | None) -> Tries:
    """Tries of a password; ``subject`` is the keyed hash of the address, known or not."""
    allowed = current_app.extensions["advocacy.settings"].limits
    if known_device is not None:
        return Tries((("sign-in-device", _device(subject, known_device), allowed.sign_in_account),))
    return Tries(
        (
            ("sign-in-account-network", f"{subject}:{network}", allowed.sign_in_account),
            ("sign-in-account", subject, allowed.sign_in_account * ACCOUNT_FACTOR),
            ("sign-in-network", network, allowed.sign_in_network),
            ("sign-in-all", "", allowed.sign_in_global),
        )
    )


def of_code(user_id: int, network: str, known_device: str | None) -> Tries:
    """Tries of a second step by somebody who knows the password."""
    allowed = current_app.extensions["advocacy.settings"].limits.sign_in_account
    if known_device is not None:
        return Tries((("sign-in-code-device", _device(str(user_id), known_device), allowed),))
    return Tries(
        (
            ("sign-in-code-network", f"{user_id}:{network}", allowed),
            ("sign-in-code", str(user_id), allowed * CODE_FACTOR),
        )
    )


def of_own(user_id: int, what: str) -> Tries:
    """Tries by somebody who is signed in to the account already."""
    return Tries(((what, str(user_id), current_app.extensions["advocacy.settings"].limits.sign_in_account),))


def _device(subject: str, token: str) -> str:
    return f"{subject}:{tokens.token_hash(token).hex()}"
