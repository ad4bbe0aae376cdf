"""Division ids and the calendar of Congress."""

from __future__ import annotations

from datetime import date

import pytest

from advocacy.civic import rules
from advocacy.civic.places import BY_CODE, PLACES
from advocacy.civic.services import people

US = "ocd-division/country:us"


@pytest.mark.parametrize(
    "given, wanted",
    [
        ("state:wy/cd:at-large", "state:wy/cd:at-large"),
        ("state:wy/cd:1", "state:wy/cd:at-large"),
        ("state:wy/cd:00", "state:wy/cd:at-large"),
        ("state:wy/cd:0", "state:wy/cd:at-large"),
        ("state:WY/CD:98", "state:wy/cd:at-large"),
        ("state:wy", "state:wy"),
        ("state:dc", "district:dc"),
        ("district:dc", "district:dc"),
        ("district:dc/cd:98", "district:dc"),
        ("state:dc/cd:at-large", "district:dc"),
        ("state:pr", "territory:pr"),
        ("territory:pr/cd:98", "territory:pr"),
        ("territory:gu/cd:1", "territory:gu"),
        ("state:mn/cd:05", "state:mn/cd:5"),
        ("state:mn/sldl:34a", "state:mn/sldl:34a"),
        ("state:mn/sldl:34A", "state:mn/sldl:34a"),
        ("state:vt/sldl:chittenden-1", "state:vt/sldl:chittenden-1"),
    ],
)
def test_canonical_of_every_spelling_is_one_form(given, wanted):
    assert rules.canonical(f"{US}/{given}") == f"{US}/{wanted}"


@pytest.mark.parametrize(
    "given",
    [
        "state:qq",
        "state:wy/cd:2",
        "state:mn/cd:9",
        "state:mn/cd:0",
        "state:mn/cd:x",
        "",
        "state:mn/county:x",
        "state:mn/cd:5/x",
    ],
)
def test_canonical_of_what_is_no_division_is_none(given):
    assert rules.canonical(f"{US}/{given}") is None


def test_canonical_of_other_text_is_none():
    assert rules.canonical("ocd-division/country:ca/province:on") is None
    assert rules.canonical("x" * 5000) is None
    assert rules.canonical("a\x00") is None


def test_places_have_441_house_seats_and_50_pairs_of_senators():
    assert sum(place.seats for place in PLACES) == 441
    assert sum(place.has_senators for place in PLACES) == 50
    assert {place.code for place in PLACES if place.seats == 1 and place.has_senators} == {
        "AK",
        "DE",
        "ND",
        "SD",
        "VT",
        "WY",
    }


@pytest.mark.parametrize(
    "day, congress",
    [
        (date(2025, 1, 2), 118),
        (date(2025, 1, 3), 119),
        (date(2027, 1, 2), 119),
        (date(2027, 1, 3), 120),
        (date(2026, 12, 31), 119),
    ],
)
def test_congress_changes_on_the_third_of_january(day, congress):
    assert rules.congress_on(day) == congress


def test_term_that_ends_on_another_day_counts_until_congress_changes():
    """A past end date means "check", not "gone": appointed senators."""
    assert rules.sits_until(date(2026, 11, 3), known_on=date(2026, 6, 1)) == date(2027, 1, 3)
    assert rules.sits_until(date(2027, 1, 3), known_on=date(2026, 6, 1)) == date(2027, 1, 3)
    assert rules.sits_until(None, known_on=date(2026, 6, 1)) == date(2027, 1, 3)


@pytest.mark.parametrize(
    "ocd_id, name",
    [
        ("state:mn/cd:5", "Minnesota, district 5"),
        ("state:ak/cd:at-large", "Alaska, at large"),
        ("territory:pr", "Puerto Rico"),
        ("state:mn/sldl:34a", "Minnesota, state house district 34A"),
    ],
)
def test_name_of_division_reads_well(ocd_id, name):
    assert rules.name_of(f"{US}/{ocd_id}") == name


def test_roles_of_those_without_a_vote_have_their_names():
    assert people.role_of(BY_CODE["PR"].ocd_id, people.Chamber.US_HOUSE) == "resident_commissioner"
    assert people.role_of(BY_CODE["DC"].ocd_id, people.Chamber.US_HOUSE) == "delegate"
    assert people.chambers_of(BY_CODE["DC"].ocd_id) == [people.Chamber.US_HOUSE]
    assert people.chambers_of(BY_CODE["MN"].ocd_id) == [people.Chamber.US_SENATE]
