"""What every desk page of campaigns is given, and how a form is taken in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.campaigns import words
from advocacy.campaigns.models import Campaign, CampaignState
from advocacy.campaigns.queries import campaigns as queries
from advocacy.coalitions import rules as roles
from advocacy.core.errors import NotFound
from advocacy.web import access, respond
from advocacy.web.forms import Form

BIG = 2**63
"""What a key of a row stays below."""
TABS = {"plan": _l("Plan"), "board": _l("Board"), "message": _l("Message")}


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
    found = [(_("Overview"), home), *((label, f"{home}/{name}") for name, label in TABS.items())]
    here = f"{home}/board" if request.path.startswith(f"{home}/tasks") else request.path
    return [Tab(label, url, here == url) for label, url in found]


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
    lead: str = "",
    hints: Mapping[str, str] | None = None,
    save: str = "",
) -> Response:
    """A page with one form on it, which posts to its own address."""
    return respond.page(
        "campaigns/desk/form.html",
        422 if form.errors else 200,
        form=form,
        heading=title,
        crumbs=[*crumbs, (title, None)],
        lead=lead,
        hints=hints or {},
        save=save or _("Save"),
    )


def crumbs_of(campaign: Campaign, tab: str = "") -> list[tuple[str, str]]:
    """The way to a page of one campaign, through one of its tabs."""
    home = home_of(campaign)
    way = [(_("Campaigns"), "/desk/campaigns"), (campaign.title, home)]
    return [*way, (str(TABS[tab]), f"{home}/{tab}")] if tab else way


def back_to(public_id: str, tab: str = "", done: str = "saved") -> BaseResponse:
    """Redirect to a tab of a campaign, which says what is done."""
    return respond.see_other(f"/desk/campaigns/{public_id}/{tab}".rstrip("/"), done=done)
