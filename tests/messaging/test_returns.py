"""What comes back of mail: read without trust, counted, and no more is written where it can do no good."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import dkim
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from advocacy.core import clock, uow
from advocacy.messaging import permission, queries, return_views, returns, signing
from advocacy.messaging.commands import mail_group
from advocacy.messaging.models import MailState
from advocacy.messaging.services import returning, suppressing
from advocacy.messaging.services.returning import Event
from advocacy.messaging.suppression_models import ReturnKind
from tests.messaging.conftest import Room, mail, queue
from tests.support.smtp_sink import SmtpSink
from tests.support.work import run_due

ZOE = "zoe@example.org"
KEY = "k" * 40
BOUNCES = pytest.mark.settings(mail={"bounce_address": "bounces@site.example", "events_key": KEY})


def report(*, to: str = "x@site.example", status: str = "5.1.1", message_id: str = "", text_only: bool = True) -> bytes:
    """A returned mail as a mail server writes it (RFC 3464)."""
    original = f"Message-ID: {message_id}\r\nFrom: a@site.example\r\nSubject: Hello\r\n"
    kind = "text/rfc822-headers" if text_only else "message/rfc822"
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; victim@example.org\r\nAction: failed\r\nStatus: {status}\r\n"
        f"--b\r\nContent-Type: {kind}\r\n\r\n{original}{'' if text_only else chr(13) + chr(10) + 'Hi'}\r\n--b--\r\n"
    ).encode()


def complaint(message_id: str, feedback: str = "abuse") -> bytes:
    """A feedback report (RFC 5965)."""
    return (
        "From: fbl@mx.example\r\nTo: x@site.example\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nA complaint.\r\n"
        f"--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: {feedback}\r\nVersion: 1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {message_id}\r\nSubject: Hello\r\n\r\nHi\r\n--b--\r\n"
    ).encode()


def take(data: bytes) -> bool:
    with uow.unit():
        return returning.take_message(data)


def why(address: str = ZOE, **facts: object) -> str | None:
    with uow.reading():
        return suppressing.is_suppressed(address, **facts)


@BOUNCES
@pytest.mark.both_databases
def test_hard_bounce_named_by_its_own_address_ends_mail_but_what_is_asked_for(app: Flask, sink: SmtpSink) -> None:
    sent = queue()
    run_due(app)
    (received,) = sink.messages
    token = permission.bounce_token(mail(sent).public_id)
    assert received.sender == f"bounces+{token}@site.example"
    assert take(report(to=received.sender))
    assert not take(report(to="bounces+" + "A" * 34 + "@site.example"))
    assert not take(report(to=f"bounces+{token[:-1]}{'A' if token[-1] != 'A' else 'B'}@site.example"))
    assert (why(), why("victim@example.org")) == ("hard_bounce", None)
    assert why(is_service=True) == "hard_bounce"
    assert why(is_service=True, is_asked_for=True) is None
    again = queue()
    run_due(app)
    assert (mail(again).state, mail(again).last_reason) == (MailState.SUPPRESSED, "hard_bounce")
    with uow.reading():
        assert queries.returned([sent]) == {sent: "hard_bounce 5.1.1"}


def test_soft_bounce_is_counted_only_and_a_complaint_holds_for_who_wrote(app: Flask, sink: SmtpSink) -> None:
    sent = queue(coalition_id=None)
    run_due(app)
    message_id = mail(sent).message_id
    assert take(report(status="4.2.2", message_id=message_id, text_only=False))
    assert take(report(status="4.2.2", message_id=message_id))
    assert take(complaint(message_id, "not-spam")) is False
    with uow.reading():
        assert queries.returned([sent]) == {sent: "soft_bounce 4.2.2 (2)"}
    assert why() is None
    assert take(complaint(message_id))
    assert (why(), why(is_service=True)) == ("complaint", None)


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.1.10", "5.2.1", "5.4.4", "5.0.0"])
def test_a_mailbox_that_is_gone_is_a_hard_bounce(status: str) -> None:
    assert returns.kind_of_status(status) == (ReturnKind.HARD_BOUNCE, status)


@pytest.mark.parametrize("status", ["5.2.2", "5.7.1", "5.7.26", "5.3.4", "5.4.7", "5.1.7", "5.1.8", "5.6.0"])
def test_a_full_mailbox_or_a_server_that_dislikes_ours_is_none(status: str) -> None:
    assert returns.kind_of_status(status) == (ReturnKind.SOFT_BOUNCE, status)


@BOUNCES
def test_a_server_that_refuses_us_for_a_while_ends_nobodys_mail(app: Flask, sink: SmtpSink) -> None:
    sent = queue()
    run_due(app)
    assert take(report(status="5.7.1", message_id=mail(sent).message_id))
    assert (why(), why(is_service=True)) == (None, None)


@given(st.binary(max_size=400))
def test_hostile_bytes_are_no_report(data: bytes) -> None:
    returns.read(data)
    returns.read(report() + data)
    returns.read(report().replace(b"Sorry", data))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"a" * 2_000_000,
        b'Content-Type: multipart/report; boundary="b"\r\n\r\n' + b"--b\r\nContent-Type: message/rfc822\r\n\r\n" * 3000,
        report().replace(b"5.1.1", b"9.9.9"),
        report().replace(b"5.1.1", b"5" * 100_000),
        report().replace(b"Status: 5.1.1", b"Status: =?utf-8?b?DQpCY2M6IHg=?="),
        report().replace(b"multipart/report", b"multipart/mixed"),
    ],
    ids=range(8),
)
def test_odd_reports_say_nothing(app: Flask, data: bytes) -> None:
    assert take(data) is False


def test_mail_bounce_reads_standard_input(app: Flask, sink: SmtpSink) -> None:
    sent = queue()
    run_due(app)
    data = report(message_id=mail(sent).message_id)
    found = CliRunner().invoke(mail_group, ["bounce"], input=data, obj=lambda with_keys=True: app)
    assert (found.exit_code, found.output) == (0, "taken\n"), found.output
    assert why() == "hard_bounce"


def post(client: FlaskClient, payload: object, *, key: str = KEY, age_s: int = 0) -> object:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    at = int(clock.now().timestamp()) - age_s
    headers = {return_views.HEADER: return_views.signature(body, key.encode(), at)}
    return client.post("/mail/events", data=body, headers=headers, content_type="application/json")


@BOUNCES
def test_signed_events_are_taken_in_and_told_twice_they_count_once(app: Flask, sink: SmtpSink) -> None:
    sent = queue()
    run_due(app)
    client, message_id, at = app.test_client(), mail(sent).message_id, (clock.now() - timedelta(1)).isoformat()
    events = [
        {"type": "bounce", "message_id": message_id, "status": "4.7.1", "at": at},
        {"type": "delivered", "message_id": message_id, "at": at},
        {"type": "bounce", "address": "Gone@Example.org", "status": "5.1.1"},
        {"type": "bounce", "message_id": "<" + "A" * 22 + "@x>", "status": "5.1.1", "address": "safe@example.org"},
        {"type": "opened", "message_id": message_id},
        {"type": ["x"], "at": 7},
        "x",
        None,
    ]
    for _ in range(2):
        answer = post(client, {"events": events})
        assert (answer.status_code, answer.json) == (200, {"taken": 3, "ignored": 5})
    with uow.reading():
        assert queries.returned([sent]) == {sent: "soft_bounce 4.7.1, delivered"}
    assert (why("gone@example.org"), why(ZOE), why("safe@example.org")) == ("hard_bounce", None, None)


@BOUNCES
def test_unsigned_old_and_odd_events_are_refused(app: Flask) -> None:
    client = app.test_client()
    assert post(client, {"events": []}, key="other" * 10).status_code == 403
    assert post(client, {"events": []}, age_s=301).status_code == 403
    assert client.post("/mail/events", data=b"{}").status_code == 403
    for header in ("", "t=", "t=\u0661,v1=x", "t=" + "9" * 400, "t=-1,v1=", "é"):
        answer = client.post(
            "/mail/events", data=b"{}", headers={return_views.HEADER: header.encode().decode("latin-1")}
        )
        assert answer.status_code == 403, header
    for body in (
        b"",
        b"[]",
        b"{}",
        b'{"events": 1}',
        b"\xff",
        b"[" * 100_000,
        json.dumps({"events": [0] * 501}).encode(),
    ):
        assert post(client, body).status_code == 422, body[:20]
    assert (
        post(
            client, {"events": [{"type": "bounce", "address": "a\x00b", "at": "9999-12-31T23:59:59-23:59"}]}
        ).status_code
        == 200
    )


@BOUNCES
@pytest.mark.both_databases
def test_an_event_that_names_no_mail_costs_the_others_nothing(app: Flask) -> None:
    odd = [{"type": "bounce", "message_id": f"<{text}@x>", "status": "5.1.1"} for text in ("A\x00" * 11, "\ud800" * 22)]
    gone = {"type": "bounce", "address": "gone@example.org", "status": "5.1.1"}
    answer = post(app.test_client(), {"events": [*odd, gone]})
    assert (answer.status_code, answer.json) == (200, {"taken": 1, "ignored": 2})


def test_without_a_key_the_door_is_shut(app: Flask) -> None:
    assert post(app.test_client(), {"events": []}).status_code == 404


def test_event_of_the_future_counts_now(app: Flask, sink: SmtpSink) -> None:
    sent = queue()
    run_due(app)
    event = Event(ReturnKind.SOFT_BOUNCE, "4.0.0", mail(sent).message_id, at=datetime(2099, 1, 1, tzinfo=UTC))
    with uow.unit():
        assert returning.take_event(event)


@pytest.fixture(scope="session")
def dkim_key(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, bytes]:
    """A key file, and its other half as the DNS holds it."""
    key = rsa.generate_private_key(65537, 2048)
    path = tmp_path_factory.mktemp("dkim") / "key.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return str(path), b"v=DKIM1; k=rsa; p=" + b64encode(public)


def test_c07_dkim_signs_what_stops_the_mail(
    app: Flask, room: Room, sink: SmtpSink, dkim_key: tuple[str, bytes]
) -> None:
    path, record = dkim_key
    settings = app.extensions["advocacy.settings"].mail.model_copy(
        update={"dkim_domain": "site.example", "dkim_selector": "a", "dkim_key_file": path}
    )
    app.extensions["advocacy.mail_signer"] = signing.signer_of(settings)
    room.subject = "Zoë"
    room.more = {"headers": dict(permission.list_headers(permission.links_of("A" * 22)))}
    queue()
    run_due(app)
    (received,) = sink.messages
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record

    assert dkim.verify(received.data, dnsfunc=dns)
    assert asked == [b"a._domainkey.site.example."]
    signed = "".join(received.header("DKIM-Signature").split()).casefold()
    assert ":list-unsubscribe:list-unsubscribe-post" in signed
    assert received.header_names[0] == "DKIM-Signature"
    assert not dkim.verify(received.data.replace(b"List-Unsubscribe: <http", b"List-Unsubscribe: <xttp"), dnsfunc=dns)
