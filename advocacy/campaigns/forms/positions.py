"""What an organizer writes of a position."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from advocacy.campaigns import words
from advocacy.campaigns.forms.campaigns import GIVE_DAY, TOO_LONG
from advocacy.campaigns.models import BillVersion, Stance
from advocacy.coalitions.decision_models import Decision
from advocacy.reminders.rules import instant_of
from advocacy.web.fields import BlockField, LineField
from advocacy.web.forms import Form

CLOSES = time(17)


class StanceForm(Form):
    """What is said, and of which text."""

    stance = SelectField(_l("Where you stand"))
    bill_version = SelectField(_l("Which text"), [Optional()])

    def offer_versions(self, versions: Sequence[BillVersion]) -> None:
        """Let the organizer pick a printed text."""
        found = [SelectChoice(str(version.id), version.label) for version in versions]
        self.bill_version.choices = [SelectChoice("", _l("The bill as such")), *found]

    @property
    def version_id(self) -> int | None:
        """The printed text, if one was chosen."""
        return int(self.bill_version.data) if self.bill_version.data else None


class AskCoalitionForm(StanceForm):
    """A question to the member organizations."""

    title = LineField(
        _l("What is to be decided, in one line"),
        [InputRequired(_l("Give it a title.")), Length(max=150, message=TOO_LONG)],
    )
    text = BlockField(
        _l("The words to be decided"),
        [InputRequired(_l("Say what is to be decided.")), Length(max=8000, message=TOO_LONG)],
    )
    closes_on = DateField(_l("Last day to vote"), [InputRequired(GIVE_DAY)])

    def offer(self, versions: Sequence[BillVersion]) -> None:
        """Let the organizer pick."""
        self.offer_versions(versions)
        self.stance.choices = [
            SelectChoice(str(value), label) for value, (label, _kind) in words.STANCES.items() if value != Stance.WATCH
        ]

    def closes_at(self, zone: ZoneInfo) -> datetime:
        """Five in the afternoon of the last day, on the clock of the coalition's place."""
        return instant_of(datetime.combine(self.closes_on.data, CLOSES), zone)


class PositionForm(StanceForm):
    """A position with the decision that carries it."""

    decision = SelectField(_l("Decision that carries it"), [Optional()])
    reason = BlockField(_l("Why, in public words"), [Optional(), Length(max=2000, message=TOO_LONG)])
    replaces = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def offer(self, versions: Sequence[BillVersion], decisions: Sequence[Decision]) -> None:
        """Let the organizer pick."""
        self.offer_versions(versions)
        self.stance.choices = [SelectChoice(str(value), label) for value, (label, _kind) in words.STANCES.items()]
        found = [SelectChoice(decision.public_id, decision.title) for decision in decisions]
        self.decision.choices = [SelectChoice("", _l("None: we only watch the bill")), *found]


class EndPositionForm(Form):
    """Which position ends."""

    position = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
