"""Mails about joining and deciding, made from rows when they are sent."""

from __future__ import annotations

from advocacy.coalitions import decision_queries as decisions
from advocacy.coalitions import governance_words as words
from advocacy.coalitions import organization_queries as organizations
from advocacy.coalitions import queries
from advocacy.coalitions.decision_models import Decision, DecisionState
from advocacy.coalitions.name_models import NameAnswer, NameRequest
from advocacy.coalitions.organization_models import JoinRequest, JoinState
from advocacy.core.db import db
from advocacy.core.links import absolute
from advocacy.messaging import render
from advocacy.reminders import linking as reminders_linking
from advocacy.web.manifest import Content, MailFacts


def join_asked(facts: MailFacts) -> Content | None:
    """Tell an administrator that somebody asks to join; what a stranger typed is read at the desk only."""
    found = db.session.get(JoinRequest, facts.object_id)
    if found is None or found.state != JoinState.WAITING:
        return None
    if int(facts.params["user_id"]) not in queries.user_ids_with(found.coalition_id, "organizations.manage"):
        return None
    return render.content(
        "coalitions/emails/join_asked",
        facts.to,
        locale=facts.locale,
        coalition=queries.coalition(found.coalition_id),
        url=absolute("/desk/coalition/requests"),
    )


def join_accepted(facts: MailFacts) -> Content | None:
    """Welcome an organization."""
    return _join(facts, JoinState.ACCEPTED, "join_accepted")


def join_declined(facts: MailFacts) -> Content | None:
    """Say no, kindly."""
    return _join(facts, JoinState.DECLINED, "join_declined")


def _join(facts: MailFacts, state: JoinState, message: str) -> Content | None:
    found = db.session.get(JoinRequest, facts.object_id)
    if found is None or found.state != state:
        return None
    coalition = queries.coalition(found.coalition_id)
    return render.content(
        f"coalitions/emails/{message}",
        facts.to,
        locale=facts.locale,
        coalition=coalition,
        url=absolute(f"/coalitions/{coalition.slug}"),
    )


def name_asked(facts: MailFacts) -> Content | None:
    """Tell somebody that their organization is asked about the use of its name; the page says the rest."""
    found = db.session.get(NameRequest, facts.object_id)
    if found is None or found.answer != NameAnswer.WAITING:
        return None
    mine = organizations.membership_of_user(int(facts.params["user_id"]), found.coalition_id)
    if mine is None or mine.id != found.membership_id:
        return None
    return render.content(
        "coalitions/emails/name_asked",
        facts.to,
        locale=facts.locale,
        membership=mine,
        coalition=queries.coalition(found.coalition_id),
        url=absolute("/desk/coalition/names/ours"),
    )


def decision_opened(facts: MailFacts) -> Content | None:
    """Tell somebody that their organization has a vote."""
    return _decision(facts, "decision_opened", open_only=True)


def vote_reminder(facts: MailFacts) -> Content | None:
    """Remind somebody whose organization has not voted."""
    return _decision(facts, "vote_reminder", open_only=True)


def decision_ended(facts: MailFacts) -> Content | None:
    """Say what came of a decision."""
    return _decision(facts, "decision_ended", open_only=False)


def _decision(facts: MailFacts, message: str, *, open_only: bool) -> Content | None:
    found = db.session.get(Decision, facts.object_id)
    if found is None or (found.state == DecisionState.OPEN) is not open_only:
        return None
    mine = organizations.membership_of_user(int(facts.params["user_id"]), found.coalition_id)
    if mine is None or mine.id not in decisions.voter_ids(found):
        return None
    return render.content(
        f"coalitions/emails/{message}",
        facts.to,
        locale=facts.locale,
        again_url=reminders_linking.again_url(facts),
        decision=found,
        membership=mine,
        outcome=words.DECISION_STATE_WORDS[found.state][0],
        choices=words.CHOICE_WORDS,
        coalition=queries.coalition(found.coalition_id),
        url=absolute(f"/desk/decisions/{found.public_id}"),
    )
