"""A mail server spoken to over SMTP, one recipient an envelope, one connection a thread."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

from advocacy.core import clock
from advocacy.core.settings import Mail
from advocacy.messaging.adapters.transport import Envelope
from advocacy.messaging.rules import Outcome, Result, Stage, triage

BUDGET_S = 30.0  # one mail's whole conversation
_IDLE_S = 20.0
_AGE_S = 300.0
_MAILS = 100


_NO_WAY_IN: dict[type[Exception], str] = {
    socket.gaierror: "no_such_host",
    ssl.SSLCertVerificationError: "certificate_refused",
}


class _Refused(Exception):
    """The server gave another reply than wanted."""

    def __init__(self, stage: Stage, code: int) -> None:
        super().__init__(stage)
        self.stage = stage
        self.code = code


class _Impossible(Exception):
    """This mail or this server can not be served as set up."""

    def __init__(self, result: Result) -> None:
        super().__init__(result.reason)
        self.result = result


@dataclass
class _Line:
    """An open connection and how worn it is."""

    smtp: smtplib.SMTP
    opened: float
    used: float
    mails: int = 0

    def is_fresh(self) -> bool:
        """Whether it is worth another mail: servers hang up on idle and on long guests."""
        now = clock.monotonic()
        return now - self.used < _IDLE_S and now - self.opened < _AGE_S and self.mails < _MAILS


class SmtpTransport:
    """Keeps a connection per thread; one that died while it lay idle is opened again before anything is handed over."""

    def __init__(self, settings: Mail, host_name: str) -> None:
        self._settings = settings
        self._host_name = host_name if host_name.isascii() else "localhost"
        self._local = threading.local()

    def send(self, envelope: Envelope) -> Result:
        """Hand over one mail; every failure of the network or the server is a result."""
        until = clock.monotonic() + BUDGET_S
        line: _Line | None = getattr(self._local, "line", None)
        if line is not None and line.is_fresh():
            progress = _Progress(until)
            result = self._try(line, envelope, progress)
            if result.outcome is not Outcome.LOST or progress.stage is not Stage.MAIL:
                return result
            self._drop()  # it had died while it lay idle: nothing was handed over, so begin anew
        else:
            self._drop()
        progress = _Progress(until)
        try:
            line = self._open(progress)
        except Exception as error:  # noqa: BLE001 - judged just below
            return _judge(error, progress.stage)
        self._local.line = line
        return self._try(line, envelope, progress)

    def _try(self, line: _Line, envelope: Envelope, progress: _Progress) -> Result:
        try:
            _hand_over(line.smtp, envelope, progress)
        except Exception as error:  # noqa: BLE001 - judged just below
            result = _judge(error, progress.stage)
            if result.outcome in {Outcome.LOST, Outcome.DOWN} or not self._is_reset(line, progress):
                self._drop()
            return result
        line.used, line.mails = clock.monotonic(), line.mails + 1
        return Result(Outcome.SENT, "accepted", 250)

    def _is_reset(self, line: _Line, progress: _Progress) -> bool:
        """Whether the server forgot the refused mail, so that the connection can serve the next."""
        try:
            progress.at(progress.stage, line.smtp)
            code = line.smtp.rset()[0]
        except (OSError, smtplib.SMTPException):
            return False
        line.used = clock.monotonic()
        return code == 250  # noqa: PLR2004 - RFC 5321

    def _open(self, progress: _Progress) -> _Line:
        settings = self._settings
        if settings.username and not settings.starttls and not _is_this_machine(settings.host):
            raise _Impossible(Result(Outcome.DOWN, "login_needs_starttls"))
        smtp = smtplib.SMTP(timeout=min(settings.timeout_s, BUDGET_S), local_hostname=self._host_name)
        # smtplib learns whose certificate it wants only in its constructor, which would also connect.
        smtp._host = settings.host  # type: ignore[attr-defined]  # noqa: SLF001
        progress.limit = settings.timeout_s
        try:
            code, _ = smtp.connect(settings.host, settings.port)
            _want(code, 220, Stage.CONNECT)
            self._greet(smtp, progress)
        except BaseException:
            smtp.close()
            raise
        line = _Line(smtp, clock.monotonic(), clock.monotonic())
        weakref.finalize(line, smtp.close)  # a thread that ends leaves no open socket behind
        return line

    def _greet(self, smtp: smtplib.SMTP, progress: _Progress) -> None:
        settings = self._settings
        progress.at(Stage.HELLO, smtp)
        _hello(smtp)
        if settings.starttls:
            if not smtp.has_extn("starttls"):
                raise _Impossible(Result(Outcome.DOWN, "no_starttls"))
            code, _ = smtp.starttls(context=ssl.create_default_context())
            _want(code, 220, Stage.HELLO)
            progress.at(Stage.HELLO, smtp)
            _hello(smtp)
        if settings.username:
            try:
                smtp.login(settings.username, settings.password.get_secret_value())
            except smtplib.SMTPAuthenticationError as error:
                raise _Impossible(Result(Outcome.DOWN, "login_refused", error.smtp_code)) from None
            except smtplib.SMTPNotSupportedError:
                raise _Impossible(Result(Outcome.DOWN, "no_login")) from None

    def _drop(self) -> None:
        line: _Line | None = getattr(self._local, "line", None)
        self._local.line = None
        if line is not None:
            line.smtp.close()


class _Progress:
    """How far this conversation is, and how long it may still take."""

    def __init__(self, until: float) -> None:
        self.until = until
        self.limit = BUDGET_S
        self.stage = Stage.CONNECT

    def at(self, stage: Stage, smtp: smtplib.SMTP) -> None:
        """Enter a stage; no single answer may outlast what is left of the budget."""
        self.stage = stage
        left = self.until - clock.monotonic()
        if left <= 0:
            raise TimeoutError
        if smtp.sock is None:
            raise smtplib.SMTPServerDisconnected
        smtp.sock.settimeout(min(left, self.limit))


def _is_this_machine(host: str) -> bool:
    """Whether nobody can listen on the way to a mail server."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _hello(smtp: smtplib.SMTP) -> None:
    code, _ = smtp.ehlo()
    if code != 250:  # noqa: PLR2004 - an old server
        code, _ = smtp.helo()
    _want(code, 250, Stage.HELLO)


