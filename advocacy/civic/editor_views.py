"""The desk pages of editors: where sources disagree, and what is pinned."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.civic.forms import PinForm, SearchForm
from advocacy.civic.models import PinField
from advocacy.civic.services import deciding, directory, lookup, pinning
from advocacy.civic.services.operators import MANAGE
from advocacy.civic.source_models import Verdict
from advocacy.core import uow
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("civic_editor", __name__, url_prefix="/desk/civic")
notices.register("conflict-decided", _l("Decided. It does not come back while the sources say the same."))
notices.register("pinned", _l("Pinned. No import changes it."))
notices.register("unpinned", _l("Lifted. What the lists say counts again."))
VERDICTS: dict[tuple[str, str], Any] = {
    ("person", Verdict.THEIRS): _l("The same person"),
    ("person", Verdict.OURS): _l("Two people"),
    ("field", Verdict.THEIRS): _l("Take the other"),
    ("field", Verdict.OURS): _l("Keep ours"),
    ("district", Verdict.THEIRS): _l("Our map is old"),
    ("district", Verdict.OURS): _l("Our map is right"),
    ("person", Verdict.DISMISSED): _l("Dismiss"),
    ("field", Verdict.DISMISSED): _l("Dismiss"),
    ("district", Verdict.DISMISSED): _l("Dismiss"),
}
_BIGGEST = 2**62


@bp.get("/conflicts")
@access.needs(MANAGE)
def conflicts() -> Response:
    """Where lists, sources and maps disagree."""
    return _conflicts(200)


@bp.post("/conflicts")
@access.needs(MANAGE)
@csrf.session
def decide() -> Response | BaseResponse:
    """Decide one of them, or match everybody who seems to be in both lists."""
    actor, given = access.current_actor(), request.form
    reason, verdict = given.get("reason", ""), given.get("verdict", "")
    try:
        if verdict == "match_all":
            deciding.match_all(actor, reason)
        elif verdict not in set(Verdict):
            raise NotFound
        elif given.get("source"):
            key = (given["source"], given.get("ours", ""), given.get("theirs", ""))
            deciding.decide_district(actor, key, Verdict(verdict), reason)
        else:
            found = given.get("conflict", default=0, type=int)
            deciding.decide(actor, found if 0 <= found < _BIGGEST else 0, Verdict(verdict), reason)
    except RuleBroken as error:
        uow.rollback()
        return _conflicts(422, error.message)
    return respond.see_other(url_for("civic_editor.conflicts"), done="conflict-decided")


def _conflicts(status: int, problem: str | None = None) -> Response:
    actor = access.current_actor()
    is_decided = request.args.get("state") == "decided"
    after = request.args.get("after", default=0, type=int)
    rows = deciding.conflicts(actor, decided=is_decided, after=after if 0 <= after < _BIGGEST else 0)
    shown = rows[: deciding.PAGE_SIZE]
    query = {"state": "decided"} if is_decided else {}
    more = urlencode({**query, "after": shown[-1].id}) if len(rows) > len(shown) else None
    districts = deciding.district_conflicts(actor, decided=is_decided)
    ids = {row.ocd_id for row in shown} | {ocd_id for row in districts for ocd_id in (row.ours, row.theirs)}
    return respond.page(
        "civic/conflicts.html",
        status,
        problem=problem,
        people=[row for row in shown if row.kind == "person"],
        fields=[row for row in shown if row.kind == "field"],
        districts=districts,
        is_decided=is_decided,
        next_url=f"{url_for('civic_editor.conflicts')}?{more}" if more else None,
        names=lookup.names_of(ids),
        holders=directory.names({row.person_key for row in shown}),
        verdicts=VERDICTS,
        field_words=pinning.FIELDS,
    )


@bp.get("/pins")
@access.needs(MANAGE)
def pins() -> Response:
    """What is pinned; a search for somebody; of one person everything that can be."""
    return _pins(200)


@bp.post("/pins")
@access.needs(MANAGE)
@csrf.session
def pin() -> Response | BaseResponse:
    """Pin what a field is."""
    form = PinForm.of_request()

    def act() -> BaseResponse:
        field = PinField(form.field.data)
        person = form.person.data or ""
        pinning.pin_field(
            access.current_actor(), person, field, form.value.data, form.note.data or "", source=form.source.data or ""
        )
        return respond.see_other(url_for("civic_editor.pins", person=person), done="pinned")

    done = form.carry_out(act)
    return done if done is not None else _pins(422, form)


@bp.post("/pins/lift")
@access.needs(MANAGE)
@csrf.session
def lift() -> BaseResponse:
    """Lift a pin."""
    person, field = request.form.get("person", ""), request.form.get("field", "")
    if field not in set(PinField):
        raise NotFound
    pinning.pin_field(access.current_actor(), person, PinField(field), None)
    return respond.see_other(url_for("civic_editor.pins", person=person), done="unpinned")


def _pins(status: int, form: PinForm | None = None) -> Response:
    actor = access.current_actor()
    key = (form.person.data if form else request.args.get("person")) or ""
    person = directory.person(key) if key else None
    search = SearchForm(request.args)
    name = search.name.data or ""
    found = directory.people_page(name=name) if name and not key and search.validate() else None
    in_force = pinning.pins(actor)
    people = directory.names({pin.person_key for pin in in_force})
    shown = found.officials if found else [person] if person else []
    return respond.page(
        "civic/pins.html",
        status,
        pins=in_force,
        people=people,
        search=search,
        found=found,
        person=person,
        facts=pinning.facts(actor, person) if person else [],
        form=form or PinForm(person=key),
        field_words=pinning.FIELDS,
        names=lookup.names_of(official.division_id for official in shown),
    )
