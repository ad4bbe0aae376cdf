"""A body written once and filled in for each says the same as one built for each, and nothing else (I-04)."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from flask import Flask
from jinja2 import BaseLoader, ChoiceLoader, DictLoader
from markupsafe import escape

from advocacy.messaging import message, ready, render
from advocacy.messaging.message import BadMessage, Sender
from advocacy.web.lots import ReadyBody, Recipient
from tests.messaging.test_message import HOSTILE

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SENDER = Sender("no-reply@example.org", "Advocacy")
SLOT = ready.slot("name")
EXPECTED = [
    "From", "Auto-Submitted", "MIME-Version", "Content-Type", "Subject", "To", "Date", "Message-ID",
]  # fmt: skip


def body(subject: str = f"For {SLOT}", text: str = f"Dear {SLOT},\nnews.\n", html: str = "") -> ReadyBody:
    return ReadyBody(subject, text, html or f'<p title="{SLOT}">Dear {SLOT}</p>')


def fill(made: ReadyBody, **values: str) -> bytes:
    prepared = ready.prepare(made, SENDER, probe_at=NOW)
    to = message.address("zoe@example.org")
    return prepared.fill(to, Recipient(to.text, values), message_id="<a@example.org>", sent_at=NOW)


def parsed(data: bytes) -> EmailMessage:
    return cast("EmailMessage", message_from_bytes(data, policy=policy.default))


def names(data: bytes) -> list[str]:
    lines = data.partition(b"\r\n\r\n")[0].split(b"\r\n")
    return [line.split(b":", 1)[0].decode() for line in lines if line[:1] not in b" \t"]


def part(data: bytes, subtype: str) -> str:
    found = parsed(data).get_body(preferencelist=(subtype,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("value", HOSTILE)
def test_i04_hostile_value_adds_no_header_part_or_line(value: str) -> None:
    data = fill(body(), name=value)
    assert sorted(names(data)) == sorted(EXPECTED)
    assert sorted(parsed(data).keys()) == sorted(EXPECTED)
    assert [each.get_content_type() for each in parsed(data).walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    assert max(map(len, data.split(b"\r\n"))) <= 78
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|\x00", data)
    assert part(data, "plain").count("\n") == 2
    assert "<script" not in part(data, "html")
    assert parsed(data)["Subject"].startswith("For")


@pytest.mark.parametrize("name", ["subject", "text", "html", "sender_name"])
@pytest.mark.parametrize("value", HOSTILE[:12])
def test_i04_hostile_text_of_the_room_adds_no_header(name: str, value: str) -> None:
    made = {"subject": "News", "text": "News", "html": "<p>News</p>", "sender_name": "We", name: value}
    data = fill(ReadyBody(**made))
    assert sorted(names(data)) == sorted(EXPECTED)


def test_filled_body_reads_as_meant_whatever_the_values_length_is() -> None:
    chance = random.Random(5)
    alphabet = "abc =.é€😀-_?<&>\"'"
    for length in range(170):
        value = "".join(chance.choice(alphabet) for _ in range(length)).strip() + "x"
        value = re.sub(r"\s+", " ", value)
        before = "".join(chance.choice(alphabet + "\n") for _ in range(length))
        text = f"{before}{SLOT}\n{SLOT}{SLOT} {SLOT}"
        made = body("s", text, f"<p>{SLOT}</p>")
        data = fill(made, name=value)
        assert part(data, "plain") == text.replace(SLOT, value) or part(data, "plain").rstrip("\n") == text.replace(
            SLOT, value
        )
        assert max(len(line) for line in data.split(b"\r\n\r\n", 1)[1].split(b"\r\n")) <= 76
        assert ready.filled(made, {"name": value})[1] == text.replace(SLOT, value)


def test_value_in_html_is_escaped_and_in_text_is_not() -> None:
    data = fill(body(), name='<b a="1">&')
    assert part(data, "plain").startswith('Dear <b a="1">&,')
    assert 'title="&lt;b a=&#34;1&#34;&gt;&amp;"' in part(data, "html")


def test_subject_is_encoded_for_each_person() -> None:
    assert parsed(fill(body(), name="Zoë " * 30))["Subject"].startswith("For Zoë Zoë")
    assert parsed(fill(body("Ärger"), name="x"))["Subject"] == "Ärger"


@pytest.mark.parametrize(
    ("headers", "reason"),
    [({"Bcc": "a@b.de"}, "bad_header"), ({"List-Unsubscribe": "<https://a>\r\nBcc: x@y.z"}, "bad_header")],
)
def test_i04_headers_of_a_person_are_checked_each_time(headers: dict[str, str], reason: str) -> None:
    prepared = ready.prepare(body(), SENDER, probe_at=NOW)
    to = message.address("zoe@example.org")
    with pytest.raises(BadMessage, match=reason):
        prepared.fill(to, Recipient(to.text, {"name": "x"}, headers), message_id="<a@example.org>", sent_at=NOW)
    with pytest.raises(BadMessage, match="missing_value"):
        prepared.fill(to, Recipient(to.text), message_id="<a@example.org>", sent_at=NOW)


def test_slot_survives_templates_and_the_style_sheet(app: Flask) -> None:
    known = {
        "room/emails/news/subject.txt": "News for {{ name }}",
        "room/emails/news/body.txt": "Dear {{ name }},\nleave: {{ unsubscribe_url }}",
        "room/emails/news/body.html": (
            "<html><head><style>a { color: red }</style></head><body><h1>{{ title }}</h1>"
            '<p>Dear {{ name }}</p><a href="{{ unsubscribe_url }}">leave</a></body></html>'
        ),
    }
    app.jinja_env.loader = ChoiceLoader([DictLoader(known), cast("BaseLoader", app.jinja_env.loader)])
    made = render.ready_body("room/emails/news", slots=("name",), locale="de", title="<x>")
    url = "https://example.org/u/abc?x=1&y=%20"
    data = fill(made, name="Zoë", unsubscribe_url=url)
    assert parsed(data)["Subject"] == "News for Zoë"
    assert part(data, "plain") == f"Dear Zoë,\nleave: {url}\n"
    assert f'href="{escape(url)}"' in part(data, "html")
    assert 'style="color: red' in part(data, "html")
    assert "&lt;x&gt;" in part(data, "html")
