"""Write a broadcast and choose whom it is for."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import exists, select

from advocacy.audit import services as audit
from advocacy.campaigns.models import Campaign
from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions import rules as coalition_rules
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.mailings import broadcast_queries as queries
from advocacy.mailings import broadcast_rules as rules
from advocacy.mailings import merging
from advocacy.mailings.audiences import Rule
from advocacy.mailings.broadcast_models import OBJECT_KIND, Broadcast, BroadcastState
from advocacy.petitions.models import Petition
from advocacy.queue import port

SIZE_JOB = "mailings.size_audience"


@dataclass(frozen=True)
class Words:
    """What a broadcast says, and what it is about."""

    title: str
    subject: str
    body: str
    name_fallback: str
    locale: str = "en"
    campaign_id: int | None = None
    petition_id: int | None = None


def create_broadcast(actor: Actor, coalition_id: int, words: Words, rule: Rule) -> Broadcast:
    """Write a draft, and let its audience be counted.

    Raises: NotAllowed, RuleBroken naming the field.
    """
    coalition_rules.require(actor, rules.MANAGE, coalition_id)
    made = Broadcast(
        coalition_id=coalition_id,
        public_id=new_public_id(),
        rev=1,
        tz=coalition_queries.coalition(coalition_id).tz,
        state=BroadcastState.DRAFT,
        created_by=actor.user_id,
        created_at=clock.now(),
    )
    _fill(actor, made, words, rule)
    db.session.add(made)
    db.session.flush()
    size_later(made)
    _record(actor, "broadcast.created", made)
    return made


def change_broadcast(actor: Actor, public_id: str, words: Words, rule: Rule, *, rev: int) -> Broadcast:
    """Change what it says or to whom, until sending begins; an approval or a date of the old words falls with them.

    Raises: NotFound, NotAllowed, RuleBroken; Conflict when somebody changed it since ``rev``.
    """
    found = queries.broadcast(actor, public_id, rules.MANAGE, lock=True)
    require_rev(found, rev)
    if found.state not in rules.EDITABLE:
        raise Conflict(_("Sending has begun. What this mailing says stays as it is."))
    found.approved_by = found.approved_at = found.approved_rev = None
    found.needs_approval, found.state = False, BroadcastState.DRAFT
    found.scheduled_at = found.scheduled_local = None
    found.size_count = found.size_rev = None
    found.rev, found.sample = found.rev + 1, []
    _fill(actor, found, words, rule)
    db.session.flush()
    size_later(found)
    _record(actor, "broadcast.changed", found)
    return found


def require_rev(found: Broadcast, rev: int) -> None:
    """Refuse to act on words that somebody has changed since they were shown.

    Raises: Conflict.
    """
    if found.rev != rev:
        raise Conflict(_("Somebody else has just changed this mailing. Reload the page to see how it stands."))


def size_later(found: Broadcast) -> None:
    """Let the worker count the audience: a count over everybody is no work for a request."""
    port.enqueue(db.session(), SIZE_JOB, {"broadcast": found.id}, priority=30, dedupe_key=f"{SIZE_JOB}:{found.id}")


def _fill(actor: Actor, found: Broadcast, words: Words, rule: Rule) -> None:
    if not words.subject or not words.body:
        raise RuleBroken(_("Write a subject and a text."), field="subject" if not words.subject else "body")
    _require_own(found.coalition_id, Campaign, {words.campaign_id, rule.campaign_id}, "campaign")
    _require_own(found.coalition_id, Petition, {words.petition_id, rule.signed_id, rule.unsigned_id}, "petition")
    having = {"coalition", merging.FIRST_NAME}
    having |= {"campaign"} if words.campaign_id else set()
    having |= {"petition", "petition_link"} if words.petition_id else set()
    merging.require_known(words.subject, "subject", having)
    merging.require_known(words.body, "body", having)
    found.title, found.subject, found.body = words.title or words.subject, words.subject, words.body
    found.name_fallback, found.locale = words.name_fallback or _("friend"), words.locale
    found.campaign_id, found.petition_id = words.campaign_id, words.petition_id
    found.purpose, found.audience = str(rule.purpose), rule.as_json()
    found.edited_by = actor.user_id


def _require_own(coalition_id: int, table: type[Campaign | Petition], ids: set[int | None], field: str) -> None:
    """Refuse what is another coalition's: a rule is data, so no foreign key keeps it at home.

    Raises: RuleBroken.
    """
    for wanted in ids - {None}:
        is_own = select(exists().where(table.id == wanted, table.coalition_id == coalition_id))
        if not db.session.execute(is_own).scalar():
            raise RuleBroken(_("Choose one from the list."), field=field)


def _record(actor: Actor, action: str, found: Broadcast) -> None:
    audit.record(actor, action, OBJECT_KIND, found.id, coalition_id=found.coalition_id, facts={"rev": found.rev})
