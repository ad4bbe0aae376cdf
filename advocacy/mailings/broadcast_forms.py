"""What people type about broadcasts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, RadioField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from advocacy.campaigns.models import Campaign
from advocacy.consent.models import Purpose
from advocacy.mailings.audiences import Rule
from advocacy.mailings.broadcast_models import Broadcast
from advocacy.mailings.broadcast_words import PURPOSE_WORDS
from advocacy.mailings.services.writing import Words
from advocacy.petitions.models import Petition
from advocacy.reminders.rules import instant_of
from advocacy.web.fields import BlockField, LineField, VersionField
from advocacy.web.forms import Form
from advocacy.web.locales import NAMES

_LONG = _l("Use at most %(max)d characters.")
_STATE = re.compile(r"[A-Z]{2}")
_DISTRICT = re.compile(r"([A-Z]{2})-(\d{1,2})")
_DIVISION = re.compile(r"\Aocd-division/country:us/state:([a-z]{2})/cd:(\d{1,2})\Z")
MORNING = time(9)
END_OF_DAY = time(23, 59)


def _codes(text: str | None) -> list[str]:
    return [part for part in re.split(r"[\s,;]+", (text or "").upper()) if part]


class Codes:
    """A list of short codes of one form."""

    def __init__(self, pattern: re.Pattern[str], message: object) -> None:
        self.pattern, self.message = pattern, message

    def __call__(self, form: Form, field: Field) -> None:
        """Check each."""
        del form
        if any(self.pattern.fullmatch(code) is None for code in _codes(field.data)):
            raise ValidationError(self.message)


class BroadcastForm(Form):
    """Write a mailing and choose whom it is for; ``version`` is the number of its words."""

    subject = LineField(_l("Subject"), [InputRequired(_l("Write a subject.")), Length(max=120, message=_LONG)])
    body = BlockField(_l("Text"), [InputRequired(_l("Write the text.")), Length(max=20_000, message=_LONG)])
    name_fallback = LineField(_l("When we know no first name"), [Optional(), Length(max=40, message=_LONG)])
    title = LineField(_l("Name for your own list"), [Optional(), Length(max=150, message=_LONG)])
    campaign = SelectField(_l("Campaign it is about"), [Optional()])
    petition = SelectField(_l("Petition it is about"), [Optional()])
    locale = SelectField(_l("Language"), choices=[SelectChoice(code, name) for code, name in NAMES.items()])
    purpose = RadioField(
        _l("Who agreed to get"),
        choices=[SelectChoice(str(purpose), words) for purpose, words in PURPOSE_WORDS.items()],
        default=str(Purpose.CAMPAIGN_NEWS),
    )
    signed = SelectField(_l("Who signed"), [Optional()])
    unsigned = SelectField(_l("Who did not sign"), [Optional()])
    of_campaign = SelectField(_l("Who signed a petition of the campaign"), [Optional()])
    states = LineField(
        _l("States"),
        [Optional(), Length(max=200, message=_LONG), Codes(_STATE, _l("Write states as two letters, as OR, WA."))],
    )
    districts = LineField(
        _l("Districts of the House"),
        [Optional(), Length(max=500, message=_LONG), Codes(_DISTRICT, _l("Write districts as OR-3, WA-10."))],
    )
    speaks = SelectField(
        _l("Language they chose"),
        [Optional()],
        choices=[SelectChoice("", _l("Any")), *(SelectChoice(code, name) for code, name in NAMES.items())],
    )
    joined_from = DateField(_l("Who agreed on or after"), [Optional()])
    version = VersionField()

    def offer(self, campaigns: Sequence[Campaign], petitions: Sequence[Petition]) -> None:
        """Fill the lists to choose from."""
        by_campaign = [SelectChoice("", _l("None"))]
        by_campaign += [SelectChoice(str(one.id), one.title) for one in campaigns]
        by_petition = [SelectChoice("", _l("None"))] + [SelectChoice(str(one.id), one.title) for one in petitions]
        self.campaign.choices, self.petition.choices = by_campaign, by_petition
        anybody: list[SelectChoice] = [SelectChoice("", _l("It does not matter"))]
        self.signed.choices = self.unsigned.choices = anybody + by_petition[1:]
        self.of_campaign.choices = anybody + by_campaign[1:]

    def words(self) -> Words:
        """What it says."""
        return Words(
            title=self.title.data or "",
            subject=self.subject.data or "",
            body=self.body.data or "",
            name_fallback=self.name_fallback.data or "",
            locale=self.locale.data or "en",
            campaign_id=_number(self.campaign.data),
            petition_id=_number(self.petition.data),
        )

    def rule(self) -> Rule:
        """Whom it is for."""
        return Rule(
            purpose=Purpose(self.purpose.data),
            signed_id=_number(self.signed.data),
            unsigned_id=_number(self.unsigned.data),
            campaign_id=_number(self.of_campaign.data),
            states=tuple(_codes(self.states.data)),
            divisions=tuple(_division(code) for code in _codes(self.districts.data)),
            locale=self.speaks.data or "",
            joined_from=self.joined_from.data,
        )

    @classmethod
    def of_broadcast(cls, found: Broadcast) -> BroadcastForm:
        """Filled from the posted form, else from the row."""
        rule = Rule.of_json(found.audience)
        given: dict[str, Any] = {
            name: getattr(found, name) for name in ("subject", "body", "name_fallback", "title", "locale")
        }
        return cls.of_request(
            **given,
            campaign=_text(found.campaign_id),
            petition=_text(found.petition_id),
            purpose=str(rule.purpose),
            signed=_text(rule.signed_id),
            unsigned=_text(rule.unsigned_id),
            of_campaign=_text(rule.campaign_id),
            states=", ".join(rule.states),
            districts=", ".join(district_code(one) for one in rule.divisions),
            speaks=rule.locale,
            joined_from=rule.joined_from,
            version=found.rev,
        )


class NeededLater:
    """A day is a must unless it goes now: what names no day is never taken for now."""

    field_flags: ClassVar[dict[str, bool]] = {}

    def __call__(self, form: Form, field: Field) -> None:
        """Ask the other answer first."""
        (Optional() if form["moment"].data == "now" else InputRequired(_l("Choose a day.")))(form, field)


class ScheduleForm(Form):
    """When it is sent: in a minute, or at a wall time of the coalition's zone."""

    moment = RadioField(
        _l("When is it sent?"),
        choices=[SelectChoice("now", _l("Now")), SelectChoice("later", _l("At a time I choose"))],
        default="later",
    )
    day = DateField(_l("Day"), [NeededLater()])
    at = TimeField(_l("Time"), [Optional()], default=MORNING)
    version = VersionField()

    def local(self) -> datetime | None:
        """The wall time that was chosen; none for now."""
        if self.moment.data == "now":
            return None
        return datetime.combine(self.day.data, self.at.data or MORNING)


