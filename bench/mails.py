"""Mail to many, beside a plain INSERT … SELECT of the same rows and beside bytes that are sent as they are.

``python -m bench.mails [rows] [mails]``, by default 1,000,000 rows queued and 10,000 mails sent to a sink that answers
at once. ``BENCH_DATABASES`` (``sqlite,postgresql``) and ``BENCH_ROUNDS`` (3) as in ``bench``.
"""

from __future__ import annotations

import multiprocessing
import os
import smtplib
import socket
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

from flask import Flask
from sqlalchemy import column, select, table, text

from advocacy.app import create_app
from advocacy.core import crypto, uow
from advocacy.core.db import db
from advocacy.messaging.ready import slot
from advocacy.messaging.services import bulk
from advocacy.web.lots import LotKind, ReadyBody, Recipient
from advocacy.web.manifest import House, MailKind, Manifest
from tests.support import databases
from tests.support.work import run_due

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
WORDS = "The committee hears the bill on Thursday. Please tell your representative why the centre must stay open. " * 12
ACT = "<a href='https://example.org/act'>Write to them</a>"
HTML = f"<html><body><p>Dear {{}},</p><p>{WORDS}</p><p>{ACT}</p></body></html>"
PEOPLE = table("bench_person", column("contact_id"), column("opt_in_id"), column("locale"))
FILL = {
    "sqlite": (
        "INSERT INTO bench_person WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0}) "
        "SELECT i, NULL, 'en' FROM n"
    ),
    "postgresql": "INSERT INTO bench_person SELECT i, NULL, 'en' FROM generate_series(1, {0}) AS i",
}
BARE = {
    "sqlite": "CREATE TABLE bare_mail AS SELECT * FROM mail WHERE false",
    "postgresql": "CREATE TABLE bare_mail (LIKE mail INCLUDING DEFAULTS, PRIMARY KEY (id))",
}


# --- a sink that answers at once ----------------------------------------------------------------------------------


def _serve(listening: socket.socket) -> None:
    while True:
        client, _address = listening.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_talk, args=(client,), daemon=True).start()


def _talk(client: socket.socket) -> None:
    lines = client.makefile("rb")
    client.sendall(b"220 sink\r\n")
    while line := lines.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            client.sendall(b"354 go on\r\n")
            while lines.readline() != b".\r\n":
                pass
        client.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")


