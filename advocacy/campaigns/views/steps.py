"""Steps of a campaign that need words: victory, archive, copies."""

from __future__ import annotations

from flask import Blueprint, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.campaigns import rules
from advocacy.campaigns.forms.campaigns import ArchiveForm, CopyForm, VersionForm, VictoryForm
from advocacy.campaigns.models import Campaign, CampaignState
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.services import copying, drafting, moving
from advocacy.campaigns.views import pages
from advocacy.core.errors import Conflict
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("campaigns_steps", __name__, url_prefix="/desk/campaigns")
SLUG_LENGTH = 80
notices.register("campaign-copied", _l("The copy is made. It is a draft: nobody outside sees it."))


@bp.post("/<token:public_id>/template")
@access.needs(queries.MANAGE)
@csrf.session
def template(public_id: str) -> BaseResponse:
    """Make a draft a template, or an ordinary draft again."""
    form, actor = VersionForm.of_request(), access.current_actor()
    is_template = request.form.get("is_template") == "y"
    drafting.mark_template(actor, public_id, version=form.version.data, is_template=is_template)
    return pages.back_to(public_id)


@bp.route("/<token:public_id>/victory", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def victory(public_id: str) -> BaseResponse:
    """Mark a victory, with what proves it."""
    actor = access.current_actor()
    found = _to_take_step(public_id, CampaignState.WON)
    form = VictoryForm.of_request(version=found.version)

    def act() -> BaseResponse:
        proof = moving.Proof(form.summary.data, form.source_name.data, form.source_url.data, form.happened_on.data)
        moving.win_campaign(actor, public_id, version=form.version.data, proof=proof)
        return pages.back_to(public_id, done="campaign-moved")

    return form.carry_out(act) or pages.form_page(
        form,
        title=_("Mark as won"),
        crumbs=pages.crumbs_of(found),
        lead=_("A victory is shown with what proves it, so that everybody can check."),
        hints={
            "summary": _("What is different now, in one or two sentences."),
            "source_name": _("A law, a budget, a vote, a decision."),
        },
        save=_("Mark as won"),
    )


@bp.route("/<token:public_id>/archive", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def archive(public_id: str) -> BaseResponse:
    """Put the campaign away; its old address leads on."""
    actor = access.current_actor()
    found = _to_take_step(public_id, CampaignState.ARCHIVED)
    year = str(queries.today(found.coalition_id).year)
    form = ArchiveForm.of_request(version=found.version, slug=f"{found.slug[: SLUG_LENGTH - 5]}-{year}")
    others = queries.public_campaigns(found.coalition_id).rows
    form.offer([other for other in others if other.id != found.id])

    def act() -> BaseResponse:
        moving.archive_campaign(
            actor,
            public_id,
            version=form.version.data,
            slug=form.slug.data,
            successor=form.successor.data or "",
        )
        return respond.see_other("/desk/campaigns?show=archive", done="campaign-moved")

    return form.carry_out(act) or pages.form_page(
        form,
        title=_("Archive this campaign"),
        crumbs=pages.crumbs_of(found),
        lead=_("It stays readable for those who know its address, and nothing about it changes any more."),
        hints={
            "slug": _("Its present short name is then free for the next campaign."),
            "successor": _("Whoever opens the old address is led on."),
        },
        save=_("Archive"),
    )


@bp.route("/<token:public_id>/copy", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def copy(public_id: str) -> BaseResponse:
    """Make another campaign with the same plan."""
    actor = access.current_actor()
    found = queries.campaign(actor, public_id)
    form = CopyForm.of_request(title=found.title, begins_on=queries.today(found.coalition_id))

    def act() -> BaseResponse:
        made = copying.copy_campaign(
            actor,
            public_id,
            slug=form.slug.data,
            title=form.title.data,
            begins_on=form.begins_on.data,
            is_template=form.is_template.data,
        )
        return pages.back_to(made.public_id, done="campaign-copied")

    return form.carry_out(act) or pages.form_page(
        form,
        title=_("Copy this campaign"),
        crumbs=pages.crumbs_of(found),
        lead=_(
            "The copy has the same asks, actions, milestones and tasks. Nothing is done yet, and every day moves along."
        ),
        hints={
            "begins_on": _("Days of milestones and tasks keep their distance to this one."),
            "is_template": _("A template stays at the desk as a pattern for others."),
        },
        save=_("Make the copy"),
    )


def _to_take_step(public_id: str, state: CampaignState) -> Campaign:
    """The campaign, if it can take this step.

    Raises: Conflict when it cannot, NotFound.
    """
    found = queries.campaign(access.current_actor(), public_id)
    if found.is_template or not rules.can_move(found.state, state):
        raise Conflict(_("The campaign cannot take this step from where it stands now."))
    return found
