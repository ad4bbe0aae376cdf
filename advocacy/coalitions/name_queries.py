"""Reads about the use of organizations' names: where a name may stand, who was asked, what they said."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, or_, select, tuple_

from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import rules
from advocacy.coalitions.name_models import COALITION_PAGE, NameAnswer, NameRequest
from advocacy.coalitions.organization_models import Leave, Membership, MembershipState
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.paging import Page, take_page

PAGE = 50
PUBLIC_PAGE = 60
_OF = (NameRequest.coalition_id == Membership.coalition_id) & (NameRequest.membership_id == Membership.id)


def may_stand(place: str | ColumnElement[str]) -> ColumnElement[bool]:
    """The condition under which a membership's name stands in a place: without a yes, it does not."""
    said_yes = select(NameRequest.id).where(_OF, NameRequest.place == place, NameRequest.answer == NameAnswer.YES)
    return or_(
        Membership.name_use == Leave.ALWAYS,
        and_(Membership.name_use == Leave.ASK_EACH, said_yes.correlate_except(NameRequest).exists()),
    )


def logo_may_stand(place: str) -> ColumnElement[bool]:
    """The condition under which a membership's logo stands in a place: beside its name, and never without it."""
    said_yes = select(NameRequest.id).where(
        _OF, NameRequest.place == place, NameRequest.answer == NameAnswer.YES, NameRequest.with_logo
    )
    return and_(may_stand(place), logo_is_left_to(said_yes.correlate_except(NameRequest).exists()))


def logo_is_left_to(said_yes: ColumnElement[bool]) -> ColumnElement[bool]:
    """What the leave for logos makes of a yes: it is not needed, it decides, or it does not help."""
    return or_(Membership.logo_use == Leave.ALWAYS, and_(Membership.logo_use == Leave.ASK_EACH, said_yes))


def public_members(coalition_id: int, after: int | None = None) -> Page[Membership]:
    """The organizations whose name everybody may read on the coalition's page, by name."""
    wanted = select(Membership).where(
        Membership.coalition_id == coalition_id,
        Membership.state == MembershipState.ACTIVE,
        may_stand(COALITION_PAGE),
    )
    if after is not None:
        last = select(Membership.name_fold).where(Membership.coalition_id == coalition_id, Membership.id == after)
        wanted = wanted.where(tuple_(Membership.name_fold, Membership.id) > tuple_(last.scalar_subquery(), after))
    rows = db.session.execute(wanted.order_by(Membership.name_fold, Membership.id).limit(PUBLIC_PAGE + 1))
    return take_page(rows.scalars().all(), PUBLIC_PAGE)


def not_named(coalition_id: int, place: str, membership_ids: Iterable[int]) -> set[int]:
    """Those of these organizations whose name does not stand in a place."""
    rows = select(Membership.id).where(
        Membership.coalition_id == coalition_id, Membership.id.in_(list(membership_ids)), ~may_stand(place)
    )
    return set(db.session.execute(rows).scalars())


def requests(actor: Actor, before: int | None = None) -> Page[tuple[NameRequest, Membership]]:
    """What the coalition in view asked, newest first, for those who work on what is public.

    Raises: NotAllowed.
    """
    rules.require(actor, "partners.view")
    wanted = select(NameRequest, Membership).join(Membership, _OF)
    wanted = wanted.where(NameRequest.coalition_id == actor.coalition_id)
    if before is not None:
        wanted = wanted.where(NameRequest.id < before)
    found = db.session.execute(wanted.order_by(NameRequest.id.desc()).limit(PAGE + 1)).all()
    page = take_page([row[0] for row in found], PAGE)
    return Page([(row[0], row[1]) for row in found[: len(page.rows)]], page.next_after)


def of_membership(membership: Membership) -> list[NameRequest]:
    """What one organization was asked, newest first.

    Needs: an organization that the caller was allowed to see.
    """
    rows = select(NameRequest).where(
        NameRequest.coalition_id == membership.coalition_id, NameRequest.membership_id == membership.id
    )
    return list(db.session.execute(rows.order_by(NameRequest.id.desc()).limit(PAGE)).scalars())


def own_requests(actor: Actor) -> list[NameRequest]:
    """What the organization that this person acts for was asked, newest first.

    Raises: NotAllowed.
    """
    rules.require(actor, "partners.own")
    mine = organizations.acting_for(actor)
    return of_membership(mine) if mine else []


def own_request(actor: Actor, public_id: str) -> NameRequest:
    """One of them, held for its answer.

    Raises: NotFound, also for another organization's; NotAllowed.
    """
    rules.require(actor, "partners.own")
    mine = organizations.acting_for(actor)
    if mine is None:
        raise NotFound
    found = db.session.execute(
        select(NameRequest)
        .where(
            NameRequest.coalition_id == mine.coalition_id,
            NameRequest.membership_id == mine.id,
            NameRequest.public_id == public_id,
        )
        .with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def asked(coalition_id: int, place: str, membership_ids: Iterable[int]) -> set[int]:
    """Those of these organizations that were asked about a place."""
    rows = select(NameRequest.membership_id).where(
        NameRequest.coalition_id == coalition_id,
        NameRequest.membership_id.in_(list(membership_ids)),
        NameRequest.place == place,
    )
    return set(db.session.execute(rows).scalars())


def may_be_asked(membership: Membership, place: str) -> bool:
    """Whether this organization takes part and wants to be asked each time about what stands in this place."""
    wants = membership.name_use == Leave.ASK_EACH or asks_for_logo(membership, place)
    return membership.state == MembershipState.ACTIVE and wants


def asks_for_logo(membership: Membership, place: str) -> bool:
    """Whether the question about this place is one about the logo too: logos stand there, and it wants to be asked."""
    is_asked = membership.logo_use == Leave.ASK_EACH and membership.name_use != Leave.NEVER
    return place == COALITION_PAGE and is_asked


def waiting_for(actor: Actor) -> int:
    """How many of the newest questions wait for the organization that this person acts for."""
    return sum(one.answer == NameAnswer.WAITING for one in own_requests(actor))
