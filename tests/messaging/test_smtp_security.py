"""Encryption and login towards a real mail server (R-12): who is not trusted gets neither mail nor password."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from advocacy.core import clock
from advocacy.core.settings import Mail
from advocacy.messaging import message
from advocacy.messaging.adapters.smtp import SmtpTransport
from advocacy.messaging.adapters.transport import Envelope
from advocacy.messaging.rules import Outcome, Result
from advocacy.ops.adapters import reach
from advocacy.web.manifest import Content
from tests.support.certificates import Authority
from tests.support.smtp_sink import SmtpSink

LOGIN = ("mailer", "correct horse")


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """An authority that this process trusts."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@pytest.fixture
def secure_sink(authority: Authority) -> Iterator[SmtpSink]:
    """A server with a good certificate that wants a login."""
    with SmtpSink(tls=authority.server_context("127.0.0.1"), login=LOGIN) as made:
        yield made


@pytest.fixture
def send() -> Callable[..., Result]:
    """Hand one mail to a server."""

    def send(sink: SmtpSink, **more: object) -> Result:
        return SmtpTransport(settings(sink, **more), "localhost").send(envelope())

    return send


def settings(sink: SmtpSink, **more: object) -> Mail:
    return Mail.model_validate({**sink.settings(), "starttls": True, **more})


def envelope() -> Envelope:
    content = Content(to="zoe@example.org", subject="Hello", text="A mail.", html="<p>A mail.</p>")
    to, sender = message.address(content.to), message.Sender("no-reply@example.org", "Us")
    data = message.build(content, to=to, sender=sender, message_id="<1@example.org>", sent_at=clock.now())
    return Envelope("p", "k", "<1@example.org>", message.address(sender.address), to, data, content)


def test_r12_mail_leaves_encrypted_and_logged_in(secure_sink, send):
    result = send(secure_sink, username=LOGIN[0], password=SecretStr(LOGIN[1]))
    assert result.outcome is Outcome.SENT
    assert len(secure_sink.messages) == 1
    assert secure_sink.logins


def test_r12_wrong_password_stops_all_mail_and_says_so(secure_sink, send):
    result = send(secure_sink, username=LOGIN[0], password=SecretStr("wrong"))
    assert (result.outcome, result.reason, result.code) == (Outcome.DOWN, "login_refused", 535)
    assert not secure_sink.messages


@pytest.mark.parametrize("fault", ["stranger", "other_name", "expired"])
def test_r12_wrong_certificate_gets_neither_mail_nor_password(authority, tmp_path, send, fault):
    (tmp_path / "other").mkdir()
    context = {
        "stranger": lambda: Authority(tmp_path / "other").server_context("127.0.0.1"),
        "other_name": lambda: authority.server_context("mail.example.org"),
        "expired": lambda: authority.server_context("127.0.0.1", days=-1),
    }[fault]()
    with SmtpSink(tls=context, login=LOGIN) as sink:
        result = send(sink, username=LOGIN[0], password=SecretStr(LOGIN[1]))
        assert (result.outcome, result.reason) == (Outcome.DOWN, "certificate_refused")
        assert not sink.messages
        assert not sink.logins
        assert reach.smtp_problem(settings(sink)) == "shows a certificate that cannot be trusted"


def test_r12_server_that_drops_starttls_gets_neither_mail_nor_password(send):
    with SmtpSink() as sink:
        result = send(sink, username=LOGIN[0], password=SecretStr(LOGIN[1]))
        assert (result.outcome, result.reason) == (Outcome.DOWN, "no_starttls")
        assert not sink.messages
        assert reach.smtp_problem(settings(sink)) == "does not offer STARTTLS"


def test_r12_login_without_encryption_is_refused_by_the_server(secure_sink, send):
    result = send(secure_sink, starttls=False, username=LOGIN[0], password=SecretStr(LOGIN[1]))
    assert (result.outcome, result.reason) == (Outcome.DOWN, "no_login")
    assert not secure_sink.logins


def test_r12_login_without_encryption_is_never_tried_at_another_machine(secure_sink, send, monkeypatch):
    monkeypatch.setattr("smtplib.SMTP.connect", lambda *_given: pytest.fail("it connected"))
    result = send(secure_sink, host="mail.example.org", starttls=False, username="me", password=SecretStr("x"))
    assert (result.outcome, result.reason) == (Outcome.DOWN, "login_needs_starttls")


def test_r12_server_that_wants_a_login_refuses_mail_without_one(secure_sink, send):
    result = send(secure_sink)
    assert result.outcome is Outcome.DEAD
    assert result.code == 530
    assert not secure_sink.messages


def test_doctor_finds_a_good_mail_server_in_order(secure_sink):
    assert reach.smtp_problem(settings(secure_sink)) is None