class LateForm(Form):
    """Until when people who join get it too; empty ends that."""

    until = DateField(_l("Also to who joins until"), [Optional()])

    def instant(self, zone: str) -> datetime | None:
        """The end of that day in the coalition's zone."""
        if self.until.data is None:
            return None
        return instant_of(datetime.combine(self.until.data, END_OF_DAY), ZoneInfo(zone))


def district_code(division: str) -> str:
    """A district as people write it: ``OR-3``."""
    found = _DIVISION.match(division)
    return f"{found[1].upper()}-{found[2]}" if found else division


def audience_lines(rule: Rule, names: Mapping[tuple[str, int], str]) -> list[tuple[object, str]]:
    """The rule in words; ``names`` holds titles by kind and id."""
    lines: list[tuple[object, str]] = [(_l("Agreed to get"), str(PURPOSE_WORDS[rule.purpose]))]
    for label, kind, wanted in (
        (_l("Signed"), "petition", rule.signed_id),
        (_l("Did not sign"), "petition", rule.unsigned_id),
        (_l("Signed a petition of"), "campaign", rule.campaign_id),
    ):
        if wanted:
            lines.append((label, names.get((kind, wanted), "")))
    if rule.states:
        lines.append((_l("Lives in"), ", ".join(rule.states)))
    if rule.divisions:
        lines.append((_l("Lives in the district"), ", ".join(district_code(one) for one in rule.divisions)))
    if rule.locale:
        lines.append((_l("Language"), NAMES.get(rule.locale, rule.locale)))
    if rule.joined_from:
        lines.append((_l("Agreed on or after"), rule.joined_from.isoformat()))
    return lines


def _division(code: str) -> str:
    state, _dash, number = code.partition("-")
    return f"ocd-division/country:us/state:{state.lower()}/cd:{int(number)}"


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _text(number: int | None) -> str:
    return str(number) if number else ""
