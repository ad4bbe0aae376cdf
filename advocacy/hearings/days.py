"""What hearings add to a bill's timeline: each hearing, and the days on which it was to be before it moved."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from advocacy.campaigns.queries.campaigns import today
from advocacy.hearings import queries, rules
from advocacy.hearings.models import Hearing, HearingRev, HearingState
from advocacy.hearings.words import STATES, moment
from advocacy.web.offers import BillDay


def of_bill(bill_id: int, for_everybody: bool) -> Sequence[BillDay]:
    """The hearings about a bill."""
    found = queries.hearings_about(bill_id)
    revisions = queries.revisions_about(bill_id) if found else {}
    return [_day(hearing, revisions.get(hearing.id, []), for_everybody) for hearing in found]


def _day(hearing: Hearing, revisions: Sequence[HearingRev], for_everybody: bool) -> BillDay:
    said = [moment(hearing.held_on, hearing.local_time, hearing.tz), hearing.committee, hearing.place]
    if hearing.state != HearingState.CONFIRMED:
        said.insert(0, str(STATES[hearing.state][0]))
    before = [row for row in revisions if (row.held_on, row.local_time) != (hearing.held_on, hearing.local_time)]
    if before:
        said.append(
            _("It was to be on %(moment)s.", moment=moment(before[-1].held_on, before[-1].local_time, before[-1].tz))
        )
    now = today(hearing.coalition_id)
    is_ahead = hearing.state in rules.LIVE and hearing.held_on >= now
    state = "today" if is_ahead and hearing.held_on == now else "next" if is_ahead else "done"
    url = hearing.source_url if for_everybody else f"/desk/hearings/{hearing.public_id}"
    return BillDay(hearing.held_on, hearing.title, state, ". ".join(part for part in said if part), url)
