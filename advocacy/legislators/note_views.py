"""What a coalition notes of an office, at the desk: further offices, staff, how it wants to be reached."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, url_for
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


@bp.route("/<key>/staff/new", methods=["GET", "POST"])
@access.needs(rules.MANAGE)
@csrf.session
def add_staff(key: str) -> BaseResponse:
    """Note somebody who works for a person in office."""
    actor, form = access.current_actor(), StaffForm.of_request()
    return _page(actor, key, "staff", form, lambda: noting.add_staff(actor, key, form.person()))


@bp.route("/<key>/staff/<token:staff_id>/edit", methods=["GET", "POST"])
@access.needs(rules.MANAGE)
@csrf.session
def edit_staff(key: str, staff_id: str) -> BaseResponse:
    """Change what is noted of somebody."""
    actor = access.current_actor()
    found = queries.staff_member(actor, key, staff_id)
    form = StaffForm.of_request(obj=found, checked_on=found.row.checked_on, version=found.row.version)

    def act() -> None:
        noting.change_staff(actor, key, staff_id, form.person(), version=form.version.data)

    remove = url_for("office_notes.remove_staff", key=key, staff_id=staff_id)
    return _page(actor, key, "staff", form, act, remove=remove)


@bp.post("/<key>/staff/<token:staff_id>/remove")
@access.needs(rules.MANAGE)
@csrf.session
def remove_staff(key: str, staff_id: str) -> BaseResponse:
    """Forget somebody."""
    noting.remove_staff(access.current_actor(), key, staff_id)
    return respond.see_other(url_for("directory.show", key=key), "note-removed")


@bp.route("/<key>/offices/new", methods=["GET", "POST"])
@access.needs(rules.MANAGE)
@csrf.session
def add_office(key: str) -> BaseResponse:
    """Note an office."""
    actor, form = access.current_actor(), OfficeForm.of_request()
    return _page(actor, key, "office", form, lambda: noting.add_office(actor, key, form.office()))


@bp.route("/<key>/offices/<token:office_id>/edit", methods=["GET", "POST"])
@access.needs(rules.MANAGE)
@csrf.session
def edit_office(key: str, office_id: str) -> BaseResponse:
    """Change an office."""
    actor = access.current_actor()
    form = OfficeForm.of_request(obj=queries.office(actor, key, office_id))

    def act() -> None:
        noting.change_office(actor, key, office_id, form.office(), version=form.version.data)

    remove = url_for("office_notes.remove_office", key=key, office_id=office_id)
    return _page(actor, key, "office", form, act, remove=remove)


@bp.post("/<key>/offices/<token:office_id>/remove")
@access.needs(rules.MANAGE)
@csrf.session
def remove_office(key: str, office_id: str) -> BaseResponse:
    """Forget an office."""
    noting.remove_office(access.current_actor(), key, office_id)
    return respond.see_other(url_for("directory.show", key=key), "note-removed")


@bp.route("/<key>/preference", methods=["GET", "POST"])
@access.needs(rules.MANAGE)
@csrf.session
def edit_preference(key: str) -> BaseResponse:
    """Say how the office wants to be reached."""
    actor = access.current_actor()
    form = PreferenceForm.of_request(obj=queries.preference(actor, key))

    def act() -> None:
        noting.set_preference(actor, key, form.preference(), version=form.version.data)

    return _page(actor, key, "preference", form, act)


def _page(
    actor: Actor, key: str, what: str, form: Form, act: Callable[[], object], *, remove: str | None = None
) -> BaseResponse:
    """Show a form, or do what it was posted for; ``remove`` is the way to forget what it is about."""
    name = queries.name_of(actor, key, rules.MANAGE)

    def save() -> BaseResponse:
        act()
        return respond.see_other(url_for("directory.show", key=key), "note-saved")

    return form.carry_out(save) or respond.page(
        f"legislators/desk/{what}_form.html",
        422 if form.errors else 200,
        form=form,
        key=key,
        name=name,
        is_new=remove is None,
        remove_url=remove,
    )
