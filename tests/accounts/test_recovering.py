"""A new password by mail: N-10, N-11."""

from __future__ import annotations

import random
import re
import time

import pytest
from sqlalchemy import func, select

from advocacy.accounts.models import AccountLink, KnownDevice, RecoveryRequest
from advocacy.core import uow
from advocacy.core.db import db
from tests.factories.accounts import PASSWORD, csrf_token, make_user, sign_in
from tests.factories.factors import code, enrol_totp
from tests.support import inbox, walk
from tests.support.queries import count_queries
from tests.support.work import run_due

EMAIL = "rosalind@example.org"
NEW = "copper meadow thirteen owls"
LIMITS_OFF = pytest.mark.settings(limits={"recover_network": 0, "recover_global": 0, "account_mail": 0})


def ask(client, email=EMAIL):
    return client.post("/sign-in/recover", data={"email": email})


def post_sign_in(client, password, email=EMAIL):
    return client.post("/sign-in", data={"email": email, "password": password})


def count(model):
    with uow.reading():
        return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def link_for(app, client, email=EMAIL):
    assert ask(client, email).status_code == 303
    return inbox.link(app, EMAIL)


@pytest.mark.both_databases
def test_link_sets_a_new_password_once_and_ends_everything_opened_with_the_old_one(app, client):
    user_id = make_user(EMAIL)
    post_sign_in(client, PASSWORD)
    owner = sign_in(app.test_client(), user_id)
    path = link_for(app, client, "Rosalind@Example.org ")
    page = client.get(path)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert client.post(path, data={"password": "short"}).status_code == 422
    assert client.post(path, data={"password": NEW}).location == "/sign-in?done=password-recovered"
    assert client.post(path, data={"password": NEW}).status_code == 410
    assert client.get(path).status_code == 410
    assert [browser.get("/account").status_code for browser in (client, owner)] == [303, 303]
    assert count(KnownDevice) == 0
    assert post_sign_in(app.test_client(), PASSWORD).status_code == 422
    assert post_sign_in(client, NEW).status_code == 303
    assert "Confirmed" in client.get("/account").text
    assert "password of your account was changed" in inbox.mails(app, EMAIL)[0].text


def test_n11_opening_the_link_changes_nothing(app, client):
    make_user(EMAIL)
    path = link_for(app, client)
    before = walk.fingerprint()
    for _scanner in range(3):
        client.get(path)
        client.head(path)
    assert walk.fingerprint() == before
    assert client.post(path, data={"password": NEW}).status_code == 303


def test_n11_link_ends_after_an_hour(app, client, move_clock):
    make_user(EMAIL)
    path = link_for(app, client)
    move_clock(3599)
    assert client.get(path).status_code == 200
    move_clock(3601)
    assert client.get(path).status_code == 410
    assert client.post(path, data={"password": NEW}).status_code == 410


def test_n11_nothing_that_works_as_a_link_is_stored(app, client):
    make_user(EMAIL)
    token = link_for(app, client).rsplit("/", 1)[1]
    with uow.reading():
        (row,) = db.session.execute(select(AccountLink)).scalars()
        assert token[22:] not in repr(vars(row))
    assert client.get(f"/sign-in/recover/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}").status_code == 410
    assert client.get("/sign-in/recover/" + "A" * 54).status_code == 410


def test_n11_link_of_one_purpose_opens_no_other(app, client):
    user_id = make_user(EMAIL)
    token = link_for(app, client).rsplit("/", 1)[1]
    for other in ("/account/email/verify/", "/account/email/change/", "/set-up/", "/invitations/"):
        assert client.get(other + token).status_code == 410
        assert client.post(other + token).status_code == 410 or other == "/set-up/"
    sign_in(client, user_id)
    client.post("/account/email/verify", data={"csrf_token": csrf_token(client)})
    verify = inbox.link(app, EMAIL).rsplit("/", 1)[1]
    assert client.post(f"/sign-in/recover/{verify}", data={"password": NEW}).status_code == 410


@pytest.mark.both_databases
def test_n11_link_dies_with_a_change_of_password_and_every_other_link_with_its_use(app, client):
    user_id = make_user(EMAIL)
    paths = [link_for(app, client) for _twice in range(2)]
    assert paths[0] != paths[1]
    assert [client.get(path).status_code for path in paths] == [200, 200]
    sign_in(client, user_id)
    data = {"csrf_token": csrf_token(client), "current": PASSWORD, "password": NEW}
    assert client.post("/account/password", data=data).status_code == 303
    assert [client.get(path).status_code for path in paths] == [410, 410]
    paths = [link_for(app, client) for _twice in range(2)]
    assert client.post(paths[0], data={"password": PASSWORD}).status_code == 303
    assert client.get(paths[1]).status_code == 410


