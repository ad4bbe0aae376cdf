"""What every desk page of petitions is given: what this actor may do, so that no button leads to a refusal."""

from __future__ import annotations

from typing import Any

from flask import Response

from advocacy.coalitions import rules as coalition_rules
from advocacy.web import access, respond


def permissions() -> dict[str, bool]:
    """What the current actor may do here."""
    actor = access.current_actor()
    return {
        "may_manage": coalition_rules.can(actor, "petitions.manage"),
        "may_export": coalition_rules.can(actor, "petitions.export"),
        "may_see_partners": coalition_rules.can(actor, "partners.view"),
    }


def page(template: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 - template context
    """A desk page."""
    return respond.page(template, status, **permissions(), **context)
