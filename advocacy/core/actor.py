"""Who acts: built once at the edge, passed to every service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """Which door the request came through."""

    WEB = "web"
    API = "api"
    COMMAND = "command"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting user, the coalition in view and the roles held there.

    ``roles`` are the role names held in ``coalition_id``; ``platform_roles`` hold without a coalition.
    ``fresh_at`` is when the person last proved who they are; ``lacks_factor`` marks an account whose roles ask for a
    second factor that it does not have yet. ``is_system`` marks jobs and commands of the operator, for whom rules do
    not ask for a role.
    """

    user_id: int | None = None
    coalition_id: int | None = None
    roles: frozenset[str] = frozenset()
    platform_roles: frozenset[str] = frozenset()
    channel: Channel = Channel.WEB
    request_id: str = ""
    locale: str = "en"
    name: str = ""
    is_system: bool = False
    fresh_at: datetime | None = None
    lacks_factor: bool = False
    coalitions: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_signed_in(self) -> bool:
        """Whether a user stands behind this actor."""
        return self.user_id is not None

    @property
    def label(self) -> str:
        """A short reference for audit and logs: ids only, never a name."""
        if self.user_id is not None:
            return f"user:{self.user_id}"
        return "system" if self.is_system else "visitor"


ANONYMOUS = Actor()


def system_actor(channel: Channel = Channel.JOB, coalition_id: int | None = None) -> Actor:
    """The actor of jobs and operator commands."""
    return Actor(channel=channel, coalition_id=coalition_id, is_system=True)
