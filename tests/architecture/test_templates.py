"""Templates escape, ask no other site for anything, and hold no inline style or script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

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


def faults() -> Iterator[tuple[str, str]]:
    for path in FILES:
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for pattern in (UNSAFE, LOADS) if is_mail(path) else (UNSAFE, LOADS, INLINE):
            found = pattern.search(text)
            if found:
                yield str(path.relative_to(TEMPLATES)), found.group()


def test_templates_escape_load_nothing_from_elsewhere_and_hold_nothing_inline():
    """W-05, W-12, O-03."""
    assert list(faults()) == []


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
