"""A person's own reminders: in the account, and by the link in a reminder's mail."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.core.errors import NotFound
from advocacy.reminders import linking, my_queries
from advocacy.reminders.services import snoozing
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("my_reminders", __name__)
notices.register("reminder-later", _l("We will remind you again."))

LATER = {"3h": _l("In 3 hours"), "1d": _l("In 1 day"), "3d": _l("In 3 days"), "7d": _l("In a week")}
STATES = {"done": _l("Sent"), "superseded": _l("Replaced"), "suppressed": _l("Not sent"), "skipped": _l("Not sent")}
REASONS = {
    "moved": _l("The date was moved."),
    "dropped": _l("The date was taken back."),
    "deadline_dropped": _l("The date was taken back."),
    "deadline_moved": _l("The date was moved."),
    "deadline_passed": _l("The deadline was there first."),
    "newer_one_said": _l("A newer reminder said the same."),
    "no_longer_matters": _l("It was no longer needed."),
    "no_longer_asked": _l("It is no longer yours to do."),
    "paused": _l("You paused all asks."),
    "quiet_hours": _l("The deadline fell into your quiet hours."),
    "snoozed": _l("You asked for another time."),
    "no_address": _l("Your account had no address to write to."),
}


@bp.get("/account/reminders")
@access.signed_in
def mine() -> Response:
    """Show what a person will be reminded of, what was said, and why something was not."""
    user_id = access.current_actor().user_id or 0
    return respond.page(
        "reminders/mine.html",
        coming=my_queries.coming(user_id),
        ended=my_queries.ended(user_id),
        open_choices=snoozing.open_choices,
        later=LATER,
        states=STATES,
        reasons=REASONS,
    )


@bp.post("/account/reminders")
@access.signed_in
@csrf.session
def postpone() -> BaseResponse:
    """Put one of one's own reminders off."""
    actor = access.current_actor()
    snoozing.remind_later(actor, actor.user_id or 0, _chosen(), request.form.get("choice", ""))
    return respond.see_other("/account/reminders", done="reminder-later")


@bp.get("/reminders/<token:token>")
@access.link
def again(token: str) -> Response:
    """Show what stood in a reminder's mail, and the times to choose from."""
    _user_id, rows = my_queries.of_mail(_mail(token))
    return respond.page("reminders/again.html", rows=rows, open_choices=snoozing.open_choices, later=LATER, token=token)


@bp.post("/reminders/<token:token>")
@access.link
@csrf.capability
def remind_again(token: str) -> BaseResponse:
    """Remind the holder of the link again."""
    user_id, rows = my_queries.of_mail(_mail(token))
    chosen = _chosen()
    if chosen not in {row.id for row in rows}:
        raise NotFound(_("This reminder is not here."))
    snoozing.remind_later(access.current_actor(), user_id, chosen, request.form.get("choice", ""))
    return respond.see_other(f"/reminders/{token}", done="reminder-later")


def _chosen() -> int:
    return request.form.get("reminder", 0, type=int)


def _mail(token: str) -> str:
    found = linking.mail_of(token)
    if found is None:
        raise NotFound(_("This link is not complete. Please open it again from the mail."))
    return found
