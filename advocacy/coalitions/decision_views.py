"""Decisions at the desk: write, open, vote, see what was said and what came of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.coalitions import decision_queries as decisions
from advocacy.coalitions import governance_words as words
from advocacy.coalitions import queries, rules
from advocacy.coalitions.decision_forms import DecisionForm, VoiceForm, VoteForm
from advocacy.coalitions.decision_models import Decision, DecisionState
from advocacy.coalitions.organization_views import coalition_in_view
from advocacy.coalitions.services import deciding, voting
from advocacy.core import clock
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("decisions", __name__, url_prefix="/desk/decisions")
VIEW, MANAGE, VOTE = "decisions.view", "decisions.manage", "decisions.vote"

for _code, _sentence in (
    ("decision-saved", _l("The decision is saved.")),
    ("decision-open", _l("Voting is open. We wrote to everybody who acts for an organization with a vote.")),
    ("decision-withdraw", _l("The decision is withdrawn.")),
    ("vote-cast", _l("Thank you. Your organization's vote stands. You can change it until voting ends.")),
    ("voice-cast", _l("Thank you. What you said stands. You can change it until voting ends.")),
):
    notices.register(_code, _sentence)


@bp.get("")
@access.needs(VIEW)
def index() -> Response:
    """List the decisions, newest first."""
    actor = access.current_actor()
    coalition_in_view(actor)
    state = request.args.get("state", "")
    before = request.args.get("before", type=int)
    return _page(
        "coalitions/decisions.html",
        page=decisions.decisions(
            actor,
            state=state if state in set(DecisionState) else None,
            before=before if before is not None and 0 < before < 2**63 else None,
        ),
        mine={one.id for one in decisions.waiting_for(actor)},
        state=state,
    )


@bp.get("/new")
@access.needs(MANAGE)
def new() -> Response:
    """Show an empty form."""
    return _form_page(DecisionForm(), None)


@bp.post("")
@access.needs(MANAGE)
@csrf.session
def create() -> Response | BaseResponse:
    """Write a draft."""
    actor = access.current_actor()
    coalition = queries.coalition(coalition_in_view(actor))
    form = DecisionForm.of_request()
    if form.validate():
        try:
            made = deciding.draft_decision(
                actor,
                coalition.id,
                kind=form.kind.data,
                title=form.title.data or "",
                text=form.text.data or "",
                closes_at=form.closes_at(coalition.tz),
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            return respond.see_other(_at(made), "decision-saved")
    return _form_page(form, None, 422)


@bp.get("/<token:public_id>")
@access.needs(VIEW)
def show(public_id: str) -> Response:
    """Show a decision, what was said, and the form of the vote."""
    return _show(decisions.decision(access.current_actor(), public_id))


@bp.get("/<token:public_id>/edit")
@access.needs(MANAGE)
def edit(public_id: str) -> Response:
    """Show the form, filled."""
    found = decisions.decision(access.current_actor(), public_id, MANAGE)
    if found.state != DecisionState.DRAFT:
        raise NotFound
    return _form_page(DecisionForm.of_decision(found), found)


@bp.post("/<token:public_id>/edit")
@access.needs(MANAGE)
@csrf.session
def save(public_id: str) -> Response | BaseResponse:
    """Change a draft."""
    actor = access.current_actor()
    found = decisions.decision(actor, public_id, MANAGE)
    form = DecisionForm.of_request()
    if form.validate():
        try:
            deciding.edit_decision(
                actor,
                public_id,
                version=form.version.data,
                kind=form.kind.data,
                title=form.title.data or "",
                text=form.text.data or "",
                closes_at=form.closes_at(found.tz),
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            return respond.see_other(_at(found), "decision-saved")
    return _form_page(form, found, 422)


@bp.post("/<token:public_id>/open")
@access.needs(MANAGE)
@csrf.session
def open_vote(public_id: str) -> BaseResponse:
    """Open the vote."""
    return respond.see_other(_at(deciding.open_decision(access.current_actor(), public_id)), "decision-open")


@bp.post("/<token:public_id>/withdraw")
@access.needs(MANAGE)
@csrf.session
def withdraw(public_id: str) -> BaseResponse:
    """Take it back."""
    return respond.see_other(_at(deciding.withdraw_decision(access.current_actor(), public_id)), "decision-withdraw")


@bp.post("/<token:public_id>/votes")
@access.needs(VOTE)
@csrf.session
def vote(public_id: str) -> Response | BaseResponse:
    """Say what the organization says."""
    actor = access.current_actor()
    found = decisions.decision(actor, public_id, VOTE)
    form = VoteForm.of_request()
    if form.validate():
        try:
            voting.cast_vote(actor, public_id, form.choice.data or "", form.reason.data or "")
        except RuleBroken as error:
            form.refuse(error)
        else:
            return respond.see_other(_at(found), "vote-cast")
    return _show(found, 422, vote_form=form)


@bp.post("/<token:public_id>/voices")
@access.needs(VIEW)
@csrf.session
def speak(public_id: str) -> Response | BaseResponse:
    """Say what a lived-experience seat says."""
    actor = access.current_actor()
    found = decisions.decision(actor, public_id)
    form = VoiceForm.of_request()
    if form.validate():
        voting.speak_for_seat(actor, public_id, form.choice.data or "")
        return respond.see_other(_at(found), "voice-cast")
    return _show(found, 422, voice_form=form)


def _at(found: Decision) -> str:
    return url_for("decisions.show", public_id=found.public_id)


def _show(
    found: Decision, status: int = 200, *, vote_form: VoteForm | None = None, voice_form: VoiceForm | None = None
) -> Response:
    actor = access.current_actor()
    is_open = found.state == DecisionState.OPEN and found.closes_at > clock.now()
    mine = voting.voting_membership(actor, found) if is_open else None
    said = decisions.standing_vote(found.id, mine.id) if mine else None
    seats = voting.speaking_seats(actor, found) if is_open else []
    spoken = decisions.standing_voice(found.id, seats[0]) if seats else None
    return _page(
        "coalitions/decision.html",
        status,
        decision=found,
        coalition=queries.coalition(found.coalition_id),
        sees_all=rules.sees_all(actor),
        lines=decisions.vote_lines(found) if rules.sees_all(actor) else [],
        count=decisions.count_votes(found),
        is_open=is_open,
        mine=mine,
        said=said,
        seats=seats,
        vote_form=vote_form or VoteForm(choice=said.choice if said else None, reason=said.reason if said else ""),
        voice_form=voice_form or VoiceForm(choice=spoken.choice if spoken else None),
        wrong_form=vote_form or voice_form,
    )


def _form_page(form: DecisionForm, found: Decision | None, status: int = 200) -> Response:
    coalition = queries.coalition(coalition_in_view(access.current_actor()))
    return _page("coalitions/decision_form.html", status, form=form, decision=found, coalition=coalition)


def _page(template: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 - template context
    return respond.page(template, status, words=words, may_manage=rules.can(access.current_actor(), MANAGE), **context)
