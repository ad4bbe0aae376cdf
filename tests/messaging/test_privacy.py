"""D-05: whatever happens to a mail, no log line and no row in the clear holds its address or its words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from advocacy.core import uow
from advocacy.core.db import db
from advocacy.messaging import queries
from tests.messaging.conftest import Room, queue
from tests.support.smtp_sink import SmtpSink
from tests.support.work import run_due

CANARY = "canary.person"


@pytest.fixture
def loud() -> Iterator[None]:
    """Everything is logged during this test."""
    root = logging.getLogger()
    before = root.level
    yield
    root.setLevel(before)


@pytest.mark.both_databases
@pytest.mark.usefixtures("loud")
@pytest.mark.settings(logs={"level": "debug"}, mail={"timeout_s": 1.0})
def test_d05_mail_in_every_trouble_leaves_no_address_in_logs_or_rows(
    app: Flask, sink: SmtpSink, room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    room.subject = room.text = f"{CANARY} words"
    for stage, answer in (
        ("rcpt", f"550 no {CANARY}@example.org here"),
        ("rcpt", f"451 {CANARY}@example.org later"),
        ("after_data", "reset"),
        ("after_data", f"554 {CANARY}"),
    ):
        sink.mode(stage=stage, answer=answer, times=1)
        queue(f"{CANARY}@example.org")
        run_due(app)

    def broken(facts: object) -> None:
        raise ValueError(f"{CANARY} cannot be composed")

    room.composer = broken
    queue(f"{CANARY}@example.org")
    queue(f"{CANARY} <no address>")
    run_due(app)
    sink.mode(stage="hello", answer=f"500 {CANARY}")
    room.composer = None
    queue(f"{CANARY}@example.org")
    run_due(app)
    formatter = next(
        handler.formatter for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler
    )
    assert formatter is not None
    written = "\n".join(map(formatter.format, caplog.records))
    assert "mail_ended" in written
    assert "mail_not_composed" in written
    assert "mail_route_closed" in written
    assert CANARY not in written
    with uow.reading():
        for table in ("mail", "job", "mail_route", "job_run"):
            rows = db.session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608 - our own tables
            assert CANARY.encode() not in repr([tuple(row) for row in rows]).encode()


def test_is_mail_moving_says_when_mail_is_late(app: Flask, sink: SmtpSink, move_clock: Callable[[float], None]) -> None:
    with uow.reading():
        assert queries.is_mail_moving() == (True, "mail leaves")
    queue()
    move_clock(601)
    with uow.reading():
        assert queries.is_mail_moving() == (False, "the oldest unsent mail waits since 601 s")


def test_r39_is_mail_moving_tells_one_refused_recipient_from_a_server_that_is_down(
    app: Flask, sink: SmtpSink, move_clock: Callable[[float], None]
) -> None:
    sink.mode("later@example.org", "451 later")
    queue("later@example.org")
    run_due(app)
    move_clock(3600)
    with uow.reading():
        assert queries.is_mail_moving() == (True, "mail leaves")
    sink.down()
    queue("other@example.org")
    run_due(app)
    move_clock(3600 + 601)
    with uow.reading():
        assert not queries.is_mail_moving()[0]
