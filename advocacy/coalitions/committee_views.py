"""Committees at the desk: make one, give its seats, end them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice

from advocacy.coalitions import committee_queries as committees
from advocacy.coalitions import governance_words as words
from advocacy.coalitions import rules
from advocacy.coalitions.committee_models import Committee
from advocacy.coalitions.decision_forms import CommitteeForm, SeatForm, SeatInviteForm
from advocacy.coalitions.organization_views import coalition_in_view
from advocacy.coalitions.services import inviting, seating
from advocacy.core import clock
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("committees", __name__, url_prefix="/desk/committees")
VIEW, MANAGE = "committees.view", "committees.manage"

for _code, _sentence in (
    ("committee-made", _l("The committee is made. Give its seats next.")),
    ("committee-closed", _l("The committee is closed.")),
    ("seat-given", _l("The seat is given.")),
    ("seat-ended", _l("The seat is free again.")),
):
    notices.register(_code, _sentence)


@bp.get("")
@access.needs(VIEW)
def index() -> Response:
    """List the committees."""
    actor = access.current_actor()
    coalition_in_view(actor)
    return _page("coalitions/committees.html", lines=committees.committees(actor))


@bp.get("/new")
@access.needs(MANAGE)
def new() -> Response:
    """Show an empty form."""
    coalition_in_view(access.current_actor())
    return _page("coalitions/committee_form.html", form=CommitteeForm())


@bp.post("")
@access.needs(MANAGE)
@csrf.session
def create() -> Response | BaseResponse:
    """Make a committee."""
    actor = access.current_actor()
    form = CommitteeForm.of_request()
    if form.validate():
        try:
            made = seating.create_committee(
                actor,
                coalition_in_view(actor),
                name=form.name.data or "",
                kind=form.kind.data,
                purpose=form.purpose.data or "",
                seat_count=form.seat_count.data or 0,
                lived_experience_seats=form.lived_experience_seats.data or 0,
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            return respond.see_other(_at(made), "committee-made")
    return _page("coalitions/committee_form.html", 422, form=form)


@bp.get("/<token:public_id>")
@access.needs(VIEW)
def show(public_id: str) -> Response:
    """Show a committee with its seats."""
    return _show(committees.committee(access.current_actor(), public_id), _seat_form())


@bp.post("/<token:public_id>/seats")
@access.needs(MANAGE)
@access.fresh
@csrf.session
def give(public_id: str) -> Response | BaseResponse:
    """Give a seat."""
    actor = access.current_actor()
    found = committees.committee(actor, public_id, MANAGE)
    form = SeatForm.of_request()
    if form.validate():
        try:
            seating.give_seat(
                actor,
                public_id,
                _number(form.seat.data),
                _person_id(found, form.person.data or ""),
                from_on=form.from_on.data,
                until_on=form.until_on.data,
            )
        except (RuleBroken, Conflict) as error:
            form.refuse(error)
        else:
            return respond.see_other(_at(found), "seat-given")
    return _show(found, form, 422)


@bp.post("/<token:public_id>/invitations")
@access.needs(MANAGE)
@access.fresh
@csrf.session
def invite(public_id: str) -> Response | BaseResponse:
    """Offer a seat by mail."""
    actor = access.current_actor()
    found = committees.committee(actor, public_id, MANAGE)
    form = SeatInviteForm.of_request()
    if form.validate():
        try:
            number = _number(form.seat.data)
            inviting.invite_to_seat(actor, public_id, number, form.email.data or "", form.until_on.data)
        except (RuleBroken, Conflict) as error:
            form.refuse(error)
        else:
            return respond.see_other(_at(found), "invitation-sent")
    return _show(found, _seat_form(), 422, invite_form=form)


@bp.post("/<token:public_id>/seats/<int:number>/end")
@access.needs(MANAGE)
@access.fresh
@csrf.session
def end(public_id: str, number: int) -> BaseResponse:
    """Make a seat free."""
    seating.end_seat(access.current_actor(), public_id, number)
    return respond.see_other(url_for("committees.show", public_id=public_id), "seat-ended")


@bp.post("/<token:public_id>/close")
@access.needs(MANAGE)
@access.fresh
@csrf.session
def close(public_id: str) -> BaseResponse:
    """Close a committee."""
    seating.close_committee(access.current_actor(), public_id)
    return respond.see_other(url_for("committees.index"), "committee-closed")


def _at(found: Committee) -> str:
    return url_for("committees.show", public_id=found.public_id)


def _number(text: str | None) -> int:
    """Seats have small numbers; what is none finds no seat."""
    return int(text) if text and text.isdecimal() and len(text) < 4 else 0  # noqa: PLR2004 - at most 50 seats


def _seat_form() -> SeatForm:
    return SeatForm(from_on=clock.now().date())


def _person_id(found: Committee, public_id: str) -> int:
    person = next((one for one in committees.seatable(found.coalition_id) if one.public_id == public_id), None)
    if person is None:
        raise RuleBroken(_("Choose somebody who belongs to the coalition."), field="person")
    return person.user_id


def _show(
    found: Committee, form: SeatForm, status: int = 200, *, invite_form: SeatInviteForm | None = None
) -> Response:
    actor = access.current_actor()
    seats = committees.seats(found.id)
    may_manage = rules.can(actor, MANAGE) and found.closed_at is None
    offered = committees.seat_invitations(found.id) if may_manage else {}
    wrong_form = invite_form or form
    invite_form = invite_form or SeatInviteForm(None)
    if may_manage:
        free = [seat for seat in seats if seat.user_id is None]
        form.seat.choices = [SelectChoice(str(seat.number), _seat_name(seat)) for seat in free]
        invite_form.seat.choices = [
            SelectChoice(str(seat.number), _seat_name(seat)) for seat in free if seat.seat_id not in offered
        ]
        form.person.choices = [
            SelectChoice(one.public_id, one.name)
            for one in committees.seatable(found.coalition_id)
            if one.user_id != actor.user_id
        ]
    return _page(
        "coalitions/committee.html",
        status,
        committee=found,
        seats=seats,
        offered=offered,
        form=form,
        invite_form=invite_form,
        wrong_form=wrong_form,
        may_give=may_manage,
    )


def _seat_name(seat: committees.SeatLine) -> str:
    if seat.lived_experience:
        return str(_("Seat %(num)s, lived experience", num=seat.number))
    return str(_("Seat %(num)s", num=seat.number))


def _page(template: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 - template context
    return respond.page(template, status, words=words, may_manage=rules.can(access.current_actor(), MANAGE), **context)
