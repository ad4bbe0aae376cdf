"""The organizer's pages of petitions: list, write, steps, numbers, who signed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Blueprint, Response, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.accounts import queries as accounts
from advocacy.campaigns.queries import campaigns as campaign_queries
from advocacy.coalitions import queries as coalition_queries
from advocacy.core import clock, markdown
from advocacy.core.actor import Actor
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.petitions import correction_queries, desk_pages, desk_queries, rules
from advocacy.petitions.desk_forms import ExportForm, PetitionForm, suggested_slug
from advocacy.petitions.models import MIN_AGE, Petition, PetitionState, SignatureState
from advocacy.petitions.reminder_kinds import PETITION_CLOSE
from advocacy.petitions.services import archiving, correcting, drafting, invalidating
from advocacy.reminders.rules import fire_times
from advocacy.web import access, csrf, notices, respond
from advocacy.web.templating import when

bp = Blueprint("petitions_desk", __name__, url_prefix="/desk/petitions")
VIEW, MANAGE = "petitions.view", "petitions.manage"

STEPS: dict[str, Callable[[Actor, int], Petition]] = {
    "open": drafting.open_petition,
    "pause": drafting.pause_petition,
    "close": drafting.close_petition,
    "archive": archiving.archive_petition,
}
LISTED = (
    SignatureState.VERIFIED,
    SignatureState.PENDING,
    SignatureState.QUARANTINED,
    SignatureState.WITHDRAWN,
    SignatureState.INVALIDATED,
)
for _code, _sentence in (
    ("petition-saved", _l("The petition is saved.")),
    (
        "petition-correction",
        _l("Saved. The new words wait for a second person, since people have signed the old ones."),
    ),
    ("petition-correction-approve", _l("The typing error is mended. Signatures stay.")),
    ("petition-correction-refuse", _l("The words stay as they are.")),
    ("petition-open", _l("The petition is open. People can sign it now.")),
    ("petition-pause", _l("The petition is paused. Nobody can sign until you open it again.")),
    ("petition-close", _l("The petition is closed. Links that were mailed still work for a day.")),
    ("petition-archive", _l("The petition is archived.")),
    ("signature-released", _l("Released. The signer gets the confirmation mail now.")),
    ("signature-invalidated", _l("The signature no longer counts.")),
):
    notices.register(_code, _sentence)


@bp.get("")
@access.needs(VIEW)
def index() -> Response:
    """All petitions of the coalition."""
    page = desk_queries.petition_lines(access.current_actor(), request.args.get("before", type=int))
    return desk_pages.page("petitions/desk/index.html", page=page)


@bp.get("/new")
@access.needs(MANAGE)
def new() -> Response:
    """An empty form."""
    form = PetitionForm.of_request(min_age=MIN_AGE)
    return _form_page(form, None)


@bp.post("/new")
@access.needs(MANAGE)
@csrf.session
def create() -> Response | BaseResponse:
    """Write a draft, or show how the text will look."""
    actor = access.current_actor()
    form = PetitionForm.of_request()
    coalition = coalition_queries.coalition(_coalition_id(actor))
    _offer_campaigns(form, actor)
    if "preview" in request.form:
        return _form_page(form, None, preview=markdown.to_html(form.text.data or ""))
    if not form.validate():
        return _form_page(form, None, status=422)
    try:
        petition = drafting.create_petition(
            actor,
            coalition_id=coalition.id,
            slug=form.slug.data or suggested_slug(form.title.data),
            title=form.title.data,
            text=form.text.data,
            closes_at=form.closes_at(coalition.tz),
            goal=form.goal.data,
            min_age=form.min_age.data if form.min_age.data is not None else MIN_AGE,
            thanks_mail=bool(form.thanks_mail.data),
            asks_street=bool(form.asks_street.data),
            campaign_id=int(form.campaign.data) if form.campaign.data else None,
        )
    except RuleBroken as error:
        form.refuse(error)
        return _form_page(form, None, status=422)
    return respond.see_other(url_for("petitions_desk.show", public_id=petition.public_id), "petition-saved")


@bp.get("/<token:public_id>/edit")
@access.needs(MANAGE)
def edit(public_id: str) -> Response:
    """The form, filled."""
    petition = desk_queries.petition_at_desk(access.current_actor(), public_id, MANAGE)
    return _form_page(PetitionForm.of_petition(petition), petition)


@bp.post("/<token:public_id>/edit")
@access.needs(MANAGE)
@csrf.session
def save(public_id: str) -> Response | BaseResponse:
    """Change it, or show how the text will look."""
    actor = access.current_actor()
    petition = desk_queries.petition_at_desk(actor, public_id, MANAGE)
    form = PetitionForm.of_petition(petition)
    _offer_campaigns(form, actor, petition)
    if "preview" in request.form:
        return _form_page(form, petition, preview=markdown.to_html(form.text.data or ""))
    if not form.validate():
        return _form_page(form, petition, status=422)
    try:
        saved = drafting.edit_petition(
            actor,
            petition.id,
            version=form.version.data,
            title=form.title.data,
            text=form.text.data,
            closes_at=form.closes_at(petition.tz),
            goal=form.goal.data,
            min_age=form.min_age.data if form.min_age.data is not None else MIN_AGE,
            campaign_id=int(form.campaign.data) if form.campaign.data else None,
            thanks_mail=bool(form.thanks_mail.data),
            asks_street=bool(form.asks_street.data),
        )
    except RuleBroken as error:
        form.refuse(error)
        return _form_page(form, petition, status=422)
    is_saved = (saved.title, saved.text) == (form.title.data, form.text.data)
    done = "petition-saved" if is_saved else "petition-correction"
    return respond.see_other(url_for("petitions_desk.show", public_id=public_id), done)


@bp.post("/<token:public_id>/corrections/<token:correction_id>/<any(approve, refuse):verdict>")
@access.needs(MANAGE)
@csrf.session
def settle(public_id: str, correction_id: str, verdict: str) -> BaseResponse:
    """Approve a typing error, or leave the words as they are."""
    actor = access.current_actor()
    petition = desk_queries.petition_at_desk(actor, public_id, MANAGE)
    correcting.settle_correction(actor, petition, correction_id, approve=verdict == "approve")
    return respond.see_other(url_for("petitions_desk.show", public_id=public_id), f"petition-correction-{verdict}")


@bp.post("/<token:public_id>/<any(open, pause, close, archive):step>")
@access.needs(MANAGE)
@csrf.session
def step(public_id: str, step: str) -> BaseResponse:
    """Open, pause, close or archive."""
    actor = access.current_actor()
    petition = desk_queries.petition_at_desk(actor, public_id, MANAGE)
    STEPS[step](actor, petition.id)
    return respond.see_other(url_for("petitions_desk.show", public_id=public_id), f"petition-{step}")


@bp.get("/<token:public_id>")
@access.needs(VIEW)
def show(public_id: str) -> Response:
    """How a petition stands."""
    actor = access.current_actor()
    petition = desk_queries.petition_at_desk(actor, public_id)
    return desk_pages.page(
        "petitions/desk/show.html",
        petition=petition,
        numbers=desk_queries.numbers(actor, petition),
        by_district=desk_queries.by_district(petition.id),
        latest=desk_queries.signers(actor, petition, SignatureState.VERIFIED, size=8),
        reminders=_reminders(petition),
        export_form=ExportForm(),
        steps=rules.PETITION_STEPS[petition.state],
        day_rows=_day_rows(petition),
        map_counts=desk_queries.map_counts(petition.id),
        **_corrections(petition),
    )


@bp.get("/<token:public_id>/preview")
@access.needs(VIEW)
def preview(public_id: str) -> Response:
    """The words as visitors will see them."""
    petition = desk_queries.petition_at_desk(access.current_actor(), public_id)
    return desk_pages.page("petitions/desk/preview.html", petition=petition)


@bp.get("/<token:public_id>/signatures")
@access.needs(VIEW)
def signatures(public_id: str) -> Response:
    """Who signed, by state, newest first."""
    actor = access.current_actor()
    petition = desk_queries.petition_at_desk(actor, public_id)
    chosen = next((state for state in LISTED if state == request.args.get("state", LISTED[0])), None)
    if chosen is None:
        raise NotFound
    page = desk_queries.signers(actor, petition, chosen, request.args.get("before", type=int))
    return desk_pages.page("petitions/desk/signatures.html", petition=petition, page=page, chosen=chosen, listed=LISTED)


@bp.post("/<token:public_id>/signatures/<token:signature_id>/release")
@access.needs(MANAGE)
@csrf.session
def release(public_id: str, signature_id: str) -> BaseResponse:
    """Let a held signature go on: its owner gets the confirmation mail."""
    actor = access.current_actor()
    petition = desk_queries.petition_at_desk(actor, public_id, MANAGE)
    signature = desk_queries.signature_at_desk(actor, petition, signature_id, MANAGE)
    invalidating.release_signature(actor, petition, signature)
    return _back_to(petition, "signature-released")


@bp.post("/<token:public_id>/signatures/<token:signature_id>/invalidate")
@access.needs(MANAGE)
@csrf.session
def invalidate(public_id: str, signature_id: str) -> BaseResponse:
    """Let a signature count no more."""
    actor = access.current_actor()
    petition = desk_queries.petition_at_desk(actor, public_id, MANAGE)
    signature = desk_queries.signature_at_desk(actor, petition, signature_id, MANAGE)
    invalidating.invalidate_signature(actor, petition, signature)
    return _back_to(petition, "signature-invalidated")


def _corrections(petition: Petition) -> dict[str, Any]:
    """Typing errors in signed words: the one that waits, and those that were mended."""
    waiting, mended = correction_queries.waiting_correction(petition.id), correction_queries.corrections(petition.id)
    people = {one for row in [*mended, waiting] if row for one in (row.written_by, row.decided_by) if one is not None}
    return {"correction": waiting, "mended": mended, "names": accounts.names(people)}


def _day_rows(petition: Petition) -> list[tuple[str, int]]:
    """Days for the picture: short in the label, since the table names the column."""
    locale = get_locale() or "en"
    return [(format_date(day, "d MMM", locale=locale), count) for day, count in desk_queries.days(petition)]


def _reminders(petition: Petition) -> list[dict[str, str]]:
    """When organizers are reminded, as a timeline."""
    if petition.state not in {PetitionState.OPEN, PetitionState.PAUSED} or petition.closes_at is None:
        return []
    now = clock.now()
    times = fire_times(PETITION_CLOSE.offsets, petition.closes_at, ZoneInfo(petition.tz))
    found = [
        {
            "when": when(at, petition.tz),
            "title": _("Mail to the organizers"),
            "state": "done" if at <= now else "next",
        }
        for at in times.values()
    ]
    return [*found, {"when": when(petition.closes_at, petition.tz), "title": _("The petition closes"), "state": "next"}]


def _back_to(petition: Petition, done: str) -> BaseResponse:
    state = request.form.get("state", "")
    shown = state if state in LISTED else SignatureState.QUARANTINED
    return respond.see_other(url_for("petitions_desk.signatures", public_id=petition.public_id, state=str(shown)), done)


def _coalition_id(actor: Actor) -> int:
    if actor.coalition_id is None:
        raise NotFound(_("Choose a coalition first."))
    return actor.coalition_id


def _offer_campaigns(form: PetitionForm, actor: Actor, petition: Petition | None = None) -> None:
    """The campaigns at work, and the one that the petition serves already."""
    found = {campaign.id: campaign.title for campaign in campaign_queries.campaigns(actor).rows}
    if petition is not None and petition.campaign_id is not None and petition.campaign_id not in found:
        chosen = campaign_queries.campaign_titles(actor, [petition.campaign_id])
        found |= {key: campaign.title for key, campaign in chosen.items()}
    form.offer_campaigns(list(found.items()))


def _form_page(
    form: PetitionForm, petition: Petition | None, *, status: int = 200, preview: str | None = None
) -> Response:
    actor = access.current_actor()
    _offer_campaigns(form, actor, petition)
    zone = petition.tz if petition else coalition_queries.coalition(_coalition_id(actor)).tz
    return desk_pages.page("petitions/desk/form.html", status, form=form, petition=petition, zone=zone, preview=preview)
