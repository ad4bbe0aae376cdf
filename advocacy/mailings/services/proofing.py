"""Send a broadcast to oneself and to the coalition's test list, as proof."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import delete

from advocacy.audit import services as audit
from advocacy.coalitions import queries as coalition_queries
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.mailings import broadcast_queries as queries
from advocacy.mailings import broadcast_rules as rules
from advocacy.mailings.broadcast_models import OBJECT_KIND, Broadcast, ProofReader
from advocacy.messaging.services import sending
from advocacy.web.manifest import house

PROOF_MAIL = "mailings.broadcast_test"
MOST_READERS = 20


def send_proof(actor: Actor, public_id: str, *, to_list: bool) -> int:
    """Send it to oneself, or to oneself and the test list; gives to how many.

    Raises: NotFound, NotAllowed.
    """
    found = queries.broadcast(actor, public_id, rules.MANAGE)
    readers = {actor.user_id} if actor.user_id is not None else set()
    if to_list:
        still_here = {member.user_id for member in coalition_queries.people(actor, found.coalition_id)}
        readers |= queries.proof_readers(found.coalition_id) & still_here
    for user_id in sorted(readers):
        _send(found, user_id)
    audit.record(
        actor, "broadcast.tested", OBJECT_KIND, found.id, coalition_id=found.coalition_id, facts={"to": len(readers)}
    )
    return len(readers)


def choose_readers(actor: Actor, coalition_id: int, public_ids: Collection[str]) -> None:
    """Say who is on the coalition's test list: people who hold a role in it.

    Raises: NotAllowed, RuleBroken; NotFound for somebody else.
    """
    members = {member.public_id: member.user_id for member in coalition_queries.people(actor, coalition_id)}
    if not members.keys() >= set(public_ids):
        raise NotFound
    chosen = {members[public_id] for public_id in public_ids}
    if len(chosen) > MOST_READERS:
        raise RuleBroken(_("Choose at most %(most)s people.", most=MOST_READERS), field="readers")
    db.session.execute(delete(ProofReader).where(ProofReader.coalition_id == coalition_id))
    db.session.add_all(ProofReader(coalition_id=coalition_id, user_id=user_id) for user_id in sorted(chosen))
    db.session.flush()
    audit.record(
        actor, "broadcast.test_list", "coalition", coalition_id, coalition_id=coalition_id, facts={"to": len(chosen)}
    )


def _send(found: Broadcast, user_id: int) -> None:
    _name, email, _locale = house().contact(user_id)
    sending.queue_mail(
        kind=PROOF_MAIL,
        to=email,
        coalition_id=found.coalition_id,
        object_kind=OBJECT_KIND,
        object_id=found.id,
        object_rev=found.rev,
        params={"user": user_id},
        locale=found.locale,
        key=f"{PROOF_MAIL}:{new_public_id()}",
    )
