"""Reads about sign-on letters."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from advocacy.campaigns.models import Bill
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import rules as coalition_rules
from advocacy.coalitions.logo_queries import Logo
from advocacy.coalitions.organization_models import Membership, MembershipState
from advocacy.core import crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.paging import Page, take_page
from advocacy.signons import logo_queries, rules
from advocacy.signons.models import (
    CorrectionState,
    Shown,
    SignOn,
    SignOnCorrection,
    SignOnDocument,
    SignOnLetter,
    SignOnManifest,
    SignOnState,
    SignOnText,
)

PAGE_SIZE = 30
VIEW, MANAGE = "signons.view", "signons.manage"


@dataclass(frozen=True)
class Counts:
    """How many organizations stand where with a letter; ``signed`` is what pages show."""

    signed: int = 0
    invited: int = 0
    needs_reconfirm: int = 0
    declined: int = 0
    rescinded: int = 0


@dataclass(frozen=True)
class Signer:
    """A signature as everybody may read it; ``name`` and ``title`` are empty where only the organization stands."""

    organization: str
    name: str
    title: str
    place: str
    withdrew_at: datetime | None
    logo: Logo | None = None


@dataclass(frozen=True)
class BoardLine:
    """An organization on the board of a letter."""

    row: SignOn
    organization: str
    membership_state: str
    may_lobby: bool
    signer: str
    has_contact: bool


def letter_at_desk(actor: Actor, public_id: str, verb: str = VIEW, *, lock: bool = False) -> SignOnLetter:
    """A letter of the coalition in view.

    Raises: NotFound for what is not there or another coalition's, NotAllowed without the capability.
    """
    wanted = select(SignOnLetter).where(SignOnLetter.public_id == public_id)
    found = db.session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    if found is None or (not actor.is_system and found.coalition_id != actor.coalition_id):
        raise NotFound
    coalition_rules.require(actor, verb, found.coalition_id)
    return found


def letters_of(actor: Actor, before_id: int | None = None, size: int = PAGE_SIZE) -> Page[SignOnLetter]:
    """A page of the coalition's letters, newest first.

    Raises: NotAllowed.
    """
    coalition_rules.require(actor, VIEW)
    wanted = select(SignOnLetter).where(SignOnLetter.coalition_id == actor.coalition_id)
    if before_id is not None:
        wanted = wanted.where(SignOnLetter.id < before_id)
    rows = db.session.execute(wanted.order_by(SignOnLetter.id.desc()).limit(size + 1)).scalars().all()
    return take_page(rows, size)


def public_letter(slug: str) -> SignOnLetter:
    """A letter that everybody may read.

    Raises: NotFound, also while it is written and after it was withdrawn.
    """
    found = db.session.execute(
        select(SignOnLetter).where(SignOnLetter.slug == slug, SignOnLetter.state.in_(rules.PUBLIC_STATES))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def public_letters(before_id: int | None = None, size: int = PAGE_SIZE) -> Page[SignOnLetter]:
    """Letters that everybody may read, newest first."""
    wanted = select(SignOnLetter).where(SignOnLetter.state.in_(rules.PUBLIC_STATES))
    if before_id is not None:
        wanted = wanted.where(SignOnLetter.id < before_id)
    rows = db.session.execute(wanted.order_by(SignOnLetter.id.desc()).limit(size + 1)).scalars().all()
    return take_page(rows, size)


def counts_of(letter_ids: Collection[int]) -> dict[int, Counts]:
    """How many organizations stand where, for several letters in one query."""
    if not letter_ids:
        return {}
    rows = db.session.execute(
        select(SignOn.letter_id, SignOn.state, func.count())
        .where(SignOn.letter_id.in_(letter_ids))
        .group_by(SignOn.letter_id, SignOn.state)
    )
    found: dict[int, dict[str, int]] = {letter_id: {} for letter_id in letter_ids}
    for letter_id, state, count in rows:
        found[letter_id][str(state)] = int(count)
    return {letter_id: Counts(**counted) for letter_id, counted in found.items()}


def text_of(letter: SignOnLetter, number: int | None = None) -> SignOnText:
    """The words of a letter, the newest unless told.

    Raises: NotFound.
    """
    wanted = select(SignOnText).where(
        SignOnText.letter_id == letter.id, SignOnText.number == (number or letter.text_version)
    )
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def texts_of(letter: SignOnLetter) -> list[SignOnText]:
    """Every wording, newest first."""
    wanted = select(SignOnText).where(SignOnText.letter_id == letter.id).order_by(SignOnText.number.desc())
    return list(db.session.execute(wanted).scalars())


def waiting_correction(letter_id: int) -> SignOnCorrection | None:
    """The typing error that waits for a second person."""
    return db.session.execute(
        select(SignOnCorrection).where(
            SignOnCorrection.letter_id == letter_id, SignOnCorrection.state == CorrectionState.WAITING
        )
    ).scalar_one_or_none()


def bill_of(letter: SignOnLetter) -> Bill | None:
    """The bill that a letter is about."""
    return db.session.get(Bill, letter.bill_id) if letter.bill_id is not None else None


def bills_of(letters: Collection[SignOnLetter]) -> dict[int, Bill]:
    """The bills of several letters, by the letter's id, in one query."""
    wanted = {letter.bill_id for letter in letters if letter.bill_id is not None}
    rows = db.session.execute(select(Bill).where(Bill.id.in_(wanted))).scalars() if wanted else ()
    found = {bill.id: bill for bill in rows}
    return {letter.id: found[letter.bill_id] for letter in letters if letter.bill_id is not None}


