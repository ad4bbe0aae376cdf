"""An invited organizer comes in with an app's codes, then with a passkey; a forgotten password; by keyboard alone."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from advocacy.app import create_app
from advocacy.core import crypto, uow
from advocacy.core.db import db
from advocacy.messaging.queries import demo_mails
from tests.factories.accounts import PASSWORD
from tests.factories.factors import code
from tests.support import databases, servers
from tests.support.browser import Visitor
from tests.support.servers import Server

ADMIN, ORGANIZER, NEW_ADDRESS = "ines@example.org", "amara@example.org", "amara.new@example.org"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def url(database_kind: str) -> Iterator[str]:
    found = databases.new_database(database_kind)
    yield found
    if database_kind == "postgresql":
        databases.drop_postgres(found)


@pytest.fixture
def looker(url: str) -> Iterator[Flask]:
    """An app of this process on the journey's database: only to read the mails in it."""
    crypto.data_keys.clear()
    app = create_app(databases.make_settings(url))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def advocacy(url: str, *arguments: str, given: str = "") -> str:
    done = servers.run(*arguments, env=servers.environment(url), given=given)
    assert done.returncode == 0, done.stderr
    return done.stdout


def mailed_link(app: Flask, to: str, subject: str) -> str:
    """The link of the newest mail with this subject, once it is there."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with app.app_context(), uow.reading():
            found = [mail for mail in demo_mails(to).rows if subject in mail.subject]
        if found:
            link = re.search(r"http://localhost:\d+(/\S+)", found[0].text)
            assert link
            return link[1]
        time.sleep(0.1)
    raise AssertionError(f"no mail {subject!r}")


def tab_to(page: Page, name: str) -> None:
    """Go to what carries this name or these words, by the Tab key alone."""
    for _step in range(80):
        page.keyboard.press("Tab")
        words = "() => [document.activeElement.getAttribute('name'), document.activeElement.innerText.trim()]"
        if name in page.evaluate(words):
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def look(visitor: Visitor) -> None:
    """Judge the page as it stands, wide and at 320 px."""
    visitor.faults = [fault for fault in visitor.faults if "422" not in fault]  # Chromium reports the status itself
    visitor.check()
    visitor.page.set_viewport_size({"width": 320, "height": 800})
    visitor.check()
    visitor.page.set_viewport_size({"width": 1280, "height": 1000})


def sign_in_as(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.browser
@pytest.mark.both_databases(long=True)
def test_organizer_is_invited_enrols_a_passkey_and_comes_back_with_it(
    url: str, looker: Flask, browser: Browser, tmp_path: Path
) -> None:
    """N-05 in a real browser: enrol, sign out, sign in by the passkey alone, and as a second step."""
    advocacy(url, "coalition", "create", "hill", "--name", "Hill Country Minds", "--timezone", "America/Chicago")
    role = ("--role", "admin", "--coalition", "hill", "--password-stdin", "--totp")
    said = advocacy(url, "user", "create", ADMIN, "--name", "Ines Duarte", *role, given=PASSWORD + "\n")
    secret = re.search(r"\b[A-Z2-7]{32}\b", said)
    assert secret
    with Server(url, env={"SECURITY__SECOND_FACTOR": "staff"}, cwd=tmp_path) as server:
        admin = Visitor(browser, server.url)
        invite(admin, secret[0])
        visitor = Visitor(browser, server.url)
        page = visitor.page
        page.goto(mailed_link(looker, ORGANIZER, "You are invited"))
        look(visitor)
        page.get_by_label("Your name").fill("Amara Obi")
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Make my account and accept").click()
        page.wait_for_url("**/sign-in?done=*")
        look(visitor)

        cdp = visitor.context.new_cdp_session(page)
        cdp.send("WebAuthn.enable")
        device = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]
        sign_in_as(page, ORGANIZER)
        page.wait_for_url("**/account/security")
        look(visitor)
        page.goto("/desk")
        assert page.url.endswith("/account/security")
        page.get_by_label("Name for this passkey").fill("blue phone")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
        look(visitor)
        assert page.locator("#recovery-codes code").count() == 10
        expect(page.get_by_role("button", name="Print")).to_be_visible()
        page.get_by_role("link", name="I have kept them").click()
        page.wait_for_url("**/desk")
        (credential,) = cdp.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
        assert credential["isResidentCredential"]
        assert credential["rpId"] == "localhost"
        page.goto("/account/security")
        expect(page.get_by_text("blue phone").first).to_be_visible()
        look(visitor)

        sign_out(page)
        page.goto("/sign-in")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url("**/desk")
        sign_out(page)
        sign_in_as(page, ORGANIZER)
        page.wait_for_url("**/sign-in/code")
        look(visitor)
        page.get_by_role("button", name="Use your passkey").click()
        page.wait_for_url("**/desk")
        cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
        sign_out(page)
        page.goto("/sign-in")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("status").filter(has_text="did not work")).to_be_visible()
        look(visitor)
        visitor.close()
        admin.close()


def invite(admin: Visitor, secret: str) -> None:
    """The administrator signs in with an app's code, by keyboard alone, and invites an organizer."""
    page = admin.page
    page.goto("/sign-in?next=/desk/coalition")
    look(admin)
    for name, value in (("email", ADMIN), ("password", PASSWORD)):
        tab_to(page, name)
        page.keyboard.type(value)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/sign-in/code\?"))
    look(admin)
    tab_to(page, "code")
    page.keyboard.type("12345")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]").first).to_be_focused()
    look(admin)
    tab_to(page, "code")
    page.keyboard.press("Control+a")
    page.keyboard.type(code(secret))
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/coalition")
    look(admin)
    page.get_by_role("textbox", name="E-mail address").first.fill(ORGANIZER)
    page.get_by_role("button", name="Send the invitation").click()
    page.wait_for_url("**done=invitation-sent*")
    expect(page.get_by_text(ORGANIZER).first).to_be_visible()
    look(admin)


