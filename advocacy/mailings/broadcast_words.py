"""Broadcasts in plain words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.consent.models import Purpose
from advocacy.mailings.broadcast_models import BroadcastState

STATE_WORDS: dict[str, tuple[object, str]] = {
    BroadcastState.DRAFT: (_l("Draft"), "plain"),
    BroadcastState.WAITING_APPROVAL: (_l("Waits for a second person"), "today"),
    BroadcastState.SCHEDULED: (_l("Planned"), "info"),
    BroadcastState.SENDING: (_l("Being sent"), "today"),
    BroadcastState.PAUSED: (_l("Paused"), "warn"),
    BroadcastState.DONE: (_l("Sent"), "good"),
    BroadcastState.CANCELLED: (_l("Cancelled"), "plain"),
}
"""The words of a state, and the badge it wears."""

PURPOSE_WORDS: dict[str, object] = {
    Purpose.CAMPAIGN_NEWS: _l("News about campaigns"),
    Purpose.ACTION_ALERT: _l("Calls to act"),
    Purpose.EVENT: _l("Meetings and hearings"),
}

HELD_WORDS: dict[str, object] = {
    "address_gone": _l("Their address is gone"),
    "opt_in_withdrawn": _l("They stopped such mail before it left"),
    "unsubscribe": _l("They said stop"),
    "by_hand": _l("Somebody of the platform stopped mail to this address"),
    "complaint": _l("They called our mail spam"),
    "complained": _l("They called our mail spam"),
    "hard_bounce": _l("Their mail server does not know the address"),
    "bounced": _l("Their mail server does not know the address"),
    "ask_limit": _l("They were asked enough lately"),
    "paused": _l("They asked for a pause"),
    "cancelled": _l("The mailing was cancelled"),
}
"""Why mails did not go out, by the reason that stands in their rows; what is missing is "other reasons"."""


def held_words(tally: dict[str, int]) -> list[tuple[object, int]]:
    """How many were held back or given up, and why, the largest first."""
    found: dict[str, tuple[object, int]] = {}
    for key, count in tally.items():
        state, colon, reason = key.partition(":")
        if not colon:
            continue
        words = HELD_WORDS.get(reason)
        if words is None:
            words = _l("The mail server refused it") if state == "dead" else _l("Other reasons")
        kept = found.get(str(words), (words, 0))
        found[str(words)] = (words, kept[1] + count)
    return sorted(found.values(), key=lambda line: -line[1])
