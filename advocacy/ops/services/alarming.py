"""Tell the operators of trouble, at most once an hour, and once that all is well again (R-40)."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select

from advocacy.core import clock, logs
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.settings import Settings
from advocacy.messaging.services import sending
from advocacy.ops import rules
from advocacy.ops.models import OperatorAlarm
from advocacy.ops.services import watching
from advocacy.web.manifest import house

log = logs.get("ops")


def is_news() -> bool:
    """Whether anything changed that must be written down or told; only reads."""
    row = db.session.get(OperatorAlarm, 1)
    told, told_at = (list(row.told), row.told_at) if row else ([], None)
    news = rules.judge(_red(), told, told_at, clock.now())
    return news.mail is not None or news.told != told


def tell() -> None:
    """Look, and write to the operators when there is something to say."""
    red = _red()
    row = db.session.scalar(select(OperatorAlarm).where(OperatorAlarm.id == 1).with_for_update())
    if row is None:
        row = OperatorAlarm(id=1, rev=0, told=[], told_at=None)
        db.session.add(row)
    now = clock.now()
    news = rules.judge(red, row.told, row.told_at, now)
    row.told = news.told
    if news.mail is None:
        return
    row.rev += 1
    if news.mail == rules.TROUBLE_MAIL:
        row.told_at = now
    log.warning("operators_told", mail=news.mail, checks=red)
    for address, locale in _addresses():
        sending.queue_mail(
            kind=news.mail,
            to=address,
            coalition_id=None,
            object_kind="operator_alarm",
            object_id=1,
            object_rev=row.rev,
            params={"checks": red},
            locale=locale,
        )


def _red() -> list[str]:
    return sorted(line.name for line in watching.lines() if not line.is_fine)


def _addresses() -> list[tuple[str, str]]:
    """Addresses and languages of who runs the house; without any, the address of the settings."""
    found = []
    for user_id in house().operators():
        try:
            _name, address, locale = house().contact(user_id)
        except NotFound:
            continue
        found.append((address, locale))
    settings: Settings = current_app.extensions["advocacy.settings"]
    return found or ([(settings.mail.operator, "en")] if settings.mail.operator else [])
