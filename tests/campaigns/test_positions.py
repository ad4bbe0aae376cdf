"""Positions: J1 step 1, what replaces what, and who may say so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from advocacy.audit.models import AuditEvent
from advocacy.campaigns.models import Bill, Position
from advocacy.campaigns.queries import positions
from advocacy.campaigns.services import standing, tracking
from advocacy.coalitions.decision_models import Decision
from advocacy.coalitions.services import deciding, voting
from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from tests.factories.accounts import csrf_token
from tests.factories.campaigns import end_decision, make_bill, make_campaign, pass_decision, system
from tests.factories.coalitions import actor_in, make_coalition
from tests.factories.organizations import acting, make_organization, make_representative


def live(bill: Bill) -> Position | None:
    db.session.rollback()
    with uow.reading():
        found = positions.live_position(bill.coalition_id, bill.id)
        if found is not None:
            db.session.expunge(found)
    return found


def public_id(decision_id: int) -> str:
    with uow.reading():
        return db.session.get_one(Decision, decision_id).public_id


def take(bill: Bill, actor=None, **facts):
    with uow.unit():
        return standing.take_position(actor or actor_in(bill.coalition_id), bill.public_id, **facts).id


@pytest.mark.both_databases
def test_j1_position_begins_the_instant_its_decision_passes_and_a_second_one_is_refused(coalition_id):
    """Seven organizations: five support, one stands aside, one is silent. I-052, I-053."""
    bill, actor = make_bill(coalition_id, "HB 2999"), actor_in(coalition_id)
    seven = [(one, make_representative(one)) for one in (make_organization(coalition_id) for _ in range(7))]
    with uow.unit():
        decision = standing.ask_coalition(
            actor,
            bill.public_id,
            stance="support_if_amended",
            title="Support HB 2999 if amended",
            text="We support it if the counties are paid.",
            closes_at=clock.now() + timedelta(days=7),
        )
        decision_id, name = decision.id, decision.public_id
        deciding.open_decision(actor, name)
    for number, (one, person) in enumerate(seven[:6]):
        with uow.unit():
            voting.cast_vote(acting(one, person), name, "support" if number < 5 else "stand_aside")
    assert live(bill) is None
    end_decision(decision_id)
    found = live(bill)
    with uow.reading():
        decision = db.session.get_one(Decision, decision_id)
        assert (decision.state, found.stance, found.decision_id) == ("passed", "support_if_amended", decision_id)
        assert abs(found.valid_from - decision.ended_at) < timedelta(seconds=5)
    with pytest.raises(Conflict, match="has a position"):
        take(bill, stance="watch")
    with pytest.raises(RuleBroken, match="something else"):
        take(bill, stance="oppose", decision=name, replaces=found.id)


@pytest.mark.both_databases
def test_decision_that_fails_leaves_the_bill_without_a_position(coalition_id):
    bill, actor, voter = make_bill(coalition_id), actor_in(coalition_id), make_organization(coalition_id)
    person = make_representative(voter)
    with uow.unit():
        decision = standing.ask_coalition(
            actor, bill.public_id, stance="oppose", title="T", text="T", closes_at=clock.now() + timedelta(days=2)
        )
        deciding.open_decision(actor, decision.public_id)
        decision_id, name = decision.id, decision.public_id
    with uow.unit():
        voting.cast_vote(acting(voter, person), name, "block", "It harms us.")
    end_decision(decision_id)
    assert live(bill) is None


@pytest.mark.both_databases
def test_newer_position_ends_the_older_one_and_both_stay_in_the_timeline(app, coalition_id):
    bill = make_bill(coalition_id, is_public=True)
    first = take(bill, stance="watch")
    decision = public_id(pass_decision(coalition_id))
    second = take(bill, stance="support", decision=decision, replaces=first, reason="It pays for beds.")
    with uow.reading():
        rows = positions.positions(db.session.get_one(Bill, bill.id))
        assert [(row.id, row.valid_to is None) for row in rows] == [(first, False), (second, True)]
        assert rows[0].valid_to == rows[1].valid_from
        recorded = select(AuditEvent.action).where(AuditEvent.action.like("position.%")).order_by(AuditEvent.id)
        said = db.session.execute(recorded).scalars().all()
    assert said == ["position.taken", "position.ended", "position.taken"]
    page = app.test_client().get(f"/bills/{bill.public_id}").text
    for words in ("We watch it", "We support it", "It pays for beds."):
        assert words in page
    with uow.unit():
        standing.end_position(actor_in(coalition_id), bill.public_id, position_id=second)
    assert live(bill) is None


def test_position_needs_the_right_decision_and_the_right_role(coalition_id):
    bill = make_bill(coalition_id)
    with pytest.raises(RuleBroken, match="must have passed"):
        take(bill, stance="support")
    with pytest.raises(RuleBroken):
        take(bill, stance="support", decision=public_id(pass_decision(make_coalition())))
    with pytest.raises(RuleBroken):
        take(bill, stance="loud")
    with pytest.raises(NotAllowed):
        take(bill, actor_in(coalition_id, "volunteer"), stance="watch")
    with pytest.raises(NotFound):
        take(bill, actor_in(make_coalition()), stance="watch")


def test_forms_of_positions_ask_and_take(organizer, coalition_id):
    bill = make_bill(coalition_id)
    where = f"/desk/bills/{bill.public_id}"
    data = {"csrf_token": csrf_token(organizer), "stance": "support"}
    answer = organizer.post(f"{where}/positions/new", data=data)
    assert answer.status_code == 422
    assert "Choose the decision that carries this position" in answer.text
    assert organizer.post(f"{where}/positions/new", data=data | {"stance": "watch"}).status_code == 303
    assert "We watch it" in organizer.get(where).text
    asked = data | {"title": "Support HB 2002", "text": "We do.", "closes_on": "2099-01-05"}
    answer = organizer.post(f"{where}/positions/ask", data=asked)
    assert answer.status_code == 303
    page = organizer.get(answer.location).text
    assert "When this decision passes" in page
    assert "We support it" in page
    assert "not yet open" in organizer.get(where).text
    assert organizer.post(f"{where}/positions/end", data=data | {"position": "999"}).status_code == 409


def test_bill_is_found_by_every_spelling_and_shows_its_way(organizer, app, coalition_id):
    make_bill(coalition_id, "HB 2002")
    data = {
        "csrf_token": csrf_token(organizer),
        "identifier": "house bill 02002",
        "jurisdiction": "Oregon",
        "session": "2027 Regular Session",
        "title": "T",
        "status": "introduced",
        "source_name": "Clerk",
        "checked_on": "2026-01-05",
    }
    answer = organizer.post("/desk/bills/new", data=data)
    assert answer.status_code == 422
    assert "follows this bill already" in answer.text
    assert organizer.post("/desk/bills/new", data=data | {"identifier": "beds"}).status_code == 422
    answer = organizer.post("/desk/bills/new", data=data | {"identifier": "S.B. 7", "is_public": "y"})
    assert answer.status_code == 303
    where = answer.location.split("?")[0]
    step = {
        "csrf_token": csrf_token(organizer),
        "what": "Hearing held",
        "happened_on": "2026-02-01",
        "status": "on_floor",
    }
    assert organizer.post(f"{where}/steps/new", data=step).status_code == 303
    assert organizer.post(f"{where}/steps/new", data=step | {"happened_on": "2099-02-01"}).status_code == 422
    text = {"csrf_token": csrf_token(organizer), "label": "Engrossed", "printed_on": "2026-01-20"}
    assert organizer.post(f"{where}/versions/new", data=text).status_code == 303
    assert organizer.post(f"{where}/versions/new", data=text).status_code == 422
    page = app.test_client().get(where.replace("/desk", "")).text
    for words in ("S.B. 7", "Hearing held", "Engrossed", "Before the chamber", "Last checked"):
        assert words in page
    with uow.unit():
        hidden = tracking.add_bill(
            system(coalition_id),
            coalition_id,
            tracking.BillWords("Oregon", "2027", "HB 1", "T", "Clerk", clock.now().date() - timedelta(days=3)),
        )
        name = hidden.public_id
    assert app.test_client().get(f"/bills/{name}").status_code == 404


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("HB 2002", "HB2002"),
        ("H.B.2002", "HB2002"),
        ("HB-2002", "HB2002"),
        ("hb02002", "HB2002"),
        ("House Bill 2002", "HB2002"),
        ("\uff28\uff22\u3000\uff12\uff10\uff10\uff12", "HB2002"),
        ("HB 2002-A", "HB2002A"),
        ("2002", "2002"),
        ("HB", None),
        ("", None),
        ("HB 20 02 x y", "HB2002XY"),
        ("Senate Joint Resolution 12", "SJR12"),
    ],
)
def test_i051_identifiers_that_people_write_differently_are_one(spelling, expected):
    from advocacy.campaigns.rules import normal_identifier

    assert normal_identifier(spelling) == expected


def test_bills_page_makes_as_many_queries_for_thirty_as_for_one(organizer, coalition_id):
    from tests.support.queries import count_queries

    def count() -> int:
        with count_queries() as counted:
            assert organizer.get("/desk/bills").status_code == 200
        return counted.count

    make_campaign(coalition_id)
    make_bill(coalition_id, "HB 1")
    few = count()
    for number in range(2, 31):
        take(make_bill(coalition_id, f"HB {number}"), stance="watch")
    assert count() == few
