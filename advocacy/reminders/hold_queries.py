"""Deadlines as dates for a calendar: in a reminder's mail, and in a person's own feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.core import clock
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.links import absolute
from advocacy.core.tokens import token_hash
from advocacy.messaging import preferences
from advocacy.messaging.preference_models import PersonKind
from advocacy.reminders import ical
from advocacy.reminders.feed_models import CalendarFeed
from advocacy.reminders.models import Deadline, DeadlineState
from advocacy.web.manifest import MailFacts, house
from advocacy.web.offers import About

BEHIND, AHEAD = timedelta(days=7), timedelta(days=60)
MOST = 100  # dates of a person
LOOKED_AT = 1000  # dates of their coalitions
type_attachment = tuple[str, str, bytes]


def attachments(mail: MailFacts) -> Sequence[type_attachment]:
    """The date that a reminder's mail is about, to be put into a calendar."""
    if "deadline_id" not in mail.params or "user_id" not in mail.params:
        return ()
    row = db.session.get(Deadline, int(mail.params["deadline_id"]))
    if row is None:
        return ()
    is_discreet = preferences.one(PersonKind.ACCOUNT, int(mail.params["user_id"])).is_discreet
    with force_locale(mail.locale):
        hold = _hold(row, _about(row.kind, [row.object_id]).get(row.object_id), is_discreet=is_discreet)
    method = ical.Method.CANCEL if row.state == DeadlineState.VOID else ical.Method.PUBLISH
    return [("date.ics", "text/calendar", ical.calendar([hold], method=method))]


def feed(token: str) -> bytes:
    """The dates that the holder of this token is reminded of, those called off among them.

    Raises: NotFound when no account has this token (any more).
    """
    user_id = db.session.scalar(select(CalendarFeed.user_id).where(CalendarFeed.token_hash == token_hash(token)))
    if user_id is None:
        raise NotFound
    locale = house().contact(user_id)[2]  # a closed account has no calendar
    chosen = preferences.one(PersonKind.ACCOUNT, user_id)
    theirs = (row for row in _near(house().coalitions_of(user_id)) if _is_for(row, user_id))
    rows = list(islice(theirs, MOST))
    with force_locale(locale):
        things = {
            kind: _about(kind, [row.object_id for row in rows if row.kind == kind]) for kind in {r.kind for r in rows}
        }
        holds = [_hold(row, things[row.kind].get(row.object_id), is_discreet=chosen.is_discreet) for row in rows]
        return ical.calendar(holds, name=current_app.extensions["advocacy.settings"].server.name)


def has_feed(user_id: int) -> CalendarFeed | None:
    """The calendar of an account, if it has one."""
    return db.session.get(CalendarFeed, user_id)


def _near(coalition_ids: Sequence[int]) -> Sequence[Deadline]:
    now = clock.now()
    wanted = (
        select(Deadline)
        .where(
            Deadline.coalition_id.in_(coalition_ids),
            Deadline.due_at.between(now - BEHIND, now + AHEAD),
            Deadline.state.in_([DeadlineState.UPCOMING, DeadlineState.VOID]),
        )
        .order_by(Deadline.due_at, Deadline.id)
        .limit(LOOKED_AT)
    )
    return db.session.scalars(wanted).all()


def _is_for(row: Deadline, user_id: int) -> bool:
    kind = house().reminder_kinds.get(row.kind)
    return kind is not None and user_id in kind.recipients(row.object_id)


def _about(kind: str, object_ids: list[int]) -> dict[int, About]:
    ask = house().reminder_kinds[kind].about
    return dict(ask(object_ids)) if ask is not None else {}


def _hold(row: Deadline, thing: About | None, *, is_discreet: bool) -> ical.Hold:
    """A title that names no topic to whoever asked for that, and never what somebody typed for few to read."""
    settings = current_app.extensions["advocacy.settings"]
    host = urlsplit(settings.base_url).hostname or "localhost"
    label = str(house().reminder_kinds[row.kind].label or row.kind)
    title = f"{label}: {thing.title}" if thing is not None and thing.is_public and thing.title else label
    return ical.Hold(
        uid=f"{row.kind}-{thing.public_id if thing else row.id}@{host}",
        sequence=row.rev if row.state != DeadlineState.VOID else row.rev + 1,
        at=row.due_at,
        title=_("A date of %(name)s", name=settings.server.name) if is_discreet else title,
        url=absolute((thing.url if thing else "") or "/desk"),
        stamped_at=row.set_at,
        is_off=row.state == DeadlineState.VOID,
    )
