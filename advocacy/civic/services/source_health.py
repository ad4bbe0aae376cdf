"""How the sources outside fare, for people who look after this house."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from advocacy.civic.services import circuits
from advocacy.civic.services.circuits import Left
from advocacy.civic.services.sources import DAY_S, HOUR_S, MINUTE_S, configured
from advocacy.core import clock

STATES: dict[str, Any] = {
    "unused": _l("not asked yet"),
    "fine": _l("answers"),
    "open": _l("fails; left alone, then tried again"),
    "parked": _l("over its limit; left alone until it counts anew"),
    "key": _l("refuses the key; check it"),
    "dry": _l("our share of its limit is used up"),
}
WINDOWS: dict[int, Any] = {MINUTE_S: _l("this minute"), HOUR_S: _l("this hour"), DAY_S: _l("today")}
CODES: dict[str, Any] = {
    "connect": _l("no connection"),
    "timeout": _l("no answer in time"),
    "reset": _l("the connection broke"),
    "address": _l("its name leads to an address that is not called"),
    "redirect": _l("sends us to another host"),
    "too_big": _l("an answer that is too large"),
    "not_json": _l("an answer that is no JSON"),
    "shape": _l("an answer of an unknown shape"),
    "server": _l("an error of its own"),
    "limit": _l("too many calls"),
    "key": _l("the key was refused"),
    "refused": _l("it would not answer"),
    "html": _l("a web page instead of a file"),
    "absent": _l("no file is there (yet)"),
    "pack": _l("the file cannot be used"),
    "loses_seats": _l("too many seats are missing in it"),
}


@dataclass(frozen=True)
class SourceLine:
    """One source: its state, when it last answered, what may still be asked by our count."""

    name: str
    title: str
    state: str
    last_success_at: datetime | None
    last_failure_at: datetime | None
    failure: str
    parked_until: datetime | None
    open_routes: tuple[str, ...]
    left: Sequence[Left]
    is_experimental: bool = False

    @property
    def is_fine(self) -> bool:
        """Whether it may be asked and answers."""
        return self.state in {"fine", "unused"}

    @property
    def state_words(self) -> str:
        """The state for people."""
        return str(STATES[self.state])


def lines() -> list[SourceLine]:
    """Every source that may be asked."""
    now = clock.now()
    found = []
    for source in configured().values():
        rows = circuits.states(source)
        whole = rows.get(circuits.WHOLE)
        parked = whole.parked_until if whole and whole.parked_until and whole.parked_until > now else None
        routes = tuple(sorted(name for name, row in rows.items() if circuits.is_open(row)))
        failed = max((row for row in rows.values() if row.last_failure_at), key=_failed_at, default=None)
        left = circuits.left(source)
        state = "fine" if any(row.last_success_at for row in rows.values()) else "unused"
        if parked is not None:
            state = "key" if whole and whole.last_code == "key" else "parked"
        elif routes:
            state = "open"
        elif any(one.used >= one.allowed for one in left):
            state = "dry"
        found.append(
            SourceLine(
                source.name,
                source.title,
                state,
                max((row.last_success_at for row in rows.values() if row.last_success_at), default=None),
                failed.last_failure_at if failed else None,
                str(CODES.get(failed.last_code, "")) if failed else "",
                parked,
                routes,
                left,
                source.is_experimental,
            )
        )
    return found


def _failed_at(row: Any) -> datetime:  # noqa: ANN401 - a row with that column
    at: datetime = row.last_failure_at
    return at


def sources() -> tuple[bool, str]:
    """A line of readiness; never a bad one: while a source fails, look-ups go on by ZIP code and by hand."""
    found = lines()
    if not found:
        return True, _("nothing outside is asked")
    return True, "; ".join(f"{line.name}: {line.state_words}" for line in found)
