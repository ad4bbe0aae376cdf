"""Write to people of a coalition by their accounts."""

from __future__ import annotations

from collections.abc import Iterable

from advocacy.accounts import queries as accounts
from advocacy.messaging.services import sending


def tell(user_ids: Iterable[int], kind: str, *, coalition_id: int, object_kind: str, object_id: int, key: str) -> None:
    """Queue one mail for each account, in its language; ``key`` names the occasion, which is told once."""
    for user_id in user_ids:
        _name, address, locale = accounts.contact(user_id)
        sending.queue_mail(
            kind=kind,
            to=address,
            coalition_id=coalition_id,
            object_kind=object_kind,
            object_id=object_id,
            params={"user_id": user_id},
            locale=locale,
            key=f"{key}:{user_id}",
        )
