"""Commands of the operator."""

from __future__ import annotations

import re

import pyotp
import pytest
from click.testing import CliRunner

from advocacy.accounts import queries as accounts
from advocacy.cli import cli
from advocacy.coalitions import queries
from advocacy.core import uow
from tests.factories.accounts import PASSWORD, make_user, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.factors import enrol_totp
from tests.support.inbox import mails


@pytest.fixture
def run(app):
    def invoke(*args, text=""):
        group = cli.commands[args[0]]
        return CliRunner().invoke(group, list(args[1:]), input=text, obj=lambda: app)

    return invoke


def create(run, *extra, email="lee@example.org", text=PASSWORD + "\n"):
    return run("user", "create", email, "--name", "Lee Vance", "--password-stdin", *extra, text=text)


def test_coalition_create_makes_it(run):
    made = run("coalition", "create", "hill-country", "--name", "Hill Country Minds", "--timezone", "America/Chicago")
    assert made.exit_code == 0, made.output
    with uow.reading():
        found = queries.coalition_by_slug("hill-country")
        assert (found.name, found.tz, found.state) == ("Hill Country Minds", "America/Chicago", "active")


@pytest.mark.parametrize(
    "slug,zone",
    [
        ("Hill Country", "America/Chicago"),
        ("hill", "Mars/Olympus"),
        ("hill-", "UTC"),
        ("x" * 81, "UTC"),
        ("hill\n", "UTC"),
    ],
)
def test_coalition_create_with_a_wrong_slug_or_zone_ends_with_2_and_one_line(run, slug, zone):
    made = run("coalition", "create", slug, "--name", "Hill", "--timezone", zone)
    assert made.exit_code == 2
    assert len(made.stderr.strip().splitlines()) == 1


def test_coalition_create_twice_ends_with_2(run):
    make_coalition("hill")
    assert run("coalition", "create", "hill", "--name", "Hill", "--timezone", "UTC").exit_code == 2


def test_user_create_with_a_coalition_gives_the_role_there(run):
    coalition_id = make_coalition("hill")
    made = create(run, "--role", "organizer", "--coalition", "hill")
    assert made.exit_code == 0, made.output
    assert PASSWORD not in made.output
    with uow.reading():
        user_id = accounts.find_user_id("lee@example.org")
        assert queries.roles_by_coalition(user_id) == {coalition_id: frozenset({"organizer"})}
        assert accounts.contact(user_id) == ("Lee Vance", "lee@example.org", "en")


def test_user_create_admin_without_a_coalition_is_of_the_platform(run):
    assert create(run, "--role", "admin").exit_code == 0
    with uow.reading():
        assert accounts.platform_roles(accounts.find_user_id("lee@example.org")) == {"admin"}


@pytest.mark.parametrize(
    "extra,code",
    [
        (("--role", "organizer"), 2),
        (("--role", "king", "--coalition", "hill"), 2),
        (("--role", "organizer", "--coalition", "nowhere"), 1),
    ],
)
def test_user_create_that_cannot_be_leaves_nothing_and_says_why_in_one_line(run, extra, code):
    make_coalition("hill")
    made = create(run, *extra)
    assert made.exit_code == code
    assert len(made.stderr.strip().splitlines()) == 1
    with uow.reading():
        assert accounts.find_user_id("lee@example.org") is None


def test_user_create_with_a_weak_password_or_a_taken_or_broken_address_ends_with_2(run):
    assert create(run, "--role", "admin", text="short\n").exit_code == 2
    assert create(run, "--role", "admin", email="not an address").exit_code == 2
    assert create(run, "--role", "admin").exit_code == 0
    assert create(run, "--role", "admin", email="LEE@example.org").exit_code == 2


def test_user_create_without_password_stdin_asks_for_it(run):
    made = run("user", "create", "lee@example.org", "--name", "Lee", "--role", "admin")
    assert made.exit_code == 2
    assert "--password-stdin" in made.stderr


