"""The coalition's own lawmakers: people in office whom no pack names."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from advocacy.audit import services as audit
from advocacy.coalitions import queries as coalitions
from advocacy.coalitions import rules as roles
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.legislators import queries, rules
from advocacy.legislators.models import Lawmaker, LawmakerTerm

KIND = "lawmaker"


def add_lawmaker(actor: Actor, coalition_id: int, facts: rules.Facts) -> Lawmaker:
    """Add somebody.

    Raises: NotAllowed; RuleBroken or Conflict naming the field.
    """
    roles.require(actor, rules.MANAGE, coalition_id)
    row = Lawmaker(coalition_id=coalition_id, public_id=new_public_id())
    _store(row, facts)
    audit.record(actor, "lawmaker.added", KIND, row.id, coalition_id=coalition_id)
    return row


def change_lawmaker(actor: Actor, key: str, facts: rules.Facts, *, version: int) -> Lawmaker:
    """Change what is said of somebody.

    Raises: NotFound, NotAllowed, RuleBroken; Conflict when somebody changed it since ``version``.
    """
    row = queries.lawmaker(actor, key, rules.MANAGE)
    require_version(row.version, version)
    _require_present(row)
    _store(row, facts)
    audit.record(actor, "lawmaker.changed", KIND, row.id, coalition_id=row.coalition_id)
    return row


def put_away(actor: Actor, key: str) -> Lawmaker:
    """Take somebody off the lists; what was noted stays.

    Raises: NotFound, NotAllowed, Conflict.
    """
    row = queries.lawmaker(actor, key, rules.MANAGE)
    _require_present(row)
    row.archived_at = clock.now()
    db.session.flush()
    audit.record(actor, "lawmaker.archived", KIND, row.id, coalition_id=row.coalition_id)
    return row


def bring_back(actor: Actor, key: str) -> Lawmaker:
    """Put somebody on the lists again.

    Raises: NotFound, NotAllowed, Conflict.
    """
    row = queries.lawmaker(actor, key, rules.MANAGE)
    if row.archived_at is None:
        raise Conflict(_("This person is on the list already."))
    row.archived_at = None
    db.session.flush()
    audit.record(actor, "lawmaker.restored", KIND, row.id, coalition_id=row.coalition_id)
    return row


def add_term(
    actor: Actor, key: str, *, title: str, body: str, district: str, starts_on: date, ends_on: date | None
) -> LawmakerTerm:
    """Note a seat that somebody held before, or will hold.

    Raises: NotFound, NotAllowed, RuleBroken; Conflict when it is noted already.
    """
    row = queries.lawmaker(actor, key, rules.MANAGE)
    _require_present(row)
    if ends_on is not None and ends_on <= starts_on:
        raise RuleBroken(_("A term ends after it began."), field="ends_on")
    if len(queries.terms(row)) >= queries.MOST_NOTES:
        raise RuleBroken(_("There are too many terms already."))
    term = LawmakerTerm(
        coalition_id=row.coalition_id,
        lawmaker_id=row.id,
        title=title,
        body=body,
        district=district,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    try:
        with db.session.begin_nested():
            db.session.add(term)
            db.session.flush()
    except IntegrityError:
        raise Conflict(_("This term is noted already."), field="starts_on") from None
    audit.record(actor, "lawmaker.term_added", KIND, row.id, coalition_id=row.coalition_id)
    return term


def remove_term(actor: Actor, key: str, term_id: int) -> None:
    """Take a term away that was noted by mistake.

    Raises: NotFound, NotAllowed.
    """
    row = queries.lawmaker(actor, key, rules.MANAGE)
    wanted = select(LawmakerTerm).where(
        LawmakerTerm.id == term_id,
        LawmakerTerm.lawmaker_id == row.id,
        LawmakerTerm.coalition_id == row.coalition_id,
    )
    term = db.session.execute(wanted).scalar_one_or_none()
    if term is None:
        raise NotFound
    db.session.delete(term)
    audit.record(actor, "lawmaker.term_removed", KIND, row.id, coalition_id=row.coalition_id)


def today(coalition_id: int) -> date:
    """The civil day in a coalition's zone."""
    return clock.now().astimezone(ZoneInfo(coalitions.coalition(coalition_id).tz)).date()


def require_version(present: int, version: int) -> None:
    """Refuse a change by somebody who saw an older state.

    Raises: Conflict.
    """
    if present != version:
        raise Conflict(_("Somebody changed this meanwhile. Please look at it again and repeat your change."))


def _require_present(row: Lawmaker) -> None:
    if row.archived_at is not None:
        raise Conflict(_("This person was taken off the list. Put them back first."))


def _store(row: Lawmaker, facts: rules.Facts) -> None:
    for field, sentence in rules.faults(facts):
        raise RuleBroken(sentence, field=field)
    day = today(row.coalition_id)  # asked first: a query would write the half-changed row
    for field, value in asdict(facts).items():
        setattr(row, field, value)
    row.folded_name, row.source, row.as_of = facts.folded_name, "", day
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        raise Conflict(_("Another person on your list has this ID."), field="external_key") from None
