"""Second factors for tests: an app's codes, and an authenticator made of software."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from advocacy.accounts.services import enrolling
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor

ORIGIN = "http://localhost:8000"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def enrol_totp(user_id: int) -> str:
    """Give an account an app's codes, committed; gives the secret."""
    with uow.unit():
        return enrolling.enrol_for(system_actor(), user_id)


def code(secret: str, steps: int = 0) -> str:
    """The code that the app shows now, or some half minutes later."""
    return pyotp.TOTP(secret).generate_otp(int(clock.timestamp()) // 30 + steps)


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """A device with one passkey; each part of its answers can be made wrong."""

    origin: str = ORIGIN
    rp_id: str = "localhost"
    counts: bool = True
    sign_count: int = 0
    flags: int = PRESENT | VERIFIED
    user_handle: bytes | None = None
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.credential_id = hashlib.sha256(str(self.key.private_numbers().private_value).encode()).digest()

    def make(self, options: dict[str, Any]) -> str:
        """Answer ``navigator.credentials.create``."""
        self.user_handle = unb64(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = b"\0" * 16 + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cbor2.dumps(public)
        data = self._data(ATTESTED) + attested
        answer = {
            "clientDataJSON": b64(self._client("webauthn.create", options["challenge"])),
            "attestationObject": b64(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
            "transports": ["internal", "made-up"],
        }
        return self._credential(answer)

    def use(self, options: dict[str, Any]) -> str:
        """Answer ``navigator.credentials.get``."""
        self.sign_count += 1 if self.counts else 0
        client, data = self._client("webauthn.get", options["challenge"]), self._data()
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {
            "clientDataJSON": b64(client),
            "authenticatorData": b64(data),
            "signature": b64(signature),
            "userHandle": b64(self.user_handle) if self.user_handle is not None else None,
        }
        return self._credential(answer)

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _data(self, more: int = 0) -> bytes:
        return (
            hashlib.sha256(self.rp_id.encode()).digest()
            + bytes([self.flags | more])
            + self.sign_count.to_bytes(4, "big")
        )

    def _credential(self, answer: dict[str, Any]) -> str:
        name = b64(self.credential_id)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": answer, "clientExtensionResults": {}}
        )
