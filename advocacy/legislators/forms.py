"""What visitors hand in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from advocacy.civic.services import lookup
from advocacy.civic.services.people import CHAMBERS
from advocacy.core.errors import RuleBroken
from advocacy.web.fields import LineField
from advocacy.web.forms import Form

_ALL = SelectChoice("", _l("All"))
BEFORE_ADDRESS = ("choice", "division", "lat", "lng")
"""Where one of these is given, the address does not decide."""
INPUTS = (*BEFORE_ADDRESS, "postal_code", "address", "on", "country", "campaign")
_KNOWN = frozenset(INPUTS)
_CARRIED = {"on": re.compile(r"\A\d{4}-\d\d-\d\d\Z", re.ASCII), "campaign": re.compile(r"\A[a-z0-9-]{1,80}\Z")}


class LookupForm(Form):
    """A ZIP code or an address."""

    postal_code = StringField(_l("ZIP code"))
    address = StringField(_l("Or your address with its ZIP code"))


class DirectoryForm(Form):
    """Filters of the directory."""

    name = LineField(_l("Name"), [Length(max=60, message=_l("Search with at most 60 letters."))])
    state = SelectField(
        _l("State"), default="", choices=lambda: [_ALL, *(SelectChoice(p.code, p.name) for p in lookup.states())]
    )
    chamber = SelectField(
        _l("Chamber"),
        default="",
        choices=[_ALL, *(SelectChoice(str(chamber), words) for chamber, words in CHAMBERS.items())],
    )

    party = LineField(_l("Party"), [Length(max=40, message=_l("Search with at most 40 letters."))])
    committee = LineField(_l("Committee"), [Length(max=60, message=_l("Search with at most 60 letters."))])

    def filters(self) -> dict[str, str]:
        """What was asked for, as it stands in an address."""
        return {field.name: field.data for field in self if field.data}


def carried_of(given: Mapping[str, Any]) -> dict[str, str]:
    """What goes from page to page with a look-up: the day it asks about, the campaign it began at. Not the place."""
    found = {name: given.get(name) for name in _CARRIED}
    return {name: text for name, text in found.items() if isinstance(text, str) and _CARRIED[name].match(text)}


def read_inputs(request: Request) -> dict[str, Any]:
    """The look-up's fields from a JSON body or a form; types are checked by the service.

    Raises: RuleBroken when the body is no JSON object, or a form field comes twice.
    """
    if request.is_json:
        try:
            body = request.get_json(silent=True)
        except RecursionError:
            body = None
        if not isinstance(body, dict):
            raise RuleBroken(_("The body must be a JSON object."), field="body")
        return {name: body[name] for name in INPUTS if body.get(name) not in (None, "")}
    found = {}
    for name, values in request.form.lists():
        if name not in _KNOWN:
            continue
        if len(values) > 1:
            raise RuleBroken(_("This field was sent twice."), field=name)
        if text := values[0].strip():
            found[name] = text
    return found
