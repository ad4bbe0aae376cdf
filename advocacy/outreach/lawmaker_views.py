"""People in office at the desk: whom we know, and how well."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.accounts import queries as accounts
from advocacy.civic.models import Chamber
from advocacy.civic.services import lookup
from advocacy.civic.services.people import CHAMBERS, ROLES, role_of
from advocacy.coalitions import rules as coalition_rules
from advocacy.core.actor import Actor
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.outreach import contact_queries, queries, rosters, words
from advocacy.outreach import lawmaker_queries as lawmakers
from advocacy.outreach import position_queries as positions
from advocacy.outreach.lawmaker_forms import EndForm, RelationshipForm
from advocacy.outreach.lawmaker_queries import Lawmaker, Line
from advocacy.outreach.services import holding
from advocacy.outreach.words import CONTACT_WORDS, STRENGTHS
from advocacy.web import access, csrf, notices, respond
from advocacy.web.forms import Form

bp = Blueprint("relationships", __name__, url_prefix="/desk/relationships")
VIEW, MANAGE = queries.VIEW, queries.MANAGE
SHOWN = 50
WHO = ("", "nobody", "mine")
notices.register("relationship-saved", _l("Noted: who holds it."))
notices.register("relationship-ended", _l("Nobody holds it any more."))


@bp.get("")
@access.needs(VIEW)
def index() -> Response:
    """The people of one chamber, each with who holds the contact."""
    actor, asked = access.current_actor(), chamber_asked()
    who = request.args.get("who", "") if request.args.get("who", "") in WHO else ""
    found = rosters.roster(asked["place"], asked["chamber"]) if asked["chamber"] else None
    every = [line for line in (lawmakers.lines(actor, found) if found else []) if _fits(line, who, actor.user_id)]
    after = max(request.args.get("after", 0, type=int), 0)
    shown = every[after : after + SHOWN]
    return respond.page(
        "outreach/lawmakers.html",
        lines=shown,
        more=after + SHOWN if len(every) > after + SHOWN else None,
        after=after,
        who=who,
        is_known=bool(found and found.districts),
        names=holder_names(shown),
        strengths=STRENGTHS,
        may_manage=coalition_rules.can(actor, MANAGE),
        **asked,
    )


@bp.get("/<key>")
@access.needs(VIEW)
def show(key: str) -> Response:
    """One person in office, as the coalition knows them."""
    actor = access.current_actor()
    found = lawmakers.lawmaker(actor, key)
    coalition_id = lawmakers.in_view(actor)
    live, past = lawmakers.relationship(coalition_id, key), lawmakers.past_relationships(coalition_id, key)
    holders = [row.user_id for row in [live, *past] if row is not None and row.user_id is not None]
    return respond.page(
        "outreach/lawmaker.html",
        lawmaker=found,
        facts=person_facts(found),
        relationship=live,
        is_held=live is not None and live.user_id in lawmakers.may_hold(coalition_id),
        past=past,
        names=accounts.names(holders),
        contacts=contact_queries.of_lawmaker(actor, key),
        kind_words=CONTACT_WORDS,
        strengths=STRENGTHS,
        may_manage=coalition_rules.can(actor, MANAGE),
        **_votes(actor, coalition_id, key),
    )


def _votes(actor: Actor, coalition_id: int, key: str) -> dict[str, Any]:
    """Where they stand and what they promised, for those who may see it."""
    if not coalition_rules.can(actor, positions.VIEW):
        return {"sees_votes": False}
    every = positions.history(coalition_id, key)
    now = {row.id for row in positions.stands_of(coalition_id, key).values()}
    return {
        "sees_votes": True,
        "may_note": coalition_rules.can(actor, positions.MANAGE),
        "stands": [(row, bill) for row, bill in every if row.id in now],
        "history": every,
        "replaced": {row.replaces_id for row, _bill in every if row.replaces_id is not None},
        "promises": positions.commitments_of(coalition_id, key),
        "promise_states": words.PROMISE_STATES,
        "stand_words": words.STANDS,
        "sure": words.SURE,
    }


@bp.route("/<key>/holder", methods=["GET", "POST"])
@access.needs(MANAGE)
@csrf.session
def hold(key: str) -> BaseResponse:
    """Say who holds the contact, or hand it over."""
    actor = access.current_actor()
    found = lawmakers.lawmaker(actor, key, MANAGE)
    coalition_id = lawmakers.in_view(actor)
    live = lawmakers.relationship(coalition_id, key)
    form = RelationshipForm.of_request(obj=live, holder=live.user_id if live else actor.user_id)
    if request.method == "GET":
        form.replaces.data = live.id if live else None
    form.offer(accounts.names(lawmakers.may_hold(coalition_id)))

    def act() -> BaseResponse:
        holding.hold(actor, key, form.held, replaces=form.replaces.data)
        return respond.see_other(url_for("relationships.show", key=key), "relationship-saved")

    return form.carry_out(act) or form_page(
        form,
        title=_("Hand over") if live else _("Say who holds it"),
        crumbs=crumbs(found),
        lead=_("One person holds the contact, so that an office hears from us with one voice."),
        hints={"note": _("How they know each other. Plain facts, nothing you would not say to the person.")},
    )


@bp.post("/<key>/holder/end")
@access.needs(MANAGE)
@csrf.session
def let_go(key: str) -> BaseResponse:
    """Nobody holds it any more."""
    form, actor = EndForm.of_request(), access.current_actor()
    lawmakers.lawmaker(actor, key, MANAGE)
    if not form.validate():
        raise RuleBroken(_("Open the page again and repeat your change."))
    holding.let_go(actor, key, replaces=form.replaces.data)
    return respond.see_other(url_for("relationships.show", key=key), "relationship-ended")


def chamber_asked() -> dict[str, Any]:
    """The place and chamber that an address names, and what else can be chosen.

    Raises: NotFound for a place or chamber that there is not.
    """
    places = {rosters.CONGRESS: _("United States"), **{place.code: place.name for place in lookup.states()}}
    place = request.args.get("place", "") or _usual_place()
    known = rosters.chambers(place) if place in places else []
    named = request.args.get("chamber", "")
    if place not in places or (named and named not in set(Chamber)):
        raise NotFound(_("There is no such chamber."))
    chamber = Chamber(named) if named and Chamber(named) in known else (known[0] if known else None)
    return {"place": place, "chamber": chamber, "places": places, "chambers": {one: CHAMBERS[one] for one in known}}


def _usual_place() -> str:
    """The place of the newest bill that names one, else the whole country."""
    bills = queries.bill_choices(access.current_actor().coalition_id)
    return next((code for bill in bills if (code := rosters.place_of_bill(bill))), rosters.CONGRESS)


def _fits(line: Line, who: str, user_id: int | None) -> bool:
    if who == "mine":
        return line.relationship is not None and line.relationship.user_id == user_id
    return who != "nobody" or not line.is_held


def holder_names(lines: list[Line]) -> dict[int, str]:
    """The names of those who hold contacts of a list."""
    held = [line.relationship for line in lines if line.is_held and line.relationship is not None]
    return accounts.names({row.user_id for row in held if row.user_id is not None})


def person_facts(found: Lawmaker) -> dict[str, Any]:
    """Words about the seat of somebody in office."""
    one = found.official
    if one is None:
        return {}
    return {
        "role": ROLES[role_of(one.division_id, one.chamber)],
        "district": lookup.names_of([one.division_id])[one.division_id],
        "party": one.party,
    }


def crumbs(found: Lawmaker) -> list[tuple[str, str]]:
    """The way to a page below one person."""
    return [
        (_("Relationships"), url_for("relationships.index")),
        (found.name, url_for("relationships.show", key=found.key)),
    ]


def form_page(
    form: Form,
    *,
    title: str,
    crumbs: list[tuple[str, str]],
    lead: str = "",
    hints: dict[str, str] | None = None,
) -> Response:
    """A page with one form on it, which posts to its own address."""
    return respond.page(
        "outreach/form.html",
        422 if form.errors or form.form_errors else 200,
        form=form,
        heading=title,
        crumbs=[*crumbs, (title, None)],
        lead=lead,
        hints=hints or {},
        save=_("Save"),
    )
