"""The ask budget: a person is asked only so often, however many organizations of a coalition would like to.

Who asked before, and why somebody is not asked now, is told to nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from advocacy.coalitions.models import Coalition
from advocacy.consent.ask_models import Ask
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.supporters.models import Person
from advocacy.web.manifest import MailFacts, house

REACHED = "ask_limit"


def take_ask(actor: Actor, coalition_id: int, person_id: int, membership_id: int, ask_key: str) -> int | None:
    """Write down one ask and give its id; ``None`` when the person has reached their limit.

    The same ask of the same organization is one row, however often it is tried.
    """
    del actor  # the ledger keeps the organization
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    there = select(Ask.id).where(Ask.person_id == person_id, Ask.membership_id == membership_id, Ask.ask_key == ask_key)
    found = db.session.execute(there).scalar_one_or_none()
    if found is not None:
        return found
    now = clock.now()
    limit, days = db.session.execute(
        select(Coalition.ask_limit, Coalition.ask_window_days).where(Coalition.id == coalition_id)
    ).one()
    if limit and _counting(coalition_id, person_id, now) >= limit:
        return None
    made = Ask(
        coalition_id=coalition_id,
        person_id=person_id,
        membership_id=membership_id,
        ask_key=ask_key,
        asked_at=now,
        counts_until=now + timedelta(days=days),
    )
    db.session.add(made)
    db.session.flush()
    return made.id


def reason_not_to(mail: MailFacts) -> str | None:
    """For messaging: a mail that asks for action leaves only with its row in the ledger."""
    if not house().mails[mail.kind].asks:
        return None
    ask_id = mail.params.get("ask")
    wanted = select(Ask.id).where(Ask.coalition_id == mail.coalition_id, Ask.id == ask_id)
    is_noted = isinstance(ask_id, int) and db.session.execute(wanted).scalar_one_or_none() is not None
    return None if is_noted else REACHED


def purge(before: datetime, limit: int) -> int:
    """Forget asks that stopped counting before ``before``."""
    old = select(Ask.id).where(Ask.counts_until < before).limit(limit)
    gone = delete(Ask).where(Ask.id.in_(old)).execution_options(synchronize_session=False)
    return int(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]


def _counting(coalition_id: int, person_id: int, now: datetime) -> int:
    rows = select(func.count()).where(
        Ask.coalition_id == coalition_id, Ask.person_id == person_id, Ask.counts_until > now
    )
    return int(db.session.execute(rows).scalar_one())
