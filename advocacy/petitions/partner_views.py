"""Partner pages: for everybody, for the organizers who give them, and for the partner's own people."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions import rules as coalition_rules
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.core.links import absolute
from advocacy.petitions import desk_pages, desk_queries, partner_queries, queries, views
from advocacy.petitions.desk_forms import PartnerPageForm
from advocacy.petitions.forms import PartnerSignForm, new_stamp
from advocacy.petitions.models import Petition
from advocacy.petitions.services import facts, partner_asking, partnering, signing, unsharing
from advocacy.web import access, csrf, limits, notices, respond

bp = Blueprint("petitions_partner", __name__, url_prefix="/petitions/<slug:slug>/with/<slug:partner>")
desk_bp = Blueprint("petitions_partners", __name__, url_prefix="/desk/petitions/<token:public_id>/partners")
own_bp = Blueprint("partner_pages", __name__, url_prefix="/desk/partner-pages")
VIEW, MANAGE, OWN = "partners.view", "partners.manage", "partners.own"

notices.register("partner-page-opened", _l("The partner has its own page now. Send it the link."))
notices.register("partner-deleted", _l("Thank you. Noted: it is deleted on your side."))
notices.register("partner-ask-begun", _l("Your people are being asked. Look again in a minute."))
notices.register("partner-page-ended", _l("The page is ended. The partner sees nothing of it from now on."))


@bp.get("")
@access.public
def show(slug: str, partner: str) -> Response | BaseResponse:
    """Show the petition on its partner's page; links to a page that ended lead to the petition."""
    try:
        found = _page_facts(slug, partner)
    except NotFound:
        return respond.see_other(f"/petitions/{queries.public_petition(slug).slug}")
    form = PartnerSignForm(None, stamp=new_stamp(slug))
    answer = respond.page("petitions/show.html", form=form, **found)
    return respond.cacheable(answer, views.PAGE_S, etag=views.content_tag(found))


@bp.post("/signatures")
@access.public
@csrf.same_site
def sign(slug: str, partner: str) -> Response | BaseResponse:
    """Take a signature; the answer is the same for a new one, a double and a held one."""
    form = PartnerSignForm(request.form)
    try:
        if form.validate():
            given = views.given(
                slug,
                form,
                partner_page_id=facts.partner_page_id(slug, partner),
                partner_updates=form.partner_updates.data,
            )
            signing.sign_petition(slug, given)
            return respond.see_other(f"/petitions/{slug}/check-your-email")
    except RuleBroken as error:
        form.refuse(error)
    except signing.PetitionClosed:
        return respond.page("petitions/show.html", 409, form=form, **_page_facts(slug, partner))
    form.renew_stamp(slug)
    found = _page_facts(slug, partner)
    return respond.page("petitions/show.html", 422 if found["is_open"] else 409, form=form, **found)


@bp.get("/signatures")
@access.public
def back_to_form(slug: str, partner: str) -> BaseResponse:
    """Lead people who load a page of errors anew back to the form."""
    return respond.see_other(url_for("petitions_partner.show", slug=slug, partner=partner))


@desk_bp.get("")
@access.needs(VIEW)
def index(public_id: str) -> Response:
    """List the partners of a petition."""
    return _index(desk_queries.petition_at_desk(access.current_actor(), public_id, VIEW), PartnerPageForm())


@desk_bp.post("")
@access.needs(MANAGE)
@csrf.session
def create(public_id: str) -> Response | BaseResponse:
    """Give an organization its own page."""
    actor = access.current_actor()
    petition = desk_queries.petition_at_desk(actor, public_id, MANAGE)
    form = PartnerPageForm.of_request()
    if form.validate():
        try:
            partnering.add_partner_page(actor, petition, form.membership.data or "", intro=form.intro.data or "")
        except (RuleBroken, Conflict) as error:
            form.refuse(error)
        else:
            return respond.see_other(url_for("petitions_partners.index", public_id=public_id), "partner-page-opened")
    return _index(petition, form, 422)


