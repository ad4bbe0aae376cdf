"""A house whose mails are told by the test, and a real mail server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from advocacy.app import create_app
from advocacy.core import crypto, uow
from advocacy.core.db import db
from advocacy.messaging.models import Mail
from advocacy.messaging.services import sending
from advocacy.web.manifest import Content, House, MailFacts, MailKind, Manifest, SendCheck
from tests.support import databases
from tests.support.smtp_sink import SmtpSink


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """A mail server."""
    with SmtpSink() as made:
        yield made


class Room:
    """The room above messaging: what its mails say, and what stands against sending them."""

    def __init__(self) -> None:
        self.subject = "Hello"
        self.text = "Dear reader,\n.\nthis is a mail.\n"
        self.html = "<p>Dear reader, this is a mail.</p>"
        self.more: dict[str, Any] = {}
        self.composer: Callable[[MailFacts], Content | None] | None = None
        self.objection: str | None = None

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
    for name, values in (marker.kwargs if marker else {}).items():
        sections.setdefault(name, {}).update(values)
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


def mail(mail_id: int) -> Mail:
    """A mail's row as it is now."""
    with uow.reading():
        row = db.session.execute(select(Mail).where(Mail.id == mail_id)).scalar_one()
        db.session.expunge(row)
    return row
