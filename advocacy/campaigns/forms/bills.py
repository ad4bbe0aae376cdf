"""What an organizer writes of a bill."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from advocacy.campaigns import words
from advocacy.campaigns.forms.campaigns import GIVE_DAY, TOO_LONG
from advocacy.campaigns.models import Campaign
from advocacy.campaigns.services.tracking import BillWords
from advocacy.web.fields import BlockField, LineField, VersionField
from advocacy.web.forms import Form

STATUSES = [SelectChoice(str(value), label) for value, (label, _kind) in words.BILLS.items()]


class BillForm(Form):
    """A bill, as somebody read it at its source."""

    identifier = LineField(
        _l("Number"), [InputRequired(_l("Give the number of the bill.")), Length(max=40, message=TOO_LONG)]
    )
    jurisdiction = LineField(
        _l("State or body"), [InputRequired(_l("Say whose bill it is.")), Length(max=60, message=TOO_LONG)]
    )
    session = LineField(_l("Session"), [InputRequired(_l("Name the session.")), Length(max=60, message=TOO_LONG)])
    title = LineField(_l("Title"), [InputRequired(_l("Enter a title.")), Length(max=300, message=TOO_LONG)])
    summary = BlockField(_l("What it would do"), [Optional(), Length(max=4000, message=TOO_LONG)])
    status = SelectField(_l("How far it is"), choices=STATUSES)
    source_name = LineField(_l("Source"), [InputRequired(_l("Name the source.")), Length(max=200, message=TOO_LONG)])
    source_url = LineField(_l("Address of the source"), [Optional(), Length(max=500, message=TOO_LONG)])
    checked_on = DateField(_l("Last checked on"), [InputRequired(GIVE_DAY)])
    ocd_id = LineField(_l("Open Civic Data id"), [Optional(), Length(max=120, message=TOO_LONG)])
    is_public = BooleanField(_l("Show it on public pages"))
    version = VersionField()

    @property
    def words(self) -> BillWords:
        """What was written, as plain values."""
        return BillWords(
            jurisdiction=self.jurisdiction.data,
            session=self.session.data,
            identifier=self.identifier.data,
            title=self.title.data,
            source_name=self.source_name.data,
            checked_on=self.checked_on.data,
            status=self.status.data,
            summary=self.summary.data,
            source_url=self.source_url.data,
            ocd_id=self.ocd_id.data,
            is_public=self.is_public.data,
        )


class BillVersionForm(Form):
    """A printed text."""

    label = LineField(
        _l("Name of the version"), [InputRequired(_l("Name the version.")), Length(max=80, message=TOO_LONG)]
    )
    printed_on = DateField(_l("Printed on"), [InputRequired(GIVE_DAY)])
    url = LineField(_l("Address of the text"), [Optional(), Length(max=500, message=TOO_LONG)])


class BillStepForm(Form):
    """What happened."""

    what = LineField(_l("What happened"), [InputRequired(_l("Say what happened.")), Length(max=300, message=TOO_LONG)])
    happened_on = DateField(_l("On which day"), [InputRequired(GIVE_DAY)])
    status = SelectField(_l("How far it is now"), [Optional()], choices=[SelectChoice("", _l("As before")), *STATUSES])


class BillCampaignForm(Form):
    """A campaign that is about the bill."""

    campaign = SelectField(_l("Campaign"), [InputRequired(_l("Choose a campaign."))])

    def offer(self, campaigns: list[Campaign]) -> None:
        """Let the organizer pick a campaign."""
        self.campaign.choices = [SelectChoice(found.public_id, found.title) for found in campaigns]
