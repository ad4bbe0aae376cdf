"""A mail to many as bytes with gaps: written once for each language, filled in for each person.

Everything that can be is done once: header values made neutral and folded, parts encoded, the whole read again as any
mail is (``message.check``). A person's value goes in encoded on its own, between soft line breaks, so that no line
grows too long and nothing that a value holds is seen by the mail's syntax.
"""

from __future__ import annotations

import binascii
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from markupsafe import escape

from advocacy.core.text import clean_line
from advocacy.messaging import message
from advocacy.messaging.message import Address, BadMessage, Sender
from advocacy.web.lots import ReadyBody, Recipient

MAX_VALUE = 2000
OURS = ("to", "unsubscribe_url", "preferences_url")
"""Slots that messaging fills by itself."""
_OPEN, _CLOSE = "\ue000", "\ue001"  # private use: no template, escaping or style sheet inliner changes them
_SLOT = re.compile(f"{_OPEN}([a-z_]{{1,40}}){_CLOSE}")
_PLAIN = re.compile(r"[!-<>-~](?:[ -<>-~]{0,73}[!-<>-~])?")  # needs no encoding and fits one line
_SOFT = b"=\r\n"
_LAST = 75  # a line of 76 with the "=" of a soft break
_PROBE = Recipient(
    "probe@example.org",
    headers={"List-Unsubscribe": "<https://example.org/probe>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
)


def slot(name: str) -> str:
    """What stands in a subject, text or HTML where the value ``name`` of each person goes."""
    found = f"{_OPEN}{name}{_CLOSE}"
    if not _SLOT.fullmatch(found):
        text = f"not a name for a slot: {name!r}"
        raise ValueError(text)
    return found


def filled(body: ReadyBody, values: Mapping[str, str]) -> tuple[str, str, str]:
    """Subject, text and HTML for one person, as they would read them.

    Raises: BadMessage when a value is missing.
    """
    subject, text = (_SLOT.sub(lambda found: _value(values, found[1]), part) for part in (body.subject, body.text))
    return subject, text, _SLOT.sub(lambda found: str(escape(_value(values, found[1]))), body.html)


@dataclass(frozen=True)
class Prepared:
    """A body whose bytes are written, but for each person's values."""

    body: ReadyBody
    fixed: bytes
    subject: bytes | None
    literals: tuple[bytes, ...]
    gaps: tuple[tuple[str, bool], ...]

    def fill(self, to: Address, recipient: Recipient, *, message_id: str, sent_at: datetime) -> bytes:
        """One person's mail, with the line ends of the wire.

        Raises: BadMessage when it cannot be written safely.
        """
        values = {"to": to.text, **recipient.values}
        headers = message.extra_headers(recipient.headers)
        head = (
            f"To: {to.text}\r\nDate: {format_datetime(sent_at)}\r\nMessage-ID: {message_id}\r\n"
            + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        ).encode("utf-8" if to.needs_utf8 else "ascii")
        parts = [b""] * (2 * len(self.gaps) + 1)
        parts[::2] = self.literals
        if self.gaps:
            texts = {name: _value(values, name) for name in {name for name, _is_html in self.gaps}}
            parts[1::2] = [
                _encoded(str(escape(texts[name])) if is_html else texts[name]) for name, is_html in self.gaps
            ]
        data = b"".join((self.fixed, self.subject or self._subject(values), head, *parts))
        if len(data) > message.MAX_BYTES:
            raise BadMessage("unsafe_message")
        return data

    def _subject(self, values: Mapping[str, str]) -> bytes:
        line = _SLOT.sub(lambda found: _value(values, found[1]), self.body.subject)
        return _subject_header(line)


def prepare(body: ReadyBody, sender: Sender, *, probe_at: datetime) -> Prepared:
    """Write everything of a body that is the same for everybody, and check it as any mail is checked.

    Raises: BadMessage when it cannot be written safely.
    """
    origin = message.address(sender.address)
    boundary = f"=_{secrets.token_hex(12)}"  # "=" begins no such pair in quoted-printable text
    fixed = {
        "From": message.header_mailbox(message.neutral(body.sender_name or sender.name, message.MAX_NAME), origin.text),
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{boundary}"',
    }
    if body.reply_to:
        fixed["Reply-To"] = message.address(body.reply_to).text
    fixed.update(message.extra_headers(body.headers))
    pieces: list[bytes] = [f"\r\n--{boundary}\r\n".encode()]
    gaps: list[tuple[str, bool]] = []
    for subtype, text in (("plain", body.text), ("html", body.html)):
        pieces[-1] += (
            f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
        ).encode()
        _write(message.inert(text), subtype == "html", pieces, gaps)
        pieces[-1] += f"\r\n--{boundary}{'--' if subtype == 'html' else ''}\r\n".encode()
    has_gaps = _SLOT.search(body.subject) is not None
    block = "".join(f"{name}: {value}\r\n" for name, value in fixed.items())
    made = Prepared(
        body=body,
        fixed=block.encode("utf-8" if origin.needs_utf8 else "ascii"),
        subject=None if has_gaps else _subject_header(body.subject),
        literals=tuple(pieces),
        gaps=tuple(gaps),
    )
    _probe(made, [*fixed, "Subject", "To", "Date", "Message-ID", *_PROBE.headers], probe_at)
    return made


def _probe(made: Prepared, names: list[str], at: datetime) -> None:
    """Fill it in for nobody and read it as a stranger would; what each person adds is checked value by value."""
    wanted = {name for name, _is_html in made.gaps} | set(_SLOT.findall(made.body.subject))
    values = dict.fromkeys(wanted, "=?utf-8?q?=0D=0ABcc:_x?= .\r\n\r\n--" + "é" * 80)
    person = Recipient(_PROBE.address, values, _PROBE.headers)
    to = message.address(person.address)
    data = made.fill(to, person, message_id="<probe@example.org>", sent_at=at)
    message.check(data, names, to.text)


def _write(text: str, is_html: bool, pieces: list[bytes], gaps: list[tuple[str, bool]]) -> None:
    """Append a text's literals to ``pieces`` and its slots to ``gaps``; a soft break stands around each slot."""
    parts = _SLOT.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    for number, part in enumerate(parts):
        if number % 2:
            gaps.append((part, is_html))
            pieces.append(_SOFT)
            continue
        if number + 1 < len(parts):
            encoded = _quoted(part)
            pieces[-1] += encoded if encoded.endswith(b"\r\n") or not encoded else encoded + _SOFT
        else:
            pieces[-1] += _quoted(part)


def _quoted(text: str) -> bytes:
    """Quoted-printable, with room for a soft break behind the last line."""
    lines = binascii.b2a_qp(text.encode(), istext=True).replace(b"\r\n", b"\n").split(b"\n")
    return b"\r\n".join(line if len(line) <= _LAST else _folded(line) for line in lines)


def _folded(line: bytes) -> bytes:
    """A line that has grown too long: the library counts neither an encoded last space nor what we put behind."""
    cut = _LAST - 3
    while b"=" in line[cut - 2 : cut]:
        cut -= 1
    return line[:cut] + _SOFT + line[cut:]


def _value(values: Mapping[str, str], name: str) -> str:
    """A person's value as one inert line.

    Raises: BadMessage when the room gave none.
    """
    try:
        found = values[name]
    except KeyError:
        raise BadMessage("missing_value") from None
    if _PLAIN.fullmatch(found):
        return found
    line = clean_line(message.UNSAFE.sub(" ", found))
    return line if len(line) <= MAX_VALUE else line[: MAX_VALUE - 1] + "…"


def _encoded(value: str) -> bytes:
    return value.encode() if _PLAIN.fullmatch(value) else _quoted(value)


def _subject_header(line: str) -> bytes:
    value = message.header_text(message.neutral(line, message.MAX_SUBJECT), "Subject")
    return f"Subject: {value}\r\n".encode("ascii")
