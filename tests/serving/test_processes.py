"""The processes of ``advocacy serve``: they start, watch each other, and end together."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable

import pytest
import requests

from tests.support.servers import Server, is_running, run


def until(condition: Callable[[], bool], within_s: float = 60) -> None:
    end = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def answers(server: Server) -> bool:
    try:
        return requests.get(f"{server.url}/healthz", timeout=2).ok
    except requests.RequestException:
        return False


@pytest.mark.both_databases
def test_serve_says_its_url_and_r37_ends_in_order(database_url):
    with Server(database_url) as server:
        until(lambda: "worker_ready" in server.log)
        until(lambda: f"Advocacy is at http://localhost:{server.port}" in server.log)
        until(lambda: "advocacy user setup-link" in server.log)  # N-12: nobody has an account yet
        response = requests.get(f"{server.url}/healthz", timeout=5)
        assert response.headers["Server"] == "web"  # W-06: neither program nor version
        assert requests.get(f"{server.url}/nowhere", timeout=5).headers["Server"] == "web"
        everybody = server.processes()
        assert len(everybody) == 4  # the supervisor, the web server, its process, the worker
        assert server.term() == 0
        until(lambda: not any(is_running(pid) for pid in everybody), 5)
        assert '"drained": true' in server.log
        assert "Traceback" not in server.log


def test_serve_without_worker_starts_none(database_url):
    with Server(database_url, "--no-worker", "--workers", "2") as server:
        until(lambda: len(server.processes()) == 4)  # the supervisor, the web server, two processes
        assert "worker_ready" not in server.log


def test_r37_request_in_progress_when_terminated_is_answered(database_url):
    with Server(database_url) as server:
        body = b"email=nobody%40example.org&password=wrong"
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
            head = f"POST /sign-in HTTP/1.1\r\nHost: localhost:{server.port}\r\nContent-Length: {len(body)}\r\n"
            client.sendall(head.encode() + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + body[:10])
            time.sleep(0.5)
            server.process.terminate()
            time.sleep(1)
            client.sendall(body[10:])
            answer = client.recv(1000)
        assert answer.startswith(b"HTTP/1.1 ")
        assert b" 503 " not in answer.splitlines()[0]
        assert server.process.wait(40) == 0


def test_children_that_die_are_started_again(database_url):
    with Server(database_url) as server:
        until(lambda: "worker_ready" in server.log)
        before = set(server.processes()) - {server.pid}
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        until(lambda: not before & set(server.processes()) and answers(server))
        until(lambda: server.log.count("worker_ready") == 2)


def test_children_when_their_parent_is_killed_end_too_and_a_new_start_works(database_url):
    with Server(database_url) as server:
        until(lambda: "worker_ready" in server.log)
        children = server.processes()[1:]
        os.kill(server.pid, signal.SIGKILL)
        server.process.wait()
        until(lambda: not any(is_running(pid) for pid in children), 10)
        server.start()
        assert answers(server)


def test_kill9_of_everything_and_a_new_start_at_once_works(database_url):
    with Server(database_url) as server:
        server.kill9()
        began = time.monotonic()
        server.start()
        assert answers(server)
        assert time.monotonic() - began < 60


def test_worker_alone_works_and_ends_in_order(database_url):
    with Server(database_url, command="worker") as worker:
        assert worker.term() == 0


def test_port_flows_into_the_settings_of_every_process(database_url):
    with Server(database_url, "--no-worker") as server:
        page = requests.get(f"{server.url}/", timeout=10)
        assert page.ok
        assert page.url.startswith(server.url)


def test_r31_slow_headers_and_slow_bodies_do_not_stop_the_house(database_url):
    """300 of each for 12 s in the long form; here fewer and shorter."""
    is_long = bool(os.environ.get("ADVOCACY_TEST_LONG"))
    count, seconds = (300, 12.0) if is_long else (120, 5.0)
    threads = "512" if is_long else "100"
    with Server(database_url, "--no-worker", env={"SERVER__THREADS": threads}) as server:
        crowd = [_slow(server, kind) for kind in ("header", "body") for _ in range(count)]
        stop = threading.Event()
        drip = threading.Thread(target=_drip, args=(crowd, stop))
        drip.start()
        times = []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            began = time.monotonic()
            assert requests.get(f"http://127.0.0.1:{server.port}/healthz", timeout=10).ok
            times.append(time.monotonic() - began)
            time.sleep(0.02)
        stop.set()
        drip.join()
        for client in crowd:
            client.close()
        times.sort()
        assert times[int(len(times) * 0.99)] < 2.0, times[-5:]


def _slow(server: Server, kind: str) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", server.port))
    if kind == "header":
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
    else:
        client.sendall(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nemail=")
    return client


def _drip(crowd: list[socket.socket], stop: threading.Event) -> None:
    while not stop.wait(1.0):
        for client in crowd:
            try:
                client.sendall(b"a")
            except OSError:
                continue


@pytest.mark.both_databases(long=True)
def test_two_upgrades_at_once_do_not_collide(database_kind, tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    from tests.serving.test_checks import new_database
    from tests.support.servers import environment

    env = environment(new_database(database_kind, tmp_path), SECURITY__KEY_FILE=str(tmp_path / "keys.json"))
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: run("db", "upgrade", env=env), range(3)))
    assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * 3
