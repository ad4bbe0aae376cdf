"""Ladders at the desk, as an organizer writes them."""

from __future__ import annotations

import re

import pytest

from advocacy.core import uow
from advocacy.mailings.services import climbing
from tests.factories import ladders as made
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.petitions import make_petition
from tests.support.work import run_due

DESK = "/desk/mailings/ladders"


@pytest.fixture
def coalition(app):
    return make_coalition()


@pytest.fixture
def desk(app, coalition):
    return sign_in(app.test_client(), make_member(coalition, "organizer"))


def post(client, url, status=303, **data):
    answer = client.post(url, data={"csrf_token": csrf_token(client), **data})
    assert answer.status_code == status, answer.text
    return answer


def test_a_ladder_is_written_checked_tried_out_and_published_without_a_script(desk, coalition):
    petition = make_petition(coalition)
    assert "No ladders yet" in desk.get(DESK).text
    rules = {"name": "Welcome", "purpose": "campaign_news", "entry": "opt_in", "is_one_mail_a_day": "y"}
    begun = post(desk, f"{DESK}/new", **rules)
    url = re.sub(r"/steps.*", "", begun.headers["Location"])
    assert "No steps yet" in desk.get(f"{url}/steps").text
    post(desk, f"{url}/steps/new/mail", subject="Hello", body="You are in.")
    post(desk, f"{url}/steps/new/wait", 422, way="weekday", unit="days")
    post(desk, f"{url}/steps/new/wait", way="weekday", weekdays=["0", "3"], time="09:30", unit="days")
    asked = {"test": "signed", "purpose": "event", "language": "en", "yes": "9", "no": "next"}
    post(desk, f"{url}/steps/new/decide", 422, **asked)
    post(desk, f"{url}/steps/new/decide", petition=str(petition.id), **{**asked, "yes": "end"})
    post(desk, f"{url}/steps/new/end")
    post(desk, f"{url}/steps/new/mail", subject="Please sign", body="It takes a minute.")
    page = desk.get(f"{url}/steps").text
    assert "Wait until Monday or Thursday, 09:30" in page
    assert "Nobody ever comes here" in page
    post(desk, f"{url}/publish", 422)
    post(desk, f"{url}/steps/5/up")
    assert "nothing to mend" in desk.get(f"{url}/steps").text
    tried = desk.get(f"{url}/try?starts_at=2027-03-13T12:00").text
    assert "Saturday, 13 March 2027, 12:00" in tried
    assert "Monday, 15 March 2027, 09:30" in tried
    assert "5. Please sign" not in tried
    assert "4. Mail: Please sign" in tried
    post(desk, f"{url}/steps/2", way="for", amount="2", unit="hours")
    post(desk, f"{url}/publish")
    assert desk.get(f"{url}/steps").status_code == 404
    post(desk, f"{url}/draft")
    post(desk, f"{url}/steps/5/remove")
    post(desk, f"{url}/drop")
    assert "Please sign" in desk.get(url).text


def test_the_picture_shows_who_waits_where_and_people_stand_by_initials(app, desk, coalition):
    ladder = made.make_ladder(coalition, made.days(2), made.HELLO, entry="hand")
    url = f"{DESK}/{ladder.public_id}"
    for _ in range(3):
        made.make_person(coalition, name="Maren Solberg")
    assert "3 people match" in post(desk, f"{url}/add", 200).text
    post(desk, f"{url}/add", sure="y")
    run_due(app)
    with uow.unit():
        claimed = climbing.claim({})
    climbing.climb(claimed)
    assert '<td class="num" data-value="3">3</td>' in desk.get(url).text
    page = desk.get(f"{url}/people").text
    assert "M… S…" in page
    assert "Solberg" not in page
    post(desk, re.search(rf"{url}/people/[^/]+/out", page)[0])
    assert "taken out by hand" in desk.get(f"{url}/people?state=left").text
    for deed in ("pause", "resume", "close", "resume", "stop"):
        post(desk, f"{url}/{deed}")
    post(desk, f"{url}/resume", 409)


def test_ladders_and_broadcasts_stand_under_one_entry_of_the_menu(desk):
    for url in ("/desk/mailings", DESK):
        page = desk.get(url).text
        assert page.count('href="/desk/mailings"') == 2
        assert page.count(f'href="{DESK}"') == 1
        assert re.search(r'href="/desk/mailings" aria-current="(page|true)"', page)
        assert re.search(rf'href="{url}" aria-current="page"', page)


def test_z01_a_step_of_another_coalitions_ladder_is_none_of_ours(app, desk, coalition):
    """A step is found by its number below its own ladder only; the same number elsewhere is another step."""
    other = make_coalition(name="Over the River")
    theirs, ours = made.make_ladder(other), made.make_ladder(coalition)
    made.begin_draft(theirs)
    made.begin_draft(ours, 3)
    before = {key: (step.rung, step.settings) for key, step in made.steps(theirs).items()}
    for url in (f"{DESK}/{ours.public_id}/steps/3", f"{DESK}/{theirs.public_id}/steps/3"):
        assert desk.get(url).status_code == 404
        post(desk, url, 404, subject="Taken over", body="By us.")
        for deed in ("up", "down", "remove"):
            post(desk, f"{url}/{deed}", 404)
    post(desk, f"{DESK}/{ours.public_id}/steps/1", subject="Ours alone", body="Anew.")
    assert {key: (step.rung, step.settings) for key, step in made.steps(theirs).items()} == before
