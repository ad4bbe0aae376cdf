"""Letters as PDF by typst.

What people wrote reaches the program only as data (``sys_inputs``), never as source, so nothing in it is run. Fonts are
the ones inside the typesetter: the same pages on every machine, and nothing to install. A letter of names that these
fonts cannot draw is drawn again with the fonts of the machine, and if need be without the promise of PDF/UA, rather
than not at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import typst

from advocacy.core import paths

TEMPLATE = paths.TEMPLATES / "signons" / "letter.typ"
_WAYS = (
    {"pdf_standards": ["ua-1"], "ignore_system_fonts": True},
    {"pdf_standards": ["ua-1"], "ignore_system_fonts": False},
    {"ignore_system_fonts": False},
)


@dataclass(frozen=True)
class Drawn:
    """A PDF; ``is_accessible`` when it keeps PDF/UA-1."""

    content: bytes
    is_accessible: bool


def draw(data: Mapping[str, Any]) -> Drawn:
    """The pages of a letter.

    Raises: typst.TypstError when none of the ways works.
    """
    source = TEMPLATE.read_bytes()
    inputs = {"data": json.dumps(data)}
    refusal: typst.TypstError | None = None
    for way in _WAYS:
        try:
            content = cast("bytes", typst.compile(source, format="pdf", sys_inputs=inputs, **way))
        except typst.TypstError as error:
            refusal = error
        else:
            return Drawn(content, "pdf_standards" in way)
    if refusal is None:
        message = "no way to draw"
        raise LookupError(message)
    raise refusal
