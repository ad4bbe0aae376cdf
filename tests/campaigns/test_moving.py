"""The life of a campaign: its ground, its victory, its archive, its copies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from advocacy.audit.models import AuditEvent
from advocacy.campaigns.models import (
    Ask,
    CampaignAction,
    CampaignState,
    Indicator,
    Measurement,
    Milestone,
    News,
    Target,
    Task,
)
from advocacy.campaigns.queries.campaigns import today
from advocacy.campaigns.services import acting, asking, copying, drafting, moving, planning, telling, tracking, working
from advocacy.core import uow
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, RuleBroken
from advocacy.petitions.services import drafting as petitions
from tests.factories.accounts import csrf_token
from tests.factories.campaigns import campaign, make_bill, make_campaign, make_task, names, system
from tests.factories.coalitions import actor_in, make_coalition
from tests.factories.petitions import make_petition
from tests.support import walk


def own_action(campaign_id):
    with uow.reading():
        wanted = select(CampaignAction.public_id).where(CampaignAction.campaign_id == campaign_id)
        return db.session.execute(wanted).scalar_one()


def move(campaign_id, state):
    found = campaign(campaign_id)
    with uow.unit():
        moving.move_campaign(system(found.coalition_id), found.public_id, version=found.version, state=state)


def proof(**words):
    given = {"summary": "The county pays for 30 nights.", "source_name": "County budget", "source_url": ""}
    return moving.Proof(**(given | words))


@pytest.mark.both_databases
def test_i050_petition_with_hidden_names_is_ground_enough_and_an_ended_one_is_not(coalition_id):
    campaign_id = make_campaign(coalition_id, active=False)
    with pytest.raises(RuleBroken, match="at most five minutes"):
        move(campaign_id, "active")
    petition = make_petition(coalition_id, campaign_id=campaign_id)
    move(campaign_id, "active")
    found = campaign(campaign_id)
    assert (found.easy_action, found.easy_minutes) == (f"/petitions/{petition.slug}", 2)
    move(campaign_id, "paused")
    with uow.unit():
        petitions.close_petition(system(coalition_id), petition.id)
    with pytest.raises(RuleBroken):
        move(campaign_id, "active")


def test_i050_action_that_is_long_or_seen_is_no_ground(coalition_id):
    campaign_id = make_campaign(coalition_id, active=False)
    found = campaign(campaign_id)
    for minutes, exposure in ((6, "none"), (3, "low"), (3, "public")):
        with uow.unit():
            acting.add_action(
                system(coalition_id),
                found.public_id,
                kind="share",
                title="Tell",
                text="Tell.",
                effort_minutes=minutes,
                exposure=exposure,
            )
        with pytest.raises(RuleBroken):
            move(campaign_id, "active")


@pytest.mark.both_databases
def test_i050_last_easy_action_of_an_active_campaign_stays_open(coalition_id):
    campaign_id = make_campaign(coalition_id)
    found, actor = campaign(campaign_id), system(coalition_id)
    with pytest.raises(RuleBroken), uow.unit():
        acting.set_action_open(actor, found.public_id, own_action(campaign_id), is_open=False)
    petition = make_petition(coalition_id, campaign_id=campaign_id)
    with uow.unit():
        acting.set_action_open(actor, found.public_id, own_action(campaign_id), is_open=False)
    assert campaign(campaign_id).easy_action == f"/petitions/{petition.slug}"


def test_step_that_is_not_in_the_table_is_refused(coalition_id):
    campaign_id = make_campaign(coalition_id)
    for state in ("draft", "archived", "won", "famous"):
        with pytest.raises(Conflict):
            move(campaign_id, state)
    assert campaign(campaign_id).state == CampaignState.ACTIVE


@pytest.mark.both_databases
def test_i048_victory_is_shown_with_its_evidence(organizer, app, coalition_id):
    campaign_id = make_campaign(coalition_id, slug="beds")
    where = f"/desk/campaigns/{campaign(campaign_id).public_id}"
    data = {"csrf_token": csrf_token(organizer), "version": "1", "happened_on": "2026-01-05", "source_name": "County"}
    answer = organizer.post(f"{where}/victory", data=data)
    assert answer.status_code == 422
    assert "Say what was won." in answer.text
    data |= {"version": str(campaign(campaign_id).version), "summary": "Four beds opened."}
    assert organizer.post(f"{where}/victory", data=data | {"source_url": "javascript:x"}).status_code == 422
    assert organizer.post(f"{where}/victory", data=data | {"happened_on": "2099-01-05"}).status_code == 422
    assert organizer.post(f"{where}/victory", data=data).status_code == 303
    page = app.test_client().get("/campaigns/beds").text
    assert "We won this." in page
    assert "Four beds opened." in page
    assert "What you can do" not in page
    with uow.reading():
        moved = (
            db.session.execute(select(AuditEvent.facts).where(AuditEvent.action == "campaign.moved")).scalars().all()
        )
    assert {"from": "active", "to": "won"} in moved


@pytest.mark.both_databases
def test_archive_frees_the_address_which_leads_to_the_archive_then_to_the_next_campaign(app, coalition_id):
    actor, visitor = actor_in(coalition_id), app.test_client()
    first = make_campaign(coalition_id, slug="lobby-day", title="Lobby day")
    move(first, "closed")
    found = campaign(first)
    with uow.unit():
        moving.archive_campaign(actor, found.public_id, version=found.version, slug="lobby-day-2026")
    led = visitor.get("/campaigns/lobby-day")
    assert (led.status_code, led.location) == (302, "/campaigns/lobby-day-2026")
    assert "kept as it was" in visitor.get("/campaigns/lobby-day-2026").text
    other = make_coalition()
    with pytest.raises(Conflict), uow.unit():
        drafting.create_campaign(system(other), other, slug="lobby-day", title="Taken", goal="Over")
    second = make_campaign(coalition_id, slug="lobby-day", title="Lobby day again")
    assert "Lobby day again" in visitor.get("/campaigns/lobby-day?fresh=1").text
    move(second, "closed")
    third, found = campaign(make_campaign(coalition_id, slug="day-of-voices")), campaign(second)
    with uow.unit():
        moving.archive_campaign(
            actor, found.public_id, version=found.version, slug="lobby-day-2027", successor=third.public_id
        )
    assert visitor.get("/campaigns/lobby-day?fresh=2").location == "/campaigns/day-of-voices"


def test_archived_draft_was_never_public_and_stays_so(app, coalition_id):
    found = campaign(make_campaign(coalition_id, slug="quiet", active=False))
    with uow.unit():
        moving.archive_campaign(actor_in(coalition_id), found.public_id, version=found.version, slug="quiet-2026")
    assert app.test_client().get("/campaigns/quiet-2026").status_code == 404
    assert app.test_client().get("/campaigns/quiet").status_code == 404


@pytest.mark.both_databases
def test_copy_has_the_same_plan_with_every_day_moved_and_nothing_done(coalition_id, organizer_id):
    campaign_id = make_campaign(coalition_id)
    names(campaign_id)
    make_task(campaign_id, "Print", assignee_id=organizer_id, due_in=10)
    found, now = campaign(campaign_id), today(coalition_id)
    with uow.unit():
        made = copying.copy_campaign(
            actor_in(coalition_id), found.public_id, slug="again", title="Again", begins_on=now + timedelta(days=365)
        )
        copy_id = made.id

    def rows(model, of):
        return db.session.execute(select(model).where(model.campaign_id == of).order_by(model.id)).scalars().all()

    with uow.reading():
        for model in (Ask, CampaignAction, Indicator, Milestone, Target, Task):
            before, after = rows(model, campaign_id), rows(model, copy_id)
            assert len(before) == len(after) > 0, model
            assert not {row.public_id for row in before} & {row.public_id for row in after}
        due = [
            (row.due_on - other.due_on).days
            for row, other in zip(rows(Task, copy_id), rows(Task, campaign_id), strict=True)
        ]
        assert due == [365, 365]
        assert {(row.state, row.assignee_id) for row in rows(Task, copy_id)} == {("open", None)}
        assert rows(News, copy_id) == []
        assert db.session.query(Measurement).count() == 0
    assert campaign(copy_id).state == "draft"


def test_template_cannot_be_made_active_and_is_offered_for_new_campaigns(organizer, coalition_id):
    found = campaign(make_campaign(coalition_id, active=False, title="Spring pattern"))
    with uow.unit():
        drafting.mark_template(actor_in(coalition_id), found.public_id, version=found.version, is_template=True)
    with pytest.raises(Conflict):
        move(found.id, "active")
    assert "Spring pattern" in organizer.get("/desk/campaigns/new").text
    assert "Spring pattern" not in organizer.get("/desk/campaigns").text
    assert "Spring pattern" in organizer.get("/desk/campaigns?show=templates").text


def test_volunteer_and_stranger_change_nothing(coalition_id):
    found = campaign(make_campaign(coalition_id))
    volunteer = actor_in(coalition_id, "volunteer")
    day = today(coalition_id)
    for act in (
        lambda: moving.move_campaign(volunteer, found.public_id, version=found.version, state="paused"),
        lambda: moving.win_campaign(volunteer, found.public_id, version=found.version, proof=proof(happened_on=day)),
        lambda: planning.add_milestone(volunteer, found.public_id, title="T", due_on=day),
        lambda: copying.copy_campaign(volunteer, found.public_id, slug="x", title="T", begins_on=day),
    ):
        with pytest.raises(NotAllowed), uow.unit():
            act()


def test_number_moves_the_picture_and_keeps_its_source(organizer, app, coalition_id):
    campaign_id = make_campaign(coalition_id, slug="nights")
    found, now = campaign(campaign_id), today(coalition_id)
    with uow.unit():
        indicator = planning.add_indicator(
            system(coalition_id),
            found.public_id,
            title="Open nights",
            unit="nights",
            baseline=10,
            target=30,
            on=now - timedelta(days=60),
        )
        for days, value in ((40, 12), (2, 20), (2, 25)):  # the second of one day takes the place of the first
            planning.add_measurement(
                system(coalition_id), indicator.public_id, on=now - timedelta(days=days), value=value, source="Rota"
            )
    page = app.test_client().get("/campaigns/nights").text
    assert 'value="75"' in page
    assert "Open nights: 25 nights. We began at 10 and want to reach 30." in page
    assert page.count("<td>Rota</td>") == 2
    where = f"/desk/campaigns/{found.public_id}/indicators"
    data = {"csrf_token": csrf_token(organizer), "title": "X", "unit": "u", "baseline": "3", "target": "3"}
    answer = organizer.post(f"{where}/new", data=data | {"baseline_on": now.isoformat()})
    assert answer.status_code == 422
    assert "The target must differ" in answer.text


def test_bill_of_a_campaign_is_on_its_page_only_when_public(app, coalition_id):
    campaign_id = make_campaign(coalition_id, slug="beds")
    names(campaign_id)
    make_bill(coalition_id, "SB 9")
    page = app.test_client().get("/campaigns/beds").text
    assert "HB 2002" in page
    assert "SB 9" not in page


def test_archived_campaign_and_its_parts_stay_as_they_were(app, coalition_id):
    campaign_id = make_campaign(coalition_id)
    known = names(campaign_id)
    found, actor = campaign(campaign_id), system(coalition_id)
    with uow.unit():
        closed = moving.move_campaign(actor, found.public_id, version=found.version, state="closed")
        moving.archive_campaign(actor, found.public_id, version=closed.version, slug=found.slug)
    before = walk.fingerprint()
    changes = (
        lambda: asking.remove_ask(actor, known["campaigns_message.remove_ask:part"]),
        lambda: asking.add_ask(actor, found.public_id, title="More"),
        lambda: planning.remove_target(actor, known["campaigns_offers.remove_target:part"]),
        lambda: planning.remove_indicator(actor, known["campaigns_plan.remove_indicator:part"]),
        lambda: working.carry_task(actor, known["campaigns_board:part"], version=1, state="done"),
        lambda: telling.change_news(
            actor, known["campaigns_message.change_news:part"], title="x", text="x", is_published=True
        ),
        lambda: tracking.link_bill(actor, found.public_id, known["campaigns_bills:public_id"], is_linked=False),
    )
    for change in changes:
        with pytest.raises(Conflict), uow.unit():
            change()
    assert walk.fingerprint() == before
