"""The yearly limits of section 501(h), sums of a ledger, and what may follow what. Record keeping, not legal advice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from advocacy.coalitions.organization_models import Membership, TaxStatus
from advocacy.core.errors import RuleBroken
from advocacy.outreach.models import LobbyingKind, PeriodState

P = PeriodState
K = LobbyingKind

PERIOD_STEPS: dict[str, frozenset[str]] = {
    P.OPEN: frozenset({P.CLOSING}),
    P.CLOSING: frozenset({P.OPEN, P.CLOSED}),
    P.CLOSED: frozenset({P.FILED}),
    P.FILED: frozenset(),
}
TAKES_ENTRIES = frozenset({P.OPEN, P.CLOSING})
CENTS = 100
CLOSE_DAYS = 20
MINUTES_MOST = 60 * 24 * 92
MONEY_MOST = 10**13
# 26 U.S.C. 4911(c)(2): so much of each further slice of exempt-purpose spending, in dollars; then 5 percent.
_SLICE = 500_000
_SHARES = (20, 15, 10)
_REST = 5
_TOP = 1_000_000
_GRASSROOTS_PART = 4


@dataclass(frozen=True)
class Limits:
    """What an organization that chose section 501(h) may spend on lobbying in a year. Units: cents."""

    total_minor: int
    grassroots_minor: int


@dataclass(frozen=True)
class Sums:
    """A ledger's sums; ``lobbying_minor`` is direct and grassroots together. Units: cents, minutes."""

    direct_minor: int = 0
    grassroots_minor: int = 0
    direct_minutes: int = 0
    grassroots_minutes: int = 0
    other_minor: int = 0
    other_minutes: int = 0

    @property
    def lobbying_minor(self) -> int:
        """What counts against the total limit."""
        return self.direct_minor + self.grassroots_minor

    @property
    def lobbying_minutes(self) -> int:
        """Time spent on lobbying."""
        return self.direct_minutes + self.grassroots_minutes


def limits_of(spending_minor: int) -> Limits:
    """The limits that follow from a year's exempt-purpose spending.

    Source: 26 U.S.C. 4911(c); 26 CFR 56.4911-1. Units: cents.
    """
    left, total = spending_minor, 0
    for share in _SHARES:
        part = min(left, _SLICE * CENTS)
        total += part * share // 100
        left -= part
    total = min(total + left * _REST // 100, _TOP * CENTS)
    return Limits(total, total // _GRASSROOTS_PART)


def sums_of(rows: Iterable[tuple[str, bool, int, int]]) -> Sums:
    """Add up ``(kind, takes back, minutes, cost)``; a reversing entry counts against what it takes back."""
    minor, minutes = dict.fromkeys(K, 0), dict.fromkeys(K, 0)
    for kind, is_reversal, spent_minutes, cost in rows:
        sign = -1 if is_reversal else 1
        minor[K(kind)] += sign * cost
        minutes[K(kind)] += sign * spent_minutes
    others = [kind for kind in K if kind not in {K.DIRECT, K.GRASSROOTS}]
    return Sums(
        direct_minor=minor[K.DIRECT],
        grassroots_minor=minor[K.GRASSROOTS],
        direct_minutes=minutes[K.DIRECT],
        grassroots_minutes=minutes[K.GRASSROOTS],
        other_minor=sum(minor[kind] for kind in others),
        other_minutes=sum(minutes[kind] for kind in others),
    )


def has_limits(membership: Membership) -> bool:
    """Whether the limits are about this organization: a charity that chose section 501(h)."""
    return membership.tax_status == TaxStatus.C3 and membership.h_election


def quarter_of(day: date) -> tuple[int, int]:
    """The year and quarter of a day."""
    return day.year, (day.month - 1) // 3 + 1


def close_by(year: int, quarter: int) -> date:
    """The day by which a quarter is to be closed: as long after it as reports of lobbying are commonly due."""
    is_last = quarter == 4  # noqa: PLR2004 - quarters of a year
    following = date(year + is_last, 1 if is_last else quarter * 3 + 1, 1)
    return following + timedelta(days=CLOSE_DAYS - 1)


def is_step(before: str, after: str) -> bool:
    """Whether a period may go from one state to another."""
    return after in PERIOD_STEPS[before]


def minor_of(text: str) -> int:
    """An amount of money as people type it (``1,250`` or ``1250.50``), in cents.

    Raises: RuleBroken when it is none.
    """
    plain = text.strip().lstrip("$").replace(",", "").replace("\u00a0", "").strip()
    whole, dot, part = plain.partition(".")
    if not plain:
        return 0
    if not (whole.isascii() and whole.isdecimal()) or (dot and not (part.isascii() and part.isdecimal())):
        raise RuleBroken
    if len(part) > 2 or len(whole) > 11:  # noqa: PLR2004 - cents; more than any ledger holds
        raise RuleBroken
    return int(whole) * CENTS + int((part + "00")[:2])


def money(minor: int, currency: str = "USD") -> str:
    """An amount for people: ``$148,000`` or ``$12.50``."""
    sign, size = ("-" if minor < 0 else ""), abs(minor)
    text = f"{size // CENTS:,}" if size % CENTS == 0 else f"{size / CENTS:,.2f}"
    return f"{sign}${text}" if currency == "USD" else f"{sign}{text} {currency}"


def hours(minutes: int) -> str:
    """Time for people: ``1:30``."""
    sign, size = ("-" if minutes < 0 else ""), abs(minutes)
    return f"{sign}{size // 60}:{size % 60:02d}"
