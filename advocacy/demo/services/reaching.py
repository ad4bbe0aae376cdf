"""What the demo coalition knows of people in office: one of its own, staff, an office, and what two offices want."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from advocacy.civic.services import directory
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.demo import directory_words as words
from advocacy.legislators.rules import STALE_AFTER
from advocacy.legislators.services import noting, own


def begin(actor: Actor, coalition_id: int) -> None:
    """Add a council member, and notes about two people of the made-up state."""
    today = clock.now().date()
    elected, before = date(today.year - 1, 1, 6), date(today.year - 5, 1, 6)
    councilor = own.add_lawmaker(actor, coalition_id, replace(words.COUNCILOR, starts_on=elected))
    title, body, district = words.BEFORE
    own.add_term(actor, councilor.key, title=title, body=body, district=district, starts_on=before, ends_on=elected)
    noting.set_preference(actor, councilor.key, noting.Preference("email", "phone", words.NOTE), version=0)
    people = directory.people_page(size=2).officials
    for official in people[:1]:
        for name, role, topics, email, phone in words.STAFF:
            noting.add_staff(actor, official.id, noting.Person(name, role, topics, email, phone))
        city, address, phone, hours = words.OFFICE
        noting.add_office(actor, official.id, noting.Office("district", city, address, phone, hours=hours))
        noting.set_preference(actor, official.id, noting.Preference("form", "phone", words.NOTE), version=0)
    for official in people[1:]:
        old = today - STALE_AFTER - timedelta(days=30)
        wish = noting.Preference("letter", note=words.STALE_NOTE, checked_on=old)
        noting.set_preference(actor, official.id, wish, version=0)
