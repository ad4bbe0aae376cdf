"""Addresses that get no mail: looked up, stopped and let go again by operators."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from advocacy.audit.models import AuditEvent
from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.messaging.services import suppressing
from advocacy.messaging.suppression_models import Reason, Suppression
from tests.factories.accounts import csrf_token, make_user, sign_in
from tests.factories.coalitions import make_coalition, make_member

PAGE = "/desk/mail/addresses"


def held(address: str, **facts: object) -> str | None:
    with uow.reading():
        return suppressing.is_suppressed(address, **facts)


def only() -> str:
    with uow.reading():
        return db.session.scalars(select(Suppression.public_id).where(Suppression.lifted_at.is_(None))).one()


def test_an_operator_stops_finds_and_lifts_an_address_with_a_reason(app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user(platform_admin=True))
    token = csrf_token(client)
    assert "No address is without mail" in client.get(PAGE).text
    answer = client.post(f"{PAGE}/stop", data={"csrf_token": token, "address": " Zoe@BÜCHER.example "})
    assert (answer.status_code, answer.location) == (303, f"{PAGE}?done=address-held")
    assert client.post(f"{PAGE}/stop", data={"csrf_token": token, "address": "no address"}).status_code == 422
    assert held("zoe@xn--bcher-kva.example", is_service=True) == "by_hand"
    page = client.post(PAGE, data={"csrf_token": token, "address": "zoe@bücher.example"})
    assert (page.status_code, "Stopped here" in page.text) == (200, True)
    assert "Nothing stands" in client.post(PAGE, data={"csrf_token": token, "address": "ann@example.org"}).text
    assert client.post(f"{PAGE}/{only()}/lift", data={"csrf_token": token, "why": " "}).status_code == 422
    answer = client.post(f"{PAGE}/{only()}/lift", data={"csrf_token": token, "why": "They called."})
    assert answer.status_code == 303
    assert held("zoe@bücher.example") is None
    with uow.reading():
        row = db.session.scalars(select(Suppression)).one()
        actions = db.session.scalars(select(AuditEvent.action).where(AuditEvent.object_kind == "suppression")).all()
    assert (row.lift_reason, row.lifted_by is not None) == ("They called.", True)
    assert sorted(actions) == ["suppression.lifted", "suppression.made"]


def test_a_coalition_lifts_its_own_only(app: Flask, client: FlaskClient) -> None:
    ours, theirs = make_coalition(), make_coalition()
    sign_in(client, make_member(ours, "admin"))
    token = csrf_token(client)
    with uow.unit():
        suppressing.suppress("a@example.org", Reason.HARD_BOUNCE)
    assert (
        "Only whoever runs the site" in client.post(PAGE, data={"csrf_token": token, "address": "a@example.org"}).text
    )
    assert client.post(f"{PAGE}/{only()}/lift", data={"csrf_token": token, "why": "x"}).status_code == 403
    with uow.unit():
        suppressing.suppress("b@example.org", Reason.COMPLAINT, coalition_id=theirs)
    assert "Nothing stands" in client.post(PAGE, data={"csrf_token": token, "address": "b@example.org"}).text
    assert held("b@example.org", coalition_id=ours) is None
    assert held("b@example.org", coalition_id=theirs) == "complaint"


def test_what_was_lifted_long_ago_is_forgotten_and_what_holds_stays(app: Flask) -> None:
    with uow.unit():
        for address in ("ann@example.org", "bo@example.org", "cy@example.org"):
            suppressing.suppress(address, Reason.UNSUBSCRIBE, coalition_id=3)
        suppressing.end_unsubscribe("ann@example.org", 3)
        suppressing.end_unsubscribe("bo@example.org", 3)
    later = clock.now() + timedelta(days=1)
    with uow.unit():
        assert suppressing.purge_lifted(later - timedelta(days=2), 9) == 0
        assert suppressing.purge_lifted(later, 1) == 1
        assert suppressing.purge_lifted(later, 9) == 1
    assert held("cy@example.org", coalition_id=3) == "unsubscribe"
    with uow.reading():
        assert suppressing.as_told("ann@example.org") == []
