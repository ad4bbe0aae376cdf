"""Mails about sign-on letters, made from rows when they are sent."""

from __future__ import annotations

from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions.organization_models import Membership
from advocacy.core import clock
from advocacy.core.db import db
from advocacy.core.links import absolute
from advocacy.messaging import render
from advocacy.signons import linking, queries, rules
from advocacy.signons.models import LetterState, SignOn, SignOnLetter, SignOnState
from advocacy.web.manifest import Content, MailFacts

_ASKED = frozenset({SignOnState.INVITED, SignOnState.NEEDS_RECONFIRM})


def invitation(facts: MailFacts) -> Content | None:
    """Ask an organization to sign, and say first whether that is lobbying."""
    return _asking(facts, "invitation", frozenset({SignOnState.INVITED}))


def reminder(facts: MailFacts) -> Content | None:
    """Ask again."""
    return _asking(facts, "reminder", _ASKED)


def authority(facts: MailFacts) -> Content | None:
    """Tell the organization's contact that its signature waits for somebody with authority."""
    return _asking(facts, "authority", _ASKED)


def words_changed(facts: MailFacts) -> Content | None:
    """Tell whoever signed that the words are others now; nothing when they changed once more since."""
    row = db.session.get(SignOn, facts.object_id)
    letter = db.session.get(SignOnLetter, row.letter_id) if row is not None else None
    if letter is None or letter.material_version > facts.object_rev:
        return None
    return _asking(facts, "words_changed", frozenset({SignOnState.NEEDS_RECONFIRM}))


def delivered(facts: MailFacts) -> Content | None:
    """Tell whoever signed that the letter was handed over."""
    row = db.session.get(SignOn, facts.object_id)
    letter = db.session.get(SignOnLetter, row.letter_id) if row is not None else None
    if row is None or letter is None or row.state != SignOnState.SIGNED or letter.delivered_at is None:
        return None
    return _content(facts, "delivered", row, letter)


def due(facts: MailFacts) -> Content | None:
    """Remind an organizer that one of a letter's dates comes near."""
    letter = db.session.get(SignOnLetter, facts.object_id)
    if letter is None or letter.state != LetterState.COLLECTING:
        return None
    return render.content(
        "signons/emails/due",
        facts.to,
        locale=facts.locale,
        letter=letter,
        counts=queries.counts_of([letter.id])[letter.id],
        coalition=coalition_queries.coalition(letter.coalition_id),
        desk_url=absolute(f"/desk/sign-on-letters/{letter.public_id}"),
    )


def _asking(facts: MailFacts, message: str, states: frozenset[SignOnState]) -> Content | None:
    row = db.session.get(SignOn, facts.object_id)
    letter = db.session.get(SignOnLetter, row.letter_id) if row is not None else None
    if row is None or letter is None or row.state not in states or not rules.is_collecting(letter, clock.now()):
        return None
    return _content(facts, message, row, letter)


def _content(facts: MailFacts, message: str, row: SignOn, letter: SignOnLetter) -> Content:
    membership = db.session.get_one(Membership, row.membership_id)
    return render.content(
        f"signons/emails/{message}",
        facts.to,
        locale=facts.locale,
        row=row,
        letter=letter,
        bill=queries.bill_of(letter),
        organization=membership.name,
        may_not_lobby=letter.is_lobbying and not membership.may_lobby,
        coalition=coalition_queries.coalition(letter.coalition_id),
        url=linking.url(row),
        letter_url=absolute(f"/sign-on-letters/{letter.slug}"),
    )
