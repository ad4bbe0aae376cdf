"""Packs from upstream: fetched, then taken in by the same strict services as files by hand. One feed, one result."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from flask_babel import gettext as _

from advocacy.civic.models import Layer, PackKind
from advocacy.civic.packs import files
from advocacy.civic.packs.files import PackRefused
from advocacy.civic.services import feeds, fetching, importing, incoming, incoming_openstates, operators
from advocacy.civic.services.feeds import Feed
from advocacy.civic.services.fetching import Fetched, FetchFailed
from advocacy.civic.services.importing import LosesSeats, Report
from advocacy.civic.services.incoming import Incoming
from advocacy.civic.source_models import FetchOutcome, PackSource
from advocacy.core import clock, logs, uow
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken

log = logs.get("civic")
LONGEST = timedelta(minutes=15)
"""A fetch that began so long ago was broken off: its job's lease has run out."""
_SHOWN = 5
type_taken = Callable[[Incoming, Report], None]


@dataclass
class Result:
    """How one feed fared."""

    outcome: FetchOutcome
    code: str = ""
    reasons: list[str] = field(default_factory=list)
    validators: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """The reasons in one line."""
        more = len(self.reasons) - _SHOWN
        shown = self.reasons[:_SHOWN] + ([_("and %(count)d more", count=more)] if more > 0 else [])
        return "; ".join(shown)[:300]


def update(
    actor: Actor,
    feed: Feed,
    *,
    dry_run: bool = False,
    force: bool = False,
    tell: Callable[[str], None] = lambda _line: None,
    taken: type_taken = lambda _pack, _report: None,
) -> Result:
    """Fetch one feed and take in what changed; whatever fails, the packs in use stay in use.

    Raises: RuleBroken where the operator forbids fetching.
    Needs: no open transaction.
    """
    operators.require(actor)
    if db.session().in_transaction():
        msg = "a transaction is open: nothing outside is asked meanwhile"
        raise RuntimeError(msg)
    if not feeds.is_allowed():
        raise RuleBroken(_("The settings forbid to fetch anything from outside (civic.outside)."))
    known = _begin(feed, is_trial=dry_run)
    with tempfile.TemporaryDirectory(prefix="civic-") as folder:
        try:
            fetched = fetching.fetch(feed, {} if force else known, Path(folder))
        except FetchFailed as error:
            outcome = FetchOutcome.ABSENT if error.code == "absent" else FetchOutcome.FAILED
            result = Result(outcome, error.code)
        else:
            result = _take_in(actor, feed, fetched, dry_run=dry_run, force=force, tell=tell, taken=taken)
    if not dry_run:
        _end(feed, result)
    log.info("pack_fetched", feed=feed.name, outcome=str(result.outcome), code=result.code)
    return result


def _take_in(
    actor: Actor,
    feed: Feed,
    fetched: Fetched | None,
    *,
    dry_run: bool,
    force: bool,
    tell: Callable[[str], None],
    taken: type_taken,
) -> Result:
    """Each pack in a unit of its own: one that is refused does not keep the others out."""
    if fetched is None:
        return Result(FetchOutcome.UNCHANGED)
    try:
        with uow.reading():
            packs = _read(feed, fetched.paths, tell)
    except PackRefused as error:
        return Result(FetchOutcome.REFUSED, "pack", [error.message])
    result = Result(FetchOutcome.UNCHANGED, validators=fetched.validators)
    for pack in packs:
        try:
            with uow.reading() if dry_run else uow.unit():
                report = importing.import_pack(actor, pack, dry_run=dry_run, force=force, tell=tell)
        except LosesSeats as error:
            result.code = "loses_seats"
            result.reasons.append(f"{pack.area}: {error.message}")
            continue
        taken(pack, report)
        if report.outcome != "unchanged":
            result.outcome = FetchOutcome.UPDATED
    if result.reasons:  # what was refused is fetched again next time
        result.outcome, result.validators = FetchOutcome.REFUSED, {}
    return result


def _read(feed: Feed, paths: Sequence[Path], tell: Callable[[str], None]) -> list[Incoming]:
    """The packs of a feed, each with the address it came from."""
    if feed.kind is PackKind.OPENSTATES:
        packs = incoming_openstates.openstates_packs(paths)
    elif feed.kind is PackKind.CONGRESS:
        packs = [incoming.congress_pack([files.read(path) for path in paths])]
    elif feed.kind is PackKind.BOUNDARIES:
        layer = feed.layer or Layer.HOUSE
        packs = [incoming.boundary_pack(files.read(paths[0]), layer, tell=tell)]
    elif feed.kind is PackKind.ZCTA:
        packs = [incoming.zcta_pack(files.read(paths[0]))]
    else:
        packs = [incoming.crosswalk_pack(files.read(paths[0]))]
    wrong = [pack.area for pack in packs if feed.area and pack.area != feed.area]
    if wrong:
        raise PackRefused(_("speaks of another place than its address: %(areas)s", areas=", ".join(wrong)))
    return [replace(pack, source=feed.urls[0][:200]) for pack in packs]


def _begin(feed: Feed, *, is_trial: bool) -> Mapping[str, list[str]]:
    """Note that a fetch begins; give what the servers said of the files in use."""
    with uow.reading() if is_trial else uow.unit():
        row = db.session.get(PackSource, feed.name)
        known = dict(row.validators) if row is not None else {}
        if not is_trial:
            row = row if row is not None else _new_row(feed.name)
            row.begun_at = clock.now()
        return known


def _end(feed: Feed, result: Result) -> None:
    with uow.unit():
        row = db.session.get(PackSource, feed.name) or _new_row(feed.name)
        row.ended_at = clock.now()
        row.outcome, row.code, row.reason = result.outcome, result.code, result.reason
        if result.outcome in {FetchOutcome.UPDATED, FetchOutcome.UNCHANGED}:
            row.well_at = row.ended_at
        if result.validators or result.outcome is FetchOutcome.REFUSED:
            row.validators = dict(result.validators)


def _new_row(name: str) -> PackSource:
    row = PackSource(name=name, validators={})
    db.session.add(row)
    return row
