"""Mail to many: queued once, rendered once, sent to each, against a real mail server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.messaging.models import LotState, Mail, MailLot, MailPace, MailState
from advocacy.messaging.preference_models import ContactPreference, Digest, PersonKind
from advocacy.messaging.services import bulk, lots, suppressing, tidying
from advocacy.messaging.suppression_models import Reason
from advocacy.queue.models import QueuedJob
from advocacy.web.lots import Gone, Held, Recipient
from advocacy.web.manifest import House, house
from tests.messaging.conftest import Room, lot_mails, mail, queue, queue_lot
from tests.support.smtp_sink import SmtpSink
from tests.support.work import run_due

type_move = Callable[[float], None]
LOT = ("room.lot", "thing", 1)


def counts(object_id: int = 1) -> bulk.LotCounts:
    with uow.reading():
        return bulk.lot_counts("room.lot", "thing", object_id)


def wake(app: Flask) -> None:
    """What the ticker does each second."""
    with uow.reading():
        is_due, is_lot_due = tidying.is_mail_waiting(), lots.is_lot_waiting()
    with uow.unit():
        if is_due:
            tidying.hand_to_queue()
        if is_lot_due:
            bulk.ask_for_sender()
    run_due(app)


def states() -> Counter[MailState]:
    return Counter(MailState(row.state) for row in lot_mails().values())


@pytest.mark.both_databases
def test_queue_lot_sends_each_person_one_mail_with_their_values(app: Flask, room: Room, sink: SmtpSink) -> None:
    room.lot.people[7] = Recipient("zoë@bücher.example", {"name": "Zoë <b>&"}, {"List-Id": "<news.example.org>"})
    assert queue_lot(range(1, 251)) == 250
    assert counts() == bulk.LotCounts(250, 0, 0, 0, LotState.LEAVING)
    run_due(app)
    assert len(sink.messages) == 250
    assert counts() == bulk.LotCounts(250, 250, 0, 0, LotState.LEAVING)
    assert room.lot.rendered == 1
    assert sink.connections <= 3  # each serves a hundred mails
    (received,) = sink.to("zoë@xn--bcher-kva.example")
    assert received.text.replace("\r\n", "\n") == "Dear Zoë <b>&,\nthere is news.\n"
    assert "<p>Dear Zoë &lt;b&gt;&amp;, there is news.</p>" in received.html
    assert received.header("List-Id") == "<news.example.org>"
    row = lot_mails()[7]
    assert (row.state, row.attempts, row.recipient, row.next_at) == (MailState.SENT, 1, None, None)
    assert received.message_id == f"<{row.public_id}@localhost>"
    assert len({item.message_id for item in sink.messages}) == 250


@pytest.mark.both_databases
def test_queue_lot_again_adds_only_who_is_new(app: Flask, sink: SmtpSink) -> None:
    assert queue_lot([1, 2, 3]) == 3
    assert queue_lot([2, 3, 4]) == 1
    assert queue_lot([1, 2], object_id=2) == 2
    run_due(app)
    assert queue_lot([1, 2, 3, 4, 5]) == 1
    run_due(app)
    assert Counter(item.recipients[0] for item in sink.messages) == {
        "p1@example.org": 2, "p2@example.org": 2, "p3@example.org": 1, "p4@example.org": 1, "p5@example.org": 1,
    }  # fmt: skip
    assert counts().sent == 5


def test_queue_lot_makes_one_job_and_copies_no_address(app: Flask, sink: SmtpSink) -> None:
    queue_lot(range(1, 301))
    with uow.reading():
        assert db.session.scalar(select(func.count()).select_from(QueuedJob)) == 1
        assert db.session.scalar(select(func.count()).where(Mail.recipient.is_not(None))) == 0
    with pytest.raises(LookupError), uow.unit():
        bulk.queue_lot(
            kind="room.hello", object_kind="thing", object_id=1, coalition_id=None, recipients=select(Mail.contact_id)
        )


@pytest.mark.both_databases
def test_lot_when_paused_resumed_and_cancelled_leaves_only_in_between(app: Flask, sink: SmtpSink) -> None:
    queue_lot(range(1, 6))
    with uow.unit():
        assert bulk.pause_lot(*LOT)
        assert not bulk.pause_lot(*LOT)
    wake(app)
    assert sink.messages == []
    with uow.unit():
        assert bulk.resume_lot(*LOT)
    wake(app)
    assert len(sink.messages) == 5
    queue_lot(range(1, 9))
    with uow.unit():
        assert bulk.cancel_lot(*LOT)
        assert not bulk.cancel_lot(*LOT)
        assert not bulk.resume_lot(*LOT)
    wake(app)
    assert len(sink.messages) == 5
    assert counts() == bulk.LotCounts(8, 5, 0, 3, LotState.CANCELLED)
    assert {row.last_reason for row in lot_mails().values() if row.state == MailState.SUPPRESSED} == {"cancelled"}
    with pytest.raises(RuleBroken):
        queue_lot([9])


def test_lot_when_paused_in_the_middle_of_a_batch_stops_before_the_next_mail(
    app: Flask, room: Room, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue_lot(range(1, 11))
    transport = app.extensions["advocacy.mail_transport"]
    send = transport.send

    def send_and_pause(envelope):
        result = send(envelope)
        if len(sink.messages) == 3:
            with uow.unit():
                bulk.pause_lot(*LOT)
        return result

    monkeypatch.setattr(transport, "send", send_and_pause)
    run_due(app)
    assert (len(sink.messages), counts().sent, counts().state) == (3, 3, LotState.PAUSED)
    with uow.unit():
        bulk.resume_lot(*LOT)
    wake(app)
    assert (len(sink.messages), counts().sent) == (10, 10)


def test_lot_when_its_room_holds_it_or_drops_it(app: Flask, room: Room, sink: SmtpSink, move_clock: type_move) -> None:
    room.lot.stands = Held("not_approved")
    queue_lot([1, 2])
    wake(app)
    assert (counts().waiting, counts().reason) == (2, "not_approved")
    room.lot.stands = Gone("withdrawn")
    move_clock(61)
    wake(app)
    assert sink.messages == []
    assert counts() == bulk.LotCounts(2, 0, 0, 2, LotState.CANCELLED, "withdrawn")


def test_lot_suppresses_who_was_erased_and_what_a_check_refuses(app: Flask, room: Room, sink: SmtpSink) -> None:
    queue_lot(range(1, 5))
    room.lot.erased = {2}
    room.lot.people[3] = Recipient("not an address", {"name": "x"})
    room.lot.people[4] = Recipient("p4@example.org", {})
    run_due(app)
    found = {number: (row.state, row.last_reason) for number, row in lot_mails().items()}
    assert found == {
        1: (MailState.SENT, "accepted"),
        2: (MailState.SUPPRESSED, "address_gone"),
        3: (MailState.DEAD, "bad_address"),
        4: (MailState.DEAD, "missing_value"),
    }
    assert counts() == bulk.LotCounts(4, 1, 2, 1, LotState.LEAVING)
    room.objection = "unsubscribed"
    queue_lot([5])
    run_due(app)
    assert lot_mails()[5].last_reason == "unsubscribed"


def test_r14_a_person_who_cannot_be_opened_holds_up_no_other(
    app: Flask, room: Room, sink: SmtpSink, move_clock: type_move
) -> None:
    room.lot.poisoned = {3}
    room.lot.people[4] = Recipient("p4@example.org", {"name": None})  # type: ignore[dict-item]
    queue_lot(range(1, 7))
    run_due(app)
    assert states() == {MailState.SENT: 4, MailState.FAILED: 2}
    for seconds in (60, 3000, 7300):
        move_clock(seconds)
        wake(app)
    assert {lot_mails()[number].state for number in (3, 4)} == {MailState.DEAD}


@pytest.mark.both_databases
@pytest.mark.parametrize("in_hand", [0, 1, 4])
def test_r03_lot_when_its_worker_dies_repeats_at_most_the_mail_in_hand(
    app: Flask, sink: SmtpSink, move_clock: type_move, monkeypatch: pytest.MonkeyPatch, in_hand: int
) -> None:
    queue_lot(range(1, 6))
    transport, left = app.extensions["advocacy.mail_transport"], []
    send = transport.send

    class Killed(BaseException):
        pass

    def send_until_killed(envelope):
        result = send(envelope)
        left.append(envelope)
        if len(left) == in_hand + 1:
            raise Killed
        return result

    with uow.unit():
        db.session.query(QueuedJob).delete()
        batch = lots.prepare({})
    assert batch is not None
    monkeypatch.setattr(transport, "send", send_until_killed)
    with pytest.raises(Killed):
        lots.perform(batch)
    lots._desk.last = None  # another process takes over
    monkeypatch.setattr(transport, "send", send)
    db.session.remove()
    move_clock(41)
    wake(app)
    move_clock(60)
    wake(app)
    repeats = Counter(item.message_id for item in sink.messages)
    assert (len(repeats), len(sink.messages)) == (5, 6)
    assert counts() == bulk.LotCounts(5, 5, 0, 0, LotState.LEAVING)


@pytest.mark.both_databases
def test_r36_a_sender_that_was_frozen_past_its_lease_sends_and_settles_nothing(
    app: Flask, sink: SmtpSink, move_clock: type_move
) -> None:
    queue_lot(range(1, 6))
    with uow.unit():
        frozen = lots.prepare({})
    assert frozen is not None
    move_clock(41)
    wake(app)
    assert (len(sink.messages), counts().sent) == (5, 5)
    late = lots.perform(frozen)
    assert late.ids == []
    with uow.unit():
        lots.settle({}, lots.Sent(frozen, ids=[item.id for item in frozen.mails]))
    assert (len(sink.messages), counts().sent) == (5, 5)


def test_r11_lot_when_its_settlement_was_lost_is_settled_from_memory(
    app: Flask, sink: SmtpSink, move_clock: type_move
) -> None:
    queue_lot(range(1, 6))
    with uow.unit():
        batch = lots.prepare({})
    assert batch is not None
    lots.perform(batch)
    move_clock(3600)
    wake(app)
    assert (len(sink.messages), counts().sent) == (5, 5)


def test_lot_leaves_behind_single_mails(app: Flask, sink: SmtpSink) -> None:
    queue_lot(range(1, 4))
    single = queue("single@example.org")
    run_due(app)
    assert sink.messages[0].recipients == ("single@example.org",)
    assert (len(sink.messages), mail(single).state) == (4, MailState.SENT)


def test_two_lots_take_turns(app: Flask, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lots, "BATCH", 2)
    queue_lot(range(1, 7))
    queue_lot(range(11, 13), object_id=2)
    run_due(app)
    order = [int(item.recipients[0][1:].partition("@")[0]) for item in sink.messages]
    assert order.index(12) < order.index(5)
    with uow.reading():
        assert db.session.scalars(select(MailLot.next_at)).all() == [None, None]


@pytest.mark.settings(mail={"lot_domain_per_min": 6})
def test_pace_of_a_domain_spreads_its_mail_over_minutes_and_holds_up_no_other(
    app: Flask, room: Room, sink: SmtpSink, move_clock: type_move
) -> None:
    room.lot.people[99] = Recipient("other@example.net", {"name": "x"})
    queue_lot([*range(1, 21), 99])
    run_due(app)
    assert len(sink.messages) == 7
    assert sink.to("other@example.net")
    sent = []
    for seconds in range(10, 160, 10):
        move_clock(seconds + 0.5)
        wake(app)
        sent.append(len(sink.messages))
    assert sent[:5] == [8, 9, 10, 11, 12]
    assert sent[-1] == 21
    assert {row.attempts for row in lot_mails().values()} == {1}


def test_domain_that_says_later_is_slowed_down_alone(
    app: Flask, room: Room, sink: SmtpSink, move_clock: type_move
) -> None:
    for number in range(1, 21):
        if number % 2:
            room.lot.people[number] = Recipient(f"p{number}@slow.example", {"name": "x"})
            sink.mode(f"p{number}@slow.example", "451 4.7.0 too much")
    queue_lot(range(1, 21))
    run_due(app)
    assert len(sink.messages) == 10
    assert len(sink.faults) == 1
    move_clock(14)
    wake(app)
    assert len(sink.faults) == 2
    sink.behave()
    for seconds in (45, 60, 90, 120):
        move_clock(seconds)
        wake(app)
    assert states() == {MailState.SENT: 20}


def test_c07_each_mail_of_a_lot_that_was_agreed_to_shows_how_to_stop_it(app: Flask, room: Room, sink: SmtpSink) -> None:
    without_consent(app)
    queue_lot([1, 2], kind="room.letter", opt_in_id=3)
    run_due(app)
    links = set()
    for received in sink.messages:
        url = received.header("List-Unsubscribe").strip("<>")
        assert "/unsubscribe/" in url
        assert received.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
        assert url in received.links
        assert url in received.html
        assert any("/preferences/" in link for link in received.links)
        links.add(url)
    assert len(links) == 2
    with pytest.raises(IntegrityError), uow.unit():
        queue_lot([3], kind="room.letter")


def test_lot_leaves_out_suppressed_addresses_and_keeps_its_topic_from_the_subject_where_wished(
    app: Flask, room: Room, sink: SmtpSink
) -> None:
    without_consent(app)
    with uow.unit():
        suppressing.suppress("p1@example.org", Reason.UNSUBSCRIBE)
        suppressing.suppress("p2@example.org", Reason.HARD_BOUNCE)
        db.session.add(
            ContactPreference(
                person_kind=PersonKind.SUPPORTER,
                person_id=3,
                address_key=suppressing.address_key("p3@example.org"),
                is_discreet=True,
                quiet_from=time(21),
                quiet_to=time(8),
                digest=Digest.OFF,
                digest_at=time(8),
                changed_at=clock.now(),
            )
        )
    queue_lot(range(1, 5), kind="room.letter", opt_in_id=3)
    queue_lot(range(1, 3), object_id=2)
    run_due(app)
    assert {number: row.last_reason for number, row in lot_mails().items()} == {
        1: "unsubscribe", 2: "hard_bounce", 3: "accepted", 4: "accepted",
    }  # fmt: skip
    assert {number: row.last_reason for number, row in lot_mails(2).items()} == {1: "accepted", 2: "hard_bounce"}
    assert [item.subject for item in sink.to("p3@example.org")] == ["A message from Advocacy"]
    assert [item.subject for item in sink.to("p4@example.org")] == ["News"]


def without_consent(app: Flask) -> None:
    """Leave is asked by the room above, which these people never met."""
    manifests = app.extensions["advocacy.house"].manifests
    app.extensions["advocacy.house"] = House([each for each in manifests if each.name != "consent"])


def test_the_pace_of_a_domain_is_forgotten_when_nothing_waits_for_it(app: Flask) -> None:
    now = clock.now()
    with uow.unit():
        for index, age in ((b"a" * 32, 40), (b"b" * 32, 1)):
            free_at = now - timedelta(days=age)
            db.session.add(MailPace(domain_index=index, free_at=free_at, slow_until=None, strikes=0))
    with uow.unit():
        (kept,) = [each for each in house().retention if each.name == "mail.pace"]
        assert kept.purge(now - kept.keep, 100) == 1
    with uow.reading():
        assert db.session.scalars(select(MailPace.domain_index)).all() == [b"b" * 32]
