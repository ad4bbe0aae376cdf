"""Fields that several rooms share."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import DataRequired

from advocacy.petitions.forms import CountryField
from advocacy.web.fields import LineField, VersionField
from advocacy.web.forms import KeptFields


class Page(Form):
    version = VersionField()


@pytest.mark.parametrize(
    "posted, version",
    [
        ({"version": "3"}, 3),
        ({}, 0),
        ({"version": ""}, 0),
        ({"version": "-1"}, 0),
        ({"version": "9" * 30}, 0),
        ({"version": "x"}, 0),
    ],
)
def test_version_is_the_posted_one_and_never_the_rows_own(posted, version):
    form = Page(MultiDict(posted), version=7)
    assert form.validate()
    assert form.version.data == version


def test_version_of_the_row_stands_in_the_page():
    assert 'value="7"' in str(Page(version=7).version())


class QuickForm(Form):
    Meta = KeptFields
    name = LineField("Name", [DataRequired("Tell us.")])
    country = CountryField("Country")


def test_kept_fields_share_nothing_of_what_was_typed(app: Flask):
    with app.test_request_context():
        first = QuickForm(MultiDict({"name": "Ada", "country": "XX"}))
        assert not first.validate()
        second = QuickForm(MultiDict({"name": "", "country": "US"}))
        assert not second.validate()
        assert (first.name.data, first.errors.keys()) == ("Ada", {"country"})
        assert (second.name.data, second.errors) == ("", {"name": ["Tell us."]})
        assert first.name._form is first
        assert second.name._form is second
        assert "Ada" not in str([vars(field) for field in KeptFields._kept.values()])
        assert str(QuickForm().name()) == str(second["name"].widget(QuickForm().name))
