"""What counts as a typing error, and how words are laid out."""

from __future__ import annotations

import pytest

from advocacy.core.wording import may_be_typo
from advocacy.signons.models import LetterState, SignOnState
from advocacy.signons.rules import LETTER_STEPS, SIGN_ON_STEPS, blocks


@pytest.mark.parametrize(
    ("before", "after", "is_typo"),
    [
        ("The state should fund beds.", "The state must fund fully beds.", False),
        ("The state should fund beds.", "The state must fund beds.", False),
        ("The state shuold fund beds.", "The state should fund beds.", True),
        ("The committe should fund beds.", "The committee should fund beds.", True),
        ("We ask for 10 beds.", "We ask for 100 beds.", False),
        ("We ask for beds", "We ask for beds.", True),
        ("We do not agree.", "We do agree.", False),
        ("We can agree.", "We may agree.", False),
        ("We ask for beds.", "We ask for beds.", False),
        ("a b c d e f", "x y z u v w", False),
    ],
)
def test_i042_typing_error_is_a_letter_or_two_never_another_word(before, after, is_typo):
    assert may_be_typo(before, after) is is_typo


def test_blocks_keep_paragraphs_and_lists_apart():
    assert blocks("One line\nand its rest.\n\n- first\n- second\n\nLast <b>") == [
        ("p", ["One line and its rest."]),
        ("ul", ["first", "second"]),
        ("p", ["Last <b>"]),
    ]


def test_every_state_has_its_steps():
    assert set(LETTER_STEPS) == set(LetterState)
    assert set(SIGN_ON_STEPS) == set(SignOnState)
