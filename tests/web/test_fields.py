"""Fields that several rooms share."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from advocacy.web.fields import VersionField


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
