"""What a coalition notes of an office, at the desk: further offices, staff, how it wants to be reached."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.core.actor import Actor
from advocacy.legislators import queries, rules
from advocacy.legislators.desk_forms import OfficeForm, PreferenceForm, StaffForm
from advocacy.legislators.services import noting
from advocacy.web import access, csrf, notices, respond
from advocacy.web.forms import Form

bp = Blueprint("office_notes", __name__, url_prefix="/desk/legislators")
notices.register("note-saved", _l("Saved."))
notices.register("note-removed", _l("Removed."))


@bp.get("/<key>/staff/new")
@access.needs(rules.MANAGE)
def new_staff(key: str) -> Response:
    """An empty form."""
    return _page(access.current_actor(), key, "staff", StaffForm())


@bp.post("/<key>/staff/new")
@access.needs(rules.MANAGE)
@csrf.session
def add_staff(key: str) -> Response | BaseResponse:
    """Note somebody who works for a person in office."""
    actor, form = access.current_actor(), StaffForm.of_request()
    queries.name_of(actor, key, rules.MANAGE)

    def act() -> BaseResponse:
        noting.add_staff(actor, key, form.person())
        return _saved(key)

    return form.carry_out(act) or _page(actor, key, "staff", form, status=422)


@bp.get("/<key>/staff/<token:staff_id>/edit")
@access.needs(rules.MANAGE)
def edit_staff(key: str, staff_id: str) -> Response:
    """The form, filled."""
    actor = access.current_actor()
    found = queries.staff_member(actor, key, staff_id)
    form = StaffForm(None, obj=found, checked_on=found.row.checked_on, version=found.row.version)
    return _page(actor, key, "staff", form, remove=url_for("office_notes.remove_staff", key=key, staff_id=staff_id))


@bp.post("/<key>/staff/<token:staff_id>/edit")
@access.needs(rules.MANAGE)
@csrf.session
def save_staff(key: str, staff_id: str) -> Response | BaseResponse:
    """Change what is noted of somebody."""
    actor, form = access.current_actor(), StaffForm.of_request()
    queries.staff_member(actor, key, staff_id)

    def act() -> BaseResponse:
        noting.change_staff(actor, key, staff_id, form.person(), version=form.version.data)
        return _saved(key)

    return form.carry_out(act) or _page(actor, key, "staff", form, is_new=False, status=422)


@bp.post("/<key>/staff/<token:staff_id>/remove")
@access.needs(rules.MANAGE)
@csrf.session
def remove_staff(key: str, staff_id: str) -> BaseResponse:
    """Forget somebody."""
    noting.remove_staff(access.current_actor(), key, staff_id)
    return respond.see_other(url_for("directory.show", key=key), "note-removed")


@bp.get("/<key>/offices/new")
@access.needs(rules.MANAGE)
def new_office(key: str) -> Response:
    """An empty form."""
    return _page(access.current_actor(), key, "office", OfficeForm())


@bp.post("/<key>/offices/new")
@access.needs(rules.MANAGE)
@csrf.session
def add_office(key: str) -> Response | BaseResponse:
    """Note an office."""
    actor, form = access.current_actor(), OfficeForm.of_request()
    queries.name_of(actor, key, rules.MANAGE)

    def act() -> BaseResponse:
        noting.add_office(actor, key, form.office())
        return _saved(key)

    return form.carry_out(act) or _page(actor, key, "office", form, status=422)


@bp.get("/<key>/offices/<token:office_id>/edit")
@access.needs(rules.MANAGE)
def edit_office(key: str, office_id: str) -> Response:
    """The form, filled."""
    actor = access.current_actor()
    form = OfficeForm(None, obj=queries.office(actor, key, office_id))
    return _page(actor, key, "office", form, remove=url_for("office_notes.remove_office", key=key, office_id=office_id))


@bp.post("/<key>/offices/<token:office_id>/edit")
@access.needs(rules.MANAGE)
@csrf.session
def save_office(key: str, office_id: str) -> Response | BaseResponse:
    """Change an office."""
    actor, form = access.current_actor(), OfficeForm.of_request()
    queries.office(actor, key, office_id)

    def act() -> BaseResponse:
        noting.change_office(actor, key, office_id, form.office(), version=form.version.data)
        return _saved(key)

    return form.carry_out(act) or _page(actor, key, "office", form, is_new=False, status=422)


@bp.post("/<key>/offices/<token:office_id>/remove")
@access.needs(rules.MANAGE)
@csrf.session
def remove_office(key: str, office_id: str) -> BaseResponse:
    """Forget an office."""
    noting.remove_office(access.current_actor(), key, office_id)
    return respond.see_other(url_for("directory.show", key=key), "note-removed")


@bp.get("/<key>/preference")
@access.needs(rules.MANAGE)
def edit_preference(key: str) -> Response:
    """How the office wants to be reached, as a form."""
    actor = access.current_actor()
    queries.name_of(actor, key, rules.MANAGE)
    return _page(actor, key, "preference", PreferenceForm(None, obj=queries.preference(actor, key)))


@bp.post("/<key>/preference")
@access.needs(rules.MANAGE)
@csrf.session
def save_preference(key: str) -> Response | BaseResponse:
    """Say how the office wants to be reached."""
    actor, form = access.current_actor(), PreferenceForm.of_request()
    queries.name_of(actor, key, rules.MANAGE)

    def act() -> BaseResponse:
        noting.set_preference(actor, key, form.preference(), version=form.version.data)
        return _saved(key)

    return form.carry_out(act) or _page(actor, key, "preference", form, status=422)


def _saved(key: str) -> BaseResponse:
    return respond.see_other(url_for("directory.show", key=key), "note-saved")


def _page(
    actor: Actor, key: str, what: str, form: Form, *, is_new: bool = True, remove: str | None = None, status: int = 200
) -> Response:
    return respond.page(
        f"legislators/desk/{what}_form.html",
        status,
        form=form,
        key=key,
        name=queries.name_of(actor, key, rules.MANAGE),
        is_new=is_new and remove is None,
        remove_url=remove,
    )
