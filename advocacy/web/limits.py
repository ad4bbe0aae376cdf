"""Counting how often: rows per key and window, shared by every process and node.

A key names the limit and whom it counts (a network, an account, an address by its keyed hash), itself hashed: the table
tells nobody's address.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, cast

from flask import Request, current_app
from flask_babel import gettext as _
from sqlalchemy import CursorResult, Integer, LargeBinary, delete, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core import clock, crypto, uow
from advocacy.core.actor import Actor
from advocacy.core.db import Instant, Model, Statement, db, run_together
from advocacy.core.errors import TooMany

HIT = Statement("""
    INSERT INTO throttle (key, window_at, hit_count) VALUES (:key, :window_at, 1)
    ON CONFLICT (key, window_at) DO UPDATE SET hit_count = throttle.hit_count + 1
    RETURNING hit_count""")
_TAKE = Statement("""
    INSERT INTO throttle (key, window_at, hit_count) VALUES (:key, :window_at, :times)
    ON CONFLICT (key, window_at) DO UPDATE
    SET hit_count = throttle.hit_count + excluded.hit_count WHERE throttle.hit_count < :most
    RETURNING hit_count""")
DAY_S = 86_400
READ = Statement("SELECT hit_count FROM throttle WHERE key = :key AND window_at = :window_at")


class Throttle(Model):
    """How often a key came up in a window."""

    __tablename__ = "throttle"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    window_at: Mapped[datetime] = mapped_column(Instant, primary_key=True, index=True)
    hit_count: Mapped[int] = mapped_column(Integer)


def client_ip(request: Request) -> str:
    """The visitor's address: the peer's, or what trusted proxies say of it.

    The header is read from its end: a trusted proxy vouches for the address before it, a stranger for nothing.
    """
    proxies = current_app.extensions["advocacy.settings"].server.trusted_proxies
    environ = request.environ
    peer: str = environ.get("REMOTE_ADDR") or "127.0.0.1"
    if not proxies:
        return peer
    chain = [part for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    found = _address(peer)
    while chain and found is not None and any(found in proxy for proxy in proxies):
        before = _address(chain.pop())
        if before is None:
            break
        found = before
    return str(found) if found is not None else peer


@lru_cache(maxsize=4096)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it, perhaps with a port; IPv4 in IPv6 clothes is IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def client_network(request: Request) -> str:
    """The /24 (v4) or /56 (v6) the visitor comes from: what limits count."""
    return _network(client_ip(request))


@lru_cache(maxsize=4096)
def _network(ip: str) -> str:
    found = _address(ip)
    if found is None:
        return "unknown"
    if isinstance(found, IPv4Address):  # almost all are, each another one: not worth the building of a network
        return f"{str(found).rpartition('.')[0]}.0/24"
    return str(ip_network(f"{found}/56", strict=False))


def throttle_key(limit: str, subject: str) -> bytes:
    """The hashed key of a limit and whom it counts."""
    return crypto.blind_index(f"throttle:{limit}", subject)


def window_at(window_s: int) -> datetime:
    """The start of the present window."""
    return datetime.fromtimestamp(clock.timestamp() // window_s * window_s, UTC)


def hit(limit: str, subject: str, window_s: int) -> int:
    """Count once more and give the count in this window."""
    params = {"key": throttle_key(limit, subject), "window_at": window_at(window_s)}
    return int(run_together(db.session(), [(HIT, params)])[0][0][0])


def take(limit: str, subject: str, window_s: int, most: int, *, times: int = 1) -> bool:
    """Count in one statement and a transaction of its own; whether that was within ``most`` (0: no limit)."""
    if not most:
        return True
    params = {"key": throttle_key(limit, subject), "window_at": window_at(window_s), "most": most, "times": times}
    return bool(uow.at_once([(_TAKE, params)])[0])


def hits(limit: str, subject: str, window_s: int) -> int:
    """The count in this window, without counting."""
    params = {"key": throttle_key(limit, subject), "window_at": window_at(window_s)}
    rows = run_together(db.session(), [(READ, params)])[0]
    return int(rows[0][0]) if rows else 0


def require(limit: str, subject: str, window_s: int = 600) -> None:
    """Count once more; ``limit`` names a setting of the section ``limits``, 0 switches it off.

    Raises: TooMany with the seconds until the window ends.
    """
    most: int = getattr(current_app.extensions["advocacy.settings"].limits, limit)
    if most and hit(limit, subject, window_s) > most:
        raise TooMany(
            _("That was many tries in a short time. Please wait a little."), retry_after_s=seconds_left(window_s)
        )


def require_export(actor: Actor) -> None:
    """Count one more file that an account takes out today, also for a page that only reads.

    Raises: TooMany.
    """
    most: int = current_app.extensions["advocacy.settings"].limits.export_user
    subject = str(actor.user_id)
    if most and hits("export_user", subject, DAY_S) >= most:
        raise TooMany(_("That were many downloads in a day. Please go on tomorrow."), retry_after_s=seconds_left(DAY_S))
    if most:
        uow.afterwards(lambda: _count_export(subject))


def _count_export(subject: str) -> None:
    hit("export_user", subject, DAY_S)


def seconds_left(window_s: int) -> int:
    """Until the present window ends, for Retry-After."""
    return int(window_s - clock.timestamp() % window_s) + 1


def purge(before: datetime, limit: int) -> int:
    """Drop up to ``limit`` windows that ended long ago."""
    old = select(Throttle.key, Throttle.window_at).where(Throttle.window_at < before).limit(limit)
    gone = delete(Throttle).where(tuple_(Throttle.key, Throttle.window_at).in_(old))
    result = db.session.execute(gone.execution_options(synchronize_session=False))
    return int(cast("CursorResult[Any]", result).rowcount)


KEEP = timedelta(days=2)
