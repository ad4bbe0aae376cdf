"""No page counts over all rows: what no tally holds is counted from an index up to a bound."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from advocacy.core import counting, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.petitions import delivery_queries, desk_queries
from advocacy.petitions.delivery_models import DeliveryMethod
from advocacy.petitions.models import TAKEN_BACK, HeldReason, Petition, Signature
from advocacy.petitions.services import delivering
from tests.factories.accounts import sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.petitions import make_petition
from tests.factories.signatures import add_signatures, given


@pytest.fixture
def few(monkeypatch):
    """A bound that a test can pass."""
    monkeypatch.setattr(counting, "MOST", 3)
    monkeypatch.setattr(delivery_queries, "MOST", 3)


def held_ones(number: int) -> list:
    return [given(f"Held {n}", verified_at=None, held_reason=HeldReason.TRAP) for n in range(number)]


@pytest.mark.both_databases
def test_desk_says_plus_beyond_the_bound(app, few):
    coalition = make_coalition()
    petition, other = make_petition(coalition), make_petition(coalition)
    add_signatures(petition, [*held_ones(5), *[given(f"Pending {n}", verified_at=None) for n in range(2)]])
    add_signatures(other, [given()])
    desk = sign_in(app.test_client(), make_member(coalition, "organizer"))
    start = desk.get("/desk").get_data(as_text=True)
    assert "3+ held signatures to look at" in start
    page = desk.get(f"/desk/petitions/{petition.public_id}").get_data(as_text=True)
    assert "Look at 3+ held signatures" in page
    with uow.reading():
        numbers = desk_queries.numbers(system_actor(), db.session.get_one(Petition, petition.id))
    assert (numbers.pending, str(numbers.held), numbers.held.is_more) == (2, "3+", True)


@pytest.mark.both_databases
def test_delivery_counts_what_was_taken_back_up_to_the_bound(app, few):
    petition = make_petition()
    add_signatures(petition, [given() for _ in range(6)] + held_ones(4))
    with uow.unit():
        delivery = delivering.begin_delivery(
            system_actor(), db.session.get_one(Petition, petition.id), DeliveryMethod.EMAIL
        )
        delivery_id = delivery.id
        taken = [row[0] for row in db.session.execute(text("SELECT signature_id FROM delivery_item ORDER BY 1"))]

    def take_back(number: int) -> str:
        with uow.unit():
            for key in taken[:number]:
                db.session.get_one(Signature, key).state = "withdrawn"
        with uow.reading():
            row = db.session.get_one(type(delivery), delivery_id)
            assert delivery_queries.all_withdrawn_since(row) == number
            return str(delivery_queries.line_of(row).withdrawn_since)

    assert [take_back(number) for number in (0, 2, 3, 4, 6)] == ["0", "2", "3", "3+", "3+"]


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        (
            f"SELECT id FROM signature WHERE petition_id = 1 AND {TAKEN_BACK} ORDER BY id",  # noqa: S608 - our own constant
            "ix_signature_taken_back",
        ),
        ("SELECT id FROM signature WHERE petition_id = 1 AND state = 'pending'", "ix_signature_petition_id_state_id"),
        (
            "SELECT id FROM mail WHERE lot_id IS NULL AND coalition_id = 1 AND state = 'sent'",
            "ix_mail_coalition_id_state_id",
        ),
        ("SELECT id FROM mail WHERE lot_id IS NULL AND state = 'sent'", "ix_mail_state"),
    ],
)
def test_bounded_counts_read_an_index(app, sql, index):
    with uow.reading():
        plan = " ".join(row[3] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {sql} LIMIT 1001")))
    assert index in plan
