"""What the doctor says of the packs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import gettext as _

from advocacy.civic import queries, rules
from advocacy.civic.models import PackKind
from advocacy.civic.queries import Pack
from advocacy.core import clock

_OLD = timedelta(days=120)


def packs_in_use() -> tuple[bool, str]:
    """Fine while no pack is old and, where real districts are loaded, they hold today. No packs at all is fine too."""
    today = clock.now().date()
    packs = [pack for pack in queries.active_packs() if not pack.is_demo]
    if not packs:
        return True, _("no data packs imported; ZIP codes give the state, and the seat where a state has only one")
    old = [
        pack for pack in packs if today - pack.made_on > _OLD and pack.kind in {PackKind.CONGRESS, PackKind.OPENSTATES}
    ]
    held = {pack.kind for pack in packs if pack.covers(today)}
    gone = sorted({pack.kind for pack in packs if pack.kind in {PackKind.BOUNDARIES, PackKind.ZCTA}} - held)
    ages = _ages(packs, today)
    if gone:
        return False, _(
            "no pack of the %(number)dth Congress for: %(kinds)s",
            number=rules.congress_on(today),
            kinds=", ".join(gone),
        )
    if old:
        return False, _(
            "a list of members is older than %(days)d days; import a new one (%(ages)s)", days=_OLD.days, ages=ages
        )
    return True, ages


def _ages(packs: Sequence[Pack], today: date) -> str:
    """Each kind with its oldest data; a whole country is 150 packs."""
    found: dict[str, list[int]] = {}
    for pack in packs:
        name = " ".join(filter(None, (pack.kind, pack.layer, pack.edition)))
        found.setdefault(name, []).append((today - pack.made_on).days)
    return ", ".join(
        f"{name} {max(days)} d" + (f" ({len(days)} packs)" if len(days) > 1 else "") for name, days in found.items()
    )
