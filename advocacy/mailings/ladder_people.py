"""What a ladder may know of one person: their leave, their manner, their signatures. Asked anew at each step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from advocacy.coalitions.models import Coalition
from advocacy.consent import queries as consent
from advocacy.consent.models import Purpose
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.mailings import ladder_rules
from advocacy.mailings.ladder_rules import Manner
from advocacy.messaging import preferences
from advocacy.messaging.preference_models import PersonKind
from advocacy.petitions.models import Signature, SignatureState
from advocacy.supporters.models import Person


def manner_of(person: Person) -> Manner:
    """How this person is to be written to; the coalition's zone for whoever named none."""
    zone = db.session.execute(select(Coalition.tz).where(Coalition.id == person.coalition_id)).scalar_one()
    chosen = preferences.one(PersonKind.SUPPORTER, person.id, default_tz=zone)
    return Manner(ZoneInfo(chosen.tz), chosen.quiet_from, chosen.quiet_to, chosen.paused_until)


def may_be_written_to(person: Person, purpose: str) -> bool:
    """Whether their leave for this purpose still holds."""
    return consent.has_opt_in(system_actor(), person.coalition_id, person.id, Purpose(purpose))


def answer(person: Person, settings: Mapping[str, Any]) -> bool:
    """What a decision finds."""
    test = settings["test"]
    if test == ladder_rules.SIGNED:
        return has_signed(person, int(settings["petition"]))
    if test == ladder_rules.OPTED_IN:
        return may_be_written_to(person, str(settings["purpose"]))
    if test == ladder_rules.IN_STATE:
        return home_state(person) in settings["states"]
    return bool(person.locale.replace("-", "_").split("_")[0] == settings["language"])


def has_signed(person: Person, petition_id: int) -> bool:
    """Whether a signature of theirs counts under a petition."""
    return db.session.execute(_signatures(person).where(Signature.petition_id == petition_id)).first() is not None


def home_state(person: Person) -> str:
    """The state of their newest signature that counts; empty when none says."""
    placed = _signatures(person).where(Signature.state_code != "").order_by(Signature.id.desc()).limit(1)
    return db.session.execute(placed).scalar_one_or_none() or ""


def _signatures(person: Person) -> Select[str]:
    return select(Signature.state_code).where(
        Signature.person_id == person.id,
        Signature.coalition_id == person.coalition_id,
        Signature.state == SignatureState.VERIFIED,
    )
