"""What people who look after the packs hand in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from advocacy.civic.models import PinField
from advocacy.civic.services.pinning import FIELDS
from advocacy.web.fields import LineField
from advocacy.web.forms import Form


class PinForm(Form):
    """What an editor says of somebody in office."""

    person = HiddenField()
    field = SelectField(_l("What"), choices=[SelectChoice(str(field), FIELDS[field]) for field in PinField])
    value = LineField(
        _l("What it is"), [InputRequired(_l("Enter what it is.")), Length(max=300, message=_l("At most 300 letters."))]
    )
    note = LineField(
        _l("Why"),
        [InputRequired(_l("Say why, for whoever looks later.")), Length(max=200, message=_l("At most 200 letters."))],
    )
    source = LineField(_l("Where that is from"), [Length(max=200, message=_l("At most 200 letters."))])


class SearchForm(Form):
    """Find somebody in office."""

    name = LineField(_l("Name"), [Length(max=60, message=_l("Search with at most 60 letters."))])
