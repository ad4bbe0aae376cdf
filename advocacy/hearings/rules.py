"""Which day and time a hearing has."""

from __future__ import annotations

from advocacy.hearings.models import HearingState as S

LIVE = frozenset({S.TENTATIVE, S.CONFIRMED, S.IN_PROGRESS, S.RECESSED})
"""States of a hearing that is still to come, or goes on."""
OVER = frozenset({S.CANCELLED, S.CONCLUDED})
BY_HAND = (S.TENTATIVE, S.CONFIRMED, S.CONCLUDED, S.POSTPONED, S.CANCELLED)
"""What somebody may say of a hearing on a form."""
