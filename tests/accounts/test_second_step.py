"""Codes of an app and from paper at sign-in, and who must have them."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from advocacy.accounts.factor_models import PendingSignIn, RecoveryCode, TotpFactor
from advocacy.accounts.models import UserSession
from advocacy.audit.models import AuditEvent
from advocacy.core import uow
from advocacy.core.db import db
from tests.factories.accounts import PASSWORD, csrf_token, make_user, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.factors import code, enrol_totp
from tests.support import walk
from tests.support.inbox import link, mails

EMAIL = "rosalind@example.org"
STAFF = pytest.mark.settings(security={"second_factor": "staff"})


def post(client, path, **data):
    return client.post(path, data=data)


def password_step(client, **extra):
    return post(client, "/sign-in", email=EMAIL, password=PASSWORD, **extra)


def post_own(client, path, **data):
    return client.post(path, data={"csrf_token": csrf_token(client), **data})


def rows(model):
    with uow.reading():
        return db.session.execute(select(model).order_by(model.id)).scalars().all()


@pytest.fixture
def secret(app):
    return enrol_totp(make_user(EMAIL))


@pytest.mark.both_databases
def test_sign_in_with_a_second_factor_asks_for_the_code_before_any_session_begins(app, client, secret):
    answer = password_step(client)
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")
    assert rows(UserSession) == []
    assert client.get("/account").status_code == 303
    page = client.get("/sign-in/code")
    assert page.status_code == 200
    assert "one-time-code" in page.text
    wrong = post(client, "/sign-in/code", code="000000" if code(secret) != "000000" else "111111")
    assert wrong.status_code == 422
    assert rows(UserSession) == []
    answer = post(client, "/sign-in/code", code=code(secret))
    assert (answer.status_code, answer.location) == (303, "/account")
    assert client.get("/account").status_code == 200
    assert client.get_cookie("signing-in") is None
    facts = [row.facts for row in rows(AuditEvent) if row.action == "account.signed_in"]
    assert facts == [{"by": "password+totp"}]


def test_next_survives_the_second_step_and_never_leads_away(app, client, secret):
    """W-10."""
    answer = password_step(client, next="/account/security")
    assert answer.location == "/sign-in/code?next=/account/security"
    assert 'value="/account/security"' in client.get(answer.location).text
    assert post(client, "/sign-in/code", code=code(secret), next="/account/security").location == "/account/security"
    for target in ("https://evil.example", "//evil.example", "/\\evil.example"):
        other = app.test_client()
        assert password_step(other, next=target).location == "/sign-in/code"
        with uow.unit():
            db.session.execute(TotpFactor.__table__.update().values(last_step=0))
        assert post(other, "/sign-in/code", code=code(secret), next=target).location == "/account"


@pytest.mark.both_databases
def test_n04_code_works_once_also_for_a_new_sign_in(app, client, secret):
    used = code(secret)
    password_step(client)
    assert post(client, "/sign-in/code", code=used).status_code == 303
    assert post(client, "/sign-in/code", code=used).status_code == 410
    other = app.test_client()
    password_step(other)
    assert post(other, "/sign-in/code", code=used).status_code == 422
    assert post(other, "/sign-in/code", code=code(secret, 1)).status_code == 303


def test_n04_code_of_an_earlier_step_is_refused_after_a_later_one(app, client, secret):
    password_step(client)
    assert post(client, "/sign-in/code", code=code(secret, 1)).status_code == 303
    password_step(client)
    assert post(client, "/sign-in/code", code=code(secret)).status_code == 422


def test_n04_window_is_one_step(app, client, secret, move_clock):
    for steps, status in ((-2, 422), (2, 422), (-1, 303)):
        password_step(client)
        assert post(client, "/sign-in/code", code=code(secret, steps)).status_code == status, steps
    old = code(secret, 1)
    move_clock(90)
    password_step(client)
    assert post(client, "/sign-in/code", code=old).status_code == 422


@pytest.mark.both_databases
def test_n04_code_is_used_up_even_when_its_request_is_refused_later(app, client, secret, monkeypatch):
    from advocacy.accounts.services import second_step
    from advocacy.core.errors import Unavailable

    def fail(*_args):
        raise Unavailable("the disk is full")

    password_step(client)
    used = code(secret)
    with monkeypatch.context() as patch:
        patch.setattr(second_step, "finish", fail)
        assert post(client, "/sign-in/code", code=used).status_code == 503
    assert post(client, "/sign-in/code", code=used).status_code == 422
    assert rows(UserSession) == []


@pytest.mark.both_databases
@pytest.mark.parametrize("is_one_browser", [True, False])
def test_n04_of_many_requests_with_one_code_at_one_instant_one_gets_in(app, client, secret, is_one_browser):
    many = 8
    clients = [app.test_client() for _ in range(many)]
    for browser in clients[: 1 if is_one_browser else many]:
        password_step(browser)
    shared = clients[0].get_cookie("signing-in").value
    if is_one_browser:
        for browser in clients[1:]:
            browser.set_cookie("signing-in", shared)
    barrier, codes, used = threading.Barrier(many), [], code(secret)

    def try_it(browser):
        barrier.wait()
        codes.append(post(browser, "/sign-in/code", code=used).status_code)

    threads = [threading.Thread(target=try_it, args=(browser,)) for browser in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes.count(303) == 1, codes
    assert set(codes) <= {303, 410, 422}
    assert len(rows(UserSession)) == 1


def test_second_step_ends_after_ten_minutes_and_after_five_wrong_codes(app, client, secret, move_clock):
    password_step(client)
    move_clock(601)
    assert client.get("/sign-in/code").location == "/sign-in"
    assert post(client, "/sign-in/code", code=code(secret)).status_code == 410
    password_step(client)
    for _try in range(5):
        assert post(client, "/sign-in/code", code="12345").status_code == 422
    assert post(client, "/sign-in/code", code=code(secret)).status_code == 410
    assert rows(UserSession) == []


def test_n09_wrong_codes_are_limited_and_a_known_browser_still_gets_in(app, client, secret):
    password_step(client)
    assert post(client, "/sign-in/code", code=code(secret, -1)).status_code == 303
    seen = set()
    for _round in range(4):
        stranger = app.test_client()
        password_step(stranger)
        seen |= {post(stranger, "/sign-in/code", code="12345").status_code for _try in range(5)}
    assert 429 in seen
    post_own(client, "/sign-out")
    password_step(client)
    assert post(client, "/sign-in/code", code=code(secret)).status_code == 303


def test_pending_sign_in_is_stored_as_a_hash_and_the_cookie_opens_nothing_else(app, client, secret):
    password_step(client)
    token = client.get_cookie("signing-in").value
    (row,) = rows(PendingSignIn)
    assert token.encode() not in row.token_hash
    client.set_cookie("session", token)
    assert client.get("/account").status_code == 303


def test_n11_secret_is_sealed_in_the_table(app, secret):
    (row,) = rows(TotpFactor)
    assert secret.encode() not in row.secret_sealed


# --- enrolment -----------------------------------------------------------------------------------------------------


def shown_key(client):
    page = client.get("/account/security/totp").text
    return page.split('id="totp-key">')[1].split("<")[0].replace(" ", "")


def enrol(client):
    assert post_own(client, "/account/security/totp").location == "/account/security/totp"
    key = shown_key(client)
    return key, post_own(client, "/account/security/totp/confirm", code=code(key))


def paper_codes(answer):
    return [part.split("</code>")[0] for part in answer.text.split("<li><code>")[1:]]


@pytest.mark.both_databases
def test_enrolment_shows_picture_and_key_and_ends_with_codes_on_paper(app, client):
    user_id = make_user(EMAIL)
    sign_in(client, user_id)
    other = sign_in(app.test_client(), user_id)
    before = client.get_cookie("session").value
    assert client.get("/account/security/totp").status_code == 410
    post_own(client, "/account/security/totp")
    page = client.get("/account/security/totp")
    assert "<svg" in page.text
    key = shown_key(client)
    assert post_own(client, "/account/security/totp/confirm", code="000000").status_code == 422
    assert shown_key(client) == key
    done = post_own(client, "/account/security/totp/confirm", code=code(key))
    assert done.status_code == 200
    assert done.headers["Cache-Control"] == "no-store"
    assert len(paper_codes(done)) == 10
    assert client.get_cookie("session").value != before  # N-06
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303  # N-07
    assert not any(word in client.get("/account/security").text for word in paper_codes(done))
    assert [mail.subject for mail in mails(app, EMAIL)] == ["Something changed about your account"]
    stranger = app.test_client()
    password_step(stranger)
    assert post(stranger, "/sign-in/code", code=code(key)).status_code == 422  # N-04: the first code is used up
    assert post(stranger, "/sign-in/code", code=code(key, 1)).status_code == 303


@pytest.mark.both_databases
def test_n03_recovery_code_works_once_is_hashed_and_its_owner_is_told(app, client):
    sign_in(client, make_user(EMAIL))
    _key, done = enrol(client)
    paper = paper_codes(done)
    stored = b"".join(row.code_key for row in rows(RecoveryCode))
    assert not any(word.encode() in stored or word.replace("-", "").encode() in stored for word in paper)
    stranger = app.test_client()
    password_step(stranger)
    assert post(stranger, "/sign-in/code", code=f"  {paper[0].upper()} ").status_code == 303
    password_step(stranger)
    assert post(stranger, "/sign-in/code", code=paper[0]).status_code == 422
    assert post(stranger, "/sign-in/code", code=paper[1].replace("-", " ")).status_code == 303
    assert "8 codes are left" in stranger.get("/account/security").text
    assert "recovery code was used" in mails(app, EMAIL)[0].text


def test_new_recovery_codes_kill_the_old_ones(app, client):
    sign_in(client, make_user(EMAIL))
    _key, done = enrol(client)
    renewed = post_own(client, "/account/security/codes")
    assert renewed.status_code == 200
    stranger = app.test_client()
    password_step(stranger)
    assert post(stranger, "/sign-in/code", code=paper_codes(done)[0]).status_code == 422
    assert post(stranger, "/sign-in/code", code=paper_codes(renewed)[0]).status_code == 303


def test_recovery_codes_without_a_factor_are_not_made(app, client):
    sign_in(client, make_user(EMAIL))
    assert post_own(client, "/account/security/codes").status_code == 409


def test_moving_to_another_phone_keeps_the_old_key_until_the_new_one_is_proved(app, client):
    sign_in(client, make_user(EMAIL))
    old, _done = enrol(client)
    post_own(client, "/account/security/totp")
    new = shown_key(client)
    assert new != old
    stranger = app.test_client()
    password_step(stranger)
    assert post(stranger, "/sign-in/code", code=code(old, 1)).status_code == 303
    moved = post_own(client, "/account/security/totp/confirm", code=code(new))
    assert (moved.status_code, moved.location) == (303, "/account/security?done=factor-added")
    password_step(stranger)
    assert post(stranger, "/sign-in/code", code=code(old, 1)).status_code == 422
    assert post(stranger, "/sign-in/code", code=code(new, 1)).status_code == 303


def test_key_shown_too_long_ago_is_not_taken(app, client, move_clock):
    sign_in(client, make_user(EMAIL))
    post_own(client, "/account/security/totp")
    key = shown_key(client)
    move_clock(3601)
    sign_in(client, rows(UserSession)[0].user_id)
    assert post_own(client, "/account/security/totp/confirm", code=code(key)).status_code == 410


def test_removed_app_ends_the_second_step_for_people_without_a_staff_role(app, client):
    sign_in(client, make_user(EMAIL))
    enrol(client)
    assert post_own(client, "/account/security/totp/remove").status_code == 303
    assert rows(RecoveryCode) == []
    assert password_step(app.test_client()).location == "/account"


# --- who must have one ---------------------------------------------------------------------------------------------


@STAFF
@pytest.mark.parametrize("role", ["admin", "organizer", "care_lead", "reviewer", "grievance_officer"])
def test_n03_fresh_staff_reach_only_enrolment_and_the_way_out(app, client, role):
    coalition_id = make_coalition()
    make_member(coalition_id, role, email=EMAIL)
    answer = password_step(client)
    assert (answer.status_code, answer.location) == (303, "/account/security")
    open_ones = set()
    for route in walk.routes(app, {"public_id": "1" * 22}):
        if route.access in {"signed_in", "needs"}:
            for method in sorted(route.methods):
                data = None if method == "GET" else {"csrf_token": csrf_token(client)}
                found = client.open(route.path, method=method, data=data)
                if found.status_code != 403 and not (method == "GET" and found.location == "/account/security"):
                    open_ones.add(route.path.replace("1" * 22, "<id>"))
                if route.path in {"/sign-out", "/account/sessions/end"}:
                    password_step(client)
    assert open_ones == {
        "/account/security",
        "/account/security/codes",
        "/account/security/passkeys",
        "/account/security/passkeys/<id>/remove",
        "/account/security/passkeys/options",
        "/account/security/totp",
        "/account/security/totp/confirm",
        "/account/security/totp/remove",
        "/account/sessions/end",
        "/sign-in/again",
        "/sign-in/again/passkey",
        "/sign-in/again/passkey/options",
        "/sign-out",
    }


@STAFF
@pytest.mark.both_databases
def test_n03_staff_who_enrol_reach_the_desk_and_cannot_drop_their_last_factor(app, client):
    make_member(make_coalition(), "organizer", email=EMAIL)
    password_step(client)
    assert "Your role needs a second step" in client.get("/account/security").text
    _key, done = enrol(client)
    assert 'href="/desk"' in done.text
    assert client.get("/desk").status_code == 200
    assert post_own(client, "/account/security/totp/remove").status_code == 409
    assert client.get("/desk").status_code == 200
    other = app.test_client()
    assert password_step(other).location == "/sign-in/code"
    assert post(other, "/sign-in/code", code=code(_key, 1)).location == "/desk"


@STAFF
def test_n03_role_in_another_coalition_counts_too_and_platform_administrators_as_well(app, client):
    user_id = make_member(make_coalition(), "volunteer", email=EMAIL)
    assert password_step(client).location == "/desk"
    from tests.factories.coalitions import give_role

    give_role(make_coalition(), user_id, "organizer")
    assert password_step(client).location == "/account/security"
    admin = sign_in(app.test_client(), make_user(platform_admin=True))
    assert admin.get("/desk").location == "/account/security"


def test_switched_off_asks_nobody_but_those_who_enrolled(app, client):
    user_id = make_member(make_coalition(), "organizer", email=EMAIL)
    assert password_step(client).location == "/desk"
    enrol_totp(user_id)
    assert password_step(app.test_client()).location == "/sign-in/code"


def test_security_setting_knows_only_its_two_words(app):
    from advocacy.core.errors import SettingsError
    from advocacy.core.settings import load

    with pytest.raises(SettingsError, match="second_factor"):
        load(security={"second_factor": "maybe"})


def test_n02_with_a_second_factor_eight_characters_suffice_at_a_change(app, client):
    sign_in(client, make_user(EMAIL))
    data = {"current": PASSWORD, "password": "plum7oak"}
    assert post_own(client, "/account/password", **data).status_code == 422
    enrol(client)
    assert post_own(client, "/account/password", **data).status_code == 303


def test_n02_last_factor_stays_while_the_password_is_short(app, client):
    sign_in(client, make_user(EMAIL))
    enrol(client)
    own = {"current": PASSWORD, "password": "plum7oak"}
    assert post_own(client, "/account/password", **own).status_code == 303
    assert post_own(client, "/account/security/totp/remove").status_code == 409
    own = {"current": "plum7oak", "password": "copper meadow thirteen owls"}
    assert post_own(client, "/account/password", **own).status_code == 303
    assert post_own(client, "/account/security/totp/remove").status_code == 303


@STAFF
def test_menu_of_staff_without_a_factor_leads_only_where_they_may_go(app, client):
    make_member(make_coalition(), "organizer", email=EMAIL)
    password_step(client)
    page = client.get("/account/security").text
    assert 'href="/desk/petitions"' not in page
    enrol(client)
    assert 'href="/desk/petitions"' in client.get("/account/security").text


def in_threads(app, works):
    barrier, codes = threading.Barrier(len(works)), []

    def one(work):
        with app.app_context():
            barrier.wait()
            codes.append(work())

    threads = [threading.Thread(target=one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


@pytest.mark.both_databases
def test_n03_recovery_code_used_by_many_at_one_instant_lets_one_in(app, client):
    sign_in(client, make_user(EMAIL))
    _key, done = enrol(client)
    paper = paper_codes(done)[0]
    browsers = [app.test_client() for _ in range(6)]
    for browser in browsers:
        password_step(browser)
    codes = in_threads(app, [lambda one=one: post(one, "/sign-in/code", code=paper).status_code for one in browsers])
    assert sorted(codes) == [303] + [422] * 5


@pytest.mark.both_databases
def test_n11_recovery_link_used_by_many_at_one_instant_works_once(app, client):
    make_user(EMAIL)
    client.post("/sign-in/recover", data={"email": EMAIL})
    path = link(app, EMAIL)
    words = ("copper meadow thirteen owls", "amber kettle winter sparrow", "juniper rain lantern cobble")
    works = [lambda word=word: app.test_client().post(path, data={"password": word}).status_code for word in words]
    assert sorted(in_threads(app, works)) == [303, 410, 410]


@pytest.mark.both_databases
def test_n07_change_of_factor_ends_sessions_on_every_node_at_once(app, client, settings):
    from advocacy.app import create_app

    user_id = make_user(EMAIL)
    sign_in(client, user_id)
    other = create_app(settings)
    with other.app_context():
        elsewhere = sign_in(other.test_client(), user_id)
        assert elsewhere.get("/account").status_code == 200
    enrol(client)
    with other.app_context():
        assert elsewhere.get("/account").status_code == 303
        db.session.remove()
        db.engine.dispose()
    assert client.get("/account").status_code == 200
