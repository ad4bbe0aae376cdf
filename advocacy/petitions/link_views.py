"""Pages behind the links of mails: confirm, thanks, change or take back."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.civic.services import lookup, people
from advocacy.core.errors import Gone, RuleBroken
from advocacy.core.links import absolute
from advocacy.petitions import linking, partner_queries, queries
from advocacy.petitions.forms import ManageForm
from advocacy.petitions.models import Signature
from advocacy.petitions.services import managing, placing, verifying
from advocacy.web import access, csrf, limits, notices, respond

bp = Blueprint("petition_links", __name__)

notices.register("signature-changed", _l("Your choice is saved."))
notices.register("district-chosen", _l("Thank you. Your signature now counts for your district."))
notices.register("signature-withdrawn", _l("Your signature is withdrawn. It is no longer counted."))
notices.register("signature-restored", _l("Your signature counts again."))


@bp.get("/signatures/confirm/<token:token>")
@access.link
def ask_to_confirm(token: str) -> Response:
    """Show one button; mail scanners that follow links change nothing."""
    try:
        signature, petition = verifying.waiting_signature(token)
    except verifying.LinkUsed as used:
        return _ended(used)
    name = queries.signer_name(signature)
    return respond.page("petitions/confirm.html", signature=signature, petition=petition, name=name, token=token)


@bp.post("/signatures/confirm/<token:token>")
@access.link
@csrf.capability
def confirm(token: str) -> Response | BaseResponse:
    """Let the signature count."""
    try:
        waiting = verifying.read_link(token)
        limits.require("confirm_network", limits.client_network(request))
        done = verifying.confirm(waiting, locale=str(get_locale() or "en"))
    except verifying.LinkUsed as used:
        return _ended(used)
    return respond.see_other(f"/petitions/{done.slug}/thanks/{done.receipt}")


@bp.get("/petitions/<slug:slug>/thanks/<token:receipt>")
@access.link
def thank(slug: str, receipt: str) -> Response:
    """Thank the signer, and show what else helps."""
    return _thanks_page(slug, receipt)


@bp.post("/petitions/<slug:slug>/thanks/<token:receipt>/place")
@access.link
@csrf.capability
def choose_place(slug: str, receipt: str) -> Response | BaseResponse:
    """Let a signer pick the district that the postal code left open."""
    limits.require("manage_network", limits.client_network(request))
    signature, _petition = verifying.receipted_signature(slug, receipt)
    try:
        placing.choose_district(signature, request.form.get("choice", ""))
    except RuleBroken as error:
        return _thanks_page(slug, receipt, 422, error.message)
    return respond.see_other(f"/petitions/{slug}/thanks/{receipt}", done="district-chosen")


def _thanks_page(slug: str, receipt: str, status: int = 200, problem: str = "") -> Response:
    signature, petition = verifying.receipted_signature(slug, receipt)
    return respond.page(
        "petitions/thanks.html",
        status,
        petition=petition,
        receipt=receipt,
        problem=problem,
        found=placing.representation(signature),
        role_of=_role_of,
        chambers=people.CHAMBERS,
        roles=people.ROLES,
        share_url=absolute(f"/petitions/{slug}"),
        manage_url=linking.manage_url(signature),
    )


def _role_of(official: lookup.Official) -> str:
    return str(people.ROLES[people.role_of(official.division_id, official.chamber)])


@bp.get("/signatures/manage/<token:token>")
@access.link
def show_signature(token: str) -> Response:
    """Show a signer what we hold, and what can be changed."""
    try:
        signature, petition = managing.managed_signature(token)
    except Gone:
        return respond.page("petitions/manage_gone.html", 410)
    return respond.page(
        "petitions/manage.html",
        signature=signature,
        petition=petition,
        name=queries.signer_name(signature),
        form=ManageForm(
            None,
            display=signature.display,
            updates=signature.updates,
            partner_updates=signature.partner_updates,
        ),
        can_restore=managing.can_restore(signature, petition),
        partner_words=_partner_words(signature),
        token=token,
    )


@bp.post("/signatures/manage/<token:token>")
@access.link
@csrf.capability
def change_signature(token: str) -> Response | BaseResponse:
    """Change the display or the news, withdraw, or undo a withdrawal."""
    limits.require("manage_network", limits.client_network(request))
    form = ManageForm(request.form)
    if not form.validate():
        return _manage_again(token, form)
    page = f"/signatures/manage/{token}"
    try:
        if form.action.data == "withdraw":
            managing.withdraw_signature(token)
            return respond.see_other(page, done="signature-withdrawn")
        if form.action.data == "restore":
            managing.restore_signature(token)
            return respond.see_other(page, done="signature-restored")
        managing.change_signature(
            token,
            display=form.display.data,
            updates=bool(form.updates.data),
            partner_updates=bool(form.partner_updates.data),
        )
    except Gone:
        return respond.page("petitions/manage_gone.html", 410)
    return respond.see_other(page, done="signature-changed")


def _manage_again(token: str, form: ManageForm) -> Response:
    signature, petition = managing.managed_signature(token)
    return respond.page(
        "petitions/manage.html",
        422,
        signature=signature,
        petition=petition,
        name=queries.signer_name(signature),
        form=form,
        can_restore=managing.can_restore(signature, petition),
        partner_words=_partner_words(signature),
        token=token,
    )


def _partner_words(signature: Signature) -> str | None:
    """The words beside a partner's tick, for signatures from a partner's page."""
    if signature.partner_page_id is None:
        return None
    page, membership = partner_queries.page_by_id(signature.coalition_id, signature.partner_page_id)
    return partner_queries.opt_in_words(page, membership)


def _ended(used: verifying.LinkUsed) -> Response:
    return respond.page("petitions/link_ended.html", 410, end=used.end, slug=used.slug)
