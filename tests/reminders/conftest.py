"""A house with one kind of deadline, told by the test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from advocacy.app import create_app
from advocacy.core import crypto, uow
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.core.settings import Settings
from advocacy.reminders.rules import Elapsed, Wall
from advocacy.reminders.services import deadlines
from advocacy.web.manifest import Content, House, MailFacts, MailKind, Manifest, ReminderKind
from tests.support.reminding import keep_awake

TZ = "America/New_York"


class Room:
    """The room above reminders: who is reminded, whether it still matters, what happens at the time."""

    def __init__(self) -> None:
        self.people = [1, 2]
        self.matters = True
        self.done: list[int] = []
        self.breaks = False
        self.moved: list[tuple[int, datetime]] = []

    def contact(self, user_id: int) -> tuple[str, str, str]:
        if user_id > 90:
            raise NotFound
        return (f"Person {user_id}", f"p{user_id}@example.org", "en")

    def compose(self, mail: MailFacts) -> Content:
        return Content(to=mail.to, subject=f"Offset {mail.params['offset']}", text="Soon.\n", html="<p>Soon.</p>")

    def when_due(self, object_id: int) -> None:
        if self.breaks:
            raise ZeroDivisionError
        self.done.append(object_id)

    def manifest(self) -> Manifest:
        return Manifest(
            name="room",
            mails=[MailKind("room.closing", self.compose, service_basis="test")],
            reminder_kinds=[
                ReminderKind(
                    name="room.close",
                    offsets={"7d": Wall(7), "1d": Wall(1), "2h": Elapsed(2)},
                    recipients=lambda object_id: self.people,
                    still_matters=lambda object_id, rev: self.matters,
                    mail="room.closing",
                    when_due=self.when_due,
                    when_moved=lambda object_id, due_at: self.moved.append((object_id, due_at)),
                )
            ],
            contact=self.contact,
        )


@pytest.fixture
def room() -> Room:
    """What the room above says."""
    return Room()


@pytest.fixture
def app(settings: Settings, room: Room) -> Iterator[Flask]:
    """The app with that room; mail goes to the mailbox."""
    crypto.data_keys.clear()
    made = create_app(settings)
    rooms = [item for item in made.extensions["advocacy.house"].manifests if item.contact is None]
    made.extensions["advocacy.house"] = House((*rooms, room.manifest()))
    with made.app_context():
        with uow.unit():
            keep_awake([1, 2, 3, 99])
        yield made
        db.session.remove()
        db.engine.dispose()


def set_deadline(due_at: datetime, object_id: int = 5, tz: str = TZ) -> int:
    """Set the deadline of a thing and commit."""
    with uow.unit():
        return deadlines.set_deadline(
            kind="room.close", coalition_id=None, object_kind="thing", object_id=object_id, due_at=due_at, tz=tz
        )


def utc(text: str) -> datetime:
    """An instant from text."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