def test_second_step_stays_after_a_new_password(app, client):
    secret = enrol_totp(make_user(EMAIL))
    client.post(link_for(app, client), data={"password": NEW})
    assert post_sign_in(client, NEW).location == "/sign-in/code"
    assert client.post("/sign-in/code", data={"code": code(secret)}).status_code == 303


def masked(answer):
    text = re.sub(r"[0-9a-f]{32}", "ID", answer.get_data(as_text=True))
    headers = [(name, value) for name, value in answer.headers if name != "X-Request-Id"]
    return text, answer.status_code, answer.location, headers


@LIMITS_OFF
@pytest.mark.both_databases
def test_n10_known_unknown_and_closed_addresses_get_one_answer_in_one_time(app, client, database_kind):
    from advocacy.accounts.services import registering
    from advocacy.core.actor import system_actor

    make_user(EMAIL)
    make_user("gone@example.org")
    with uow.unit():
        registering.disable_user(system_actor(), "gone@example.org")
    emails = {"known": EMAIL, "unknown": "nobody00@example.org", "closed": "gone@example.org"}
    ask(client, EMAIL)
    times = {kind: [] for kind in emails}
    answers = {kind: set() for kind in emails}
    chance = random.Random(10)
    for _round in range(80):
        for kind, email in chance.sample(list(emails.items()), len(emails)):  # no kind is always the one after a pause
            began = time.perf_counter()
            answer = ask(client, email)
            times[kind].append(time.perf_counter() - began)
            answers[kind].add(repr(masked(answer)))
    assert answers["known"] == answers["unknown"] == answers["closed"]
    assert len(answers["known"]) == 1
    quick = {kind: sorted(values)[len(values) // 10] for kind, values in times.items()}  # other tests slow the rest
    assert max(quick.values()) < min(quick.values()) * 1.35 + 0.005, quick
    for kind in ("unknown", "closed"):
        assert is_one_distribution(times["known"], times[kind]), quick
    assert client.get("/sign-in/recover/sent").status_code == 200


def is_one_distribution(left: list[float], right: list[float]) -> bool:
    """Mann-Whitney: whether neither side is so often the faster one that chance cannot explain it (p < 0.00001)."""
    wins = sum((a < b) + 0.5 * (a == b) for a in left for b in right)
    n, m = len(left), len(right)
    spread = (n * m * (n + m + 1) / 12) ** 0.5
    return abs(wins - n * m / 2) < 4.4 * spread


@LIMITS_OFF
def test_n10_request_asks_the_database_the_same_for_every_address_and_never_for_an_account(app, client):
    make_user(EMAIL)
    asked = []
    for email in (EMAIL, EMAIL, "nobody@example.org"):
        with count_queries() as counted:
            ask(client, email)
        asked.append(counted.statements)
    assert asked[1] == asked[2]
    assert not [statement for statement in asked[1] if "user_account" in statement]


@LIMITS_OFF
def test_n10_mail_goes_out_of_band_and_only_to_known_addresses(app, client):
    make_user(EMAIL)
    ask(client, EMAIL)
    ask(client, "nobody@example.org")
    assert count(RecoveryRequest) == 2
    assert count(AccountLink) == 0
    run_due(app)
    assert count(RecoveryRequest) == 0
    assert len(inbox.mails(app, EMAIL)) == 1
    assert inbox.mails(app, "nobody@example.org") == []


@pytest.mark.settings(limits={"recover_network": 3})
def test_l01_requests_are_limited_a_network_whatever_the_address(app, client):
    make_user(EMAIL)
    assert [ask(client, email).status_code for email in (EMAIL, "a@example.org", EMAIL, EMAIL)] == [303, 303, 303, 429]
    assert ask(client, "b@example.org").status_code == 429


@pytest.mark.settings(limits={"account_mail": 2, "recover_network": 0})
def test_n09_flood_of_requests_sends_few_mails_and_kills_no_link_of_the_owner(app, client):
    make_user(EMAIL)
    path = link_for(app, client)
    for _flood in range(10):
        assert ask(app.test_client()).status_code == 303
    assert len(inbox.mails(app, EMAIL)) == 2
    assert client.post(path, data={"password": NEW}).status_code == 303


@pytest.mark.parametrize("email", ["x" * 10_000, "a\x00b", "=HYPERLINK(1)", "<b>x</b>", "no address", "ü@exämple.org"])
def test_odd_address_gets_the_same_answer_or_the_form(app, client, email):
    answer = ask(client, email)
    assert answer.status_code in {303, 422}
    run_due(app)
