"""How passwords are kept, and limits of sign-in."""

from __future__ import annotations

import re
import statistics
import time

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import select, update

from advocacy.accounts import rules
from advocacy.accounts.models import User
from advocacy.core import uow
from advocacy.core.db import db
from tests.factories.accounts import PASSWORD, make_user

EMAIL = "rosalind@example.org"


def post(client, email=EMAIL, password=PASSWORD, **kwargs):
    return client.post("/sign-in", data={"email": email, "password": password}, **kwargs)


def stored_hash():
    with uow.reading():
        return db.session.execute(select(User.password_hash)).scalar_one()


@pytest.mark.both_databases
def test_n01_hashes_are_argon2id_and_weaker_ones_are_made_stronger_at_the_next_sign_in(app, client):
    make_user(EMAIL)
    made = extract_parameters(stored_hash())
    assert stored_hash().startswith("$argon2id$")
    assert made.memory_cost >= 19456
    assert made.time_cost >= 2
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(rules.normal_password(PASSWORD))
    with uow.unit():
        db.session.execute(update(User).values(password_hash=weak))
    assert post(client, password="violet harbor stone lanterns").status_code == 422
    assert stored_hash() == weak
    assert post(client).status_code == 303
    after = extract_parameters(stored_hash())
    assert (after.memory_cost, after.time_cost) == (made.memory_cost, made.time_cost)
    assert post(app.test_client()).status_code == 303


@pytest.mark.parametrize(
    "password", ["pass" * 49 + "wört", "🦉🌿🪨🏮🦉🍂🌊🪵🐚🦋🌾🕯️🧭🪁🌻", "cafe\u0301 du nord \u00e0 lyon"]
)
def test_n02_unusual_passwords_sign_in(app, client, password):
    make_user(EMAIL, password=password)
    assert post(client, password=password).status_code == 303
    assert post(app.test_client(), password=password[:-1]).status_code == 422


@pytest.mark.both_databases
def test_n09_two_hundred_wrong_tries_from_changing_addresses_do_not_lock_the_owner_out(app, client):
    make_user(EMAIL)
    assert post(client).status_code == 303  # the owner's browser is known from here on
    stranger = app.test_client()
    codes = [
        post(
            stranger, password="wrong wrong wrong wrong", headers={"X-Forwarded-For": f"203.0.113.{number % 250}"}
        ).status_code
        for number in range(200)
    ]
    assert codes.count(422) == 10
    assert codes.count(429) == 190
    refused = post(stranger)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 901
    assert "try again" in refused.text
    assert post(client).status_code == 303


@pytest.mark.settings(server={"trusted_proxies": ("127.0.0.1",)})
def test_n09_failures_from_one_network_do_not_stop_the_owner_in_another(app):
    make_user(EMAIL)

    def come(network, password):
        return post(app.test_client(), password=password, headers={"X-Forwarded-For": f"{network}.7"}).status_code

    assert [come("198.51.100", "wrong wrong wrong wrong") for _try in range(12)][-1] == 429
    assert come("192.0.2", PASSWORD) == 303


@pytest.mark.settings(server={"trusted_proxies": ("127.0.0.1",)}, limits={"sign_in_account": 3})
def test_n09_failures_from_many_networks_are_counted_together(app):
    make_user(EMAIL)

    def come(number):
        return post(
            app.test_client(), password="wrong wrong", headers={"X-Forwarded-For": f"198.51.{number}.7"}
        ).status_code

    assert [come(number) for number in range(31)] == [422] * 30 + [429]


@pytest.mark.settings(limits={"sign_in_network": 5, "sign_in_account": 0})
def test_l01_failures_over_many_accounts_are_counted_a_network(app, client):
    codes = [post(client, email=f"person{number}@example.org").status_code for number in range(6)]
    assert codes == [422] * 5 + [429]


@pytest.mark.settings(limits={"sign_in_global": 4, "sign_in_network": 0, "sign_in_account": 0})
def test_l01_failures_are_counted_over_all(app, client):
    assert [post(client, email=f"person{number}@example.org").status_code for number in range(5)] == [422] * 4 + [429]


def test_n09_known_device_has_a_count_of_its_own(app, client):
    make_user(EMAIL)
    post(client)
    codes = [post(client, password="wrong wrong wrong").status_code for _try in range(11)]
    assert codes == [422] * 10 + [429]
    assert post(app.test_client()).status_code == 303


