"""The limits of section 501(h), sums and amounts."""

from __future__ import annotations

from datetime import date

import pytest

from advocacy.core.errors import RuleBroken
from advocacy.outreach import rules


@pytest.mark.parametrize(
    ("spending", "total", "grassroots"),
    [
        (0, 0, 0),
        (100, 20, 5),
        (500_000, 100_000, 25_000),
        (820_000, 148_000, 37_000),  # the worked example of the domain model, 2.6
        (1_000_000, 175_000, 43_750),
        (1_500_000, 225_000, 56_250),
        (2_000_000, 250_000, 62_500),
        (17_000_000, 1_000_000, 250_000),
        (16_999_980, 999_999, 249_999.75),
        (90_000_000, 1_000_000, 250_000),
    ],
)
def test_limits_follow_the_slices_of_spending(spending, total, grassroots):
    found = rules.limits_of(spending * 100)
    assert (found.total_minor, found.grassroots_minor) == (total * 100, grassroots * 100)


def test_limits_of_odd_cents_are_never_above_the_law():
    assert rules.limits_of(9).total_minor == 1
    assert rules.limits_of(4).total_minor == 0


def test_sums_count_a_reversing_entry_against_what_it_takes_back():
    found = rules.sums_of(
        [
            ("direct", False, 90, 1000),
            ("grassroots", False, 30, 500),
            ("direct", True, 90, 1000),
            ("not_lobbying", False, 15, 0),
            ("exception_invited", False, 10, 700),
        ]
    )
    assert (found.direct_minor, found.direct_minutes) == (0, 0)
    assert (found.lobbying_minor, found.lobbying_minutes) == (500, 30)
    assert (found.other_minor, found.other_minutes) == (700, 25)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("", 0),
        ("0", 0),
        ("120", 12_000),
        ("120.5", 12_050),
        ("120.50", 12_050),
        ("$1,250.00", 125_000),
        ("820000", 82_000_000),
    ],
)
def test_amount_is_read_as_people_type_it(text, minor):
    assert rules.minor_of(text) == minor


@pytest.mark.parametrize("text", ["-5", "1.234", "12e3", "abc", "1.2.3", ".", "٣", "9" * 12])
def test_amount_that_is_none_is_refused(text):
    with pytest.raises(RuleBroken):
        rules.minor_of(text)


def test_quarter_and_words():
    assert [rules.quarter_of(date(2027, month, 1)) for month in (1, 3, 4, 12)] == [
        (2027, 1),
        (2027, 1),
        (2027, 2),
        (2027, 4),
    ]
    assert (rules.money(14_800_000), rules.money(-1250), rules.hours(90)) == ("$148,000", "-$12.50", "1:30")
