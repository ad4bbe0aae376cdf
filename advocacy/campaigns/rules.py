"""Which way things can go, what counts as easy, and when two names of a bill are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from advocacy.campaigns.models import CampaignState as S
from advocacy.campaigns.models import Exposure, MilestoneState, TaskState
from advocacy.campaigns.models.campaign import EASY_MINUTES
from advocacy.core.text import has_control
from advocacy.web.offers import ActionRow

TRANSITIONS: dict[S, frozenset[S]] = {
    S.DRAFT: frozenset({S.ACTIVE, S.ARCHIVED}),
    S.ACTIVE: frozenset({S.PAUSED, S.WON, S.LOST, S.CLOSED}),
    S.PAUSED: frozenset({S.ACTIVE, S.WON, S.LOST, S.CLOSED}),
    S.WON: frozenset({S.ARCHIVED}),
    S.LOST: frozenset({S.ARCHIVED}),
    S.CLOSED: frozenset({S.ACTIVE, S.ARCHIVED}),
    S.ARCHIVED: frozenset(),
}
MILESTONE_STEPS: dict[MilestoneState, frozenset[MilestoneState]] = {
    MilestoneState.PLANNED: frozenset({MilestoneState.REACHED, MilestoneState.MISSED, MilestoneState.DROPPED}),
    MilestoneState.REACHED: frozenset({MilestoneState.PLANNED}),
    MilestoneState.MISSED: frozenset({MilestoneState.PLANNED, MilestoneState.REACHED}),
    MilestoneState.DROPPED: frozenset({MilestoneState.PLANNED}),
}
TASK_STEPS: dict[TaskState, frozenset[TaskState]] = {
    TaskState.OPEN: frozenset({TaskState.DOING, TaskState.DONE, TaskState.DROPPED}),
    TaskState.DOING: frozenset({TaskState.OPEN, TaskState.DONE, TaskState.DROPPED}),
    TaskState.DONE: frozenset({TaskState.OPEN, TaskState.DOING}),
    TaskState.DROPPED: frozenset({TaskState.OPEN, TaskState.DOING}),
}
PUBLIC_STATES = frozenset({S.ACTIVE, S.PAUSED, S.WON, S.LOST, S.CLOSED})
RUNNING = frozenset({S.ACTIVE, S.PAUSED})
LIVE_TASKS = frozenset({TaskState.OPEN, TaskState.DOING})
REVIEW_WITHIN = timedelta(days=365 * 3)
"""A fact is looked at again within three years."""
URL_LENGTH = 500

_EXPOSURE_ORDER = {Exposure.NONE: 0, Exposure.LOW: 1, Exposure.PUBLIC: 2}
_WORDS = {
    "HOUSEBILL": "HB",
    "SENATEBILL": "SB",
    "ASSEMBLYBILL": "AB",
    "HOUSEFILE": "HF",
    "SENATEFILE": "SF",
    "LEGISLATIVEBILL": "LB",
    "HOUSERESOLUTION": "HR",
    "SENATERESOLUTION": "SR",
    "HOUSEJOINTRESOLUTION": "HJR",
    "SENATEJOINTRESOLUTION": "SJR",
}
_PARTS = re.compile(r"\A([A-Z]*)0*([1-9]\d{0,8}|0)((?:[A-Z][A-Z0-9]*)?)\Z")


def next_states(state: str) -> list[S]:
    """Where a campaign can go from here, in the order of the list of states."""
    return [found for found in S if found in TRANSITIONS[S(state)]]


def can_move(state: str, to: str) -> bool:
    """Whether a campaign can go from one state to another."""
    return to in TRANSITIONS[S(state)]


def can_settle(state: str, to: str) -> bool:
    """Whether a milestone can go from one state to another."""
    return to in MILESTONE_STEPS[MilestoneState(state)]


def can_carry(state: str, to: str) -> bool:
    """Whether a task can go from one column to another, or within its own."""
    return to == state or to in TASK_STEPS[TaskState(state)]


def is_easy(row: ActionRow) -> bool:
    """Whether everybody can do this: at most five minutes, and nothing of it is public (domain I-050)."""
    return row.effort_minutes <= EASY_MINUTES and row.exposure == Exposure.NONE


def ranked(rows: Iterable[ActionRow]) -> list[ActionRow]:
    """The smallest and most private first; then what closes first."""
    return sorted(
        rows,
        key=lambda row: (
            row.effort_minutes,
            _EXPOSURE_ORDER[Exposure(row.exposure)],
            row.closes_at is None,
            row.closes_at.timestamp() if row.closes_at else 0,
            row.title,
        ),
    )


def normal_identifier(text: str) -> str | None:
    """The identifier without what people write differently: HB 2002, H.B.2002, House Bill 02002 (domain I-051)."""
    wide = unicodedata.normalize("NFKC", text).upper()
    bare = "".join(char for char in wide if char.isascii() and char.isalnum())
    for words, short in _WORDS.items():
        if bare.startswith(words) and bare[len(words) : len(words) + 1].isdigit():
            bare = short + bare[len(words) :]
            break
    parts = _PARTS.match(bare)
    return "".join(parts.groups()) if parts else None


def is_web_address(text: str) -> bool:
    """Whether a text is the address of a page on the web."""
    if len(text) > URL_LENGTH or has_control(text) or any(char.isspace() for char in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def share_of_way(baseline: float, target: float, value: float) -> float:
    """How far a number has come from its baseline to its target: 0 to 1."""
    return min(1.0, max(0.0, (value - baseline) / (target - baseline)))
