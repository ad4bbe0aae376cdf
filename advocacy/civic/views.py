"""The desk pages about packs: how old they are, where they come from, how to get newer ones or go back."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.civic.models import PackKind
from advocacy.civic.services import feeds, importing, overview, requesting
from advocacy.civic.services.operators import MANAGE
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("civic_desk", __name__, url_prefix="/desk/civic")
notices.register("update-asked", _l("The worker fetches it now. Look again in a minute."))
notices.register("pack-rolled-back", _l("The version before is in use again."))


@bp.get("")
@access.needs(MANAGE)
def packs() -> Response:
    """Show every pack in use, and how fetching goes."""
    actor = access.current_actor()
    lines = overview.feed_lines(actor)
    return respond.page(
        "civic/packs.html",
        feeds=lines,
        groups=overview.groups(actor, lines),
        may_fetch=feeds.is_allowed(),
        is_nightly=feeds.is_nightly(),
    )


@bp.get("/packs/<int:pack_id>")
@access.needs(MANAGE)
def pack(pack_id: int) -> Response:
    """Show one pack: where it is from, what its last version changed, the way back."""
    line = overview.one(access.current_actor(), pack_id)
    return respond.page(
        "civic/pack.html",
        line=line,
        seat_words=overview.seat_words,
        count_words=overview.COUNTS,
        may_fetch=feeds.is_allowed(),
    )


@bp.post("/updates")
@access.needs(MANAGE)
@csrf.session
def update() -> BaseResponse:
    """Ask the worker to fetch one feed, or all."""
    requesting.request_update(access.current_actor(), request.form.get("feed") or None)
    return respond.see_other(url_for("civic_desk.packs"), done="update-asked")


@bp.post("/packs/<int:pack_id>/rollback")
@access.needs(MANAGE)
@access.fresh
@csrf.session
def roll_back(pack_id: int) -> BaseResponse:
    """Go back to the version before the one in use."""
    actor = access.current_actor()
    now = overview.one(actor, pack_id).pack
    found = importing.rollback_pack(actor, PackKind(now.kind), layer=now.layer, area=now.area, edition=now.edition)
    return respond.see_other(url_for("civic_desk.pack", pack_id=found.id), done="pack-rolled-back")
