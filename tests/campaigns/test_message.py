"""Facts with sources and days to look again, asks, news, and what everybody can do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from advocacy.campaigns.models import Fact
from advocacy.campaigns.queries.campaigns import today
from advocacy.campaigns.rules import ranked
from advocacy.campaigns.services import acting, asking, telling, working
from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.errors import NotFound
from advocacy.messaging.queries import demo_mails
from advocacy.reminders.services import firing
from advocacy.web.offers import ActionRow
from tests.factories.accounts import csrf_token, sign_in, user_email
from tests.factories.campaigns import campaign, detached, make_campaign, make_fact, make_task, names, system
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.factories.petitions import make_petition
from tests.support.queries import count_queries
from tests.support.reminding import keep_awake
from tests.support.work import run_due

DAY_S = 86_400


def remind(app: Flask, *addresses: str) -> list[str]:
    """Subjects of the mails to these addresses, after the ticker and the worker did their part."""
    with uow.unit():
        keep_awake()
        firing.hand_to_queue()
    run_due(app)
    with uow.reading():
        return [mail.subject for address in addresses for mail in demo_mails(address).rows]


@pytest.mark.both_databases
def test_fact_is_to_be_looked_at_again_on_its_day_by_mail_badge_and_desk(app, client, coalition_id, move_clock):
    organizer_id = make_member(coalition_id, "organizer")
    fact = make_fact(coalition_id, review_on=today(coalition_id) + timedelta(days=20))
    move_clock(7 * DAY_S)
    assert remind(app, user_email(organizer_id)) == ["A fact is to be looked at again"]
    organizer = sign_in(client, organizer_id)
    assert "Fact to look at again since" not in organizer.get("/desk").text
    move_clock(21 * DAY_S)
    organizer = sign_in(client, organizer_id)
    assert "Fact to look at again since" in organizer.get("/desk").text
    page = organizer.get("/desk/facts").text
    assert "To be looked at again</span>" in page
    form = {
        "csrf_token": csrf_token(organizer),
        "claim": fact.claim,
        "source_name": fact.source_name,
        "year": str(fact.year),
        "review_on": (today(coalition_id) + timedelta(days=90)).isoformat(),
        "version": "1",
    }
    assert organizer.post(f"/desk/facts/{fact.public_id}", data=form).status_code == 303
    assert "Fact to look at again since" not in organizer.get("/desk").text


def test_fact_without_source_year_or_a_near_day_is_refused(organizer, coalition_id):
    form = {
        "csrf_token": csrf_token(organizer),
        "claim": "C",
        "source_name": "",
        "year": "2024",
        "review_on": "2027-05-05",
    }
    assert "Name the source." in organizer.post("/desk/facts/new", data=form).text
    good = form | {"source_name": "S"}
    for wrong in ({"year": "1850"}, {"year": "2099"}, {"review_on": "2020-05-05"}, {"review_on": "2099-05-05"}):
        assert organizer.post("/desk/facts/new", data=good | wrong).status_code == 422
    assert organizer.post("/desk/facts/new", data=good | {"source_url": "ftp://x"}).status_code == 422
    assert organizer.post("/desk/facts/new", data=good).status_code == 303


def test_retired_fact_leaves_every_page_and_can_come_back(app, organizer, coalition_id):
    campaign_id = make_campaign(coalition_id, slug="beds")
    names(campaign_id)
    claim = "One counselor serves 500 students."
    assert app.test_client().get("/campaigns/beds").text.count(claim) == 2  # at the ask, and among the facts
    with uow.reading():
        fact_id = db.session.query(Fact.id).scalar()
    fact = detached(Fact, fact_id)
    data = {"csrf_token": csrf_token(organizer), "version": str(fact.version)}
    assert organizer.post(f"/desk/facts/{fact.public_id}/retire", data=data).status_code == 303
    assert claim not in app.test_client().get("/campaigns/beds?fresh=1").text
    assert claim in organizer.get("/desk/facts?show=retired").text
    assert organizer.post(f"/desk/facts/{fact.public_id}/restore", data=data).status_code == 409


def test_fact_of_another_coalition_cannot_back_an_ask(coalition_id):
    found, foreign = campaign(make_campaign(coalition_id)), make_fact(make_coalition())
    with pytest.raises(NotFound), uow.unit():
        asking.add_ask(actor_in(coalition_id), found.public_id, title="T", fact_ids=(foreign.public_id,))


def test_news_is_read_by_nobody_outside_before_it_is_published(app, coalition_id):
    found = campaign(make_campaign(coalition_id, slug="beds"))
    actor = actor_in(coalition_id)
    with uow.unit():
        entry = telling.add_news(actor, found.public_id, title="Canary", text="<b>x</b> **bold**", is_published=False)
        name = entry.public_id
    assert "Canary" not in app.test_client().get("/campaigns/beds").text
    with uow.unit():
        telling.change_news(actor, name, title="Canary", text="<b>x</b> **bold**", is_published=True)
    page = app.test_client().get("/campaigns/beds?fresh=1").text
    assert "<strong>bold</strong>" in page
    assert "<b>x</b>" not in page


@pytest.mark.both_databases
def test_actions_of_every_room_stand_on_the_page_the_smallest_and_most_private_first(app, coalition_id):
    campaign_id = make_campaign(coalition_id, slug="beds")
    make_petition(coalition_id, campaign_id=campaign_id, title="Sign for beds")
    make_petition(coalition_id, campaign_id=campaign_id, title="Still a draft", is_open=False)
    found = campaign(campaign_id)
    with uow.unit():
        for title, minutes, exposure in (("Long read", 45, "none"), ("Short and seen", 2, "public")):
            acting.add_action(
                system(coalition_id),
                found.public_id,
                kind="share",
                title=title,
                text="T",
                effort_minutes=minutes,
                exposure=exposure,
            )
    for address in ("/campaigns/beds", f"/coalitions/{slug_of(coalition_id)}"):
        page = app.test_client().get(address).text
        places = [page.index(title) for title in ("Sign for beds", "Short and seen", "Tell one person", "Long read")]
        assert places == sorted(places), address
        assert "Still a draft" not in page


def slug_of(coalition_id: int) -> str:
    from advocacy.coalitions import queries

    with uow.reading():
        return queries.coalition(coalition_id).slug


def test_ranking_puts_effort_before_exposure_before_closing_time():
    soon = clock.now()
    rows = [
        ActionRow("d", "/d", "share", 5, "none"),
        ActionRow("c", "/c", "share", 2, "low"),
        ActionRow("b", "/b", "share", 2, "none"),
        ActionRow("a", "/a", "share", 2, "none", closes_at=soon),
    ]
    assert [row.title for row in ranked(rows)] == ["a", "b", "c", "d"]


def test_small_action_has_a_page_with_words_to_copy_until_it_is_closed(app, coalition_id):
    campaign_id = make_campaign(coalition_id, slug="beds")
    found = campaign(campaign_id)
    with uow.unit():
        action = acting.add_action(
            system(coalition_id),
            found.public_id,
            kind="share",
            title="Pass it on",
            text="Do.",
            words="Beds matter.",
            effort_minutes=1,
            exposure="none",
        )
        name = action.public_id
    address = f"/campaigns/beds/actions/{name}"
    assert "Beds matter." in app.test_client().get(address).text
    with uow.unit():
        acting.set_action_open(system(coalition_id), found.public_id, name, is_open=False)
    assert app.test_client().get(f"{address}?fresh=1").status_code == 404


@pytest.mark.both_databases
def test_public_pages_make_as_many_queries_for_thirty_as_for_one(app, coalition_id):
    campaign_id = make_campaign(coalition_id, slug="beds")
    names(campaign_id)
    turn = iter(range(99))

    def counts() -> list[int]:
        found = []
        for page in ("/campaigns", "/campaigns/beds", f"/coalitions/{slug_of(coalition_id)}"):
            with count_queries() as counted:
                assert app.test_client().get(f"{page}?fresh={next(turn)}").status_code == 200
            found.append(counted.count)
        return found

    counts()
    few = counts()
    for number in range(10):
        make_campaign(coalition_id, title=f"More {number}")
        make_petition(coalition_id, campaign_id=campaign_id)
    with uow.unit():
        for number in range(20):
            asking.add_ask(system(coalition_id), campaign(campaign_id).public_id, title=f"Ask {number}")
    assert counts() == few


@pytest.mark.both_databases
def test_whoever_has_a_task_is_reminded_once_and_not_when_it_is_done_or_moved(app, coalition_id, move_clock):
    volunteer, other = make_member(coalition_id, "volunteer"), make_member(coalition_id, "volunteer")
    campaign_id = make_campaign(coalition_id)
    task = make_task(campaign_id, "Call", assignee_id=volunteer, due_in=10)
    make_task(campaign_id, "Done before", assignee_id=other, due_in=10)
    done = make_task(campaign_id, "Done early", assignee_id=other, due_in=4)
    with uow.unit():
        working.carry_task(system(coalition_id), done.public_id, version=done.version, state="done")
    addresses = user_email(volunteer), user_email(other)
    move_clock(3 * DAY_S)
    assert remind(app, *addresses) == []
    move_clock(8 * DAY_S)
    assert remind(app, addresses[0]) == ["A task of yours is due soon"]
    assert remind(app, addresses[0]) == ["A task of yours is due soon"]
    with uow.unit():
        words = working.TaskWords("Call", 20, assignee_id=volunteer, due_on=today(coalition_id) + timedelta(days=30))
        working.change_task(system(coalition_id), task.public_id, words, version=detached(type(task), task.id).version)
    move_clock(12 * DAY_S)
    assert len(remind(app, addresses[0])) == 1


def test_desk_shows_what_is_due_what_waits_and_what_moved(app, client, coalition_id):
    organizer_id = make_member(coalition_id, "organizer")
    campaign_id = make_campaign(coalition_id, title="Beds")
    make_campaign(coalition_id, title="Not yet begun", active=False)
    make_task(campaign_id, "Mine and late", assignee_id=organizer_id, due_in=1)
    make_task(campaign_id, "Of nobody", due_in=2)
    make_task(campaign_id, "Far away", assignee_id=organizer_id, due_in=60)
    finished = make_task(campaign_id, "Finished")
    with uow.unit():
        working.carry_task(system(coalition_id), finished.public_id, version=1, state="done")
    page = sign_in(client, organizer_id).get("/desk").text
    due, rest = page.split('id="waiting"')
    waiting, moved = rest.split('id="moved"')
    for words in ("Mine and late", "Your task", "Of nobody", "Nobody has this task"):
        assert words in due
    assert "Far away" not in page
    assert "Not yet begun" in waiting
    assert "1 task done" in moved
    volunteer = sign_in(app.test_client(), make_member(coalition_id, "volunteer")).get("/desk").text
    assert "Of nobody" not in volunteer
    assert "Not yet begun" not in volunteer


def test_active_campaign_whose_ground_is_gone_waits_at_the_desk(client, coalition_id, move_clock):
    campaign_id = make_campaign(coalition_id, title="Beds", active=False)
    make_petition(coalition_id, campaign_id=campaign_id, closes_at=clock.now() + timedelta(hours=2))
    from advocacy.campaigns.services import moving

    found = campaign(campaign_id)
    with uow.unit():
        moving.move_campaign(system(coalition_id), found.public_id, version=found.version, state="active")
    organizer_id = make_member(coalition_id, "organizer")
    assert "small and private to do is missing" not in sign_in(client, organizer_id).get("/desk").text
    move_clock(3 * 3600)
    assert "small and private to do is missing" in client.get("/desk").text