@contextmanager
def sink() -> Iterator[int]:
    """The sink in a process of its own; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        process = multiprocessing.get_context("fork").Process(target=_serve, args=(listening,), daemon=True)
        process.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            process.terminate()


def _address(number: int) -> str:
    return f"person{number}@example.org"


def send_each_built(port: int, count: int) -> float:
    """Mails a second when each is built by the library."""
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for number in range(count):
            mail = EmailMessage()
            mail["From"], mail["To"], mail["Subject"] = "no-reply@example.org", _address(number), "The hearing"
            mail["Message-ID"] = f"<{number}@example.org>"
            mail.set_content(f"Dear Person {number},\n\n{WORDS}")
            mail.add_alternative(HTML.format(f"Person {number}"), subtype="html")
            smtp.send_message(mail)
    return count / (time.perf_counter() - began)


def send_ready(port: int, count: int, data: bytes) -> float:
    """Mails a second when their bytes are ready."""
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for number in range(count):
            smtp.sendmail("no-reply@example.org", [_address(number)], data)
    return count / (time.perf_counter() - began)


# --- ours ---------------------------------------------------------------------------------------------------------


def make_app(kind: str, port: int) -> Flask:
    """A house with one kind of mail that goes to many."""
    app = create_app(
        databases.make_settings(
            databases.new_database(kind),
            mail={"transport": "smtp", "host": "127.0.0.1", "port": port, "lot_domain_per_min": 0},
        )
    )
    crypto.data_keys.clear()
    with app.app_context(), uow.unit():
        sealed = crypto.seal("site", _address(0), table="bench", column="address", row="one")

    def people(object_id: int, contact_ids: Sequence[int]) -> dict[int, Recipient]:
        del object_id
        for _number in contact_ids:  # what each address costs to open
            crypto.open_sealed(sealed, table="bench", column="address", row="one")
        return {number: Recipient(_address(number), {"name": f"Person {number}"}) for number in contact_ids}

    body = ReadyBody("The hearing", f"Dear {slot('name')},\n\n{WORDS}", HTML.format(slot("name")))
    kind_of = MailKind(
        "bench.lot",
        lambda _facts: None,
        service_basis="bench",
        lot=LotKind(lambda _id: 1, lambda _id, _to: body, people),
    )
    app.extensions["advocacy.house"] = House(
        (*app.extensions["advocacy.house"].manifests, Manifest(name="bench", mails=[kind_of]))
    )
    return app


def queue(object_id: int, count: int) -> float:
    """Seconds to queue a lot to the first ``count`` people."""
    recipients = select(PEOPLE).where(PEOPLE.c.contact_id <= count)
    began = time.perf_counter()
    with uow.unit():
        made = bulk.queue_lot(
            kind="bench.lot", object_kind="bench", object_id=object_id, coalition_id=None, recipients=recipients
        )
    if made != count:
        sys.exit(f"queued {made}, not {count}")
    return time.perf_counter() - began


def plain(object_id: int) -> float:
    """Seconds of an INSERT … SELECT of the same rows into a table without our indexes."""
    with uow.unit():
        db.session.execute(text(BARE[db.engine.dialect.name]))
    began = time.perf_counter()
    with uow.unit():
        db.session.execute(
            text(
                "INSERT INTO bare_mail SELECT * FROM mail WHERE lot_id = "
                "(SELECT id FROM mail_lot WHERE object_id = :object_id)"
            ),
            {"object_id": object_id},
        )
    took = time.perf_counter() - began
    with uow.unit():
        db.session.execute(text("DROP TABLE bare_mail"))
    return took


def _rss_kib() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def bench(kind: str, rows: int, mails: int) -> None:
    """Measure one database and print it."""
    with sink() as port:
        app = make_app(kind, port)
        with app.app_context():
            with uow.unit():
                db.session.execute(text("CREATE TABLE bench_person (contact_id BIGINT, opt_in_id BIGINT, locale TEXT)"))
                db.session.execute(text(FILL[kind].format(max(rows, mails))))
            _bench_sending(app, port, mails)
            _bench_queueing(rows)


def _bench_queueing(rows: int) -> None:
    ours, bare = [], []
    for number in range(ROUNDS):
        ours.append(queue(1000 + number, rows))
        bare.append(plain(1000 + number))
    took, plain_took = statistics.median(ours), statistics.median(bare)
    print(f"  {rows:,} mails queued in {took:.1f} s, plain INSERT … SELECT {plain_took:.1f} s", flush=True)
    print(f"  {'queue / plain INSERT … SELECT (aim at most 3)':58}{took / plain_took:7.2f}", flush=True)


def _bench_sending(app: Flask, port: int, mails: int) -> None:
    ours, ready_rates, built_rates, memory = [], [], [], []
    data = (
        "From: <no-reply@example.org>\r\nTo: <person@example.org>\r\nSubject: The hearing\r\n\r\n" + WORDS + HTML
    ).encode()
    for number in range(ROUNDS):
        queue(number + 1, mails)
        began = time.perf_counter()
        run_due(app)
        ours.append(mails / (time.perf_counter() - began))
        memory.append(_rss_kib())
        with uow.reading():
            counts = bulk.lot_counts("bench.lot", "bench", number + 1)
        if counts.sent != mails:
            sys.exit(f"sent {counts.sent}, not {mails}")
        ready_rates.append(send_ready(port, mails, data))
        built_rates.append(send_each_built(port, mails // 4))
    rate, ready_rate, built = (statistics.median(each) for each in (ours, ready_rates, built_rates))
    print(f"  mails a second: {rate:,.0f}; ready bytes {ready_rate:,.0f}; an EmailMessage each {built:,.0f}")
    print(f"  {'sending / ready bytes on one connection (aim 0.6)':58}{rate / ready_rate:7.2f}")
    print(f"  {'sending / an EmailMessage each (aim 2.5)':58}{rate / built:7.2f}")
    print(f"  {'memory after the last / the first round (aim 1.0)':58}{memory[-1] / memory[0]:7.2f}", flush=True)


def main() -> None:
    """Run what was asked for."""
    sizes = [int(each) for each in sys.argv[1:]]
    rows, mails = [*sizes, *(1_000_000, 10_000)[len(sizes) :]]
    for kind in os.environ.get("BENCH_DATABASES", "sqlite,postgresql").split(","):
        print(kind, flush=True)
        bench(kind, rows, mails)


if __name__ == "__main__":
    main()