def test_n07_user_password_and_disable_end_sessions_at_once(run, app):
    user_id = make_user("lee@example.org")
    one, two = sign_in(app.test_client(), user_id), sign_in(app.test_client(), user_id)
    assert (
        run("user", "password", "lee@example.org", "--password-stdin", text="copper meadow thirteen owls\n").exit_code
        == 0
    )
    assert [browser.get("/account").status_code for browser in (one, two)] == [303, 303]
    sign_in(one, user_id)
    assert run("user", "disable", "lee@example.org").exit_code == 0
    assert one.get("/account").status_code == 303
    answer = two.post("/sign-in", data={"email": "lee@example.org", "password": "copper meadow thirteen owls"})
    assert answer.status_code == 422
    assert run("user", "disable", "nobody@example.org").exit_code == 1


def test_n12_set_up_link_makes_the_first_administrator_once(run, client, move_clock):
    made = run("user", "setup-link")
    assert made.exit_code == 0, made.output
    path = made.output.strip().removeprefix("http://localhost:8000")
    data = {"email": "first@example.org", "name": "Ines Duarte", "password": PASSWORD}
    for _look in range(2):
        page = client.get(path)
        assert page.status_code == 200
        assert page.headers["Referrer-Policy"] == "no-referrer"
    assert path not in page.text
    assert client.post(path, data=data | {"password": "password"}).status_code == 422
    assert client.post(path, data=data).status_code == 303
    assert client.post(path, data=data | {"email": "second@example.org"}).status_code == 410
    assert client.get(path).status_code == 410
    with uow.reading():
        assert accounts.platform_roles(accounts.find_user_id("first@example.org")) == {"admin"}
        assert accounts.find_user_id("second@example.org") is None
    assert run("user", "setup-link").exit_code == 2


def test_n12_set_up_link_dies_after_an_hour_and_with_the_next_one(run, client, move_clock):
    first = run("user", "setup-link").output.strip().removeprefix("http://localhost:8000")
    second = run("user", "setup-link").output.strip().removeprefix("http://localhost:8000")
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    move_clock(3601)
    assert client.get(second).status_code == 410
    assert client.get("/set-up/" + "a" * 43).status_code == 410


def test_user_create_with_totp_prints_a_secret_once_that_signs_in(run, client):
    make_coalition("hill")
    made = create(run, "--role", "organizer", "--coalition", "hill", "--totp")
    assert made.exit_code == 0, made.output
    (secret,) = re.findall(r"\b[A-Z2-7]{32}\b", made.output)
    answer = client.post("/sign-in", data={"email": "lee@example.org", "password": PASSWORD})
    assert answer.location == "/sign-in/code"
    answer = client.post("/sign-in/code", data={"code": pyotp.TOTP(secret).now()})
    assert answer.location == "/desk"


def test_user_reset_factors_lets_somebody_who_lost_them_in_and_tells_them(run, app, client):
    user_id = make_user("lee@example.org")
    enrol_totp(user_id)
    sign_in(client, user_id)
    assert run("user", "reset-factors", "lee@example.org").exit_code == 0
    assert client.get("/account").status_code == 303
    data = {"email": "lee@example.org", "password": PASSWORD}
    assert client.post("/sign-in", data=data).location == "/account"
    assert "removed the second steps" in mails(app, "lee@example.org")[0].text
    assert run("user", "reset-factors", "nobody@example.org").exit_code == 1


def test_i025_user_disable_of_the_last_administrator_ends_with_2_and_says_why(run):
    coalition_id = make_coalition("hill", name="Hill Country Minds")
    make_member(coalition_id, "admin", email="lee@example.org")
    ended = run("user", "disable", "lee@example.org")
    assert ended.exit_code == 2
    assert "last administrator of Hill Country Minds" in ended.stderr
    make_member(coalition_id, "admin")
    assert run("user", "disable", "lee@example.org").exit_code == 0
