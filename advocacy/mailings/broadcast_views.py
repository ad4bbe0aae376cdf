"""The desk's pages of mailings: the list, writing, what it looks like, how it goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.accounts import queries as accounts
from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions import rules as coalition_rules
from advocacy.coalitions.organization_views import coalition_in_view
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.mailings import broadcast_emails as emails
from advocacy.mailings import broadcast_queries as queries
from advocacy.mailings import broadcast_rules as rules
from advocacy.mailings import broadcast_words, merging
from advocacy.mailings.audiences import Rule
from advocacy.mailings.broadcast_forms import BroadcastForm, LateForm, ScheduleForm, audience_lines
from advocacy.mailings.broadcast_models import Broadcast, BroadcastState
from advocacy.mailings.services import proofing, stepping, writing
from advocacy.web import access, csrf, notices, respond
from advocacy.web.locales import LOCALES

bp = Blueprint("broadcasts", __name__, url_prefix="/desk/mailings")
VIEW, MANAGE, SEND, APPROVE = rules.VIEW, rules.MANAGE, rules.SEND, rules.APPROVE

for _code, _sentence in (
    ("mailing-saved", _l("The mailing is saved. Nothing was sent.")),
    ("mailing-tested", _l("The test is on its way.")),
    ("mailing-readers", _l("The test list is saved.")),
    ("mailing-planned", _l("The mailing is planned. You can take it back until it begins.")),
    ("mailing-soon", _l("It begins in one minute. Until then you can take it back, and nothing has left.")),
    ("mailing-waits", _l("So many people get it that a second person must read it first.")),
    ("mailing-unschedule", _l("It is a draft again. Nothing was sent.")),
    ("mailing-approve", _l("You approved it. It is sent at its time.")),
    ("mailing-pause", _l("Paused. Nothing more leaves until you go on.")),
    ("mailing-resume", _l("It goes on where it was paused.")),
    ("mailing-cancel", _l("Cancelled. Nothing more leaves.")),
    ("mailing-look-late", _l("We are looking who has joined since.")),
    ("mailing-send-late", _l("It is being sent to everybody who joined since.")),
    ("mailing-late", _l("Saved.")),
):
    notices.register(_code, _sentence)

STEPS: dict[str, Callable[[Actor, str], Broadcast]] = {
    "unschedule": stepping.unschedule_broadcast,
    "pause": stepping.pause_broadcast,
    "resume": stepping.resume_broadcast,
    "cancel": stepping.cancel_broadcast,
    "look-late": stepping.look_for_late,
    "send-late": stepping.send_to_late,
}


@bp.get("")
@access.needs(VIEW)
def index() -> Response:
    """List the mailings, newest first."""
    actor = access.current_actor()
    coalition_in_view(actor)
    before = request.args.get("before", type=int)
    page = queries.broadcasts(actor, before if before is not None and 0 < before < 2**63 else None)
    return _page("mailings/index.html", page=page, counts=queries.counts([one.id for one in page.rows]))


@bp.get("/new")
@access.needs(MANAGE)
def new() -> Response:
    """Show an empty form."""
    return _form_page(BroadcastForm.of_request(), None)


@bp.post("")
@access.needs(MANAGE)
@csrf.session
def create() -> Response | BaseResponse:
    """Write a draft."""
    actor = access.current_actor()
    coalition_id = coalition_in_view(actor)
    form = _offered(BroadcastForm.of_request(), coalition_id)

    def act() -> BaseResponse:
        made = writing.create_broadcast(actor, coalition_id, form.words(), form.rule())
        return respond.see_other(_at(made, "preview"), "mailing-saved")

    return form.carry_out(act) or _form_page(form, None, 422)


@bp.get("/<token:public_id>")
@access.needs(VIEW)
def show(public_id: str) -> Response:
    """Show how it stands and what can be done now."""
    return _show(queries.broadcast(access.current_actor(), public_id))


@bp.get("/<token:public_id>/edit")
@access.needs(MANAGE)
def edit(public_id: str) -> Response:
    """Show the form, filled."""
    found = queries.broadcast(access.current_actor(), public_id, MANAGE)
    if found.state not in rules.EDITABLE:
        raise NotFound
    return _form_page(BroadcastForm.of_broadcast(found), found)


@bp.post("/<token:public_id>/edit")
@access.needs(MANAGE)
@csrf.session
def save(public_id: str) -> Response | BaseResponse:
    """Change words or audience."""
    actor = access.current_actor()
    found = queries.broadcast(actor, public_id, MANAGE)
    form = _offered(BroadcastForm.of_broadcast(found), found.coalition_id)

    def act() -> BaseResponse:
        changed = writing.change_broadcast(actor, public_id, form.words(), form.rule(), rev=form.version.data)
        return respond.see_other(_at(changed, "preview"), "mailing-saved")

    return form.carry_out(act) or _form_page(form, found, 422)


@bp.get("/<token:public_id>/preview")
@access.needs(VIEW)
def preview(public_id: str) -> Response:
    """Show it as a page and as a mail, in the reader's own name."""
    actor = access.current_actor()
    found = queries.broadcast(actor, public_id)
    name = merging.first_name(actor.name, found.name_fallback)
    may_manage = coalition_rules.can(actor, MANAGE)
    return _page(
        "mailings/preview.html",
        broadcast=found,
        mail=emails.as_it_arrives(found, name),
        page_html=emails.page_html(found, name),
        members=coalition_queries.people(actor, found.coalition_id) if may_manage else [],
        readers=queries.proof_readers(found.coalition_id),
    )


