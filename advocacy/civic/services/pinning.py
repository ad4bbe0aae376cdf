"""An editor's word on a person in office: over every pack, never overwritten by an import, lifted only by an editor."""

from __future__ import annotations

from collections import Counter

from flask_babel import gettext as _

from advocacy.audit.services import record
from advocacy.civic.models import CivicPin, PinField
from advocacy.civic.packs import values
from advocacy.civic.services import directory, operators
from advocacy.civic.services.store import store
from advocacy.core import clock, uow
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound, RuleBroken

_LIMITS = {PinField.NAME: 120, PinField.PARTY: 80, PinField.ADDRESS: 200}


def pin_field(actor: Actor, person_key: str, field: PinField, value: str | None, note: str = "") -> CivicPin:
    """Say what a field is, whatever the packs say; no value lifts the pin.

    Raises: NotFound when no pack names the person, RuleBroken on a value that cannot be one.
    """
    operators.require(actor)
    if directory.person(person_key) is None:
        raise NotFound(_("Nobody by this address is in the list. The person may have left office."))
    pin = CivicPin(
        person_key=person_key,
        field=field,
        value=_checked(field, value) if value else None,
        note=values.line(note, 200) or "",
        user_id=actor.user_id,
        pinned_at=clock.now(),
    )
    db.session.add(pin)
    db.session.flush()
    record(actor, "civic.field_pinned", "civic_pin", pin.id, facts={"field": str(field), "lifted": pin.value is None})
    store().forget()
    uow.afterwards(store().forget)
    return pin


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
