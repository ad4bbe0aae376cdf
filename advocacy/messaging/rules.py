"""What an answer of the mail server means, and when to try again. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from advocacy.messaging.suppression_models import Reason

RENDER_H = 1  # a mail that cannot be composed is our fault, and soon visible
STRIKES = 3  # connections lost in a row, with different mails, before the server counts as down
_FIRST_WAIT_S = 10.0
_LONGEST_WAIT_S = 3600.0
_SHORTEST_PAUSE_S = 5.0
_LONGEST_PAUSE_S = 30.0  # short, so that all mail leaves soon after the server is back


class Stage(StrEnum):
    """How far a conversation with the mail server came."""

    CONNECT = "connect"
    HELLO = "hello"
    MAIL = "mail"
    RECIPIENT = "recipient"
    DATA = "data"
    AFTER_DATA = "after_data"


class Outcome(StrEnum):
    """What became of one attempt.

    ``LOST``: this conversation broke; ``DOWN``: no mail can leave now; ``BUSY``: every connection is in use.
    """

    SENT = "sent"
    RETRY = "retry"
    LOST = "lost"
    DOWN = "down"
    DEAD = "dead"
    SUPPRESSED = "suppressed"
    UNRENDERED = "unrendered"
    BUSY = "busy"


@dataclass(frozen=True)
class Result:
    """One attempt's outcome, the server's code, and the reason as a word: never the server's text."""

    outcome: Outcome
    reason: str
    code: int | None = None


def triage(stage: Stage, code: int) -> Result:
    """Judge a reply that is not the wanted one (RFC 5321, 4.2.1)."""
    reason = f"{stage}_refused"
    if stage in {Stage.CONNECT, Stage.HELLO}:
        return Result(Outcome.DOWN, reason, code if code > 0 else None)
    if code == 421:  # noqa: PLR2004 - "service not available, closing": about the connection, not the mail
        return Result(Outcome.LOST, reason, code)
    if 500 <= code <= 599:  # noqa: PLR2004 - final
        return Result(Outcome.DEAD, reason, code)
    if 400 <= code <= 499:  # noqa: PLR2004 - for now
        return Result(Outcome.RETRY, reason, code)
    return Result(Outcome.LOST, f"{stage}_garbage", None)


def next_try(tries_from: datetime, now: datetime, retry_h: int) -> datetime | None:
    """When to try again: after half the time it has waited already, 10 s to 1 h, jittered; ``None`` when time is up.

    So the waits grow by half each, and a mail leaves within half of a short outage's length after its end.
    """
    age = max((now - tries_from).total_seconds(), 0.0)
    if age >= retry_h * 3600:
        return None
    wait = min(max(age / 2, _FIRST_WAIT_S), _LONGEST_WAIT_S)
    return now + timedelta(seconds=wait * random.uniform(0.8, 1.2))  # noqa: S311 - spreads load


def pause(failures: int) -> timedelta:
    """How long all mail waits when the server cannot be reached for the ``failures``-th time."""
    wait = min(_SHORTEST_PAUSE_S * 2 ** min(max(failures - 1, 0), 8), _LONGEST_PAUSE_S)
    return timedelta(seconds=wait * random.uniform(0.8, 1.2))  # noqa: S311 - spreads load


def is_from_domain(result: Result) -> bool:
    """Whether a refusal for now is about where a mail goes, not about our server or this mail's text."""
    return result.reason == f"{Stage.RECIPIENT}_refused" and result.code is not None and 400 <= result.code <= 499  # noqa: PLR2004


def domain_pause(strikes: int) -> timedelta:
    """How long lots leave a mail domain alone that says "later" for the ``strikes``-th time in a row."""
    wait = min(_FIRST_WAIT_S * 2 ** min(max(strikes - 1, 0), 12), _LONGEST_WAIT_S)
    return timedelta(seconds=wait * random.uniform(0.8, 1.2))  # noqa: S311 - spreads load


def holds_back(reason: Reason, *, is_service: bool, is_asked_for: bool) -> bool:
    """Whether a suppressed address gets no such mail.

    Where a mailbox is gone, or an operator said so, nothing goes but what somebody asks for at this moment (a link to
    sign in, to confirm): perhaps the mailbox is back. Who complained or unsubscribed still gets what they need.
    """
    if reason in {Reason.HARD_BOUNCE, Reason.BY_HAND}:
        return not is_asked_for
    return not is_service


def masked(address: str) -> str:
    """An address that a person who knows it recognises and nobody else does."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain[:1]}…{domain[domain.rfind('.') :] if '.' in domain else ''}"
