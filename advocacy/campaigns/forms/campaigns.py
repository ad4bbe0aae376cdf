"""What an organizer writes of a campaign."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from advocacy.campaigns.models import Campaign
from advocacy.web.fields import BlockField, LineField, VersionField
from advocacy.web.forms import Form

TOO_LONG = _l("Use at most %(max)d characters.")
GIVE_DAY = _l("Give a day.")


class CampaignForm(Form):
    """Title and goal."""

    title = LineField(_l("Title"), [InputRequired(_l("Enter a title.")), Length(max=200, message=TOO_LONG)])
    goal = BlockField(
        _l("Goal"), [InputRequired(_l("Say what you want to reach.")), Length(max=4000, message=TOO_LONG)]
    )


class NewCampaignForm(CampaignForm):
    """Also the name in its address."""

    slug = LineField(_l("Short name for its address"), [InputRequired(_l("Enter a short name."))])


class ChangeCampaignForm(CampaignForm):
    """Also the version that was read."""

    version = VersionField()


class MoveForm(Form):
    """A step to another state."""

    state = HiddenField(validators=[InputRequired()])
    version = VersionField()


class VersionForm(Form):
    """Only the version that was read."""

    version = VersionField()


class VictoryForm(VersionForm):
    """What proves a victory."""

    summary = BlockField(
        _l("What was won"), [InputRequired(_l("Say what was won.")), Length(max=2000, message=TOO_LONG)]
    )
    source_name = LineField(
        _l("Who says so"), [InputRequired(_l("Name the source.")), Length(max=200, message=TOO_LONG)]
    )
    source_url = LineField(_l("Address of the source"), [Optional(), Length(max=500, message=TOO_LONG)])
    happened_on = DateField(_l("On which day"), [InputRequired(GIVE_DAY)])


class ArchiveForm(VersionForm):
    """The name under which it is put away, and what follows it."""

    slug = LineField(_l("Short name in the archive"), [InputRequired(_l("Enter a short name."))])
    successor = SelectField(_l("Where its old address leads"), [Optional()])

    def offer(self, others: list[Campaign]) -> None:
        """Let the organizer pick a campaign that follows."""
        self.successor.choices = [
            SelectChoice("", _l("To this campaign in the archive")),
            *(SelectChoice(other.public_id, other.title) for other in others),
        ]


class CopyForm(Form):
    """A copy of a campaign."""

    title = LineField(_l("Title"), [InputRequired(_l("Enter a title.")), Length(max=200, message=TOO_LONG)])
    slug = LineField(_l("Short name for its address"), [InputRequired(_l("Enter a short name."))])
    begins_on = DateField(_l("First day"), [InputRequired(GIVE_DAY)])
    is_template = BooleanField(_l("Keep it as a template"))
