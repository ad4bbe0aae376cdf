"""What rooms tell of their things on pages of rooms below: actions, days, logos, what leaves next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from advocacy.core.actor import Actor


@dataclass(frozen=True)
class LogoPlace:
    """Public pages with organizations' logos: ``shows(coalition_id, membership_id)`` says whether one stands there."""

    name: str
    shows: Callable[[int, int], bool]


@dataclass(frozen=True)
class ActionRow:
    """Something that people can do for a campaign, now.

    ``kind`` as in ``campaigns.models.ActionKind``; ``exposure``: ``none`` (nobody else learns), ``low`` or ``public``.
    """

    title: str
    url: str
    kind: str
    effort_minutes: int
    exposure: str
    closes_at: datetime | None = None
    tz: str = "UTC"


@dataclass(frozen=True)
class ActionSource:
    """What an action room has open: ``actions(campaign_ids)`` gives rows by campaign, in a fixed number of queries."""

    name: str
    actions: Callable[[Sequence[int]], Mapping[int, Sequence[ActionRow]]]


@dataclass(frozen=True)
class BillDay:
    """Something on a day in the life of a bill; ``state`` as the picture of a timeline takes it."""

    on: date
    title: str
    state: str = "done"
    text: str = ""
    url: str = ""


@dataclass(frozen=True)
class BillDays:
    """What a room adds to the timeline of a bill: ``days(bill_id, for_everybody)``, in a fixed number of queries."""

    name: str
    days: Callable[[int, bool], Sequence[BillDay]]


@dataclass(frozen=True)
class Tenant:
    """What rooms below the coalitions may know of one."""

    name: str
    tz: str


@dataclass(frozen=True)
class About:
    """What a thing with a deadline is called at the desk and where it is; both may be empty.

    ``is_public``: everybody may read this title.
    """

    public_id: str
    title: str = ""
    url: str = ""
    campaign_id: int | None = None
    campaign: str = ""
    is_public: bool = False


@dataclass(frozen=True)
class Upcoming:
    """Something that will be sent by itself.

    ``sender``: who is behind it, empty: the house by itself; ``why`` in words; ``people``: to how many at most,
    ``None`` when that is not known; ``tz``: where the day of ``at`` counts.
    """

    at: datetime
    title: str
    why: str
    tz: str = "UTC"
    sender: str = ""
    people: int | None = None
    url: str = ""
    campaign_id: int | None = None
    campaign: str = ""


@dataclass(frozen=True)
class UpcomingSource:
    """What a room will send: ``items(actor, until, limit)``, earliest first, in a fixed number of queries.

    Only what the coalition of the actor sends.
    """

    name: str
    label: Any
    items: Callable[[Actor, datetime, int], Sequence[Upcoming]]


@dataclass(frozen=True)
class TextFacts:
    """What may be known of a text message when it is about to leave."""

    public_id: str
    user_id: int
    params: Mapping[str, Any]


@dataclass(frozen=True)
class TextKind:
    """A kind of text message: ``compose`` gives its words without the name of who writes.

    ``None`` when it no longer matters or is not wanted now. The words name no topic: they show on locked screens.
    """

    name: str
    compose: Callable[[TextFacts], str | None]


@dataclass(frozen=True)
class Blocker:
    """A reason that stands against closing or deleting an object of a lower room."""

    object_kind: str
    reason: Callable[[int], str | None]
