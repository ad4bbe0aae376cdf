"""Forms of the organizer's pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from slugify import slugify
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from advocacy.coalitions.organization_models import Membership
from advocacy.petitions.delivery_models import DeliveryMethod
from advocacy.petitions.models import MIN_AGE, Petition
from advocacy.petitions.rules import LAST_YEAR, MAX_GOAL, MAX_TEXT, MAX_TITLE
from advocacy.petitions.services.partnering import INTRO_LENGTH
from advocacy.web.fields import BlockField, LineField, VersionField
from advocacy.web.forms import Form

SLUG_LENGTH = 80
END_OF_DAY = time(23, 59)
FIRST_YEAR = 2000


def suggested_slug(title: str) -> str:
    """A readable address made from a title."""
    return slugify(title, max_length=SLUG_LENGTH, word_boundary=True).strip("-")


class PetitionForm(Form):
    """Write or change a petition. The closing time is a wall time in the petition's zone."""

    title = LineField(
        _l("Title"),
        [InputRequired(_l("Give the petition a title.")), Length(max=MAX_TITLE, message=_l("Keep it short."))],
    )
    slug = StringField(
        _l("Address of the page"),
        [
            Optional(),
            Length(max=SLUG_LENGTH),
            Regexp(
                r"\A[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z",
                message=_l("Use lower-case letters, digits and hyphens, such as beds-before-jails."),
            ),
        ],
    )
    text = BlockField(
        _l("What you ask for, and why"),
        [InputRequired(_l("Say what you ask for, and why.")), Length(max=MAX_TEXT, message=_l("This is too long."))],
    )
    closes_on = DateField(_l("Closes on"), [Optional()])
    closes_time = TimeField(_l("Closes at"), [Optional()])
    goal = IntegerField(_l("Goal"), [Optional(), NumberRange(1, MAX_GOAL, message=_l("A goal is a number from 1 up."))])
    min_age = IntegerField(
        _l("Youngest age to sign"),
        [Optional(), NumberRange(0, 120, message=_l("Give an age in years."))],
        default=MIN_AGE,
    )
    thanks_mail = BooleanField(_l("Send a thank-you mail when somebody has confirmed"), default=True)
    asks_street = BooleanField(_l("Ask for the street, to find the district where the postal code does not tell"))
    campaign = SelectField(_l("Campaign"), [Optional()], choices=[SelectChoice("", _l("None"))])
    version = VersionField()

    def offer_campaigns(self, campaigns: list[tuple[int, str]]) -> None:
        """Let the organizer pick one of the coalition's campaigns."""
        self.campaign.choices = [
            SelectChoice("", _l("None")),
            *(SelectChoice(str(key), title) for key, title in campaigns),
        ]

    def validate_closes_on(self, field: DateField) -> None:
        """Refuse years that can only be slips."""
        if field.data is not None and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(_l("Check the year of this date."))

    def closes_at(self, zone: str) -> datetime | None:
        """The closing instant; the last minute of the day when no time is given.

        A wall time that the clocks skip is taken on the later side of the gap.
        """
        if self.closes_on.data is None:
            return None
        wall = datetime.combine(self.closes_on.data, self.closes_time.data or END_OF_DAY)
        return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)

    @classmethod
    def of_petition(cls, petition: Petition) -> PetitionForm:
        """Filled from the posted form, else from the petition."""
        local = petition.closes_at.astimezone(ZoneInfo(petition.tz)) if petition.closes_at else None
        return cls.of_request(
            title=petition.title,
            slug=petition.slug,
            text=petition.text,
            closes_on=local.date() if local else None,
            closes_time=local.time() if local else None,
            goal=petition.goal,
            min_age=petition.min_age,
            thanks_mail=petition.thanks_mail,
            asks_street=petition.asks_street,
            campaign=str(petition.campaign_id or ""),
            version=petition.version,
        )


class ExportForm(Form):
    """What an export holds."""

    with_email = BooleanField(_l("Include email addresses"))


class DeliveryForm(Form):
    """How a delivery is handed over."""

    method = SelectField(
        _l("How will you hand it over?"),
        [InputRequired()],
        choices=[
            SelectChoice(DeliveryMethod.IN_PERSON.value, _l("In person")),
            SelectChoice(DeliveryMethod.EMAIL.value, _l("By email")),
            SelectChoice(DeliveryMethod.PORTAL.value, _l("Through an office's web form")),
            SelectChoice(DeliveryMethod.POST.value, _l("By post")),
        ],
    )


class PartnerPageForm(Form):
    """A page to be given to an organization."""

    membership = SelectField(
        _l("Organization"), [InputRequired(_l("Choose an organization."))], choices=[], validate_choice=False
    )
    intro = BlockField(
        _l("What the partner says to its people"),
        [Optional(), Length(max=INTRO_LENGTH, message=_l("Use at most %(max)d characters."))],
    )

    def offer(self, organizations: Sequence[Membership]) -> None:
        """Let the organizer pick one of these."""
        self.membership.choices = [SelectChoice(one.public_id, one.name) for one in organizations]