def bill_choices(coalition_id: int) -> list[Bill]:
    """The bills that a coalition follows, newest first."""
    wanted = select(Bill).where(Bill.coalition_id == coalition_id).order_by(Bill.id.desc()).limit(200)
    return list(db.session.execute(wanted).scalars())


def signers(letter: SignOnLetter) -> list[Signer]:
    """Who signed, by name of the organization, each as it chose to be shown; those only counted are left out."""
    rows = db.session.execute(
        select(SignOn, Membership.name)
        .join(Membership, Membership.id == SignOn.membership_id)
        .where(SignOn.letter_id == letter.id, SignOn.state == SignOnState.SIGNED, SignOn.shown != Shown.COUNTED)
        .order_by(Membership.name_fold, SignOn.id)
    ).all()
    logos = logo_queries.beside(letter.coalition_id, [row for row, _organization in rows])
    return [
        Signer(
            organization,
            signer_name(row) if row.shown == Shown.FULL else "",
            row.title if row.shown == Shown.FULL else "",
            row.place,
            row.withdrew_at,
            logos.get(row.membership_id),
        )
        for row, organization in rows
    ]


def board(letter: SignOnLetter) -> list[BoardLine]:
    """Every organization of a letter, by name; the ended ones last."""
    rows = db.session.execute(
        select(SignOn, Membership)
        .join(Membership, Membership.id == SignOn.membership_id)
        .where(SignOn.letter_id == letter.id)
        .order_by(Membership.name_fold, SignOn.id)
    )
    lines = [
        BoardLine(
            row,
            membership.name,
            membership.state,
            membership.may_lobby,
            signer_name(row),
            membership.contact_email is not None,
        )
        for row, membership in rows
    ]
    order = list(SignOnState)
    return sorted(lines, key=lambda line: order.index(SignOnState(line.row.state)) >= len(order) - 2)


def invitable(letter: SignOnLetter) -> list[Membership]:
    """Active organizations of the coalition that have no place at this letter yet, by name."""
    asked = select(SignOn.membership_id).where(
        SignOn.letter_id == letter.id,
        SignOn.state.in_([SignOnState.INVITED, SignOnState.SIGNED, SignOnState.NEEDS_RECONFIRM]),
    )
    wanted = select(Membership).where(
        Membership.coalition_id == letter.coalition_id,
        Membership.state == MembershipState.ACTIVE,
        Membership.id.not_in(asked),
    )
    return list(db.session.execute(wanted.order_by(Membership.name_fold, Membership.id)).scalars())


def signed_membership_ids(letter_id: int) -> list[int]:
    """The memberships whose organizations stand under a letter."""
    wanted = select(SignOn.membership_id).where(SignOn.letter_id == letter_id, SignOn.state == SignOnState.SIGNED)
    return list(db.session.execute(wanted.order_by(SignOn.membership_id)).scalars())


def signer_name(row: SignOn) -> str:
    """The person who signed."""
    return _opened(row, "signer_name")


def given_contact(row: SignOn) -> str:
    """The address that whoever signed gave."""
    return _opened(row, "contact")


def contact_of(row: SignOn) -> str:
    """Where to reach an organization about its signature: whoever signed, else the contact the coalition knows."""
    given = _opened(row, "contact")
    if given:
        return given
    membership = db.session.get(Membership, row.membership_id)
    known = organizations.contact_of(membership) if membership is not None else None
    return known.email if known is not None else ""


def manifest_of(letter_id: int) -> SignOnManifest | None:
    """What a frozen letter holds."""
    return db.session.get(SignOnManifest, letter_id)


def document_of(letter: SignOnLetter) -> SignOnDocument | None:
    """The PDF of a frozen letter, once it is drawn."""
    found = db.session.get(SignOnDocument, letter.id)
    return found if found is not None and found.manifest_hash == letter.manifest_hash else None


def has_document(letter: SignOnLetter) -> bool:
    """Whether there is one, without reading it."""
    wanted = select(SignOnDocument.letter_id).where(
        SignOnDocument.letter_id == letter.id, SignOnDocument.manifest_hash == letter.manifest_hash
    )
    return db.session.execute(wanted).scalar_one_or_none() is not None


def _opened(row: SignOn, column: str) -> str:
    value: bytes | None = getattr(row, column)
    return crypto.open_sealed(value, table="sign_on", column=column, row=row.public_id) if value else ""
