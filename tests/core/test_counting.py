"""Numbers that were counted up to a bound."""

from __future__ import annotations

import pytest
from flask_babel import gettext
from sqlalchemy import select

from advocacy.audit.models import AuditEvent
from advocacy.core import counting
from advocacy.core.counting import Counted


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0"), (1, "1"), (1000, "1,000"), (1001, "1,000+"), (5_000_000, "1,000+")]
)
def test_counted_says_plus_beyond_the_bound(app, number, shown):
    found = Counted(number)
    assert (str(found), f"{found:,}", gettext("%(num)s", num=found)) == (shown, shown, shown)
    assert found.is_more is (number > 1000)
    assert bool(found) is (number > 0)


def test_counted_rows_looks_at_one_row_past_the_bound_at_most():
    sql = str(select(counting.counted_rows(select(AuditEvent.id))).compile(compile_kwargs={"literal_binds": True}))
    assert "LIMIT 1001" in sql
