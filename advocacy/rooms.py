"""The rooms of this house, lowest first: the one list that a new room joins."""

from __future__ import annotations

from advocacy.accounts import manifest as accounts
from advocacy.audit import manifest as audit
from advocacy.campaigns import manifest as campaigns
from advocacy.civic import manifest as civic
from advocacy.coalitions import manifest as coalitions
from advocacy.consent import manifest as consent
from advocacy.demo import manifest as demo
from advocacy.desk import manifest as desk
from advocacy.hearings import manifest as hearings
from advocacy.legislators import manifest as legislators
from advocacy.mailings import manifest as mailings
from advocacy.messaging import manifest as messaging
from advocacy.ops import manifest as ops
from advocacy.outreach import manifest as outreach
from advocacy.petitions import manifest as petitions
from advocacy.queue import manifest as queue
from advocacy.reminders import manifest as reminders
from advocacy.signons import manifest as signons
from advocacy.site import manifest as site
from advocacy.supporters import manifest as supporters
from advocacy.tracking import manifest as tracking
from advocacy.web.manifest import Manifest

MANIFESTS: tuple[Manifest, ...] = (
    audit.MANIFEST,
    queue.MANIFEST,
    messaging.MANIFEST,
    civic.MANIFEST,
    reminders.MANIFEST,
    ops.MANIFEST,
    accounts.MANIFEST,
    coalitions.MANIFEST,
    supporters.MANIFEST,
    legislators.MANIFEST,
    consent.MANIFEST,
    campaigns.MANIFEST,
    petitions.MANIFEST,
    signons.MANIFEST,
    hearings.MANIFEST,
    outreach.MANIFEST,
    mailings.MANIFEST,
    tracking.MANIFEST,
    site.MANIFEST,
    desk.MANIFEST,
    demo.MANIFEST,
)
