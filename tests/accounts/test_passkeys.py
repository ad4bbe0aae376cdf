"""N-05: passkeys against an authenticator made of software whose every part can lie."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from advocacy.accounts.factor_models import Passkey, PasskeyChallenge
from advocacy.accounts.models import UserSession
from advocacy.core import uow
from advocacy.core.db import db
from tests.factories.accounts import PASSWORD, csrf_token, make_user, sign_in
from tests.factories.factors import PRESENT, VERIFIED, Authenticator
from tests.support.inbox import mails

EMAIL = "rosalind@example.org"
MAKE = "/account/security/passkeys"


def own(client, path, **data):
    return client.post(path, data={"csrf_token": csrf_token(client), **data})


def add(client, device, name="blue phone"):
    options = own(client, f"{MAKE}/options").json
    return own(client, MAKE, credential=device.make(options), name=name)


def ask(client, path="/sign-in/passkey"):
    return client.post(f"{path}/options").json


def answer(client, credential, path="/sign-in/passkey", **data):
    return client.post(path, data={"credential": credential, **data})


def count(model):
    with uow.reading():
        return db.session.execute(select(func.count()).select_from(model)).scalar_one()


@pytest.fixture
def device(app):
    """A device whose passkey belongs to an account."""
    owner, made = sign_in(app.test_client(), make_user(EMAIL)), Authenticator()
    assert add(owner, made).status_code == 200  # the page with codes on paper
    with uow.unit():
        db.session.execute(UserSession.__table__.delete())
    return made


@pytest.mark.both_databases
def test_passkey_signs_in_alone_and_is_listed_by_its_name(app, client):
    owner = sign_in(app.test_client(), make_user(EMAIL))
    device = Authenticator()
    shown = add(owner, device)
    assert shown.status_code == 200
    assert shown.text.count("<li><code>") == 10
    page = owner.get("/account/security").text
    assert "blue phone" in page
    assert "Something changed" in mails(app, EMAIL)[0].subject
    found = answer(client, device.use(ask(client)), next="/account/security")
    assert (found.status_code, found.location) == (303, "/account/security")
    assert client.get("/account").status_code == 200
    with uow.reading():
        key = db.session.execute(select(Passkey)).scalar_one()
        assert key.sign_count == 1
        assert key.transports == ["internal"]
        assert b"blue phone" not in key.name_sealed


@pytest.mark.both_databases
def test_passkey_is_a_second_step_after_the_password(app, client, device):
    assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).location == "/sign-in/code"
    assert "Use your passkey" in client.get("/sign-in/code").text
    options = ask(client, "/sign-in/code/passkey")
    assert [one["type"] for one in options["allowCredentials"]] == ["public-key"]
    assert options["userVerification"] == "required"
    assert answer(client, device.use(options), "/sign-in/code/passkey").location == "/account"


def test_n05_challenge_is_used_once_also_after_a_failed_try(app, client, device):
    options = ask(client)
    good = device.use(options)
    assert answer(client, good).status_code == 303
    assert answer(client, good).status_code == 422
    options = ask(client)
    device.origin = "https://evil.example"
    assert answer(client, device.use(options)).status_code == 422
    device.origin = "http://localhost:8000"
    assert answer(client, device.use(options)).status_code == 422
    assert answer(client, device.use(ask(client))).status_code == 303
    assert count(PasskeyChallenge) == 0


def test_n05_challenge_belongs_to_the_browser_that_asked(app, client, device):
    other = app.test_client()
    options = ask(other)
    assert answer(client, device.use(options)).status_code == 422
    ask(client)
    assert answer(client, device.use(options)).status_code == 422
    assert answer(other, device.use(options)).status_code == 303


def test_n05_challenge_of_one_purpose_serves_no_other(app, client, device):
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    second = ask(client, "/sign-in/code/passkey")
    assert answer(client, device.use(second), "/sign-in/passkey").status_code == 422
    owner = sign_in(app.test_client(), make_user())
    making = own(owner, f"{MAKE}/options").json
    assert answer(client, device.use(making)).status_code == 422


def test_n05_challenge_expires(app, client, device, move_clock):
    options = ask(client)
    move_clock(301)
    client.set_cookie("signing-in", client.get_cookie("signing-in").value)
    assert answer(client, device.use(options)).status_code == 422


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:8001"},
        {"origin": "http://localhost:8000.evil.example"},
        {"rp_id": "evil.example"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"user_handle": b"somebody else"},
        {"user_handle": None},
        {"credential_id": b"x" * 32},
    ],
)
def test_n05_answer_with_one_wrong_part_is_refused(app, client, device, lie):
    for name, value in lie.items():
        setattr(device, name, value)
    assert answer(client, device.use(ask(client))).status_code == 422
    assert client.get("/account").status_code == 303
    assert count(UserSession) == 0


def test_n05_answer_signed_by_another_key_is_refused(app, client, device):
    copy = Authenticator()
    copy.credential_id, copy.user_handle = device.credential_id, device.user_handle
    assert answer(client, copy.use(ask(client))).status_code == 422


def test_n05_counter_that_goes_back_is_refused(app, client, device):
    device.sign_count = 5
    assert answer(client, device.use(ask(client))).status_code == 303
    device.sign_count = 4
    assert answer(client, device.use(ask(client))).status_code == 422
    device.sign_count = 1
    assert answer(client, device.use(ask(client))).status_code == 422
    device.sign_count = 9
    assert answer(client, device.use(ask(client))).status_code == 303


def test_device_that_does_not_count_signs_in_again_and_again(app, client):
    device = Authenticator(counts=False)
    add(sign_in(app.test_client(), make_user(EMAIL)), device)
    for _time in range(3):
        assert answer(client, device.use(ask(client))).status_code == 303


@pytest.mark.parametrize(
    "lie", [{"origin": "https://evil.example"}, {"rp_id": "evil.example"}, {"flags": PRESENT}, {"flags": VERIFIED}]
)
def test_n05_enrolment_with_one_wrong_part_is_refused(app, client, lie):
    sign_in(client, make_user(EMAIL))
    device = Authenticator()
    for name, value in lie.items():
        setattr(device, name, value)
    assert add(client, device).status_code == 422
    assert count(Passkey) == 0


def test_n05_enrolment_answer_of_another_session_or_replayed_is_refused(app, client):
    user_id = make_user(EMAIL)
    other = sign_in(app.test_client(), user_id)
    sign_in(client, user_id)
    device = Authenticator()
    made = device.make(own(other, f"{MAKE}/options").json)
    assert own(client, MAKE, credential=made).status_code == 422
    assert own(other, MAKE, credential=made).status_code == 200
    assert own(other, MAKE, credential=made).status_code == 422
    assert add(other, device).status_code == 422  # the same key twice
    assert count(Passkey) == 1


def test_n09_passkey_signs_in_after_a_hundred_wrong_passwords_of_strangers(app, client, device):
    stranger = app.test_client()
    for _try in range(100):
        stranger.post("/sign-in", data={"email": EMAIL, "password": "wrong wrong wrong wrong"})
    assert stranger.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 429
    assert answer(client, device.use(ask(client))).status_code == 303


def test_closed_account_does_not_sign_in_by_passkey(app, client, device):
    from advocacy.accounts.services import registering
    from advocacy.core.actor import system_actor

    options = ask(client)
    with uow.unit():
        registering.disable_user(system_actor(), EMAIL)
    assert answer(client, device.use(options)).status_code == 422


def test_removed_passkey_signs_nobody_in_and_those_of_others_cannot_be_removed(app, client, device):
    assert answer(client, device.use(ask(client))).status_code == 303
    with uow.reading():
        public_id = db.session.execute(select(Passkey.public_id)).scalar_one()
    stranger = sign_in(app.test_client(), make_user())
    assert own(stranger, f"{MAKE}/{public_id}/remove").status_code == 404
    assert own(client, f"{MAKE}/{public_id}/remove").status_code == 303
    other = app.test_client()
    assert answer(other, device.use(ask(other))).status_code == 422


@pytest.mark.settings(limits={"passkey_network": 3})
def test_l01_questions_are_limited_a_network(app, client):
    codes = [client.post("/sign-in/passkey/options").status_code for _try in range(5)]
    assert codes == [200, 200, 200, 429, 429]


@pytest.mark.settings(server={"base_url": "http://127.0.0.1:8000"})
def test_bare_address_offers_no_passkeys_but_says_why(app, client):
    found = client.post("/sign-in/passkey/options", headers={"Accept": "application/json"})
    assert found.status_code == 422
    assert "bare address" in found.json["message"]


def test_w01_question_from_another_site_is_refused(app, client):
    for path in ("/sign-in/passkey/options", "/sign-in/code/passkey/options", "/sign-in/passkey"):
        assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert count(PasskeyChallenge) == 0


BROKEN = [
    "",
    "x",
    "[]",
    "{}",
    "null",
    '{"response": {}}',
    "[" * 30_000,
    '{"response": {"clientDataJSON": "e30"}}',
    '{"response": {"clientDataJSON": "%%%"}}',
    '{"response": {"clientDataJSON": 5}}',
    "a" * 50_000,
]


@pytest.mark.parametrize("credential", BROKEN)
def test_malformed_answer_is_refused_and_never_a_500(app, client, credential):
    ask(client)
    assert answer(client, credential).status_code == 422
    owner = sign_in(app.test_client(), make_user())
    own(owner, f"{MAKE}/options")
    assert own(owner, MAKE, credential=credential).status_code == 422


@pytest.mark.parametrize("field", ["authenticatorData", "signature", "userHandle", "clientDataJSON"])
@pytest.mark.parametrize("value", ["", "AA", 5, None, [], "A" * 3000])
def test_answer_with_one_odd_field_is_refused_and_never_a_500(app, client, device, field, value):
    given = json.loads(device.use(ask(client)))
    given["response"][field] = value
    assert answer(client, json.dumps(given)).status_code == 422
    owner = sign_in(app.test_client(), make_user())
    made = json.loads(Authenticator().make(own(owner, f"{MAKE}/options").json))
    made["response"]["attestationObject"] = value
    made["rawId"] = value
    assert own(owner, MAKE, credential=json.dumps(made)).status_code == 422
