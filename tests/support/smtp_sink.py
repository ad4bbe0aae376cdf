"""A real mail server for tests, that can misbehave at every stage and for each recipient.

    with SmtpSink() as sink:
        settings = make_settings(url, mail=sink.settings())
        sink.mode("zoe@example.org", "451 later", times=1)      # refused once, then taken
        sink.mode(stage="connect", answer="reset")              # for everybody
        ...
        sink.messages[0].subject, .text, .html, .links, .header_names

``stage``: connect, hello, mail, rcpt, data (the command), after_data (the whole message was read).
``answer``: a reply line ("550 no"), or reset, hang, garbage, slow (one second, then fine), and after_data only: lost (the
message is kept, the reply never comes).

``SmtpSink(tls=certificates.server_context(…), login=("name", "password"))`` offers STARTTLS, and wants a login under it.
"""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any, Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session, syntax

STAGES = ("connect", "hello", "mail", "rcpt", "data", "after_data")
_LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class Received:
    """A message that the server took."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    at: float

    @property
    def header_names(self) -> list[str]:
        """The names in the raw header block, in order: what any reader of the bytes must see."""
        block = self.data.partition(b"\r\n\r\n")[0]
        return [line.split(b":", 1)[0].decode("latin-1") for line in block.split(b"\r\n") if line[:1] not in b" \t"]

    @property
    def message(self) -> EmailMessage:
        """The parsed message."""
        return cast("EmailMessage", message_from_bytes(self.data, policy=policy.default))

    def header(self, name: str) -> str:
        """A header's value, decoded once."""
        raw = message_from_bytes(self.data, policy=policy.compat32)[name]
        return str(make_header(decode_header(raw))) if raw is not None else ""

    @property
    def subject(self) -> str:
        """The subject for people."""
        return self.header("Subject")

    @property
    def message_id(self) -> str:
        """The id that repeats of one mail share."""
        return self.header("Message-ID")

    def _part(self, subtype: str) -> str:
        found = self.message.get_body(preferencelist=(subtype,))
        return str(found.get_content()) if found is not None else ""

    @property
    def text(self) -> str:
        """The plain part."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """The HTML part."""
        return self._part("html")

    @property
    def links(self) -> list[str]:
        """Links of the plain part."""
        return _LINK.findall(self.text)


@dataclass
class _Rule:
    stage: str
    address: str
    answer: str
    left: int | None


@dataclass
class _Desk:
    rules: list[_Rule] = field(default_factory=list)
    messages: list[Received] = field(default_factory=list)
    connections: int = 0
    logins: list[str] = field(default_factory=list)
    refused: list[tuple[str, str, float]] = field(default_factory=list)
    hang: asyncio.Event | None = None
    open: set[asyncio.Transport] = field(default_factory=set)

    def answer(self, stage: str, address: str = "") -> str | None:
        """What the rules say here; the newest rule wins."""
        for rule in reversed(self.rules):
            if rule.stage == stage and rule.address in {"*", address.casefold()} and rule.left != 0:
                if rule.left is not None:
                    rule.left -= 1
                self.refused.append((stage, address, time.monotonic()))
                return rule.answer
        return None


class _Server(SMTP):
    """aiosmtpd's server, with faults at connect, EHLO and DATA, where it has no hook of its own."""

    def __init__(self, desk: _Desk, *args: Any, **kwargs: Any) -> None:
        self.desk = desk
        super().__init__(*args, **kwargs)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.desk.connections += 1
        answer = self.desk.answer("connect")
        plain = cast("asyncio.Transport", transport)
        self.desk.open.add(plain)
        if answer is None or answer == "slow":
            super().connection_made(transport)
            return
        if answer == "reset":
            plain.abort()
        elif answer != "hang":
            plain.write(_line(answer))
            plain.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.desk.open = {transport for transport in self.desk.open if not transport.is_closing()}
        if getattr(self, "session", None) is not None:
            super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if getattr(self, "session", None) is not None:
            super().data_received(data)

    def eof_received(self) -> bool | None:
        return super().eof_received() if getattr(self, "session", None) is not None else None

    async def misbehave(self, answer: str) -> str | None:
        """Do what a rule says; gives a reply line when there is one to send."""
        if answer == "slow":
            await asyncio.sleep(1)
            return None
        if answer == "hang":
            hang = self.desk.hang
            assert hang is not None
            await hang.wait()
            answer = "reset"
        if answer in {"reset", "lost"}:
            assert self.transport is not None
            self.transport.abort()
            raise asyncio.CancelledError
        return "%% what?" if answer == "garbage" else answer

    async def stage(self, name: str, address: str = "") -> str | None:
        answer = self.desk.answer(name, address)
        return None if answer is None else await self.misbehave(answer)

    @syntax("EHLO hostname")
    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802 - aiosmtpd's names
        reply = await self.stage("hello")
        if reply is not None:
            await self.push(reply)
        else:
            await super().smtp_EHLO(hostname)

    @syntax("HELO hostname")
    async def smtp_HELO(self, hostname: str) -> None:  # noqa: N802 - aiosmtpd's names
        reply = await self.stage("hello")
        if reply is not None:
            await self.push(reply)
        else:
            await super().smtp_HELO(hostname)

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's names
        assert self.envelope is not None
        address = self.envelope.rcpt_tos[0] if self.envelope.rcpt_tos else ""
        answer = self.desk.answer("data", address)
        if answer == "reset":
            await self.push("354 go on")
            await asyncio.sleep(0.01)
        reply = None if answer is None else await self.misbehave(answer)
        if reply is not None:
            await self.push(reply)
        else:
            await super().smtp_DATA(arg)


