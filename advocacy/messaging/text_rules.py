"""What a number is, how long a text is, what a reader's one word means, and who signed a request. Pure."""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from enum import StrEnum

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_SPACERS = str.maketrans("", "", " -().\u00a0")
# GSM 03.38: the basic alphabet, and what takes two places.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWO = frozenset("^{}\\[~]|€\f")
_GSM_ONE, _GSM_PART, _UCS_ONE, _UCS_PART = 160, 153, 70, 67
_STOP = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
_STOP_FIRST = frozenset({"stop", "stopall", "unsubscribe"})
_START = frozenset({"start", "unstop", "yes"})
_HELP = frozenset({"help", "info"})


class Word(StrEnum):
    """What a reader asks for by a text."""

    STOP = "stop"
    START = "start"
    HELP = "help"


def number_of(text: str) -> str | None:
    """The number in the form +15551234567 (E.164), or ``None``."""
    found = text.translate(_SPACERS)
    return found if _NUMBER.fullmatch(found) else None


def segments(text: str) -> int:
    """In how many parts a text travels: 160 places in the GSM alphabet, else 70 UTF-16 units; fewer in each of many."""
    if all(char in _GSM or char in _GSM_TWO for char in text):
        places, one, part = sum(2 if char in _GSM_TWO else 1 for char in text), _GSM_ONE, _GSM_PART
    else:
        places, one, part = len(text.encode("utf-16-le")) // 2, _UCS_ONE, _UCS_PART
    return 1 if places <= one else -(-places // part)


def signed(name: str, words: str) -> str:
    """The words with the name of who writes before them, shortened until it travels in one part."""
    while name and segments(f"{name}: {words}") > 1:
        name = name[:-1].rstrip()
    return f"{name}: {words}" if name else words


def word_of(body: str) -> Word | None:
    """What a text asks for: one known word, or one that stops and more behind it."""
    words = re.findall(r"\w+", body.casefold())
    first, is_alone = (words[0], len(words) == 1) if words else ("", False)
    if first in (_STOP if is_alone else _STOP_FIRST) or words == ["opt", "out"]:
        return Word.STOP
    if is_alone and first in _START:
        return Word.START
    return Word.HELP if is_alone and first in _HELP else None


def signature(url: str, params: Mapping[str, Sequence[str]], token: str) -> str:
    """How Twilio signs a request: HMAC-SHA1 over the address and the sorted names and values, in base64."""
    said = url + "".join(name + value for name in sorted(params) for value in sorted(set(params[name])))
    return b64encode(hmac.digest(token.encode(), said.encode("utf-8", "surrogatepass"), "sha1")).decode()


def is_signed(header: str, url: str, params: Mapping[str, Sequence[str]], token: str) -> bool:
    """Whether the header is this request's; takes as long for every wrong one."""
    return hmac.compare_digest(header.encode("utf-8", "replace"), signature(url, params, token).encode())