@bp.post("/<token:public_id>/test")
@access.needs(MANAGE)
@csrf.session
def test(public_id: str) -> BaseResponse:
    """Send it to oneself, or to the test list too."""
    actor = access.current_actor()
    found = queries.broadcast(actor, public_id, MANAGE)
    proofing.send_proof(actor, public_id, to_list=request.form.get("to") == "list")
    return respond.see_other(_at(found, "preview"), "mailing-tested")


@bp.post("/<token:public_id>/readers")
@access.needs(MANAGE)
@csrf.session
def readers(public_id: str) -> BaseResponse:
    """Choose the coalition's test list."""
    actor = access.current_actor()
    found = queries.broadcast(actor, public_id, MANAGE)
    proofing.choose_readers(actor, found.coalition_id, request.form.getlist("readers"))
    return respond.see_other(_at(found, "preview"), "mailing-readers")


@bp.post("/<token:public_id>/schedule")
@access.needs(SEND)
@csrf.session
def schedule(public_id: str) -> Response | BaseResponse:
    """Send it at a time."""
    actor = access.current_actor()
    found = queries.broadcast(actor, public_id, SEND)
    form = ScheduleForm.of_request()

    def act() -> BaseResponse:
        planned = stepping.schedule_broadcast(actor, public_id, rev=form.version.data, local=form.local())
        if planned.state == BroadcastState.WAITING_APPROVAL:
            return respond.see_other(_at(planned), "mailing-waits")
        return respond.see_other(_at(planned), "mailing-soon" if form.local() is None else "mailing-planned")

    return form.carry_out(act) or _show(found, 422, schedule_form=form)


@bp.post("/<token:public_id>/approve")
@access.needs(APPROVE)
@csrf.session
def approve(public_id: str) -> BaseResponse:
    """Let a large mailing go, as a second person."""
    rev = request.form.get("rev", type=int) or 0
    return respond.see_other(
        _at(stepping.approve_broadcast(access.current_actor(), public_id, rev=rev)), "mailing-approve"
    )


@bp.post("/<token:public_id>/<any(unschedule, pause, resume, cancel, 'look-late', 'send-late'):step>")
@access.needs(SEND)
@csrf.session
def step(public_id: str, step: str) -> Response | BaseResponse:
    """Take it a step further, or back."""
    actor = access.current_actor()
    try:
        return respond.see_other(_at(STEPS[step](actor, public_id)), f"mailing-{step}")
    except RuleBroken as error:
        form = LateForm.of_request()
        form.refuse(error)
        return _show(queries.broadcast(actor, public_id), 422, late_form=form)


@bp.post("/<token:public_id>/late")
@access.needs(SEND)
@csrf.session
def late(public_id: str) -> Response | BaseResponse:
    """Say until when people who join get it too."""
    actor = access.current_actor()
    found = queries.broadcast(actor, public_id, SEND)
    form = LateForm.of_request()

    def act() -> BaseResponse:
        return respond.see_other(_at(stepping.let_late_in(actor, public_id, form.instant(found.tz))), "mailing-late")

    return form.carry_out(act) or _show(found, 422, late_form=form)


@bp.get("/<token:public_id>/print")
@access.needs(VIEW)
def sheet(public_id: str) -> Response:
    """The mailing on paper: what it says, to whom, and how it went."""
    found = queries.broadcast(access.current_actor(), public_id)
    return _show(found, template="mailings/print.html", page_html=emails.page_html(found, found.name_fallback))


def _at(found: Broadcast, page: str = "show") -> str:
    return url_for(f"broadcasts.{page}", public_id=found.public_id)


def _offered(form: BroadcastForm, coalition_id: int) -> BroadcastForm:
    form.offer(queries.campaign_choices(coalition_id), queries.petition_choices(coalition_id))
    return form


def _show(
    found: Broadcast,
    status: int = 200,
    *,
    schedule_form: ScheduleForm | None = None,
    late_form: LateForm | None = None,
    template: str = "mailings/show.html",
    **context: Any,  # noqa: ANN401 - template context
) -> Response:
    actor = access.current_actor()
    rule = Rule.of_json(found.audience)
    late_day = found.late_until.date() if found.late_until else None
    return _page(
        template,
        status,
        broadcast=found,
        lines=audience_lines(rule, queries.titles(found)),
        examples=queries.examples(found),
        counts=queries.counts([found.id]).get(found.id, queries.NOTHING_YET),
        held=broadcast_words.held_words(found.tally or {}),
        names=accounts.names([one for one in (found.created_by, found.edited_by, found.approved_by) if one]),
        is_second_person=rules.is_second_person(actor, found),
        may_approve=coalition_rules.can(actor, APPROVE),
        approval_from=stepping.approval_from(),
        is_sized=found.size_rev == found.rev,
        schedule_form=schedule_form or ScheduleForm(version=found.rev),
        late_form=late_form or LateForm(until=late_day),
        wrong_form=schedule_form or late_form,
        now=clock.now(),
        **context,
    )


def _form_page(form: BroadcastForm, found: Broadcast | None, status: int = 200) -> Response:
    coalition_id = coalition_in_view(access.current_actor())
    form = _offered(form, coalition_id)
    return _page(
        "mailings/form.html", status, form=form, broadcast=found, fields=merging.FIELDS, has_languages=len(LOCALES) > 1
    )


def _page(template: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 - template context
    actor = access.current_actor()
    return respond.page(
        template,
        status,
        words=broadcast_words,
        may_manage=coalition_rules.can(actor, MANAGE),
        may_send=coalition_rules.can(actor, SEND),
        **context,
    )
