"""Reads about people who sign letters for themselves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from advocacy.accounts import rules as account_rules
from advocacy.core import crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.paging import Page, take_page
from advocacy.core.text import fold
from advocacy.signons import queries
from advocacy.signons.models import SignOnLetter
from advocacy.signons.people_models import LetterPeople, PeopleManifest, PersonalSignOn, PersonShown, PersonState

PAGE_SIZE = 50
SHOWN_ON_PAGE = 100


@dataclass(frozen=True)
class NamedPerson:
    """A person as everybody may read it."""

    name: str
    place: str


@dataclass(frozen=True)
class PersonLine:
    """A person on the organizers' list."""

    row: PersonalSignOn
    name: str


def email_key(coalition_id: int, email: str) -> bytes:
    """The key by which an address is found within a coalition, however it is typed."""
    return crypto.blind_index(f"signon-email:{coalition_id}", account_rules.canonical_email(email))


def of_letter(letter_id: int) -> LetterPeople | None:
    """Whether people may sign a letter, and how many do; nothing when they never could."""
    return db.session.get(LetterPeople, letter_id)


def counts(letter_ids: Collection[int]) -> dict[int, int]:
    """How many people stand under several letters, in one query."""
    wanted = select(LetterPeople.letter_id, LetterPeople.signed_count).where(LetterPeople.letter_id.in_(letter_ids))
    found = {letter_id: int(count) for letter_id, count in db.session.execute(wanted)} if letter_ids else {}
    return {letter_id: found.get(letter_id, 0) for letter_id in letter_ids}


def named(letter: SignOnLetter, limit: int | None = SHOWN_ON_PAGE) -> list[NamedPerson]:
    """The people who chose to be named: the last who signed, or with no ``limit`` all of them, by name."""
    wanted = (
        select(PersonalSignOn)
        .where(
            PersonalSignOn.letter_id == letter.id,
            PersonalSignOn.state == PersonState.SIGNED,
            PersonalSignOn.shown == PersonShown.FULL,
            PersonalSignOn.erased_at.is_(None),
        )
        .order_by(PersonalSignOn.id.desc())
    )
    rows = db.session.execute(wanted.limit(limit) if limit is not None else wanted).scalars()
    return sorted((NamedPerson(name_of(row), row.place) for row in rows), key=lambda one: fold(one.name))


def people_at_desk(actor: Actor, letter: SignOnLetter, before: int | None = None) -> Page[PersonLine]:
    """A page of everybody who signed a letter for themselves, the last first; names are for those who look after it.

    Raises: NotAllowed.
    """
    queries.letter_at_desk(actor, letter.public_id, queries.MANAGE)
    wanted = select(PersonalSignOn).where(PersonalSignOn.letter_id == letter.id)
    if before is not None:
        wanted = wanted.where(PersonalSignOn.id < before)
    rows = db.session.execute(wanted.order_by(PersonalSignOn.id.desc()).limit(PAGE_SIZE + 1)).scalars().all()
    page = take_page(rows, PAGE_SIZE)
    return Page([PersonLine(row, name_of(row)) for row in page.rows], page.next_after)


def person(letter: SignOnLetter, public_id: str) -> PersonalSignOn:
    """One of them.

    Raises: NotFound, also for another letter's.
    """
    found = db.session.execute(
        select(PersonalSignOn)
        .where(PersonalSignOn.letter_id == letter.id, PersonalSignOn.public_id == public_id)
        .with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def manifest_of(letter_id: int) -> PeopleManifest | None:
    """The people of a frozen letter."""
    return db.session.get(PeopleManifest, letter_id)


def letter_of(row: PersonalSignOn) -> SignOnLetter:
    """The letter that a person signed."""
    return db.session.get_one(SignOnLetter, row.letter_id)


def name_of(row: PersonalSignOn) -> str:
    """The name as it was typed; empty once erased."""
    return _opened(row, "name")


def email_of(row: PersonalSignOn) -> str:
    """The address; empty once erased."""
    return _opened(row, "email")


def _opened(row: PersonalSignOn, column: str) -> str:
    value: bytes | None = getattr(row, column)
    return crypto.open_sealed(value, table="personal_sign_on", column=column, row=row.public_id) if value else ""
