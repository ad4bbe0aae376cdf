"""People in office, their committees and empty seats, as the readers of pack files hand them on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from advocacy.civic.models import Chamber
from advocacy.core.text import fold

NETWORKS = ("twitter", "youtube", "instagram", "facebook")
"""Where people in office have accounts; only the name of the account is kept."""


@dataclass(frozen=True)
class Member:
    """One sitting member, checked."""

    key: str
    full_name: str
    given_name: str
    family_name: str
    party: str
    ocd_id: str
    chamber: Chamber
    starts_on: date | None
    ends_on: date | None
    phone: str | None
    contact_form: str | None
    url: str | None
    address: str | None
    offices: tuple[dict[str, str], ...] = ()
    email: str | None = None
    photo_url: str | None = None
    seat: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    social: Mapping[str, str] = field(default_factory=dict)
    past_terms: tuple[dict[str, str], ...] = ()

    @property
    def folded_name(self) -> str:
        """The name as it is searched for."""
        return fold(f"{self.full_name} {self.given_name} {self.family_name}")[:160]


@dataclass(frozen=True)
class CommitteeMember:
    """Somebody's place in a committee."""

    person_key: str
    title: str
    rank: int


@dataclass(frozen=True)
class Board:
    """A committee with the people in it; ``place`` is ``US`` or the code of a state."""

    key: str
    name: str
    chamber: str
    place: str
    parent_key: str | None = None
    url: str | None = None
    phone: str | None = None
    members: tuple[CommitteeMember, ...] = ()


@dataclass(frozen=True)
class EmptySeats:
    """Seats of one division that a source says are vacant."""

    ocd_id: str
    chamber: Chamber
    count: int
    until: date | None
