"""The operators' page about mail, and the demonstration's mailbox."""

from __future__ import annotations

import re

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as BaseResponse

from advocacy.core import clock
from advocacy.core.errors import NotFound
from advocacy.messaging import queries
from advocacy.messaging.models import LotState, MailState
from advocacy.messaging.services import tidying
from advocacy.web import access, csrf, notices, respond
from advocacy.web.templating import Link

bp = Blueprint("messaging", __name__)
notices.register("mail-again", _l("The mail is on its way again."))

_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
LABELS = {
    MailState.QUEUED: _l("Waiting"),
    MailState.CLAIMED: _l("Leaving now"),
    MailState.FAILED: _l("To be tried again"),
    MailState.SENT: _l("Sent"),
    MailState.DEAD: _l("Given up"),
    MailState.SUPPRESSED: _l("Held back"),
}
LOT_LABELS = {
    LotState.LEAVING: _l("Leaving"),
    LotState.PAUSED: _l("Paused"),
    LotState.CANCELLED: _l("Cancelled"),
}


@bp.get("/desk/mail")
@access.needs("ops.view")
def mail() -> Response:
    """Show how mail is doing."""
    actor = access.current_actor()
    state = _state(request.args.get("state", MailState.DEAD))
    page = queries.mails_in(actor, state, request.args.get("before", type=int))
    oldest = queries.oldest_waiting(actor)
    return respond.page(
        "messaging/mail.html",
        counts=queries.mail_counts(actor),
        labels=LABELS,
        state=state,
        states=[Link(str(LABELS[each]), url_for(".mail", state=each), "", each == state) for each in MailState],
        rows=page.rows,
        next_url=url_for(".mail", state=state, before=page.next_after) if page.next_after else None,
        lots=queries.lots_in(actor),
        lot_labels=LOT_LABELS,
        lot_dead=queries.dead_of_lots(actor) if state == MailState.DEAD else [],
        oldest_min=None if oldest is None else max(int((clock.now() - oldest).total_seconds() // 60), 0),
    )


@bp.post("/desk/mail/<token:public_id>/send")
@access.needs("ops.view")
@csrf.session
def send_again(public_id: str) -> BaseResponse:
    """Send a mail again that was given up."""
    tidying.send_again(access.current_actor(), public_id)
    return respond.see_other(url_for(".mail"), done="mail-again")


@bp.get("/demo/mailbox")
@access.public
def mailbox() -> Response:
    """Show the mails of the demonstration, which never leave the house."""
    settings = current_app.extensions["advocacy.settings"]
    if not settings.demo.enabled or settings.mail.transport != "mailbox":
        raise NotFound(_("This page is only part of a demonstration."))
    to = request.args.get("to", "")[:254].strip()
    page = queries.demo_mails(to, request.args.get("before", type=int))
    response = respond.page(
        "messaging/mailbox.html",
        to=to,
        mails=page.rows,
        as_html=_as_html,
        next_url=url_for(".mailbox", to=to or None, before=page.next_after) if page.next_after else None,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _state(text: str) -> MailState:
    try:
        return MailState(text)
    except ValueError:
        return MailState.DEAD


def _as_html(text: str) -> Markup:
    """Paragraphs and lines of a plain text, its links to follow."""
    parts = [part.split("\n") for part in text.strip().split("\n\n")]
    paragraphs = [Markup("<p>{}</p>").format(Markup("<br>").join(map(_with_links, lines))) for lines in parts]
    return Markup("").join(paragraphs)


def _with_links(text: str) -> Markup:
    parts, end = [], 0
    for found in _LINK.finditer(text):
        parts += [escape(text[end : found.start()]), Markup('<a href="{0}">{0}</a>').format(found.group())]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])
