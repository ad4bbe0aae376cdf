"""What every desk page of campaigns is given, and how a form is taken in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Response, request
from flask_babel import gettext as _

from advocacy.campaigns import words
from advocacy.campaigns.models import Campaign, CampaignState
from advocacy.campaigns.queries import campaigns as queries
from advocacy.coalitions import rules as roles
from advocacy.core import uow
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.web import access, respond
from advocacy.web.forms import Form

BIG = 2**63
"""What a key of a row stays below."""


@dataclass(frozen=True)
class Tab:
    """A page of one campaign."""

    label: str
    url: str
    is_current: bool
    icon: str = ""


def home_of(campaign: Campaign) -> str:
    """The address of a campaign at the desk."""
    return f"/desk/campaigns/{campaign.public_id}"


def in_view() -> int:
    """The coalition in view.

    Raises: NotFound when there is none.
    """
    coalition_id = access.current_actor().coalition_id
    if coalition_id is None:
        raise NotFound
    return coalition_id


class Part(Protocol):
    """A row that belongs to a campaign."""

    campaign_id: Any


def require_part(campaign: Campaign, part: Part) -> None:
    """Refuse a part of another campaign.

    Raises: NotFound.
    """
    if part.campaign_id != campaign.id:
        raise NotFound


def after() -> int | None:
    """The key after which the asked page of a list begins."""
    found = request.args.get("after", type=int)
    return found if found is not None and 0 < found < BIG else None


def may_manage() -> bool:
    """Whether the actor may change campaigns, so that no button leads to a refusal."""
    return roles.can(access.current_actor(), queries.MANAGE)


def tabs(campaign: Campaign) -> list[Tab]:
    """The pages of one campaign."""
    home = home_of(campaign)
    found = (
        (_("Overview"), home),
        (_("Plan"), f"{home}/plan"),
        (_("Board"), f"{home}/board"),
        (_("Message"), f"{home}/message"),
    )
    return [Tab(label, url, request.path == url) for label, url in found]


def desk_page(template: str, campaign: Campaign, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 - template context
    """A page of one campaign."""
    return respond.page(
        template,
        status,
        campaign=campaign,
        home=home_of(campaign),
        state=words.STATES[CampaignState(campaign.state)],
        tabs=tabs(campaign),
        may_manage=may_manage(),
        **context,
    )


def form_page(
    form: Form,
    *,
    title: str,
    crumbs: list[tuple[str, str]],
    status: int = 200,
    lead: str = "",
    hints: Mapping[str, str] | None = None,
    save: str = "",
) -> Response:
    """A page with one form on it, which posts to its own address."""
    return respond.page(
        "campaigns/desk/form.html",
        status,
        form=form,
        heading=title,
        crumbs=[*crumbs, (title, None)],
        lead=lead,
        hints=hints or {},
        save=save or _("Save"),
    )


def campaign_crumbs(campaign: Campaign, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of one campaign."""
    return [(_("Campaigns"), "/desk/campaigns"), (campaign.title, home_of(campaign)), *more]


def carried_out(form: Form, act: Callable[[], object]) -> bool:
    """Whether a posted form was right and its deed done; else the form says what to mend, and nothing is kept.

    Raises: Conflict without a field: somebody was faster, which no mend in the form can help.
    """
    if not form.validate():
        return False
    try:
        act()
    except (RuleBroken, Conflict) as error:
        if isinstance(error, Conflict) and error.field is None:
            raise
        uow.rollback()
        form.refuse(error)
        return False
    return True
