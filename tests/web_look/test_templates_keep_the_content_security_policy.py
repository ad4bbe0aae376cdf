"""No template needs more than the strict content security policy allows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static/css").glob("*.css"))
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)

INLINE_STYLE = re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE)
HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE)
HTMX_EVAL = re.compile(r"\shx-on|[\"']js:|javascript:", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE)
STYLE_ELEMENT = re.compile(r"<style\b", re.IGNORECASE)
FETCHED_ELSEWHERE = re.compile(
    r"(?:\ssrc|\ssrcset|\sposter|\sdata|<link[^>]*\shref)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
)
ICON = re.compile(r"icon(?:_svg)?\(\s*\"([a-z0-9-]+)\"")
STATIC = re.compile(r"static_url\(\s*\"([^\"]+)\"")


def is_mail(path: Path) -> bool:
    """Mail is read elsewhere: its style sheet is inlined when it is composed."""
    return path.name == "mail.html" or "emails" in path.parts


def text_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [path for path in TEMPLATES if not is_mail(path)], ids=name_of)
@pytest.mark.parametrize(
    "pattern",
    [INLINE_STYLE, HANDLER, HTMX_EVAL, INLINE_SCRIPT, STYLE_ELEMENT],
    ids=["style attribute", "event attribute", "evaluated code", "inline script", "style element"],
)
def test_page_template_holds_nothing_inline(path: Path, pattern: re.Pattern[str]) -> None:
    assert not pattern.search(text_of(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_fetches_nothing_from_elsewhere(path: Path) -> None:
    assert not FETCHED_ELSEWHERE.search(text_of(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_names_only_icons_and_files_that_exist(path: Path) -> None:
    text = text_of(path)
    icons = {f"static/vendor/lucide-1.62.0/{name}.svg" for name in ICON.findall(text)}
    files = {f"static/{name}" for name in STATIC.findall(text)}
    assert not [name for name in sorted(icons | files) if not (ROOT / name).is_file()]


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_style_sheet_reaches_only_files_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for address in re.findall(r"url\(\"?([^\")]+)\"?\)", text):
        assert (path.parent / address).is_file(), address
