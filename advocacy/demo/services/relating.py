"""The demo's lawmakers: who knows them, and what was said."""

from __future__ import annotations

from datetime import date, timedelta

from advocacy.campaigns.models import Bill
from advocacy.campaigns.queries.campaigns import today
from advocacy.civic.services import directory
from advocacy.core.actor import Actor
from advocacy.demo import relating_words as words
from advocacy.outreach.models import LobbyingKind
from advocacy.outreach.position_models import PromiseState
from advocacy.outreach.services import contacting, holding, positioning, promising

YEAR = 365
PLACE = "ZZ"


def begin(actor: Actor, coalition_id: int, bill: Bill, people: dict[str, int]) -> None:
    """Note who knows whom and what was talked about; ``people`` are user ids by role."""
    keys = _keys()
    now = today(coalition_id)
    for line in words.KNOWN:
        if line.who not in keys:  # the made-up people are not shown on this installation
            continue
        since = now - timedelta(days=line.years * YEAR)
        holding.hold(actor, keys[line.who], holding.Held(people[line.role], line.strength, since, line.note))
    for talk in words.TALKS:
        given = contacting.Contact(
            office=f"Office of {talk.who}",
            kind=talk.kind,
            happened_on=now - timedelta(days=talk.days),
            legislator_key=keys.get(talk.who, ""),
            member_ids=(people["organizer"],),
            staff=talk.staff,
            bill_id=bill.id,
            lobbying_kind=LobbyingKind.DIRECT,
            outcome=talk.outcome,
            notes=talk.notes,
            follow_up_on=now + timedelta(days=talk.follow_up) if talk.follow_up else None,
        )
        contacting.log_contact(actor, coalition_id, given)
    _count_votes(actor, bill, keys, now)


def _count_votes(actor: Actor, bill: Bill, keys: dict[str, str], now: date) -> None:
    """Note where they stand and what they promised."""
    for line in words.STANDS:
        if line.who in keys:
            seen = now - timedelta(days=line.days)
            evidence = positioning.Evidence(line.stand, line.confidence, seen, line.quote, line.url)
            positioning.note_position(actor, keys[line.who], bill.public_id, evidence)
    for said in words.PROMISES:
        if said.who not in keys:
            continue
        due = now + timedelta(days=said.due) if said.due is not None else None
        given = promising.Promised(said.kind, said.what, now - timedelta(days=said.days), due, bill.public_id)
        row = promising.note_commitment(actor, keys[said.who], given)
        if said.state != PromiseState.OPEN:
            promising.settle_commitment(
                actor,
                row.public_id,
                state=said.state,
                settled_on=now - timedelta(days=1),
                outcome=said.outcome,
                version=row.version,
            )


def _keys() -> dict[str, str]:
    """The lasting keys of the made-up lawmakers by family name."""
    return {one.family_name: one.id for one in directory.people_page(state=PLACE, size=50).officials}
