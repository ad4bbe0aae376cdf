"""The text message beside a reminder's mail."""

from __future__ import annotations

from flask_babel import gettext as _

from advocacy.core import clock
from advocacy.core.db import db
from advocacy.messaging import preferences
from advocacy.messaging.preference_models import PersonKind
from advocacy.reminders import manners
from advocacy.reminders import standing_queries as standing
from advocacy.reminders.models import Deadline
from advocacy.web.offers import TextFacts

KIND = "reminders.text"


def compose(facts: TextFacts) -> str | None:
    """Say that a mail is there, unless the reminder does not stand any more, or it would come in quiet hours."""
    deadline = db.session.get(Deadline, int(facts.params["deadline_id"]))
    if deadline is None or standing.why_not(deadline.id, int(facts.params["deadline_rev"]), facts.user_id) is not None:
        return None
    wish = preferences.one(PersonKind.ACCOUNT, facts.user_id, default_tz=deadline.tz)
    if manners.quiet_around(clock.now(), wish) is not None:
        return None
    return str(_("you have a reminder, see your mail. STOP ends texts."))
