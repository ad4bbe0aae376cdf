"""Reads for the desk: one coalition's petitions, their numbers, and who signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import ScalarSelect, select

from advocacy.civic import rules as civic_rules
from advocacy.civic.places import BY_CODE
from advocacy.coalitions import rules as coalition_rules
from advocacy.core import clock, crypto
from advocacy.core.actor import Actor
from advocacy.core.counting import Counted, counted_rows
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.paging import Page, take_page
from advocacy.petitions import queries
from advocacy.petitions.models import (
    Petition,
    PetitionDayTally,
    PetitionState,
    Signature,
    SignatureState,
)
from advocacy.petitions.queries import Count

PAGE_SIZE = 30
DAYS_SHOWN = 60
PLACES_SHOWN = 15
CLOSING_SOON = timedelta(days=14)


@dataclass(frozen=True)
class PetitionLine:
    """A petition in a list."""

    petition: Petition
    count: Count


@dataclass(frozen=True)
class Numbers:
    """The counts of one petition: ``shown`` and ``not_placed`` from the tallies."""

    shown: Count
    pending: Counted
    held: Counted
    not_placed: int


@dataclass(frozen=True)
class Signer:
    """A signature as the desk shows it; ``email`` is masked unless the actor may manage petitions."""

    id: int
    public_id: str
    name: str
    email: str
    place: str
    comment: str
    state: str
    held_reason: str | None
    at: datetime


def petition_at_desk(actor: Actor, public_id: str, verb: str = "petitions.view") -> Petition:
    """A petition of the coalition in view.

    Raises: NotFound for what is not there or belongs to another coalition, NotAllowed without the capability.
    """
    found = db.session.execute(select(Petition).where(Petition.public_id == public_id)).scalar_one_or_none()
    if found is None or (not actor.is_system and found.coalition_id != actor.coalition_id):
        raise NotFound
    coalition_rules.require(actor, verb, found.coalition_id)
    return found


def petition_lines(actor: Actor, before_id: int | None = None, size: int = PAGE_SIZE) -> Page[PetitionLine]:
    """A page of the coalition's petitions with their counts, newest first."""
    page = take_page(queries.petitions_of(actor, before_id=before_id, size=size), size)
    counts = queries.shown_counts([petition.id for petition in page.rows])
    return Page([PetitionLine(petition, counts[petition.id]) for petition in page.rows], page.next_after)


def numbers(actor: Actor, petition: Petition) -> Numbers:
    """How a petition stands."""
    coalition_rules.require(actor, "petitions.view", petition.coalition_id)
    not_placed = sum(tally.signature_count for tally in queries.place_tallies(petition.id) if not tally.division_id)
    pending, kept = db.session.execute(
        select(_in_state(petition.id, SignatureState.PENDING), _in_state(petition.id, SignatureState.QUARANTINED))
    ).one()
    return Numbers(queries.shown_count(petition.id), Counted(pending), Counted(kept), not_placed)


def _in_state(petition_id: int, state: SignatureState) -> ScalarSelect[int]:
    return counted_rows(select(Signature.id).where(Signature.petition_id == petition_id, Signature.state == state))


def days(petition: Petition) -> list[tuple[date, int]]:
    """Signatures a day up to today, without gaps, at most ``DAYS_SHOWN`` days back from the last one counted."""
    tallies = {tally.day: tally.signature_count for tally in queries.day_tallies(petition.id)}
    if not tallies:
        return []
    ended = petition.closed_at or clock.now()
    last = max(ended.astimezone(ZoneInfo(petition.tz)).date(), *tallies)
    first = max(min(tallies), last - timedelta(days=DAYS_SHOWN - 1))
    return [
        (day, tallies.get(day, 0)) for day in (first + timedelta(days=step) for step in range((last - first).days + 1))
    ]


def map_counts(petition_id: int) -> dict[str, int]:
    """Signatures by state, for those states that stand on the map."""
    found: dict[str, int] = {}
    for tally in queries.place_tallies(petition_id):
        if tally.state_code in BY_CODE:
            found[tally.state_code] = found.get(tally.state_code, 0) + tally.signature_count
    return {code: count for code, count in found.items() if count > 0}


def by_district(petition_id: int) -> list[tuple[str, int]]:
    """The districts with most signatures, then the rest together, then those not placed."""
    tallies = [tally for tally in queries.place_tallies(petition_id) if tally.signature_count > 0]
    placed = sorted(
        (tally for tally in tallies if tally.division_id),
        key=lambda tally: (-tally.signature_count, civic_rules.sort_key(tally.division_id)),
    )
    rows = [
        (civic_rules.name_of(tally.division_id) or tally.division_id, tally.signature_count)
        for tally in placed[:PLACES_SHOWN]
    ]
    rest = sum(tally.signature_count for tally in placed[PLACES_SHOWN:])
    nowhere = sum(tally.signature_count for tally in tallies if not tally.division_id)
    if rest:
        rows.append((_("All other districts"), rest))
    if nowhere:
        rows.append((_("Not placed"), nowhere))
    return rows


