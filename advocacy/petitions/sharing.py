"""Who receives what a signer gives: the card under every form, made from the rows that let somebody see it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions.models import Coalition
from advocacy.coalitions.organization_models import Membership


@dataclass(frozen=True)
class Receiver:
    """Somebody who receives something, what, and when; ``icon`` stands beside the name."""

    name: str
    what: str
    when: str
    icon: str


def receivers(coalition: Coalition, partner: Membership | None) -> list[Receiver]:
    """The organizers, the lawmakers, and the partner whose page it is."""
    people = len(coalition_queries.user_ids_with(coalition.id, "petitions.view"))
    found = [
        Receiver(
            coalition.name,
            _("Your name, place and comment. Your email address too, to write to you about this signature."),
            ngettext(
                "At once. %(num)s person of the coalition can read it.",
                "At once. %(num)s people of the coalition can read it.",
                people,
            ),
            "users",
        ),
        Receiver(
            _("The lawmakers of your district"),
            _("Your name and town. Not your email address."),
            _("When the petition is handed over."),
            "landmark",
        ),
    ]
    if partner is not None:
        found.append(
            Receiver(
                partner.name,
                _("Your name and email address. Otherwise only how many people signed here."),
                _(
                    "Only if you tick its box, and after you confirmed. You can take it back. "
                    "Then we tell the partner at once, and it must delete what it holds of you."
                ),
                "handshake",
            )
        )
    return found
