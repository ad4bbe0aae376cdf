"""The demo's ladder: people who just agreed are welcomed, and wait for its next step."""

from __future__ import annotations

from typing import Any

from advocacy.consent import services as consent
from advocacy.consent.models import Purpose
from advocacy.core.actor import Actor
from advocacy.demo import ladder_words as words
from advocacy.mailings import ladder_rules as rules
from advocacy.mailings.ladder_models import Entry, StepKind
from advocacy.mailings.services import laddering
from advocacy.petitions.queries import petition_by_slug
from advocacy.supporters import services as supporters


def begin(actor: Actor, coalition_id: int, slug: str) -> None:
    """Publish a ladder towards a petition, and let some people agree to such mails."""
    petition_id = petition_by_slug(slug).id
    facts = laddering.LadderFacts(words.NAME, Purpose.ACTION_ALERT, Entry.OPT_IN, again_after_days=180)
    ladder = laddering.create_ladder(actor, coalition_id, facts)
    question = {"test": rules.SIGNED, "petition": petition_id, "yes": 6, "no": rules.NEXT}
    steps: list[tuple[StepKind, dict[str, Any]]] = [
        (StepKind.ACT, _mail(words.WELCOME)),
        (StepKind.WAIT, {"way": rules.FOR, "amount": 3, "unit": "days"}),
        (StepKind.DECIDE, question),
        (StepKind.ACT, _mail(words.SIGN)),
        (StepKind.WAIT, {"way": rules.ON_WEEKDAY, "weekdays": [3], "time": "17:00"}),
        (StepKind.ACT, _mail(words.MEET)),
    ]
    for kind, settings in steps:
        laddering.add_step(actor, ladder.public_id, kind, settings)
    laddering.publish(actor, ladder.public_id)
    for name, address in words.PEOPLE:
        person_id = supporters.person_for_email(actor, coalition_id, name, f"{address}@people.example")
        consent.opt_in(actor, coalition_id, person_id, Purpose.ACTION_ALERT, proof={"kind": "demo"})


def _mail(words_of_it: tuple[str, str]) -> dict[str, str]:
    subject, body = words_of_it
    return {"do": rules.MAIL, "subject": subject, "body": body}
