"""What campaigns contribute to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.campaigns import emails, panels, receivers, reminder_kinds
from advocacy.campaigns.queries import actions
from advocacy.campaigns.queries.campaigns import VIEW, is_public_slug
from advocacy.campaigns.views import bills, board, campaigns, facts, message, offers, plan, positions, public, steps
from advocacy.coalitions.signals import decision_passed
from advocacy.web.manifest import MailKind, Manifest, MenuItem, Place
from advocacy.web.offers import ActionSource

MANIFEST = Manifest(
    name="campaigns",
    blueprints=[
        public.bp,
        campaigns.bp,
        steps.bp,
        plan.bp,
        offers.bp,
        board.bp,
        message.bp,
        bills.bp,
        positions.bp,
        facts.bp,
    ],
    menu=[
        MenuItem(Place.PUBLIC, _l("Campaigns"), "campaigns.list_campaigns", order=15, icon="flag"),
        MenuItem(Place.DESK, _l("My tasks"), "campaigns_board.my_tasks", order=5, icon="list-checks", verb=VIEW),
        MenuItem(Place.DESK, _l("Campaigns"), "campaigns_desk.index", order=20, icon="flag", verb=VIEW),
        MenuItem(Place.DESK, _l("Bills"), "campaigns_bills.index", order=22, icon="gavel", verb=VIEW),
        MenuItem(Place.DESK, _l("Facts"), "campaigns_facts.index", order=24, icon="book-open", verb=VIEW),
    ],
    receivers=[(decision_passed, receivers.on_decision_passed)],
    panels=panels.PANELS,
    mails=[
        MailKind("campaigns.task_due", emails.task_due, priority=30, service_basis="task"),
        MailKind("campaigns.milestone_due", emails.milestone_due, priority=30, service_basis="milestone"),
        MailKind("campaigns.fact_review", emails.fact_review, priority=40, service_basis="fact"),
    ],
    reminder_kinds=reminder_kinds.KINDS,
    is_campaign=is_public_slug,
    campaign_actions=[ActionSource("campaigns", actions.own_open_actions)],
)
