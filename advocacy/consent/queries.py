"""Reads about consent."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import exists, select

from advocacy.consent.models import ConsentText, OptIn, OptInState, Purpose, Use
from advocacy.core.actor import Actor
from advocacy.core.db import db


def newest_text(purpose: Purpose | Use, locale: str) -> ConsentText | None:
    """The words in force for a purpose in a language."""
    return db.session.execute(
        select(ConsentText)
        .where(ConsentText.purpose == purpose, ConsentText.locale == locale)
        .order_by(ConsentText.version.desc())
        .limit(1)
    ).scalar_one_or_none()


def text_by_id(text_id: int) -> ConsentText:
    """The words of a version, as somebody read them."""
    return db.session.get_one(ConsentText, text_id)


def has_opt_in(
    actor: Actor,
    coalition_id: int,
    person_id: int,
    purpose: Purpose,
    channel: str = "email",
    *,
    organization_id: int | None = None,
) -> bool:
    """Whether a person may be written to for a purpose now, by the coalition or by the organization named."""
    del actor  # asked by senders on behalf of nobody
    wanted = select(OptIn.id).where(
        OptIn.coalition_id == coalition_id,
        OptIn.person_id == person_id,
        OptIn.organization_id == organization_id,
        OptIn.purpose == purpose,
        OptIn.channel == channel,
        OptIn.state == OptInState.CONFIRMED,
    )
    return bool(db.session.execute(select(exists(wanted))).scalar())


def standing(opt_in_ids: Collection[int]) -> set[int]:
    """Of many leaves those that stand now, in one query."""
    wanted = select(OptIn.id).where(OptIn.id.in_(opt_in_ids), OptIn.state == OptInState.CONFIRMED)
    return set(db.session.scalars(wanted))