def signers(
    actor: Actor, petition: Petition, state: SignatureState, before_id: int | None = None, size: int = PAGE_SIZE
) -> Page[Signer]:
    """A page of signatures in one state, newest first."""
    coalition_rules.require(actor, "petitions.view", petition.coalition_id)
    wanted = (
        select(Signature)
        .where(Signature.petition_id == petition.id, Signature.state == state)
        .order_by(Signature.id.desc())
        .limit(size + 1)
    )
    if before_id is not None:
        wanted = wanted.where(Signature.id < before_id)
    page = take_page(list(db.session.execute(wanted).scalars()), size)
    whole = coalition_rules.can(actor, "petitions.manage")
    return Page([_signer(row, whole=whole) for row in page.rows], page.next_after)


def signature_at_desk(actor: Actor, petition: Petition, public_id: str, verb: str) -> Signature:
    """One signature of a petition.

    Raises: NotFound, NotAllowed.
    """
    coalition_rules.require(actor, verb, petition.coalition_id)
    wanted = select(Signature).where(Signature.public_id == public_id, Signature.petition_id == petition.id)
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def opened(row: Signature, column: str) -> str:
    """A sealed part of a signature; empty when there is none."""
    value: bytes | None = getattr(row, column)
    return crypto.open_sealed(value, table="signature", column=column, row=row.public_id) if value else ""


def masked(email: str) -> str:
    """An address that can be recognised but not written to."""
    name, at, domain = email.partition("@")
    return f"{name[:1]}…{at}{domain}" if at else ""


def place_text(row: Signature) -> str:
    """Where somebody signed from, for people."""
    parts = [row.town, " ".join(part for part in (row.state_code, row.postal_code) if part)]
    place = ", ".join(part for part in parts if part)
    return place if row.country == "US" or not place else f"{place}, {row.country}"


def _signer(row: Signature, *, whole: bool) -> Signer:
    email = opened(row, "email")
    return Signer(
        row.id,
        row.public_id,
        opened(row, "name"),
        email if whole else masked(email),
        place_text(row),
        opened(row, "comment"),
        row.state,
        row.held_reason,
        row.verified_at or row.created_at,
    )


# --- the start page of the desk -----------------------------------------------------------------------------------


def closing_soon(actor: Actor) -> list[PetitionLine]:
    """Petitions that close within two weeks, the soonest first."""
    return _lines(
        select(Petition)
        .where(
            Petition.coalition_id == actor.coalition_id,
            Petition.state.in_((PetitionState.OPEN, PetitionState.PAUSED)),
            Petition.closes_at <= clock.now() + CLOSING_SOON,
        )
        .order_by(Petition.closes_at)
        .limit(PAGE_SIZE)
    )


def drafts(actor: Actor) -> list[Petition]:
    """Petitions that wait to be opened."""
    wanted = (
        select(Petition)
        .where(
            Petition.coalition_id == actor.coalition_id,
            Petition.state.in_((PetitionState.DRAFT, PetitionState.REVIEW)),
        )
        .order_by(Petition.id.desc())
        .limit(PAGE_SIZE)
    )
    return list(db.session.execute(wanted).scalars())


def undelivered(actor: Actor) -> list[Petition]:
    """Petitions that closed and wait to be handed over."""
    wanted = (
        select(Petition)
        .where(Petition.coalition_id == actor.coalition_id, Petition.state == PetitionState.CLOSED)
        .order_by(Petition.closed_at)
        .limit(PAGE_SIZE)
    )
    return list(db.session.execute(wanted).scalars())


def held(actor: Actor) -> list[tuple[Petition, Counted]]:
    """Petitions with signatures that wait for somebody to look at them, and how many."""
    waiting = (
        select(Signature.id)
        .where(Signature.petition_id == Petition.id, Signature.state == SignatureState.QUARANTINED)
        .correlate(Petition)
    )
    wanted = (
        select(Petition, counted_rows(waiting))
        .where(Petition.coalition_id == actor.coalition_id, waiting.exists())
        .order_by(Petition.id.desc())
        .limit(PAGE_SIZE)
    )
    return [(petition, Counted(count)) for petition, count in db.session.execute(wanted)]


def moved(actor: Actor) -> Sequence[tuple[Petition, Mapping[str, int]]]:
    """Petitions that grew yesterday or today, each by its own calendar, with both numbers."""
    now = clock.now()
    recent = now.date() - timedelta(days=2)
    wanted = (
        select(Petition, PetitionDayTally.day, PetitionDayTally.signature_count)
        .join(PetitionDayTally, PetitionDayTally.petition_id == Petition.id)
        .where(
            Petition.coalition_id == actor.coalition_id,
            PetitionDayTally.day >= recent,
            PetitionDayTally.signature_count > 0,
        )
        .order_by(Petition.id.desc())
        .limit(PAGE_SIZE * 4)
    )
    found: dict[int, tuple[Petition, dict[str, int]]] = {}
    for petition, day, count in db.session.execute(wanted):
        today = now.astimezone(ZoneInfo(petition.tz)).date()
        name = {today: "today", today - timedelta(days=1): "yesterday"}.get(day)
        if name is not None:
            found.setdefault(petition.id, (petition, {"today": 0, "yesterday": 0}))[1][name] = count
    return list(found.values())


def _lines(wanted: object) -> list[PetitionLine]:
    petitions = list(db.session.execute(wanted).scalars())  # type: ignore[call-overload]
    counts = queries.shown_counts([petition.id for petition in petitions])
    return [PetitionLine(petition, counts[petition.id]) for petition in petitions]
