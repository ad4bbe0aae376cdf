"""The coalition's own lawmakers at the desk."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.core.errors import NotFound
from advocacy.legislators import queries, rules
from advocacy.legislators.desk_forms import LawmakerForm, TermForm
from advocacy.legislators.desk_views import person_page
from advocacy.legislators.models import Lawmaker
from advocacy.legislators.services import own
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("own_lawmakers", __name__, url_prefix="/desk/legislators")
notices.register("lawmaker-saved", _l("Saved."))
notices.register("lawmaker-away", _l("Taken off the list. What was noted stays."))
notices.register("lawmaker-back", _l("Back on the list."))


@bp.get("/new")
@access.needs(rules.MANAGE)
def new() -> Response:
    """An empty form."""
    return _form_page(LawmakerForm(), None)


@bp.post("/new")
@access.needs(rules.MANAGE)
@csrf.session
def create() -> Response | BaseResponse:
    """Add somebody."""
    actor, form = access.current_actor(), LawmakerForm.of_request()
    coalition_id = actor.coalition_id
    if coalition_id is None:
        raise NotFound
    done = form.carry_out(lambda: _saved(own.add_lawmaker(actor, coalition_id, form.facts()).key))
    return done or _form_page(form, None, 422)


@bp.get("/<key>/edit")
@access.needs(rules.MANAGE)
def edit(key: str) -> Response:
    """The form, filled."""
    row = queries.lawmaker(access.current_actor(), key, rules.MANAGE)
    return _form_page(LawmakerForm(None, obj=row), row)


@bp.post("/<key>/edit")
@access.needs(rules.MANAGE)
@csrf.session
def save(key: str) -> Response | BaseResponse:
    """Change what is said of somebody."""
    actor, form = access.current_actor(), LawmakerForm.of_request()
    row = queries.lawmaker(actor, key, rules.MANAGE)
    done = form.carry_out(lambda: _saved(own.change_lawmaker(actor, key, form.facts(), version=form.version.data).key))
    return done or _form_page(form, row, 422)


@bp.post("/<key>/put-away")
@access.needs(rules.MANAGE)
@csrf.session
def put_away(key: str) -> BaseResponse:
    """Take somebody off the list."""
    own.put_away(access.current_actor(), key)
    return respond.see_other(url_for("directory.show", key=key), "lawmaker-away")


@bp.post("/<key>/bring-back")
@access.needs(rules.MANAGE)
@csrf.session
def bring_back(key: str) -> BaseResponse:
    """Put somebody on the list again."""
    own.bring_back(access.current_actor(), key)
    return respond.see_other(url_for("directory.show", key=key), "lawmaker-back")


@bp.post("/<key>/terms")
@access.needs(rules.MANAGE)
@csrf.session
def add_term(key: str) -> Response | BaseResponse:
    """Note a seat held before, or to be held."""
    actor, form = access.current_actor(), TermForm.of_request()
    queries.lawmaker(actor, key, rules.MANAGE)

    def act() -> BaseResponse:
        own.add_term(
            actor,
            key,
            title=form.title.data or "",
            body=form.body.data or "",
            district=form.district.data or "",
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
        )
        return _saved(key)

    return form.carry_out(act) or person_page(actor, key, form, 422)


@bp.post("/<key>/terms/<int:term_id>/remove")
@access.needs(rules.MANAGE)
@csrf.session
def remove_term(key: str, term_id: int) -> BaseResponse:
    """Take a term away."""
    own.remove_term(access.current_actor(), key, term_id)
    return _saved(key)


def _saved(key: str) -> BaseResponse:
    return respond.see_other(url_for("directory.show", key=key), "lawmaker-saved")


def _form_page(form: LawmakerForm, row: Lawmaker | None, status: int = 200) -> Response:
    return respond.page("legislators/desk/lawmaker_form.html", status, form=form, lawmaker=row)
