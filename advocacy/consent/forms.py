"""What people choose from the link of a mail."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from advocacy.consent.choosing import Choice
from advocacy.messaging.preference_fields import PreferenceFields
from advocacy.web.locales import NAMES


class PreferencesForm(PreferenceFields):
    """Purposes, language, and how to be written to."""

    purposes = SelectMultipleField(
        _l("What we may write to you about"),
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    locale = SelectField(_l("Language"), choices=[SelectChoice(code, name) for code, name in NAMES.items()])

    def offer_purposes(self, choices: Sequence[Choice]) -> None:
        """Say what can be ticked."""
        self.purposes.choices = [SelectChoice(choice.key, choice.words) for choice in choices]
