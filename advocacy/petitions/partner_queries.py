"""Reads about partner pages. A partner sees counts, and the contacts of people who ticked its own box, nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal, select

from advocacy.coalitions import name_queries as names
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import rules as coalition_rules
from advocacy.coalitions.organization_models import Membership, MembershipState
from advocacy.consent import queries as consent
from advocacy.consent.models import OptIn, OptInState
from advocacy.core import crypto
from advocacy.core.actor import Actor
from advocacy.core.counting import NONE, Counted, counted_rows
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.paging import Page, take_page
from advocacy.petitions.models import Petition, Signature, SignatureState
from advocacy.petitions.partner_models import PartnerAsk, PartnerDeletion, PartnerPage, PartnerPageState
from advocacy.petitions.rules import PUBLIC_STATES

PAGE = 50
_PLACE = "petition:"
_OWNER = (Membership.coalition_id == PartnerPage.coalition_id) & (Membership.id == PartnerPage.membership_id)
_OF = (Petition.coalition_id == PartnerPage.coalition_id) & (Petition.id == PartnerPage.petition_id)
# Access ends with the page, with the membership and with the petition, each at once.
_IN_USE = (
    PartnerPage.state == PartnerPageState.OPEN,
    Membership.state == MembershipState.ACTIVE,
    Petition.state.in_(PUBLIC_STATES),
)


@dataclass(frozen=True)
class PageLine:
    """A partner's page with what belongs to it; ``contacts`` is how many people gave their address to the partner.

    Nobody sees the page while the partner is not to be named there.
    """

    page: PartnerPage
    petition: Petition
    membership: Membership
    contacts: Counted = NONE
    is_named: bool = True
    is_asked: bool = False


def shown_page(slug: str, partner_slug: str) -> tuple[PartnerPage, Membership]:
    """The page of a partner that everybody may see, and the partner; one that is asked each time has said yes.

    Raises: NotFound.
    """
    wanted = _in_use(select(PartnerPage, Membership)).where(
        Petition.slug == slug,
        PartnerPage.slug == partner_slug,
        names.may_stand(literal(_PLACE) + Petition.public_id),
    )
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def name_place(petition: Petition) -> str:
    """The key of the place where a partner's name stands with a petition."""
    return f"{_PLACE}{petition.public_id}"


