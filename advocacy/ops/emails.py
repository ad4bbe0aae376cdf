"""Mails to whoever runs the house."""

from __future__ import annotations

from advocacy.core.links import absolute
from advocacy.messaging import render
from advocacy.web.manifest import Content, MailFacts


def trouble(facts: MailFacts) -> Content:
    """Name what is red; how it stands now is said by the page."""
    return _content(facts, "trouble", checks=[str(name).replace("_", " ") for name in facts.params["checks"]])


def well(facts: MailFacts) -> Content:
    """Say that nothing is red any more."""
    return _content(facts, "well", checks=[])


def _content(facts: MailFacts, message: str, *, checks: list[str]) -> Content:
    return render.content(
        f"ops/emails/{message}", facts.to, locale=facts.locale, checks=checks, url=absolute("/desk/operations")
    )
