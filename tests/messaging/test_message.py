"""I-04: no value that reaches a mail can add a header, a recipient or a part; this Python is not patched for us."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from advocacy.messaging import message
from advocacy.messaging.message import BadMessage, Sender
from advocacy.web.manifest import Content
from tests.messaging.conftest import Room, mail, queue
from tests.support.smtp_sink import SmtpSink
from tests.support.work import run_due

HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
HOSTILE = [
    "=?utf-8?b?DQpCY2M6IHg=?=",
    "=?utf-8?q?=0d=0aBcc:_victim@example.org?=",
    "=?utf-8?q?=0D=0A=0D=0Abody?=",
    "a=?utf-8?b?DQpCY2M6IHg=?= =?utf-8?b?DQpCY2M6IHg=?=",
    "= ?utf-8?b?DQpCY2M6IHg=?=",
    "=?utf-8?b?\r\n DQpCY2M6IHg=?=",
    "=?UTF-8*en?B?DQpCY2M6IHg=?=",
    "x\r\nBcc: victim@example.org",
    "x\nBcc: victim@example.org",
    "x\rBcc: victim@example.org",
    "x\r\n\r\nbody",
    "x\x0bBcc: v@example.org\x0cBcc: v@example.org",
    "x\x85Bcc: v@example.org\u2028Bcc: v@example.org\u2029Bcc: v@example.org",
    "x\x00Bcc: v@example.org",
    "x\x1c\x1d\x1eBcc: v@example.org",
    '"\\" <v@example.org>, "',
    "<v@example.org>",
    "a, b; c: d",
    "\u202egro.elpmaxe@v\u202c \u2066x\u2069",
    "\ud800\udfff",
    "Zoë 日本語 العربية " * 40,
    "x" * 10_000,
    ("x" * 75 + " ") * 100,
    "=" * 300 + "?" * 300,
    "",
    " \t ",
]


def build(content: Content, sender_name: str = "Site", to: str = "zoe@example.org") -> bytes:
    return message.build(
        content,
        to=message.address(to),
        sender=Sender("no-reply@example.org", sender_name),
        message_id="<" + "i" * 22 + "@" + "h" * 60 + ".example.org>",
        sent_at=datetime(2027, 1, 2, tzinfo=UTC),
    )


def judge(data: bytes, names: list[str] = HEADERS, to: str = "zoe@example.org") -> None:
    """Read the bytes as a mail server would, without our code."""
    block, _, body = data.partition(b"\r\n\r\n")
    lines = block.split(b"\r\n")
    assert [line.split(b":")[0].decode() for line in lines if line[:1] not in b" \t"] == names
    assert all(len(line) < 300 for line in lines)
    assert b"\n" not in block.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\x00" not in data
    assert all(len(line) <= 998 for line in body.split(b"\r\n"))
    read = message_from_bytes(data, policy=policy.compat32)
    assert list(read.keys()) == names
    assert read.get_all("To") == [to]
    assert read["From"].split()[-1].strip("<>").startswith("no-reply@")
    assert not read.defects
    parts = read.get_payload()
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    relayed = message_from_bytes(data, policy=policy.default).as_bytes()  # a relay in Python, not patched either
    assert list(message_from_bytes(relayed, policy=policy.compat32).keys()) == names


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("field", ["subject", "sender", "text", "html"])
def test_i04_build_with_hostile_value_holds_the_expected_headers_only(field: str, value: str) -> None:
    content = Content(
        to="",
        subject=value if field == "subject" else "Hello",
        text=value if field == "text" else "Hello\n",
        html=value if field == "html" else "<p>Hello</p>",
        sender_name=value if field == "sender" else None,
    )
    judge(build(content))


@given(st.text(max_size=300), st.text(max_size=120))
def test_i04_build_with_any_text_holds_the_expected_headers_only(subject: str, name: str) -> None:
    judge(build(Content(to="", subject=subject, text=subject, html=subject, sender_name=name)))


@pytest.mark.parametrize("value", HOSTILE)
def test_i04_received_mail_has_one_recipient_and_the_expected_headers(
    app: Flask, room: Room, sink: SmtpSink, value: str
) -> None:
    room.subject, room.text, room.html, room.more = value, value, value, {"sender_name": value}
    queue()
    run_due(app)
    (received,) = sink.messages
    assert received.header_names == HEADERS
    assert received.recipients == ("zoe@example.org",)
    judge(received.data)


@pytest.mark.parametrize(
    "headers",
    [
        {"Bcc": "x@example.org"},
        {"To": "x@example.org"},
        {"List-Unsubscribe": "<https://x/>\r\nBcc: x"},
        {"List-Unsubscribe": "=?utf-8?b?DQpCY2M6IHg=?="},
        {"List-Unsubscribe": ""},
        {"X-A\r\nBcc": "x"},
        {"List-Unsubscribe": "<https://example.org/é>"},
    ],
)
def test_i04_build_with_hostile_extra_header_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(BadMessage):
        build(Content(to="", subject="a", text="a", html="a", headers=headers))


def test_build_with_long_unsubscribe_link_keeps_it_whole() -> None:
    link = "<https://example.org/unsubscribe/" + "t" * 300 + ">"
    data = build(Content(to="", subject="a", text="a", html="a", headers={"List-Unsubscribe": link}))
    assert f"\r\nList-Unsubscribe: {link}\r\n".encode() in data


@pytest.mark.parametrize(
    "value",
    [
        "a\r\nb",
        "=?utf-8?b?DQo=?=@example.org",
        "<a@example.org>",
        "a@b@c",
        "a b@example.org",
        "a,b@example.org",
        "@example.org",
        "a@",
        "a@-x.org",
        "a@x..org",
        "a@x.org>",
        "é" * 40 + "@x.org",
        "a@" + "x" * 300,
    ],
)
def test_i04_address_that_is_no_plain_address_is_refused(value: str) -> None:
    with pytest.raises(BadMessage):
        message.address(value)
    with pytest.raises(BadMessage):
        build(Content(to="", subject="a", text="a", html="a", reply_to=value))


def test_build_with_attachment_keeps_its_name_harmless() -> None:
    names = ["../../etc/passwd", "a\r\nX: y.txt", '=?utf-8?b?DQo=?=".csv', ""]
    content = Content(
        to="", subject="a", text="a", html="a", attachments=[(name, "text/csv", b"x\x00\r\ny") for name in names]
    )
    read = message_from_bytes(build(content), policy=policy.default)
    assert [part.get_filename() for part in read.iter_attachments()] == [
        "etc-passwd",
        "a-X-y.txt",
        "utf-8-b-DQo-.csv",
        "file",
    ]
    assert all(
        part.get_content() == "x\x00\r\ny" for part in read.iter_attachments() if isinstance(part.get_content(), str)
    )


def test_subject_and_name_beyond_ascii_arrive_as_they_were(app: Flask, room: Room, sink: SmtpSink) -> None:
    room.subject, room.more = "Réunion — 日本語", {"sender_name": 'Koalition "Für alle"'}
    found = queue()
    run_due(app)
    (received,) = sink.messages
    assert received.subject == "Réunion — 日本語"
    assert received.header("From") == 'Koalition "Für alle" <no-reply@localhost.localdomain>'
    assert mail(found).last_code == 250


FIELDS = ("subject", "sender", "site", "reply_to", "to", "file", "List-Unsubscribe", "List-Id", "X-Note")


@pytest.mark.parametrize("field", FIELDS)
def test_i04_every_header_of_every_part_is_an_expected_one_for_every_hostile_value(field: str) -> None:
    """Values that cannot be told safely are refused; nothing else is ever added, whatever this Python does."""
    for value in HOSTILE:
        content = Content(
            to="",
            subject=value if field == "subject" else "Hello",
            text="Hello\n",
            html="<p>Hello</p>",
            sender_name=value if field == "sender" else None,
            reply_to=value if field == "reply_to" else "reply@example.org",
            headers={field: value} if "-" in field else {},
            attachments=[(value, "text/csv", b"a")] if field == "file" else (),
        )
        try:
            data = build(content, value if field == "site" else "Site", value if field == "to" else "zoe@example.org")
        except BadMessage:
            assert field in {"reply_to", "to"} or "-" in field
            continue
        read = message_from_bytes(data, policy=policy.compat32)
        added = ["Reply-To"] if content.reply_to else []
        expected = [*HEADERS[:6], *added, *content.headers, *HEADERS[6:]]
        block = data.partition(b"\r\n\r\n")[0].split(b"\r\n")
        assert [line.split(b":")[0].decode() for line in block if line[:1] not in b" \t"] == expected
        assert list(read.keys()) == expected
        inner = {name for part in list(read.walk())[1:] for name in part.keys()}  # noqa: SIM118 - a message is no dict
        assert inner <= {"Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "MIME-Version"}
        assert read.get_all("To") == ["zoe@example.org"]
