"""Text from people: NFC, inert, and quick to judge (I-10, R-33)."""

from __future__ import annotations

import importlib
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.core import text
from tests.support.source import ROOT, modules

NAMES = (
    "José Ñuñez",
    "Nguyễn Thị Minh Khai",
    "王小明",
    "山田 太郎",
    "김민수",
    "Иван Петров",
    "Μαρία Παπαδοπούλου",
    "محمد بن علي",
    "דוד כהן",
    "प्रिया शर्मा",
    "สมชาย ใจดี",
    "አበበ በቀለ",
    "Ó Súilleabháin-O'Brien",
)


@pytest.mark.parametrize("name", NAMES)
def test_r33_real_name_stays_itself(name):
    assert text.clean_line(name) == name
    assert not text.has_control(name)
    assert not text.has_url(name)
    assert not text.starts_formula(name)


def test_decomposed_name_becomes_composed():
    assert text.clean_line("Jose\u0301  \t Pe\u0301rez\n") == "José Pérez"


@pytest.mark.parametrize(
    "bad", ["a\x00b", "a\u202eb", "a\ud800b", "\ufeffa", "a\x7fb", "a\x85b", "\u2066a", "\ue000to\ue001"]
)
def test_control_and_direction_characters_are_found(bad):
    assert text.has_control(bad)


@pytest.mark.parametrize(
    "line", ["see evil.com", "http://x", "www.evil", "HTTPS://x", "a-b.ORG/", "evil.xyz", "buy at my-shop.online"]
)
def test_url_in_text_is_found(line):
    assert text.has_url(line)


@pytest.mark.parametrize(
    "line", ["Dr. Co. Smith", "St. John", "A. B. Cummings", "and so on...", "J.R.R. Tolkien", "a.m. and p.m."]
)
def test_text_with_dots_is_no_url(line):
    assert not text.has_url(line)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM", "\t=1", "\uff1d1"])
def test_formula_start_is_found(cell):
    assert text.starts_formula(cell)


def test_block_keeps_lines_and_drops_crowds_of_them():
    assert text.clean_block(" a  b \r\n\r\n\r\n\r\nc\rd ") == "a b\n\nc\nd"


@pytest.mark.parametrize(
    ("one", "other"),
    [("José  Ñuñez", "jose nunez"), ("O'Brien", "o brien"), ("\uff21\uff22", "ab"), ("STRASSE", "straße")],
)
def test_names_that_differ_in_dress_fold_alike(one, other):
    assert text.fold(one) == text.fold(other)


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing(value):
    assert text.clean_line(text.clean_line(value)) == text.clean_line(value)
    assert text.clean_block(text.clean_block(value)) == text.clean_block(value)
    assert "\n" not in text.clean_line(value)


def patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Every regular expression of the program that stands at the top of a module."""
    found = []
    for source in modules():
        name = str(source.path.relative_to(ROOT).with_suffix("")).replace("/", ".").removesuffix(".__init__")
        if "re.compile" in source.text:
            module = importlib.import_module(name)
            found += [(f"{name}.{key}", value) for key, value in vars(module).items() if isinstance(value, re.Pattern)]
    return [(name, pattern) for name, pattern in found if isinstance(pattern.pattern, str)]


CROWDS = (
    "a",
    "A",
    "1",
    " ",
    "-",
    ".",
    "a.",
    "a-",
    "a@",
    "/",
    "\n",
    "<",
    "&",
    "=?",
    "http://",
    "é",
    "a ",
    "%",
    "(",
    "[",
    "*",
    "_",
    "0-",
    ", ",
)


@pytest.mark.parametrize(("name", "pattern"), patterns(), ids=lambda value: value if isinstance(value, str) else "")
def test_i10_pattern_is_quick_on_50_kb_of_anything(name, pattern):
    for crowd in CROWDS:
        for tail in ("", "!", "\x00"):
            value = (crowd * 50_000)[:50_000] + tail
            began = time.process_time()
            pattern.search(value)
            pattern.match(value)
            took = time.process_time() - began
            assert took < 1, f"{name} takes {took:.1f} s on {crowd!r}"
