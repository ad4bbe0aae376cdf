"""Who represents you."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask_babel import gettext as _

from advocacy.civic.models import Chamber
from advocacy.civic.places import ALL_BY_CODE, Place
from advocacy.civic.services import directory, lookup, street
from advocacy.civic.services.people import CHAMBERS, ROLES
from advocacy.civic.services.places_found import NOT_ASKED, Street
from advocacy.civic.services.results import WARNINGS, LookupResult, Status
from advocacy.core import uow
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.legislators import counting, people_words, zip_answers
from advocacy.legislators.forms import BEFORE_ADDRESS, LookupForm, carried_of, read_inputs
from advocacy.legislators.reports_form import ReportForm
from advocacy.web import access, csrf, limits, respond

bp = Blueprint("legislators", __name__)

PAGE_S = 30
_STATUS = {Status.NOT_FOUND: 404, Status.UNAVAILABLE: 503}
_AGAIN_S = 60


@bp.get("/representatives")
@access.public
def representatives() -> Response:
    """Show the form; ``?on=`` and ``?campaign=`` go along with what is asked."""
    page = respond.page("legislators/representatives.html", **_form_words(LookupForm(), carried_of(request.args)))
    return respond.cacheable(page, PAGE_S)


@bp.post("/representatives")
@access.public
@csrf.same_site
def look_up() -> Response:
    """Answer who represents a place, as a page or as JSON; nothing of it is kept."""
    counting.count_lookup(limits.client_network(request))
    try:
        given = read_inputs(request)
        if zip_answers.is_plain(given):
            with uow.reading():
                return _by_zip(given)
        carried = carried_of(given)
        given.pop("campaign", None)
        found_street = None
        if "address" in given and not any(name in given for name in BEFORE_ADDRESS):
            found_street = _street(given, carried)  # a geocoder is asked before any transaction
        with uow.reading():  # a look-up must not hold the one writer of SQLite
            response = _answer(given, found_street, carried)
    except RuleBroken as error:
        with uow.reading():
            response = _invalid(error)
    response.headers["Cache-Control"] = "no-store"
    return response


def _by_zip(given: dict[str, Any]) -> Response:
    if _wants_json():
        text = zip_answers.as_json(given, lambda found: current_app.json.dumps(lookup.to_json(found)))
        response = current_app.response_class(text, mimetype="application/json")
    else:
        response = current_app.response_class(
            zip_answers.html(
                given, lambda found: render_template("legislators/result.html", **_result_words(found, {}))
            )
        )
    response.headers["Cache-Control"] = "no-store"
    return response


def _street(given: dict[str, Any], carried: dict[str, str]) -> Street | None:
    if not counting.may_ask_outside(carried.get("campaign", "")):
        return Street(warning=NOT_ASKED)
    return street.locate(
        access.current_actor(),
        given["address"],
        postal_code=given.get("postal_code"),
        on=given.get("on"),
        country=given.get("country", "US"),
    )


def _answer(given: dict[str, Any], found_street: Street | None, carried: dict[str, str]) -> Response:
    found = lookup.find(access.current_actor(), **given, street=found_street)
    status = _STATUS.get(found.status, 200)
    if _wants_json():
        response = jsonify(lookup.to_json(found))
        response.status_code = status
    else:
        response = respond.page("legislators/result.html", status, **_result_words(found, carried))
    if found.status is Status.UNAVAILABLE:
        response.headers["Retry-After"] = str(_AGAIN_S)
    return response


@bp.get("/representatives/districts")
@access.public
def districts() -> Response:
    """Let people choose their district themselves: state, then chamber, then district."""
    code = request.args.get("state", "")
    place = ALL_BY_CODE.get(code.upper()) if len(code) == 2 else None  # noqa: PLR2004 - state codes have two letters
    if place is None or place not in lookup.states():
        if code:
            raise NotFound(_("There is no such state."))
        return respond.cacheable(respond.page("legislators/states.html", states=lookup.states()), PAGE_S)
    every = directory.districts_of(place)
    only = request.args.get("chamber", "")
    groups = [group for group in every if only in {"", str(group[0])}]
    if not groups:
        raise NotFound(_("This state has no such chamber."))
    people = {
        ocd_id: [official.name for official in lookup.officials_for([ocd_id])]
        for _chamber, ids in groups
        for ocd_id in ids
        if ocd_id != place.ocd_id or not place.has_senators
    }
    names = lookup.names_of([ocd_id for _chamber, ids in groups for ocd_id in ids])
    page = respond.page(
        "legislators/districts.html",
        place=place,
        groups=groups,
        only=only,
        chambers_here=_chamber_links(place, [chamber for chamber, _ids in every], only),
        people=people,
        names=names,
        chambers=CHAMBERS,
    )
    return respond.cacheable(page, PAGE_S)


def _chamber_links(place: Place, chambers: list[Chamber], only: str) -> list[dict[str, Any]]:
    url = f"/representatives/districts?state={place.code}"
    links = [
        {"label": CHAMBERS[one], "url": f"{url}&chamber={one}", "is_current": only == str(one)} for one in chambers
    ]
    return [{"label": _("All chambers"), "url": url, "is_current": not only}, *links] if len(links) > 1 else []


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
        response = respond.page("legislators/representatives.html", 422, **_form_words(form, carried_of(request.form)))
    return response


def _form_words(form: LookupForm, carried: dict[str, str]) -> dict[str, Any]:
    return {"form": form, "states": lookup.states(), "asked": _asked(), "carried": carried}


def _asked() -> list[str]:
    return [source.title for source in street.geocoders()]


def _result_words(found: LookupResult, carried: dict[str, str]) -> dict[str, object]:
    ids = {*found.divisions, *found.next_divisions, *(seats.division_id for seats in found.seats)}
    ids.update(move.division_id for move in found.moves)
    later = [official for move in found.moves for official in move.officials]
    place = ALL_BY_CODE.get(found.state or "")
    return {
        "found": found,
        "report": ReportForm(divisions=" ".join(found.divisions)).name_people(
            {official.id: official.name for official in found.officials}
        ),
        "form": LookupForm(),
        "asked": _asked(),
        "carried": carried,
        "names": lookup.names_of(ids),
        "roles": people_words.roles_of([*found.officials, *found.next_officials, *later])
        | {seats.role: ROLES[seats.role] for seats in found.seats},
        "chambers": CHAMBERS,
        "warnings": [WARNINGS[code] for code in found.warnings],
        "place_name": place.name if place is not None else None,
    }
