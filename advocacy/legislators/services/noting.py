"""What a coalition notes of an office: where else it is, who works there, how it wants to be reached."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from advocacy.audit import services as audit
from advocacy.core import crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.legislators import queries, rules
from advocacy.legislators.models import (
    LawmakerOffice,
    OfficeKind,
    OfficePreference,
    StaffContact,
    StaffRole,
    Way,
)
from advocacy.legislators.services.own import require_version, today


@dataclass(frozen=True)
class Office:
    """An office, as somebody notes it."""

    kind: str
    city: str = ""
    address: str = ""
    phone: str = ""
    fax: str = ""
    hours: str = ""
    checked_on: date | None = None


@dataclass(frozen=True)
class Person:
    """Somebody on the staff, as somebody notes them."""

    name: str
    role: str
    topics: str = ""
    email: str = ""
    phone: str = ""
    checked_on: date | None = None


@dataclass(frozen=True)
class Preference:
    """How an office wants to be reached."""

    way: str
    next_way: str | None = None
    note: str = ""
    checked_on: date | None = None


def add_office(actor: Actor, key: str, given: Office) -> LawmakerOffice:
    """Note an office.

    Raises: NotFound, NotAllowed, RuleBroken naming the field.
    """
    coalition_id = _coalition(actor, key)
    if len(queries.offices(actor, key)) >= queries.MOST_NOTES:
        raise RuleBroken(_("There are too many offices already."))
    row = LawmakerOffice(coalition_id=coalition_id, public_id=new_public_id(), person_key=key)
    _fill_office(row, given)
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "office.noted", "lawmaker_office", row.id, coalition_id=coalition_id)
    return row


def change_office(actor: Actor, key: str, public_id: str, given: Office, *, version: int) -> LawmakerOffice:
    """Change an office.

    Raises: NotFound, NotAllowed, RuleBroken; Conflict when somebody changed it since ``version``.
    """
    row = queries.office(actor, key, public_id)
    require_version(row.version, version)
    _fill_office(row, given)
    db.session.flush()
    audit.record(actor, "office.changed", "lawmaker_office", row.id, coalition_id=row.coalition_id)
    return row


def remove_office(actor: Actor, key: str, public_id: str) -> None:
    """Forget an office.

    Raises: NotFound, NotAllowed.
    """
    row = queries.office(actor, key, public_id)
    db.session.delete(row)
    audit.record(actor, "office.removed", "lawmaker_office", row.id, coalition_id=row.coalition_id)


def add_staff(actor: Actor, key: str, given: Person) -> StaffContact:
    """Note somebody who works for a person in office.

    Raises: NotFound, NotAllowed, RuleBroken naming the field.
    """
    coalition_id = _coalition(actor, key)
    if len(queries.staff(actor, key)) >= queries.MOST_NOTES:
        raise RuleBroken(_("There are too many people already."))
    row = StaffContact(coalition_id=coalition_id, public_id=new_public_id(), person_key=key)
    _fill_staff(row, given)
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "staff.noted", "staff_contact", row.id, coalition_id=coalition_id)
    return row


def change_staff(actor: Actor, key: str, public_id: str, given: Person, *, version: int) -> StaffContact:
    """Change what is noted of somebody.

    Raises: NotFound, NotAllowed, RuleBroken; Conflict when somebody changed it since ``version``.
    """
    row = queries.staff_member(actor, key, public_id).row
    require_version(row.version, version)
    _fill_staff(row, given)
    db.session.flush()
    audit.record(actor, "staff.changed", "staff_contact", row.id, coalition_id=row.coalition_id)
    return row


def remove_staff(actor: Actor, key: str, public_id: str) -> None:
    """Forget somebody, as when they left the office.

    Raises: NotFound, NotAllowed.
    """
    row = queries.staff_member(actor, key, public_id).row
    db.session.delete(row)
    audit.record(actor, "staff.removed", "staff_contact", row.id, coalition_id=row.coalition_id)


def set_preference(actor: Actor, key: str, given: Preference, *, version: int) -> OfficePreference:
    """Say how an office wants to be reached; ``version`` is 0 where nothing was said before.

    Raises: NotFound, NotAllowed, RuleBroken; Conflict when somebody said or changed it meanwhile.
    """
    coalition_id = _coalition(actor, key)
    if given.way not in set(Way) or (given.next_way is not None and given.next_way not in set(Way)):
        raise RuleBroken(_("Choose from the list."), field="way")
    if given.next_way == given.way:
        raise RuleBroken(_("Choose another way, or none."), field="next_way")
    row = queries.preference(actor, key)
    require_version(row.version if row is not None else 0, version)
    row = row or OfficePreference(coalition_id=coalition_id, person_key=key)
    row.way, row.next_way, row.note, row.checked_on = given.way, given.next_way, given.note, _day(given, coalition_id)
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:  # somebody said it for the first time at this moment
        raise Conflict(_("Somebody changed this meanwhile. Please look at it again and repeat your change.")) from None
    audit.record(
        actor, "preference.noted", "office_preference", row.id, coalition_id=coalition_id, facts={"way": row.way}
    )
    return row


def _coalition(actor: Actor, key: str) -> int:
    queries.name_of(actor, key, rules.MANAGE)
    if actor.coalition_id is None:
        raise NotFound
    return actor.coalition_id


def _fill_office(row: LawmakerOffice, given: Office) -> None:
    if given.kind not in set(OfficeKind):
        raise RuleBroken(_("Choose from the list."), field="kind")
    if not (given.address or given.phone or given.fax):
        raise RuleBroken(_("Give an address, a phone number or a fax number."), field="address")
    for field in ("phone", "fax"):
        _require_phone(getattr(given, field), field)
    day = _day(given, row.coalition_id)
    for field, value in {**asdict(given), "checked_on": day}.items():
        setattr(row, field, value)


def _fill_staff(row: StaffContact, given: Person) -> None:
    if given.role not in set(StaffRole):
        raise RuleBroken(_("Choose from the list."), field="role")
    if not given.name:
        raise RuleBroken(_("Give a name."), field="name")
    _require_phone(given.phone, "phone")
    row.role, row.topics, row.checked_on = given.role, given.topics, _day(given, row.coalition_id)
    row.name = _sealed(row, "name", given.name)
    row.email = _sealed(row, "email", given.email) if given.email else None
    row.phone = _sealed(row, "phone", given.phone) if given.phone else None


def _require_phone(text: str, field: str) -> None:
    if text and not rules.is_phone(text):
        raise RuleBroken(_("Give a phone number of digits, such as 503-555-0100."), field=field)


def _day(given: Office | Person | Preference, coalition_id: int) -> date:
    """When it was looked at: today, unless somebody says an earlier day."""
    day = today(coalition_id)
    if given.checked_on is not None and given.checked_on > day:
        raise RuleBroken(_("This day lies ahead."), field="checked_on")
    return given.checked_on or day


def _sealed(row: StaffContact, column: str, plain: str) -> bytes:
    return crypto.seal(
        f"coalition:{row.coalition_id}", plain, table=StaffContact.__tablename__, column=column, row=row.public_id
    )
