"""Signed answers to "which of these": they hold division ids, last 30 minutes, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from advocacy.civic import rules
from advocacy.core import clock, crypto
from advocacy.core.errors import RuleBroken

LIFE_S = 30 * 60
_MAX = 2000


class _Signer(TimestampSigner):
    def get_timestamp(self) -> int:
        """Seconds by the house's clock."""
        return int(clock.timestamp())


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(crypto.derived_key("civic-choice"), signer=_Signer)


def sign_choice(division_ids: Sequence[str]) -> str:
    """A token for one option."""
    token = _serializer().dumps(list(division_ids))
    return token if isinstance(token, str) else token.decode()


def read_choice(token: object) -> tuple[str, ...]:
    """The divisions of a token.

    Raises: RuleBroken on field ``choice`` when it was changed, is none of ours, or is too old.
    """
    if not isinstance(token, str) or not token.isascii() or not 0 < len(token) <= _MAX:
        raise RuleBroken(_("Please choose one of the districts shown."), field="choice")
    try:
        found = _serializer().loads(token, max_age=LIFE_S)
    except SignatureExpired:
        raise RuleBroken(_("This choice is older than 30 minutes. Please search again."), field="choice") from None
    except (BadData, ValueError, OverflowError):
        raise RuleBroken(_("Please choose one of the districts shown."), field="choice") from None
    return tuple(ocd_id for given in found if (ocd_id := rules.canonical(str(given))))
