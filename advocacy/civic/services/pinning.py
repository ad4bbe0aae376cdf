"""An editor's word on a person in office: over every pack, never overwritten by an import, lifted only by an editor."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from advocacy.audit.services import record
from advocacy.civic import pack_queries
from advocacy.civic.models import CivicPin, PinField
from advocacy.civic.packs import values
from advocacy.civic.services import directory, operators
from advocacy.civic.services.store import Official, store
from advocacy.core import clock, uow
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound, RuleBroken

_LIMITS = {PinField.NAME: 120, PinField.PARTY: 80, PinField.ADDRESS: 200}


def pin_field(
    actor: Actor, person_key: str, field: PinField, value: str | None, note: str = "", *, source: str = ""
) -> CivicPin:
    """Say what a field is, whatever the packs say, why, and where that is from; no value lifts the pin.

    Raises: NotFound when no pack names the person and there is no pin to lift; RuleBroken on a value that cannot
    be one.
    """
    operators.require(actor)
    if directory.person(person_key) is None and (value or not _is_pinned(person_key, field)):
        raise NotFound(_("Nobody by this address is in the list. The person may have left office."))
    pin = CivicPin(
        person_key=person_key,
        field=field,
        value=_checked(field, value) if value else None,
        note=values.line(note, 200) or "",
        source=values.line(source, 200) or "",
        user_id=actor.user_id,
        pinned_at=clock.now(),
    )
    db.session.add(pin)
    db.session.flush()
    record(actor, "civic.field_pinned", "civic_pin", pin.id, facts={"field": str(field), "lifted": pin.value is None})
    store().forget()
    uow.afterwards(store().forget)
    return pin


FIELDS: dict[PinField, Any] = {
    PinField.NAME: _l("Name"),
    PinField.PARTY: _l("Party"),
    PinField.PHONE: _l("Phone"),
    PinField.EMAIL: _l("Mail address"),
    PinField.CONTACT_FORM: _l("Web form"),
    PinField.URL: _l("Website"),
    PinField.ADDRESS: _l("Office"),
}


@dataclass(frozen=True)
class Fact:
    """What is shown of one field of a person: the value, who says so and of which day, and the pin if there is one."""

    field: PinField
    value: str | None
    source: str
    on: date | None
    pin: CivicPin | None


def pins(actor: Actor) -> list[CivicPin]:
    """Every pin in force, the newest first."""
    operators.require(actor)
    return pack_queries.pins_now()


def facts(actor: Actor, official: Official) -> list[Fact]:
    """The fields of a person that can be pinned, each with its source: a pin, another list, or the list itself."""
    operators.require(actor)
    pinned = {pin.field: pin for pin in pack_queries.pins_now() if pin.person_key == official.id}
    taken = {name: (source, on) for name, source, on in official.taken}
    found = []
    for field in PinField:
        source, on = taken.get(str(field), (official.source, official.as_of))
        value = getattr(official, str(field))
        found.append(Fact(field, value, source if value else "", on if value else None, pinned.get(str(field))))
    return found


def _is_pinned(person_key: str, field: PinField) -> bool:
    return any((pin.person_key, pin.field) == (person_key, field) for pin in pack_queries.pins_now())


def _checked(field: PinField, value: str) -> str:
    dropped: Counter[str] = Counter()
    if field in {PinField.URL, PinField.CONTACT_FORM}:
        found = values.web_address(value, dropped)
    elif field is PinField.PHONE:
        found = values.phone(value, dropped)
    elif field is PinField.EMAIL:
        found = values.email(value, dropped)
    else:
        found = values.line(value, _LIMITS[field])
    if found is None:
        raise RuleBroken(_("This cannot be used for that field."), field="value")
    return found
