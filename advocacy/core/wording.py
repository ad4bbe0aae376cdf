"""Whether words were mended or changed."""

from __future__ import annotations

import re
import unicodedata

MOST_TYPOS = 5
MOST_LETTERS = 2


def may_be_typo(before: str, after: str) -> bool:
    """Whether a change can pass as a typing error: the same words in the same order, a few of them a letter or two off.

    Numbers never: 10 beds are not 100 beds.
    """
    old, new = _words(before), _words(after)
    if len(old) != len(new) or before == after:
        return False
    changed = [(one, other) for one, other in zip(old, new, strict=True) if one != other]
    return len(changed) <= MOST_TYPOS and all(
        not any(char.isdigit() for char in one + other)
        and _distance(one, other) <= min(MOST_LETTERS, max(1, len(one) // 3))
        for one, other in changed
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[\w'\u2019-]+", unicodedata.normalize("NFKC", text).casefold())


def _distance(one: str, other: str) -> int:
    """How many letters differ: inserted, left out, taken for another, or two that changed places."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
