"""Leave to be written to: given with words and proof, taken back at once."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from advocacy.consent import queries, rules, services
from advocacy.consent.models import ConsentText, OptIn, Purpose
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.supporters.services import person_for_email
from tests.factories.coalitions import make_coalition

ACTOR = system_actor()
NEWS = Purpose.CAMPAIGN_NEWS


@pytest.fixture
def somebody(app):
    coalition_id = make_coalition()
    with uow.unit():
        return coalition_id, person_for_email(ACTOR, coalition_id, "Ana", "ana@example.org")


def give(coalition_id, person_id, **proof):
    with uow.unit():
        return services.opt_in(ACTOR, coalition_id, person_id, NEWS, proof=proof or {"kind": "confirm_link"}).id


def allowed(coalition_id, person_id, purpose=NEWS):
    with uow.reading():
        return queries.has_opt_in(ACTOR, coalition_id, person_id, purpose)


@pytest.mark.both_databases
def test_opt_in_holds_for_its_purpose_only_until_it_is_withdrawn(somebody):
    assert not allowed(*somebody)
    give(*somebody)
    assert allowed(*somebody)
    assert not allowed(*somebody, Purpose.ACTION_ALERT)
    with uow.unit():
        assert services.withdraw_opt_in(ACTOR, *somebody, NEWS)
        assert not services.withdraw_opt_in(ACTOR, *somebody, NEWS)
    assert not allowed(*somebody)


def test_opt_in_given_twice_is_one_row_and_after_withdrawal_a_new_one(somebody):
    first = give(*somebody)
    assert give(*somebody) == first
    with uow.unit():
        services.withdraw_opt_in(ACTOR, *somebody, NEWS)
    assert give(*somebody) != first


def test_opt_in_without_proof_is_refused(somebody):
    with pytest.raises(RuleBroken), uow.unit():
        services.opt_in(ACTOR, *somebody, NEWS, proof={})


def test_opt_in_keeps_the_words_that_were_read(somebody, monkeypatch):
    give(*somebody)
    monkeypatch.setitem(rules.DEFAULT_WORDS, NEWS, "Other words.")
    with uow.unit():
        assert services.current_text(NEWS).version == 2
        row = db.session.execute(select(OptIn)).scalar_one()
        assert db.session.get(ConsentText, row.text_id).version == 1


@pytest.mark.both_databases
def test_i016_words_cannot_be_changed_or_removed(app):
    with uow.unit():
        services.current_text(NEWS)
    for statement in (update(ConsentText).values(body="x"), text("DELETE FROM consent_text")):
        with pytest.raises(DatabaseError), uow.unit():
            db.session.execute(statement)


def store(coalition_id, person_id, **values):
    with uow.unit():
        text_id = services.current_text(Purpose.EVENT).id
        row = {"channel": "email", "purpose": "event", "created_at": clock.now()} | values
        db.session.add(OptIn(coalition_id=coalition_id, person_id=person_id, text_id=text_id, **row))
        db.session.flush()


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "values",
    [
        {"state": "confirmed"},
        {"state": "confirmed", "confirmed_at": True},
        {"state": "withdrawn"},
        {"state": "maybe"},
        {"state": "pending", "purpose": "marketing"},
        {"state": "pending", "channel": "pigeon"},
    ],
)
def test_i009_the_database_refuses_an_opt_in_without_proof_or_with_unknown_words(somebody, values):
    if values.get("confirmed_at"):
        values = values | {"confirmed_at": clock.now()}
    with pytest.raises(IntegrityError):
        store(*somebody, **values)


@pytest.mark.both_databases
def test_i008_one_live_opt_in_a_person_channel_and_purpose(somebody):
    give(*somebody)
    with pytest.raises(IntegrityError):
        store(*somebody, purpose="campaign_news", state="pending")


@pytest.mark.both_databases
def test_opt_in_cannot_point_to_a_person_of_another_coalition(somebody):
    with pytest.raises(IntegrityError):
        give(make_coalition(), somebody[1])
