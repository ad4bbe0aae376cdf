"""L-01: who is counted, and how."""

from __future__ import annotations

import pytest
from flask import request

from advocacy.core import uow
from advocacy.web import limits

PROXIES = {"trusted_proxies": ["10.0.0.0/8", "fd00::/8"]}


def seen(app, peer: str, *forwarded: str) -> tuple[str, str]:
    headers = [("X-Forwarded-For", value) for value in forwarded]
    with app.test_request_context("/", headers=headers, environ_overrides={"REMOTE_ADDR": peer}):
        return limits.client_ip(request), limits.client_network(request)


@pytest.mark.parametrize("forged", ["1.2.3.4", "1.2.3.4, 5.6.7.8", "", "x", "127.0.0.1"])
def test_client_ip_without_trusted_proxies_is_the_peer(app, forged):
    assert seen(app, "203.0.113.9", forged) == ("203.0.113.9", "203.0.113.0/24")


@pytest.mark.settings(server=PROXIES)
@pytest.mark.parametrize(
    ("peer", "forwarded", "wanted"),
    [
        ("203.0.113.9", ["1.2.3.4"], "203.0.113.9"),
        ("10.0.0.1", ["1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["6.6.6.6", "1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["1.2.3.4, 10.0.0.2"], "1.2.3.4"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["6.6.6.6, rubbish"], "10.0.0.1"),
        ("10.0.0.1", ["2001:db8::7"], "2001:db8::7"),
        ("fd00::1", ["1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["1.2.3.4:5555"], "1.2.3.4"),
        ("10.0.0.1", ["[2001:db8::7]:80"], "2001:db8::7"),
        ("::ffff:10.0.0.1", ["1.2.3.4"], "1.2.3.4"),
    ],
)
def test_client_ip_behind_trusted_proxies_is_the_last_stranger(app, peer, forwarded, wanted):
    assert seen(app, peer, *forwarded)[0] == wanted


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("203.0.113.200", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/56"),
        ("2001:db8:1:ff:3::4", "2001:db8:1::/56"),
        ("2001:db8:1:100::", "2001:db8:1:100::/56"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("not an address", "unknown"),
    ],
)
def test_network_is_a_24_or_a_56(app, peer, network):
    assert seen(app, peer)[1] == network


@pytest.mark.both_databases
def test_hits_are_counted_by_key_and_window(app, move_clock):
    counts = [
        limits.hit("sign-in", "a", 60),
        limits.hit("sign-in", "a", 60),
        limits.hit("sign-in", "b", 60),
        limits.hit("other", "a", 60),
    ]
    uow.commit()
    assert counts == [1, 2, 1, 1]
    assert limits.hits("sign-in", "a", 60) == 2
    assert limits.hits("sign-in", "nobody", 60) == 0
    assert 1 <= limits.seconds_left(60) <= 61
    uow.rollback()
    move_clock(120)
    assert limits.hits("sign-in", "a", 60) == 0


@pytest.mark.both_databases
def test_throttle_rows_hold_no_address(app):
    limits.hit("sign-in", "198.51.100.0/24", 60)
    uow.commit()
    from sqlalchemy import select

    from advocacy.core.db import db

    row = db.session.execute(select(limits.Throttle)).scalar_one()
    assert len(row.key) == 32
    assert b"198.51" not in row.key