def _hand_over(smtp: smtplib.SMTP, envelope: Envelope, progress: _Progress) -> None:
    needs_utf8 = envelope.recipient.needs_utf8 or envelope.sender.needs_utf8
    options = []
    if needs_utf8:
        if not smtp.has_extn("smtputf8"):
            raise _Impossible(Result(Outcome.DEAD, "no_smtputf8"))
        smtp.command_encoding = "utf-8"
        options = ["SMTPUTF8", "BODY=8BITMIME"]
    steps: list[tuple[Stage, int, Callable[[], tuple[int, bytes]]]] = [
        (Stage.MAIL, 250, lambda: smtp.mail(envelope.sender.text, options)),
        (Stage.RECIPIENT, 250, lambda: smtp.rcpt(envelope.recipient.text)),
        (Stage.DATA, 354, lambda: smtp.docmd("DATA")),
        (Stage.AFTER_DATA, 250, lambda: _body(smtp, envelope.data)),
    ]
    for stage, wanted, step in steps:
        progress.at(stage, smtp)
        code = step()[0]
        if not (code == wanted or (stage is Stage.RECIPIENT and code == 251)):  # noqa: PLR2004 - "will forward"
            raise _Refused(stage, code)


def _body(smtp: smtplib.SMTP, data: bytes) -> tuple[int, bytes]:
    dotted = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in data.split(b"\r\n"))
    end = b".\r\n" if dotted.endswith(b"\r\n") else b"\r\n.\r\n"
    smtp.send(dotted + end)  # at once: a last small packet of its own would wait for the answer to the one before
    return smtp.getreply()


def _want(code: int, wanted: int, stage: Stage) -> None:
    if code != wanted:
        raise _Refused(stage, code)


def _judge(error: Exception, stage: Stage) -> Result:
    if isinstance(error, _Impossible):
        return error.result
    if isinstance(error, _Refused):
        return triage(error.stage, error.code)
    early = stage in {Stage.CONNECT, Stage.HELLO}
    if isinstance(error, TimeoutError):
        return Result(Outcome.DOWN, f"{stage}_timeout")
    for kind, reason in _NO_WAY_IN.items():
        if isinstance(error, kind):
            return Result(Outcome.DOWN, reason)
    if isinstance(error, smtplib.SMTPResponseException):
        return triage(stage, error.smtp_code)
    if isinstance(error, OSError | smtplib.SMTPException | ValueError):
        return Result(Outcome.DOWN if early else Outcome.LOST, f"{stage}_lost")
    raise error
