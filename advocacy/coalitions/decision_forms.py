"""What people type about committees and decisions."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from advocacy.coalitions import governance_words as words
from advocacy.coalitions.committee_models import MOST_SEATS, CommitteeKind
from advocacy.coalitions.decision_models import Decision, DecisionKind
from advocacy.coalitions.organization_forms import choices_of
from advocacy.reminders.rules import instant_of
from advocacy.web.fields import BlockField, LineField, MailField, VersionField
from advocacy.web.forms import Form

_LONG = _l("Use at most %(max)d characters.")
END_OF_DAY = time(17)


class DecisionForm(Form):
    """Write or change a decision; the closing time is a wall time in the coalition's zone."""

    title = LineField(
        _l("What is to be decided, in one line"),
        [InputRequired(_l("Give it a title.")), Length(max=150, message=_LONG)],
    )
    kind = SelectField(_l("Kind"), choices=choices_of(words.DECISION_WORDS), default=str(DecisionKind.POSITION))
    text = BlockField(
        _l("The words to be decided"),
        [InputRequired(_l("Say what is to be decided.")), Length(max=10_000, message=_LONG)],
    )
    closes_on = DateField(_l("Last day to vote"), [InputRequired(_l("Choose a day."))])
    closes_time = TimeField(_l("Until"), [Optional()], default=END_OF_DAY)
    version = VersionField()

    def closes_at(self, zone: str) -> datetime:
        """The closing instant; 17:00 when no time is given."""
        wall = datetime.combine(self.closes_on.data, self.closes_time.data or END_OF_DAY)
        return instant_of(wall, ZoneInfo(zone))

    @classmethod
    def of_decision(cls, found: Decision) -> DecisionForm:
        """Filled from the posted form, else from the row."""
        local = found.closes_at.replace(tzinfo=found.closes_at.tzinfo or UTC).astimezone(ZoneInfo(found.tz))
        return cls.of_request(
            title=found.title,
            kind=found.kind,
            text=found.text,
            closes_on=local.date(),
            closes_time=local.time(),
            version=found.version,
        )


class VoteForm(Form):
    """What an organization says."""

    choice = RadioField(
        _l("What does your organization say?"),
        [InputRequired(_l("Choose one of the answers."))],
        choices=choices_of(words.CHOICE_WORDS),
    )
    reason = BlockField(_l("Why"), [Optional(), Length(max=1000, message=_LONG)])


class VoiceForm(Form):
    """What a lived-experience seat says."""

    choice = RadioField(
        _l("What do you say?"),
        [InputRequired(_l("Choose one of the answers."))],
        choices=choices_of(words.VOICE_WORDS),
    )


class CommitteeForm(Form):
    """A committee to be made."""

    name = LineField(_l("Name"), [InputRequired(_l("Enter a name.")), Length(max=120, message=_LONG)])
    kind = SelectField(_l("Kind"), choices=choices_of(words.COMMITTEE_WORDS), default=str(CommitteeKind.STEERING))
    purpose = BlockField(_l("What it is for"), [Optional(), Length(max=2000, message=_LONG)])
    seat_count = IntegerField(
        _l("Seats"),
        [
            InputRequired(_l("Enter a number.")),
            NumberRange(1, MOST_SEATS, message=_l("Enter a number from %(min)s to %(max)s.")),
        ],
    )
    lived_experience_seats = IntegerField(
        _l("Of these, for people with lived experience"),
        [Optional(), NumberRange(0, MOST_SEATS, message=_l("Enter a number from %(min)s to %(max)s."))],
        default=0,
    )


class SeatInviteForm(Form):
    """A seat to be offered by mail."""

    seat = SelectField(_l("Seat"), choices=[], validate_choice=False)
    email = MailField(_l("E-mail address"), [InputRequired(_l("Enter an e-mail address."))])
    until_on = DateField(_l("Until"), [Optional()])


class SeatForm(Form):
    """A seat to be given."""

    seat = SelectField(_l("Seat"), choices=[], validate_choice=False)
    person = SelectField(_l("Person"), choices=[], validate_choice=False)
    from_on = DateField(_l("From"), [InputRequired(_l("Choose a day."))])
    until_on = DateField(_l("Until"), [Optional()])
