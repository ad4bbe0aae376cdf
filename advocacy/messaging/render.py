"""Mails from templates, in the reader's language, outside any request."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from css_inline import CSSInliner
from flask import current_app
from flask_babel import force_locale

from advocacy.core.text import clean_line
from advocacy.messaging import permission, ready
from advocacy.web.lots import ReadyBody
from advocacy.web.manifest import Content


def content(
    folder: str,
    to: str,
    *,
    locale: str = "en",
    reply_to: str | None = None,
    **context: Any,  # noqa: ANN401 - template context
) -> Content:
    """Render ``templates/<folder>/{subject.txt, body.txt, body.html}`` for one recipient.

    ``folder`` is ``<room>/emails/<message>``. Text is not escaped, HTML is; the style sheet is inlined. Templates see
    ``site``, ``locale`` and what is given here; links must be absolute (``core.links``).
    """
    environment = current_app.jinja_env
    locale = _known(locale)
    with force_locale(locale):
        view = permission.view()
        known = {"locale": locale, "to": to, "is_discreet": view.is_discreet, **permission.names(view), **context}
        subject = environment.get_template(f"{folder}/subject.txt").render(known)
        text = environment.get_template(f"{folder}/body.txt").render(known)
        html = environment.get_template(f"{folder}/body.html").render(known)
    return Content(
        to=to,
        subject=clean_line(subject),
        text=text.strip() + "\n",
        html=_inliner().inline(html),
        reply_to=reply_to,
    )


def ready_body(
    folder: str,
    *,
    slots: Sequence[str],
    locale: str = "en",
    reply_to: str | None = None,
    sender_name: str | None = None,
    **context: Any,  # noqa: ANN401 - template context
) -> ReadyBody:
    """Render the same templates once for many recipients, with gaps named ``slots`` for what is each one's own.

    ``to``, ``unsubscribe_url`` and ``preferences_url`` need not be named: messaging fills them.
    """
    gaps = {name: ready.slot(name) for name in (*ready.OURS, *slots)}
    to = gaps.pop("to")
    made = content(folder, to, locale=locale, **{**context, **gaps})
    return ReadyBody(made.subject, made.text, made.html, reply_to, sender_name)


@lru_cache(maxsize=64)
def _known(locale: str) -> str:
    try:
        return str(Locale.parse(locale))
    except (UnknownLocaleError, ValueError):
        return "en"


@lru_cache(maxsize=1)
def _inliner() -> CSSInliner:
    return CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)