@desk_bp.post("/<token:page_id>/end")
@access.needs(MANAGE)
@csrf.session
def end(public_id: str, page_id: str) -> BaseResponse:
    """End a partner's page."""
    actor = access.current_actor()
    petition = desk_queries.petition_at_desk(actor, public_id, MANAGE)
    partnering.end_partner_page(actor, petition, page_id)
    return respond.see_other(url_for("petitions_partners.index", public_id=public_id), "partner-page-ended")


@own_bp.get("")
@access.needs(OWN)
def own_index() -> Response:
    """List the pages of the organization that this person acts for."""
    return respond.page("petitions/partner/index.html", lines=partner_queries.own_pages(access.current_actor()))


@own_bp.get("/<token:page_id>")
@access.needs(OWN)
def own(page_id: str) -> Response:
    """Show one of them: its count, and who gave their address to the partner."""
    line = partner_queries.own_page(access.current_actor(), page_id)
    before = request.args.get("before", type=int)
    before = before if before is not None and 0 < before < 2**63 else None
    return respond.page(
        "petitions/partner/page.html",
        line=line,
        page=partner_queries.contacts(line.page, before),
        to_delete=partner_queries.to_delete(line.page),
        link=absolute(f"/petitions/{line.petition.slug}/with/{line.page.slug}"),
        ask=partner_queries.ask_of(line.page),
        budget=coalition_queries.coalition(line.page.coalition_id),
    )


@own_bp.post("/<token:page_id>/deletions/<token:reference>/done")
@access.needs(OWN)
@csrf.session
def note_deleted(page_id: str, reference: str) -> BaseResponse:
    """Note that somebody's data are deleted on the partner's side."""
    unsharing.note_deleted(access.current_actor(), page_id, reference)
    return respond.see_other(url_for("partner_pages.own", page_id=page_id), "partner-deleted")


@own_bp.post("/<token:page_id>/ask")
@access.needs(OWN)
@access.fresh
@csrf.session
def ask(page_id: str) -> BaseResponse:
    """Ask the partner's people to pass the petition on."""
    partner_asking.ask_to_share(access.current_actor(), page_id)
    return respond.see_other(url_for("partner_pages.own", page_id=page_id), "partner-ask-begun")


@own_bp.post("/<token:page_id>/contacts.csv")
@access.needs(OWN)
@access.fresh
@csrf.session
def export(page_id: str) -> Response:
    """Give the partner the contacts that people gave to it."""
    actor = access.current_actor()
    blocks = partnering.export_contacts(actor, page_id)
    limits.require_export(actor)  # counts what is given, not what is refused
    return respond.csv(blocks, "contacts.csv")


@desk_bp.post("/<token:page_id>/ask-name")
@access.needs(MANAGE)
@csrf.session
def ask_name(public_id: str, page_id: str) -> BaseResponse:
    """Ask the partner whether its name may stand on a page that it has already."""
    actor = access.current_actor()
    petition = desk_queries.petition_at_desk(actor, public_id, MANAGE)
    partnering.ask_for_name(actor, petition, page_id)
    return respond.see_other(url_for("petitions_partners.index", public_id=public_id), "name-asked")


def _page_facts(slug: str, partner: str) -> dict[str, Any]:
    """What the page shows besides its form.

    Raises: NotFound when the petition or the partner's page is not there for everybody.
    """
    page, membership = partner_queries.shown_page(slug, partner)
    found = views.page_facts(queries.public_petition(slug), membership)
    return {**found, "partner_page": page, "partner_words": partner_queries.opt_in_words(page, membership)}


def _index(petition: Petition, form: PartnerPageForm, status: int = 200) -> Response:
    actor = access.current_actor()
    may_manage = coalition_rules.can(actor, MANAGE)
    form.offer(partner_queries.free_partners(actor, petition) if may_manage else [])
    return desk_pages.page(
        "petitions/desk/partners.html",
        status,
        petition=petition,
        lines=partner_queries.pages_of(actor, petition),
        form=form,
        is_over=petition.state in {"closed", "delivered", "archived"},
    )
