"""What coalitions contribute to the house."""

from __future__ import annotations

from datetime import timedelta

from flask import g
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from advocacy.coalitions import (
    commands,
    committee_views,
    decision_views,
    desk_panels,
    emails,
    factor_guard,
    governance_emails,
    invitation_views,
    logo_queries,
    logo_views,
    name_views,
    organization_views,
    public_views,
    queries,
    reminder_kinds,
    rules,
    views,
)
from advocacy.coalitions.services import deciding, inviting, joining, naming, personal, viewing
from advocacy.core.actor import ANONYMOUS, Actor
from advocacy.web import notices
from advocacy.web.manifest import MailKind, Manifest, MenuItem, PersonalData, Place, Retention
from advocacy.web.offers import Blocker, LogoPlace


def _actor() -> Actor:
    if not current_user.is_authenticated:
        return ANONYMOUS
    return viewing.actor_of(current_user.signed_in, g.get("request_id", ""))


notices.register("invitation-sent", _l("The invitation is on its way. Its link works for seven days."))
notices.register("invitation-revoked", _l("The invitation is taken back."))
notices.register("role-granted", _l("The role is given. It holds from the next sign-in."))
notices.register("role-ended", _l("The role is ended."))

factor_guard.attach()

MANIFEST = Manifest(
    name="coalitions",
    blueprints=[
        views.bp,
        invitation_views.bp,
        organization_views.bp,
        committee_views.bp,
        decision_views.bp,
        name_views.bp,
        logo_views.bp,
        public_views.bp,
    ],
    menu=[
        MenuItem(Place.DESK, _l("Decisions"), "decisions.index", order=65, icon="vote", verb="decisions.view"),
        MenuItem(
            Place.DESK,
            _l("Organizations"),
            "organizations.index",
            order=70,
            icon="building-2",
            verb="organizations.view",
        ),
        MenuItem(
            Place.DESK, _l("Our name and logo"), "names.own_index", order=72, icon="building-2", verb="partners.own"
        ),
        MenuItem(Place.DESK, _l("Committees"), "committees.index", order=75, icon="gavel", verb="committees.view"),
        MenuItem(Place.DESK, _l("Coalition"), "coalitions.page", order=80, icon="users", verb="coalition.view"),
    ],
    panels=desk_panels.PANELS,
    commands=[commands.coalition, commands.user],
    actor_source=_actor,
    can=rules.can,
    members=queries.members,
    tenant=queries.tenant,
    mails=[
        MailKind(inviting.MAIL, emails.invitation, priority=15, service_basis="invitation"),
        MailKind(joining.ASKED_MAIL, governance_emails.join_asked, priority=40, service_basis="join_request"),
        MailKind(joining.ACCEPTED_MAIL, governance_emails.join_accepted, priority=30, service_basis="join_request"),
        MailKind(joining.DECLINED_MAIL, governance_emails.join_declined, priority=30, service_basis="join_request"),
        MailKind(naming.ASKED_MAIL, governance_emails.name_asked, priority=30, service_basis="membership"),
        MailKind(deciding.OPENED_MAIL, governance_emails.decision_opened, priority=30, service_basis="decision"),
        MailKind(deciding.ENDED_MAIL, governance_emails.decision_ended, priority=30, service_basis="decision"),
        MailKind(reminder_kinds.MAIL, governance_emails.vote_reminder, priority=30, service_basis="decision"),
    ],
    reminder_kinds=[reminder_kinds.DECISION_CLOSE],
    retention=[
        Retention("coalitions.invitations", timedelta(days=30), inviting.purge, _l("Addresses that were invited")),
        Retention(
            "coalitions.join_requests",
            timedelta(days=90),
            joining.purge,
            _l("Requests of organizations to join, once they are answered"),
        ),
    ],
    personal_data=[PersonalData("coalitions", personal.export, personal.erase)],
    logo_places=[LogoPlace("coalitions.page", logo_queries.stands_on_page)],
    standing=queries.standing,
    coalitions_of=lambda user_id: list(queries.roles_by_coalition(user_id)),
    blockers=[Blocker("user", queries.reason_against_closing)],
)