class _Handler:
    def __init__(self, desk: _Desk) -> None:
        self.desk = desk

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, server: _Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await server.stage("mail")
        if reply is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply or "250 ok"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, server: _Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await server.stage("rcpt", address)
        if reply is None:
            envelope.rcpt_tos.append(address)
        return reply or "250 ok"

    async def handle_DATA(self, server: _Server, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's names
        answer = self.desk.answer("after_data", envelope.rcpt_tos[0])
        if answer in {None, "lost", "slow"}:
            data = envelope.original_content or b""
            self.desk.messages.append(
                Received(str(envelope.mail_from), tuple(envelope.rcpt_tos), data, time.monotonic())
            )
        reply = None if answer is None else await server.misbehave(answer)
        return reply or "250 taken"


class _Controller(Controller):
    def __init__(self, desk: _Desk, port: int, tls: ssl.SSLContext | None, login: tuple[str, str] | None) -> None:
        self.desk = desk
        self.tls = tls
        self.login = login
        super().__init__(_Handler(desk), hostname="127.0.0.1", port=port)

    def factory(self) -> SMTP:
        self.desk.hang = self.desk.hang or asyncio.Event()
        more: dict[str, Any] = {}
        if self.login is not None:
            more = {"authenticator": self._is_known, "auth_required": True}
        return _Server(
            self.desk,
            self.handler,
            enable_SMTPUTF8=True,
            loop=self.loop,
            data_size_limit=None,
            tls_context=self.tls,
            **more,
        )

    def _is_known(self, server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
        self.desk.logins.append(mechanism)
        login = tuple(part.decode() for part in (data.login, data.password)) if isinstance(data, LoginPassword) else ()
        return AuthResult(success=login == self.login, handled=False)


class SmtpSink:
    """The server, in a thread, on a free port."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, login: tuple[str, str] | None = None) -> None:
        self._desk = _Desk()
        self._tls, self._login = tls, login
        self._controller: _Controller | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(self, *_error: object) -> None:
        self.down()

    def up(self) -> None:
        """Listen."""
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # its own log is not ours to judge
        self._controller = _Controller(self._desk, self.port, self._tls, self._login)
        self._controller.start()
        self._desk.connections = 0  # aiosmtpd knocks once at its own door

    def down(self) -> None:
        """Stop listening: connections are refused until ``up``."""
        controller, self._controller = self._controller, None
        if controller is None:
            return
        hang, self._desk.hang = self._desk.hang, None
        if hang is not None:
            controller.loop.call_soon_threadsafe(hang.set)
        controller.stop()

    def settings(self, **more: object) -> dict[str, object]:
        """The section ``mail`` of the settings."""
        return {"transport": "smtp", "host": "127.0.0.1", "port": self.port, "timeout_s": 2.0, **more}

    def mode(
        self, address: str = "*", answer: str = "451 later", *, stage: str = "rcpt", times: int | None = None
    ) -> None:
        """Misbehave from now on (``times`` times) for this recipient; ``*`` is everybody.

        Faults of the first two stages also end the connections that are open, else nobody would meet them.
        """
        assert stage in STAGES
        self._desk.rules.append(_Rule(stage, address.casefold(), answer, times))
        if stage in {"connect", "hello"}:
            self.hang_up()

    def hang_up(self) -> None:
        """End the connections that are open."""
        if self._controller is not None:
            for transport in list(self._desk.open):
                self._controller.loop.call_soon_threadsafe(transport.abort)

    def greylist(self, address: str = "*") -> None:
        """Refuse the first try, take the next."""
        self.mode(address, "451 4.7.1 greylisted, come back", times=1)

    def behave(self) -> None:
        """Forget every rule."""
        self._desk.rules.clear()

    @property
    def messages(self) -> list[Received]:
        """What was taken, oldest first."""
        return list(self._desk.messages)

    @property
    def faults(self) -> list[tuple[str, str, float]]:
        """When a rule struck: (stage, address, monotonic time)."""
        return list(self._desk.refused)

    @property
    def logins(self) -> list[str]:
        """The mechanisms by which somebody tried to prove who they are."""
        return list(self._desk.logins)

    @property
    def connections(self) -> int:
        """How many connections were opened."""
        return self._desk.connections

    def to(self, address: str) -> list[Received]:
        """What was taken for this recipient."""
        return [item for item in self.messages if address.casefold() in [to.casefold() for to in item.recipients]]

    def wait(self, count: int, within_s: float = 10.0, *, until: Callable[[], bool] | None = None) -> list[Received]:
        """Wait until ``count`` messages came (or ``until`` says so); gives them."""
        end = time.monotonic() + within_s
        while time.monotonic() < end and not (until() if until else len(self._desk.messages) >= count):
            time.sleep(0.02)
        return self.messages


def _line(answer: str) -> bytes:
    return b"%% what?\r\n" if answer == "garbage" else f"{answer}\r\n".encode()
