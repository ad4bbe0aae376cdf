"""Reads about petitions and their counts; pages never count signature rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from advocacy.coalitions import rules as coalition_rules
from advocacy.core import clock, crypto
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.petitions.models import (
    Display,
    Petition,
    PetitionDayTally,
    PetitionPlaceTally,
    PetitionState,
    PetitionTally,
    Signature,
    SignatureDelta,
    SignatureState,
)
from advocacy.petitions.rules import PUBLIC_STATES, public_first_name

LIST_SIZE = 30
LATEST = 10


@dataclass(frozen=True)
class Count:
    """A shown number and the instant it is true for."""

    count: int
    as_of: datetime

    @property
    def age_s(self) -> float:
        """How old the number is."""
        return max(0.0, (clock.now() - self.as_of).total_seconds())


def public_petition(slug: str) -> Petition:
    """A petition that everybody may see.

    Raises: NotFound, for drafts in the same words as for what is not there.
    """
    wanted = select(Petition).where(Petition.slug == slug, Petition.state.in_(PUBLIC_STATES))
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def petition_by_slug(slug: str) -> Petition:
    """A petition in any state.

    Raises: NotFound.
    """
    found = db.session.execute(select(Petition).where(Petition.slug == slug)).scalar_one_or_none()
    if found is None:
        message = f"petition: there is none named {slug}"
        raise NotFound(message)
    return found


def petition_of(actor: Actor, petition_id: int, verb: str = "petitions.view") -> Petition:
    """A petition of the actor's coalition in view.

    Raises: NotFound for another coalition's, NotAllowed without the capability.
    """
    found = db.session.get(Petition, petition_id)
    if found is None or (not actor.is_system and found.coalition_id != actor.coalition_id):
        raise NotFound
    coalition_rules.require(actor, verb, found.coalition_id)
    return found


def petitions_of(actor: Actor, *, before_id: int | None = None, size: int = LIST_SIZE) -> list[Petition]:
    """The coalition's petitions, newest first; one more than ``size`` when there is another page."""
    coalition_rules.require(actor, "petitions.view")
    wanted = select(Petition).order_by(Petition.id.desc()).limit(size + 1)
    if not actor.is_system or actor.coalition_id is not None:
        wanted = wanted.where(Petition.coalition_id == actor.coalition_id)
    if before_id is not None:
        wanted = wanted.where(Petition.id < before_id)
    return list(db.session.execute(wanted).scalars())


def open_petitions(size: int = LIST_SIZE, *, coalition_id: int | None = None, is_lone: bool = False) -> list[Petition]:
    """What can be signed now, the soonest to close first; of one coalition, and outside campaigns, if so asked."""
    now = clock.now()
    wanted = (
        select(Petition)
        .where(Petition.state == PetitionState.OPEN, Petition.closes_at.is_(None) | (Petition.closes_at > now))
        .order_by(Petition.closes_at.is_(None), Petition.closes_at, Petition.id.desc())
        .limit(size)
    )
    if coalition_id is not None:
        wanted = wanted.where(Petition.coalition_id == coalition_id)
    if is_lone:
        wanted = wanted.where(Petition.campaign_id.is_(None))
    return list(db.session.execute(wanted).scalars())


def past_petitions(before_id: int | None = None, size: int = LIST_SIZE) -> list[Petition]:
    """Public petitions that cannot be signed now, newest first; one more than ``size`` when there is another page."""
    now = clock.now()
    wanted = (
        select(Petition)
        .where(Petition.state.in_(PUBLIC_STATES), (Petition.state != PetitionState.OPEN) | (Petition.closes_at <= now))
        .order_by(Petition.id.desc())
        .limit(size + 1)
    )
    if before_id is not None:
        wanted = wanted.where(Petition.id < before_id)
    return list(db.session.execute(wanted).scalars())


def shown_count(petition_id: int) -> Count:
    """The number that pages show: the tally, true until the oldest change that it has not taken in."""
    return shown_counts([petition_id])[petition_id]


def shown_counts(petition_ids: list[int]) -> dict[int, Count]:
    """The shown numbers of several petitions, in two queries."""
    now = clock.now()
    tallies = select(PetitionTally.petition_id, PetitionTally.signature_count).where(
        PetitionTally.petition_id.in_(petition_ids)
    )
    waiting = (
        select(SignatureDelta.petition_id, func.min(SignatureDelta.at))
        .where(SignatureDelta.petition_id.in_(petition_ids))
        .group_by(SignatureDelta.petition_id)
    )
    counts = dict(db.session.execute(tallies).all())
    oldest = dict(db.session.execute(waiting).all())
    return {key: Count(counts.get(key, 0), oldest.get(key, now)) for key in petition_ids}


def day_tallies(petition_id: int) -> list[PetitionDayTally]:
    """Verified signatures by day, oldest first."""
    wanted = select(PetitionDayTally).where(PetitionDayTally.petition_id == petition_id).order_by(PetitionDayTally.day)
    return list(db.session.execute(wanted).scalars())


def place_tallies(petition_id: int) -> list[PetitionPlaceTally]:
    """Verified signatures by state and district; empty codes are the signatures that are not placed."""
    wanted = (
        select(PetitionPlaceTally)
        .where(PetitionPlaceTally.petition_id == petition_id)
        .order_by(PetitionPlaceTally.state_code, PetitionPlaceTally.division_id)
    )
    return list(db.session.execute(wanted).scalars())


def counted_rows(petition_id: int) -> tuple[int, int]:
    """Verified and pending rows, counted one by one: for the operator's command, never for a page."""
    counts = dict(
        db.session.execute(
            select(Signature.state, func.count())
            .where(
                Signature.petition_id == petition_id,
                Signature.state.in_([SignatureState.VERIFIED, SignatureState.PENDING]),
            )
            .group_by(Signature.state)
        ).all()
    )
    return counts.get(SignatureState.VERIFIED, 0), counts.get(SignatureState.PENDING, 0)


def has_signatures(petition_id: int) -> bool:
    """Whether anybody signed yet."""
    return bool(db.session.execute(select(exists().where(Signature.petition_id == petition_id))).scalar())


def latest_signers(petition_id: int, size: int = LATEST) -> list[str]:
    """The newest names that their owners let us show, as they let us show them."""
    wanted = (
        select(Signature)
        .where(
            Signature.petition_id == petition_id,
            Signature.state == SignatureState.VERIFIED,
            Signature.display != Display.HIDDEN,
        )
        .order_by(Signature.verified_at.desc())
        .limit(size)
    )
    return [shown_name(signature) for signature in db.session.execute(wanted).scalars()]


def signer_name(signature: Signature) -> str:
    """The name as it was typed; empty once it is erased."""
    if not signature.name:
        return ""
    return crypto.open_sealed(signature.name, table="signature", column="name", row=signature.public_id)


def shown_name(signature: Signature) -> str:
    """How a signer appears in public."""
    name = signer_name(signature)
    if signature.display == Display.FULL:
        return name
    return public_first_name(name) + (f", {signature.town}" if signature.town else "")
