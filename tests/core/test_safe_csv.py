"""I-03: nothing in an export runs, and everything comes back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.core import safe_csv

PAYLOADS = (
    "=1+1",
    '=HYPERLINK("http://bad.example","Open")',
    "=cmd|' /C calc'!A0",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    "  =1",
    "'=1",
    "''=1",
    "|x",
    "%0a",
)
DANGEROUS = "=+-@|%\t\r\n\uff1d\uff0b\uff0d\uff20"


def _read(rows):
    text = b"".join(safe_csv.lines(rows)).decode("utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_i03_formula_in_a_cell_is_written_inert(payload):
    cell = _read([[payload]])[0][0]
    assert cell.startswith("'")
    assert safe_csv.restore(cell) == payload


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=4), max_size=5))
def test_i03_any_text_round_trips_and_never_starts_a_formula(rows):
    read = _read(rows)
    assert [[safe_csv.restore(cell) for cell in row] for row in read] == rows
    assert not [cell for row in read for cell in row if cell.strip(" ")[:1] and cell.strip(" ")[0] in DANGEROUS]


def test_lines_many_rows_come_in_blocks():
    assert len(list(safe_csv.lines(([i] for i in range(1000)), block=100))) == 10


def test_lines_numbers_and_nothing_stay_as_they_are():
    assert _read([[-5, None, "O'Brien", "'t Hooft"]]) == [["-5", "", "O'Brien", "'t Hooft"]]
