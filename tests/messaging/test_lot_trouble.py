"""Lots against a mail server in trouble, and beside single mails that go first (R-12, R-14, R-03)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask

from advocacy.messaging.models import MailState
from advocacy.messaging.services import lots
from tests.messaging.conftest import Room, lot_mails, mail, queue, queue_lot
from tests.messaging.test_delivering import FAULTS
from tests.messaging.test_lots import counts, states, wake
from tests.support.smtp_sink import SmtpSink
from tests.support.work import run_due

type_move = Callable[[float], None]


@pytest.mark.parametrize(("stage", "answer"), [fault for fault in FAULTS if fault != ("rcpt", "slow")])
@pytest.mark.settings(mail={"timeout_s": 0.25})
def test_r12_lot_when_server_is_faulty_then_well_leaves_within_five_minutes_behind_single_mails(
    app: Flask, sink: SmtpSink, move_clock: type_move, stage: str, answer: str
) -> None:
    sink.mode(stage=stage, answer=answer)
    queue_lot(range(1, 6))
    run_due(app)
    single = queue("single@example.org", "room.urgent")
    run_due(app)
    for seconds in (20, 70, 180):
        move_clock(seconds)
        wake(app)
    assert sink.messages == []
    assert len(sink.faults) < 40
    assert counts().waiting == 5
    sink.behave()
    for seconds in range(200, 481, 20):
        move_clock(seconds)
        wake(app)
    assert states() == {MailState.SENT: 5}
    assert mail(single).state == MailState.SENT
    assert Counter(item.recipients[0] for item in sink.messages) == Counter(
        ["single@example.org", *(f"p{number}@example.org" for number in range(1, 6))]
    )


def test_r12_server_when_down_is_asked_by_one_mail_of_a_lot_at_a_time(
    app: Flask, sink: SmtpSink, move_clock: type_move
) -> None:
    sink.mode(stage="connect", answer="reset")
    queue_lot(range(1, 201))
    for seconds in range(0, 120, 4):
        move_clock(seconds)
        wake(app)
    assert sink.connections < 12
    assert {row.attempts for row in lot_mails().values()} == {0}
    sink.behave()
    for seconds in (160, 161, 162):
        move_clock(seconds)
        wake(app)
    assert counts().sent == 200


def test_r12_mixed_recipients_of_a_lot_are_judged_one_by_one(
    app: Flask, room: Room, sink: SmtpSink, move_clock: type_move
) -> None:
    sink.mode("p1@example.org", "550 unknown")
    sink.mode("p2@example.org", "552 too big", stage="data")
    sink.mode("p3@example.org", "452 full", stage="after_data", times=1)
    sink.mode("p4@example.org", "lost", stage="after_data", times=1)
    queue_lot(range(1, 9))
    run_due(app)
    assert states() == {MailState.SENT: 4, MailState.DEAD: 2, MailState.FAILED: 2}
    move_clock(20)
    wake(app)
    assert states() == {MailState.SENT: 6, MailState.DEAD: 2}
    assert (counts().sent, counts().dead, counts().waiting) == (6, 2, 0)
    repeats = Counter(item.message_id for item in sink.messages)
    assert sorted(repeats.values()) == [1, 1, 1, 1, 1, 2]


def test_r14_mail_of_a_lot_that_always_breaks_the_connection_blocks_no_other_and_is_given_up_after_72_hours(
    app: Flask, sink: SmtpSink, move_clock: type_move
) -> None:
    sink.mode("p3@example.org", "reset", stage="data")
    queue_lot(range(1, 31))
    run_due(app)
    assert states() == {MailState.SENT: 29, MailState.FAILED: 1}
    hours = 0.0
    while lot_mails()[3].state == MailState.FAILED:
        hours = max(hours + 1 / 60, hours * 1.4)
        assert hours < 200
        move_clock(hours * 3600)
        wake(app)
    row = lot_mails()[3]
    assert (row.state, len(sink.messages)) == (MailState.DEAD, 29)
    assert hours >= 72
    assert row.attempts < 100


def test_r12_a_lot_in_a_slow_server_gives_way_after_some_seconds(
    app: Flask, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lots, "BATCH_S", 0.0)
    queue_lot(range(1, 4))
    run_due(app)
    assert counts().sent == 3
