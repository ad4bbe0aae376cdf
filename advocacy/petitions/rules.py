"""What may follow what, and who may do it."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

from flask_babel import gettext as _

from advocacy.core.errors import Conflict
from advocacy.core.wording import may_be_typo
from advocacy.petitions.models import Petition, PetitionState, SignatureState

P = PetitionState
S = SignatureState

PETITION_STEPS: dict[str, frozenset[str]] = {
    P.DRAFT: frozenset({P.REVIEW, P.OPEN, P.REJECTED}),
    P.REVIEW: frozenset({P.DRAFT, P.OPEN, P.REJECTED}),
    P.OPEN: frozenset({P.PAUSED, P.CLOSED}),
    P.PAUSED: frozenset({P.OPEN, P.CLOSED}),
    P.CLOSED: frozenset({P.DELIVERED, P.ARCHIVED}),
    P.DELIVERED: frozenset({P.ARCHIVED}),
    P.ARCHIVED: frozenset(),
    P.REJECTED: frozenset({P.DRAFT}),
}
SIGNATURE_STEPS: dict[str, frozenset[str]] = {
    S.PENDING: frozenset({S.VERIFIED, S.QUARANTINED, S.INVALIDATED, S.WITHDRAWN, S.ERASED}),
    S.QUARANTINED: frozenset({S.PENDING, S.VERIFIED, S.INVALIDATED, S.WITHDRAWN, S.ERASED}),
    S.VERIFIED: frozenset({S.QUARANTINED, S.INVALIDATED, S.WITHDRAWN, S.ERASED}),
    S.WITHDRAWN: frozenset({S.VERIFIED, S.ERASED}),
    S.INVALIDATED: frozenset({S.VERIFIED, S.ERASED}),
    S.ERASED: frozenset(),
}
PUBLIC_STATES = (P.OPEN, P.PAUSED, P.CLOSED, P.DELIVERED, P.ARCHIVED)
ENDED = (P.CLOSED, P.DELIVERED, P.ARCHIVED)
LATE_CONFIRM = timedelta(hours=24)
MAX_TITLE = 150
MAX_TEXT = 20_000
MAX_GOAL = 100_000_000
LAST_YEAR = 2200
"""No petition closes later: what lies beyond is a slip, and near the end of the calendar nothing can be computed."""
_POSTAL = {
    "US": re.compile(r"\A(\d{5})(?:[- ]?(\d{4}))?\Z"),
    "CA": re.compile(r"\A([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]) ?(\d[ABCEGHJ-NPRSTV-Z]\d)\Z"),
    "GB": re.compile(r"\A([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})\Z"),
}
_JOINT = {"US": "-", "CA": " ", "GB": " "}
_OTHER_POSTAL = re.compile(r"\A[A-Z0-9](?:[A-Z0-9 -]{0,10}[A-Z0-9])?\Z")


def require_step(petition: Petition, state: PetitionState) -> None:
    """Refuse a step that the table above does not know.

    Raises: Conflict.
    """
    if state not in PETITION_STEPS[petition.state]:
        raise Conflict(_("This petition has moved on, so this step is no longer open. Please look at it again."))


def is_step(before: str, after: str) -> bool:
    """Whether a signature may go from one state to another."""
    return after in SIGNATURE_STEPS[before]


def is_signing_open(petition: Petition, at: datetime) -> bool:
    """Whether signatures are taken now."""
    return petition.state == P.OPEN and (petition.closes_at is None or petition.closes_at > at)


def can_confirm(petition: Petition, at: datetime) -> bool:
    """Whether a mailed link still counts: while the petition runs, and a day longer for slow mail."""
    if petition.state in {P.OPEN, P.PAUSED} and (petition.closes_at is None or petition.closes_at > at):
        return True
    ended = min(moment for moment in (petition.closed_at, petition.closes_at, at) if moment is not None)
    return petition.state in {P.OPEN, P.PAUSED, P.CLOSED} and at < ended + LATE_CONFIRM


def normal_postal_code(text: str, country: str) -> str | None:
    """The postal code as this country writes it, or ``None`` when it is none; empty where a country may have none."""
    code = " ".join(unicodedata.normalize("NFKC", text).upper().split())
    known = _POSTAL.get(country)
    if known is None:
        return code if not code or _OTHER_POSTAL.match(code) else None
    parts = known.match(code)
    return _JOINT[country].join(part for part in parts.groups() if part) if parts else None


def postal_area(postal_code: str, country: str) -> str:
    """What two people of one household share: the five-digit ZIP, elsewhere the whole code."""
    return f"{country} {postal_code[:5] if country == 'US' else postal_code.replace(' ', '')}"


def is_slip(before: str, after: str) -> bool:
    """Whether a change only mends a slip: marks, capitals, a letter or two (domain I-094)."""
    return _words(before) == _words(after) or may_be_typo(before, after)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def public_first_name(name: str) -> str:
    """The first name alone. Where a name has no spaces its parts cannot be told apart, so one character stands."""
    first, _space, rest = name.partition(" ")
    if rest or first.upper() != first.lower():
        return first
    return f"{first[:1]}…"
