"""A person's private calendar: its page in the account, and the file that calendar programs fetch."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.core.links import absolute
from advocacy.reminders import hold_queries
from advocacy.reminders.services import feeding
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("calendar", __name__)
notices.register("calendar-ended", _l("The calendar is switched off. Its address leads nowhere any more."))
PAGE = "/account/calendar"


@bp.get(PAGE)
@access.signed_in
def page() -> Response:
    """Say what the private calendar is, and whether there is one."""
    return _page()


@bp.post(PAGE)
@access.signed_in
@csrf.session
def make() -> Response:
    """Make a secret address and show it, this once."""
    token = feeding.make_feed(access.current_actor())
    response = _page(url=absolute(f"/calendar/{token}.ics"))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post(f"{PAGE}/off")
@access.signed_in
@csrf.session
def end() -> BaseResponse:
    """Switch it off."""
    feeding.end_feed(access.current_actor())
    return respond.see_other(PAGE, done="calendar-ended")


@bp.get("/calendar/<token:token>.ics")
@access.link
def feed(token: str) -> Response:
    """Give the dates to whoever holds the address."""
    response = Response(hold_queries.feed(token), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'inline; filename="dates.ics"'
    return response


def _page(url: str = "") -> Response:
    user_id = access.current_actor().user_id or 0
    return respond.page("reminders/calendar.html", feed=hold_queries.has_feed(user_id), url=url)
