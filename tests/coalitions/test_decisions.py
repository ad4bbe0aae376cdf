"""Decisions and votes: what the database refuses, what is counted, who is written to."""

from __future__ import annotations

import dataclasses
import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from advocacy.audit.models import AuditEvent
from advocacy.coalitions import decision_queries as decisions
from advocacy.coalitions import signals
from advocacy.coalitions.decision_models import Decision, SeatVoice, Vote
from advocacy.coalitions.models import Coalition
from advocacy.coalitions.services import deciding, governing, minuting, organizing, voting
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from advocacy.messaging.models import Mail
from advocacy.reminders.services import firing
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.factories.organizations import (
    acting,
    hold_seat,
    make_committee,
    make_decision,
    make_organization,
    make_representative,
)
from tests.support.queries import count_queries
from tests.support.reminding import keep_awake
from tests.support.work import run_due

DAY_S = 86_400
WEEK = timedelta(days=7)


def members(coalition_id, number):
    found = [make_organization(coalition_id) for _one in range(number)]
    return [(membership, make_representative(membership)) for membership in found]


def say(member, decision, choice="support", reason="It harms."):
    membership, user_id = member
    with uow.unit():
        return voting.cast_vote(acting(membership, user_id), decision.public_id, choice, reason).id


def row_of(member, decision, **changed):
    membership, user_id = member
    facts = {"coalition_id": membership.coalition_id, "decision_id": decision.id, "membership_id": membership.id}
    return Vote(**facts | {"choice": "support", "cast_by": user_id, "cast_at": clock.now()} | changed)


def store(row):
    with uow.unit():
        db.session.add(row)
        db.session.flush()


def tick(app):
    """What the worker does when it looks at the clock."""
    with uow.unit():
        keep_awake()
        firing.hand_to_queue()
    run_due(app)


def state_of(decision):
    with uow.reading():
        return db.session.get_one(Decision, decision.id).state


def result_of(decision):
    with uow.reading():
        return db.session.get_one(Decision, decision.id).result


def set_rule(coalition_id, rule, quorum_pct=50):
    with uow.unit():
        governing.change_settings(
            system_actor(), coalition_id, about="", decision_rule=rule, quorum_pct=quorum_pct, spokesperson_policy=""
        )


@pytest.mark.both_databases
def test_i035_the_database_refuses_a_second_vote_of_one_organization(app):
    coalition_id = make_coalition()
    (one,) = members(coalition_id, 1)
    decision = make_decision(coalition_id)
    say(one, decision)
    with pytest.raises(IntegrityError):
        store(row_of(one, decision))


@pytest.mark.both_databases
def test_i035_a_change_supersedes_and_both_are_kept(app):
    coalition_id = make_coalition()
    (one,) = members(coalition_id, 1)
    colleague = (one[0], make_representative(one[0]))
    decision = make_decision(coalition_id)
    first = say(one, decision)
    assert say(one, decision, "support", "It harms.") == first
    second = say(colleague, decision, "block")
    with uow.reading():
        assert [vote.id for vote in decisions.standing_votes(decision.id)] == [second]
        assert len(db.session.execute(select(Vote)).all()) == 2
        assert decisions.count_votes(db.session.get_one(Decision, decision.id)).block == 1


@pytest.mark.both_databases
def test_i035_votes_are_neither_changed_nor_deleted(app):
    coalition_id = make_coalition()
    (one,) = members(coalition_id, 1)
    decision = make_decision(coalition_id)
    say(one, decision)
    for statement in (
        update(Vote).values(choice="block"),
        update(Vote).values(choice="block", superseded_at=clock.now()),
        update(Vote).values(reason="other", superseded_at=clock.now()),
        delete(Vote),
    ):
        with pytest.raises(DBAPIError), uow.unit():
            db.session.execute(statement)


@pytest.mark.both_databases
def test_i036_the_database_refuses_a_vote_before_opening_and_after_closing(app, move_clock):
    coalition_id = make_coalition()
    (one,) = members(coalition_id, 1)
    draft = make_decision(coalition_id, is_open=False)
    with pytest.raises(DBAPIError):
        store(row_of(one, draft))
    decision = make_decision(coalition_id)
    with pytest.raises(DBAPIError):
        store(row_of(one, decision, cast_at=clock.now() - timedelta(days=1)))
    say(one, decision)
    move_clock(8 * DAY_S)
    with pytest.raises(Conflict):
        say(one, decision, "block")
    with pytest.raises(DBAPIError), uow.unit():
        db.session.execute(update(Vote).values(superseded_at=clock.now()))
    other = members(coalition_id, 1)[0]
    with pytest.raises(DBAPIError):
        store(row_of(other, decision))


