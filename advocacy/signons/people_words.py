"""Sentences about people under letters that pages and the PDF share."""

from __future__ import annotations

from flask_babel import ngettext


def unnamed(count: int) -> str:
    """How many are counted without their names."""
    return str(
        ngettext(
            "%(num)s more person signed and is counted without the name.",
            "%(num)s more people signed and are counted without their names.",
            count,
        )
    )
