"""How an account wishes to be written to."""

from __future__ import annotations

from datetime import time

from flask import Flask
from flask.testing import FlaskClient

from advocacy.core import uow
from advocacy.messaging import preferences
from advocacy.messaging.preference_models import PersonKind
from tests.factories.accounts import csrf_token, make_user, sign_in

FORM = {"quiet_from": "20:30", "quiet_to": "09:00", "tz": "Asia/Kolkata", "digest": "daily", "digest_at": "07:15"}


def test_notifications_are_kept_paused_and_refused_in_words(app: Flask, client: FlaskClient) -> None:
    user_id = make_user()
    sign_in(client, user_id)
    token = csrf_token(client)
    assert "No pause" in client.get("/account/notifications").text
    given = {"csrf_token": token, **FORM, "pause": "2", "is_discreet": "y"}
    assert client.post("/account/notifications", data=given).status_code == 303
    with uow.reading():
        found = preferences.one(PersonKind.ACCOUNT, user_id)
    assert (found.quiet_from, found.tz, found.digest, found.is_discreet) == (
        time(20, 30),
        "Asia/Kolkata",
        "daily",
        True,
    )
    page = client.get("/account/notifications").text
    assert "is paused until" in page
    assert client.post("/account/notifications", data={**given, "pause": "0"}).status_code == 303
    with uow.reading():
        assert preferences.one(PersonKind.ACCOUNT, user_id).paused_until is None
    assert client.post("/account/notifications", data={**given, "tz": ""}).status_code == 303
    with uow.reading():
        assert preferences.one(PersonKind.ACCOUNT, user_id, default_tz="Europe/London").tz == "Europe/London"
    for wrong in ({"pause": "3"}, {"tz": "Mars/Olympus"}, {"quiet_from": "late"}, {"digest": "hourly"}):
        answer = client.post("/account/notifications", data={**given, **wrong})
        assert answer.status_code == 422, wrong
        assert "error-summary" in answer.text
