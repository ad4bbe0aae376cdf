"""The door to what people chose about being written to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import available_timezones

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.messaging.preference_models import ContactPreference, Digest, PersonKind

PAUSE_WEEKS = (2, 4, 12)


@dataclass(frozen=True)
class Preference:
    """What one person chose, or what holds for those who chose nothing.

    ``quiet_from`` to ``quiet_to`` are local times in ``tz`` and may pass midnight; equal times mean no quiet hours.
    ``paused_until`` holds for asks and reminders, never for what a person needs to use the site.
    """

    tz: str = "UTC"
    quiet_from: time = time(21)
    quiet_to: time = time(8)
    paused_until: datetime | None = None
    digest: Digest = Digest.OFF
    digest_at: time = time(8)
    is_discreet: bool = False

    def is_paused(self, now: datetime) -> bool:
        """Whether this person asked not to be asked now."""
        return self.paused_until is not None and now < self.paused_until


def of(
    person_kind: PersonKind | str, person_ids: Collection[int], *, default_tz: str = "UTC"
) -> Mapping[int, Preference]:
    """What each of these people chose, in one query; ``default_tz`` is the zone for whoever named none."""
    rows = db.session.scalars(
        select(ContactPreference).where(
            ContactPreference.person_kind == person_kind, ContactPreference.person_id.in_(person_ids)
        )
    )
    chosen = {row.person_id: _preference(row, default_tz) for row in rows}
    default = Preference(tz=default_tz)
    return {person_id: chosen.get(person_id, default) for person_id in person_ids}


def one(person_kind: PersonKind | str, person_id: int, *, default_tz: str = "UTC") -> Preference:
    """What one person chose."""
    return of(person_kind, [person_id], default_tz=default_tz)[person_id]


def choose(
    actor: Actor, person_kind: PersonKind, person_id: int, chosen: Preference, *, address_key: bytes | None = None
) -> None:
    """Keep what a person chose; a pause that stands is kept, ``pause`` changes it.

    Without a zone that of who writes counts. ``address_key``: where they are written to (``suppressing.address_key``).

    Raises: RuleBroken when there is no such time zone.
    """
    del actor  # whoever holds the link or the account is the person
    if chosen.tz and chosen.tz not in available_timezones():
        raise RuleBroken(_("This time zone is not known."))
    row = _row(person_kind, person_id)
    row.tz, row.quiet_from, row.quiet_to = chosen.tz or None, chosen.quiet_from, chosen.quiet_to
    row.digest, row.digest_at, row.is_discreet = chosen.digest, chosen.digest_at, chosen.is_discreet
    row.address_key = address_key or row.address_key
    row.changed_at = clock.now()
    db.session.flush()


def discreet_of(address_keys: Collection[bytes]) -> set[bytes]:
    """Of these addresses those where no topic is wanted in a subject."""
    wanted = select(ContactPreference.address_key).where(
        ContactPreference.address_key.in_(address_keys), ContactPreference.is_discreet
    )
    return set(db.session.scalars(wanted))


def move(person_kind: PersonKind, person_id: int, address_key: bytes) -> None:
    """Somebody has a new address: what they chose holds there."""
    moved = update(ContactPreference).where(
        ContactPreference.person_kind == person_kind, ContactPreference.person_id == person_id
    )
    db.session.execute(moved.values(address_key=address_key).execution_options(synchronize_session=False))


def pause(actor: Actor, person_kind: PersonKind, person_id: int, weeks: int) -> None:
    """Stop all asks for 2, 4 or 12 weeks; 0 ends the pause.

    Raises: RuleBroken on any other length.
    """
    del actor
    if weeks not in (0, *PAUSE_WEEKS):
        raise RuleBroken(_("Please choose 2, 4 or 12 weeks."))
    now = clock.now()
    row = _row(person_kind, person_id)
    row.paused_until = now + timedelta(weeks=weeks) if weeks else None
    row.changed_at = now
    db.session.flush()


def forget(person_kind: PersonKind, person_id: int) -> None:
    """Erase what a person chose."""
    gone = delete(ContactPreference).where(
        ContactPreference.person_kind == person_kind, ContactPreference.person_id == person_id
    )
    db.session.execute(gone.execution_options(synchronize_session=False))


def export(user_id: int) -> Mapping[str, Any]:
    """What an account chose, as a person reads it."""
    row = db.session.scalar(_chosen(PersonKind.ACCOUNT, user_id))
    if row is None:
        return {}
    return {
        "time_zone": row.tz,
        "quiet_from": row.quiet_from.isoformat("minutes"),
        "quiet_to": row.quiet_to.isoformat("minutes"),
        "paused_until": row.paused_until.isoformat() if row.paused_until else None,
        "digest": str(row.digest),
        "digest_at": row.digest_at.isoformat("minutes"),
        "discreet": row.is_discreet,
    }


def erase(user_id: int) -> None:
    """Erase what an account chose."""
    forget(PersonKind.ACCOUNT, user_id)


def _chosen(person_kind: PersonKind, person_id: int) -> Any:  # noqa: ANN401 - a SQLAlchemy statement
    return select(ContactPreference).where(
        ContactPreference.person_kind == person_kind, ContactPreference.person_id == person_id
    )


def _row(person_kind: PersonKind, person_id: int) -> ContactPreference:
    """The row of a person, made with the defaults when there is none; two at once make one."""
    found: ContactPreference | None = db.session.scalar(_chosen(person_kind, person_id).with_for_update())
    if found is not None:
        return found
    default = Preference()
    made = ContactPreference(
        person_kind=person_kind,
        person_id=person_id,
        tz=None,
        quiet_from=default.quiet_from,
        quiet_to=default.quiet_to,
        paused_until=None,
        digest=default.digest,
        digest_at=default.digest_at,
        is_discreet=default.is_discreet,
        changed_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return db.session.scalars(_chosen(person_kind, person_id).with_for_update()).one()  # type: ignore[no-any-return]
    return made


def _preference(row: ContactPreference, default_tz: str) -> Preference:
    return replace(
        Preference(),
        tz=row.tz or default_tz,
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        paused_until=row.paused_until,
        digest=Digest(row.digest),
        digest_at=row.digest_at,
        is_discreet=row.is_discreet,
    )
