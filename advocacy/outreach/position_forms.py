"""Forms of where people in office stand, and of what they promised."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from advocacy.campaigns.models import Bill
from advocacy.outreach import words
from advocacy.outreach.lawmaker_forms import GIVE_DAY, TOO_LONG, choices
from advocacy.outreach.position_models import PromiseState
from advocacy.outreach.services.counting_votes import MOST_VOTES
from advocacy.outreach.services.positioning import Evidence
from advocacy.outreach.services.promising import Promised
from advocacy.web.fields import BlockField, LineField, VersionField
from advocacy.web.forms import Form

_CHOOSE = _l("Choose from the list.")
_URL = [Optional(), Length(max=500, message=TOO_LONG)]


def _bill_choices(bills: Sequence[Bill]) -> list[SelectChoice]:
    return [SelectChoice(bill.public_id, f"{bill.identifier} · {bill.title}"[:120]) for bill in bills]


class PositionForm(Form):
    """Where somebody stands on a bill, and what shows it."""

    bill = SelectField(_l("Bill"), [InputRequired(_l("Choose a bill."))])
    stand = RadioField(_l("Where they stand"), [InputRequired(_CHOOSE)], choices=choices(words.STANDS))
    confidence = RadioField(_l("How sure we are"), [InputRequired(_CHOOSE)], choices=choices(words.SURE))
    quote = BlockField(_l("What shows it"), [Optional(), Length(max=1000, message=TOO_LONG)])
    evidence_url = LineField(_l("Address where it can be looked up"), _URL)
    seen_on = DateField(_l("Day of the evidence"), [InputRequired(GIVE_DAY)])
    replaces = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def offer(self, bills: Sequence[Bill]) -> None:
        """Let people pick one of the coalition's bills."""
        self.bill.choices = _bill_choices(bills)

    @property
    def evidence(self) -> Evidence:
        """What was filled in."""
        return Evidence(
            stand=self.stand.data,
            confidence=self.confidence.data,
            seen_on=self.seen_on.data,
            quote=self.quote.data or "",
            evidence_url=self.evidence_url.data or "",
        )


class CommitmentForm(Form):
    """What somebody promised."""

    kind = SelectField(_l("What kind of promise"), choices=choices(words.PROMISES))
    what = LineField(
        _l("What was promised"),
        [InputRequired(_l("Say what was promised.")), Length(max=300, message=TOO_LONG)],
    )
    bill = SelectField(_l("Bill"), [Optional()])
    promised_on = DateField(_l("Promised on"), [InputRequired(GIVE_DAY)])
    due_on = DateField(_l("By when"), [Optional()])
    evidence_url = LineField(_l("Address where it can be looked up"), _URL)
    version = VersionField()

    def offer(self, bills: Sequence[Bill]) -> None:
        """Let people pick one of the coalition's bills, or none."""
        self.bill.choices = [SelectChoice("", _l("None")), *_bill_choices(bills)]

    @property
    def promised(self) -> Promised:
        """What was filled in."""
        return Promised(
            kind=self.kind.data,
            what=self.what.data or "",
            promised_on=self.promised_on.data,
            due_on=self.due_on.data,
            bill_id=self.bill.data or "",
            evidence_url=self.evidence_url.data or "",
        )


class SettleForm(Form):
    """What became of a promise."""

    state = RadioField(
        _l("What became of it"),
        [InputRequired(_CHOOSE)],
        choices=[
            SelectChoice(str(state), label)
            for state, (label, _kind) in words.PROMISE_STATES.items()
            if state != PromiseState.OPEN
        ],
    )
    outcome = BlockField(
        _l("How you know"), [InputRequired(_l("Say how you know.")), Length(max=1000, message=TOO_LONG)]
    )
    settled_on = DateField(_l("On which day"), [InputRequired(GIVE_DAY)])
    version = VersionField()


class VoteLineForm(Form):
    """How many votes a bill needs in a chamber."""

    needed = IntegerField(
        _l("Votes it needs"), [Optional(), NumberRange(1, MOST_VOTES, message=_l("Give a number from 1 up."))]
    )
    reason = LineField(_l("Why this many"), [Optional(), Length(max=200, message=TOO_LONG)])
    version = VersionField()
