"""Organizations' logos: uploaded by who acts for one or looks after all, and given to who may see them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.coalitions import logo_queries as logos
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions.logo_forms import LogoForm
from advocacy.coalitions.organization_models import Membership
from advocacy.coalitions.services import picturing
from advocacy.core import uow
from advocacy.core.errors import NotFound
from advocacy.web import access, csrf, notices, respond
from advocacy.web.manifest import house

bp = Blueprint("logos", __name__)
MANAGE, OWN = "organizations.manage", "partners.own"
YEAR_S = 365 * 24 * 3600
notices.register("logo-stored", _l("The logo is stored."))
notices.register("logo-removed", _l("The logo is deleted. You can upload it again at any time."))


@bp.get("/logos/<token:public_id>/<token:sha256>.png")
@access.public
def show(public_id: str, sha256: str) -> Response:
    """Give a logo to everybody where it stands in public, else to people of the coalition."""
    found = logos.file_at(public_id, sha256)
    is_public = any(place.shows(found.coalition_id, found.membership_id) for place in house().logo_places)
    if not is_public and not logos.belongs(access.visitor(), found.coalition_id):
        raise NotFound
    answer = Response(found.png, mimetype="image/png")
    if is_public:  # the address holds the hash of the bytes, so nobody needs to ask again
        answer.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    answer.set_etag(found.sha256)
    answer.make_conditional(request)
    return answer


@bp.get("/desk/coalition/logo")
@access.needs(OWN)
def own() -> Response:
    """Show one's own organization's logo and the form for another."""
    return _page(_own(), is_own=True)


@bp.post("/desk/coalition/logo")
@access.needs(OWN)
@csrf.session
def store_own() -> Response | BaseResponse:
    """Take a logo from who acts for the organization."""
    return _store(_own, url_for("logos.own"), is_own=True)


@bp.post("/desk/coalition/logo/remove")
@access.needs(OWN)
@csrf.session
def remove_own() -> BaseResponse:
    """Delete it."""
    picturing.remove_logo(access.current_actor(), _own())
    return respond.see_other(url_for("logos.own"), "logo-removed")


@bp.get("/desk/coalition/organizations/<token:public_id>/logo")
@access.needs(MANAGE)
def edit(public_id: str) -> Response:
    """Show an organization's logo and the form for another."""
    return _page(_managed(public_id))


@bp.post("/desk/coalition/organizations/<token:public_id>/logo")
@access.needs(MANAGE)
@csrf.session
def store(public_id: str) -> Response | BaseResponse:
    """Take a logo from who looks after the organizations."""
    return _store(lambda: _managed(public_id), url_for("logos.edit", public_id=public_id))


@bp.post("/desk/coalition/organizations/<token:public_id>/logo/remove")
@access.needs(MANAGE)
@csrf.session
def remove(public_id: str) -> BaseResponse:
    """Delete it."""
    picturing.remove_logo(access.current_actor(), _managed(public_id))
    return respond.see_other(url_for("logos.edit", public_id=public_id), "logo-removed")


def _own() -> Membership:
    found = organizations.acting_for(access.current_actor())
    if found is None:
        raise NotFound
    return found


def _managed(public_id: str) -> Membership:
    return organizations.membership(access.current_actor(), public_id, MANAGE)


def _store(find: Callable[[], Membership], here: str, *, is_own: bool = False) -> Response | BaseResponse:
    with uow.reading_first():
        find()  # what is not there is not there, whatever file was sent
    form = LogoForm.of_upload()

    def act() -> BaseResponse:
        picturing.store_logo(access.current_actor(), find(), form.picture, version=form.version.data)
        return respond.see_other(here, "logo-stored")

    return form.carry_out(act) or _page(find(), form, 422, is_own=is_own)


def _page(found: Membership, form: LogoForm | None = None, status: int = 200, *, is_own: bool = False) -> Response:
    stored = logos.of_membership(found)
    form = form or LogoForm.of_upload(stored.version if stored else 0)
    return respond.page(
        "coalitions/logo.html", status, membership=found, form=form, logo=logos.shown(found), is_own=is_own
    )
