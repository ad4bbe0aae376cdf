"""The directory at the desk: people in office, with what the coalition knows of them."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.civic.services import directory
from advocacy.coalitions import rules as roles
from advocacy.core.actor import Actor
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.legislators import keys, queries, rules, words
from advocacy.legislators.desk_forms import DeskDirectoryForm, TermForm
from advocacy.legislators.services import asking, listing, viewing
from advocacy.web import access, csrf, limits, notices, respond

bp = Blueprint("directory", __name__, url_prefix="/desk/legislators")
notices.register(
    "source-asked", _l("The source will be asked as soon as it may be. Look at this page again in a minute.")
)
notices.register("source-fresh", _l("Somebody looked a moment ago, or nothing is asked at this source."))


@bp.get("")
@access.needs(rules.VIEW)
def index() -> Response:
    """People in office, filtered."""
    actor = access.current_actor()
    form = DeskDirectoryForm(request.args)
    after = request.args.get("after", "")
    page, status = None, 422
    if form.validate() and listing.is_cursor(after):
        page, status = listing.people(actor, listing.Wanted(**form.filters()), after), 200
    following = page.next_after if page else None
    more = f"{url_for('directory.index')}?{urlencode({**form.filters(), 'after': following})}" if following else None
    return respond.page(
        "legislators/desk/list.html",
        status,
        form=form,
        page=page,
        next_url=more,
        is_filtered=bool(form.filters()) or bool(after),
        may_manage=roles.can(actor, rules.MANAGE),
    )


@bp.post("/export.csv")
@access.needs(rules.MANAGE)
@access.fresh
@csrf.session
def export() -> Response:
    """Everybody who fits as CSV."""
    actor = access.current_actor()
    form = DeskDirectoryForm(request.form)
    if not form.validate():
        raise RuleBroken
    cells = listing.export(actor, listing.Wanted(**form.filters()))
    limits.require_export(actor)
    return respond.csv(cells, "legislators.csv")


@bp.get("/<key>")
@access.needs(rules.VIEW)
def show(key: str) -> Response:
    """One person in office; higher rooms add what they know at ``legislator.more``."""
    return person_page(access.current_actor(), key, TermForm())


@bp.post("/<key>/ask")
@access.needs(rules.MANAGE)
@csrf.session
def ask(key: str) -> BaseResponse:
    """Let the worker ask a source who sits there today."""
    is_asked = asking.ask(access.current_actor(), key)
    return respond.see_other(url_for("directory.show", key=key), "source-asked" if is_asked else "source-fresh")


def person_page(actor: Actor, key: str, form: TermForm, status: int = 200) -> Response:
    """The page of one person; ``form`` is for a further term of one of the coalition's own."""
    sees_notes = roles.can(actor, rules.NOTES)
    sites = [viewing.site_of(row) for row in queries.offices(actor, key)] if sees_notes else []
    if queries.is_own(key):
        row = queries.lawmaker(actor, key)
        portrait, version = viewing.of_lawmaker(row, queries.terms(row), sites=sites), row.version
    else:
        official = directory.person(key) if keys.is_key(key) else None
        if official is None:
            raise NotFound
        portrait, version = viewing.of_official(official, sites=sites), 0
    return respond.page(
        "legislators/desk/person.html",
        status,
        portrait=portrait,
        version=version,
        words=words,
        form=form,
        staff=[(one, viewing.own_origin(one.row.checked_on)) for one in queries.staff(actor, key)]
        if sees_notes
        else [],
        preference=queries.preference(actor, key) if sees_notes else None,
        today=asking.said_today(actor, key),
        own_origin=viewing.own_origin,
        sees_notes=sees_notes,
        may_manage=roles.can(actor, rules.MANAGE),
    )
