"""Changing one's own account: profile, address, and proof of identity before what matters."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from advocacy.accounts.models import AccountLink, User, UserSession
from advocacy.coalitions import rules as coalition_rules
from advocacy.core import uow
from advocacy.core.db import db
from advocacy.messaging.services import suppressing
from advocacy.messaging.suppression_models import Reason
from tests.factories.accounts import PASSWORD, csrf_token, make_user, sign_in, user_email
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.factors import Authenticator
from tests.support import inbox, walk

EMAIL = "rosalind@example.org"
NEW = "rosalind.new@example.org"


def own(client, path, **data):
    headers = data.pop("headers", {})
    return client.post(path, data={"csrf_token": csrf_token(client), **data}, headers=headers)


def test_profile_changes_name_and_language(app, client):
    sign_in(client, make_user(EMAIL))
    assert own(client, "/account/profile", name="Zoë Ñuñez", locale="en").status_code == 303
    assert "Zoë Ñuñez" in client.get("/account").text
    for name in ("", "https://evil.example", "=1+1", "x" * 200):
        assert own(client, "/account/profile", name=name, locale="en").status_code == 422
    assert own(client, "/account/profile", name="Zoë", locale="tlh").status_code == 422


def test_z04_extra_fields_in_the_profile_change_nothing(app, client):
    user_id = make_user(EMAIL)
    sign_in(client, user_id)
    extra = {"email": "x@example.org", "email_verified_at": "2020", "id": "7", "role": "admin", "password_hash": "x"}
    own(client, "/account/profile", name="Rosalind Okafor", locale="en", **extra)
    with uow.reading():
        user = db.session.get(User, user_id)
        assert user.email_verified_at is None
        assert user.password_hash.startswith("$argon2id$")
    assert user_email(user_id) == EMAIL


@pytest.mark.both_databases
def test_new_address_counts_when_its_link_is_used_and_the_old_one_is_told(app, client):
    user_id = make_user(EMAIL)
    sign_in(client, user_id)
    recover = app.test_client()
    recover.post("/sign-in/recover", data={"email": EMAIL})
    old_link = inbox.link(app, EMAIL)
    assert own(client, "/account/email", email=f" {NEW.upper()} ").status_code == 303
    path = inbox.link(app, NEW.upper())
    assert "asked to change its e-mail address" in inbox.mails(app, EMAIL)[0].text
    assert user_email(user_id) == EMAIL
    before = walk.fingerprint()
    assert client.get(path).status_code == 200
    assert walk.fingerprint() == before
    assert recover.post(path).location == "/sign-in?done=email-changed"
    assert recover.post(path).status_code == 410
    assert user_email(user_id).casefold() == NEW
    assert client.get("/account").status_code == 303
    assert recover.get(old_link).status_code == 410  # N-11: dead after the address changed
    assert "now has another e-mail address" in inbox.mails(app, EMAIL)[0].text
    assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 422
    assert client.post("/sign-in", data={"email": NEW, "password": PASSWORD}).status_code == 303


def test_n10_address_of_another_account_gets_the_same_answer_and_a_kind_mail(app, client):
    make_user(NEW)
    user_id = make_user(EMAIL)
    sign_in(client, user_id)
    taken = own(client, "/account/email", email=NEW)
    free = own(client, "/account/email", email="free@example.org")
    assert (taken.status_code, taken.location) == (free.status_code, free.location)
    (mail,) = inbox.mails(app, NEW)
    assert "has one already" in mail.text
    assert "http" not in mail.text
    assert user_email(user_id) == EMAIL


def test_address_that_came_into_use_meanwhile_is_refused(app, client):
    user_id = make_user(EMAIL)
    sign_in(client, user_id)
    own(client, "/account/email", email=NEW)
    path = inbox.link(app, NEW)
    make_user(NEW)
    assert client.post(path).status_code == 409
    assert user_email(user_id) == EMAIL


def test_own_or_broken_address_is_refused_at_its_field(app, client):
    sign_in(client, make_user(EMAIL))
    for email in (EMAIL, "Rosalind@example.org", "x", "", "a@b@c", "=a@example.org"):
        assert own(client, "/account/email", email=email).status_code == 422, email


@pytest.mark.both_databases
def test_address_is_verified_by_its_link_only_when_the_button_is_pressed(app, client):
    sign_in(client, make_user(EMAIL))
    assert "Not confirmed yet" in client.get("/account").text
    own(client, "/account/email/verify")
    path = inbox.link(app, EMAIL)
    client.get(path)
    assert "Not confirmed yet" in client.get("/account").text
    assert app.test_client().post(path).status_code == 303
    assert "Not confirmed yet" not in client.get("/account").text
    assert client.post(path).status_code == 410
    own(client, "/account/email/verify")
    assert len(inbox.mails(app, EMAIL)) == 1


def test_sessions_name_their_browser(app, client):
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    make_user(EMAIL)
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}, headers={"User-Agent": agent})
    assert "Firefox, Linux" in client.get("/account").text


# --- N-08: proof of identity -----------------------------------------------------------------------------------------


def age_sessions(move_clock, seconds=601):
    move_clock(seconds)


def test_n08_every_sensitive_route_asks_who_it_is_after_ten_minutes(app, client, move_clock):
    coalition_id = make_coalition()
    sign_in(client, make_member(coalition_id, "admin", email=EMAIL))
    age_sessions(move_clock)
    sensitive = [
        route
        for route in walk.routes(app, {"public_id": "1" * 22})
        if getattr(view := app.view_functions[route.endpoint], "fresh", False)
        and (view.access.verb is None or "admin" in coalition_rules.roles_with(view.access.verb))
    ]
    assert len(sensitive) >= 12
    before = walk.fingerprint()
    for route in sensitive:
        for method in route.methods:
            data = None if method == "GET" else {"csrf_token": csrf_token(client)}
            answer = client.open(route.path, method=method, data=data)
            assert answer.status_code == 303, f"{method} {route.path}"
            assert answer.location.startswith("/sign-in/again?next="), f"{method} {route.path}"
            asked = client.open(route.path, method=method, data=data, headers={"Accept": "application/json"})
            assert asked.status_code == 403
    assert walk.fingerprint() == before


def test_n08_sensitive_acts_are_the_ones_that_must_be(app):
    fresh = {name for name, view in app.view_functions.items() if getattr(view, "fresh", False)}
    assert fresh >= {
        "accounts.change_email",
        "factors.begin_totp",
        "factors.totp_page",
        "factors.confirm_totp",
        "factors.remove_totp",
        "factors.passkey_options",
        "factors.add_passkey",
        "factors.remove_passkey",
        "factors.renew_codes",
        "coalitions.invite",
        "coalitions.grant",
        "coalitions.end",
        "petitions_delivery.export",
    }


def test_n08_password_makes_the_session_fresh_with_a_new_id_and_leads_back(app, client, move_clock):
    sign_in(client, make_user(EMAIL))
    before = client.get_cookie("session").value
    age_sessions(move_clock)
    referred = {"Referer": "http://localhost:8000/account/security?x=1"}
    challenge = own(client, "/account/security/totp", headers=referred)
    assert challenge.location == "/sign-in/again?next=/account/security%3Fx%3D1"
    assert client.get(challenge.location).status_code == 200
    assert own(client, "/sign-in/again", password="wrong wrong wrong").status_code == 422
    done = own(client, "/sign-in/again", password=PASSWORD, next="/account/security")
    assert done.location == "/account/security?done=confirmed"
    after = client.get_cookie("session").value
    assert after != before  # N-06
    assert own(client, "/account/security/totp").location == "/account/security/totp"
    client.set_cookie("session", before)
    assert client.get("/account").status_code == 303
    with uow.reading():
        assert len(db.session.execute(select(UserSession)).scalars().all()) == 1


@pytest.mark.parametrize("referrer", ["https://evil.example/account", "http://localhost:8000//evil.example", "x", ""])
def test_w10_challenge_never_leads_to_another_site(app, client, move_clock, referrer):
    sign_in(client, make_user(EMAIL))
    age_sessions(move_clock)
    assert (
        own(client, "/account/security/totp", headers={"Referer": referrer}).location == "/sign-in/again?next=/account"
    )
    for target in ("https://evil.example", "//evil.example", "/\\evil.example"):
        answer = own(client, "/sign-in/again", password=PASSWORD, next=target)
        assert answer.location == "/account?done=confirmed"


def test_n08_passkey_makes_the_session_fresh(app, client, move_clock):
    sign_in(client, make_user(EMAIL))
    device = Authenticator()
    options = own(client, "/account/security/passkeys/options").json
    own(client, "/account/security/passkeys", credential=device.make(options), name="key")
    age_sessions(move_clock)
    assert "Use your passkey" in client.get("/sign-in/again").text
    asked = own(client, "/sign-in/again/passkey/options").json
    stranger = sign_in(app.test_client(), make_user())
    assert own(stranger, "/sign-in/again/passkey", credential=device.use(asked)).status_code == 422
    asked = own(client, "/sign-in/again/passkey/options").json
    assert own(client, "/sign-in/again/passkey", credential=device.use(asked)).location == "/account?done=confirmed"
    assert own(client, "/account/security/totp").location == "/account/security/totp"


def test_wrong_passwords_at_the_proof_are_limited(app, client, move_clock):
    sign_in(client, make_user(EMAIL))
    codes = [own(client, "/sign-in/again", password="wrong").status_code for _try in range(12)]
    assert codes == [422] * 10 + [429] * 2


# --- personal data ---------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_erased_account_keeps_its_row_and_nothing_of_the_person(app, client):
    from advocacy.accounts.services import personal

    user_id = make_user("canary.bird@example.org", name="Canary Birdsong")
    sign_in(client, user_id)
    with uow.unit():
        suppressing.suppress("Canary.Bird@example.org", Reason.COMPLAINT, coalition_id=7)
    with uow.reading():
        exported = personal.export(user_id)
    held = [(one["reason"], one["for"], one["lifted_at"]) for one in exported["mail_held_back"]]
    assert held == [("complaint", "coalition:7", None)]
    assert (exported["name"], exported["email"]) == ("Canary Birdsong", "canary.bird@example.org")
    with uow.unit():
        personal.erase(user_id)
    assert client.get("/account").status_code == 303
    with uow.reading():
        from advocacy.accounts import queries

        assert queries.user_of_email("canary.bird@example.org") is None
        assert "Canary" not in repr(personal.export(user_id))


def test_purge_forgets_links_and_half_done_sign_ins(app, client, move_clock):
    from datetime import timedelta

    from advocacy.accounts.services import purging
    from advocacy.core import clock
    from tests.factories.factors import enrol_totp

    enrol_totp(make_user(EMAIL))
    client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    client.post("/sign-in/passkey/options")
    client.post("/sign-in/recover", data={"email": EMAIL})
    inbox.mails(app, EMAIL)

    def purge():
        with uow.unit():
            now = clock.now()
            return purging.purge_links(now - timedelta(days=1), 9), purging.purge_steps(now - timedelta(hours=1), 9)

    assert purge() == (0, 0)
    move_clock(3 * 86400)
    assert purge() == (1, 2)
    with uow.reading():
        assert db.session.execute(select(AccountLink)).first() is None
