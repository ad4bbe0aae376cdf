"""What may follow what, what counts as a typing error, and how a letter's words are laid out."""

from __future__ import annotations

import re
from datetime import datetime

from flask_babel import gettext as _

from advocacy.coalitions.organization_models import Leave, Membership
from advocacy.core.errors import Conflict
from advocacy.signons.models import LetterState, Shown, SignOnLetter, SignOnState

L = LetterState
S = SignOnState

LETTER_STEPS: dict[str, frozenset[str]] = {
    L.DRAFT: frozenset({L.REVIEW, L.WITHDRAWN}),
    L.REVIEW: frozenset({L.DRAFT, L.COLLECTING, L.WITHDRAWN}),
    L.COLLECTING: frozenset({L.FROZEN, L.WITHDRAWN}),
    L.FROZEN: frozenset({L.DELIVERED, L.WITHDRAWN}),
    L.DELIVERED: frozenset({L.ARCHIVED}),
    L.ARCHIVED: frozenset(),
    L.WITHDRAWN: frozenset(),
}
SIGN_ON_STEPS: dict[str, frozenset[str]] = {
    S.INVITED: frozenset({S.SIGNED, S.DECLINED}),
    S.SIGNED: frozenset({S.NEEDS_RECONFIRM, S.RESCINDED}),
    S.NEEDS_RECONFIRM: frozenset({S.SIGNED, S.RESCINDED}),
    S.RESCINDED: frozenset(),
    S.DECLINED: frozenset(),
}
PUBLIC_STATES = (L.COLLECTING, L.FROZEN, L.DELIVERED, L.ARCHIVED)
EDITABLE = frozenset({L.DRAFT, L.REVIEW})


def require_step(letter: SignOnLetter, state: LetterState) -> None:
    """Refuse a step that the table above does not know.

    Raises: Conflict.
    """
    if state not in LETTER_STEPS[letter.state]:
        raise Conflict(_("This letter has moved on, so this step is no longer open. Please look at it again."))


def is_step(before: str, after: str) -> bool:
    """Whether an organization may go from one state to another."""
    return after in SIGN_ON_STEPS[before]


def is_collecting(letter: SignOnLetter, at: datetime) -> bool:
    """Whether organizations can sign now."""
    return letter.state == L.COLLECTING and at < letter.final_due


def shown_choices(name_use: str) -> list[Shown]:
    """How an organization may stand under a letter, given what it said about the use of its name."""
    return [Shown.COUNTED] if name_use == Leave.NEVER else list(Shown)


def asks_for_logo(membership: Membership) -> bool:
    """Whether the question how an organization stands under a letter is one about its logo too."""
    return membership.logo_use == Leave.ASK_EACH and membership.name_use != Leave.NEVER


def shown_at_first(name_use: str) -> Shown:
    """What stands ticked before the organization chose: whoever is not always named is not named unless it says so."""
    return Shown.FULL if name_use == Leave.ALWAYS else Shown.COUNTED


def blocks(body: str) -> list[tuple[str, list[str]]]:
    """The words as paragraphs (``p``) and lists (``ul``), for the page and for the PDF alike."""
    found: list[tuple[str, list[str]]] = []
    for part in re.split(r"\n\s*\n", body.strip()):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        for line in lines:
            is_item = line.startswith(("- ", "* ", "• "))
            kind, words = ("ul", line[2:].strip()) if is_item else ("p", line)
            if found and found[-1][0] == kind == "ul":
                found[-1][1].append(words)
            elif kind == "p" and line is not lines[0] and found and found[-1][0] == "p":
                found[-1][1][-1] += f" {words}"
            else:
                found.append((kind, [words]))
    return found
