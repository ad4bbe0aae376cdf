"""Sending against a real mail server that misbehaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.messaging.models import Mail, MailState
from advocacy.messaging.services import delivering, sending, tidying
from advocacy.queue.models import QueuedJob
from tests.messaging.conftest import Room, mail, queue
from tests.support.smtp_sink import SmtpSink
from tests.support.work import run_due

type_move = Callable[[float], None]


def sweep() -> int:
    """What the ticker does each second."""
    with uow.reading():
        is_due = tidying.is_mail_waiting()
    if not is_due:
        return 0
    with uow.unit():
        return tidying.hand_to_queue()


def work(app: Flask) -> None:
    sweep()
    run_due(app)


@pytest.mark.both_databases
def test_mail_when_queued_is_received_once_with_its_parts(app: Flask, sink: SmtpSink) -> None:
    found = queue()
    run_due(app)
    run_due(app)
    (received,) = sink.messages
    assert received.recipients == ("zoe@example.org",)
    assert received.subject == "Hello"
    assert received.text.replace("\r\n", "\n") == "Dear reader,\n.\nthis is a mail.\n"
    assert "<p>Dear reader" in received.html
    row = mail(found)
    assert (row.state, row.attempts, row.last_code, row.next_at) == (MailState.SENT, 1, 250, None)
    assert received.message_id == row.message_id
    with uow.reading():
        assert db.session.scalar(select(func.count()).select_from(QueuedJob)) == 0


@pytest.mark.both_databases
def test_queue_mail_when_key_is_taken_queues_nothing(app: Flask, sink: SmtpSink) -> None:
    queue(key="once")
    with uow.unit():
        again = sending.queue_mail(
            kind="room.hello", to="b@example.org", coalition_id=None, object_kind="thing", object_id=1, key="once"
        )
    assert again is None
    run_due(app)
    assert len(sink.messages) == 1


@pytest.mark.both_databases
def test_queue_mail_when_rolled_back_leaves_nothing(app: Flask, sink: SmtpSink) -> None:
    sending.queue_mail(kind="room.hello", to="b@example.org", coalition_id=7, object_kind="thing", object_id=1)
    uow.rollback()
    run_due(app)
    assert sink.messages == []


def test_queue_mail_without_basis_or_opt_in_is_refused_i146(app: Flask) -> None:
    with uow.unit(), pytest.raises(ValueError, match="opt-in"):
        sending.queue_mail(kind="room.news", to="b@example.org", coalition_id=None, object_kind="thing", object_id=1)
    assert mail(queue(kind="room.news", opt_in_id=3)).service_basis is None


@pytest.mark.both_databases
def test_r12_mail_when_refused_for_now_is_tried_again_with_the_same_message_id(
    app: Flask, sink: SmtpSink, move_clock: type_move
) -> None:
    sink.greylist("zoe@example.org")
    found = queue()
    run_due(app)
    row = mail(found)
    assert (row.state, row.last_code, row.last_reason) == (MailState.FAILED, 451, "recipient_refused")
    assert row.next_at is not None
    assert row.next_at - clock.now() < timedelta(seconds=13)
    work(app)
    assert sink.messages == []
    move_clock(14)
    work(app)
    assert [item.message_id for item in sink.messages] == [row.message_id]
    assert mail(found).state == MailState.SENT


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "after_data"])
def test_r12_mail_when_refused_for_good_is_given_up_at_once(app: Flask, sink: SmtpSink, stage: str) -> None:
    sink.mode(answer="550 no", stage=stage)
    found = queue()
    run_due(app)
    row = mail(found)
    assert (row.state, row.attempts, row.last_code) == (MailState.DEAD, 1, 550)
    sink.behave()
    other = queue("next@example.org")
    run_due(app)
    assert mail(other).state == MailState.SENT


FAULTS = [
    *[
        (stage, answer)
        for stage in ("connect", "hello", "mail", "rcpt", "data", "after_data")
        for answer in ("421 bye", "451 later", "reset", "garbage")
    ],
    ("connect", "554 not you"),
    ("connect", "hang"),
    ("data", "hang"),
    ("after_data", "hang"),
    ("rcpt", "slow"),
]


@pytest.mark.parametrize(("stage", "answer"), FAULTS)
@pytest.mark.settings(mail={"timeout_s": 1.5})
def test_r12_mail_when_server_is_faulty_then_well_leaves_in_order_of_priority(
    app: Flask, sink: SmtpSink, move_clock: type_move, stage: str, answer: str
) -> None:
    sink.mode(stage=stage, answer=answer)
    ids = [
        queue(f"p{number}@example.org", kind) for number, kind in enumerate(["room.hello", "room.urgent", "room.hello"])
    ]
    run_due(app)
    if answer != "slow":
        assert sink.messages == []
        assert {mail(found).state for found in ids} <= {MailState.FAILED, MailState.QUEUED}
    sink.behave()
    for seconds in range(15, 120, 15):
        move_clock(seconds)
        work(app)
    assert {mail(found).state for found in ids} == {MailState.SENT}
    assert len(sink.messages) == 3
    assert len({item.message_id for item in sink.messages}) == 3
    if (stage, answer) == ("connect", "reset"):
        assert sink.messages[-1].recipients != ("p1@example.org",)


def test_r12_server_when_down_is_asked_by_one_mail_at_a_time(app: Flask, sink: SmtpSink, move_clock: type_move) -> None:
    sink.mode(stage="connect", answer="reset")
    for number in range(20):
        queue(f"p{number}@example.org")
    run_due(app)
    assert sink.connections == 1
    for seconds in range(1, 60, 2):
        move_clock(seconds)
        work(app)
    assert sink.connections < 8
    sink.behave()
    move_clock(95)
    work(app)
    assert len(sink.messages) == 1
    work(app)
    move_clock(130)
    work(app)
    assert len(sink.messages) == 20


def test_r12_server_when_it_does_not_listen_is_waited_for(app: Flask, sink: SmtpSink, move_clock: type_move) -> None:
    sink.down()
    found = queue()
    run_due(app)
    assert mail(found).last_reason == "connect_lost"
    sink.up()
    move_clock(8)
    work(app)
    assert mail(found).state == MailState.SENT


def test_r03_mail_when_the_last_reply_is_lost_repeats_with_equal_message_id(
    app: Flask, sink: SmtpSink, move_clock: type_move
) -> None:
    sink.mode(stage="after_data", answer="lost", times=1)
    found = queue()
    run_due(app)
    move_clock(15)
    work(app)
    assert len(sink.messages) == 2
    assert len({item.message_id for item in sink.messages}) == 1
    assert mail(found).state == MailState.SENT


def test_r14_mail_that_always_breaks_the_connection_blocks_no_other_and_ends_as_dead_letter(
    app: Flask, sink: SmtpSink, move_clock: type_move
) -> None:
    sink.mode("poison@example.org", "reset", stage="data")
    poison = queue("poison@example.org")
    others = [queue(f"p{number}@example.org") for number in range(30)]
    run_due(app)
    assert {mail(found).state for found in others} == {MailState.SENT}
    hours = 0.0
    while mail(poison).state == MailState.FAILED:
        hours = max(hours + 1 / 60, hours * 1.4)
        assert hours < 200
        move_clock(hours * 3600)
        work(app)
    row = mail(poison)
    assert row.state == MailState.DEAD
    assert hours >= 72
    assert row.attempts < 100
    assert len(sink.messages) == 30


def test_r12_mixed_recipients_are_judged_one_by_one(app: Flask, sink: SmtpSink, move_clock: type_move) -> None:
    sink.mode("dead@example.org", "550 unknown")
    sink.mode("later@example.org", "452 full", times=1)
    ids = {name: queue(f"{name}@example.org") for name in ("dead", "later", "well")}
    run_due(app)
    assert {name: mail(found).state for name, found in ids.items()} == {
        "dead": MailState.DEAD,
        "later": MailState.FAILED,
        "well": MailState.SENT,
    }
    move_clock(14)
    work(app)
    assert mail(ids["later"]).state == MailState.SENT
    assert {item.recipients for item in sink.messages} == {("well@example.org",), ("later@example.org",)}


def test_mail_when_it_no_longer_matters_is_suppressed_with_its_reason(app: Flask, room: Room, sink: SmtpSink) -> None:
    room.objection = "unsubscribed"
    first = queue()
    run_due(app)
    room.objection = None
    room.composer = lambda facts: None
    second = queue()
    run_due(app)
    assert [(mail(found).state, mail(found).last_reason) for found in (first, second)] == [
        (MailState.SUPPRESSED, "unsubscribed"),
        (MailState.SUPPRESSED, "no_longer_matters"),
    ]
    assert sink.messages == []


def test_r14_mail_that_cannot_be_composed_waits_and_is_soon_given_up(
    app: Flask, room: Room, move_clock: type_move
) -> None:
    def broken(facts: object) -> None:
        raise ZeroDivisionError

    room.composer = broken
    found = queue()
    run_due(app)
    assert (mail(found).state, mail(found).last_reason) == (MailState.FAILED, "compose_ZeroDivisionError")
    move_clock(3700)
    work(app)
    assert mail(found).state == MailState.DEAD


@pytest.mark.both_databases
def test_mail_when_its_job_was_lost_is_found_by_the_sweep(app: Flask, sink: SmtpSink, move_clock: type_move) -> None:
    found = queue()
    with uow.unit():
        db.session.query(QueuedJob).delete()
    run_due(app)
    assert sweep() == 0
    move_clock(601)
    work(app)
    assert mail(found).state == MailState.SENT


@pytest.mark.both_databases
def test_r03_mail_when_the_worker_dies_before_settling_is_sent_by_the_next_one(
    app: Flask, sink: SmtpSink, move_clock: type_move
) -> None:
    found = queue()
    with uow.unit():
        db.session.query(QueuedJob).delete()
    with uow.unit():
        assert delivering.prepare({"mail_id": found}) is not None
    with uow.unit():
        assert delivering.prepare({"mail_id": found}) is None
    move_clock(41)
    work(app)
    assert len(sink.messages) == 1
    assert mail(found).state == MailState.SENT


def test_r11_mail_when_its_settlement_was_lost_is_settled_from_memory_and_not_sent_again(
    app: Flask, sink: SmtpSink, move_clock: type_move
) -> None:
    found = queue()
    with uow.unit():
        claimed = delivering.prepare({"mail_id": found})
    assert claimed is not None
    delivering.perform(claimed)
    move_clock(3600)
    work(app)
    assert len(sink.messages) == 1
    assert mail(found).state == MailState.SENT


def test_connection_when_many_mails_leave_is_used_again(app: Flask, sink: SmtpSink) -> None:
    sink.mode("p3@example.org", "550 no")
    for number in range(10):
        queue(f"p{number}@example.org")
    run_due(app)
    assert (len(sink.messages), sink.connections) == (9, 1)


def test_mail_to_an_address_beyond_ascii_is_sent_as_smtputf8(app: Flask, sink: SmtpSink) -> None:
    queue("zoë@bücher.example")
    queue("zoe@bücher.example")
    run_due(app)
    assert [item.recipients for item in sink.messages] == [
        ("zoë@xn--bcher-kva.example",),
        ("zoe@xn--bcher-kva.example",),
    ]


def test_mail_to_no_address_is_given_up(app: Flask, sink: SmtpSink) -> None:
    ids = [queue(to) for to in ("", "a b@c.de", "a@b.de\r\nBcc: x@y.z", "=?utf-8?b?DQo=?=@x.org")]
    run_due(app)
    assert {(mail(found).state, mail(found).last_reason) for found in ids} == {(MailState.DEAD, "bad_address")}
    assert sink.messages == []


@pytest.mark.both_databases
def test_send_again_when_dead_sends_with_the_same_message_id(app: Flask, sink: SmtpSink) -> None:
    from advocacy.core.actor import system_actor

    sink.mode(answer="550 no", times=1)
    found = queue()
    run_due(app)
    with uow.unit():
        tidying.send_again(system_actor(), mail(found).public_id)
    run_due(app)
    assert mail(found).state == MailState.SENT
    assert sink.messages[0].message_id == mail(found).message_id


@pytest.mark.both_databases
def test_empty_old_mail_forgets_addresses_only_of_ended_mail(app: Flask, sink: SmtpSink, move_clock: type_move) -> None:
    sent = queue()
    run_due(app)
    waiting = queue("p@example.org")
    move_clock(31 * 86400)
    with uow.unit():
        assert tidying.empty_old_mail(clock.now() - tidying.KEEP, 100) == 1
        assert tidying.empty_old_mail(clock.now() - tidying.KEEP, 100) == 0
    assert mail(sent).recipient is None
    assert mail(waiting).recipient is not None


@pytest.mark.both_databases
def test_mail_insert_from_another_row_queues_only_when_it_is_there(app: Flask, sink: SmtpSink) -> None:
    from advocacy.core.db import run_together

    first = queue()
    for state, count in (("queued", 1), ("dead", 0)):
        statement = sending.mail_insert(
            source="FROM mail AS origin WHERE origin.id = :origin_id AND origin.state = :origin_state",
            object_id="origin.id",
        )
        params = sending.insert_mail_params(
            kind="room.hello", to="b@example.org", coalition_id=None, object_kind="thing"
        )
        with uow.unit():
            rows = run_together(db.session(), [(statement, {**params, "origin_id": first, "origin_state": state})])[0]
        assert len(rows) == count
    with uow.reading():
        assert db.session.scalar(select(Mail.object_id).where(Mail.id != first)) == first
