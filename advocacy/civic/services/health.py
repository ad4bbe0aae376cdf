"""What the doctor says of the packs."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _

from advocacy.civic import queries, rules
from advocacy.civic.models import PackKind
from advocacy.core import clock

_OLD = timedelta(days=120)


def packs_in_use() -> tuple[bool, str]:
    """Fine while no pack is old and, where real districts are loaded, they hold today. No packs at all is fine too."""
    today = clock.now().date()
    packs = [pack for pack in queries.active_packs() if not pack.is_demo]
    if not packs:
        return True, _("no data packs imported; ZIP codes give the state, and the seat where a state has only one")
    old = [
        pack
        for pack in packs
        if today - (pack.data_on or pack.imported_at.date()) > _OLD and pack.kind == PackKind.CONGRESS
    ]
    held = {pack.kind for pack in packs if pack.covers(today)}
    gone = sorted({pack.kind for pack in packs if pack.kind in {PackKind.BOUNDARIES, PackKind.ZCTA}} - held)
    ages = ", ".join(
        f"{pack.kind} {pack.edition or pack.area} {(today - pack.imported_at.date()).days} d" for pack in packs
    )
    if gone:
        return False, _(
            "no pack of the %(number)dth Congress for: %(kinds)s",
            number=rules.congress_on(today),
            kinds=", ".join(gone),
        )
    if old:
        return False, _(
            "the list of members is older than %(days)d days; import a new one (%(ages)s)", days=_OLD.days, ages=ages
        )
    return True, ages
