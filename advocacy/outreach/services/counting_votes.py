"""Say how many votes a bill needs in a chamber; take the picture of its votes out as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.accounts import queries as accounts
from advocacy.audit import services as audit
from advocacy.campaigns.services import checks
from advocacy.civic.models import Chamber
from advocacy.core import safe_csv
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.outreach import position_queries as positions
from advocacy.outreach import whip_queries
from advocacy.outreach.position_models import Stand, VoteLine

MOST_VOTES = 1000
COLUMNS = (
    "chamber",
    "lawmaker",
    "lawmaker_id",
    "party",
    "district",
    "stands",
    "how_sure",
    "evidence_of",
    "days_old",
    "quote",
    "address",
    "held_by",
    "last_contact",
)


def set_line(
    actor: Actor, bill_id: str, chamber: str, *, needed: int | None, reason: str = "", version: int = 0
) -> None:
    """Say how many votes it needs; nothing means more than half of all seats again.

    Raises: NotAllowed, NotFound, RuleBroken naming the field; Conflict when somebody changed it since ``version``.
    """
    found = positions.bill(actor, bill_id, positions.MANAGE)
    if chamber not in set(Chamber):
        raise RuleBroken(_("Choose from the list."), field="chamber")
    wanted = select(VoteLine).where(VoteLine.bill_id == found.id, VoteLine.chamber == chamber)
    row = db.session.execute(wanted.with_for_update()).scalar_one_or_none()
    checks.require_version(row.version if row is not None else 0, version)
    if needed is None:
        if row is None:
            return
        db.session.delete(row)
    else:
        if not 1 <= needed <= MOST_VOTES:
            raise RuleBroken(_("Give a number from 1 up."), field="needed")
        checks.require_text(reason, "reason")
        if row is None:
            row = VoteLine(bill_id=found.id, chamber=chamber, coalition_id=found.coalition_id)
            db.session.add(row)
        row.needed, row.reason = needed, reason
    db.session.flush()
    facts = {"chamber": chamber, "needed": needed}
    audit.record(actor, "votes.line_set", "bill", found.id, coalition_id=found.coalition_id, facts=facts)


def export(actor: Actor, bill_id: str, stands: Mapping[Stand, Any], sure: Mapping[str, Any]) -> Iterator[bytes]:
    """The votes on a bill as CSV, noted in the record first; ``stands`` and ``sure`` are the words.

    Raises: NotAllowed, NotFound.
    """
    found = positions.bill(actor, bill_id, positions.MANAGE)
    audit.record(actor, "votes.exported", "bill", found.id, coalition_id=found.coalition_id)
    counts = whip_queries.counts(actor, found)
    names = accounts.names({vote.holder_id for count in counts for vote in count.votes if vote.holder_id is not None})
    cells: list[Sequence[safe_csv.type_cell]] = [COLUMNS]
    for count in counts:
        for vote in count.votes:
            row = vote.position
            cells.append(
                (
                    str(count.chamber),
                    vote.official.name,
                    vote.official.id,
                    vote.official.party,
                    vote.district.name,
                    str(stands[vote.stand]),
                    str(sure[row.confidence]) if row is not None else "",
                    row.seen_on.isoformat() if row is not None else "",
                    vote.days if vote.days is not None else "",
                    row.quote if row is not None else "",
                    row.evidence_url if row is not None else "",
                    names.get(vote.holder_id or 0, ""),
                    vote.last_contact_on.isoformat() if vote.last_contact_on else "",
                )
            )
    return safe_csv.lines(cells)
