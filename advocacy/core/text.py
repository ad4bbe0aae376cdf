"""Text from people: cleaned once at the edge, inert everywhere after."""

from __future__ import annotations

import re
import unicodedata

_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_SLOTS = "\ue000\ue001"  # private use: our own marks in a mail to many, nobody else's
_CONTROL = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff{_BIDI}{_SLOTS}]")
_LINE_CONTROL = re.compile(r"[\r\n\t\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_MANY_LINES = re.compile(r"\n{3,}")
_URL = re.compile(
    r"(?i)(https?:|ftp:|www\.|[a-z0-9-]{2}\.(?:com|org|net|info|biz|ru|cn|io|co|xyz|top|online|site|shop|link|click|us|uk|de)(?:\b|/))"
)
FORMULA_STARTS = "=+-@\uff1d\uff0b\uff0d\uff20\t\r\n"


def has_control(text: str) -> bool:
    """Whether ``text`` holds control, lone surrogate or direction-override characters."""
    return _CONTROL.search(text) is not None or any("\ud800" <= char <= "\udfff" for char in text)


def clean_line(text: str) -> str:
    """One line, NFC, single spaces, without spaces at the ends."""
    return _SPACES.sub(" ", _LINE_CONTROL.sub(" ", unicodedata.normalize("NFC", text))).strip()


def clean_block(text: str) -> str:
    """Several lines, NFC, Unix line ends, at most one empty line in a row."""
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return _MANY_LINES.sub("\n\n", "\n".join(_SPACES.sub(" ", line).rstrip() for line in lines)).strip()


def has_url(text: str) -> bool:
    """Whether ``text`` holds something that a mail program would make a link of."""
    return _URL.search(text) is not None


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet would take ``text`` for a formula."""
    return text[:1] in FORMULA_STARTS and text != ""


def fold(text: str) -> str:
    """A form for comparing names: case, accents, width and spacing folded away."""
    wide = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(char for char in wide if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() else " " for char in kept).split()) or clean_line(text).casefold()