@pytest.mark.both_databases
def test_i037_rule_and_words_are_frozen_when_voting_opens(app):
    coalition_id = make_coalition()
    members(coalition_id, 2)
    set_rule(coalition_id, "two_thirds", 60)
    decision = make_decision(coalition_id)
    set_rule(coalition_id, "consensus", 100)
    assert decision.rule_snapshot["rule"] == "two_thirds"
    assert decision.rule_snapshot["quorum_pct"] == 60
    assert len(decision.rule_snapshot["voters"]) == 2
    for changed in (
        {"rule_snapshot": {"rule": "majority", "quorum_pct": 1, "voters": [], "lead": None}},
        {"rule_snapshot": None},
        {"text": "Something else."},
        {"closes_at": clock.now() + timedelta(days=90)},
        {"kind": "budget"},
    ):
        with pytest.raises(DBAPIError), uow.unit():
            db.session.execute(update(Decision).where(Decision.id == decision.id).values(**changed))
    actor = system_actor(coalition_id=coalition_id)
    with pytest.raises(Conflict), uow.unit():
        deciding.edit_decision(
            actor,
            decision.public_id,
            version=decision.version,
            kind="budget",
            title="x",
            text="y",
            closes_at=clock.now() + WEEK,
        )


@pytest.mark.both_databases
def test_i037_a_decision_that_ended_stays_ended(app, move_clock):
    coalition_id = make_coalition()
    (one,) = members(coalition_id, 1)
    decision = make_decision(coalition_id)
    say(one, decision)
    move_clock(8 * DAY_S)
    tick(app)
    assert state_of(decision) == "passed"
    for state in ("open", "failed", "draft", "withdrawn"):
        with pytest.raises(DBAPIError), uow.unit():
            db.session.execute(update(Decision).values(state=state, ended_at=None if state == "open" else clock.now()))
    with pytest.raises(Conflict), uow.unit():
        deciding.withdraw_decision(system_actor(coalition_id=coalition_id), decision.public_id)


@pytest.mark.both_databases
def test_i038_story_policy_needs_the_lived_experience_seats(app, move_clock):
    coalition_id = make_coalition()
    voters = members(coalition_id, 2)
    committee = make_committee(coalition_id, seats=4, lived=3)
    speakers = [make_member(coalition_id, "speaker") for _one in range(3)]
    for number, user_id in enumerate(speakers, start=2):
        hold_seat(committee, number, user_id)
    blocked, agreed = (make_decision(coalition_id, kind="story_policy", title=title) for title in ("One", "Two"))
    for decision in (blocked, agreed):
        for voter in voters:
            say(voter, decision)
    for decision, choices in ((blocked, ("block", "block", "agree")), (agreed, ("block", "agree"))):
        for user_id, choice in zip(speakers, choices, strict=False):
            actor = actor_in(coalition_id, "seat_holder", user_id=user_id)
            with uow.unit():
                voting.speak_for_seat(actor, decision.public_id, choice)
    with pytest.raises(DBAPIError), uow.unit():
        db.session.execute(
            update(Decision)
            .where(Decision.id == blocked.id)
            .values(state="passed", ended_at=clock.now(), result={"support": 2})
        )
    move_clock(8 * DAY_S)
    tick(app)
    assert state_of(blocked) == "failed"
    assert result_of(blocked) | {"seats": 3, "seats_block": 2} == result_of(blocked)
    assert state_of(agreed) == "passed"


def test_i038_without_a_filled_seat_story_policy_does_not_pass(app, move_clock):
    coalition_id = make_coalition()
    (voter,) = members(coalition_id, 1)
    make_committee(coalition_id)
    decision = make_decision(coalition_id, kind="story_policy")
    say(voter, decision)
    with uow.unit(), pytest.raises(NotAllowed):
        voting.speak_for_seat(acting(*voter), decision.public_id, "agree")
    move_clock(8 * DAY_S)
    tick(app)
    assert state_of(decision) == "failed"


