"""Count without counting: changes are delta rows, a job sums them into the tallies, a repair compares with the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select

from advocacy.core import clock, logs
from advocacy.core.db import Statement, db, run_together
from advocacy.petitions.models import Petition, Signature, SignatureDelta
from advocacy.petitions.rules import PUBLIC_STATES

log = logs.get("petitions")
MOST = 5000

_TAKE = Statement("""
    DELETE FROM signature_delta WHERE id IN (SELECT id FROM signature_delta ORDER BY id LIMIT :most)
    RETURNING petition_id, change, day, state_code, division_id, partner_page_id""")
_ADD = Statement("""
    UPDATE petition_tally SET signature_count = signature_count + :change, counted_at = :now
    WHERE petition_id = :petition_id""")
_ADD_DAY = Statement("""
    INSERT INTO petition_day_tally (petition_id, day, signature_count) VALUES (:petition_id, :day, :change)
    ON CONFLICT (petition_id, day) DO UPDATE
    SET signature_count = petition_day_tally.signature_count + excluded.signature_count""")
_ADD_PLACE = Statement("""
    INSERT INTO petition_place_tally (petition_id, state_code, division_id, signature_count)
    VALUES (:petition_id, :state_code, :division_id, :change)
    ON CONFLICT (petition_id, state_code, division_id) DO UPDATE
    SET signature_count = petition_place_tally.signature_count + excluded.signature_count""")
_ADD_PAGE = Statement("""
    UPDATE partner_page SET signature_count = signature_count + :change WHERE id = :page_id""")

# One statement sees one moment, so confirmations and the tally job may run meanwhile: what the rows say, less what
# the tally and the waiting deltas say, is the drift.
_VERIFIED = "FROM signature WHERE petition_id = :petition_id AND state = 'verified'"
_DRIFT = Statement(f"""
    SELECT SUM(n) FROM (
        SELECT COUNT(*) AS n {_VERIFIED}
        UNION ALL SELECT -signature_count FROM petition_tally WHERE petition_id = :petition_id
        UNION ALL SELECT -change FROM signature_delta WHERE petition_id = :petition_id) AS parts""")  # noqa: S608
_DAY_DRIFT = Statement(f"""
    SELECT day, SUM(n) FROM (
        SELECT verified_on AS day, COUNT(*) AS n {_VERIFIED} GROUP BY verified_on
        UNION ALL SELECT day, -signature_count FROM petition_day_tally WHERE petition_id = :petition_id
        UNION ALL SELECT day, -change FROM signature_delta WHERE petition_id = :petition_id) AS parts
    GROUP BY day HAVING SUM(n) <> 0""")  # noqa: S608
_PLACE_DRIFT = Statement(f"""
    SELECT state_code, division_id, SUM(n) FROM (
        SELECT state_code, COALESCE(division_id, '') AS division_id, COUNT(*) AS n {_VERIFIED} GROUP BY 1, 2
        UNION ALL SELECT state_code, division_id, -signature_count FROM petition_place_tally
            WHERE petition_id = :petition_id
        UNION ALL SELECT state_code, division_id, -change FROM signature_delta
            WHERE petition_id = :petition_id) AS parts
    GROUP BY state_code, division_id HAVING SUM(n) <> 0""")  # noqa: S608
_PAGE_DRIFT = Statement(f"""
    SELECT page_id, SUM(n) FROM (
        SELECT partner_page_id AS page_id, COUNT(*) AS n {_VERIFIED} AND partner_page_id IS NOT NULL GROUP BY 1
        UNION ALL SELECT id, -signature_count FROM partner_page WHERE petition_id = :petition_id
        UNION ALL SELECT partner_page_id, -change FROM signature_delta
            WHERE petition_id = :petition_id AND partner_page_id IS NOT NULL) AS parts
    GROUP BY page_id HAVING SUM(n) <> 0""")  # noqa: S608
_ENSURE = Statement("""
    INSERT INTO petition_tally (petition_id, signature_count, counted_at) VALUES (:petition_id, 0, :now)
    ON CONFLICT (petition_id) DO NOTHING""")


@dataclass(frozen=True)
class Drift:
    """By how much the tallies differed from the rows; ``days``, ``places`` and ``pages`` say in how many cells."""

    total: int
    days: int
    places: int
    pages: int = 0

    @property
    def is_any(self) -> bool:
        """Whether anything differed."""
        return bool(self.total or self.days or self.places or self.pages)


def record_change(signature: Signature, change: int) -> None:
    """Write the delta of a verification (+1) or of its end (-1), in the caller's transaction.

    Needs: the signature's day and place as they were counted.
    """
    db.session.add(
        SignatureDelta(
            petition_id=signature.petition_id,
            change=change,
            day=signature.verified_on,
            state_code=signature.state_code,
            division_id=signature.division_id or "",
            partner_page_id=signature.partner_page_id,
            at=clock.now(),
        )
    )


def is_waiting() -> bool:
    """Whether any delta waits."""
    return bool(db.session.execute(select(exists(select(SignatureDelta.id)))).scalar())


def take_in_deltas(most: int = MOST) -> int:
    """Sum up to ``most`` deltas into the tallies and delete them; gives how many."""
    rows = run_together(db.session(), [(_TAKE, {"most": most})])[0]
    totals: Counter[int] = Counter()
    days: Counter[tuple[int, Any]] = Counter()
    places: Counter[tuple[int, str, str]] = Counter()
    pages: Counter[int] = Counter()
    for petition_id, change, day, state_code, division_id, page_id in rows:
        totals[petition_id] += change
        days[petition_id, day] += change
        places[petition_id, state_code, division_id] += change
        if page_id is not None:
            pages[page_id] += change
    now = clock.now()
    steps = [(_ADD, {"petition_id": key, "change": change, "now": now}) for key, change in sorted(totals.items())]
    steps += _day_steps(days.items()) + _place_steps(places.items()) + _page_steps(pages.items())
    run_together(db.session(), steps)
    return len(rows)


def recount(petition_id: int) -> Drift:
    """Make the tallies of a petition agree with its rows; changes that wait as deltas stay to be taken in."""
    key = {"petition_id": petition_id, "now": clock.now()}
    _none, total, days, places, pages = run_together(
        db.session(),
        [(_ENSURE, key), (_DRIFT, key), (_DAY_DRIFT, key), (_PLACE_DRIFT, key), (_PAGE_DRIFT, key)],
    )
    drift = Drift(int(total[0][0]), len(days), len(places), len(pages))
    if drift.is_any:
        steps = [(_ADD, {**key, "change": drift.total})]
        steps += _day_steps([((petition_id, row[0]), int(row[1])) for row in days])
        steps += _place_steps([((petition_id, row[0], row[1]), int(row[2])) for row in places])
        steps += _page_steps((int(row[0]), int(row[1])) for row in pages)
        run_together(db.session(), steps)
        log.error("count_drift", petition_id=petition_id, total=drift.total, days=drift.days, places=drift.places)
    return drift


def counted_petitions() -> list[int]:
    """The petitions whose tallies are worth comparing every night."""
    return list(db.session.execute(select(Petition.id).where(Petition.state.in_(PUBLIC_STATES))).scalars())


def _day_steps(changes: Iterable[tuple[tuple[int, Any], int]]) -> list[tuple[Statement, dict[str, Any]]]:
    return [
        (_ADD_DAY, {"petition_id": petition_id, "day": day, "change": change})
        for (petition_id, day), change in sorted(changes)
        if change
    ]


def _place_steps(changes: Iterable[tuple[tuple[int, str, str], int]]) -> list[tuple[Statement, dict[str, Any]]]:
    return [
        (
            _ADD_PLACE,
            {"petition_id": petition_id, "state_code": state_code, "division_id": division_id, "change": change},
        )
        for (petition_id, state_code, division_id), change in sorted(changes)
        if change
    ]


def _page_steps(changes: Iterable[tuple[int, int]]) -> list[tuple[Statement, dict[str, Any]]]:
    return [(_ADD_PAGE, {"page_id": page_id, "change": change}) for page_id, change in sorted(changes) if change]
