"""Ladders at work: each step once, in time, only for those who still want it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.mailings import ladder_people
from advocacy.mailings.audiences import Rule
from advocacy.mailings.ladder_models import (
    Enrollment,
    EnrollmentState,
    Entry,
    LadderState,
    LadderStep,
    LadderVersion,
    StepRun,
)
from advocacy.mailings.services import climbing, entering, ladder_mail, laddering
from advocacy.messaging.models import Mail
from tests.factories import ladders as made
from tests.factories.coalitions import make_coalition
from tests.factories.petitions import make_petition, sign_and_confirm
from tests.support.work import run_due

DAY = 86400


@pytest.fixture(autouse=True)
def _noon(app, monkeypatch):
    """No quiet hours, so that the hour at which the tests run does not matter."""
    del app
    at_any_hour = ladder_people.manner_of

    def manner_of(person):
        found = at_any_hour(person)
        return type(found)(found.zone, found.quiet_to, found.quiet_to, found.paused_until)

    monkeypatch.setattr(ladder_people, "manner_of", manner_of)


@pytest.fixture
def coalition(app):
    del app
    return make_coalition()


def climb():
    """Take all due steps, as the job does; gives how many ways were taken in hand."""
    taken = 0
    while True:
        with uow.unit():
            claimed = climbing.claim({})
        if not claimed:
            return taken
        taken += len(claimed)
        climbing.climb(claimed)


def mails():
    with uow.reading():
        rows = db.session.execute(select(Mail.object_id, Mail.state).where(Mail.kind == ladder_mail.KIND))
        return [row.object_id for row in rows.all()]


def runs():
    with uow.reading():
        return db.session.execute(select(StepRun.outcome).order_by(StepRun.ran_at, StepRun.step_id)).scalars().all()


def only(ladder):
    (row,) = made.ways(ladder)
    return row


def test_somebody_who_agrees_climbs_step_by_step_and_gets_each_mail_once(app, coalition, move_clock):
    ladder = made.make_ladder(coalition)
    made.make_person(coalition, "maren@example.org")
    climb()
    assert (runs(), len(mails())) == (["mailed"], 1)
    waits_for = only(ladder).due_at - clock.now()
    assert timedelta(days=1, hours=22) < waits_for < timedelta(days=2, hours=2)
    move_clock(1.9 * DAY)
    assert climb() == 0
    move_clock(2.1 * DAY)
    climb()
    assert (only(ladder).state, runs(), len(mails())) == ("done", ["mailed", "waited", "mailed"], 2)
    move_clock(50 * DAY)
    assert climb() == 0
    run_due(app)
    with uow.reading():
        assert set(db.session.execute(select(Mail.state)).scalars()) == {"sent"}


def test_signing_brings_onto_one_ladder_and_off_another_whose_goal_it_was(app, coalition, client):
    petition = make_petition(coalition)
    welcome = made.make_ladder(coalition, entry=Entry.SIGNED, entry_petition_id=petition.id)
    asking = made.make_ladder(coalition, made.days(3), made.HELLO, goal_petition_id=petition.id)
    sign_and_confirm(client, petition, "a@example.org")  # agreed to nothing
    assert not made.ways(welcome)
    person_id = made.make_person(coalition, "b@example.org")
    assert only(asking).person_id == person_id
    sign_and_confirm(client, petition, "b@example.org")
    assert only(welcome).person_id == person_id
    assert (only(asking).state, only(asking).reason) == ("left", "goal_reached")
    sign_and_confirm(client, petition, "c@example.org", updates="y")
    assert len(made.ways(welcome)) == 2


def test_a_decision_asks_what_is_so_now(coalition, client):
    petition = make_petition(coalition)
    asks = ("decide", {"test": "signed", "petition": petition.id, "yes": 3, "no": "next"})
    ladder = made.make_ladder(coalition, asks, made.MORE, made.HELLO, ("act", {"do": "end"}), is_one_mail_a_day=False)
    made.make_person(coalition, "a@example.org")
    sign_and_confirm(client, petition, "b@example.org", updates="y")
    climb()
    by_ref = {step.ref: step.id for step in made.steps(ladder).values()}
    assert sorted(mails()) == sorted([by_ref[2], by_ref[3], by_ref[3]])


def test_opting_out_while_waiting_leaves_at_once_and_holds_back_the_mail_that_waits(app, coalition, move_clock):
    ladder = made.make_ladder(coalition)
    person_id = made.make_person(coalition)
    climb()
    made.take_back(coalition, person_id)
    assert (only(ladder).state, only(ladder).reason) == ("left", "opted_out")
    run_due(app)
    with uow.reading():
        assert db.session.execute(select(Mail.state)).scalars().all() == ["suppressed"]
    move_clock(3 * DAY)
    assert climb() == 0


def test_after_down_time_nobody_gets_a_pile_of_mails(coalition, move_clock):
    hour = made.days(1, "hours")
    first = made.make_ladder(coalition, made.HELLO, hour, made.MORE, hour, made.HELLO)
    second = made.make_ladder(coalition, made.HELLO)
    made.make_person(coalition)
    move_clock(9 * DAY)
    climb()
    assert len(mails()) == 1
    for day in range(1, 5):
        move_clock((9 + day * 1.02) * DAY)
        climb()
        assert len(mails()) <= 1 + day
    assert len(mails()) == 4
    assert {only(first).state, only(second).state} == {"done"}


def test_one_step_that_fails_holds_up_nobody_and_ends_after_some_tries(coalition, move_clock, monkeypatch):
    ladder = made.make_ladder(coalition)
    bad = made.make_person(coalition)
    made.make_person(coalition)
    queue = ladder_mail.queue

    def fails_for_one(person, *rest):
        if person.id == bad:
            raise ZeroDivisionError
        return queue(person, *rest)

    monkeypatch.setattr(ladder_mail, "queue", fails_for_one)
    for tries in range(climbing.MAX_ATTEMPTS + 1):
        move_clock(tries * DAY)
        climb()
    states = {row.person_id: (row.state, row.reason) for row in made.ways(ladder)}
    assert states[bad] == ("failed", "ZeroDivisionError")
    assert [state for person, (state, _) in states.items() if person != bad] == ["done"]


def test_a_claim_that_another_took_over_does_nothing(coalition, move_clock):
    ladder = made.make_ladder(coalition)
    made.make_person(coalition)
    with uow.unit():
        slow = climbing.claim({})
    assert climb() == 0
    move_clock(climbing.CLAIM.total_seconds() + 1)
    assert climb() == 1
    assert climbing.climb(slow) == 0
    assert (runs(), only(ladder).fence) == (["mailed"], 2)


def test_a_worker_that_dies_in_the_middle_of_a_step_leaves_it_undone(coalition, move_clock, monkeypatch):
    made.make_ladder(coalition)
    made.make_person(coalition)
    move = climbing._move
    monkeypatch.setattr(climbing, "_move", lambda climber, step: _die() if climber.row.step_id else move(climber, step))

    def _die():
        raise SystemExit

    with pytest.raises(SystemExit):
        climb()
    assert (runs(), mails()) == ([], [])
    monkeypatch.setattr(climbing, "_move", move)
    move_clock(climbing.CLAIM.total_seconds() + 1)
    climb()
    assert (runs(), len(mails())) == (["mailed"], 1)


@pytest.mark.both_databases
def test_two_workers_at_once_take_each_step_once(app, coalition):
    ladder = made.make_ladder(coalition, made.HELLO, made.MORE, is_one_mail_a_day=False)
    for _ in range(12):
        made.make_person(coalition)

    def work():
        with app.app_context():
            climb()
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert {row.state for row in made.ways(ladder)} == {"done"}
    assert (len(mails()), len(runs())) == (24, 24)


@pytest.mark.both_databases
def test_the_database_keeps_a_published_version_and_one_way_for_each_person(coalition):
    ladder = made.make_ladder(coalition)
    person_id = made.make_person(coalition)
    version = select(LadderVersion.id).scalar_subquery()
    for change in (
        update(LadderVersion).values(is_one_mail_a_day=False),
        delete(LadderVersion),
        update(LadderStep).values(settings={}),
        delete(LadderStep),
        text("INSERT INTO ladder_step SELECT id + 9, coalition_id, version_id, 9, 9, kind, settings FROM ladder_step"),
    ):
        with pytest.raises(DBAPIError, match="published version"), uow.unit():
            db.session.execute(change)
    ids = {"coalition_id": coalition, "ladder_id": ladder.id, "version_id": version, "person_id": person_id}
    begun = {"turn": 2, "state": EnrollmentState.WAITING, "due_at": clock.now(), "entered_at": clock.now()}
    with pytest.raises(IntegrityError), uow.unit():
        db.session.execute(insert(Enrollment).values(**ids, **begun, fence=0, attempts=0))


def test_changing_a_ladder_leaves_people_on_their_version(coalition, move_clock):
    ladder = made.make_ladder(coalition)
    made.make_person(coalition)
    climb()
    due_at = only(ladder).due_at
    actor = system_actor(coalition_id=coalition)
    with uow.unit():
        laddering.begin_draft(actor, ladder.public_id)
        laddering.change_step(actor, ladder.public_id, 2, made.days(9)[1])
        laddering.move_step(actor, ladder.public_id, 3, up=True)
        laddering.remove_step(actor, ladder.public_id, 1)
        laddering.publish(actor, ladder.public_id)
    made.make_person(coalition)
    climb()
    old, new = made.ways(ladder)
    steps = made.steps(ladder)
    assert (old.due_at, old.version_id < new.version_id) == (due_at, True)
    assert (steps[new.step_id].ref, new.due_at - due_at > timedelta(days=6)) == (2, True)


def test_coming_again_is_for_ladders_that_allow_it(coalition, move_clock):
    once = made.make_ladder(coalition, made.HELLO)
    again = made.make_ladder(coalition, made.MORE, again_after_days=10, is_one_mail_a_day=False)
    person_id = made.make_person(coalition)
    move_clock(DAY)
    climb()
    for days in (5, 20):
        move_clock(days * DAY)
        made.take_back(coalition, person_id)
        with uow.unit():
            made.agree(coalition, person_id)
    assert (len(made.ways(once)), [row.turn for row in made.ways(again)]) == (1, [1, 2])


def test_adding_by_hand_pausing_and_stopping(app, coalition, monkeypatch):
    monkeypatch.setattr(entering, "ENTER_BATCH", 2)
    for _ in range(5):
        made.make_person(coalition)
    ladder = made.make_ladder(coalition, entry=Entry.HAND)
    actor = system_actor(coalition_id=coalition)
    with uow.unit():
        laddering.move_ladder(actor, ladder.public_id, LadderState.PAUSED)
        entering.add_everybody(actor, ladder.public_id, Rule(purpose="campaign_news"))
        entering.add_everybody(actor, ladder.public_id, Rule(purpose="campaign_news"))
    run_due(app)
    assert (len(made.ways(ladder)), mails()) == (5, [])
    with uow.unit():
        laddering.move_ladder(actor, ladder.public_id, LadderState.STOPPED)
    run_due(app)
    assert {(row.state, row.reason) for row in made.ways(ladder)} == {("left", "stopped")}
