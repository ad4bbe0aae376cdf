"""Words that stand for something else in a mail to many: a fixed table, never a template (requirement I-02).

``{first_name}`` is each person's own; the others are the same for everybody. Nothing else between braces is known, so
nothing that somebody writes is ever run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import escape

from advocacy.core.errors import RuleBroken

FIRST_NAME = "first_name"
FIELDS: dict[str, object] = {
    FIRST_NAME: _l("The person's first name"),
    "coalition": _l("The name of your coalition"),
    "campaign": _l("The title of the campaign you chose"),
    "petition": _l("The title of the petition you chose"),
    "petition_link": _l("The address of that petition's page"),
}
_FIELD = re.compile(r"\{([^{}\n]{0,60})\}")
_FIRST = re.compile(r"[^\s,;]+")
MAX_FIRST_NAME = 40


def fields_in(text: str) -> set[str]:
    """What stands between braces."""
    return {found.strip() for found in _FIELD.findall(text)}


def require_known(text: str, field: str, having: Iterable[str]) -> None:
    """Refuse what is no field, and a field that this mail has nothing for.

    Raises: RuleBroken naming the form's field.
    """
    for name in sorted(fields_in(text)):
        if name not in FIELDS:
            raise RuleBroken(
                _("{%(name)s} stands for nothing. Choose from the list of fields, or leave the braces out.", name=name),
                field=field,
            )
        if name not in having:
            raise RuleBroken(_("{%(name)s} needs a choice above, which is empty.", name=name), field=field)


def merged(text: str, value: Callable[[str], str], *, is_html: bool = False) -> str:
    """The text with each field's value in its place; in HTML the value is escaped."""

    def put(found: re.Match[str]) -> str:
        name = found[1].strip()
        if name not in FIELDS:
            return found[0]
        return str(escape(value(name))) if is_html else value(name)

    return _FIELD.sub(put, text)


def first_name(name: str, fallback: str) -> str:
    """How somebody is spoken to: the first word of the name, else the mail's fallback."""
    found = _FIRST.search(name)
    is_fit = found is not None and any(char.isalpha() for char in found[0]) and len(found[0]) <= MAX_FIRST_NAME
    return found[0] if found is not None and is_fit else fallback
