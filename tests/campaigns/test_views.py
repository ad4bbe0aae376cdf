"""Campaigns at the desk and for everybody."""

from __future__ import annotations

import pytest

from advocacy.campaigns.models import CampaignState as S
from advocacy.campaigns.rules import TRANSITIONS, can_move
from advocacy.core.db import db
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.campaigns import campaign, make_campaign
from tests.factories.coalitions import make_coalition, make_member


def public_id(found):
    return campaign(found).public_id


def test_campaigns_page_when_there_are_none_says_what_a_campaign_is(organizer):
    page = organizer.get("/desk/campaigns")
    assert page.status_code == 200
    assert "No campaigns yet" in page.text


def test_menu_on_a_page_below_an_entry_marks_that_entry_and_no_other(organizer):
    page = organizer.get("/desk/campaigns/new").text
    assert '<a href="/desk/campaigns" aria-current="true">' in page
    assert '<a href="/desk" aria-current' not in page


@pytest.mark.both_databases
def test_campaign_is_made_as_a_draft_and_public_once_active(organizer, app):
    data = {
        "csrf_token": csrf_token(organizer),
        "title": "Beds close to home",
        "slug": "beds",
        "goal": "Four more beds.",
    }
    made = organizer.post("/desk/campaigns", data=data)
    assert made.status_code == 303
    where = made.location.split("?")[0]
    assert "Draft" in organizer.get(where).text
    assert app.test_client().get("/campaigns/beds").status_code == 404
    step = {"csrf_token": csrf_token(organizer), "state": "active", "version": "1"}
    refused = organizer.post(f"{where}/move", data=step)
    assert refused.status_code == 422
    assert "at most five minutes" in refused.text
    action = {"kind": "share", "title": "Tell a friend", "text": "Tell one.", "effort_minutes": "3", "exposure": "none"}
    assert organizer.post(f"{where}/actions/new", data=step | action).status_code == 303
    assert organizer.post(f"{where}/move", data=step).status_code == 303
    page = app.test_client().get("/campaigns/beds")
    assert page.status_code == 200
    assert "Beds close to home" in page.text
    assert "Four more beds." in page.text


def test_campaign_form_with_mistakes_names_them(organizer):
    answer = organizer.post(
        "/desk/campaigns", data={"csrf_token": csrf_token(organizer), "slug": "Bad Slug!", "title": "T", "goal": ""}
    )
    assert answer.status_code == 422
    assert "Say what you want to reach." in answer.text
    answer = organizer.post(
        "/desk/campaigns", data={"csrf_token": csrf_token(organizer), "slug": "Bad Slug!", "title": "T", "goal": "G"}
    )
    assert answer.status_code == 422
    assert "The short name may hold" in answer.text


def test_campaign_slug_that_is_taken_is_refused_at_its_field(organizer, coalition_id):
    make_campaign(coalition_id, slug="beds")
    data = {"csrf_token": csrf_token(organizer), "title": "T", "slug": "beds", "goal": "G"}
    answer = organizer.post("/desk/campaigns", data=data)
    assert answer.status_code == 422
    assert "This short name is taken." in answer.text


def test_change_campaign_by_two_editors_the_second_learns_of_the_first(organizer, coalition_id):
    where = f"/desk/campaigns/{public_id(make_campaign(coalition_id, active=False))}"
    data = {"csrf_token": csrf_token(organizer), "title": "New title", "goal": "G", "version": "1"}
    assert organizer.post(f"{where}/edit", data=data).status_code == 303
    assert organizer.post(f"{where}/edit", data=data | {"title": "Other"}).status_code == 409
    assert "New title" in organizer.get(where).text


def test_campaign_of_another_coalition_is_not_found(organizer):
    where = f"/desk/campaigns/{public_id(make_campaign(make_coalition()))}"
    data = {"csrf_token": csrf_token(organizer), "title": "T", "goal": "G", "version": "1", "state": "closed"}
    assert organizer.get(where).status_code == 404
    assert organizer.post(f"{where}/edit", data=data).status_code == 404
    assert organizer.post(f"{where}/move", data=data).status_code == 404


def test_campaigns_page_makes_as_many_queries_for_thirty_as_for_one(organizer, coalition_id):
    from sqlalchemy import event

    def queries():
        seen = []

        def listen(*args):
            seen.append(args[2])

        event.listen(db.engine, "before_cursor_execute", listen)
        assert organizer.get("/desk/campaigns").status_code == 200
        event.remove(db.engine, "before_cursor_execute", listen)
        return len(seen)

    make_campaign(coalition_id)
    first = queries()
    for _one in range(29):
        make_campaign(coalition_id)
    assert queries() == first


def test_campaigns_page_without_the_role_is_refused(app, client, coalition_id):
    sign_in(client, make_member(coalition_id, "speaker"))
    assert client.get("/desk/campaigns").status_code == 403


def test_volunteer_sees_campaigns_and_no_button_that_would_refuse(app, client, coalition_id):
    where = f"/desk/campaigns/{public_id(make_campaign(coalition_id))}"
    sign_in(client, make_member(coalition_id, "volunteer"))
    for page in (
        "/desk/campaigns",
        where,
        f"{where}/plan",
        f"{where}/board",
        f"{where}/message",
        "/desk/facts",
        "/desk/bills",
    ):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "/new" not in answer.text, page
        assert "/move" not in answer.text, page
    assert client.get(f"{where}/edit").status_code == 403


def test_every_step_of_a_campaign_is_in_the_table_and_none_leads_back_from_the_archive():
    assert set(TRANSITIONS) == set(S)
    assert TRANSITIONS[S.ARCHIVED] == frozenset()
    assert not can_move(S.DRAFT, "nonsense")


def test_step_to_a_state_that_is_not_next_is_refused(organizer, coalition_id):
    where = f"/desk/campaigns/{public_id(make_campaign(coalition_id, active=False))}/move"
    data = {"csrf_token": csrf_token(organizer), "version": "1"}
    assert organizer.post(where, data=data | {"state": "won"}).status_code == 409
    assert organizer.post(where, data=data).status_code == 422
