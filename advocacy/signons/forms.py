"""Forms of sign-on letters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from slugify import slugify
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from advocacy.campaigns.models import Bill
from advocacy.signons.models import Shown, SignOnLetter
from advocacy.signons.services.lettering import Facts
from advocacy.web.fields import BlockField, LineField, MailField, PersonName, VersionField
from advocacy.web.forms import Form

SLUG_LENGTH = 80
NOON = time(12, 0)
_TOO_LONG = _l("Please use at most %(max)d characters.")


def suggested_slug(title: str) -> str:
    """A readable address made from a title."""
    return slugify(title, max_length=SLUG_LENGTH, word_boundary=True).strip("-")


class LetterForm(Form):
    """What a letter is about. Its dates are wall times of the coalition's zone."""

    title = LineField(_l("Title"), [InputRequired(_l("Give the letter a title.")), Length(max=200, message=_TOO_LONG)])
    addressees = BlockField(
        _l("To"), [InputRequired(_l("Say whom the letter goes to.")), Length(max=1000, message=_TOO_LONG)]
    )
    bill = SelectField(_l("Bill"), [Optional()], choices=[SelectChoice("", _l("None"))])
    is_lobbying = BooleanField(_l("This letter lobbies: it asks for a vote or a change of this bill"))
    takes_people = BooleanField(_l("People may sign for themselves too"))
    internal_due_on = DateField(_l("Organizations sign by"), [InputRequired(_l("Give the day."))])
    internal_due_time = TimeField(_l("At"), [Optional()])
    final_due_on = DateField(_l("The letter must be handed over by"), [InputRequired(_l("Give the day."))])
    final_due_time = TimeField(_l("At"), [Optional()])
    version = VersionField()

    def offer_bills(self, bills: Sequence[Bill]) -> None:
        """Let the organizer pick one of the coalition's bills."""
        self.bill.choices = [
            SelectChoice("", _l("None")),
            *(SelectChoice(str(bill.id), f"{bill.identifier} · {bill.title}"[:120]) for bill in bills),
        ]

    def facts(self, zone: str) -> Facts:
        """What was filled in."""
        return Facts(
            title=self.title.data or "",
            addressees=self.addressees.data or "",
            bill_id=int(self.bill.data) if (self.bill.data or "").isdecimal() else None,
            is_lobbying=bool(self.is_lobbying.data),
            takes_people=bool(self.takes_people.data),
            internal_due=_instant(self.internal_due_on, self.internal_due_time, zone),
            final_due=_instant(self.final_due_on, self.final_due_time, zone),
        )

    @classmethod
    def of_letter(cls, letter: SignOnLetter, *, takes_people: bool = False) -> LetterForm:
        """Filled from the posted form, else from the letter."""
        internal = letter.internal_due.astimezone(ZoneInfo(letter.tz))
        final = letter.final_due.astimezone(ZoneInfo(letter.tz))
        return cls.of_request(
            title=letter.title,
            addressees=letter.addressees,
            bill=str(letter.bill_id or ""),
            is_lobbying=letter.is_lobbying,
            takes_people=takes_people,
            internal_due_on=internal.date(),
            internal_due_time=internal.time(),
            final_due_on=final.date(),
            final_due_time=final.time(),
            version=letter.version,
        )


class NewLetterForm(LetterForm):
    """Also its words and its address."""

    slug = StringField(
        _l("Address of the page"),
        [
            Optional(),
            Length(max=SLUG_LENGTH),
            Regexp(r"\A[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z", message=_l("Use lower-case letters, digits and hyphens.")),
        ],
    )
    body = BlockField(_l("The letter"), [InputRequired(_l("Write the letter.")), Length(max=20_000, message=_TOO_LONG)])


class WordsForm(Form):
    """Other words, and what kind of change they are."""

    body = BlockField(_l("The letter"), [InputRequired(_l("Write the letter.")), Length(max=20_000, message=_TOO_LONG)])
    change = RadioField(
        _l("What changes?"),
        choices=[
            SelectChoice("material", _l("What the letter says")),
            SelectChoice("typo", _l("Only a typing error")),
        ],
        default="material",
    )
    version = VersionField()


class SignForm(Form):
    """What somebody fills in for their organization."""

    name = LineField(
        _l("Your name"),
        [InputRequired(_l("Tell us your name.")), Length(max=120, message=_TOO_LONG), PersonName()],
    )
    title = LineField(
        _l("Your title"), [InputRequired(_l("Tell us your title.")), Length(max=120, message=_TOO_LONG), PersonName()]
    )
    place = LineField(
        _l("Town of your organization"),
        [InputRequired(_l("Tell us the town.")), Length(max=120, message=_TOO_LONG), PersonName()],
    )
    email = MailField(
        _l("Email where we can reach you"),
        [InputRequired(_l("Tell us your email address.")), Length(max=254, message=_TOO_LONG)],
    )
    shown = RadioField(
        _l("How your organization stands under the letter"),
        choices=[
            SelectChoice(Shown.FULL.value, _l("Organization, your name and your title")),
            SelectChoice(Shown.ORGANIZATION.value, _l("Organization and town only")),
            SelectChoice(Shown.COUNTED.value, _l("Counted, but not named")),
        ],
        default=Shown.FULL.value,
    )
    authority = BooleanField(_l("I may sign for this organization, and I have its written authority to do so."))
    about_logo = HiddenField()
    text_version = VersionField()

    def speak_of_logo(self) -> None:
        """Say that the full form shows the logo too; the answer tells that these were the words."""
        words = {str(Shown.FULL): _l("Organization with its logo, your name and your title")}
        self.shown.choices = [SelectChoice(one.value, words.get(one.value, one.label)) for one in self.shown.choices]
        self.about_logo.data = "yes"

    def offer_shown(self, allowed: Sequence[Shown]) -> None:
        """Leave only what the organization said about the use of its name."""
        kept = {str(choice) for choice in allowed}
        self.shown.choices = [choice for choice in self.shown.choices if choice.value in kept]
        if not self.shown.raw_data and self.shown.data not in kept:
            self.shown.data = str(allowed[0])


class AnswerForm(Form):
    """Which button was pressed."""

    action = HiddenField(default="sign")


def _instant(day: DateField, clock_time: TimeField, zone: str) -> datetime:
    """The instant of a wall time; noon when no time is given. A time that the clocks skip lies behind the gap."""
    wall = datetime.combine(day.data, clock_time.data or NOON)
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
