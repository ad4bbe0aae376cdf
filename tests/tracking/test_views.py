"""The pages of tracking and of hearings."""

from __future__ import annotations

import re

import pytest

from advocacy.campaigns.models import Bill
from advocacy.core import uow
from advocacy.core.actor import Actor
from advocacy.tracking import queries
from advocacy.tracking.models import ChangeKind, Watch
from advocacy.tracking.services import noting, searching
from advocacy.tracking.services.noting import Said
from tests.factories.campaigns import make_bill
from tests.factories.coalitions import make_member
from tests.factories.tracking import make_change, track, waiting
from tests.support.legislature import action, bill
from tests.support.queries import count_queries
from tests.support.work import run_due
from tests.tracking.pages import only, post, token


def test_empty_queue_says_what_it_is_for(organizer):
    page = organizer.get("/desk/changes")
    assert page.status_code == 200
    assert "Nothing waits" in page.text
    assert "No source outside is asked here" in page.text


def test_a_bill_is_tracked_by_hand_without_key_or_network(app, organizer, coalition_id):
    made = make_bill(coalition_id, "HB 2002")
    url = f"/desk/bills/{made.public_id}"
    assert "Track this bill" in organizer.get(url).text
    form = organizer.get(f"{url}/track").text
    assert '<option value="or" selected>Oregon</option>' in form
    assert "No key is set" in form
    data = {"code": "or", "session": "2027R1", "identifier": "HB 2002"}
    assert post(organizer, f"{url}/track", f"{url}/track", **data).status_code == 303
    run_due(app)
    page = organizer.get(url).text
    assert "No key is set for this source" in page
    assert "Check now" not in page
    assert post(organizer, url, f"{url}/untrack").status_code == 303
    assert "Track this bill" in organizer.get(url).text


@pytest.mark.parametrize("data", [{"code": "xx"}, {"session": ""}, {"identifier": "beds"}])
def test_tracking_names_what_to_mend(organizer, coalition_id, data):
    url = f"/desk/bills/{make_bill(coalition_id).public_id}/track"
    given = {"code": "or", "session": "2027R1", "identifier": "HB 2002"} | data
    assert post(organizer, url, url, **given).status_code == 422


@pytest.mark.both_databases
def test_changes_are_accepted_and_dismissed_once(app, organizer, coalition_id):
    found = track(coalition_id)
    first, second = make_change(found, "First reading"), make_change(found, "Second reading")
    page = organizer.get("/desk/changes").text
    assert page.index("Second reading") < page.index("First reading")
    for _time in range(2):
        url = f"/desk/changes/{first.public_id}/accept"
        assert post(organizer, "/desk/changes", url, version=first.version).status_code == 303
    url = f"/desk/changes/{second.public_id}/dismiss"
    assert post(organizer, "/desk/changes", url, version=second.version + 1).status_code == 409
    assert post(organizer, "/desk/changes", url, version=second.version).status_code == 303
    assert waiting(coalition_id) == []
    shown = organizer.get(f"/desk/bills/{found.public_id}").text
    assert shown.count("First reading") == 1
    assert "Second reading" not in shown
    url = f"/desk/changes/{second.public_id}/accept"
    page = organizer.get("/desk/bills/search")
    assert organizer.post(url, data={"csrf_token": token(page), "version": second.version}).status_code == 409


def test_all_steps_are_accepted_in_their_order(organizer, coalition_id):
    found = track(coalition_id)
    make_change(found, "B")
    make_change(found, "A")
    url = f"/desk/bills/{found.public_id}"
    assert "Accept all steps and texts" in organizer.get(url).text
    assert post(organizer, url, f"{url}/changes/accept").status_code == 303
    assert waiting(coalition_id) == []


def test_z02_changes_of_others_do_not_exist(organizer, app, coalition_id):
    from tests.factories.coalitions import make_coalition

    other = make_coalition("other", "Others")
    theirs = make_change(track(other), "Their step")
    assert "Their step" not in organizer.get("/desk/changes").text
    page = organizer.get("/desk/bills/search")
    for verb in ("accept", "dismiss"):
        url = f"/desk/changes/{theirs.public_id}/{verb}"
        assert organizer.post(url, data={"csrf_token": token(page), "version": 1}).status_code == 404
    assert len(waiting(other)) == 1


@pytest.mark.civic_data
def test_search_then_follow_and_track(app, organizer, states, mn, coalition_id):
    mn.bills = [bill(actions=[action("2025-03-06", "First reading", "introduction")]), bill(7, title="On roads")]
    page = post(organizer, "/desk/bills/search", "/desk/bills/search", code="mn", words="beds")
    assert page.status_code == 200
    assert "HF 105" in page.text
    assert "On roads" not in page.text
    assert len(states.asked) == 1
    again = post(organizer, "/desk/bills/search", "/desk/bills/search", code="mn", words=" Beds ")
    assert "HF 105" in again.text
    assert len(states.asked) == 1, "fifteen minutes long the answer is kept"
    data = dict(re.findall(r'name="(code|session|identifier|title|url)" value="([^"]*)"', page.text))
    answer = post(organizer, "/desk/bills/search", "/desk/bills/follow", **data)
    assert answer.status_code == 303
    assert only(Bill).identifier == "HF 105"
    assert only(Watch).jurisdiction == "mn"
    run_due(app)
    shown = organizer.get(answer.location).text
    assert "First reading" in shown
    assert "calls left today" in shown
    twice = post(organizer, "/desk/bills/search", "/desk/bills/follow", **data)
    assert twice.status_code == 422
    assert "follows this bill already" in twice.text


