"""Giving and taking back leave to be written to."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from advocacy.consent import queries, rules, signals
from advocacy.consent.models import ConsentText, OptIn, OptInState, Purpose, Use
from advocacy.core import clock
from advocacy.core.actor import Actor, system_actor
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.messaging.services import suppressing
from advocacy.supporters import queries as people


def current_text(purpose: Purpose | Use, locale: str = "en") -> ConsentText:
    """The words in force; stored at their first use, and again as a new version when they were changed."""
    words = rules.DEFAULT_WORDS[purpose]
    newest = queries.newest_text(purpose, locale)
    if newest is not None and newest.body == words:
        return newest
    made = ConsentText(
        purpose=purpose,
        locale=locale,
        version=newest.version + 1 if newest is not None else 1,
        body=words,
        active_from=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def opt_in(
    actor: Actor,
    coalition_id: int,
    person_id: int,
    purpose: Purpose,
    *,
    proof: Mapping[str, str | int],
    channel: str = "email",
    locale: str = "en",
    organization_id: int | None = None,
    text_id: int | None = None,
) -> OptIn:
    """Record that a person agreed, with the words in force or those of ``text_id``; giving it twice changes nothing.

    ``proof`` names what was used: ``{"kind": "confirm_link", "signature": 12}``; ids only.

    Announces: ``opt_in_given``. Raises: RuleBroken without proof.
    """
    del actor  # the proof says who acted
    if not proof.get("kind"):
        raise RuleBroken("opt-in: there is no proof that the person agreed")
    found = _live(coalition_id, person_id, purpose, channel, organization_id)
    now = clock.now()
    if found is None:
        found = OptIn(
            coalition_id=coalition_id,
            person_id=person_id,
            channel=channel,
            purpose=purpose,
            organization_id=organization_id,
            text_id=text_id or current_text(purpose, locale).id,
            created_at=now,
        )
        db.session.add(found)
    elif found.state == OptInState.CONFIRMED:
        return found
    found.state = OptInState.CONFIRMED
    found.confirmed_at = now
    found.proof = dict(proof)
    found.has_proof = True
    db.session.flush()
    address = people.person_address(system_actor(), coalition_id, person_id)
    if address is not None:
        suppressing.end_unsubscribe(address, coalition_id)
    signals.opt_in_given.send(opt_in=found)
    return found


def withdraw_opt_in(
    actor: Actor,
    coalition_id: int,
    person_id: int,
    purpose: Purpose,
    channel: str = "email",
    *,
    organization_id: int | None = None,
) -> bool:
    """Take the leave back; gives whether there was any. It holds from this transaction on.

    Announces: ``opt_in_withdrawn``.
    """
    del actor
    found = _live(coalition_id, person_id, purpose, channel, organization_id)
    if found is None:
        return False
    found.state = OptInState.WITHDRAWN
    found.withdrawn_at = clock.now()
    db.session.flush()
    signals.opt_in_withdrawn.send(opt_in=found)
    return True


def withdraw_by_id(actor: Actor, coalition_id: int, opt_in_id: int) -> None:
    """Take one leave back; doing it twice changes nothing.

    Announces: ``opt_in_withdrawn``.
    """
    del actor
    found = db.session.execute(
        select(OptIn).where(
            OptIn.coalition_id == coalition_id, OptIn.id == opt_in_id, OptIn.state != OptInState.WITHDRAWN
        )
    ).scalar_one_or_none()
    if found is not None:
        found.state, found.withdrawn_at = OptInState.WITHDRAWN, clock.now()
        db.session.flush()
        signals.opt_in_withdrawn.send(opt_in=found)


def _live(
    coalition_id: int, person_id: int, purpose: Purpose, channel: str, organization_id: int | None
) -> OptIn | None:
    return db.session.execute(
        select(OptIn).where(
            OptIn.coalition_id == coalition_id,
            OptIn.person_id == person_id,
            OptIn.purpose == purpose,
            OptIn.organization_id == organization_id,
            OptIn.channel == channel,
            OptIn.state != OptInState.WITHDRAWN,
        )
    ).scalar_one_or_none()
