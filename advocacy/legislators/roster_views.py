"""Lists of lawmakers as files, at the desk: upload, say what the columns are, look, apply, undo."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import FileField

from advocacy.core import uow
from advocacy.core.actor import Actor
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.legislators import roster_rules, rules, words
from advocacy.legislators.roster_models import RosterState
from advocacy.legislators.services import roster_plan, rosters
from advocacy.web import access, csrf, notices, respond
from advocacy.web.fields import VersionField
from advocacy.web.forms import Form

bp = Blueprint("rosters", __name__, url_prefix="/desk/legislators/lists")
SHOWN = 50
for _code, _sentence in (
    ("roster-uploaded", _l("The list is here. Nobody is changed yet: look at what it would do.")),
    ("roster-mapped", _l("Saved. Look at what the list would do now.")),
    ("roster-applied", _l("Done. You can undo it below as long as no other list is applied.")),
    ("roster-undone", _l("Undone.")),
    ("roster-discarded", _l("The draft is gone. Nobody was changed.")),
):
    notices.register(_code, _sentence)


class UploadForm(Form):
    """A file."""

    file = FileField(_l("Your list"))


class VersionForm(Form):
    """The version of a draft that the page showed."""

    version = VersionField()


@bp.get("")
@access.needs(rules.MANAGE)
def index() -> Response:
    """Upload a list; see those of before."""
    return _index(access.current_actor(), UploadForm())


@bp.post("")
@access.needs(rules.MANAGE)
@csrf.session
def upload() -> Response | BaseResponse:
    """Keep the file as a draft."""
    actor, form = access.current_actor(), UploadForm.of_request()
    if actor.coalition_id is None:
        raise NotFound
    file = request.files.get("file")
    try:
        data = file.stream.read(roster_rules.MOST_BYTES + 1) if file is not None else b""
        made = rosters.upload(actor, actor.coalition_id, (file.filename if file else "") or "", data)
    except RuleBroken as error:
        uow.rollback()
        form.refuse(error)
        return _index(actor, form, 422)
    return respond.see_other(url_for("rosters.show", public_id=made.public_id), "roster-uploaded")


@bp.get("/<token:public_id>")
@access.needs(rules.MANAGE)
def show(public_id: str) -> Response:
    """A draft with what it would do, or what an applied list did."""
    return _show(access.current_actor(), public_id, VersionForm())


@bp.post("/<token:public_id>/columns")
@access.needs(rules.MANAGE)
@csrf.session
def set_mapping(public_id: str) -> Response | BaseResponse:
    """Say what each column holds."""
    actor, form = access.current_actor(), VersionForm.of_request()
    columns = [request.form.get(f"column-{number}", "") for number in range(roster_rules.MOST_COLUMNS)]
    mapping = columns[: len(rosters.roster(actor, public_id).mapping)]
    try:
        rosters.set_mapping(actor, public_id, mapping, version=form.version.data)
    except RuleBroken as error:
        uow.rollback()
        form.refuse(error)
        return _show(actor, public_id, form, 422, mapping)
    return respond.see_other(url_for("rosters.show", public_id=public_id), "roster-mapped")


@bp.post("/<token:public_id>/apply")
@access.needs(rules.MANAGE)
@csrf.session
def apply(public_id: str) -> Response | BaseResponse:
    """Do what the draft says."""
    actor, form = access.current_actor(), VersionForm.of_request()
    try:
        rosters.apply(actor, public_id, version=form.version.data)
    except RuleBroken as error:
        uow.rollback()
        form.refuse(error)
        return _show(actor, public_id, form, 422)
    return respond.see_other(url_for("rosters.show", public_id=public_id), "roster-applied")


@bp.post("/<token:public_id>/undo")
@access.needs(rules.MANAGE)
@csrf.session
def undo(public_id: str) -> BaseResponse:
    """Take back what the last list did."""
    rosters.undo(access.current_actor(), public_id, version=VersionForm.of_request().version.data)
    return respond.see_other(url_for("rosters.show", public_id=public_id), "roster-undone")


@bp.post("/<token:public_id>/discard")
@access.needs(rules.MANAGE)
@csrf.session
def discard(public_id: str) -> BaseResponse:
    """Throw a draft away."""
    rosters.discard(access.current_actor(), public_id)
    return respond.see_other(url_for("rosters.index"), "roster-discarded")


def _index(actor: Actor, form: UploadForm, status: int = 200) -> Response:
    return respond.page(
        "legislators/desk/rosters.html",
        status,
        form=form,
        rosters=rosters.latest(actor),
        most_rows=roster_rules.MOST_ROWS,
    )


def _show(
    actor: Actor, public_id: str, form: VersionForm, status: int = 200, mapping: list[str] | None = None
) -> Response:
    found = rosters.roster(actor, public_id)
    is_draft = found.state == RosterState.DRAFT
    return respond.page(
        "legislators/desk/roster.html",
        status,
        form=form,
        roster=found,
        plan=roster_plan.plan(found) if is_draft else None,
        header=roster_rules.read(found.content).header if is_draft else (),
        mapping=mapping or found.mapping,
        may_undo=not is_draft and rosters.may_be_undone(found),
        words=words,
        most_shown=SHOWN,
    )
