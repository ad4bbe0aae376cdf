"""Campaigns for tests."""

from __future__ import annotations

from itertools import count

from advocacy.campaigns import services
from advocacy.core import uow
from advocacy.core.actor import Channel, system_actor

_number = count(1)


def make_campaign(
    coalition_id: int, slug: str | None = None, title: str = "Beds close to home", *, active: bool = True
) -> int:
    """A campaign, committed; gives its id."""
    actor = system_actor(Channel.JOB, coalition_id)
    with uow.unit():
        made = services.create_campaign(
            actor,
            coalition_id,
            slug=slug or f"campaign-{next(_number)}",
            title=title,
            goal="Four more beds in the county.",
        )
        if active:
            services.move_campaign(actor, made.public_id, version=made.version, state="active")
        return made.id
