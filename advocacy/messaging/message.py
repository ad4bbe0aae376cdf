"""A mail as bytes that say what we mean and nothing else.

The header block is written here and not by the mail library, which (up to Python 3.11.9 and 3.12.4, CVE-2024-6923)
decodes encoded words of a value and writes the line breaks in them as they are. The library writes the parts below.
What was built is read again, and refused when it holds any other header, recipient or line end than meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import MultipartInvariantViolationDefect
from email.header import Header
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import format_datetime

import idna

from advocacy.core.text import clean_line
from advocacy.web.manifest import Content

MAX_SUBJECT = 200
MAX_NAME = 80
MAX_ADDRESS = 254
MAX_BYTES = 5_000_000
_LINE = 998
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_LOCAL = re.compile(rf"\A{_ATOM}(?:\.{_ATOM})*\Z")
UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_EXTRA_NAME = re.compile(r"\A(?:List-[A-Za-z-]{2,30}|X-[A-Za-z-]{2,30}|References|In-Reply-To|Precedence)\Z")
_EXTRA_VALUE = re.compile(r"\A[!-~](?:[ -~]{0,900}[!-~])?\Z")
_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n|\x00")


class BadMessage(Exception):
    """This mail cannot be written safely; the message is one word."""


@dataclass(frozen=True)
class Address:
    """An address ready for an envelope: the domain in ASCII; ``needs_utf8`` when the part before the @ is not."""

    text: str
    needs_utf8: bool


@dataclass(frozen=True)
class Sender:
    """From whom the mail comes."""

    address: str
    name: str


def address(text: str) -> Address:
    """Read a plain address, without name, comment or quotes.

    Raises: BadMessage.
    """
    local, at, domain = text.strip().rpartition("@")
    if not at or not _LOCAL.match(local) or "=?" in local or UNSAFE.search(local) or len(local.encode()) > 64:  # noqa: PLR2004 - RFC 5321
        raise BadMessage("bad_address")
    try:
        ascii_domain = domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise BadMessage("bad_address") from None
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?", ascii_domain) or ".." in ascii_domain:
        raise BadMessage("bad_address")
    found = f"{local}@{ascii_domain}"
    if len(found) > MAX_ADDRESS:
        raise BadMessage("bad_address")
    return Address(found, not local.isascii())


def neutral(text: str, longest: int) -> str:
    """One line for people, in which no mail program finds an encoded word, a line end or a change of direction."""
    line = clean_line(UNSAFE.sub(" ", text)).replace("=?", "= ?")
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def build(content: Content, *, to: Address, sender: Sender, message_id: str, sent_at: datetime) -> bytes:
    """The mail's bytes, with the line ends of the wire (CR LF).

    Raises: BadMessage when it cannot be written safely.
    """
    origin = address(sender.address)
    headers = {
        "From": header_mailbox(neutral(content.sender_name or sender.name, MAX_NAME), origin.text),
        "To": to.text,
        "Subject": header_text(neutral(content.subject, MAX_SUBJECT), "Subject"),
        "Date": format_datetime(sent_at),
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
    }
    if content.reply_to:
        headers["Reply-To"] = address(content.reply_to).text
    headers.update(extra_headers(content.headers))
    body = _body(content)
    block = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    data = block.encode("utf-8" if to.needs_utf8 or origin.needs_utf8 else "ascii", "strict") + body.as_bytes(
        policy=policy.SMTP
    )
    check(data, [*headers, *body.keys()], headers["To"])
    return data


def _body(content: Content) -> EmailMessage:
    body = EmailMessage(policy=policy.SMTP)
    body.set_content(inert(content.text), cte="quoted-printable")
    body.add_alternative(inert(content.html), subtype="html", cte="quoted-printable")
    for name, media_type, data in content.attachments:
        main, _, sub = media_type.partition("/")
        if not re.fullmatch(r"[a-z]{3,20}/[a-z0-9.+-]{2,60}", media_type):
            raise BadMessage("bad_attachment")
        safe_name = _FILE_NAME.sub("-", name).strip("-.")[:80] or "file"
        params = {"charset": "utf-8"} if main == "text" else None
        body.add_attachment(data, maintype=main, subtype=sub, filename=safe_name, params=params)
    return body


def inert(text: str) -> str:
    """Text that every encoding of a part can hold."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def header_text(line: str, name: str) -> str:
    """A neutral line as the value of a header, folded where it must be encoded."""
    if line.isascii() and len(line) + len(name) + 2 <= 76:  # noqa: PLR2004 - fits one line as it is
        return line
    return Header(line, "utf-8", header_name=name, maxlinelen=76).encode(linesep="\r\n")


def header_mailbox(name: str, plain: str) -> str:
    """A neutral name beside an address."""
    if not name:
        return plain
    if name.isascii():
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{plain}>'
    return f"{header_text(name, 'From')} <{plain}>"


def extra_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers that a room may add.

    Raises: BadMessage for others, and for values that are not plain.
    """
    for name, value in headers.items():
        if not _EXTRA_NAME.match(name) or not _EXTRA_VALUE.match(value) or "=?" in value:
            raise BadMessage("bad_header")
    return dict(headers)


def check(data: bytes, names: list[str], to: str) -> None:
    """Refuse bytes that a reader would understand differently than we meant them.

    Raises: BadMessage.
    """
    lines = data.partition(b"\r\n\r\n")[0].split(b"\r\n")
    written = [line.split(b":", 1)[0].decode("ascii", "replace") for line in lines if line[:1] not in b" \t"]
    parsed = BytesHeaderParser(policy=policy.compat32).parsebytes(data)
    # Python before 3.11.4 says so of every multipart whose header alone it was asked to read.
    defects = [defect for defect in parsed.defects if not isinstance(defect, MultipartInvariantViolationDefect)]
    if (
        sorted(written) != sorted(names)
        or sorted(parsed.keys()) != sorted(names)
        or names.count("To") != 1
        or lines.count(b"To: " + to.encode()) != 1
        or defects
        or _BARE.search(data)
        or len(data) > MAX_BYTES
        or any(len(line) > _LINE for line in lines)
    ):
        raise BadMessage("unsafe_message")
