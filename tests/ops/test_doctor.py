"""``advocacy doctor``: names what is wrong, one line each (R-04, O-01, R-39)."""

from __future__ import annotations

import json
import socket
import threading

import pytest
from click.testing import CliRunner
from sqlalchemy import event

from advocacy.core.db import db
from advocacy.core.errors import SettingsError
from advocacy.ops.adapters import reach
from advocacy.ops.commands import doctor
from advocacy.ops.services.doctor import diagnose, is_public


def wrong() -> dict[str, str]:
    return {line.name: line.detail for line in diagnose() if not line.is_fine}


SETTINGS_NAMES = ("server.", "mail.", "demo.", "clock.", "keys", "durability")


def wrong_settings() -> set[str]:
    return {name for name in wrong() if name.startswith(SETTINGS_NAMES)}


@pytest.mark.both_databases
def test_doctor_on_ones_own_machine_finds_settings_and_stores_safe(app):
    assert wrong_settings() == set()


@pytest.mark.settings(server={"base_url": "http://example.org"}, demo={"enabled": True})
def test_doctor_at_a_public_address_asks_for_https_mail_and_no_demo(app):
    assert wrong_settings() == {"server.base_url", "mail.transport", "demo.enabled"}


@pytest.mark.settings(
    server={"base_url": "https://example.org"}, mail={"transport": "smtp", "host": "127.0.0.1", "port": 1}
)
def test_doctor_behind_a_proxy_asks_whom_to_trust(app):
    assert wrong_settings() == {"server.trusted_proxies", "mail.sender"}
    assert "smtp" in wrong()


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        ("http://localhost:8000", False),
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
        ("http://a.localhost", False),
        ("http://192.168.1.5:8000", True),
        ("https://example.org", True),
    ],
)
def test_public_is_what_other_machines_reach(url, answer):
    assert is_public(url) is answer


def test_r04_unsafe_pragma_is_named(app):
    """The check can fail: a buffered database is not called safe."""
    db.session.remove()
    db.engine.dispose()

    @event.listens_for(db.engine, "connect")
    def _buffer(raw, _record):
        raw.execute("PRAGMA synchronous=OFF")

    assert "synchronous" in wrong()["durability"]


@pytest.mark.postgres
def test_r04_asynchronous_commit_is_named(app):
    db.session.remove()
    db.engine.dispose()

    @event.listens_for(db.engine, "connect")
    def _buffer(raw, _record):
        raw.autocommit = True
        raw.execute("SET synchronous_commit = off")
        raw.autocommit = False

    assert "synchronous_commit" in wrong()["durability"]


class ListeningOnce:
    """A server that says one thing to one caller."""

    def __init__(self, *answers: bytes) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, args=(answers,), daemon=True)
        self.thread.start()

    def _serve(self, answers: tuple[bytes, ...]) -> None:
        caller, _ = self.socket.accept()
        with caller:
            caller.settimeout(5)
            for answer in answers:
                caller.sendall(answer)
                if not caller.recv(1000):
                    break

    def close(self) -> None:
        self.thread.join(5)
        self.socket.close()


def test_mail_server_that_answers_is_fine(settings):
    server = ListeningOnce(b"220 hi\r\n", b"250 hello\r\n", b"221 bye\r\n")
    assert reach.smtp_problem(settings.mail.model_copy(update={"host": "127.0.0.1", "port": server.port})) is None
    server.close()


def test_mail_server_without_starttls_is_named(settings):
    server = ListeningOnce(b"220 hi\r\n", b"250 hello\r\n", b"221 bye\r\n")
    mail = settings.mail.model_copy(update={"host": "127.0.0.1", "port": server.port, "starttls": True})
    assert reach.smtp_problem(mail) == "does not offer STARTTLS"
    server.close()


def test_site_is_asked_under_its_own_address():
    server = ListeningOnce(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
    assert reach.site_problem(f"http://127.0.0.1:{server.port}") is None
    server.close()
    assert reach.site_problem(f"http://127.0.0.1:{server.port}") == "ConnectionError"


def run(app, *arguments: str):
    db.session.remove()

    def made(*, with_keys: bool = True):
        if with_keys and app is None:
            raise SettingsError("keys: missing")
        return app

    return CliRunner().invoke(doctor, list(arguments), obj=made)


@pytest.mark.settings(server={"base_url": "http://example.org"})
def test_command_with_something_wrong_is_status_1_and_lines(app):
    outcome = run(app)
    assert outcome.exit_code == 1
    assert "server.base_url: people reach this site without https" in outcome.output.splitlines()


@pytest.mark.settings(server={"base_url": "http://example.org"})
def test_command_as_json_lists_every_check(app):
    found = json.loads(run(app, "--json").output)
    assert found["ok"] is False
    assert {"name": "database", "ok": True, "detail": "answers"} in found["checks"]


def test_command_without_keys_names_them_and_goes_on(app):
    def made(*, with_keys: bool = True):
        if with_keys:
            raise SettingsError("keys: instance/keys.json does not exist")
        return app

    db.session.remove()
    outcome = CliRunner().invoke(doctor, [], obj=made)
    assert outcome.exit_code == 1
    assert "keys: keys: instance" not in outcome.output
    assert "keys: instance/keys.json does not exist" in outcome.output


def test_doctor_never_shows_a_secret(app):
    """O-01."""
    assert "keys.json" not in run(app, "--json").output
