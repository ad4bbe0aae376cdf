"""The directory that everybody may read: the people whom the packs name, and nothing that a coalition added."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from advocacy.civic.models import Chamber
from advocacy.civic.services import directory, lookup
from advocacy.core.errors import NotFound
from advocacy.legislators import keys, people_words, words
from advocacy.legislators.forms import DirectoryForm
from advocacy.legislators.services import viewing
from advocacy.web import access, respond

bp = Blueprint("lawmakers", __name__)

PAGE_S = 30


@bp.get("/legislators")
@access.public
def index() -> Response:
    """List everybody in office whom the packs name."""
    form = DirectoryForm(request.args)
    after = request.args.get("after", default=0, type=int)
    if not form.validate() or not 0 <= after < 2**62:
        return respond.page("legislators/list.html", 422, form=form, page=None, next_url=None, is_filtered=True)
    page = directory.people_page(
        state=form.state.data or None,
        chamber=Chamber(form.chamber.data) if form.chamber.data else None,
        name=form.name.data or "",
        party=form.party.data or "",
        committee=form.committee.data or "",
        after=after,
    )
    more = f"/legislators?{urlencode({**form.filters(), 'after': page.next_after})}" if page.next_after else None
    return respond.page(
        "legislators/list.html",
        form=form,
        page=page,
        next_url=more,
        is_filtered=bool(form.filters()) or bool(after),
        sources=sorted({(official.source, official.as_of) for official in page.officials}, key=str),
        names=lookup.names_of(official.division_id for official in page.officials),
        roles=people_words.roles_of(page.officials),
    )


@bp.get("/legislators/<key>")
@access.public
def show(key: str) -> Response:
    """Show one person in office."""
    official = directory.person(key) if keys.is_key(key) else None
    if official is None:
        raise NotFound(_("Nobody by this address is in the list. The person may have left office."))
    page = respond.page("legislators/person.html", portrait=viewing.of_official(official), words=words)
    return respond.cacheable(page, PAGE_S)
