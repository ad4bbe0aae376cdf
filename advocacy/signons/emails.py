"""Mails about sign-on letters, made from rows when they are sent."""

from __future__ import annotations

from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions.organization_models import Membership
from advocacy.core import clock
from advocacy.core.db import db
from advocacy.core.links import absolute
from advocacy.messaging import render
from advocacy.reminders import linking as reminders_linking
from advocacy.signons import linking, people_linking, queries, rules
from advocacy.signons.models import LetterState, SignOn, SignOnLetter, SignOnState
from advocacy.signons.people_models import PersonalSignOn, PersonState
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


def person_confirm(facts: MailFacts) -> Content | None:
    """Ask the owner of the mailbox for the one press that puts the name under the letter."""
    return _person(facts, "person_confirm", PersonState.PENDING)


def person_already(facts: MailFacts) -> Content | None:
    """Tell the owner of the mailbox that the name stands there already."""
    return _person(facts, "person_already", PersonState.SIGNED, PersonState.NEEDS_RECONFIRM)


def person_words_changed(facts: MailFacts) -> Content | None:
    """Tell a person that the words are others now."""
    return _person(facts, "person_words_changed", PersonState.NEEDS_RECONFIRM)


def person_delivered(facts: MailFacts) -> Content | None:
    """Tell a person that the letter was handed over."""
    return _person(facts, "person_delivered", PersonState.SIGNED)


def _person(facts: MailFacts, message: str, *states: PersonState) -> Content | None:
    """Nothing that somebody typed stands in these mails."""
    row = db.session.get(PersonalSignOn, facts.object_id)
    if row is None or row.erased_at is not None or row.state not in states:
        return None
    letter = db.session.get_one(SignOnLetter, row.letter_id)
    is_over = message != "person_delivered" and not rules.is_collecting(letter, clock.now())
    if is_over or letter.state not in rules.PUBLIC_STATES:
        return None
    return render.content(
        f"signons/emails/{message}",
        facts.to,
        locale=facts.locale,
        letter=letter,
        bill=queries.bill_of(letter),
        coalition=coalition_queries.coalition(letter.coalition_id),
        letter_url=absolute(f"/sign-on-letters/{letter.slug}"),
        url=people_linking.confirm_url(row) if row.state == PersonState.PENDING else people_linking.manage_url(row),
        until=row.confirm_until,
        manage_url=people_linking.manage_url(row),
    )


def due(facts: MailFacts) -> Content | None:
    """Remind an organizer that one of a letter's dates comes near."""
    letter = db.session.get(SignOnLetter, facts.object_id)
    if letter is None or letter.state != LetterState.COLLECTING:
        return None
    return render.content(
        "signons/emails/due",
        facts.to,
        locale=facts.locale,
        again_url=reminders_linking.again_url(facts),
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