@pytest.mark.civic_data
@pytest.mark.parametrize(("words", "sent"), [("act 2025 housing", "housing act 2025"), ("HF 105", "HF 105")])
def test_pitfall_09_words_that_look_like_a_bill_number_are_put_in_another_order(organizer, states, words, sent):
    post(organizer, "/desk/bills/search", "/desk/bills/search", code="mn", words=words)
    assert states.asked[0][1]["q"] == [sent]


@pytest.mark.civic_data
def test_search_that_fails_says_so_and_an_old_answer_stands_in(organizer, states, mn, move_clock):
    mn.bills = [bill()]
    post(organizer, "/desk/bills/search", "/desk/bills/search", code="mn", words="beds")
    states.mode = "server"
    move_clock(3600)
    page = post(organizer, "/desk/bills/search", "/desk/bills/search", code="mn", words="beds")
    assert "HF 105" in page.text
    assert "did not answer well" in page.text
    page = post(organizer, "/desk/bills/search", "/desk/bills/search", code="mn", words="roads")
    assert page.status_code == 200
    assert "did not answer well" in page.text


@pytest.mark.civic_data
def test_check_now_asks_once_in_five_minutes(organizer, states, mn, coalition_id, move_clock):
    app, mn.bills = organizer.application, [bill()]
    url = f"/desk/bills/{track(coalition_id).public_id}"
    run_due(app)
    states.asked.clear()
    for asked in (3, 3):
        answer = post(organizer, url, f"{url}/check")
        assert answer.status_code == 303
        run_due(app)
        assert len(states.asked) == asked
    move_clock(301)
    post(organizer, url, f"{url}/check")
    run_due(app)
    assert len(states.asked) == 6


def test_desk_names_what_waits_and_only_to_those_who_may_decide(app, client, organizer, coalition_id):
    from tests.factories.accounts import sign_in

    make_change(track(coalition_id), "First reading")
    assert "First reading" in organizer.get("/desk").text
    volunteer = sign_in(app.test_client(), make_member(coalition_id, "volunteer"))
    assert "First reading" not in volunteer.get("/desk").text
    page = volunteer.get("/desk/changes").text
    assert "First reading" in page
    assert "Dismiss" not in page


def test_a_hearing_that_waits_is_named_and_timed_as_on_the_calendar(organizer, coalition_id):
    found = track(coalition_id)
    facts = {"title": "Hearing on beds", "committee": "Health", "on": "2027-03-12", "at": "15:00", "place": "Room F"}
    facts |= {"tz": "America/Los_Angeles", "state": "confirmed", "url": ""}
    with uow.unit():
        noting.suggest(queries.watch(found.id), [Said(ChangeKind.HEARING_NEW, "m", facts)], "Open States")
    said = "Friday, 12 March 2027, 15:00 (Los Angeles time)"
    assert said in organizer.get("/desk/changes").text
    assert "HF 105: Hearing on beds" in organizer.get("/desk").text
    change = waiting(coalition_id)[0]
    url = f"/desk/changes/{change.public_id}/accept"
    assert post(organizer, "/desk/changes", url, version=change.version).status_code == 303
    assert said in organizer.get("/desk/hearings").text


def test_many_changes_come_in_pages_with_the_same_number_of_queries(organizer, coalition_id):
    found = track(coalition_id)
    make_change(found, "Step 0")
    organizer.get("/desk/changes")
    with count_queries() as few:
        organizer.get("/desk/changes")
    for number in range(1, 35):
        make_change(found, f"Step {number}")
    with count_queries() as many:
        page = organizer.get("/desk/changes").text
    assert many.count == few.count
    older = re.search(r'href="(/desk/changes\?after=\d+)"', page)[1]
    assert "Step 0" in organizer.get(older).text


def test_kinds_have_words(app):
    from advocacy.tracking import words

    assert set(words.KINDS) == set(ChangeKind)


def test_desk_names_a_moved_hearing_first_however_many_changes_came_after(organizer, coalition_id):
    found = track(coalition_id)
    make_change(found, "Moved hearing", ChangeKind.HEARING_MOVED)
    for number in range(32):
        make_change(found, f"Step {number}")
    page = organizer.get("/desk").text
    assert page.index("Moved hearing") < page.index("Step 31")
    assert "See all changes" in page


@pytest.mark.civic_data
@pytest.mark.both_databases
@pytest.mark.settings(limits={"bill_search_user": 2})
def test_l01_account_searches_for_so_many_bills_a_day(organizer, states, mn, coalition_id):
    def look(client, words):
        return post(client, "/desk/bills/search", "/desk/bills/search", code="mn", words=words)

    mn.bills = [bill()]
    assert [look(organizer, words).status_code for words in ("beds", "roads", "beds")] == [200, 200, 200]
    refused = look(organizer, "schools")
    assert refused.status_code == 429
    assert "many searches in a day" in refused.text
    assert 0 < int(refused.headers["Retry-After"]) <= 86_401
    assert len(states.asked) == 2
    assert look(organizer, "beds").status_code == 200, "what is kept costs no call"
    other = Actor(user_id=99, coalition_id=coalition_id, roles=frozenset({"organizer"}))
    assert searching.search_bills(other, "mn", "schools").code == ""
