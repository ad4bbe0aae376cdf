"""Markdown from people, made into HTML once, when it is stored.

Raw HTML is off in the parser, and what the parser made is sanitised again: two locks, since either had holes before.
Pictures are dropped: a page makes no request to another host.
"""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_TAGS = frozenset("p br hr h2 h3 h4 strong em s blockquote ul ol li a code pre table thead tbody tr th td".split())
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True}).enable(["linkify", "table", "strikethrough"])
    parser.disable("image")
    return parser


def to_html(text: str) -> str:
    """Safe HTML; headings begin at the second level, because the page has its own first."""
    tokens = _parser().parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(4, int(token.tag[1]) + 1)}"
    made = _parser().renderer.render(tokens, _parser().options, {})
    return nh3.clean(
        made, tags=set(_TAGS), attributes=_ATTRIBUTES, url_schemes=set(_SCHEMES), link_rel="nofollow ugc noopener"
    )