@pytest.mark.both_databases
def test_i038_a_seat_speaks_once_and_only_for_itself(app):
    coalition_id = make_coalition()
    members(coalition_id, 1)
    committee = make_committee(coalition_id, seats=2, lived=1)
    user_id = make_member(coalition_id, "speaker")
    hold_seat(committee, 2, user_id)
    decision = make_decision(coalition_id, kind="story_policy")
    actor = actor_in(coalition_id, "seat_holder", user_id=user_id)
    for choice in ("block", "block", "agree"):
        with uow.unit():
            voting.speak_for_seat(actor, decision.public_id, choice)
    with uow.reading():
        rows = db.session.execute(select(SeatVoice).order_by(SeatVoice.id)).scalars().all()
        assert [(row.choice, row.superseded_at is None) for row in rows] == [("block", False), ("agree", True)]
        seat_id = rows[0].seat_id
    with pytest.raises(IntegrityError):
        store(
            SeatVoice(
                coalition_id=coalition_id,
                decision_id=decision.id,
                seat_id=seat_id,
                choice="block",
                cast_by=user_id,
                cast_at=clock.now(),
            )
        )


@pytest.mark.both_databases
def test_i032_a_vote_of_another_tenant_is_refused_by_the_database(app):
    one, two = make_coalition(), make_coalition()
    members(one, 1)
    (stranger,) = members(two, 1)
    decision = make_decision(one)
    for coalition_id in (one, two):
        with pytest.raises(DBAPIError):
            store(row_of(stranger, decision, coalition_id=coalition_id))
    with pytest.raises(NotFound), uow.unit():
        voting.cast_vote(acting(*stranger), decision.public_id, "support")


@pytest.mark.parametrize("tier", ["endorser", "observer"])
def test_i032_who_has_no_vote_cannot_vote(app, tier):
    coalition_id = make_coalition()
    members(coalition_id, 1)
    listener = make_organization(coalition_id, tier=tier)
    decision = make_decision(coalition_id)
    actor = acting(listener, make_representative(listener))
    with pytest.raises(NotAllowed), uow.unit():
        voting.cast_vote(actor, decision.public_id, "support")
    newcomer = members(coalition_id, 1)[0]
    with pytest.raises(NotAllowed):
        say(newcomer, decision)  # it had no vote when voting opened


def test_a_block_says_why(app):
    coalition_id = make_coalition()
    (one,) = members(coalition_id, 1)
    decision = make_decision(coalition_id)
    with pytest.raises(RuleBroken):
        say(one, decision, "block", " ")
    with pytest.raises(RuleBroken):
        say(one, decision, "perhaps")


@pytest.mark.both_databases
def test_j1_the_decision_of_seven_passes_and_is_announced_once(app, move_clock):
    """Journey J1, step 1."""
    coalition_id = make_coalition()
    set_rule(coalition_id, "two_thirds", 50)
    seven = members(coalition_id, 7)
    decision = make_decision(coalition_id)
    for one in seven[:5]:
        say(one, decision)
    say(seven[5], decision, "stand_aside")
    heard = []

    def hear(sender, **facts):
        heard.append(facts)

    move_clock(8 * DAY_S)
    with signals.decision_passed.connected_to(hear):
        tick(app)
        with uow.unit():
            deciding.close_when_due(decision.id)
    assert heard == [{"decision_id": decision.id, "coalition_id": coalition_id, "kind": "position"}]
    assert result_of(decision) == {
        "voters": 7,
        "support": 5,
        "stand_aside": 1,
        "abstain": 0,
        "block": 0,
        "turnout_pct": 86,
    }
    with uow.reading():
        assert decisions.passed_decision(system_actor(), coalition_id, decision.id).id == decision.id
        actions = db.session.execute(select(AuditEvent.action).where(AuditEvent.object_kind == "decision")).scalars()
        assert list(actions) == ["decision.drafted", "decision.opened", *["vote.cast"] * 6, "decision.passed"]


def test_too_few_votes_are_no_quorum_and_nothing_is_announced(app, move_clock):
    coalition_id = make_coalition()
    four = members(coalition_id, 4)
    decision = make_decision(coalition_id)
    say(four[0], decision)
    heard = []

    def hear(sender, **facts):
        heard.append(facts)

    move_clock(8 * DAY_S)
    with signals.decision_passed.connected_to(hear):
        tick(app)
    assert (state_of(decision), heard) == ("no_quorum", [])
    with pytest.raises(NotFound), uow.reading():
        decisions.passed_decision(system_actor(), coalition_id, decision.id)