def test_n09_device_of_one_account_is_not_known_to_another(app, client):
    make_user(EMAIL)
    make_user("other@example.org")
    post(client, email="other@example.org")
    stranger = app.test_client()
    for _try in range(10):
        post(stranger, password="wrong wrong wrong")
    assert post(client).status_code == 429


def test_limits_end_with_their_window(app, client, move_clock):
    make_user(EMAIL)
    for _try in range(10):
        post(client, password="wrong wrong wrong")
    assert post(client).status_code == 429
    move_clock(901)
    assert post(client).status_code == 303


def masked(answer):
    text = re.sub(r"[0-9a-f]{32}", "ID", answer.get_data(as_text=True))
    return text, answer.status_code, sorted(name for name, _value in answer.headers)


@pytest.mark.settings(limits={"sign_in_account": 0, "sign_in_network": 0, "sign_in_global": 0})
def test_n10_known_unknown_and_closed_accounts_get_one_answer_in_one_time(app, client):
    from advocacy.accounts.services import registering
    from advocacy.core.actor import system_actor

    make_user(EMAIL)
    make_user("gone@example.org")
    with uow.unit():
        registering.disable_user(system_actor(), "gone@example.org")
    emails = {"known": EMAIL, "unknown": "nobody00@example.org", "closed": "gone@example.org"}
    assert post(client, email=emails["closed"]).status_code == 422
    times: dict[str, list[float]] = {kind: [] for kind in emails}
    bodies = {}
    for _pair in range(25):
        for kind, email in emails.items():
            began = time.perf_counter()
            answer = post(client, email=email, password="wrong wrong wrong wrong")
            times[kind].append(time.perf_counter() - began)
            text, *rest = masked(answer)
            bodies[kind] = (text.replace(email, "ADDRESS"), *rest)
    assert bodies["known"] == bodies["unknown"] == bodies["closed"]
    medians = {kind: statistics.median(values) for kind, values in times.items()}
    assert max(medians.values()) < min(medians.values()) * 1.35, medians


@pytest.mark.both_databases
def test_password_is_checked_with_no_transaction_open(app, client, monkeypatch):
    from advocacy.accounts.services import passwords

    make_user(EMAIL)
    open_ones = []
    right = passwords.is_password

    def look(stored, password):
        open_ones.append(db.session().in_transaction())
        return right(stored, password)

    monkeypatch.setattr(passwords, "is_password", look)
    assert post(client).status_code == 303
    assert open_ones == [False]


def test_d05_log_of_a_failed_sign_in_holds_no_address_and_no_password(app, client, capfd):
    from advocacy.core import logs

    logs.set_up("debug", "json")
    make_user("canary.bird@example.org")
    post(client, email="canary.bird@example.org", password="canary canary canary")
    for _try in range(12):
        post(client, email="canary.bird@example.org", password="canary canary canary")
    shown = "".join(capfd.readouterr())
    assert "sign_in_failed" in shown
    assert "sign_in_limited" in shown
    assert "canary" not in shown
    assert "127.0.0" not in shown


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x" * 10_000,
        "a\x00b",
        "\ud800".encode("utf-8", "surrogatepass"),
        "=HYPERLINK(1)",
        "=?utf-8?b?YQ==?=",
        "<b>x</b>",
    ],
)
@pytest.mark.parametrize("field", ["email", "password", "next"])
def test_bad_input_in_any_field_is_answered_with_the_form(app, client, field, value):
    data = {"email": EMAIL, "password": PASSWORD} | {field: value}
    answer = client.post("/sign-in", data=data)
    assert answer.status_code == 422
    assert "<b>x</b>" not in answer.text


@pytest.mark.both_databases
def test_n09_failures_and_sessions_are_shared_by_all_nodes(app, client, settings):
    from advocacy.app import create_app

    make_user(EMAIL)
    other = create_app(settings)
    for _try in range(5):
        post(client, password="wrong wrong wrong")
    with other.app_context():
        codes = [post(other.test_client(), password="wrong wrong wrong").status_code for _try in range(6)]
        db.session.remove()
        db.engine.dispose()
    assert codes == [422] * 5 + [429]
    assert post(client).status_code == 429


def test_n10_hash_for_unknown_addresses_costs_what_a_real_one_costs(app):
    from advocacy.accounts.services import passwords

    dummy, real = passwords.dummy_hash(), passwords.hash_password(PASSWORD)
    assert extract_parameters(dummy) == extract_parameters(real)
    assert not passwords.is_password(dummy, PASSWORD)
    assert passwords.dummy_hash() != dummy
