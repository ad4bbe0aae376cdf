"""Take the contacts of a coalition out as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from advocacy.accounts import queries as accounts
from advocacy.audit import services as audit
from advocacy.coalitions import rules as coalition_rules
from advocacy.core import safe_csv
from advocacy.core.actor import Actor
from advocacy.core.errors import NotFound
from advocacy.legislators import queries as legislators
from advocacy.outreach import contact_queries, queries
from advocacy.outreach.contact_queries import Filters
from advocacy.outreach.models import ContactKind, ContactLog

type_line = Sequence[safe_csv.type_cell]
AT_ONCE = 500
COLUMNS = (
    "day",
    "how",
    "who",
    "lawmaker",
    "lawmaker_id",
    "took_part",
    "bill",
    "lobbying",
    "not_lobbying_because",
    "outcome",
    "follow_up_on",
    "their_people",
    "notes",
)


def export(actor: Actor, kinds: Mapping[ContactKind, Any], filters: Filters | None = None) -> Iterator[bytes]:
    """The coalition's contacts as CSV, oldest first, noted in the record first; ``kinds`` are the words for the ways.

    Raises: NotAllowed, NotFound.
    """
    coalition_rules.require(actor, queries.MANAGE)
    if actor.coalition_id is None:
        raise NotFound
    audit.record(actor, "contacts.exported", "coalition", actor.coalition_id, coalition_id=actor.coalition_id)
    rows = contact_queries.every_contact(actor.coalition_id, filters or Filters())
    cells: list[type_line] = [COLUMNS]
    for start in range(0, len(rows), AT_ONCE):
        cells += _lines(actor, rows[start : start + AT_ONCE], kinds)
    return safe_csv.lines(cells)


def _lines(
    actor: Actor, rows: Sequence[tuple[ContactLog, str]], kinds: Mapping[ContactKind, Any]
) -> Iterator[type_line]:
    ids = [row.id for row, _bill in rows]
    ours, further = contact_queries.members(ids), contact_queries.further_bills(ids)
    people = accounts.names({user_id for found in ours.values() for user_id in found})
    names = legislators.names(actor, [row.legislator_key for row, _bill in rows])
    for row, bill in rows:
        took_part = [people[user_id] for user_id in ours.get(row.id, ()) if user_id in people]
        numbers = [bill, *(other.identifier for other in further.get(row.id, ()))]
        yield (
            row.happened_on.isoformat(),
            str(kinds[ContactKind(row.kind)]),
            row.office,
            names.get(row.legislator_key, ""),
            row.legislator_key,
            "; ".join([*took_part, *([row.participants] if row.participants else [])]),
            "; ".join(number for number in numbers if number),
            row.lobbying_kind or "",
            row.lobbying_reason,
            row.outcome,
            row.follow_up_on.isoformat() if row.follow_up_on else "",
            row.staff,
            row.notes,
        )