@pytest.mark.both_databases
def test_a_vote_and_the_closing_at_the_same_time_never_disagree(app, move_clock):
    """What was counted is what was cast: a late vote is either in the result or refused."""
    coalition_id = make_coalition()
    voters = members(coalition_id, 6)
    decision = make_decision(coalition_id, closes_at=clock.now() + timedelta(hours=1))
    for one in voters[:3]:
        say(one, decision)
    barrier = threading.Barrier(4)
    cast = []

    def vote(one):
        with app.app_context():
            barrier.wait()
            try:
                say(one, decision)
                cast.append(one)
            except Conflict:
                pass
            finally:
                db.session.remove()

    def close():
        with app.app_context():
            barrier.wait()
            move_clock(3600)
            try:
                with uow.unit():
                    deciding.close_when_due(decision.id)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=vote, args=(one,)) for one in voters[3:]]
    threads.append(threading.Thread(target=close))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert result_of(decision)["support"] == 3 + len(cast)


@pytest.mark.both_databases
def test_two_people_of_one_organization_voting_at_once_leave_one_vote(app):
    coalition_id = make_coalition()
    membership = make_organization(coalition_id)
    people = [make_representative(membership) for _one in range(3)]
    decision = make_decision(coalition_id)
    barrier = threading.Barrier(3)
    errors = []

    def vote(user_id, choice):
        with app.app_context():
            barrier.wait()
            try:
                say((membership, user_id), decision, choice)
            except Exception as error:  # noqa: BLE001 - any would be a fault
                errors.append(error)
            finally:
                db.session.remove()

    threads = [
        threading.Thread(target=vote, args=pair) for pair in zip(people, ("support", "abstain", "block"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with uow.reading():
        assert len(decisions.standing_votes(decision.id)) == 1
        assert len(db.session.execute(select(Vote)).all()) == 3


def mails(kind):
    with uow.reading():
        return len(db.session.execute(select(Mail.id).where(Mail.kind == kind)).all())


def test_people_are_told_of_the_vote_reminded_while_silent_and_told_the_result(app, move_clock):
    coalition_id = make_coalition()
    first, _second = members(coalition_id, 2)
    decision = make_decision(coalition_id)
    assert mails(deciding.OPENED_MAIL) == 2
    tick(app)
    say(first, decision)
    move_clock(6.5 * DAY_S)
    tick(app)
    assert mails("coalitions.vote_reminder") == 1
    move_clock(8 * DAY_S)
    tick(app)
    assert mails(deciding.ENDED_MAIL) == 2
    with uow.reading():
        assert set(db.session.execute(select(Mail.state)).scalars()) == {"sent"}


def test_withdrawn_decisions_are_not_counted(app, move_clock):
    coalition_id = make_coalition()
    members(coalition_id, 1)
    decision = make_decision(coalition_id)
    with uow.unit():
        deciding.withdraw_decision(system_actor(coalition_id=coalition_id), decision.public_id)
    move_clock(8 * DAY_S)
    tick(app)
    assert state_of(decision) == "withdrawn"


def test_opening_needs_somebody_with_a_vote_and_a_lead_where_the_lead_decides(app):
    coalition_id = make_coalition()
    actor = system_actor(coalition_id=coalition_id)
    draft = make_decision(coalition_id, is_open=False)
    with pytest.raises(RuleBroken), uow.unit():
        deciding.open_decision(actor, draft.public_id)
    members(coalition_id, 1)
    set_rule(coalition_id, "lead_decides")
    with pytest.raises(RuleBroken), uow.unit():
        deciding.open_decision(actor, draft.public_id)
    make_organization(coalition_id, is_lead=True)
    with uow.unit():
        assert deciding.open_decision(actor, draft.public_id).rule_snapshot["lead"] is not None


def data(client, **fields):
    return {"csrf_token": csrf_token(client), **fields}


@pytest.mark.both_databases
def test_organizer_writes_opens_and_a_representative_votes_on_the_pages(app, client):
    coalition_id = make_coalition()
    (one,) = members(coalition_id, 1)
    organizer = sign_in(client, make_member(coalition_id, "organizer"))
    closes_on = (clock.now() + WEEK).date().isoformat()
    fields = {"title": "Support HB 2999", "kind": "position", "text": "We support it.", "closes_on": closes_on}
    made = organizer.post("/desk/decisions", data=data(organizer, **fields))
    assert made.status_code == 303
    page = made.location.partition("?")[0]
    person = sign_in(app.test_client(), one[1])
    assert person.get(page).status_code == 404  # a draft is for those who write it
    assert organizer.get(f"{page}/edit").status_code == 200
    assert organizer.post(f"{page}/open", data=data(organizer)).status_code == 303
    assert organizer.get(f"{page}/edit").status_code == 404
    assert "Waits for your vote" in person.get("/desk/decisions").text
    assert "Vote: Support HB 2999" in person.get("/desk").text
    assert person.post(f"{page}/votes", data=data(person, choice="block")).status_code == 422
    assert person.post(f"{page}/votes", data=data(person, choice="support")).status_code == 303
    assert "It says: Support" in person.get(page).text
    assert "Vote: Support HB 2999" not in person.get("/desk").text
    assert organizer.post(f"{page}/votes", data=data(organizer, choice="block", reason="x")).status_code == 403
    assert person.post(f"{page}/withdraw", data=data(person)).status_code == 403
    assert organizer.post(f"{page}/withdraw", data=data(organizer)).status_code == 303


def test_z01_a_decision_of_another_coalition_is_not_found(app, client):
    elsewhere = make_coalition()
    members(elsewhere, 1)
    decision = make_decision(elsewhere, title="Canary matter")
    admin = sign_in(client, make_member(make_coalition(), "admin"))
    page = f"/desk/decisions/{decision.public_id}"
    assert admin.get(page).status_code == 404
    for step in ("open", "withdraw", "edit", "voices"):
        assert admin.post(f"{page}/{step}", data=data(admin)).status_code == 404
    assert "Canary matter" not in admin.get("/desk/decisions").text


def queries_of(client, path):
    client.get(path)
    with count_queries() as counted:
        assert client.get(path).status_code == 200
    return counted.count


def test_list_of_decisions_asks_the_same_number_of_queries_for_1_and_30(app, client):
    coalition_id = make_coalition()
    voters = members(coalition_id, 1)
    sign_in(client, voters[0][1])
    first = make_decision(coalition_id)
    page = f"/desk/decisions/{first.public_id}"
    one = [queries_of(client, path) for path in ("/desk/decisions", "/desk", page)]
    for _number in range(29):
        make_decision(coalition_id)
    for _number in range(5):
        make_organization(coalition_id)
    assert [queries_of(client, path) for path in ("/desk/decisions", "/desk", page)] == one


def test_a_coalition_keeps_its_rule_within_bounds(app):
    coalition_id = make_coalition()
    for rule, pct in (("dictate", 50), ("majority", 0), ("majority", 101)):
        with pytest.raises(RuleBroken):
            set_rule(coalition_id, rule, pct)
    with uow.reading():
        assert db.session.get_one(Coalition, coalition_id).decision_rule == "majority"


def test_a_suspended_organization_does_not_vote(app):
    coalition_id = make_coalition()
    one, _two = members(coalition_id, 2)
    decision = make_decision(coalition_id)
    with uow.unit():
        organizing.move_organization(system_actor(coalition_id=coalition_id), one[0].public_id, "suspended")
    with pytest.raises(NotAllowed):
        say(one, decision)


@pytest.mark.both_databases
def test_a_decision_made_elsewhere_is_written_down_counted_and_not_announced(app):
    coalition_id = make_coalition()
    found = members(coalition_id, 3)
    stranger = make_organization(make_coalition())
    ended = clock.now() - timedelta(days=2)
    votes = {
        membership.id: choice
        for (membership, _user), choice in zip(found, ("support", "support", "block"), strict=True)
    }
    minutes = minuting.Minutes("Support it", "We do.", ended - WEEK, ended, votes)
    actor, written_by = system_actor(coalition_id=coalition_id), found[0][1]
    with uow.unit():
        made = minuting.record_decision(actor, coalition_id, minutes, written_by=written_by)
        assert (made.state, made.ended_at, made.result["support"]) == ("passed", ended, 2)
    assert mails(deciding.OPENED_MAIL) == mails(deciding.ENDED_MAIL) == 0
    for wrong in (
        {"votes": {stranger.id: "support"}},
        {"closed_at": clock.now() + WEEK},
        {"votes": {found[0][0].id: "x"}},
    ):
        given = dataclasses.replace(minutes, **wrong)
        with pytest.raises(RuleBroken), uow.unit():
            minuting.record_decision(actor, coalition_id, given, written_by=written_by)
