"""Templates escape, ask no other site for anything, and hold no inline style or script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.source import ROOT, TEMPLATES

FILES = sorted(path for path in TEMPLATES.rglob("*.*") if path.suffix in {".html", ".txt", ".svg"})
UNSAFE = re.compile(r"\|\s*safe\b|autoescape\s+false", re.IGNORECASE)
INLINE = re.compile(r"""<[a-z][^>]*\s(on[a-z]+|style)\s*=|<style\b|<script(?![^>]*\bsrc=)|javascript:""", re.IGNORECASE)
LOADS = re.compile(
    r"""<(?:script|img|link|iframe|source|video|audio|embed|object)\b[^>]*\b(?:src|href|data)\s*=\s*["'](?:https?:)?//""",
    re.IGNORECASE,
)


def is_mail(path: Path) -> bool:
    return "emails" in path.parts or path.name == "mail.html"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_template_escapes_and_loads_nothing_from_elsewhere(path: Path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not UNSAFE.search(text)
    assert not LOADS.search(text)
    if not is_mail(path):
        assert not INLINE.search(text), INLINE.search(text)


def test_style_sheets_and_scripts_of_ours_load_nothing_from_elsewhere():
    for path in [*(ROOT / "static/css").glob("*.css"), *(ROOT / "static/js").glob("*.js")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"""url\(\s*["']?(?:https?:)?//|@import\s+["'(](?:https?:)?//|fetch\(\s*["'](?:https?:)?//""", text
        ), path


def test_posted_session_forms_carry_the_token():
    """A form on a page of the desk that posts must carry the csrf field, else nobody can use it."""
    form = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.DOTALL | re.IGNORECASE)
    desk = [path for path in FILES if "layouts/desk.html" in path.read_text(encoding="utf-8")]
    missing = [
        path.name
        for path in desk
        if any("csrf" not in found for found in form.findall(path.read_text(encoding="utf-8")))
    ]
    assert missing == []
