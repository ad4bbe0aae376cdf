"""What the database itself refuses, whatever the program does: I-048 to I-053 and the row of another tenant."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import exc, text

from advocacy.campaigns.models import Bill, Campaign, CampaignAction, CampaignBill, Position, Task
from advocacy.core import clock, uow
from advocacy.core.db import db
from tests.factories.campaigns import campaign, make_bill, make_campaign, make_task, pass_decision
from tests.factories.coalitions import make_coalition
from tests.factories.organizations import make_decision

pytestmark = pytest.mark.both_databases


def refused(change) -> str:
    """What the database says to a change that must not be."""

    def attempt() -> None:
        with uow.unit():
            change()
            db.session.flush()

    with pytest.raises(exc.IntegrityError) as caught:
        attempt()
    db.session.rollback()
    return str(caught.value.orig)


def run(sql: str, **params: object) -> None:
    db.session.execute(text(sql), params)


def position(bill: Bill, **facts: object) -> Position:
    return Position(coalition_id=bill.coalition_id, bill_id=bill.id, valid_from=clock.now(), reason="", **facts)


def test_i048_campaign_is_won_only_with_evidence(coalition_id):
    campaign_id = make_campaign(coalition_id)
    said = refused(lambda: run("UPDATE campaign SET state = 'won' WHERE id = :id", id=campaign_id))
    assert "won_has_evidence" in said
    assert campaign(campaign_id).state == "active"


def test_i048_evidence_of_another_coalition_proves_nothing(coalition_id):
    campaign_id, other = make_campaign(coalition_id), make_coalition()
    with uow.unit():
        run(
            "INSERT INTO campaign_evidence (id, coalition_id, summary, source_name, source_url, happened_on, added_at)"
            " VALUES (77, :other, 'x', 'y', '', '2027-01-01', '2027-01-01 00:00:00')",
            other=other,
        )
    refused(lambda: run("UPDATE campaign SET state = 'won', evidence_id = 77 WHERE id = :id", id=campaign_id))


def test_i049_task_and_action_take_at_least_a_minute(coalition_id):
    campaign_id = make_campaign(coalition_id)
    task = make_task(campaign_id)
    for minutes in (0, -5):
        refused(lambda given=minutes: run("UPDATE campaign_task SET effort_minutes = :m", m=given))
        refused(lambda given=minutes: run("UPDATE campaign_action SET effort_minutes = :m", m=given))
    with uow.reading():
        assert db.session.get_one(Task, task.id).effort_minutes == 20
        assert db.session.query(CampaignAction).one().effort_minutes == 3


def test_i050_campaign_is_not_active_without_naming_its_easy_action(coalition_id):
    campaign_id = make_campaign(coalition_id, active=False)
    activate = "UPDATE campaign SET state = 'active', first_active_at = '2027-01-01 00:00:00'"
    assert "active_has_easy_action" in refused(lambda: run(activate))
    refused(lambda: run(f"{activate}, easy_action = '/x', easy_minutes = 6"))
    refused(lambda: run(f"{activate}, easy_action = '/x', easy_minutes = 0"))
    refused(lambda: run(f"{activate}, easy_minutes = 3"))
    assert campaign(campaign_id).state == "draft"


def test_i051_a_bill_is_followed_once_however_its_number_is_written(coalition_id):
    bill = make_bill(coalition_id, "HB 2002")
    copy = {
        "coalition_id": coalition_id,
        "jurisdiction": bill.jurisdiction,
        "session": bill.session,
        "identifier": "H.B.2002",
        "identifier_norm": bill.identifier_norm,
        "title": "Again",
        "source_name": "Clerk",
        "checked_on": bill.checked_on,
        "created_at": clock.now(),
        "changed_at": clock.now(),
    }
    refused(lambda: db.session.add(Bill(public_id="A" * 22, **copy)))
    with uow.unit():
        other = copy | {"coalition_id": make_other()}
        db.session.add(Bill(public_id="B" * 22, **other))
        db.session.add(Bill(public_id="C" * 22, **(copy | {"session": "2029"})))


def make_other() -> int:
    from advocacy.coalitions.services import founding
    from advocacy.core.actor import system_actor

    return founding.create_coalition(system_actor(), slug="another", name="Another", tz="America/Chicago").id


def test_i052_a_second_live_position_on_a_bill_is_refused_by_the_database(coalition_id):
    bill = make_bill(coalition_id)
    with uow.unit():
        db.session.add(position(bill, stance="watch"))
    refused(lambda: db.session.add(position(bill, stance="watch")))
    with uow.unit():
        run("UPDATE bill_position SET valid_to = valid_from")
        db.session.add(position(bill, stance="watch"))


def test_i053_a_position_needs_a_passed_decision_on_positions_of_the_same_coalition(coalition_id):
    bill = make_bill(coalition_id)
    refused(lambda: db.session.add(position(bill, stance="support")))
    still_open = make_decision(coalition_id, is_open=False)
    refused(lambda: db.session.add(position(bill, stance="support", decision_id=still_open.id)))
    foreign = pass_decision(make_coalition())
    refused(lambda: db.session.add(position(bill, stance="support", decision_id=foreign)))
    about_money = pass_decision(coalition_id, kind="budget")
    refused(lambda: db.session.add(position(bill, stance="support", decision_id=about_money)))
    passed = pass_decision(coalition_id)
    with uow.unit():
        db.session.add(position(bill, stance="support", decision_id=passed))


def test_i053_a_position_cannot_be_turned_into_another_or_deleted(coalition_id):
    bill = make_bill(coalition_id)
    with uow.unit():
        db.session.add(position(bill, stance="watch"))
    refused(lambda: run("UPDATE bill_position SET stance = 'support'"))
    refused(lambda: run("DELETE FROM bill_position"))
    with uow.unit():
        run("UPDATE bill_position SET valid_to = valid_from")
    refused(lambda: run("UPDATE bill_position SET valid_to = NULL"))


def test_rows_of_another_coalition_cannot_be_joined(coalition_id):
    """Z-02: composite keys; no bug can point into another coalition."""
    mine, theirs = campaign(make_campaign(coalition_id)), campaign(make_campaign(make_coalition()))
    bill = make_bill(coalition_id)
    refused(lambda: db.session.add(CampaignBill(campaign_id=theirs.id, bill_id=bill.id, coalition_id=coalition_id)))
    make_task(mine.id)
    refused(lambda: run("UPDATE campaign_task SET campaign_id = :id", id=theirs.id))


def test_states_that_no_table_knows_are_refused(coalition_id):
    campaign_id = make_campaign(coalition_id)
    make_task(campaign_id)
    refused(lambda: run("UPDATE campaign SET state = 'famous'"))
    refused(lambda: run("UPDATE campaign_task SET state = 'lost'"))
    refused(lambda: run("UPDATE campaign_task SET state = 'done'"))  # without saying when
    refused(lambda: run("UPDATE campaign SET is_template = :yes", yes=True))  # a template is a draft
    assert clock.now() - campaign(campaign_id).first_active_at < timedelta(minutes=5)
    with uow.reading():
        assert db.session.query(Campaign).one().version >= 1
