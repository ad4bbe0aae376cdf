"""What an organizer writes of facts, asks and news."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from advocacy.campaigns.forms.campaigns import GIVE_DAY, TOO_LONG
from advocacy.campaigns.models import Fact
from advocacy.campaigns.services.asking import FactWords
from advocacy.web.fields import BlockField, LineField, VersionField
from advocacy.web.forms import Form

SHORT_CLAIM = 90


class FactForm(Form):
    """A fact card."""

    claim = BlockField(_l("Claim"), [InputRequired(_l("Write the claim.")), Length(max=600, message=TOO_LONG)])
    source_name = LineField(_l("Source"), [InputRequired(_l("Name the source.")), Length(max=200, message=TOO_LONG)])
    source_url = LineField(_l("Address of the source"), [Optional(), Length(max=500, message=TOO_LONG)])
    year = IntegerField(_l("Year of the numbers"), [InputRequired(_l("Give a year."))])
    review_on = DateField(_l("Look at it again on"), [InputRequired(GIVE_DAY)])
    version = VersionField()

    @property
    def words(self) -> FactWords:
        """What was written, as plain values."""
        return FactWords(
            claim=self.claim.data,
            source_name=self.source_name.data,
            year=self.year.data,
            review_on=self.review_on.data,
            source_url=self.source_url.data,
        )


class AskForm(Form):
    """One thing that is asked for."""

    title = LineField(
        _l("What you ask for"), [InputRequired(_l("Say what you ask for.")), Length(max=200, message=TOO_LONG)]
    )
    text = BlockField(_l("Why, and how"), [Optional(), Length(max=2000, message=TOO_LONG)])
    facts = SelectMultipleField(
        _l("Facts that speak for it"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def offer(self, cards: list[Fact]) -> None:
        """Let the organizer pick cards of the library."""
        self.facts.choices = [SelectChoice(card.public_id, _short(card.claim)) for card in cards]


class ShowFactForm(Form):
    """A card for the campaign's page."""

    fact = SelectField(_l("Fact card"), [InputRequired(_l("Choose a card."))])

    def offer(self, cards: list[Fact]) -> None:
        """Let the organizer pick a card of the library."""
        self.fact.choices = [SelectChoice(card.public_id, _short(card.claim)) for card in cards]


class NewsForm(Form):
    """News for the campaign's page."""

    title = LineField(_l("Headline"), [InputRequired(_l("Enter a headline.")), Length(max=200, message=TOO_LONG)])
    text = BlockField(_l("Text"), [InputRequired(_l("Write the text.")), Length(max=8000, message=TOO_LONG)])
    is_published = BooleanField(_l("Everybody may read it"))


def _short(claim: str) -> str:
    return claim if len(claim) <= SHORT_CLAIM else f"{claim[:SHORT_CLAIM].rstrip()}…"
