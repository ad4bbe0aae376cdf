"""A house whose mails are told by the test, and a real mail server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import literal, select, union_all

from advocacy.app import create_app
from advocacy.core import crypto, uow
from advocacy.core.db import BigId, db
from advocacy.messaging.models import Mail, MailLot
from advocacy.messaging.ready import slot
from advocacy.messaging.services import bulk, sending
from advocacy.web.lots import Gone, Held, LotKind, ReadyBody, Recipient
from advocacy.web.manifest import Content, House, MailFacts, MailKind, Manifest, SendCheck
from tests.support import databases
from tests.support.smtp_sink import SmtpSink


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """A mail server."""
    with SmtpSink() as made:
        yield made


class Lot:
    """What a lot of the room above says, and to whom: people are numbers, their addresses made of them."""

    def __init__(self) -> None:
        self.body = ReadyBody(
            subject="News",
            text=f"Dear {slot('name')},\nthere is news.\n",
            html=f"<p>Dear {slot('name')}, there is news.</p>",
        )
        self.stands: int | Held | Gone = 1
        self.rendered = 0
        self.domain = "example.org"
        self.people: dict[int, Recipient] = {}
        self.erased: set[int] = set()
        self.poisoned: set[int] = set()

    def kind(self) -> LotKind:
        return LotKind(lambda object_id: self.stands, self._ready, self._people)

    def _ready(self, object_id: int, locale: str) -> ReadyBody:
        self.rendered += 1
        return self.body

    def _people(self, object_id: int, contact_ids: Sequence[int]) -> dict[int, Recipient]:
        if self.poisoned & set(contact_ids):
            raise ZeroDivisionError
        return {number: self.person(number) for number in contact_ids if number not in self.erased}

    def person(self, number: int) -> Recipient:
        return self.people.get(number) or Recipient(f"p{number}@{self.domain}", {"name": f"Person {number}"})


class Room:
    """The room above messaging: what its mails say, and what stands against sending them."""

    def __init__(self) -> None:
        self.subject = "Hello"
        self.text = "Dear reader,\n.\nthis is a mail.\n"
        self.html = "<p>Dear reader, this is a mail.</p>"
        self.more: dict[str, Any] = {}
        self.composer: Callable[[MailFacts], Content | None] | None = None
        self.objection: str | None = None
        self.lot = Lot()

    def compose(self, mail: MailFacts) -> Content | None:
        if self.composer is not None:
            return self.composer(mail)
        return Content(to=mail.to, subject=self.subject, text=self.text, html=self.html, **self.more)

    def manifest(self) -> Manifest:
        return Manifest(
            name="room",
            mails=[
                MailKind("room.hello", self.compose, priority=40, service_basis="test"),
                MailKind("room.urgent", self.compose, priority=10, service_basis="test"),
                MailKind("room.news", self.compose, priority=80),
                MailKind("room.lot", self.compose, priority=80, service_basis="test", lot=self.lot.kind()),
                MailKind("room.letter", self.compose, priority=80, lot=self.lot.kind()),
            ],
            send_checks=[SendCheck("room", lambda mail: self.objection)],
        )


@pytest.fixture
def room() -> Room:
    """What the mails of a test say."""
    return Room()


@pytest.fixture
def app(database_url: str, room: Room, sink: SmtpSink, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The app with that room, sending to the sink."""
    marker = request.node.get_closest_marker("settings")
    sections: dict[str, dict[str, object]] = {"mail": sink.settings()}
    for name, more in (marker.kwargs if marker else {}).items():
        sections.setdefault(name, {}).update(more)
    crypto.data_keys.clear()
    made = create_app(databases.make_settings(database_url, **sections))
    made.extensions["advocacy.house"] = House((*made.extensions["advocacy.house"].manifests, room.manifest()))
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def queue(to: str = "zoe@example.org", kind: str = "room.hello", **more: Any) -> int:
    """Queue a mail and commit."""
    with uow.unit():
        found = sending.queue_mail(
            **{"kind": kind, "to": to, "coalition_id": None, "object_kind": "thing", "object_id": 1, **more}
        )
    assert found is not None
    return found


def queue_lot(
    numbers: Sequence[int],
    object_id: int = 1,
    locale: str = "en",
    kind: str = "room.lot",
    opt_in_id: int | None = None,
) -> int:
    """Queue a lot to people by their numbers, and commit."""
    columns = {"opt_in_id": literal(opt_in_id, BigId), "locale": literal(locale)}
    people = union_all(
        *[
            select(literal(number).label("contact_id"), *[each.label(name) for name, each in columns.items()])
            for number in numbers
        ]
    )
    with uow.unit():
        return bulk.queue_lot(
            kind=kind,
            object_kind="thing",
            object_id=object_id,
            coalition_id=None,
            recipients=select(people.subquery()),
        )


def lot_mails(object_id: int = 1) -> dict[int, Mail]:
    """The rows of a lot's mails, by contact."""
    chosen = select(Mail).join(MailLot, MailLot.id == Mail.lot_id).where(MailLot.object_id == object_id)
    with uow.reading():
        rows = list(db.session.scalars(chosen))
        db.session.expunge_all()
    return {row.contact_id: row for row in rows if row.contact_id is not None}


def mail(mail_id: int) -> Mail:
    """A mail's row as it is now."""
    with uow.reading():
        row = db.session.execute(select(Mail).where(Mail.id == mail_id)).scalar_one()
        db.session.expunge(row)
    return row