def page_in_use(coalition_id: int, page_id: int) -> tuple[PartnerPage, Membership] | None:
    """A page and its partner, while the partner takes part."""
    wanted = _in_use(select(PartnerPage, Membership))
    found = db.session.execute(
        wanted.where(PartnerPage.coalition_id == coalition_id, PartnerPage.id == page_id)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def page_by_id(coalition_id: int, page_id: int) -> tuple[PartnerPage, Membership]:
    """A page and its partner in any state."""
    found = db.session.execute(
        select(PartnerPage, Membership)
        .join(Membership, _OWNER)
        .where(PartnerPage.coalition_id == coalition_id, PartnerPage.id == page_id)
    ).one()
    return found[0], found[1]


def opt_in_words(page: PartnerPage, membership: Membership) -> str:
    """The words beside the tick, as they were stored, with the organization's name."""
    return consent.text_by_id(page.opt_in_text_id).body.replace("{organization}", membership.name)


def pages_of(actor: Actor, petition: Petition) -> list[PageLine]:
    """The partner pages of a petition, oldest first.

    Raises: NotAllowed.
    """
    coalition_rules.require(actor, "partners.view", petition.coalition_id)
    rows = (
        select(PartnerPage, Membership)
        .join(Membership, _OWNER)
        .where(PartnerPage.coalition_id == petition.coalition_id, PartnerPage.petition_id == petition.id)
        .order_by(PartnerPage.id)
    )
    found = db.session.execute(rows).all()
    given = _contact_counts([page.id for page, _membership in found])
    place, ids = name_place(petition), [row.id for _page, row in found]
    hidden = names.not_named(petition.coalition_id, place, ids)
    asked = names.asked(petition.coalition_id, place, ids)
    return [PageLine(page, petition, row, given[page.id], row.id not in hidden, row.id in asked) for page, row in found]


def page_at_desk(actor: Actor, petition: Petition, public_id: str, verb: str = "partners.view") -> PartnerPage:
    """A partner's page of a petition.

    Raises: NotFound, NotAllowed.
    """
    coalition_rules.require(actor, verb, petition.coalition_id)
    found = db.session.execute(
        select(PartnerPage).where(
            PartnerPage.coalition_id == petition.coalition_id,
            PartnerPage.petition_id == petition.id,
            PartnerPage.public_id == public_id,
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def free_partners(actor: Actor, petition: Petition) -> list[Membership]:
    """Active organizations that have no page of this petition yet, by name.

    Raises: NotAllowed.
    """
    coalition_rules.require(actor, "partners.manage", petition.coalition_id)
    has_page = select(PartnerPage.id).where(
        PartnerPage.petition_id == petition.id,
        PartnerPage.membership_id == Membership.id,
        PartnerPage.state == PartnerPageState.OPEN,
    )
    rows = select(Membership).where(
        Membership.coalition_id == petition.coalition_id,
        Membership.state == MembershipState.ACTIVE,
        ~has_page.exists(),
    )
    return list(db.session.execute(rows.order_by(Membership.name_fold, Membership.id)).scalars())


def own_pages(actor: Actor) -> list[PageLine]:
    """The pages of the organization that this person acts for, newest first.

    Raises: NotAllowed.
    """
    coalition_rules.require(actor, "partners.own")
    mine = organizations.acting_for(actor)
    if mine is None:
        return []
    rows = _in_use(select(PartnerPage, Petition)).where(
        PartnerPage.coalition_id == mine.coalition_id, PartnerPage.membership_id == mine.id
    )
    found = db.session.execute(rows.order_by(PartnerPage.id.desc())).all()
    given = _contact_counts([page.id for page, _petition in found])
    return [PageLine(page, petition, mine, given[page.id]) for page, petition in found]


def own_page(actor: Actor, public_id: str) -> PageLine:
    """One of them.

    Raises: NotFound, also for another organization's; NotAllowed.
    """
    found = next((line for line in own_pages(actor) if line.page.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Contact:
    """What somebody gave to a partner: a name, an address and when; ``reference`` names it for ever."""

    id: int
    reference: str
    name: str
    email: str
    given_at: datetime


def contacts(page: PartnerPage, before: int | None = None, size: int = PAGE) -> Page[Contact]:
    """The people who gave their address to this partner on this page and did not take it back, newest first.

    Needs: a page that the caller was allowed to see.
    """
    wanted = _given(select(Signature, OptIn.confirmed_at), page.id)
    if before is not None:
        wanted = wanted.where(Signature.id < before)
    rows = db.session.execute(wanted.order_by(Signature.id.desc()).limit(size + 1)).all()
    return take_page([_contact(signature, at) for signature, at in rows], size)


def all_contacts(page: PartnerPage) -> Iterator[Contact]:
    """All of them, a page at a time."""
    before: int | None = None
    while True:
        found = contacts(page, before, size=500)
        yield from found.rows
        before = found.next_after
        if before is None:
            return


@dataclass(frozen=True)
class ToDelete:
    """What a partner must still delete, by the reference in its own list: whose it is, is not shown again here."""

    reference: str
    asked_at: datetime


def to_delete(page: PartnerPage) -> list[ToDelete]:
    """What the partner of this page has not deleted yet, oldest first.

    Needs: a page that the caller was allowed to see.
    """
    rows = db.session.execute(
        select(Signature.public_id, PartnerDeletion.asked_at)
        .join(PartnerDeletion, PartnerDeletion.signature_id == Signature.id)
        .where(PartnerDeletion.partner_page_id == page.id, PartnerDeletion.done_at.is_(None))
        .order_by(PartnerDeletion.id)
        .limit(PAGE)
    )
    return [ToDelete(reference, asked_at) for reference, asked_at in rows]


def deletion(page: PartnerPage, reference: str) -> PartnerDeletion | None:
    """The newest duty of this page's partner about one reference."""
    return db.session.execute(
        select(PartnerDeletion)
        .join(Signature, Signature.id == PartnerDeletion.signature_id)
        .where(PartnerDeletion.partner_page_id == page.id, Signature.public_id == reference)
        .order_by(PartnerDeletion.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def askable(page: PartnerPage, after: int, size: int) -> list[tuple[Signature, OptIn]]:
    """The next people on a page who gave their address to the partner, in the order in which they signed."""
    wanted = _given(select(Signature, OptIn), page.id).where(Signature.id > after)
    return [(row[0], row[1]) for row in db.session.execute(wanted.order_by(Signature.id).limit(size))]


def is_given(signature: Signature) -> bool:
    """Whether the leave that somebody gave to the partner still stands."""
    if signature.partner_page_id is None:
        return False
    wanted = _given(select(Signature.id), signature.partner_page_id).where(Signature.id == signature.id)
    return db.session.execute(wanted).scalar_one_or_none() is not None


def ask_of(page: PartnerPage) -> PartnerAsk | None:
    """What the partner asked of its people on this page."""
    return db.session.execute(select(PartnerAsk).where(PartnerAsk.partner_page_id == page.id)).scalar_one_or_none()


def _in_use(wanted: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return wanted.join_from(PartnerPage, Membership, _OWNER).join(Petition, _OF).where(*_IN_USE)


def _given(wanted: Select[*tuple[Any, ...]], *page_ids: int) -> Select[*tuple[Any, ...]]:
    """What counts as given: a confirmed signature, and a leave to this very organization that stands."""
    opted = (OptIn.coalition_id == Signature.coalition_id) & (OptIn.id == Signature.partner_opt_in_id)
    page = (PartnerPage.coalition_id == Signature.coalition_id) & (PartnerPage.id == Signature.partner_page_id)
    return (
        wanted.join_from(Signature, OptIn, opted)
        .join(PartnerPage, page)
        .join(Membership, _OWNER)
        .where(
            Signature.partner_page_id.in_(page_ids),
            Signature.partner_updates,
            Signature.state == SignatureState.VERIFIED,
            Signature.email.is_not(None),
            OptIn.state == OptInState.CONFIRMED,
            OptIn.organization_id == Membership.organization_id,
        )
    )


def _contact_counts(page_ids: list[int]) -> dict[int, Counted]:
    if not page_ids:
        return {}
    wanted = [counted_rows(_given(select(Signature.id), page_id)) for page_id in page_ids]
    found = db.session.execute(select(*wanted)).one()
    return {page_id: Counted(count) for page_id, count in zip(page_ids, found, strict=True)}


def _contact(signature: Signature, given_at: datetime) -> Contact:
    def opened(column: str) -> str:
        value: bytes | None = getattr(signature, column)
        return crypto.open_sealed(value, table="signature", column=column, row=signature.public_id) if value else ""

    return Contact(signature.id, signature.public_id, opened("name"), opened("email"), given_at)
