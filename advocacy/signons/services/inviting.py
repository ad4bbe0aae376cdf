"""Ask organizations to sign, remind them, ask them again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.audit import services as audit
from advocacy.coalitions import queries as coalition_queries
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.messaging.services import sending
from advocacy.signons import queries, rules
from advocacy.signons.models import SignOn, SignOnLetter, SignOnState
from advocacy.signons.services import lettering

ROW = "sign_on"
INVITE_MAIL = "signons.invitation"
AGAIN_MAIL = "signons.words_changed"
REMIND_MAIL = "signons.reminder"
AUTHORITY_MAIL = "signons.authority"
DELIVERED_MAIL = "signons.delivered"


def invite(actor: Actor, public_id: str, membership_ids: Sequence[str]) -> int:
    """Ask these organizations, by the public ids of their memberships; gives how many were asked.

    Raises: NotFound, NotAllowed, Conflict unless the letter collects, RuleBroken when none can be asked.
    """
    letter = queries.letter_at_desk(actor, public_id, lettering.VERB, lock=True)
    if not rules.is_collecting(letter, clock.now()):
        raise Conflict(_("This letter does not collect signatures now."))
    wanted = set(membership_ids)
    chosen = [membership for membership in queries.invitable(letter) if membership.public_id in wanted]
    if not chosen:
        raise RuleBroken(_("Choose at least one organization that was not asked yet."), field="organizations")
    made = [
        SignOn(
            coalition_id=letter.coalition_id,
            letter_id=letter.id,
            membership_id=membership.id,
            organization_id=membership.organization_id,
            public_id=new_public_id(),
            state=SignOnState.INVITED,
            nonce=secrets.token_urlsafe(16),
            invited_at=clock.now(),
        )
        for membership in chosen
    ]
    db.session.add_all(made)
    db.session.flush()
    for row in made:
        mail(letter, row, INVITE_MAIL, key=f"signon:{row.id}:invite")
    _record(actor, "signon.invited", letter, {"organizations": [row.membership_id for row in made]})
    return len(made)


def remind(actor: Actor, public_id: str) -> int:
    """Write again to organizations that have not answered, at most once a day each; gives how many mails.

    Raises: NotFound, NotAllowed, Conflict unless the letter collects.
    """
    letter = queries.letter_at_desk(actor, public_id, lettering.VERB, lock=True)
    now = clock.now()
    if not rules.is_collecting(letter, now):
        raise Conflict(_("This letter does not collect signatures now."))
    rows = db.session.execute(
        select(SignOn).where(
            SignOn.letter_id == letter.id, SignOn.state.in_([SignOnState.INVITED, SignOnState.NEEDS_RECONFIRM])
        )
    ).scalars()
    sent = 0
    for row in rows.all():
        if mail(letter, row, REMIND_MAIL, key=f"signon:{row.id}:remind:{now.date().isoformat()}"):
            row.reminded_at = now
            sent += 1
    db.session.flush()
    _record(actor, "signon.reminded", letter, {"mails": sent})
    return sent


def ask_again(letter: SignOnLetter, row: SignOn) -> None:
    """Tell whoever signed that the words changed: one mail for each wording."""
    mail(letter, row, AGAIN_MAIL, key=f"signon:{row.id}:again:{letter.text_version}")


def mail(letter: SignOnLetter, row: SignOn, kind: str, *, key: str) -> bool:
    """Queue a mail to an organization; whether there was an address and the mail is new."""
    to = queries.contact_of(row)
    if not to:
        return False
    queued = sending.queue_mail(
        kind=kind,
        to=to,
        coalition_id=letter.coalition_id,
        object_kind=ROW,
        object_id=row.id,
        object_rev=letter.text_version,
        locale=coalition_queries.coalition(letter.coalition_id).locale,
        key=key,
    )
    return queued is not None


def _record(actor: Actor, action: str, letter: SignOnLetter, facts: dict[str, object]) -> None:
    audit.record(actor, action, lettering.KIND, letter.id, coalition_id=letter.coalition_id, facts=facts)
