"""Who a rule means: people of a coalition who gave leave for the purpose, narrowed by what is known of them.

The leave is always asked: no rule reaches anybody without it. A rule holds ids and codes, never anything of a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, exists, select

from advocacy.coalitions import queries as coalition_queries
from advocacy.consent.models import OptIn, OptInState, Purpose
from advocacy.petitions.models import Petition, Signature, SignatureState
from advocacy.reminders.rules import instant_of
from advocacy.supporters.models import ContactKind, ContactPoint, Person, PersonState

PURPOSES = (Purpose.CAMPAIGN_NEWS, Purpose.ACTION_ALERT, Purpose.EVENT)
"""What mail to many may be for: leave for peer support, for hearings or for a partner is never used here."""

type_people = Select[int, int, str]


@dataclass(frozen=True)
class Rule:
    """An audience as data; what is empty does not narrow.

    ``campaign_id``: signed a petition of this campaign. ``states`` and ``divisions`` are those of signatures whose
    place is known. ``joined_from`` is a day in the coalition's zone: the leave was given then or later.
    """

    purpose: Purpose
    signed_id: int | None = None
    unsigned_id: int | None = None
    campaign_id: int | None = None
    states: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    locale: str = ""
    joined_from: date | None = None

    def __post_init__(self) -> None:
        """Refuse a purpose that mail to many is never for."""
        if self.purpose not in PURPOSES:
            message = f"mail to many is never for {self.purpose}"
            raise ValueError(message)

    def as_json(self) -> dict[str, Any]:
        """The rule as it is stored: only what narrows."""
        found: dict[str, Any] = {name: value for name, value in asdict(self).items() if value}
        found["purpose"] = str(self.purpose)
        for name in ("states", "divisions"):
            if name in found:
                found[name] = sorted(found[name])
        if self.joined_from:
            found["joined_from"] = self.joined_from.isoformat()
        return found

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> Rule:
        """The rule that was stored."""
        joined = stored.get("joined_from")
        return cls(
            purpose=Purpose(stored["purpose"]),
            signed_id=stored.get("signed_id"),
            unsigned_id=stored.get("unsigned_id"),
            campaign_id=stored.get("campaign_id"),
            states=tuple(stored.get("states", ())),
            divisions=tuple(stored.get("divisions", ())),
            locale=str(stored.get("locale", "")),
            joined_from=date.fromisoformat(joined) if joined else None,
        )


def people(coalition_id: int, rule: Rule) -> type_people:
    """Whom the rule means now: columns ``contact_id`` (a person), ``opt_in_id`` and ``locale``, in no order."""
    chosen = (
        select(Person.id.label("contact_id"), OptIn.id.label("opt_in_id"), Person.locale.label("locale"))
        .join(OptIn, (OptIn.coalition_id == Person.coalition_id) & (OptIn.person_id == Person.id))
        .where(
            OptIn.coalition_id == coalition_id,
            OptIn.purpose == rule.purpose,
            OptIn.channel == "email",
            OptIn.state == OptInState.CONFIRMED,
            OptIn.organization_id.is_(None),
            Person.state == PersonState.ACTIVE,
            exists().where(
                ContactPoint.coalition_id == Person.coalition_id,
                ContactPoint.person_id == Person.id,
                ContactPoint.kind == ContactKind.EMAIL,
                ContactPoint.verified_at.is_not(None),
            ),
        )
    )
    if rule.locale:
        chosen = chosen.where(Person.locale == rule.locale)
    if rule.joined_from:
        chosen = chosen.where(OptIn.confirmed_at >= _begins(coalition_id, rule.joined_from))
    for wanted in _signed(coalition_id, rule):
        chosen = chosen.where(wanted)
    return chosen


def is_among(coalition_id: int, rule: Rule, person_id: int) -> Select[bool]:
    """A select that says whether the rule means this person now."""
    return select(people(coalition_id, rule).where(Person.id == person_id).exists())


def _begins(coalition_id: int, day: date) -> datetime:
    return instant_of(datetime.combine(day, time()), ZoneInfo(coalition_queries.coalition(coalition_id).tz))


def _signed(coalition_id: int, rule: Rule) -> list[ColumnElement[bool]]:
    """What signatures must say; a signature that was taken back says nothing."""
    by_them = select(Signature.id).where(
        Signature.person_id == Person.id,
        Signature.coalition_id == coalition_id,
        Signature.state == SignatureState.VERIFIED,
    )
    found: list[ColumnElement[bool]] = []
    if rule.signed_id:
        found.append(by_them.where(Signature.petition_id == rule.signed_id).exists())
    if rule.unsigned_id:
        found.append(~by_them.where(Signature.petition_id == rule.unsigned_id).exists())
    if rule.campaign_id:
        of_campaign = select(Petition.id).where(
            Petition.coalition_id == coalition_id, Petition.campaign_id == rule.campaign_id
        )
        found.append(by_them.where(Signature.petition_id.in_(of_campaign)).exists())
    if rule.states:
        found.append(by_them.where(Signature.state_code.in_(rule.states)).exists())
    if rule.divisions:
        found.append(by_them.where(Signature.division_id.in_(rule.divisions)).exists())
    return found
