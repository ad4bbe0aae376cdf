"""Keys, envelopes and blind indexes.

The key ring lies in a file outside the database (``security.key_file``): named master keys of 32 bytes, one of them
current. A *data key* per scope (``coalition:12``, ``person:7``) seals that scope's values; it is stored wrapped by a
master key, so a master key is changed by wrapping again, and a scope is erased by dropping its data key.

A sealed value is ``version(1) | data key id(8) | nonce(12) | ciphertext+tag``; table, column and the row's public id
are associated data, so a value moved to another place does not open.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import threading
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import LargeBinary, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core import clock
from advocacy.core.db import BigId, Model, db
from advocacy.core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_BYTES = 32
MIN_DISTINCT_BYTES = 12  # random bytes repeat less; samples and zeros repeat more
_VERSION = b"\x01"
_NONCE = 12
_CACHE_S = 60.0


class SealBroken(Exception):
    """A sealed value does not open here: wrong place, wrong key, or changed."""


class DataKey(Model):
    """A scope's key, wrapped by the master key named ``master_id``."""

    __tablename__ = "data_key"
    __table_args__ = (UniqueConstraint("scope"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    scope: Mapped[str] = mapped_column(String(60))
    master_id: Mapped[str] = mapped_column(String(40))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class KeyRing:
    """Master keys by id; ``current`` seals what is new."""

    current: str
    keys: Mapping[str, bytes]

    def __repr__(self) -> str:
        """Names only: a key never reaches a log."""
        return f"KeyRing(current={self.current!r}, ids={sorted(self.keys)})"

    @cached_property
    def oldest(self) -> bytes:
        """The key from which lookup and signing keys derive; it stays when a newer one seals."""
        return self.keys[min(self.keys)]

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose."""
        return hmac.digest(self.oldest, b"advocacy/" + purpose.encode(), "sha256")


def new_key_file(path: Path) -> None:
    """Write a fresh random key ring, readable by its owner only.

    Raises: SettingsError when the place cannot be written.
    """
    ring = {"current": "k0001", "keys": {"k0001": b64encode(secrets.token_bytes(KEY_BYTES)).decode()}}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            json.dump(ring, out, indent=1)
    except FileExistsError:
        return
    except OSError as error:
        msg = f"keys: cannot write {path}: {error.strerror}"
        raise SettingsError(msg) from None


def read_key_file(path: Path) -> KeyRing:
    """Read and check the key ring.

    Raises: SettingsError when it is missing, broken, weak, a sample, or open to other users.
    """
    try:
        mode = path.stat().st_mode
        ring = json.loads(path.read_text(encoding="ascii"))
        keys = {str(name): b64decode(str(value), validate=True) for name, value in dict(ring["keys"]).items()}
        found = KeyRing(str(ring["current"]), keys)
        found.keys[found.current]
    except FileNotFoundError:
        msg = (
            f"keys: {path} is missing; restore it from your backup, or run `advocacy db upgrade` on a new installation"
        )
        raise SettingsError(msg) from None
    except (OSError, ValueError, KeyError, TypeError):
        msg = f"keys: {path} cannot be read as a key ring"
        raise SettingsError(msg) from None
    if mode & 0o077:
        msg = f"keys: {path} can be read by other users; run: chmod 600 {path}"
        raise SettingsError(msg)
    for name, key in keys.items():
        if len(key) != KEY_BYTES or len(set(key)) < MIN_DISTINCT_BYTES:
            msg = f"keys: the key {name} in {path} is too weak: it must be {KEY_BYTES} random bytes"
            raise SettingsError(msg)
    return found


def keyring() -> KeyRing:
    """The key ring of the running app.

    Raises: SettingsError when the app was built without keys (only ``db`` commands and ``doctor`` are).
    """
    ring: KeyRing | None = current_app.extensions.get("advocacy.keys")
    return ring or read_key_file(current_app.extensions["advocacy.settings"].security.key_file)


_derived: dict[tuple[int, str], bytes] = {}


def derived_key(purpose: str) -> bytes:
    """A 32-byte key of the installation for one purpose, such as ``token:confirm``."""
    ring = keyring()
    name = (id(ring.keys), purpose)
    key = _derived.get(name)
    if key is None:
        key = _derived[name] = ring.derive(purpose)
    return key


def blind_index(scope: str, value: str) -> bytes:
    """A keyed hash (32 bytes) by which a sealed value is found; equal values of two scopes differ."""
    return hmac.digest(derived_key(f"blind:{scope}"), value.encode("utf-8", "surrogatepass"), "sha256")


def pseudonym(value: str) -> str:
    """A short keyed mark for logs in place of an address or a network."""
    return hmac.digest(derived_key("pseudonym"), value.encode("utf-8", "replace"), "sha256")[:8].hex()


class _DataKeys:
    """Unwrapped data keys of this process, kept for a minute so that an erased key dies soon everywhere."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_id: dict[int, tuple[float, AESGCM]] = {}
        self._by_scope: dict[str, tuple[float, int]] = {}

    def clear(self) -> None:
        with self._lock:
            self._by_id.clear()
            self._by_scope.clear()

    def for_scope(self, scope: str) -> tuple[int, AESGCM]:
        found = self._by_scope.get(scope)
        if found is not None and found[0] > clock.monotonic():
            cipher = self._by_id.get(found[1])
            if cipher is not None:
                return found[1], cipher[1]
        row = db.session.execute(select(DataKey).where(DataKey.scope == scope)).scalar_one_or_none()
        if row is None:
            row = self._make(scope)
            return row.id, self._unwrap(row)  # not kept: the transaction may still roll back
        return row.id, self._keep(row)

    def for_id(self, key_id: int) -> AESGCM:
        found = self._by_id.get(key_id)
        if found is not None and found[0] > clock.monotonic():
            return found[1]
        row = db.session.get(DataKey, key_id)
        if row is None:
            msg = "the key of this value was erased"
            raise SealBroken(msg)
        return self._keep(row)

    def _make(self, scope: str) -> DataKey:
        ring = keyring()
        plain = AESGCM.generate_key(bit_length=256)
        nonce = os.urandom(_NONCE)
        wrapped = nonce + AESGCM(ring.keys[ring.current]).encrypt(nonce, plain, scope.encode())
        row = DataKey(scope=scope, master_id=ring.current, wrapped=wrapped)
        db.session.add(row)
        db.session.flush()
        return row

    def _unwrap(self, row: DataKey) -> AESGCM:
        master = keyring().keys.get(row.master_id)
        if master is None:
            msg = f"keys: the key {row.master_id} is missing from the key ring"
            raise SettingsError(msg)
        try:
            return AESGCM(AESGCM(master).decrypt(row.wrapped[:_NONCE], row.wrapped[_NONCE:], row.scope.encode()))
        except InvalidTag:
            msg = "keys: the key ring does not belong to this database"
            raise SettingsError(msg) from None

    def _keep(self, row: DataKey) -> AESGCM:
        cipher = self._unwrap(row)
        until = clock.monotonic() + _CACHE_S
        with self._lock:
            self._by_id[row.id] = (until, cipher)
            self._by_scope[row.scope] = (until, row.id)
        return cipher


data_keys = _DataKeys()


def seal(scope: str, plain: str, *, table: str, column: str, row: str) -> bytes:
    """Seal ``plain`` under the scope's key, bound to its place (``row`` is the row's public id)."""
    key_id, cipher = data_keys.for_scope(scope)
    nonce = os.urandom(_NONCE)
    bound = f"{table}.{column}:{row}".encode()
    return _VERSION + key_id.to_bytes(8, "big") + nonce + cipher.encrypt(nonce, plain.encode("utf-8"), bound)


def open_sealed(value: bytes, *, table: str, column: str, row: str) -> str:
    """Open what ``seal`` made for the same place.

    Raises: SealBroken when it was changed, moved, or its key was erased.
    """
    if len(value) < 1 + 8 + _NONCE + 16 or value[:1] != _VERSION:
        msg = "not a sealed value"
        raise SealBroken(msg)
    cipher = data_keys.for_id(int.from_bytes(value[1:9], "big"))
    try:
        plain = cipher.decrypt(value[9 : 9 + _NONCE], value[9 + _NONCE :], f"{table}.{column}:{row}".encode())
    except InvalidTag:
        msg = f"a value of {table}.{column} does not open at this place"
        raise SealBroken(msg) from None
    return plain.decode("utf-8")
