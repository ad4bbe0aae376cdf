"""Broadcasts: what may become of them, who approves, that nobody gets one twice."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from advocacy.consent.models import Purpose
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from advocacy.mailings import broadcast_rules as rules
from advocacy.mailings.audiences import Rule
from advocacy.mailings.broadcast_models import Broadcast, BroadcastState
from advocacy.mailings.services import queueing, stepping, writing
from advocacy.mailings.services.writing import Words
from advocacy.messaging.models import Mail, MailState
from advocacy.messaging.queries import demo_mails
from advocacy.queue.models import QueuedJob
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.factories.mailings import BODY, make_broadcast, plan, row
from tests.factories.petitions import make_petition
from tests.factories.supporters import add_supporter, make_supporter, take_leave_back
from tests.support.work import run_due

WORDS = Words("", "Other news", "Something else.", "friend")
NEWS = Rule(Purpose.CAMPAIGN_NEWS)
SOON = timedelta(minutes=2)
small = pytest.mark.settings(mailings={"approval_from": 2})


def organizer(coalition_id, role="organizer"):
    return actor_in(coalition_id, role, user_id=make_member(coalition_id, role))


def do(step, actor, public_id, **more):
    with uow.unit():
        return step(actor, public_id, **more).state


def counted(wanted=None):
    with uow.reading():
        rows = select(func.count()).select_from(Mail).where(Mail.lot_id.is_not(None))
        return db.session.execute(rows if wanted is None else rows.where(wanted)).scalar_one()


def mails_to(email):
    with uow.reading():
        return list(demo_mails(email).rows)


def go(app, move_clock, seconds):
    """Move on, and let the worker do what is due then, with its look at mailings."""
    move_clock(seconds)
    run_due(app)
    with uow.unit():
        queueing.look_after()
    run_due(app)
    with uow.unit():
        queueing.look_after()


@pytest.mark.both_databases
@pytest.mark.settings(mail={"transport": "mailbox"})
def test_a_broadcast_reaches_everybody_once_in_their_own_name(app, move_clock):
    coalition_id = make_coalition()
    make_supporter(coalition_id, "Ana Ruiz", "ana@example.org")
    make_supporter(coalition_id, "7 <b>", "odd@example.org")
    petition = make_petition(coalition_id, title="Beds *now* & here")
    public_id = make_broadcast(
        coalition_id,
        subject="{first_name}: {petition}",
        body="Dear {first_name},\n\n**read** {petition} at {petition_link}",
        petition_id=petition.id,
    )
    plan(coalition_id, public_id)
    run_due(app)
    assert counted() == 0
    go(app, move_clock, 61)
    found = row(public_id)
    assert found.state == BroadcastState.DONE
    assert found.size_count == 2
    (ana,) = mails_to("ana@example.org")
    (odd,) = mails_to("odd@example.org")
    assert ana.subject == "Ana: Beds *now* & here"
    assert odd.subject == "friend: Beds *now* & here"
    assert "Dear Ana," in ana.text
    assert f"/petitions/{petition.slug}" in ana.text
    with uow.unit():
        queueing.queue_some(found.id)
    go(app, move_clock, 400)
    assert counted() == 2


@pytest.mark.parametrize("state", BroadcastState)
def test_every_state_leads_only_where_the_table_says(state):
    for wanted in BroadcastState:
        one = Broadcast(state=state)
        if wanted in rules.NEXT[state]:
            rules.require_step(one, wanted)
        else:
            with pytest.raises(Conflict):
                rules.require_step(one, wanted)


@pytest.mark.both_databases
def test_the_database_keeps_words_and_audience_once_sending_began(app, move_clock):
    coalition_id = make_coalition()
    make_supporter(coalition_id)
    public_id = make_broadcast(coalition_id)
    plan(coalition_id, public_id)
    go(app, move_clock, 61)
    for column, value in {"subject": "x", "body": "x", "purpose": "event", "audience": {"purpose": "event"}}.items():
        with pytest.raises(DBAPIError), uow.unit():
            db.session.execute(update(Broadcast).values({column: value}))
    with pytest.raises(Conflict):
        do(writing.change_broadcast, system_actor(coalition_id=coalition_id), public_id, words=WORDS, rule=NEWS, rev=1)
    other = make_broadcast(coalition_id)
    do(stepping.cancel_broadcast, system_actor(coalition_id=coalition_id), other)
    with pytest.raises(DBAPIError), uow.unit():
        db.session.execute(update(Broadcast).where(Broadcast.public_id == other).values(state="draft", ended_at=None))


@small
@pytest.mark.both_databases
def test_a_large_broadcast_waits_for_a_second_person_and_the_database_insists(app, move_clock):
    coalition_id = make_coalition()
    for _one in range(2):
        make_supporter(coalition_id)
    author, second = organizer(coalition_id), organizer(coalition_id, "reviewer")
    public_id = make_broadcast(coalition_id, author)
    plan(coalition_id, public_id, author)
    assert row(public_id).state == BroadcastState.WAITING_APPROVAL
    go(app, move_clock, 300)
    assert counted() == 0
    with pytest.raises(NotAllowed):
        do(stepping.approve_broadcast, author, public_id, rev=1)
    with pytest.raises(NotAllowed):
        do(stepping.schedule_broadcast, second, public_id, rev=1)
    for values in (
        {"state": "scheduled"},
        {"approved_by": author.user_id, "approved_at": clock.now(), "approved_rev": 1},
        {"approved_by": second.user_id, "approved_at": clock.now(), "approved_rev": 2},
    ):
        with pytest.raises(IntegrityError), uow.unit():
            db.session.execute(update(Broadcast).values(values))
    assert do(stepping.approve_broadcast, second, public_id, rev=1) == BroadcastState.SCHEDULED
    with pytest.raises(Conflict):
        do(stepping.approve_broadcast, second, public_id, rev=1)
    with uow.unit():
        writing.change_broadcast(author, public_id, WORDS, NEWS, rev=1)
    changed = row(public_id)
    assert (changed.state, changed.approved_by, changed.scheduled_at) == (BroadcastState.DRAFT, None, None)
    go(app, move_clock, 600)
    assert counted() == 0


@small
def test_an_audience_that_grew_large_before_its_time_waits_for_a_second_person(app, move_clock):
    coalition_id = make_coalition()
    make_supporter(coalition_id)
    public_id = make_broadcast(coalition_id, organizer(coalition_id))
    plan(coalition_id, public_id)
    make_supporter(coalition_id)
    go(app, move_clock, 61)
    assert row(public_id).state == BroadcastState.WAITING_APPROVAL
    assert counted() == 0


@small
@pytest.mark.both_databases
def test_of_two_approvals_at_once_one_counts(app):
    coalition_id = make_coalition()
    for _one in range(2):
        make_supporter(coalition_id)
    author = organizer(coalition_id)
    readers = [organizer(coalition_id), organizer(coalition_id)]
    public_id = make_broadcast(coalition_id, author)
    plan(coalition_id, public_id, author)
    barrier, ends = threading.Barrier(2), []

    def approve(reader):
        with app.app_context():
            barrier.wait()
            try:
                ends.append(do(stepping.approve_broadcast, reader, public_id, rev=1))
            except Conflict:
                ends.append("conflict")

    threads = [threading.Thread(target=approve, args=[reader]) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["conflict", "scheduled"]
    with uow.reading():
        jobs = select(func.count()).where(QueuedJob.name == stepping.START_JOB)
        assert db.session.execute(jobs).scalar_one() == 1


def test_cancelled_within_the_first_minute_nothing_left(app, move_clock):
    coalition_id = make_coalition()
    make_supporter(coalition_id)
    public_id, taken_back = make_broadcast(coalition_id), make_broadcast(coalition_id)
    actor = system_actor(coalition_id=coalition_id)
    for one in (public_id, taken_back):
        plan(coalition_id, one)
    move_clock(50)
    run_due(app)
    do(stepping.cancel_broadcast, actor, public_id)
    do(stepping.unschedule_broadcast, actor, taken_back)
    go(app, move_clock, 300)
    assert counted() == 0
    assert (row(public_id).state, row(taken_back).state) == (BroadcastState.CANCELLED, BroadcastState.DRAFT)


@pytest.mark.settings(mail={"transport": "mailbox"})
def test_n_who_takes_leave_back_between_queueing_and_sending_gets_nothing(app, move_clock):
    coalition_id = make_coalition()
    stays = make_supporter(coalition_id, email="stays@example.org")
    leaves = make_supporter(coalition_id, email="leaves@example.org")
    public_id = make_broadcast(coalition_id)
    plan(coalition_id, public_id)
    move_clock(61)
    found = row(public_id)
    with uow.unit():
        queueing.start_broadcast(found.id)
        queueing.queue_some(found.id)
    assert counted(Mail.contact_id.in_([stays, leaves])) == 2
    take_leave_back(coalition_id, leaves)
    go(app, move_clock, 120)
    assert [len(mails_to(f"{who}@example.org")) for who in ("stays", "leaves")] == [1, 0]
    assert counted(Mail.state == MailState.SUPPRESSED) == 1
    assert sum(count for key, count in row(public_id).tally.items() if key.startswith("suppressed:")) == 1


@pytest.mark.settings(mail={"transport": "mailbox"})
def test_paused_nothing_leaves_resumed_the_rest_does_cancelled_the_rest_never(app, move_clock):
    coalition_id = make_coalition()
    actor = system_actor(coalition_id=coalition_id)
    for number in range(5):
        make_supporter(coalition_id, email=f"p{number}@example.org")
    public_id, stopped = make_broadcast(coalition_id), make_broadcast(coalition_id)
    for one in (public_id, stopped):
        plan(coalition_id, one)
    move_clock(61)
    ids = [row(public_id).id, row(stopped).id]
    with uow.unit():
        for one in ids:
            queueing.start_broadcast(one)
            queueing.queue_some(one, 2)
    do(stepping.pause_broadcast, actor, public_id)
    do(stepping.pause_broadcast, actor, stopped)
    go(app, move_clock, 120)
    assert (counted(), counted(Mail.state == MailState.QUEUED)) == (4, 4)
    do(stepping.resume_broadcast, actor, public_id)
    do(stepping.cancel_broadcast, actor, stopped)
    go(app, move_clock, 240)
    go(app, move_clock, 400)
    assert row(public_id).state == BroadcastState.DONE
    assert counted(Mail.state == MailState.SENT) == 5
    assert counted(Mail.state == MailState.SUPPRESSED) == 2


@pytest.mark.both_databases
def test_r35_two_workers_queue_each_person_once_and_a_lost_slice_is_walked_again(app, move_clock):
    coalition_id = make_coalition()
    with uow.unit():
        for number in range(60):
            add_supporter(coalition_id, f"P{number}", purpose=Purpose.CAMPAIGN_NEWS)
    public_id = make_broadcast(coalition_id)
    plan(coalition_id, public_id)
    move_clock(61)
    found = row(public_id)
    with uow.unit():
        queueing.start_broadcast(found.id)
    with uow.trial():  # it dies behind the insert, before its commit
        queueing.queue_some(found.id, 10)
    assert counted() == 0
    errors = []

    def work():
        try:
            with app.app_context():
                for _one in range(8):
                    with uow.unit():
                        queueing.queue_some(found.id, 10)
        except Exception as error:  # noqa: BLE001 - the test asserts that there was none
            errors.append(error)

    threads = [threading.Thread(target=work) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert counted() == 60
    assert row(public_id).queued_at is not None


@pytest.mark.settings(mail={"transport": "mailbox"})
def test_who_joins_later_can_be_sent_it_and_nobody_gets_it_twice(app, move_clock):
    coalition_id = make_coalition()
    actor = system_actor(coalition_id=coalition_id)
    make_supporter(coalition_id, email="first@example.org")
    public_id = make_broadcast(coalition_id)
    plan(coalition_id, public_id)
    go(app, move_clock, 61)
    make_supporter(coalition_id, email="second@example.org")
    with pytest.raises(RuleBroken):
        do(stepping.send_to_late, actor, public_id)
    do(stepping.look_for_late, actor, public_id)
    run_due(app)
    assert row(public_id).late_count == 1
    do(stepping.send_to_late, actor, public_id)
    go(app, move_clock, 120)
    assert [len(mails_to(f"{who}@example.org")) for who in ("first", "second")] == [1, 1]
    do(stepping.let_late_in, actor, public_id, until=clock.now() + timedelta(days=3))
    make_supporter(coalition_id, email="third@example.org")
    go(app, move_clock, 3600)
    assert mails_to("third@example.org") == []
    go(app, move_clock, 90_000)
    assert [len(mails_to(f"{who}@example.org")) for who in ("first", "second", "third")] == [1, 1, 1]
    go(app, move_clock, 5 * 86_400)
    make_supporter(coalition_id, email="fourth@example.org")
    go(app, move_clock, 8 * 86_400)
    assert mails_to("fourth@example.org") == []
    assert row(public_id).late_next_at is None


@pytest.mark.settings(mail={"transport": "mailbox"}, mailings={"approval_from": 2})
def test_so_many_who_join_later_wait_for_a_second_person_too(app, move_clock):
    coalition_id = make_coalition()
    make_supporter(coalition_id, email="first@example.org")
    public_id = make_broadcast(coalition_id)
    plan(coalition_id, public_id)
    go(app, move_clock, 61)
    actor, until = system_actor(coalition_id=coalition_id), clock.now() + timedelta(days=3)
    do(stepping.let_late_in, actor, public_id, until=until)
    for who in ("second", "third"):
        make_supporter(coalition_id, email=f"{who}@example.org")
    go(app, move_clock, 90_000)
    assert [len(mails_to(f"{who}@example.org")) for who in ("first", "second", "third")] == [1, 0, 0]
    found = row(public_id)
    assert (found.state, found.late_count, found.late_next_at) == (BroadcastState.DONE, 2, None)


@pytest.mark.parametrize(
    ("zone", "local", "instant"),
    [
        ("America/New_York", datetime(2027, 3, 14, 2, 30), "2027-03-14T07:30"),
        ("America/New_York", datetime(2027, 11, 7, 1, 30), "2027-11-07T05:30"),
        ("Australia/Lord_Howe", datetime(2027, 4, 4, 1, 45), "2027-04-03T14:45"),
    ],
)
def test_a_wall_time_that_is_skipped_or_comes_twice_is_taken_as_everywhere(app, zone, local, instant):
    coalition_id = make_coalition()
    make_supporter(coalition_id)
    public_id = make_broadcast(coalition_id)
    with uow.unit():
        db.session.execute(update(Broadcast).values(tz=zone))
    plan(coalition_id, public_id, local=local)
    found = row(public_id)
    assert found.scheduled_at == datetime.fromisoformat(instant).replace(tzinfo=ZoneInfo("UTC"))
    assert found.scheduled_local == local


def test_nothing_is_planned_for_nobody_for_yesterday_or_uncounted(app):
    coalition_id = make_coalition()
    public_id = make_broadcast(coalition_id)
    with pytest.raises(RuleBroken, match="Nobody"):
        plan(coalition_id, public_id)
    make_supporter(coalition_id)
    with uow.unit():
        queueing.size_audience(row(public_id, ends=False).id)
    for local in (clock.now() - timedelta(days=2), clock.now() + timedelta(days=500)):
        with pytest.raises(RuleBroken):
            plan(coalition_id, public_id, local=local.replace(tzinfo=None))
    with uow.unit():
        writing.change_broadcast(system_actor(coalition_id=coalition_id), public_id, WORDS, NEWS, rev=1)
    with pytest.raises(RuleBroken, match="counting"):
        plan(coalition_id, public_id)
    with pytest.raises(Conflict), uow.unit():
        writing.change_broadcast(system_actor(coalition_id=coalition_id), public_id, WORDS, NEWS, rev=1)


def test_i02_what_somebody_writes_is_never_a_template(app):
    coalition_id = make_coalition()
    for body in ("{{ config }}", "{{first_name}} {x}", "{% set x = 1 %}", "{first_name.__class__}", "{petition}"):
        with pytest.raises(RuleBroken) as caught:
            make_broadcast(coalition_id, body=body)
        assert caught.value.field == "body"


def test_another_coalitions_petition_or_broadcast_is_out_of_reach(app):
    coalition_id, other = make_coalition(), make_coalition()
    theirs = make_petition(other)
    for given in ({"petition_id": theirs.id}, {"rule": Rule(Purpose.CAMPAIGN_NEWS, signed_id=theirs.id)}):
        with pytest.raises(RuleBroken):
            make_broadcast(coalition_id, **given)
    public_id = make_broadcast(other)
    with pytest.raises(NotFound):
        do(stepping.cancel_broadcast, organizer(coalition_id), public_id)
    with pytest.raises(NotAllowed):
        do(stepping.cancel_broadcast, organizer(other, "volunteer"), public_id)


def test_a_broadcast_whose_job_was_lost_begins_all_the_same(app, move_clock):
    coalition_id = make_coalition()
    make_supporter(coalition_id)
    public_id = make_broadcast(coalition_id, body=BODY)
    plan(coalition_id, public_id)
    with uow.unit():
        db.session.execute(text("DELETE FROM job"))
    move_clock(180)
    with uow.reading():
        assert queueing.is_work_due()
    go(app, move_clock, 181)
    assert counted() == 1
