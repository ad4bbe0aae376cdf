"""The database manners: readers cannot write, both databases alike."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import exc

from advocacy.core import crypto, uow
from advocacy.web import limits


@pytest.mark.both_databases
def test_reading_unit_when_it_writes_is_refused_by_the_database(app: Flask) -> None:
    with uow.unit():
        assert limits.hit("a", "b", 60) == 1
    with uow.reading():
        assert limits.hits("a", "b", 60) == 1
        with pytest.raises(exc.DBAPIError):
            limits.hit("a", "b", 60)
    with uow.unit():
        assert limits.hit("a", "b", 60) == 2


@pytest.mark.both_databases
def test_sealed_value_when_moved_does_not_open(app: Flask) -> None:
    with uow.unit():
        value = crypto.seal("coalition:1", "Zoë", table="t", column="c", row="r1")
    with uow.reading():
        assert crypto.open_sealed(value, table="t", column="c", row="r1") == "Zoë"
        for table, column, row in (("x", "c", "r1"), ("t", "x", "r1"), ("t", "c", "r2")):
            with pytest.raises(crypto.SealBroken):
                crypto.open_sealed(value, table=table, column=column, row=row)
