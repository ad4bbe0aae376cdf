"""Who a rule means: never anybody without leave for the purpose."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from advocacy.consent.models import OptIn, Purpose
from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.mailings import audiences
from advocacy.mailings.audiences import Rule
from advocacy.petitions.models import Petition, Signature
from tests.factories.campaigns import make_campaign
from tests.factories.coalitions import make_coalition
from tests.factories.petitions import make_petition, sign_and_confirm, signatures
from tests.factories.supporters import make_supporter, take_leave_back

NEWS = Purpose.CAMPAIGN_NEWS


def meant(coalition_id, rule):
    with uow.reading():
        return {row.contact_id for row in db.session.execute(audiences.people(coalition_id, rule))}


def change(table, row_id, **values):
    with uow.unit():
        db.session.execute(update(table).where(table.id == row_id).values(**values))


def test_an_audience_holds_only_who_gave_leave_for_the_purpose_and_did_not_take_it_back(app):
    coalition_id, other = make_coalition(), make_coalition()
    wanted = make_supporter(coalition_id)
    left = make_supporter(coalition_id)
    take_leave_back(coalition_id, left)
    make_supporter(coalition_id, purpose=None)
    make_supporter(other)
    alert = make_supporter(coalition_id, purpose=Purpose.ACTION_ALERT)
    assert meant(coalition_id, Rule(NEWS)) == {wanted}
    assert meant(coalition_id, Rule(Purpose.ACTION_ALERT)) == {alert}
    assert meant(coalition_id, Rule(Purpose.EVENT)) == set()


@pytest.mark.parametrize("purpose", [Purpose.PEER, Purpose.PARTNER_NEWS, Purpose.SPEAKER_OPS])
def test_leave_for_something_else_never_makes_an_audience(purpose):
    with pytest.raises(ValueError, match="never for"):
        Rule(purpose)


@pytest.mark.both_databases
def test_an_audience_is_narrowed_by_signatures_place_language_and_time(app, client):
    coalition_id = make_coalition()
    campaign_id = make_campaign(coalition_id)
    first, second = make_petition(coalition_id), make_petition(coalition_id)
    change(Petition, first.id, campaign_id=campaign_id)
    one = sign_and_confirm(client, first, "one@example.org", updates="y")
    both = sign_and_confirm(client, first, "both@example.org", updates="y")
    sign_and_confirm(client, second, "both@example.org")  # no second tick: the leave stands, the signature counts
    change(Signature, one.id, state_code="WA", division_id="ocd-division/country:us/state:wa/cd:1", placement="placed")
    speaks = make_supporter(coalition_id, locale="es")
    old = make_supporter(coalition_id)
    with uow.unit():
        db.session.execute(
            update(OptIn).where(OptIn.person_id == old).values(confirmed_at=clock.now() - timedelta(days=40))
        )
    one_id, both_id = one.person_id, both.person_id
    assert {row.person_id for row in signatures(second.id)} == {both_id}
    assert meant(coalition_id, Rule(NEWS)) == {one_id, both_id, speaks, old}
    assert meant(coalition_id, Rule(NEWS, signed_id=first.id)) == {one_id, both_id}
    assert meant(coalition_id, Rule(NEWS, unsigned_id=second.id)) == {one_id, speaks, old}
    assert meant(coalition_id, Rule(NEWS, signed_id=first.id, unsigned_id=second.id)) == {one_id}
    assert meant(coalition_id, Rule(NEWS, campaign_id=campaign_id)) == {one_id, both_id}
    assert meant(coalition_id, Rule(NEWS, states=("WA", "CA"), signed_id=first.id)) == {one_id}
    assert meant(coalition_id, Rule(NEWS, divisions=("ocd-division/country:us/state:wa/cd:1",))) == {one_id}
    assert meant(coalition_id, Rule(NEWS, locale="es")) == {speaks}
    day = (clock.now() - timedelta(days=2)).date()
    assert meant(coalition_id, Rule(NEWS, joined_from=day)) == {one_id, both_id, speaks}
    change(Signature, both.id, state="withdrawn")
    assert meant(coalition_id, Rule(NEWS, signed_id=first.id)) == {one_id}


def test_signing_without_the_tick_makes_nobody_known(app, client):
    petition = make_petition()
    assert sign_and_confirm(client, petition, "quiet@example.org").person_id is None


def test_a_rule_is_read_as_it_was_stored():
    rule = Rule(NEWS, signed_id=3, states=("OR", "CA"), locale="es", joined_from=date(2026, 11, 1))
    stored = rule.as_json()
    assert stored == {
        "purpose": "campaign_news",
        "signed_id": 3,
        "states": ["CA", "OR"],
        "locale": "es",
        "joined_from": "2026-11-01",
    }
    assert Rule.of_json(stored).as_json() == stored
