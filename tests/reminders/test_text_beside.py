"""A text beside the mail of a reminder: only with a number, outside quiet hours, while the reminder stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.messaging import preferences
from advocacy.messaging.preference_models import PersonKind
from advocacy.messaging.services import numbering
from advocacy.messaging.text_models import TextMessage, TextNumber
from advocacy.reminders import texts
from advocacy.web.offers import TextFacts
from tests.reminders.conftest import Room, set_deadline
from tests.reminders.test_services import DAY, mail_count, work
from tests.support.reminding import AWAKE

type_move = Callable[[float], None]
# Nobody listens there: what is tested is what is queued, and what it would say.
SMS = {"url": "http://127.0.0.1:9", "account": "AC1", "token": "t" * 32, "sender": "+15550000000"}


@pytest.mark.settings(sms=SMS)
def test_reminder_comes_by_text_too_unless_it_would_come_at_night(
    app: Flask, room: Room, move_clock: type_move
) -> None:
    number = "+15551234567"
    with uow.unit():
        db.session.add(
            TextNumber(
                user_id=1,
                number=numbering.sealed(1, number),
                number_key=numbering.number_key(number),
                code_id=None,
                code_until=clock.now(),
                wording="yes",
                asked_at=clock.now(),
                confirmed_at=clock.now(),
            )
        )
    set_deadline(clock.now() + timedelta(days=8))
    move_clock(1.5 * DAY)
    work(app)
    assert mail_count() == 2
    with uow.reading():
        row = db.session.scalars(select(TextMessage)).one()
        assert (row.user_id, row.kind, str(row.state)) == (1, texts.KIND, "failed")
        facts = TextFacts(row.public_id, row.user_id, row.params)

    def words() -> str | None:
        with uow.reading():
            return texts.compose(facts)

    assert words() == "you have a reminder, see your mail. STOP ends texts."
    now = clock.now()
    quiet = replace(AWAKE, quiet_from=(now - timedelta(hours=1)).time(), quiet_to=(now + timedelta(hours=2)).time())
    with uow.unit():
        preferences.choose(system_actor(), PersonKind.ACCOUNT, 1, quiet)
    assert words() is None
    with uow.unit():
        preferences.choose(system_actor(), PersonKind.ACCOUNT, 1, AWAKE)
        preferences.pause(system_actor(), PersonKind.ACCOUNT, 1, 2)
    assert words() is None
    with uow.unit():
        preferences.pause(system_actor(), PersonKind.ACCOUNT, 1, 0)
    room.matters = False
    assert words() is None
