"""The demo's own deadlines: fixed, counted in hours, days and business days; one that is done, one that was dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from advocacy.campaigns.queries.campaigns import today, zone
from advocacy.coalitions.models import RoleName
from advocacy.core.actor import Actor
from advocacy.demo import date_words as words
from advocacy.reminders import rules
from advocacy.reminders.services import keeping
from advocacy.reminders.services.keeping import OwnWords


def begin(actor: Actor, coalition_id: int, users: Mapping[str, int]) -> None:
    """Keep the dates around a hearing and a comment period."""
    tz, now = zone(coalition_id), today(coalition_id)
    people = [users[RoleName.ADMIN], users[RoleName.ORGANIZER]]
    hearing_at = rules.instant_of(datetime.combine(now + timedelta(days=16), time(13, 30)), tz)
    counted: list[tuple[str, str, str, rules.type_rule, str]] = [
        (*words.REGISTER, rules.Business(1, "16:00", "US-NY"), words.NOTICE),
        (*words.INTERPRETER, rules.Business(5, "17:00", "US-NY"), words.NOTICE),
        (*words.WRITTEN, rules.Elapsed(-48), words.NOTICE),
        (*words.SHORT, rules.Wall(2, "18:00"), ""),
    ]
    for title, kind, note, rule, source in counted:
        kept = OwnWords(title, rule, tz.key, hearing_at, kind, note, source, bool(source), people)
        keeping.add_own(actor, coalition_id, kept)
    fixed = [
        keeping.add_own(
            actor,
            coalition_id,
            OwnWords(
                title,
                rules.Fixed(datetime.combine(now + timedelta(days=days), time(17)), tz.key),
                tz.key,
                kind=kind,
                note=note,
                people=people,
            ),
        )
        for (title, kind, note), days in ((words.COMMENTS, 24), (words.REPORT, 9), (words.TRAVEL, 12))
    ]
    keeping.finish_own(actor, fixed[1].public_id)
    keeping.drop_own(actor, fixed[2].public_id)
