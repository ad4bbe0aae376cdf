"""Signing in, the account page, sessions."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from advocacy.accounts.models import KnownDevice, User, UserSession
from advocacy.core import uow
from advocacy.core.db import db
from tests.factories.accounts import PASSWORD, csrf_token, make_user, sign_in

EMAIL = "rosalind@example.org"


def post_sign_in(client, email=EMAIL, password=PASSWORD, **extra):
    return client.post("/sign-in", data={"email": email, "password": password, **extra})


def count(model) -> int:
    with uow.reading():
        return db.session.execute(select(func.count()).select_from(model)).scalar_one()


@pytest.mark.both_databases
def test_sign_in_with_the_right_password_begins_a_session_and_leads_to_the_account(app, client):
    make_user(EMAIL)
    answer = post_sign_in(client, email=" Rosalind@Example.org ")
    assert answer.status_code == 303
    assert answer.location == "/account"
    page = client.get("/account")
    assert page.status_code == 200
    assert EMAIL in page.text


def test_sign_in_with_a_wrong_password_shows_the_form_again_with_the_reason(app, client):
    make_user(EMAIL)
    answer = post_sign_in(client, password="violet harbor stone lanterns")
    assert answer.status_code == 422
    assert "do not belong together" in answer.text
    assert not answer.headers.getlist("Set-Cookie")
    assert PASSWORD not in answer.text


def test_sign_in_page_sets_no_cookie(app, client):
    """W-11."""
    answer = client.get("/sign-in")
    assert answer.status_code == 200
    assert not answer.headers.getlist("Set-Cookie")


def test_w11_cookies_are_http_only_lax_and_bound_to_the_host(app, client):
    make_user(EMAIL)
    cookies = post_sign_in(client).headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


@pytest.mark.settings(server={"base_url": "https://advocacy.example.org"})
def test_w11_cookies_are_secure_with_the_host_prefix_under_https(app, client):
    make_user(EMAIL)
    cookies = post_sign_in(client).headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in cookies} == {"__Host-session", "__Host-device"}
    assert all("Secure" in cookie for cookie in cookies)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\tevil",
        "https:evil.example",
        " //evil.example",
        "/%0d%0aLocation:",
        "http:///evil.example",
        "/" * 3 + "evil.example",
    ],
)
def test_w10_next_never_leads_to_another_site(app, client, target):
    make_user(EMAIL)
    answer = post_sign_in(client, next=target)
    assert answer.status_code == 303
    assert answer.location.startswith("/")
    assert not answer.location.startswith(("//", "/\\"))


def test_next_leads_back_to_the_page_that_asked(app, client):
    make_user(EMAIL)
    sent = client.get("/account")
    assert sent.status_code == 303
    assert sent.location == "/sign-in?next=/account"
    assert 'value="/account"' in client.get(sent.location).text
    assert post_sign_in(client, next="/account").location == "/account"


def test_w01_sign_in_from_another_site_is_refused(app, client):
    make_user(EMAIL)
    data = {"email": EMAIL, "password": PASSWORD}
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        assert client.post("/sign-in", data=data, headers=headers).status_code == 403
    assert count(UserSession) == 0


@pytest.mark.parametrize("path", ["/sign-out", "/account/password", "/account/sessions/end"])
def test_w01_forms_of_signed_in_people_need_the_token_of_their_own_session(app, client, path):
    user_id = make_user(EMAIL)
    sign_in(client, user_id)
    other = csrf_token(sign_in(app.test_client(), user_id))
    assert client.post(path).status_code == 403
    assert client.post(path, data={"csrf_token": other}).status_code == 403
    assert count(UserSession) == 2


def test_n06_session_changes_at_sign_in_and_a_token_from_outside_is_never_adopted(app, client):
    make_user(EMAIL)
    planted = "p" * 43
    client.set_cookie("session", planted)
    post_sign_in(client)
    first = client.get_cookie("session").value
    assert first != planted
    post_sign_in(client)
    second = client.get_cookie("session").value
    assert second != first
    assert count(UserSession) == 1
    client.set_cookie("session", first)
    assert client.get("/account").status_code == 303


def test_n06_token_is_stored_only_as_its_hash(app, client):
    make_user(EMAIL)
    post_sign_in(client)
    with uow.reading():
        row = db.session.execute(select(UserSession)).scalar_one()
        assert client.get_cookie("session").value.encode() not in row.token_hash
        assert len(row.token_hash) == 32


def test_n07_sign_out_ends_the_session_for_good(app, client):
    sign_in(client, make_user(EMAIL))
    kept = client.get_cookie("session").value
    assert client.post("/sign-out", data={"csrf_token": csrf_token(client)}).status_code == 303
    client.set_cookie("session", kept)
    assert client.get("/account").status_code == 303


def test_n07_password_change_ends_other_sessions_and_keeps_this_browser_signed_in(app, client):
    user_id = make_user(EMAIL)
    sign_in(client, user_id)
    other = sign_in(app.test_client(), user_id)
    before = client.get_cookie("session").value
    answer = client.post(
        "/account/password",
        data={"csrf_token": csrf_token(client), "current": PASSWORD, "password": "copper meadow thirteen owls"},
    )
    assert answer.status_code == 303
    assert client.get_cookie("session").value != before
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert post_sign_in(app.test_client()).status_code == 422
    assert post_sign_in(app.test_client(), password="copper meadow thirteen owls").status_code == 303


def test_password_change_asks_for_the_present_one(app, client):
    sign_in(client, make_user(EMAIL))
    data = {
        "csrf_token": csrf_token(client),
        "current": "something else at all",
        "password": "copper meadow thirteen owls",
    }
    answer = client.post("/account/password", data=data)
    assert answer.status_code == 422
    assert "not your present password" in answer.text
    codes = [client.post("/account/password", data=data).status_code for _try in range(12)]
    assert codes[-1] == 429


def test_own_sessions_can_be_ended_one_by_one_and_those_of_others_not(app, client):
    """N-08: list of own sessions with revoke."""
    user_id = make_user(EMAIL)
    sign_in(client, user_id)
    other = sign_in(app.test_client(), user_id)
    stranger = sign_in(app.test_client(), make_user())
    with uow.reading():
        ids = [row.public_id for row in db.session.execute(select(UserSession).order_by(UserSession.id)).scalars()]
    token = {"csrf_token": csrf_token(client)}
    assert client.post(f"/account/sessions/{ids[2]}/end", data=token).status_code == 404
    assert client.post(f"/account/sessions/{ids[1]}/end", data=token).status_code == 303
    assert other.get("/account").status_code == 303
    assert stranger.get("/account").status_code == 200
    assert client.post("/account/sessions/end", data=token).status_code == 303
    assert client.get("/account").status_code == 303
    assert stranger.get("/account").status_code == 200


@pytest.mark.settings(security={"session_idle_min": 60, "session_absolute_h": 24})
def test_n08_sessions_end_when_idle_and_after_their_absolute_time(app, client, move_clock):
    user_id = make_user(EMAIL)
    sign_in(client, user_id)
    for minutes in (50, 100, 150):
        move_clock(minutes * 60)
        assert client.get("/account").status_code == 200, minutes
    move_clock(150 * 60 + 61 * 60)
    assert client.get("/account").status_code == 303
    move_clock(0)
    sign_in(client, user_id)
    for minutes in range(30, 24 * 60, 30):
        move_clock(minutes * 60)
        assert client.get("/account").status_code == 200, minutes
    move_clock(24 * 3600 + 1)
    assert client.get("/account").status_code == 303


def test_last_seen_is_written_at_most_once_in_five_minutes(app, client, move_clock):
    sign_in(client, make_user(EMAIL))

    def seen():
        with uow.reading():
            return db.session.execute(select(UserSession.last_seen_at)).scalar_one()

    first = seen()
    move_clock(200)
    client.get("/account")
    assert seen() == first
    move_clock(301)
    client.get("/account")
    assert seen() > first


@pytest.mark.both_databases
def test_addresses_and_names_are_sealed_in_the_table(app, client):
    """D-04: a dump of the table shows neither."""
    make_user("canary.bird@example.org", name="Canary Birdsong")
    with uow.reading():
        user = db.session.execute(select(User)).scalar_one()
        stored = user.email_sealed + user.name_sealed + user.email_key
    assert b"canary" not in stored.lower()


def test_known_device_is_kept_as_a_hash_and_ends_with_the_password(app, client):
    """N-07: remembered devices end too."""
    make_user(EMAIL)
    post_sign_in(client)
    post_sign_in(client)
    assert count(KnownDevice) == 1
    data = {"csrf_token": csrf_token(client), "current": PASSWORD, "password": "copper meadow thirteen owls"}
    client.post("/account/password", data=data)
    assert count(KnownDevice) == 0


def test_purge_forgets_ended_sessions_and_devices_long_unused(app, client, move_clock):
    from datetime import timedelta

    from advocacy.accounts.services import sessions
    from advocacy.core import clock

    make_user(EMAIL)
    post_sign_in(client)
    post_sign_in(app.test_client())

    def purge(limit=100):
        with uow.unit():
            now = clock.now()
            ended = sessions.purge(now - timedelta(days=1), limit)
            return ended, sessions.purge_devices(now - timedelta(days=180), limit)

    assert purge() == (0, 0)
    move_clock(200 * 86400)
    assert purge(limit=1) == (1, 1)
    assert purge() == (1, 1)
    assert count(UserSession) == count(KnownDevice) == 0
