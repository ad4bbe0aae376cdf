"""What civic contributes to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.civic import commands, editor_views, jobs, views
from advocacy.civic.services import answer_cache, health, operators, overview, source_health
from advocacy.web.manifest import HealthCheck, Manifest, MenuItem, Place, Retention

MANIFEST = Manifest(
    name="civic",
    blueprints=(views.bp, editor_views.bp),
    menu=(MenuItem(Place.DESK, _l("Civic data"), "civic_desk.packs", order=94, icon="layers", verb=operators.MANAGE),),
    commands=(commands.civic,),
    jobs=(jobs.UPDATE, jobs.PLAN, jobs.REFRESH, jobs.RENEW),
    periodic=(jobs.NIGHTLY, jobs.HOURLY),
    health=(
        HealthCheck("civic_packs", health.packs_in_use, doctor_only=True),
        HealthCheck("civic_updates", overview.updates, doctor_only=True),
        HealthCheck("civic_sources", source_health.sources),
    ),
    retention=(
        Retention(
            "civic.answers",
            answer_cache.KEEP,
            answer_cache.purge,
            _l(
                "Which district an address lies in, under a scrambled mark in place of the address; what sources"
                " outside said of bills and of people in office"
            ),
        ),
    ),
)
