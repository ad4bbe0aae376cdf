"""What coalitions contribute to the house."""

from __future__ import annotations

from datetime import timedelta

from flask import g
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from advocacy.coalitions import commands, emails, invitation_views, queries, rules, views
from advocacy.coalitions.services import inviting, viewing
from advocacy.core.actor import ANONYMOUS, Actor
from advocacy.web import notices
from advocacy.web.manifest import Blocker, MailKind, Manifest, MenuItem, Place, Retention


def _actor() -> Actor:
    if not current_user.is_authenticated:
        return ANONYMOUS
    return viewing.actor_of(current_user.signed_in, g.get("request_id", ""))


notices.register("invitation-sent", _l("The invitation is on its way. Its link works for seven days."))
notices.register("invitation-revoked", _l("The invitation is taken back."))
notices.register("role-granted", _l("The role is given. It holds from the next sign-in."))
notices.register("role-ended", _l("The role is ended."))

MANIFEST = Manifest(
    name="coalitions",
    blueprints=[views.bp, invitation_views.bp],
    menu=[MenuItem(Place.DESK, _l("Coalition"), "coalitions.page", order=80, icon="users", verb="coalition.view")],
    commands=[commands.coalition, commands.user],
    actor_source=_actor,
    can=rules.can,
    mails=[MailKind(inviting.MAIL, emails.invitation, priority=15, service_basis="invitation")],
    retention=[
        Retention("coalitions.invitations", timedelta(days=30), inviting.purge, _l("Addresses that were invited")),
    ],
    standing=queries.standing,
    blockers=[Blocker("user", queries.reason_against_closing)],
)
