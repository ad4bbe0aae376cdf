"""How a coalition decides, who speaks for it, and what its public page says."""

from __future__ import annotations

from flask_babel import gettext as _

from advocacy.audit import services as audit
from advocacy.coalitions import queries, rules
from advocacy.coalitions.models import Coalition, DecisionRule
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken

TEXT_LENGTH = 5000
ALL_PCT = 100


def change_settings(
    actor: Actor,
    coalition_id: int,
    *,
    about: str,
    decision_rule: str,
    quorum_pct: int,
    spokesperson_policy: str,
    ask_limit: int | None = None,
    ask_window_days: int | None = None,
) -> Coalition:
    """Change them; decisions that are open keep the rule with which they were opened, asks the time they count for.

    Raises: NotAllowed, NotFound, RuleBroken naming the field.
    """
    rules.require(actor, "coalition.manage", coalition_id)
    if decision_rule not in set(DecisionRule):
        raise RuleBroken(_("Choose one of the answers."), field="decision_rule")
    if not 1 <= quorum_pct <= ALL_PCT:
        raise RuleBroken(_("A share is a number from 1 to 100."), field="quorum_pct")
    for field, number, least, most in (("ask_limit", ask_limit, 0, 100), ("ask_window_days", ask_window_days, 1, 365)):
        if number is not None and not least <= number <= most:
            raise RuleBroken(_("Enter a number from %(least)d to %(most)d.", least=least, most=most), field=field)
    for field, text in (("about", about), ("spokesperson_policy", spokesperson_policy)):
        if len(text) > TEXT_LENGTH:
            raise RuleBroken(_("Use at most %(num)s characters.", num=TEXT_LENGTH), field=field)
    found = queries.coalition(coalition_id)
    if ask_limit is not None:
        found.ask_limit = ask_limit
    if ask_window_days is not None:
        found.ask_window_days = ask_window_days
    asks = {"ask_limit": found.ask_limit, "ask_window_days": found.ask_window_days}
    facts = {**asks, "rule": [found.decision_rule, decision_rule], "quorum_pct": [found.quorum_pct, quorum_pct]}
    found.about, found.spokesperson_policy = about, spokesperson_policy
    found.decision_rule, found.quorum_pct = decision_rule, quorum_pct
    db.session.flush()
    audit.record(actor, "coalition.settings_changed", "coalition", found.id, coalition_id=found.id, facts=facts)
    return found
