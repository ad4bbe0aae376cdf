"""CSV that a spreadsheet opens without running anything, and that gives the same values back.

A cell that a spreadsheet could take for a formula gets one apostrophe in front, and so does a cell that already has
apostrophes before such a start: so ``restore`` knows exactly which one to take away. ``defusedcsv`` stays behind it as
a second guard.

Source: RFC 4180; OWASP, CSV injection.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence

from defusedcsv import csv

_FORMULA = re.compile("\\A'*[^\\S\\t\\r\\n]*[=+\\-@|%\\t\\r\\n\uff1d\uff0b\uff0d\uff20]")
type_cell = str | int | None


def inert(text: str) -> str:
    """``text`` as a cell that is never a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def restore(cell: str) -> str:
    """What ``inert`` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def lines(rows: Iterable[Sequence[type_cell]], block: int = 200) -> Iterator[bytes]:
    """The rows as UTF-8 CSV, some at a time: memory stays the same for ten rows and for a million."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\r\n")
    waiting = 0
    for row in rows:
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
        waiting += 1
        if waiting == block:
            yield held.getvalue().encode("utf-8", "replace")
            held.seek(0)
            held.truncate()
            waiting = 0
    if waiting:
        yield held.getvalue().encode("utf-8", "replace")
