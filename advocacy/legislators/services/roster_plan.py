"""What a list of lawmakers would do, line by line, before anybody is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.core.text import fold
from advocacy.legislators import roster_rules, rules
from advocacy.legislators.models import OWN, Lawmaker
from advocacy.legislators.roster_models import Roster

KEPT = ("id", "version", "public_id", *rules.FIELDS, "folded_name", "source", "as_of", "archived_at")
type_before = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """What one line of a list would do; ``changes`` are fields with their values before and after."""

    number: int
    facts: rules.Facts
    before: type_before | None = None
    changes: Sequence[tuple[str, Any, Any]] = ()
    reasons: Sequence[tuple[str, Any]] = ()


@dataclass
class Plan:
    """What a list would do; ``fault`` says why nothing can be said yet."""

    new: list[Line] = field(default_factory=list)
    changed: list[Line] = field(default_factory=list)
    unchanged: list[Line] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)
    fault: str = ""

    def counts(self) -> dict[str, int]:
        """How many lines do what."""
        return {name: len(getattr(self, name)) for name in ("new", "changed", "unchanged", "refused")}


class Known:
    """The coalition's own lawmakers, by their ID and by name."""

    def __init__(self, coalition_id: int) -> None:
        wanted = select(*(getattr(Lawmaker, name) for name in KEPT)).where(Lawmaker.coalition_id == coalition_id)
        wanted = wanted.order_by(Lawmaker.id)
        self._by_id: dict[str, type_before] = {}
        self._by_name: dict[str, list[type_before]] = {}
        self._coalition_id, self._versions = coalition_id, dict[int, int]()
        for found in db.session.execute(wanted):
            row = dict(zip(KEPT, found, strict=True))
            self._versions[row["id"]] = row["version"]
            self._by_id[row["external_key"] or f"{OWN}{row['public_id']}"] = row
            self._by_name.setdefault(row["folded_name"], []).append(row)

    @property
    def count(self) -> int:
        """How many there are, put away or not."""
        return len(self._versions)

    def is_current(self) -> bool:
        """Hold their rows, and say whether nobody came, went or changed since."""
        wanted = select(Lawmaker.id, Lawmaker.version).where(Lawmaker.coalition_id == self._coalition_id)
        rows = db.session.execute(wanted.order_by(Lawmaker.id).with_for_update())
        return {row.id: row.version for row in rows} == self._versions

    def found(self, facts: rules.Facts, mapping: Sequence[str]) -> list[type_before]:
        """Whom a line means: by the list's own ID, else by name and whatever it says of body and district.

        Those who were put away only where nobody else fits.
        """
        if facts.external_key in self._by_id:
            return [self._by_id[facts.external_key]]
        fits = [
            row
            for row in self._by_name.get(facts.folded_name, ())
            if not (facts.external_key and row["external_key"])
            and all(fold(row[name]) == fold(getattr(facts, name)) for name in ("body", "district") if name in mapping)
        ]
        return [row for row in fits if row["archived_at"] is None] or fits


def plan(found: Roster, known: Known | None = None) -> Plan:
    """What a draft would do now; nothing is changed."""
    made = Plan()
    sheet = roster_rules.read(found.content)
    try:
        roster_rules.check_mapping(found.mapping, len(sheet.header))
    except RuleBroken as error:
        made.fault = error.message
        return made
    planner = _Planner(made, known or Known(found.coalition_id), found.mapping)
    for number, cells in sheet.rows:
        planner.add(number, cells)
    return made


class _Planner:
    """Goes through the lines and remembers whom it met."""

    def __init__(self, made: Plan, known: Known, mapping: Sequence[str]) -> None:
        self._made, self._known, self._mapping = made, known, mapping
        self._seen: dict[tuple[Any, ...], int] = {}

    def add(self, number: int, cells: Sequence[str]) -> None:
        """Say what one line does."""
        facts, reasons = roster_rules.facts_of(cells, self._mapping, None)
        fits: list[type_before] = []
        if not reasons:
            fits = self._known.found(facts, self._mapping)
            if len(fits) > 1:
                reasons = [("full_name", _("Several people on your list have this name. Give an ID."))]
        before = fits[0] if len(fits) == 1 else None
        if before is not None and not reasons:
            facts, reasons = roster_rules.facts_of(cells, self._mapping, facts_before(before))
            if facts.external_key == f"{OWN}{before['public_id']}":  # our own key, from a file that we gave out
                facts = replace(facts, external_key=before["external_key"])
        if not reasons:
            reasons = self._met(number, facts, before)
        if reasons:
            self._made.refused.append(Line(number, facts, reasons=reasons))
        elif before is None:
            self._made.new.append(Line(number, facts))
        else:
            changes = [
                (name, before[name], getattr(facts, name))
                for name in rules.FIELDS
                if before[name] != getattr(facts, name)
            ]
            goes = self._made.changed if changes or before["archived_at"] is not None else self._made.unchanged
            goes.append(Line(number, facts, before, changes))

    def _met(self, number: int, facts: rules.Facts, before: type_before | None) -> list[tuple[str, Any]]:
        """Refuse the second line about one person."""
        keys: list[tuple[Any, ...]] = [
            ("id", facts.external_key)
            if facts.external_key
            else ("name", facts.folded_name, fold(facts.body), fold(facts.district))
        ]
        if before is not None:
            keys.append(("row", before["id"]))
        first = next((self._seen[key] for key in keys if key in self._seen), None)
        for key in keys:
            self._seen.setdefault(key, number)
        if first is None:
            return []
        return [("full_name", _("The same person stands in line %(number)d.", number=first))]


def facts_before(before: type_before) -> rules.Facts:
    """What is known of somebody."""
    return rules.Facts(**{name: before[name] for name in rules.FIELDS})


def as_json(before: type_before) -> dict[str, Any]:
    """What is known of somebody, for a JSON column."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in before.items()}
