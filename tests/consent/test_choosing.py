"""C-07: one press stops such mails; everything else is chosen behind a link, without an account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from advocacy.consent.models import OptIn, Purpose
from advocacy.core import uow
from advocacy.core.db import db
from advocacy.messaging.models import Mail, MailState
from advocacy.messaging.permission import links_of
from advocacy.messaging.services import suppressing
from advocacy.messaging.suppression_models import Reason
from advocacy.petitions.models import Signature
from advocacy.petitions.partner_models import PartnerDeletion
from tests.factories import partners, permission, petitions
from tests.factories.coalitions import make_coalition
from tests.factories.organizations import make_organization
from tests.support.inbox import mails
from tests.support.work import run_due

ANA = "ana@example.org"
pytestmark = pytest.mark.settings(mail={"transport": "mailbox"}, demo={"enabled": True})


@pytest.fixture
def coalition_id(app: Flask) -> int:
    permission.add_press(app)
    return make_coalition()


def states() -> list[tuple[str, str]]:
    with uow.reading():
        rows = db.session.execute(select(OptIn.purpose, OptIn.state).order_by(OptIn.id))
        return [(row.purpose, row.state) for row in rows]


def form(**changed: object) -> dict[str, object]:
    return {
        "purposes": ["campaign_news"],
        "pause": "stays",
        "quiet_from": "21:00",
        "quiet_to": "08:00",
        "tz": "America/New_York",
        "digest": "off",
        "digest_at": "08:00",
        "locale": "en",
        **changed,
    }


@pytest.mark.both_databases
def test_c07_one_press_without_cookie_token_or_redirect_stops_what_waits(app: Flask, coalition_id: int):
    leave = permission.agree(coalition_id)
    sent, waits = permission.write(coalition_id, ANA, leave), None
    (first,) = mails(app, ANA)
    stop, choose = permission.paths(sent)
    assert f"http://localhost:8000{stop}" in first.text
    assert f"http://localhost:8000{choose}" in first.text
    waits, needed = permission.write(coalition_id, ANA, leave), permission.write(coalition_id, kind=permission.NEEDED)
    stranger = app.test_client(use_cookies=False)
    for _ in range(2):
        answer = stranger.post(stop, data={"List-Unsubscribe": "One-Click"}, headers={"Origin": "null"})
        assert (answer.status_code, answer.headers.get("Set-Cookie")) == (200, None)
    run_due(app)
    assert (permission.mail(waits).state, permission.mail(waits).last_reason) == ("suppressed", "opt_in_withdrawn")
    assert permission.mail(needed).state == MailState.SENT
    assert states() == [("campaign_news", "withdrawn")]


def test_c07_looking_at_the_link_changes_nothing_and_forged_ones_are_refused(coalition_id: int, client: FlaskClient):
    sent = permission.write(coalition_id, ANA, permission.agree(coalition_id))
    stop, choose = permission.paths(sent)
    for _ in range(10):
        assert client.get(stop).status_code == 200
    needed = permission.paths(permission.write(coalition_id, kind=permission.NEEDED))[0]
    forged = [
        f"{stop[:-1]}{'A' if stop[-1] != 'A' else 'B'}",
        stop[:-1],
        "/unsubscribe/" + choose.removeprefix("/preferences/"),
        "/unsubscribe/" + "A" * 54,
        needed,
    ]
    for path in forged:
        assert client.post(path).status_code in {404, 410}, path
        assert client.get(path).status_code in {404, 410}, path
    assert client.post(choose.replace("/preferences/", "/preferences/A"), data=form()).status_code in {404, 410}
    assert states() == [("campaign_news", "confirmed")]


def test_c07_an_old_link_stops_what_was_agreed_to_anew(coalition_id: int, client: FlaskClient):
    sent = permission.write(coalition_id, ANA, permission.agree(coalition_id))
    stop, _choose = permission.paths(sent)
    client.post(stop)
    permission.agree(coalition_id)
    permission.agree(coalition_id, purpose=Purpose.EVENT)
    client.post(stop)
    assert states() == [("campaign_news", "withdrawn"), ("campaign_news", "withdrawn"), ("event", "confirmed")]


def test_c07_stopping_a_partners_mail_unticks_its_box_and_tells_it_to_delete(app: Flask, client: FlaskClient):
    coalition_id = make_coalition()
    petition = petitions.make_petition(coalition_id)
    page = partners.make_partner_page(petition, make_organization(coalition_id, "Harbor House", tier="partner"))
    signature = partners.sign_with(client, petition, page, ANA, partner_updates="y", updates="y")
    permission.add_press(app)
    stop, _choose = permission.paths(permission.write(coalition_id, ANA, signature.partner_opt_in_id))
    assert client.post(stop).status_code == 200
    with uow.reading():
        found = db.session.get_one(Signature, signature.id)
        assert (found.partner_updates, found.updates) == (False, True)
        assert db.session.scalars(select(PartnerDeletion.signature_id)).all() == [signature.id]


def test_choices_behind_a_link_end_begin_and_pause(app: Flask, coalition_id: int, client: FlaskClient, move_clock):
    leave = permission.agree(coalition_id)
    _stop, choose = permission.paths(permission.write(coalition_id, ANA, leave))
    assert mails(app, ANA)[0].subject == "The bridge vote is on Monday"
    page = client.get(choose)
    assert (page.status_code, ANA in page.get_data(as_text=True)) == (200, False)
    given = form(purposes=["campaign_news", "event"], pause="4", is_discreet="y")
    assert client.post(choose, data=given).status_code == 303
    assert states() == [("campaign_news", "confirmed"), ("event", "confirmed")]
    with uow.reading():
        proof = db.session.scalars(select(OptIn.proof).where(OptIn.purpose == "event")).one()
    assert proof["kind"] == "preferences_link"
    paused = permission.write(coalition_id, ANA, leave)
    run_due(app)
    assert (permission.mail(paused).state, permission.mail(paused).last_reason) == ("suppressed", "paused")
    move_clock(timedelta(weeks=4, seconds=5).total_seconds())
    permission.write(coalition_id, ANA, leave)
    assert mails(app, ANA)[0].subject == "A message from Advocacy"
    assert client.post(choose, data=form(purposes=[])).status_code == 303
    assert {state for _purpose, state in states()} == {"withdrawn"}
    assert client.post(choose, data=form(purposes=[], pause="2")).status_code == 303
    assert client.post(choose, data=form(tz="Mars/Olympus")).status_code == 422
    assert client.post(choose, data=form(purposes=["peer"])).status_code == 422


@pytest.mark.both_databases
def test_c07_mail_to_many_carries_each_ones_links_and_heeds_what_each_chose(
    app: Flask, coalition_id: int, client: FlaskClient
):
    leaves = {number: permission.agree(coalition_id, f"reader{number}@example.org") for number in range(1, 5)}
    ways = {
        number: permission.paths(permission.write(coalition_id, f"reader{number}@example.org", leave))
        for number, leave in leaves.items()
    }
    run_due(app)
    client.post(ways[1][0])
    client.post(ways[2][1], data=form(is_discreet="y"))
    with uow.unit():
        suppressing.suppress("READER3@example.org", Reason.COMPLAINT, coalition_id=coalition_id)
    permission.write_to_many(coalition_id, leaves)
    with uow.reading():
        rows = db.session.execute(select(Mail.contact_id, Mail.public_id).where(Mail.lot_id.is_not(None)))
        public_ids = {row.contact_id: row.public_id for row in rows}
    discreet, plain = mails(app, "reader2@example.org"), mails(app, "reader4@example.org")
    assert discreet[0].subject == "A message from Advocacy"
    assert plain[0].subject == "The bridge vote is on Monday"
    links = links_of(public_ids[4])
    assert links.unsubscribe_url in plain[0].text
    assert links.preferences_url in plain[0].text
    with uow.reading():
        ended = db.session.execute(select(Mail.contact_id, Mail.last_reason).where(Mail.state == "suppressed"))
        assert {row.contact_id: row.last_reason for row in ended} == {1: "opt_in_withdrawn", 3: "complaint"}


def test_stop_all_is_remembered_by_a_hash_until_somebody_agrees_anew(coalition_id: int, client: FlaskClient):
    leave = permission.agree(coalition_id)
    _stop, choose = permission.paths(permission.write(coalition_id, ANA, leave))
    assert client.post(choose, data={"action": "stop"}).status_code == 303
    assert permission.write(coalition_id, "ANA@Example.org", leave) is None
    with uow.reading():
        assert suppressing.is_suppressed(ANA, coalition_id=coalition_id) == "unsubscribe"
        assert suppressing.is_suppressed(ANA, coalition_id=coalition_id, is_service=True) is None
        assert suppressing.is_suppressed(ANA, coalition_id=coalition_id + 1) is None
    permission.agree(coalition_id)
    with uow.reading():
        assert suppressing.is_suppressed(ANA, coalition_id=coalition_id) is None


@pytest.mark.parametrize("path", ["/unsubscribe/%0d%0aX", "/unsubscribe/" + "é" * 30, "/preferences/" + "A" * 5000])
def test_odd_links_are_refused(client: FlaskClient, path: str):
    assert client.post(path).status_code in {404, 410}
