"""Fetching from other houses: where to, how long, how much; nothing of the question in any error or log."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time

import pytest

from advocacy.core import http_pins
from advocacy.core.addresses import is_public
from advocacy.core.http_client import MAX_BYTES, Budget, Fault, FetchError, HttpClient
from tests.support import stand_in

MARK = "planted-canary-address"


@pytest.fixture
def provider():
    with stand_in.serve(lambda path, query: {"fine": True}) as found:
        yield found


def fetch(provider, seconds=4.0, **more):
    client = HttpClient(provider.base_url, "advocacy/test (+https://example.org)")
    return client.get("/thing", {"address": MARK}, Budget(seconds), **more)


def fault(provider, seconds=4.0):
    with pytest.raises(FetchError) as caught:
        fetch(provider, seconds).json()
    assert MARK not in f"{caught.value!r} {caught.value.__context__!r} {caught.value.__cause__!r}"
    return caught.value.fault


def test_get_sends_who_asks_and_reads_json(provider):
    assert fetch(provider).json() == {"fine": True}
    assert provider.asked == [("/thing", {"address": [MARK]})]
    assert provider.headers[0]["user-agent"] == "advocacy/test (+https://example.org)"


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("html", Fault.NOT_JSON),
        ("untyped", Fault.NOT_JSON),
        ("garbage", Fault.NOT_JSON),
        ("not_a_number", Fault.NOT_JSON),
        ("deep", Fault.NOT_JSON),
        ("long_number", Fault.NOT_JSON),
        ("truncated", Fault.RESET),
        ("reset", Fault.RESET),
        ("bomb", Fault.TOO_BIG),
        ("endless", Fault.TOO_BIG),
        ("bomb_on_the_way", Fault.TOO_BIG),
        ("bomb_of_an_error", Fault.TOO_BIG),
    ],
)
def test_r15_i09_i11_each_way_to_fail_has_its_name(provider, mode, expected):
    provider.mode = mode
    assert fault(provider) is expected


@pytest.mark.parametrize("mode", ["hang", "slow"])
def test_r15_time_is_bounded_whatever_drips(provider, mode):
    provider.mode = mode
    began = time.monotonic()
    assert fault(provider, 1.0) is Fault.TIMEOUT
    assert time.monotonic() - began < 3.0


@pytest.mark.parametrize("mode", ["hang", "slow"])
def test_r15_name_connection_and_answer_share_one_budget(provider, monkeypatch, mode):
    """A slow resolver, then a slow connection, then an answer that drips: each within its own time, yet not in sum."""
    provider.mode = mode
    resolve, connect = http_pins._resolve, http_pins.create_connection

    def late(wait_s, work):
        time.sleep(max(0.0, min(wait_s, 5.0) * 0.9))
        return work()

    monkeypatch.setattr(http_pins, "_resolve", lambda *args: late(args[2], lambda: resolve(*args)))
    monkeypatch.setattr(
        http_pins, "create_connection", lambda *args, **more: late(args[1], lambda: connect(*args, **more))
    )
    began = time.monotonic()
    assert fault(provider, 1.5) in {Fault.TIMEOUT, Fault.CONNECT}
    assert time.monotonic() - began < 2.5


def test_r15_time_that_ends_while_it_connects_cuts_the_answer_too(provider, monkeypatch):
    provider.mode = "slow"
    connect = http_pins.create_connection

    def late(*args, **more):
        time.sleep(1.2)
        return connect(*args, **more)

    monkeypatch.setattr(http_pins, "create_connection", late)
    began = time.monotonic()
    assert fault(provider, 1.0) is Fault.TIMEOUT
    assert time.monotonic() - began < 2.0


def test_r15_nobody_listens():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    client = HttpClient(f"http://127.0.0.1:{port}", "x")
    with pytest.raises(FetchError) as caught:
        client.get("/", {}, Budget(3))
    assert caught.value.fault is Fault.CONNECT


@pytest.mark.parametrize(("mode", "tries"), [("gateway", 3), ("reset", 3), ("server", 1), ("minute", 1), ("forbidden", 1), ("html", 1)])  # fmt: skip
def test_only_what_cannot_have_counted_is_tried_again(provider, mode, tries):
    provider.mode = mode
    with contextlib.suppress(FetchError):
        fetch(provider).json()
    assert len(provider.asked) == tries


def test_a_second_try_asks_the_limiter_first(provider):
    provider.mode = "gateway"
    assert fetch(provider, again=lambda: False).status == 502
    assert len(provider.asked) == 1


def test_w10_redirects_stay_on_the_host(provider):
    with stand_in.serve() as canary:
        provider.mode = "redirect"
        for target in (
            canary.base_url,
            "http://169.254.169.254/",
            "file:///etc/passwd",
            "//[::1",
            "https://example.org/",
        ):
            provider.elsewhere = target
            assert fault(provider) is Fault.REDIRECT
        assert canary.asked == []
    provider.asked.clear()
    provider.elsewhere = "/thing"
    assert fault(provider) is Fault.REDIRECT  # for ever on the same host: two hops, then no more
    assert len(provider.asked) == 3


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.1",
        "224.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "fe80::1", "fc00::1", "2002:7f00:1::",
        "240.0.0.1", "255.255.255.255", "ff02::1", "2001:db8::1", "192.0.2.1",
    ],
)  # fmt: skip
def test_i06_private_addresses_are_never_called(monkeypatch, address):
    reached = []
    monkeypatch.setattr(http_pins, "create_connection", lambda *args, **more: reached.append(args))
    public = "93.184.216.34"
    for found in ([address], [public, address], [address, public]):
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda *a, found=found, **k: [(0, 0, 0, "", (ip, 80)) for ip in found]
        )
        client = HttpClient("http://provider.example", "x")
        with pytest.raises(FetchError) as caught:
            client.get("/", {}, Budget(2))
        assert caught.value.fault is Fault.ADDRESS
    assert reached == []
    assert not is_public(address)


def test_i06_the_checked_address_is_the_one_that_is_called(monkeypatch):
    """A name that answers public first and loopback second finds no second question."""
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    asked, reached = [], []

    def resolve(*args, **more):
        asked.append(args[0])
        return [(0, 0, 0, "", (ip, 80)) for ip in answers[len(asked) - 1]]

    def connect(where, *args, **more):
        reached.append(where[0])
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(http_pins, "create_connection", connect)
    client = HttpClient("http://provider.example", "x")
    with pytest.raises(FetchError):
        client.get("/", {}, Budget(2), again=lambda: False)
    assert (asked, reached) == (["provider.example"], ["93.184.216.34"])


def test_i06_other_ports_and_loopback_by_another_name(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [(0, 0, 0, "", ("93.184.216.34", 22))])
    with pytest.raises(FetchError) as caught:
        HttpClient("http://provider.example:22", "x").get("/", {}, Budget(2))
    assert caught.value.fault is Fault.ADDRESS


def test_a_resolver_that_never_answers_costs_no_more_than_the_budget(monkeypatch):
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: done.wait(10) and [])
    began = time.monotonic()
    with pytest.raises(FetchError):
        HttpClient("http://provider.example", "x").get("/", {}, Budget(1))
    done.set()
    assert time.monotonic() - began < 3.0


def test_d05_no_log_line_of_any_library_holds_the_question(provider, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.DEBUG)
    for mode in ("ok", "html", "reset", "gateway", "truncated"):
        provider.mode = mode
        with contextlib.suppress(FetchError):
            fetch(provider)
    assert MARK not in caplog.text


def test_the_cap_counts_unpacked_bytes():
    with stand_in.serve(lambda path, query: "x" * (MAX_BYTES + 10)) as provider:
        assert fault(provider) is Fault.TOO_BIG
    with stand_in.serve(lambda path, query: "x" * (MAX_BYTES - 10)) as provider:
        assert len(fetch(provider).json()) == MAX_BYTES - 10
