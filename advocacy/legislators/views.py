"""Who represents you."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from flask_babel import gettext as _

from advocacy.civic.places import ALL_BY_CODE
from advocacy.civic.services import directory, lookup, street
from advocacy.civic.services.people import CHAMBERS, ROLES
from advocacy.civic.services.places_found import Street
from advocacy.civic.services.results import WARNINGS, LookupResult, Status
from advocacy.core import uow
from advocacy.core.errors import NotFound, RuleBroken, TooMany
from advocacy.legislators import people_words
from advocacy.legislators.forms import BEFORE_ADDRESS, LookupForm, read_inputs
from advocacy.web import access, csrf, limits, respond

bp = Blueprint("legislators", __name__)

WINDOW_S = 600
PAGE_S = 30
_STATUS = {Status.NOT_FOUND: 404, Status.UNAVAILABLE: 503}
_AGAIN_S = 60


@bp.get("/representatives")
@access.public
def representatives() -> Response:
    """Show the form."""
    page = respond.page("legislators/representatives.html", **_form_words(LookupForm()))
    return respond.cacheable(page, PAGE_S)


@bp.post("/representatives")
@access.public
@csrf.same_site
def look_up() -> Response:
    """Answer who represents a place, as a page or as JSON; nothing of it is kept."""
    network = limits.client_network(request)
    try:
        given = read_inputs(request)
        found_street = None
        if "address" in given and not any(name in given for name in BEFORE_ADDRESS):
            with uow.reading():
                _refuse_too_many(network)
            found_street = _street(given)  # a geocoder is asked before any transaction
        with uow.reading():  # a look-up must not hold the one writer of SQLite
            _refuse_too_many(network)
            response = _answer(given, found_street)
    except RuleBroken as error:
        with uow.reading():
            _refuse_too_many(network)
            response = _invalid(error)
    uow.afterwards(lambda: _count(network))
    response.headers["Cache-Control"] = "no-store"
    return response


def _street(given: dict[str, Any]) -> Street | None:
    return street.locate(
        access.current_actor(),
        given["address"],
        postal_code=given.get("postal_code"),
        on=given.get("on"),
        country=given.get("country", "US"),
    )


def _answer(given: dict[str, Any], found_street: Street | None) -> Response:
    found = lookup.find(access.current_actor(), **given, street=found_street)
    status = _STATUS.get(found.status, 200)
    if _wants_json():
        response = jsonify(lookup.to_json(found))
        response.status_code = status
    else:
        response = respond.page("legislators/result.html", status, **_result_words(found))
    if found.status is Status.UNAVAILABLE:
        response.headers["Retry-After"] = str(_AGAIN_S)
    return response


@bp.get("/representatives/districts")
@access.public
def districts() -> Response:
    """Let people choose their district themselves: state, then district."""
    code = request.args.get("state", "")
    place = ALL_BY_CODE.get(code.upper()) if len(code) == 2 else None  # noqa: PLR2004 - state codes have two letters
    if place is None or place not in lookup.states():
        if code:
            raise NotFound(_("There is no such state."))
        return respond.cacheable(respond.page("legislators/states.html", states=lookup.states()), PAGE_S)
    groups = directory.districts_of(place)
    people = {
        ocd_id: [official.name for official in lookup.officials_for([ocd_id])]
        for _chamber, ids in groups
        for ocd_id in ids
        if ocd_id != place.ocd_id or not place.has_senators
    }
    names = lookup.names_of([ocd_id for _chamber, ids in groups for ocd_id in ids])
    page = respond.page(
        "legislators/districts.html", place=place, groups=groups, people=people, names=names, chambers=CHAMBERS
    )
    return respond.cacheable(page, PAGE_S)


def _refuse_too_many(network: str) -> None:
    ceiling = current_app.extensions["advocacy.settings"].limits.representatives_network
    if ceiling and limits.hits("representatives_network", network, WINDOW_S) >= ceiling:
        raise TooMany(
            _("There were many look-ups from your network. Please try again in a few minutes."),
            retry_after_s=limits.seconds_left(WINDOW_S),
        )


def _count(network: str) -> None:
    limits.hit("representatives_network", network, WINDOW_S)


def _wants_json() -> bool:
    """A program that sends JSON wants JSON back unless it says otherwise."""
    if request.is_json and "text/html" not in request.headers.get("Accept", ""):
        return True
    return respond.wants_json()


def _invalid(error: RuleBroken) -> Response:
    if _wants_json():
        response = jsonify(
            {
                "status": "invalid",
                "field": error.field,
                "message": error.message,
                "errors": [{"field": error.field, "message": error.message}],
                "choose_url": "/representatives/districts",
            }
        )
        response.status_code = 422
    else:
        form = LookupForm(request.form)
        form.refuse(error)
        response = respond.page("legislators/representatives.html", 422, **_form_words(form))
    return response


def _form_words(form: LookupForm) -> dict[str, Any]:
    return {"form": form, "states": lookup.states(), "asked": [source.title for source in street.geocoders()]}


def _result_words(found: LookupResult) -> dict[str, object]:
    ids = {*found.divisions, *found.next_divisions, *(seats.division_id for seats in found.seats)}
    place = ALL_BY_CODE.get(found.state or "")
    return {
        "found": found,
        "names": lookup.names_of(ids),
        "roles": people_words.roles_of([*found.officials, *found.next_officials])
        | {seats.role: ROLES[seats.role] for seats in found.seats},
        "chambers": CHAMBERS,
        "warnings": [WARNINGS[code] for code in found.warnings],
        "place_name": place.name if place is not None else None,
    }
