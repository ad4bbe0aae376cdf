"""Addresses and passwords: what is accepted, and the reason when it is not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from flask_babel import gettext as _

MIN_LENGTH = 15
MIN_LENGTH_WITH_FACTOR = 8
MAX_LENGTH = 500
_SHORTEST_WORD = 4
_LONGEST_UNIT = 8
_FILLER = re.compile(r"[\W\d_]*")
_WORDS = re.compile(r"[^\W\d_]+")


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def agent_words(user_agent: str) -> str:
    """Two words by which people know their browser again: ``Firefox, Windows``; empty when it says nothing known."""
    found = (next((word for mark, word in pairs if mark in user_agent), "") for pairs in (_BROWSERS, _SYSTEMS))
    return ", ".join(word for word in found if word)


def passkey_site(base_url: str) -> tuple[str, str] | None:
    """The site's id and origin as browsers see them; ``None`` for a bare address, which browsers refuse."""
    host = urlsplit(base_url).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return host, base_url
    return None


def canonical_email(email: str) -> str:
    """The form by which an account's address is compared: NFC and lower case; plus-tags stay, they are part of it."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def normal_password(password: str) -> bytes:
    """The bytes that are hashed: NFKC, whole, never cut."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace")


def is_short(password: str) -> bool:
    """Whether a password is only long enough beside a second factor."""
    return len(unicodedata.normalize("NFKC", password)) < MIN_LENGTH


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """The most used passwords, lower case; the file says where they come from."""
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def password_problem(password: str, context: Iterable[str] = (), *, has_second_factor: bool = False) -> str | None:
    """Why a password is refused, or ``None``. ``context`` are names that a guesser would try: site, person, address.

    Source: OWASP ASVS 5.0 V6.2, NIST SP 800-63B-4 3.1.1: length, no composition rules, no common or context words.
    """
    plain = unicodedata.normalize("NFKC", password)
    least = MIN_LENGTH_WITH_FACTOR if has_second_factor else MIN_LENGTH
    if len(plain) < least:
        return str(_("Use at least %(num)s characters. Four or five unrelated words make a good password.", num=least))
    if len(plain) > MAX_LENGTH:
        return str(_("Use at most %(num)s characters.", num=MAX_LENGTH))
    folded = plain.casefold()
    for word in _context_words(context):
        if word in folded:
            reason = _("Leave out “%(word)s”: it belongs to this site or to you, so others try it first.", word=word)
            return str(reason)
    if _is_common(folded):
        return str(_("This is among the passwords that are tried first. Choose words that do not belong together."))
    return None


def _context_words(context: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for text in context:
        folded = unicodedata.normalize("NFKC", text).casefold().partition("@")[0]
        found.update(word for word in [folded, *_WORDS.findall(folded)] if len(word) >= _SHORTEST_WORD)
    return found


def _is_common(folded: str) -> bool:
    """Whether it is a common one, one unit again and again, a row of neighbours, or two common ones with filling."""
    common = common_passwords()
    if folded in common or folded.strip("0123456789!?.-_# ") in common or _is_row(folded):
        return True
    if any(
        folded == (folded[:size] * len(folded))[: len(folded)]
        for size in range(1, min(_LONGEST_UNIT, len(folded) // 2) + 1)
    ):
        return True
    first = [folded[:size] for size in range(_SHORTEST_WORD, len(folded)) if folded[:size] in common]
    for start in first:
        rest = folded[len(start) :].strip("0123456789!?.-_# ")
        if rest in common or _FILLER.fullmatch(rest):
            return True
    return False


def _is_row(folded: str) -> bool:
    steps = [ord(after) - ord(before) for before, after in pairwise(folded)]
    neighbours = sum(1 for step in steps if step in {-1, 0, 1})
    return neighbours >= len(steps) * 0.8
