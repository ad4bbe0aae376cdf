"""Reads of what a coalition knows of people in office; what another coalition knows does not exist."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from advocacy.civic.services import directory
from advocacy.coalitions import rules as roles
from advocacy.core import crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.ids import is_public_id
from advocacy.core.paging import Page, take_page
from advocacy.core.text import fold
from advocacy.legislators import rules
from advocacy.legislators.models import (
    OWN,
    Lawmaker,
    LawmakerOffice,
    LawmakerTerm,
    OfficePreference,
    StaffContact,
)

MOST_NOTES = 40
"""More offices or people of one office than this are neither kept nor read."""


@dataclass(frozen=True)
class Staff:
    """Somebody on the staff of an office, opened."""

    public_id: str
    name: str
    role: str
    topics: str
    email: str
    phone: str
    row: StaffContact


def is_own(key: str) -> bool:
    """Whether a key is one of a coalition's own lawmakers."""
    return key.startswith(OWN) and is_public_id(key.removeprefix(OWN))


def lawmaker(actor: Actor, key: str, verb: str = rules.VIEW) -> Lawmaker:
    """One of the coalition's own lawmakers, also one that was put away.

    Raises: NotFound, also for another coalition's; NotAllowed.
    """
    found = None
    if is_own(key) and actor.coalition_id is not None:
        wanted = select(Lawmaker).where(
            Lawmaker.public_id == key.removeprefix(OWN), Lawmaker.coalition_id == actor.coalition_id
        )
        found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    roles.require(actor, verb, found.coalition_id)
    return found


def name_of(actor: Actor, key: str, verb: str = rules.VIEW) -> str:
    """The name of somebody in office, of the packs or the coalition's own.

    Raises: NotFound, NotAllowed.
    """
    roles.require(actor, verb)
    if actor.coalition_id is None:
        raise NotFound
    if is_own(key):
        return lawmaker(actor, key, verb).full_name
    found = directory.person(key)
    if found is None:
        raise NotFound
    return found.name


def names(actor: Actor, keys: Collection[str]) -> dict[str, str]:
    """The names behind lasting keys, of the packs and the coalition's own, also of those put away."""
    own = {key.removeprefix(OWN) for key in keys if is_own(key)}
    found = directory.names([key for key in keys if not is_own(key)])
    if own:
        wanted = select(Lawmaker).where(Lawmaker.coalition_id == actor.coalition_id, Lawmaker.public_id.in_(own))
        found |= {row.key: row.full_name for row in db.session.execute(wanted).scalars()}
    return found


def own_lawmakers(
    actor: Actor, *, name: str = "", state: str = "", party: str = "", archived: bool = False, after: int = 0, size: int
) -> Page[Lawmaker]:
    """The coalition's own lawmakers in the order in which they came.

    Raises: NotAllowed.
    """
    roles.require(actor, rules.VIEW)
    wanted = select(Lawmaker).where(Lawmaker.coalition_id == actor.coalition_id, Lawmaker.id > after)
    wanted = wanted.where(Lawmaker.archived_at.is_not(None) if archived else Lawmaker.archived_at.is_(None))
    if state:
        wanted = wanted.where(Lawmaker.state == state)
    if party:
        wanted = wanted.where(Lawmaker.party.icontains(party, autoescape=True))
    for word in fold(name).split() if name else ():
        wanted = wanted.where(Lawmaker.folded_name.contains(word, autoescape=True))
    rows = db.session.execute(wanted.order_by(Lawmaker.id).limit(size + 1)).scalars().all()
    return take_page(rows, size)


def terms(found: Lawmaker) -> Sequence[LawmakerTerm]:
    """Seats that one of the coalition's own held before or will hold, newest first."""
    wanted = select(LawmakerTerm).where(
        LawmakerTerm.lawmaker_id == found.id, LawmakerTerm.coalition_id == found.coalition_id
    )
    return db.session.execute(wanted.order_by(LawmakerTerm.starts_on.desc()).limit(MOST_NOTES)).scalars().all()


def offices(actor: Actor, key: str) -> Sequence[LawmakerOffice]:
    """The offices that the coalition noted."""
    wanted = select(LawmakerOffice).where(
        LawmakerOffice.coalition_id == actor.coalition_id, LawmakerOffice.person_key == key
    )
    return db.session.execute(wanted.order_by(LawmakerOffice.id).limit(MOST_NOTES)).scalars().all()


def office(actor: Actor, key: str, public_id: str) -> LawmakerOffice:
    """One of them, to be changed.

    Raises: NotFound, NotAllowed.
    """
    name_of(actor, key, rules.MANAGE)
    wanted = select(LawmakerOffice).where(
        LawmakerOffice.coalition_id == actor.coalition_id,
        LawmakerOffice.person_key == key,
        LawmakerOffice.public_id == public_id,
    )
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def staff(actor: Actor, key: str) -> list[Staff]:
    """Who works for somebody in office, opened."""
    wanted = select(StaffContact).where(StaffContact.coalition_id == actor.coalition_id, StaffContact.person_key == key)
    rows = db.session.execute(wanted.order_by(StaffContact.id).limit(MOST_NOTES)).scalars()
    return [_opened(row) for row in rows]


def staff_member(actor: Actor, key: str, public_id: str) -> Staff:
    """One of them, to be changed.

    Raises: NotFound, NotAllowed.
    """
    name_of(actor, key, rules.MANAGE)
    wanted = select(StaffContact).where(
        StaffContact.coalition_id == actor.coalition_id,
        StaffContact.person_key == key,
        StaffContact.public_id == public_id,
    )
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    return _opened(found)


def preference(actor: Actor, key: str) -> OfficePreference | None:
    """How an office wants to be reached."""
    return db.session.execute(
        select(OfficePreference).where(
            OfficePreference.coalition_id == actor.coalition_id, OfficePreference.person_key == key
        )
    ).scalar_one_or_none()


def _opened(row: StaffContact) -> Staff:
    def plain(column: str) -> str:
        value = getattr(row, column)
        if value is None:
            return ""
        return crypto.open_sealed(value, table=StaffContact.__tablename__, column=column, row=row.public_id)

    return Staff(row.public_id, plain("name"), row.role, row.topics, plain("email"), plain("phone"), row)
