"""What people choose from the links of a mail: stop such mails, or everything at once; no sign-in.

The link is a mail's, so whoever holds it reads the mailbox that agreed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.coalitions.models import Coalition
from advocacy.coalitions.organization_models import Organization
from advocacy.consent import queries, rules, services, signals
from advocacy.consent.models import OptIn, OptInState, Purpose
from advocacy.core import clock
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.errors import Gone
from advocacy.messaging import permission, preferences
from advocacy.messaging.models import Mail
from advocacy.messaging.preference_models import PersonKind
from advocacy.messaging.preferences import Preference
from advocacy.messaging.services import suppressing
from advocacy.messaging.suppression_models import Reason
from advocacy.supporters import queries as people
from advocacy.supporters.models import Person, PersonState
from advocacy.web.manifest import MailFacts

OFFERED = (Purpose.ACTION_ALERT, Purpose.CAMPAIGN_NEWS, Purpose.EVENT)
WITHDRAWN = "opt_in_withdrawn"
PAUSED = "paused"


@dataclass(frozen=True)
class Choice:
    """One thing that somebody may be written to for; ``key`` names it in the form."""

    key: str
    words: str
    is_given: bool


@dataclass(frozen=True)
class Chooser:
    """Whose page it is, and what stands there."""

    person: Person
    coalition: Coalition
    address: str
    mail_id: int
    choices: Sequence[Choice]
    preference: Preference


def link_of_mail(token: str) -> tuple[OptIn, Coalition]:
    """The leave under which the mail of an unsubscribe link was sent, for the page that asks.

    Raises: Gone for a link that is not ours.
    """
    mail = permission.mail_of_link(permission.UNSUBSCRIBE, token)
    return _leave_of(mail)


def unsubscribe(token: str) -> None:
    """Stop such mails, also those that wait; twice is once. A later leave for the same thing is stopped too.

    Raises: Gone. Announces: ``leave_ended``.
    """
    leave, _coalition = link_of_mail(token)
    live = _live(leave.coalition_id, leave.person_id)
    for found in live:
        if (found.purpose, found.organization_id) == (leave.purpose, leave.organization_id):
            _end(found)


def chooser(token: str) -> Chooser:
    """The page behind a mail's link to everything that can be chosen.

    Raises: Gone for a link that is not ours, and when the person or the address is no longer known.
    """
    mail = permission.mail_of_link(permission.PREFERENCES, token)
    leave, coalition = _leave_of(mail)
    person = db.session.get(Person, leave.person_id)
    actor = system_actor(coalition_id=leave.coalition_id)
    address = people.person_address(actor, leave.coalition_id, leave.person_id)
    if person is None or person.state != PersonState.ACTIVE or address is None or mail is None:
        raise _gone()
    return Chooser(
        person=person,
        coalition=coalition,
        address=address,
        mail_id=mail.id,
        choices=_choices(_live(leave.coalition_id, leave.person_id)),
        preference=preferences.one(PersonKind.SUPPORTER, person.id, default_tz=coalition.tz),
    )


def choose(found: Chooser, *, wanted: Collection[str], chosen: Preference, weeks: int | None, locale: str) -> None:
    """Keep what somebody chose: what is no longer ticked ends, what is newly ticked begins with this link as proof.

    Announces: ``leave_ended`` for each that ends.
    """
    person = found.person
    actor = system_actor(coalition_id=person.coalition_id)
    live = {_key(leave): leave for leave in _live(person.coalition_id, person.id)}
    for key, leave in live.items():
        if key not in wanted:
            _end(leave)
    for purpose in OFFERED:
        if str(purpose) in wanted and str(purpose) not in live:
            proof: dict[str, str | int] = {"kind": "preferences_link", "mail": found.mail_id}
            services.opt_in(actor, person.coalition_id, person.id, purpose, proof=proof, locale=person.locale)
    person.locale = locale
    where = suppressing.address_key(found.address)
    preferences.choose(actor, PersonKind.SUPPORTER, person.id, chosen, address_key=where)
    if weeks is not None:
        preferences.pause(actor, PersonKind.SUPPORTER, person.id, weeks)


def stop_all(found: Chooser) -> None:
    """End every leave, and remember by the address's hash that this coalition writes nothing that nobody needs.

    Announces: ``leave_ended`` for each that ends.
    """
    person = found.person
    for leave in _live(person.coalition_id, person.id):
        _end(leave)
    suppressing.suppress(found.address, Reason.UNSUBSCRIBE, coalition_id=person.coalition_id)


def reason_not_to(mail: MailFacts) -> str | None:
    """For messaging: a mail that was agreed to leaves only while that stands and the person has not paused."""
    return reasons_not_to([mail]).get(mail.public_id)


def reasons_not_to(mails: Sequence[MailFacts]) -> Mapping[str, str]:
    """The same for a batch, by the mails' public ids."""
    asked = [mail for mail in mails if mail.opt_in_id is not None]
    rows = db.session.execute(
        select(OptIn.id, OptIn.state, OptIn.coalition_id, OptIn.person_id).where(
            OptIn.id.in_({mail.opt_in_id for mail in asked})
        )
    )
    leaves = {row.id: row for row in rows}
    now = clock.now()
    wishes = preferences.of(PersonKind.SUPPORTER, [row.person_id for row in leaves.values()])
    found: dict[str, str] = {}
    for mail in asked:
        leave = leaves.get(mail.opt_in_id)
        if leave is None or leave.state != OptInState.CONFIRMED or leave.coalition_id != mail.coalition_id:
            found[mail.public_id] = WITHDRAWN
        elif wishes[leave.person_id].is_paused(now):
            found[mail.public_id] = PAUSED
    return found


def _gone() -> Gone:
    return Gone(_("This link does not work. Please use the link from the newest mail."))


def _leave_of(mail: Mail | None) -> tuple[OptIn, Coalition]:
    leave = db.session.get(OptIn, mail.opt_in_id) if mail is not None else None
    if mail is None or leave is None or leave.coalition_id != mail.coalition_id:
        raise _gone()
    return leave, db.session.get_one(Coalition, leave.coalition_id)


def _live(coalition_id: int, person_id: int) -> Sequence[OptIn]:
    return db.session.scalars(
        select(OptIn)
        .where(OptIn.coalition_id == coalition_id, OptIn.person_id == person_id, OptIn.state != OptInState.WITHDRAWN)
        .order_by(OptIn.id)
    ).all()


def _end(leave: OptIn) -> None:
    services.withdraw_by_id(system_actor(coalition_id=leave.coalition_id), leave.coalition_id, leave.id)
    signals.leave_ended.send(None, opt_in=leave)


def _key(leave: OptIn) -> str:
    return leave.purpose if leave.organization_id is None else f"{leave.purpose}:{leave.organization_id}"


def words_of(leave: OptIn) -> str:
    """The words that somebody agreed to, with the organization's name where it is one's."""
    words = queries.text_by_id(leave.text_id).body
    if leave.organization_id is None:
        return words
    return words.replace("{organization}", db.session.get_one(Organization, leave.organization_id).name)


def _choices(live: Sequence[OptIn]) -> Sequence[Choice]:
    """What is given, in the words that were read, then what is offered, in the words in force."""
    given = [Choice(_key(leave), words_of(leave), is_given=True) for leave in live]
    known = {choice.key for choice in given}
    return [
        *given,
        *(Choice(str(one), rules.DEFAULT_WORDS[one], is_given=False) for one in OFFERED if one not in known),
    ]
