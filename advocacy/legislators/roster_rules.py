"""A list of lawmakers as a file: what its columns mean, and what each line says. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from advocacy.civic.places import ALL_BY_CODE
from advocacy.core import safe_csv
from advocacy.core.errors import RuleBroken
from advocacy.core.text import clean_line, fold
from advocacy.legislators.rules import FIELDS, Facts, faults

MOST_BYTES = 1_900_000
"""Below the size of a request, so that a list that is too large is told so by its own page."""
MOST_ROWS = 10_000
MOST_COLUMNS = 60
GIVEN, FAMILY = "given_name", "family_name"
TARGETS = (*FIELDS, GIVEN, FAMILY)
"""What a column can be taken for; a given and a family name make the name."""
_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d.%m.%Y")
_SYNONYMS = {
    "external_key": "id|key|external id|member id|person id",
    "full_name": "name|full name|member|legislator|official|councilmember|council member",
    GIVEN: "given name|first name|first",
    FAMILY: "family name|last name|last|surname",
    "party": "party|current party|affiliation",
    "title": "title|role|office title|position",
    "body": "body|council|board|organization|legislature|chamber|current chamber",
    "district": "district|ward|seat|current district|area",
    "state": "state|state code|province",
    "division_id": "division id|ocd id|ocd division|division",
    "starts_on": "term begins|term start|start|start date|starts on|begins",
    "ends_on": "term ends|term end|end|end date|ends on",
    "phone": "phone|telephone|voice|phone number|office phone|tel",
    "fax": "fax|fax number",
    "email": "email|e mail|mail|email address|mail address",
    "contact_form": "contact form|web form|webform|form",
    "url": "url|website|web site|homepage|link",
    "address": "address|office address|office|street",
    "hours": "hours|office hours",
}
_BY_WORD = {word: field for field, words in _SYNONYMS.items() for word in words.split("|")}
_STATES = {fold(place.name): code for code, place in ALL_BY_CODE.items()}


@dataclass(frozen=True)
class Sheet:
    """The lines of a file; ``header`` names the columns."""

    header: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and its encoding, as spreadsheets write them.

    Raises: RuleBroken when it is no text.
    """
    if len(data) > MOST_BYTES:
        raise RuleBroken(_("The file is too large. Please cut it in two."), field="file")
    marks = (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if data.startswith(marks) else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.strip() and "\x00" not in text:
            return text, encoding.removesuffix("-sig")
    raise RuleBroken(_("This is not a list in text form. Save it as CSV and try again."), field="file")


def read(text: str) -> Sheet:
    """The lines of a list, numbered as a spreadsheet numbers them.

    Raises: RuleBroken when it has no lines, too many, or cannot be read.
    """
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: list[tuple[int, Sequence[str]]] = []
    try:
        for number, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells):
                lines.append((number, cells))
            if len(lines) > MOST_ROWS + 1:
                raise RuleBroken(_("A list can have at most %(most)d lines.", most=MOST_ROWS), field="file")
    except csv.Error:
        raise RuleBroken(_("The list cannot be read: a cell in it never ends."), field="file") from None
    if len(lines) < 2:  # noqa: PLR2004 - the names of the columns, and somebody
        raise RuleBroken(_("The list has no lines below the names of its columns."), field="file")
    header = [clean_line(safe_csv.restore(cell))[:80] for cell in lines[0][1]]
    if len(header) > MOST_COLUMNS:
        raise RuleBroken(_("A list can have at most %(most)d columns.", most=MOST_COLUMNS), field="file")
    return Sheet(header, lines[1:])


def guess(header: Sequence[str]) -> list[str]:
    """What each column seems to be: a target, or nothing; each target once."""
    found, taken = [], set()
    for name in header:
        plain = " ".join(re.sub(r"[^a-z0-9]+", " ", fold(name)).split())
        target = _BY_WORD.get(plain, "")
        found.append("" if target in taken else target)
        taken.add(target)
    return found


def check_mapping(mapping: Sequence[str], columns: int) -> None:
    """Refuse a mapping that cannot be carried out.

    Raises: RuleBroken.
    """
    chosen = [target for target in mapping if target]
    if len(mapping) != columns or not set(chosen) <= set(TARGETS):
        raise RuleBroken(_("Choose from the list."))
    if len(chosen) != len(set(chosen)):
        raise RuleBroken(_("Two columns are taken for the same thing. Choose one of them."))
    if "full_name" not in chosen and not {GIVEN, FAMILY} <= set(chosen):
        raise RuleBroken(_("Say which column holds the name."))


def facts_of(cells: Sequence[str], mapping: Sequence[str], before: Facts | None) -> tuple[Facts, list[tuple[str, Any]]]:
    """What a line says, over what was known ``before``, and what is wrong with it."""
    if len(cells) > len(mapping) and any(cell.strip() for cell in cells[len(mapping) :]):
        return Facts(""), [("", _("It has more cells than there are columns."))]
    given = {target: clean_line(safe_csv.restore(cell)) for target, cell in zip(mapping, cells, strict=False) if target}
    wrong: list[tuple[str, Any]] = []
    if "full_name" not in mapping:
        given["full_name"] = clean_line(f"{given.pop(GIVEN, '')} {given.pop(FAMILY, '')}")
    values: dict[str, Any] = {field: text for field, text in given.items() if field in FIELDS}
    for field in ("starts_on", "ends_on"):
        if field in values:
            values[field], is_date = _day(values[field])
            if not is_date:
                wrong.append((field, _("This is not a date such as 2027-01-31.")))
    if values.get("state"):
        values["state"] = _STATES.get(fold(values["state"]), values["state"].upper())
        if values["state"] not in ALL_BY_CODE:
            values["state"] = ""
            wrong.append(("state", _("Give the two letters of a state, such as OR.")))
    for field in ("url", "contact_form"):
        if values.get(field, "").startswith("www."):
            values[field] = f"https://{values[field]}"
    facts = replace(before, **values) if before is not None else Facts(**{"full_name": "", **values})
    return facts, [*wrong, *faults(facts)]


def _day(text: str) -> tuple[date | None, bool]:
    if not text:
        return None, True
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date(), True  # noqa: DTZ007 - a civil date
        except ValueError:
            continue
    return None, False
