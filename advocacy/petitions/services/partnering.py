"""Partner pages: given to an organization, ended, and what the organization may take with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from slugify import slugify
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from advocacy.audit import services as audit
from advocacy.coalitions import name_queries as coalition_names
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import rules as coalition_rules
from advocacy.coalitions.organization_models import Leave, Membership, MembershipState
from advocacy.coalitions.services import naming
from advocacy.consent import services as consent
from advocacy.consent.models import Purpose
from advocacy.core import clock, safe_csv
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.petitions import partner_queries
from advocacy.petitions.models import Petition, PetitionState
from advocacy.petitions.partner_models import PartnerPage, PartnerPageState

KIND = "partner_page"
VERB = "partners.manage"
INTRO_LENGTH = 1000
SLUG_LENGTH = 60
TITLE_LENGTH = 200


def add_partner_page(actor: Actor, petition: Petition, membership_public_id: str, *, intro: str = "") -> PartnerPage:
    """Give an organization its own page of a petition; one that is asked each time is asked, and has a say first.

    Raises: NotAllowed, NotFound, RuleBroken naming the field, Conflict when it has one or the petition has ended.
    """
    coalition_rules.require(actor, VERB, petition.coalition_id)
    membership = organizations.membership(actor, membership_public_id, VERB)
    if petition.state in {PetitionState.CLOSED, PetitionState.DELIVERED, PetitionState.ARCHIVED}:
        raise Conflict(_("This petition has ended."))
    if membership.state != MembershipState.ACTIVE:
        raise RuleBroken(_("Only organizations that are active can have a page."), field="membership")
    if membership.name_use == Leave.NEVER:
        raise RuleBroken(
            _("This organization does not let its name be shown, so it cannot have a page."), field="membership"
        )
    intro = intro.strip()
    if len(intro) > INTRO_LENGTH:
        raise RuleBroken(_("Use at most %(num)s characters.", num=INTRO_LENGTH), field="intro")
    made = PartnerPage(
        coalition_id=petition.coalition_id,
        petition_id=petition.id,
        membership_id=membership.id,
        public_id=new_public_id(),
        slug=_free_slug(petition.id, membership.name),
        intro=intro,
        opt_in_text_id=consent.current_text(Purpose.PARTNER_NEWS).id,
        state=PartnerPageState.OPEN,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        raise Conflict(_("This organization has a page of this petition already."), field="membership") from None
    if coalition_names.may_be_asked(membership, partner_queries.name_place(petition)):
        _ask_for_name(actor, petition, membership)
    _record(actor, "partner_page.opened", made)
    return made


def ask_for_name(actor: Actor, petition: Petition, public_id: str) -> None:
    """Ask a partner whose page is there already, and that wants to be asked since; asking twice changes nothing.

    Raises: NotAllowed, NotFound; Conflict when the page has ended, or the partner does not want to be asked.
    """
    page = partner_queries.page_at_desk(actor, petition, public_id, VERB)
    if page.state == PartnerPageState.ENDED:
        raise Conflict(_("This page is ended."))
    _page, membership = partner_queries.page_by_id(page.coalition_id, page.id)
    _ask_for_name(actor, petition, membership)


def _ask_for_name(actor: Actor, petition: Petition, membership: Membership) -> None:
    naming.ask(actor, membership, partner_queries.name_place(petition), petition.title[:TITLE_LENGTH])


def end_partner_page(actor: Actor, petition: Petition, public_id: str) -> None:
    """End a partner's page: nobody signs there any more, and the partner sees nothing of it from now on.

    Raises: NotAllowed, NotFound.
    """
    found = partner_queries.page_at_desk(actor, petition, public_id, VERB)
    if found.state == PartnerPageState.ENDED:
        return
    found.state, found.ended_at = PartnerPageState.ENDED, clock.now()
    db.session.flush()
    _record(actor, "partner_page.ended", found)


def export_contacts(actor: Actor, public_id: str) -> Iterator[bytes]:
    """The contacts of people who ticked the partner's box on its own page, as CSV.

    Raises: NotAllowed, NotFound, also for another organization's page.
    """
    line = partner_queries.own_page(actor, public_id)
    rows: list[Sequence[safe_csv.type_cell]] = [("name", "email", "given_on", "reference")]
    rows += [
        (one.name, one.email, one.given_at.date().isoformat(), one.reference)
        for one in partner_queries.all_contacts(line.page)
    ]
    _record(actor, "partner_page.exported", line.page, contacts=len(rows) - 1)
    return safe_csv.lines(rows)


def _free_slug(petition_id: int, name: str) -> str:
    """The last part of the page's address, from the name; a number follows where it is taken."""
    base = slugify(name, max_length=SLUG_LENGTH, word_boundary=True).strip("-") or "partner"
    taken = set(
        db.session.execute(
            select(PartnerPage.slug).where(
                PartnerPage.petition_id == petition_id, PartnerPage.slug.startswith(base, autoescape=True)
            )
        ).scalars()
    )
    return next(
        slug
        for number in range(1, len(taken) + 2)
        if (slug := base if number == 1 else f"{base}-{number}") not in taken
    )


def _record(actor: Actor, action: str, page: PartnerPage, **facts: int) -> None:
    known = {"petition_id": page.petition_id, "membership_id": page.membership_id, **facts}
    audit.record(actor, action, KIND, page.id, coalition_id=page.coalition_id, facts=known)