def sign_out(page: Page) -> None:
    page.goto("/account/security")
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**done=signed-out*")


@pytest.mark.browser
def test_person_sets_up_an_app_changes_address_and_recovers_the_password(
    url: str, looker: Flask, browser: Browser, tmp_path: Path
) -> None:
    role = ("--role", "admin", "--password-stdin")
    advocacy(url, "user", "create", ORGANIZER, "--name", "Amara Obi", *role, given=PASSWORD + "\n")
    with Server(url, env={"SECURITY__SECOND_FACTOR": "staff"}, cwd=tmp_path) as server:
        visitor = Visitor(browser, server.url)
        page = visitor.page
        page.goto("/sign-in")
        page.get_by_role("link", name="Forgot your password?").click()
        look(visitor)
        page.locator("[name=email]").fill(ORGANIZER)
        page.get_by_role("button", name="Send me a link").click()
        page.wait_for_url("**/sent")
        look(visitor)
        assert visitor.cookies() == []
        page.goto(mailed_link(looker, ORGANIZER, "new password"))
        look(visitor)
        page.locator("[name=password]").fill("copper meadow thirteen owls")
        page.get_by_role("button", name="Set the new password").click()
        page.wait_for_url("**/sign-in?done=*")
        sign_in_as(page, ORGANIZER, "copper meadow thirteen owls")
        page.wait_for_url("**/account/security")

        page.get_by_role("button", name="Set up an app").click()
        expect(page.locator("svg.qr")).to_be_visible()
        look(visitor)
        key = page.locator("#totp-key").inner_text().replace(" ", "")
        page.locator("[name=code]").fill(code(key))
        page.get_by_role("button", name="Finish").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
        page.goto("/account/security")
        look(visitor)

        page.goto("/account")
        look(visitor)
        page.get_by_label("New e-mail address").fill(NEW_ADDRESS)
        page.get_by_role("button", name="Change the address").click()
        page.wait_for_url("**done=email-asked*")
        look(visitor)
        page.goto(mailed_link(looker, NEW_ADDRESS, "confirm your new address"))
        look(visitor)
        page.get_by_role("button", name="Use this address").click()
        page.wait_for_url("**/sign-in?done=email-changed*")
        sign_in_as(page, NEW_ADDRESS, "copper meadow thirteen owls")
        page.wait_for_url("**/sign-in/code")
        page.locator("[name=code]").fill(code(key, 1))
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url("**/desk")

        page.goto("/sign-in/again?next=/account")
        look(visitor)
        page.locator("[name=password]").fill("copper meadow thirteen owls")
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url("**/account?done=confirmed")
        look(visitor)
        visitor.close()
