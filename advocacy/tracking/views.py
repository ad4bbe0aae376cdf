"""Changes to decide on, and bills that are looked for and tracked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.campaigns.queries import bills
from advocacy.campaigns.queries.campaigns import MANAGE, VIEW
from advocacy.civic.places import ALL_BY_CODE
from advocacy.civic.services import legislatures, source_health
from advocacy.civic.services.sources import configured
from advocacy.coalitions import rules as roles
from advocacy.core.errors import NotFound
from advocacy.hearings.words import STATES
from advocacy.tracking import queries, words
from advocacy.tracking.forms import DecideForm, FollowForm, SearchForm, TrackForm
from advocacy.tracking.services import searching, settling, watching
from advocacy.tracking.services.searching import Search
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("tracking", __name__)
BILLS, CHANGES = "/desk/bills", "/desk/changes"
BIG = 2**63
notices.register("change-accepted", _l("It is taken over."))
notices.register("change-dismissed", _l("It is put aside and will not come again."))
notices.register(
    "check-asked", _l("The source will be asked as soon as it may be. Look at this page again in a minute.")
)
notices.register("check-fresh", _l("Somebody looked a moment ago, or nothing is asked at this source."))
notices.register("tracked", _l("The bill is tracked. What its source knows will appear here for you to accept."))
notices.register("untracked", _l("The bill is no longer tracked. What you accepted stays."))


@bp.get(CHANGES)
@access.needs(VIEW)
def changes() -> Response:
    """Show what waits."""
    actor, after = access.current_actor(), request.args.get("after", type=int)
    page = queries.open_changes(actor, after if after is not None and 0 < after < BIG else None)
    coalition_id = _in_view()
    return respond.page(
        "tracking/changes.html",
        page=page,
        bills=queries.bills_by_id(coalition_id, {change.bill_id for change in page.rows}),
        kind_words=words.KINDS,
        hearing_states=STATES,
        moment=words.moment,
        may_manage=roles.can(actor, MANAGE),
        lines=source_health.lines(),
    )


@bp.post(f"{CHANGES}/<token:public_id>/accept")
@access.needs(MANAGE)
@csrf.session
def accept(public_id: str) -> BaseResponse:
    """Take a change over."""
    settling.accept_change(access.current_actor(), public_id, version=_version())
    return respond.see_other(CHANGES, done="change-accepted")


@bp.post(f"{CHANGES}/<token:public_id>/dismiss")
@access.needs(MANAGE)
@csrf.session
def dismiss(public_id: str) -> BaseResponse:
    """Say no to a change."""
    settling.dismiss_change(access.current_actor(), public_id, version=_version())
    return respond.see_other(CHANGES, done="change-dismissed")


@bp.post(f"{BILLS}/<token:public_id>/changes/accept")
@access.needs(MANAGE)
@csrf.session
def accept_steps(public_id: str) -> BaseResponse:
    """Take over every step and text of a bill."""
    settling.accept_steps(access.current_actor(), public_id)
    return respond.see_other(f"{BILLS}/{public_id}", done="change-accepted")


@bp.route(f"{BILLS}/<token:public_id>/track", methods=["GET", "POST"])
@access.needs(MANAGE)
@csrf.session
def track(public_id: str) -> BaseResponse:
    """Say where a bill is asked for."""
    actor = access.current_actor()
    found = bills.bill(actor, public_id)
    held = queries.watch(found.id)
    code = held.jurisdiction if held else _guess(found.jurisdiction)
    session = held.session if held else found.session
    form = TrackForm.of_request(code=code, session=session, identifier=found.identifier)
    form.offer()

    def act() -> BaseResponse:
        given = {"code": form.code.data, "session": form.session.data, "identifier": form.identifier.data}
        watching.track_bill(actor, public_id, **given)
        return respond.see_other(f"{BILLS}/{public_id}", done="tracked")

    crumbs = [(_("Bills"), BILLS), (found.identifier, f"{BILLS}/{public_id}"), (_("Track this bill"), None)]
    return form.carry_out(act) or respond.page(
        "tracking/track.html", 422 if form.errors else 200, form=form, crumbs=crumbs, is_asked=bool(configured())
    )


@bp.post(f"{BILLS}/<token:public_id>/untrack")
@access.needs(MANAGE)
@csrf.session
def untrack(public_id: str) -> BaseResponse:
    """Ask for a bill no longer."""
    watching.untrack_bill(access.current_actor(), public_id)
    return respond.see_other(f"{BILLS}/{public_id}", done="untracked")


@bp.post(f"{BILLS}/<token:public_id>/check")
@access.needs(MANAGE)
@csrf.session
def check(public_id: str) -> BaseResponse:
    """Let the worker look at the source."""
    is_asked = watching.check_now(access.current_actor(), public_id)
    return respond.see_other(f"{BILLS}/{public_id}", done="check-asked" if is_asked else "check-fresh")


@bp.get(f"{BILLS}/search")
@access.needs(MANAGE)
def search_page() -> Response:
    """Show where to look for a bill."""
    return _search_page(SearchForm())


@bp.post(f"{BILLS}/search")
@access.needs(MANAGE)
@csrf.session
def search() -> Response:
    """Look for a bill at its source, before any transaction; nothing of the question stands in an address."""
    form = SearchForm.of_request()
    form.offer()
    if not form.validate():
        return _search_page(form, 422)
    return _search_page(form, found=searching.search_bills(access.current_actor(), form.code.data, form.words.data))


@bp.post(f"{BILLS}/follow")
@access.needs(MANAGE)
@csrf.session
def follow() -> BaseResponse:
    """Follow and track a bill that was found."""
    actor, form = access.current_actor(), FollowForm.of_request()
    form.offer()

    def act() -> BaseResponse:
        made = watching.follow_bill(
            actor,
            code=form.code.data,
            session=form.session.data,
            identifier=form.identifier.data,
            title=form.title.data,
            url=form.url.data or "",
        )
        return respond.see_other(f"{BILLS}/{made.public_id}", done="tracked")

    answer = form.carry_out(act)
    if answer is not None:
        return answer
    again = SearchForm(code=form.code.data)
    again.form_errors.extend(error for errors in form.errors.values() for error in errors)
    return _search_page(again, 422)


def _search_page(form: SearchForm, status: int = 200, found: Search | None = None) -> Response:
    form.offer()
    asked = found is not None and bool(found.code)
    return respond.page(
        "tracking/search.html",
        status,
        form=form,
        found=found,
        trouble=words.code(found.code) if found is not None and asked else "",
        is_asked=bool(configured()),
    )


def _version() -> int:
    form = DecideForm.of_request()
    given: Any = form.version.data or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 9 else 0  # noqa: PLR2004 - what a version can be


def _guess(jurisdiction: str) -> str:
    """The legislature that somebody named in words, if it is one that we know."""
    wanted = jurisdiction.strip().casefold()
    for code, place in ALL_BY_CODE.items():
        if wanted in {code.casefold(), place.name.casefold()}:
            return code.lower()
    return legislatures.CONGRESS if "congress" in wanted else ""


def _in_view() -> int:
    coalition_id = access.current_actor().coalition_id
    if coalition_id is None:
        raise NotFound
    return coalition_id
