"""Bodies: whole or refused, in time, and never in the way of others."""

from __future__ import annotations

import gc
import io
import socket
import sys
import threading
import time
import weakref

import pytest

from advocacy.app import create_app
from advocacy.core.db import db
from advocacy.web import bodies
from advocacy.web.bodies import BodyGate
from tests.support import databases


def inner(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [])
    return [body]


def gate(**options) -> BodyGate:
    return BodyGate(inner, **({"threads": 512, "max_bytes": 1000, "port": 1} | options))


def ask(app: BodyGate, body: bytes | io.RawIOBase, length: str) -> tuple[str, bytes]:
    said = []
    stream = io.BytesIO(body) if isinstance(body, bytes) else body
    environ = {"CONTENT_LENGTH": length, "wsgi.input": stream, "REMOTE_ADDR": "127.0.0.1"}
    answer = b"".join(app(environ, lambda status, headers: said.append((status, dict(headers)))))
    return said[0][0], answer


def test_body_that_is_whole_passes():
    assert ask(gate(), b"a=b", "3") == ("200 OK", b"a=b")


def test_body_that_broke_off_is_refused():
    assert ask(gate(), b"a=b", "10")[0] == "400 Bad Request"


@pytest.mark.parametrize("length", ["", "0", "nonsense", "-1", "²"])
def test_body_without_a_usable_length_is_left_to_the_application(length):
    assert ask(gate(), b"", length) == ("200 OK", b"")


def test_body_above_the_limit_is_not_read_here():
    stream = io.BytesIO(b"x" * 2000)
    with_limit = gate()
    with_limit._read = lambda *args: pytest.fail("read")
    assert ask(with_limit, stream, "2000")[0] == "200 OK"


def test_watch_over_bodies_ends_with_its_gate():
    before = set(threading.enumerate())
    app = gate()
    ask(app, b"a=b", "3")
    watching = [thread for thread in set(threading.enumerate()) - before if thread.name == "bodies"]
    assert len(watching) == (1 if sys.platform == "linux" else 0)
    gone = weakref.ref(app)
    del app
    gc.collect()
    assert gone() is None
    for thread in watching:
        thread.join(5)
    assert not any(thread.is_alive() for thread in watching)


def test_application_that_took_a_body_is_gone_when_nobody_holds_it():
    made = create_app(databases.make_settings(databases.new_sqlite()))
    assert made.test_client().post("/sign-in", data={"email": "a@b.example"}).status_code < 500
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    gone = weakref.ref(made)
    del made
    until = time.monotonic() + 5
    while gone() is not None and time.monotonic() < until:
        time.sleep(0.1)
        gc.collect()
    assert gone() is None


class Stuck(io.RawIOBase):
    def __init__(self) -> None:
        self.go_on = threading.Event()

    def read(self, size: int = -1) -> bytes:
        self.go_on.wait(30)
        return b"abc"


def test_body_when_too_many_are_slow_is_put_off_and_others_pass(monkeypatch):
    monkeypatch.setattr(bodies, "WAIT_S", 0.05)
    app = gate(threads=10)
    stuck = [Stuck() for _ in range(4)]
    threads = [threading.Thread(target=ask, args=(app, one, "3")) for one in stuck]
    for thread in threads:
        thread.start()
    while len(app._reading) < 4:
        time.sleep(0.01)
    assert ask(app, b"abc", "3")[0] == "503 Service Unavailable"
    assert ask(app, b"", "0")[0] == "200 OK"
    for one in stuck:
        one.go_on.set()
    for thread in threads:
        thread.join()
    assert ask(app, b"abc", "3")[0] == "200 OK"


@pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="Linux only")
def test_late_body_is_cut_off_and_other_connections_live(monkeypatch):
    monkeypatch.setattr(bodies, "PATIENCE_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_server(("127.0.0.1", 0)) as database:
        port = server.getsockname()[1]
        slow, held = socket.create_connection(("127.0.0.1", port)), server.accept()[0]
        ours, theirs = socket.create_connection(database.getsockname()), database.accept()[0]
        time.sleep(0.5)
        quick, fresh = socket.create_connection(("127.0.0.1", port)), server.accept()[0]
        with slow, held, ours, theirs, quick, fresh:
            assert bodies._cut({"127.0.0.1"}, port) == 1
            assert held.recv(1) == b""
            quick.sendall(b"x")
            assert fresh.recv(1) == b"x"
            ours.sendall(b"x")
            assert theirs.recv(1) == b"x"
