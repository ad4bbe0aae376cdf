"""Petitions and signers for tests."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from advocacy.core import clock, tokens, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.petitions import linking
from advocacy.petitions.models import Petition, Signature
from advocacy.petitions.services import drafting, tallying, verifying
from tests.factories.coalitions import make_coalition

_number = count(1)
TEXT = "Open **ten beds** for people in crisis, so that nobody waits in a jail cell."
GIVEN = {"name": "Zoë Ndiaye", "postal_code": "97201", "country": "US"}


def make_petition(
    coalition_id: int | None = None,
    slug: str | None = None,
    *,
    is_open: bool = True,
    closes_at: datetime | None = None,
    closes_in: timedelta | None = timedelta(days=30),
    **facts: Any,
) -> Petition:
    """A petition, committed and open unless told otherwise; detached, with its columns loaded."""
    coalition_id = coalition_id or make_coalition()
    closes_at = closes_at or (clock.now() + closes_in if closes_in else None)
    with uow.unit():
        facts = {"title": "Beds before jails", "text": TEXT, **facts}
        made = drafting.create_petition(
            system_actor(),
            coalition_id=coalition_id,
            slug=slug or f"beds-{next(_number)}",
            closes_at=closes_at,
            **facts,
        )
        if is_open:
            drafting.open_petition(system_actor(), made.id)
    db.session.refresh(made)
    db.session.expunge(made)
    db.session.rollback()
    return made


def sign(client: FlaskClient, slug: str, email: str | None = None, **fields: Any) -> TestResponse:
    """Post the form as a visitor; ``headers`` may be among the fields."""
    headers = fields.pop("headers", None)
    data = {**GIVEN, "email": email or f"signer{next(_number)}@example.org", **fields}
    return client.post(f"/petitions/{slug}/signatures", data=data, headers=headers)


def signatures(petition_id: int) -> list[Signature]:
    """All rows of a petition as they are now, oldest first."""
    db.session.rollback()
    found = db.session.execute(select(Signature).where(Signature.petition_id == petition_id).order_by(Signature.id))
    rows = list(found.scalars())
    db.session.expunge_all()
    db.session.rollback()
    return rows


def confirm_token(signature: Signature) -> str:
    """The token that stands in the signer's confirmation mail."""
    return tokens.derive_token(linking.CONFIRM, signature.public_id, signature.confirm_nonce or "")


def manage_token(signature: Signature) -> str:
    """The token that stands in every mail to the signer."""
    return tokens.derive_token(linking.MANAGE, signature.public_id, signature.manage_nonce)


def confirm(signature: Signature) -> str:
    """Confirm in the service; gives the receipt."""
    with uow.unit():
        return verifying.confirm_signature(confirm_token(signature)).receipt


def sign_and_confirm(client: FlaskClient, petition: Petition, email: str | None = None, **fields: Any) -> Signature:
    """A verified signature, given by the form and confirmed by the link."""
    answer = sign(client, petition.slug, email, **fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    row = signatures(petition.id)[-1]
    assert client.post(f"/signatures/confirm/{confirm_token(row)}").status_code == 303
    return signatures(petition.id)[-1]


def tally() -> None:
    """Take in all waiting deltas, as the job does."""
    with uow.unit():
        while tallying.take_in_deltas():
            pass


def wide(text: str) -> str:
    """``text`` in full-width characters, as some keyboards type it."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def plain(page: str) -> str:
    """A page without what differs from copy to copy: stamps and ids."""
    return re.sub(r'(name="stamp" value=")[^"]*', r"\1", re.sub(r"[0-9a-f]{32}", "ID", page))
