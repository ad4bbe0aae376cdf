"""What an organizer writes of a hearing."""

from __future__ import annotations

from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from advocacy.hearings import rules
from advocacy.hearings.models import Hearing, HearingState
from advocacy.hearings.services.placing import HearingFacts
from advocacy.hearings.words import STATES
from advocacy.web.fields import LineField, VersionField
from advocacy.web.forms import Form

TOO_LONG = _l("This is too long.")


class HearingForm(Form):
    """A hearing, as somebody read it at its source."""

    title = LineField(_l("Title"), [InputRequired(_l("Enter a title.")), Length(max=300, message=TOO_LONG)])
    committee = LineField(_l("Committee"), [Optional(), Length(max=200, message=TOO_LONG)])
    held_on = DateField(_l("Day"), [InputRequired(_l("Give the day."))])
    local_time = TimeField(_l("Time there"), [Optional()])
    tz = SelectField(_l("Time zone of the place"))
    place = LineField(_l("Place"), [Optional(), Length(max=300, message=TOO_LONG)])
    state = SelectField(_l("How certain it is"))
    source_name = LineField(_l("Source"), [InputRequired(_l("Name the source.")), Length(max=200, message=TOO_LONG)])
    source_url = LineField(_l("Address of the source"), [Optional(), Length(max=500, message=TOO_LONG)])
    version = VersionField()

    def offer(self, now: str = "") -> None:
        """Let the organizer choose a zone and a state; ``now`` is a state that stays as it is."""
        self.tz.choices = [SelectChoice(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
        states = [*rules.BY_HAND, *([HearingState(now)] if now and now not in rules.BY_HAND else [])]
        self.state.choices = [SelectChoice(str(state), STATES[state][0]) for state in states]

    def facts(self, held: Hearing | None = None) -> HearingFacts:
        """What was written, as plain values."""
        return HearingFacts(
            title=self.title.data,
            held_on=self.held_on.data,
            tz=self.tz.data,
            source_name=self.source_name.data,
            local_time=self.local_time.data,
            committee=self.committee.data or "",
            place=self.place.data or "",
            state=self.state.data,
            source_url=self.source_url.data or "",
            upstream_key=held.upstream_key if held else None,
        )
