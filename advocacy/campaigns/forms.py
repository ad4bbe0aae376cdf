"""What an organizer writes of a campaign."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from advocacy.web.fields import BlockField, LineField
from advocacy.web.forms import Form


class CampaignForm(Form):
    """Title and goal."""

    title = LineField(
        _l("Title"),
        [InputRequired(_l("Enter a title.")), Length(max=200, message=_l("Use at most %(max)d characters."))],
    )
    goal = BlockField(
        _l("Goal"),
        [
            InputRequired(_l("Say what you want to reach.")),
            Length(max=4000, message=_l("Use at most %(max)d characters.")),
        ],
    )


class NewCampaignForm(CampaignForm):
    """Also the name in its address, which stays."""

    slug = LineField(_l("Short name for its address"), [InputRequired(_l("Enter a short name."))])


class ChangeCampaignForm(CampaignForm):
    """Also the version that was read."""

    version = IntegerField(widget=HiddenInput())


class MoveForm(Form):
    """A step to another state."""

    state = HiddenField(validators=[InputRequired()])
    version = IntegerField(widget=HiddenInput())
