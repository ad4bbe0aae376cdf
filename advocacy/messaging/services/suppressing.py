"""Addresses that no mail goes to: by a keyed hash that stays when everything else of a person is erased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from advocacy.audit import services as audit
from advocacy.core import clock, crypto, logs
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotAllowed, NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.core.text import clean_line
from advocacy.messaging import message, rules
from advocacy.messaging.suppression_models import Reason, Suppression

log = logs.get("messaging")
SITE = "site"
KIND = "suppression"


def address_key(address: str) -> bytes:
    """The keyed hash of an address; letter case and the way a domain is written do not count."""
    try:
        plain = message.address(address).text
    except message.BadMessage:
        plain = address.strip()
    return crypto.blind_index("suppression", plain.casefold())


def scope_of(coalition_id: int | None) -> str:
    """Whose mail a suppression means."""
    return SITE if coalition_id is None else f"coalition:{coalition_id}"


def is_suppressed(
    address: str, *, coalition_id: int | None = None, is_service: bool = False, is_asked_for: bool = False
) -> str | None:
    """Why a mail to this address must not leave; ``None`` when it may."""
    found = suppressed_of([address], coalition_id=coalition_id, is_service=is_service, is_asked_for=is_asked_for)
    return found.get(address)


def suppressed_of(
    addresses: Iterable[str], *, coalition_id: int | None, is_service: bool = False, is_asked_for: bool = False
) -> Mapping[str, str]:
    """Of many addresses those that get no such mail, each with the reason; one query."""
    keys = {address: address_key(address) for address in addresses}
    rows = db.session.execute(
        select(Suppression.address_key, Suppression.reason).where(
            Suppression.address_key.in_(keys.values()),
            Suppression.scope.in_({SITE, scope_of(coalition_id)}),
            Suppression.lifted_at.is_(None),
        )
    )
    held = {
        row.address_key: str(row.reason)
        for row in rows
        if rules.holds_back(Reason(row.reason), is_service=is_service, is_asked_for=is_asked_for)
    }
    return {address: held[key] for address, key in keys.items() if key in held}


def suppress(address: str, reason: Reason, *, coalition_id: int | None = None) -> None:
    """Send nothing more to an address, in all of the site or one coalition; twice is once."""
    suppress_key(address_key(address), reason, coalition_id=coalition_id)


def suppress_key(key: bytes, reason: Reason, *, coalition_id: int | None = None) -> None:
    """The same for a hashed address."""
    made = Suppression(
        public_id=new_public_id(),
        address_key=key,
        scope=scope_of(coalition_id),
        reason=reason,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return
    log.info("address_suppressed", suppression_id=made.id, reason=str(reason), coalition_id=coalition_id)


def suppress_by_hand(actor: Actor, address: str) -> None:
    """Send nothing more to an address because somebody says so; noted in the record.

    Raises: RuleBroken (field ``address``) when it is none.
    """
    try:
        message.address(address)
    except message.BadMessage:
        raise RuleBroken(_("Enter an e-mail address in the form name@example.org."), field="address") from None
    coalition_id = None if is_house(actor) else actor.coalition_id
    suppress(address, Reason.BY_HAND, coalition_id=coalition_id)
    audit.record(actor, "suppression.made", KIND, scope_of(coalition_id), coalition_id=coalition_id)


def lift(actor: Actor, public_id: str, why: str) -> None:
    """Let mail go to an address again; the reason goes into the record.

    Raises: NotFound, RuleBroken (field ``why``), NotAllowed for what holds in all of the site.
    """
    row = db.session.scalar(
        select(Suppression).where(Suppression.public_id == public_id, Suppression.lifted_at.is_(None)).with_for_update()
    )
    if row is None or (row.scope not in {SITE, scope_of(actor.coalition_id)} and not is_house(actor)):
        raise NotFound(_("This is not held back any more."))
    if row.scope == SITE and not is_house(actor):
        raise NotAllowed(_("This holds for the whole site. Please ask whoever runs it."))
    why = clean_line(why)[:200]
    if not why:
        raise RuleBroken(_("Please say why mail may go there again."), field="why")
    row.lifted_at, row.lifted_by, row.lift_reason = clock.now(), actor.user_id, why
    db.session.flush()
    audit.record(actor, "suppression.lifted", KIND, row.id, facts={"reason": str(row.reason)})


def end_unsubscribe(address: str, coalition_id: int) -> None:
    """Somebody agreed anew, with proof: what they had stopped themselves begins again, and nothing else."""
    db.session.execute(
        update(Suppression)
        .where(
            Suppression.address_key == address_key(address),
            Suppression.scope == scope_of(coalition_id),
            Suppression.reason == Reason.UNSUBSCRIBE,
            Suppression.lifted_at.is_(None),
        )
        .values(lifted_at=clock.now(), lift_reason="new_opt_in")
        .execution_options(synchronize_session=False)
    )


def as_told(address: str) -> Sequence[Mapping[str, str | None]]:
    """All that is kept against mail to an address, as its owner reads it; the oldest first."""
    mine = select(Suppression).where(Suppression.address_key == address_key(address)).order_by(Suppression.id)
    return [
        {
            "reason": str(row.reason),
            "for": row.scope,
            "from": row.created_at.isoformat(),
            "lifted_at": row.lifted_at.isoformat() if row.lifted_at else None,
        }
        for row in db.session.scalars(mine)
    ]


def purge_lifted(before: datetime, limit: int) -> int:
    """Forget what was lifted before ``before``; what still holds stays as long as it holds."""
    old = select(Suppression.id).where(Suppression.lifted_at < before).limit(limit)
    gone = delete(Suppression).where(Suppression.id.in_(old)).execution_options(synchronize_session=False)
    return int(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]


def is_house(actor: Actor) -> bool:
    """Whether the actor looks after the whole site."""
    return actor.is_system or bool(actor.platform_roles)
