"""Seal the record a few seconds behind the deeds."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from advocacy.audit.queries import has_unsealed
from advocacy.audit.services import ChainBroken, seal_events
from advocacy.core import logs
from advocacy.core.jobs_spec import GiveUp, Job, Periodic, type_args

log = logs.get("audit")


def _seal(args: type_args) -> None:
    del args
    try:
        seal_events()
    except ChainBroken as error:
        log.exception("audit_chain_broken")
        raise GiveUp(error.message) from None


SEAL = Job("audit.seal", _seal)
EVERY_2_S = Periodic("audit.seal", SEAL.name, timedelta(seconds=2), has_unsealed, label=_l("Seal the record of deeds"))
