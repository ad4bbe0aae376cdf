"""Reads about addresses that get no mail, and about what came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.messaging.services import suppressing
from advocacy.messaging.suppression_models import Reason, Suppression

_LATEST = 20


@dataclass(frozen=True)
class Held:
    """Something that stands against mail to an address; ``can_lift`` says whether the reader may end it."""

    public_id: str
    reason: Reason
    is_site: bool
    can_lift: bool
    created_at: datetime


def suppressions_of(actor: Actor, address: str) -> Sequence[Held]:
    """What stands against mail to an address now, for all of the site or the actor's coalition."""
    wanted = _in_view(actor).where(Suppression.address_key == suppressing.address_key(address))
    return [_held(actor, row) for row in db.session.scalars(wanted)]


def latest(actor: Actor) -> Sequence[Held]:
    """The newest, without an address: only its hash is known."""
    wanted = _in_view(actor).order_by(Suppression.id.desc()).limit(_LATEST)
    return [_held(actor, row) for row in db.session.scalars(wanted)]


def suppression_in_view(actor: Actor, public_id: str) -> Held:
    """One that stands now.

    Raises: NotFound, also for another coalition's.
    """
    row = db.session.scalar(_in_view(actor).where(Suppression.public_id == public_id))
    if row is None:
        raise NotFound
    return _held(actor, row)


def _in_view(actor: Actor):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a SQLAlchemy statement
    wanted = select(Suppression).where(Suppression.lifted_at.is_(None))
    if suppressing.is_house(actor):
        return wanted
    return wanted.where(Suppression.scope.in_({suppressing.SITE, suppressing.scope_of(actor.coalition_id)}))


def _held(actor: Actor, row: Suppression) -> Held:
    is_site = row.scope == suppressing.SITE
    can_lift = suppressing.is_house(actor) or not is_site
    return Held(row.public_id, Reason(row.reason), is_site, can_lift, row.created_at)
