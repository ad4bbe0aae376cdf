"""The part of a form by which people choose how they are written to; pages of higher rooms show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, RadioField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from advocacy.messaging.preference_models import Digest
from advocacy.messaging.preferences import PAUSE_WEEKS, Preference
from advocacy.web.forms import Form

_STAYS = "stays"
_DIGESTS = {
    Digest.OFF: _l("Each one by itself"),
    Digest.DAILY: _l("Together, once a day"),
    Digest.WEEKLY: _l("Together, on Mondays"),
}


class PreferenceFields(Form):
    """Pause, quiet hours, digest, discretion."""

    pause = RadioField(_l("Pause"), default=_STAYS)
    quiet_from = TimeField(_l("Quiet from"), [InputRequired(_l("Give a time, such as 21:00."))])
    quiet_to = TimeField(_l("Quiet until"), [InputRequired(_l("Give a time, such as 08:00."))])
    tz = SelectField(_l("Your time zone"))
    digest = RadioField(_l("Reminders"), choices=[SelectChoice(str(value), words) for value, words in _DIGESTS.items()])
    digest_at = TimeField(_l("Time of the summary"), [InputRequired(_l("Give a time, such as 08:00."))])
    is_discreet = BooleanField(_l("Discreet mode: no topic in a subject line"))

    def offer(self, preference: Preference, now: datetime, *, no_zone: str = "") -> None:
        """Say what can be chosen: the pause that stands may stay or end, or a new one begins today.

        ``no_zone`` are the words for choosing none.
        """
        is_paused = preference.is_paused(now)
        stays = _l("Stay paused") if is_paused else _l("No pause")
        weeks = [
            SelectChoice(str(number), ngettext("For %(num)d week from today", "For %(num)d weeks from today", number))
            for number in PAUSE_WEEKS
        ]
        ends = [SelectChoice("0", _l("End the pause now"))] if is_paused else []
        self.pause.choices = [SelectChoice(_STAYS, stays), *ends, *weeks]
        zones = [SelectChoice(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
        self.tz.choices = [SelectChoice("", no_zone), *zones] if no_zone else zones

    @staticmethod
    def shown(preference: Preference) -> dict[str, Any]:
        """What stands in the form before somebody changes it."""
        return {
            "quiet_from": preference.quiet_from,
            "quiet_to": preference.quiet_to,
            "tz": preference.tz,
            "digest": str(preference.digest),
            "digest_at": preference.digest_at,
            "is_discreet": preference.is_discreet,
        }

    @property
    def weeks(self) -> int | None:
        """For how many weeks to pause from now, 0 to end a pause; ``None``: as it is."""
        return None if self.pause.data == _STAYS else int(cast("str", self.pause.data))

    def chosen(self, before: Preference) -> Preference:
        """What was chosen, beside the pause."""
        return replace(
            before,
            quiet_from=cast("Any", self.quiet_from.data),
            quiet_to=cast("Any", self.quiet_to.data),
            tz=str(self.tz.data),
            digest=Digest(self.digest.data),
            digest_at=cast("Any", self.digest_at.data),
            is_discreet=bool(self.is_discreet.data),
        )
