"""Find a signer's House district from the postal code, never by guessing; a signer may pick where the code is split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import update

from advocacy.civic import rules as civic_rules
from advocacy.civic.services import choices, lookup, people
from advocacy.civic.services.results import Option
from advocacy.core.actor import ANONYMOUS
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.petitions.models import Placement, Signature, SignatureState
from advocacy.petitions.services import tallying


@dataclass(frozen=True, slots=True)
class Place:
    """What a postal code says for certain."""

    placement: Placement
    state_code: str = ""
    division_id: str | None = None
    town: str = ""


@dataclass(frozen=True, slots=True)
class Representation:
    """What the thank-you page shows: who speaks for the signer, and the districts to pick from where that is open.

    ``empty`` are seats that nobody is known to fill; ``names`` are those of divisions.
    """

    officials: tuple[lookup.Official, ...]
    empty: tuple[people.Seats, ...]
    options: tuple[Option, ...]
    names: Mapping[str, str]


def place_of(postal_code: str, country: str) -> Place:
    """Place a postal code; a code in several districts is not placed."""
    found = lookup.place_postal(postal_code, country)
    house = found.certain_house if found.certainty is lookup.Certainty.PLACED else None
    return Place(
        placement=Placement.PLACED if house else Placement.NOT_PLACED,
        state_code=found.state or "",
        division_id=house,
        town=found.town or "",
    )


def representation(signature: Signature) -> Representation:
    """Who speaks for a signer, by what is known now."""
    if signature.division_id:
        certain = lookup.find(ANONYMOUS, division=signature.division_id).divisions
        still_open: tuple[str, ...] = ()
    else:
        certain = lookup.place_postal(signature.postal_code, signature.country).division_ids
        still_open = _open_districts(signature)
    names = lookup.names_of([*certain, *still_open])
    seats = lookup.seats_for(certain)
    return Representation(
        officials=tuple(lookup.officials_for(certain)),
        empty=tuple(seat for seat in seats if seat.status is not people.SeatStatus.FILLED),
        options=tuple(
            Option(choices.sign_choice([ocd_id]), names[ocd_id], (ocd_id,))
            for ocd_id in sorted(still_open, key=civic_rules.sort_key)
        ),
        names=names,
    )


def choose_district(signature: Signature, choice: str) -> None:
    """Let a signer who is not placed pick the district; the counts by place follow.

    Raises: RuleBroken(field="choice"), Conflict when it was picked already.
    """
    picked = [ocd_id for ocd_id in choices.read_choice(choice) if civic_rules.is_house(ocd_id)]
    if not picked or picked[0] not in _open_districts(signature):
        raise RuleBroken(_("Please choose one of the districts shown."), field="choice")
    place_in(signature, picked[0])


def place_in(signature: Signature, division_id: str) -> None:
    """Place a signature that is not placed yet, once; the counts by place follow.

    Raises: Conflict when it was placed meanwhile; nothing of this call may be kept then.
    """
    was_counted = signature.state == SignatureState.VERIFIED
    if was_counted:
        tallying.record_change(signature, -1)
    place = civic_rules.place_of(division_id)
    moved = db.session.execute(
        update(Signature)
        .where(
            Signature.id == signature.id,
            Signature.placement != Placement.PLACED,
            Signature.state == signature.state,
        )
        .values(placement=Placement.PLACED, division_id=division_id, state_code=place.code if place else "")
        .execution_options(synchronize_session=False)
        .returning(Signature.id)
    ).scalar_one_or_none()
    if moved is None:
        raise Conflict(_("You have picked your district already."))
    db.session.refresh(signature)
    if was_counted:
        tallying.record_change(signature, +1)
    db.session.flush()


def _open_districts(signature: Signature) -> tuple[str, ...]:
    """The districts that the postal code leaves open: those it touches, else those of its state."""
    if signature.country != "US":
        return ()
    found = lookup.place_postal(signature.postal_code, signature.country)
    return found.options or (lookup.house_divisions(found.state) if found.state else ())
