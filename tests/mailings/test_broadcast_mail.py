"""C-07: what a mailing looks like where it arrives, and what becomes of who says stop before it leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from advocacy.app import create_app
from advocacy.consent.models import OptIn, OptInState
from advocacy.core import crypto, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.mailings.services import queueing
from advocacy.messaging import preferences
from advocacy.messaging.preference_models import PersonKind
from advocacy.messaging.services import suppressing
from tests.factories.accounts import sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.mailings import make_broadcast, plan, row
from tests.factories.supporters import make_supporter, take_leave_back
from tests.support import databases
from tests.support.smtp_sink import SmtpSink
from tests.support.work import run_due


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as made:
        yield made


@pytest.fixture
def app(database_url: str, sink: SmtpSink) -> Iterator[Flask]:
    crypto.data_keys.clear()
    made = create_app(databases.make_settings(database_url, mail=sink.settings()))
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def leave_of(person_id: int) -> str:
    with uow.reading():
        return str(db.session.execute(select(OptIn.state).where(OptIn.person_id == person_id)).scalar_one())


def test_c07_a_mailing_arrives_with_its_way_out_and_who_stopped_in_time_is_counted_so(app, sink, client, move_clock):
    coalition_id = make_coalition(name="Riverbend Coalition")
    ana = make_supporter(coalition_id, "Ana Ruiz", "ana@example.org")
    dee = make_supporter(coalition_id, "Dee Park", "dee@example.org")
    gone = make_supporter(coalition_id, "Gus Long", "gus@example.org")
    wish = replace(preferences.one(PersonKind.SUPPORTER, dee), is_discreet=True)
    with uow.unit():
        key = suppressing.address_key("dee@example.org")
        preferences.choose(system_actor(), PersonKind.SUPPORTER, dee, wish, address_key=key)
    public_id = make_broadcast(coalition_id, subject="Hearing on crisis beds", body="Dear {first_name},\n\ncome along.")
    plan(coalition_id, public_id)
    move_clock(61)
    broadcast_id = row(public_id).id
    with uow.unit():
        queueing.start_broadcast(broadcast_id)
        queueing.queue_some(broadcast_id)
    take_leave_back(coalition_id, gone)
    run_due(app)
    with uow.unit():
        queueing.look_after()

    assert sink.to("gus@example.org") == []
    (plain,), (discreet,) = sink.to("ana@example.org"), sink.to("dee@example.org")
    assert plain.subject == "Hearing on crisis beds"
    assert discreet.subject == "A message from Riverbend Coalition"
    assert "Dear Dee" in discreet.text
    ways = []
    for mail in (plain, discreet):
        way = re.fullmatch(r"<(https?://[^/]+(/unsubscribe/\S+))>", mail.header("List-Unsubscribe"))
        assert way
        assert mail.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
        assert mail.header_names.count("List-Unsubscribe") == 1
        assert way[1] in mail.text
        assert f'href="{way[1]}"' in mail.html
        ways.append(way[2])
    assert ways[0] != ways[1]
    assert client.get(ways[0]).status_code == 200
    assert leave_of(ana) == OptInState.CONFIRMED
    assert client.post(ways[0], data={"List-Unsubscribe": "One-Click"}).status_code in {200, 303}
    assert (leave_of(ana), leave_of(dee)) == (OptInState.WITHDRAWN, OptInState.CONFIRMED)

    sign_in(client, make_member(coalition_id, "organizer"))
    standing = client.get(f"/desk/mailings/{public_id}").get_data(as_text=True)
    assert "They stopped such mail before it left" in standing
    assert "Other reasons" not in standing
    looks = client.get(f"/desk/mailings/{public_id}/preview").get_data(as_text=True)
    assert "Stop such mails:" in looks
