"""Argon2id, a few at a time: each takes its memory and its milliseconds, and none of them inside a transaction."""

from __future__ import annotations

import os
import secrets
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION
from flask import current_app

from advocacy.accounts import rules

_gate = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))


@lru_cache(maxsize=4)
def _hasher(memory_kib: int, time_cost: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)


def hasher() -> PasswordHasher:
    """The hasher with the installation's cost."""
    security = current_app.extensions["advocacy.settings"].security
    return _hasher(security.argon2_memory_kib, security.argon2_time_cost)


def dummy_hash() -> str:
    """A hash that no password opens: verified against when an address is unknown, so that both take as long.

    Its salt and digest are random bytes in a stored hash's form, so that making it takes no time at all.
    """
    using = hasher()
    cost = f"m={using.memory_cost},t={using.time_cost},p={using.parallelism}"
    salt, digest = (
        b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (using.salt_len, using.hash_len)
    )
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a place among the few that may hash at once.

    Needs: no open writing transaction.
    """
    with _gate:
        yield


def hash_password(password: str) -> str:
    """The stored form of a password."""
    with turn():
        return hasher().hash(rules.normal_password(password))


def is_password(stored: str, password: str) -> bool:
    """Whether the password belongs to the stored form. Needs: a ``turn``."""
    try:
        return hasher().verify(stored, rules.normal_password(password))
    except (VerificationError, InvalidHashError):
        return False


def is_weak(stored: str) -> bool:
    """Whether the stored form was made with less cost than today's."""
    return hasher().check_needs_rehash(stored)
