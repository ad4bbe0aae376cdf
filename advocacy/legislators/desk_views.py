"""The directory at the desk: people in office, with what the coalition knows of them."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from advocacy.civic.models import Chamber
from advocacy.civic.services import directory, lookup
from advocacy.core.errors import NotFound
from advocacy.legislators import people_words
from advocacy.legislators.forms import DirectoryForm
from advocacy.web import access, respond

bp = Blueprint("directory", __name__, url_prefix="/desk/legislators")
VIEW = "directory.view"
_KEY = re.compile(r"\A[A-Za-z0-9][A-Za-z0-9_-]{2,59}\Z")
_BIGGEST = 2**62


@bp.get("")
@access.needs(VIEW)
def index() -> Response:
    """People in office, filtered."""
    form = DirectoryForm(request.args)
    after = request.args.get("after", default=0, type=int)
    if not form.validate() or not 0 <= after < _BIGGEST:
        return respond.page("legislators/desk/list.html", 422, form=form, page=None, next_url=None)
    page = directory.people_page(
        state=form.state.data or None,
        chamber=Chamber(form.chamber.data) if form.chamber.data else None,
        name=form.name.data or "",
        after=after,
    )
    more = f"{url_for('directory.index')}?{urlencode({**form.filters(), 'after': page.next_after})}"
    return respond.page(
        "legislators/desk/list.html",
        form=form,
        page=page,
        next_url=more if page.next_after else None,
        names=lookup.names_of(official.division_id for official in page.officials),
        roles=people_words.roles_of(page.officials),
    )


@bp.get("/<key>")
@access.needs(VIEW)
def show(key: str) -> Response:
    """One person in office; higher rooms add what they know at ``legislator.more``."""
    official = directory.person(key) if _KEY.match(key) else None
    if official is None:
        raise NotFound
    return respond.page(
        "legislators/desk/person.html",
        official=official,
        committees=directory.committees_of(official),
        names=lookup.names_of([official.division_id]),
        roles=people_words.roles_of([official]),
    )
