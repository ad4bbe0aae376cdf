"""W-04: Markdown from people is inert: no raw HTML, no scheme but four, no picture of another host."""

from __future__ import annotations

import re

import pytest

from advocacy.core.markdown import to_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "![x](https://elsewhere.example/pixel.png)",
    '[x](https://example.org "onmouseover=alert(1)")',
    "[x]: javascript:alert(1)\n\n[x]",
    "<https://example.org/\u202egnp.exe>",
    "<a href='javascript:alert(1)'>x</a>",
    "`<script>alert(1)</script>`",
    "```\n<script>alert(1)</script>\n```",
    "# <iframe src=https://elsewhere.example></iframe>",
    "| <script> |\n|---|\n| <b onclick=x> |",
    "[x](\x01javascript:alert(1))",
    "<!-- --><style>*{display:none}</style>",
]
_TAG = re.compile(r"<([a-z0-9]+)((?:\s+[a-z-]+=\"[^\"]*\")*)\s*/?>")
ALLOWED = set("p br hr h2 h3 h4 strong em s blockquote ul ol li a code pre table thead tbody tr th td".split())


@pytest.mark.parametrize("text", HOSTILE)
def test_w04_hostile_markdown_is_inert(text: str):
    made = to_html(text)
    for tag, attributes in _TAG.findall(made):
        assert tag in ALLOWED
        assert not re.search(r"\son|style=|src=", attributes)
        for scheme in re.findall(r'href="([a-z]*:)', attributes):
            assert scheme in {"http:", "https:", "mailto:", "tel:"}
    assert "<script" not in made
    assert "<img" not in made


def test_links_are_marked_and_headings_begin_at_the_second_level():
    made = to_html("# Ask\n\nSee [this](https://example.org) and www.example.org")
    assert made.startswith("<h2>Ask</h2>")
    assert made.count('rel="nofollow ugc noopener"') == 2
