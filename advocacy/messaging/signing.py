"""A signature of the house on each mail (DKIM, RFC 6376), where a key is set up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from advocacy.core.errors import SettingsError
from advocacy.core.settings import Mail

_MIN_BITS = 2048
_RELAXED = (b"relaxed", b"relaxed")  # what relays may change does not break it
_SIGNED = (
    b"From",
    b"To",
    b"Subject",
    b"Date",
    b"Message-ID",
    b"Reply-To",
    b"MIME-Version",
    b"Content-Type",
    b"List-Unsubscribe",
    b"List-Unsubscribe-Post",
)
"""RFC 8058 wants the last two signed: a mail program offers the one press only then."""


@dataclass(frozen=True)
class Signer:
    """A key and where the world finds its other half."""

    domain: bytes
    selector: bytes
    key: bytes

    def signed(self, data: bytes) -> bytes:
        """The mail with its signature on top."""
        names = {line.partition(b":")[0].lower() for line in data.partition(b"\r\n\r\n")[0].split(b"\r\n")}
        chosen = [name for name in _SIGNED if name.lower() in names]
        line: bytes = dkim.sign(
            data, self.selector, self.domain, self.key, canonicalize=_RELAXED, include_headers=chosen
        )
        return line + data

    def __repr__(self) -> str:
        """No key in a log."""
        return f"Signer({self.domain!r}, {self.selector!r})"


def signer_of(settings: Mail) -> Signer | None:
    """The signer that the settings name; none when no key file is.

    Raises: SettingsError when the key cannot be used.
    """
    if not settings.dkim_key_file:
        return None
    if not settings.dkim_domain or not settings.dkim_selector:
        msg = "settings: mail.dkim_domain and mail.dkim_selector must stand beside mail.dkim_key_file"
        raise SettingsError(msg)
    try:
        key = serialization.load_pem_private_key(Path(settings.dkim_key_file).read_bytes(), None)
    except (OSError, ValueError, TypeError):
        key = None
    if not isinstance(key, RSAPrivateKey) or key.key_size < _MIN_BITS:
        msg = f"settings: mail.dkim_key_file: {settings.dkim_key_file} must hold an RSA key of {_MIN_BITS} bits or more"
        raise SettingsError(msg)
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return Signer(settings.dkim_domain.encode("ascii"), settings.dkim_selector.encode("ascii"), plain)
