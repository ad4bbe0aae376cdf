"""Reads about organizations' logos: which one there is, and where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import undefer

from advocacy.coalitions import name_queries as names
from advocacy.coalitions.logo_models import OrganizationLogo
from advocacy.coalitions.models import Coalition, CoalitionState
from advocacy.coalitions.name_models import COALITION_PAGE
from advocacy.coalitions.organization_models import Leave, Membership, MembershipState
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound

_OF = (OrganizationLogo.coalition_id == Membership.coalition_id) & (OrganizationLogo.membership_id == Membership.id)
_UNSEEN = (CoalitionState.FORMING, CoalitionState.DISSOLVED)


@dataclass(frozen=True)
class Logo:
    """What a page needs to show a logo; ``alt`` is the organization's name. Units: pixels."""

    url: str
    width: int
    height: int
    alt: str


def of_membership(membership: Membership) -> OrganizationLogo | None:
    """The logo of an organization, shown somewhere or not.

    Needs: an organization that the caller was allowed to see.
    """
    wanted = select(OrganizationLogo).where(
        OrganizationLogo.coalition_id == membership.coalition_id, OrganizationLogo.membership_id == membership.id
    )
    return db.session.execute(wanted).scalar_one_or_none()


def shown(membership: Membership) -> Logo | None:
    """The same for a page of the desk."""
    found = of_membership(membership)
    return _facts(found, membership.public_id, membership.name) if found is not None else None


def on_page(coalition_id: int, membership_ids: Iterable[int]) -> dict[int, Logo]:
    """The logos of these organizations that stand on the coalition's page, in one query."""
    return _standing(coalition_id, membership_ids, names.logo_may_stand(COALITION_PAGE))


def where_agreed(coalition_id: int, membership_ids: Iterable[int], agreed_ids: Collection[int]) -> dict[int, Logo]:
    """The logos of these organizations in a place where each chose to be named; ``agreed_ids`` chose the logo too."""
    return _standing(coalition_id, membership_ids, names.logo_is_left_to(Membership.id.in_(agreed_ids)))


def stands_on_page(coalition_id: int, membership_id: int) -> bool:
    """Whether everybody may see an organization's logo on the coalition's page."""
    is_open = select(Coalition.id).where(Coalition.id == coalition_id, Coalition.state.not_in(_UNSEEN))
    return bool(on_page(coalition_id, [membership_id])) and db.session.execute(is_open).first() is not None


def file_at(public_id: str, sha256: str) -> OrganizationLogo:
    """The file behind an address, with its bytes.

    Raises: NotFound.
    """
    wanted = select(OrganizationLogo).join(Membership, _OF).options(undefer(OrganizationLogo.png))
    found = db.session.execute(
        wanted.where(Membership.public_id == public_id, OrganizationLogo.sha256 == sha256)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def belongs(actor: Actor, coalition_id: int) -> bool:
    """Whether somebody has a part in this coalition, and has shown who they are as far as that part asks."""
    return actor.coalition_id == coalition_id and bool(actor.roles) and not actor.lacks_factor


def _standing(coalition_id: int, membership_ids: Iterable[int], condition: ColumnElement[bool]) -> dict[int, Logo]:
    rows = db.session.execute(
        select(OrganizationLogo, Membership.public_id, Membership.name)
        .join(Membership, _OF)
        .where(
            OrganizationLogo.coalition_id == coalition_id,
            OrganizationLogo.membership_id.in_(list(membership_ids)),
            Membership.state == MembershipState.ACTIVE,
            Membership.name_use != Leave.NEVER,
            condition,
        )
    )
    return {row.membership_id: _facts(row, public_id, name) for row, public_id, name in rows}


def _facts(row: OrganizationLogo, public_id: str, name: str) -> Logo:
    return Logo(f"/logos/{public_id}/{row.sha256}.png", row.width, row.height, name)
