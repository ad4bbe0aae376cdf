"""Bills and committee meetings of Congress, from a source whose lists hold little: made in its documented shape."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.tracking.services import watching
from tests.factories.campaigns import make_bill
from tests.factories.tracking import waiting
from tests.support import stand_in
from tests.support.work import run_due
from tests.tracking.conftest import KEY, use
from tests.tracking.rounds import poll, round_of

BILL = {"congress": 119, "type": "HR", "number": "1234", "title": "Beds Act", "originChamber": "House"}
STEPS = [
    {"actionDate": "2026-11-20", "text": "Passed House.", "type": "Floor", "actionCode": "8000"},
    {"actionDate": "2026-03-04", "text": "Introduced in House", "type": "IntroReferral", "actionCode": "1000"},
]
MEETING = {
    "eventId": "115538",
    "title": "Hearing on beds",
    "type": "Hearing",
    "meetingStatus": "Scheduled",
    "date": "2099-03-10T14:00:00Z",
    "location": {"room": "2123", "building": "Rayburn House Office Building"},
    "committees": [{"name": "House Energy and Commerce", "systemCode": "hsif00"}],
    "relatedItems": {"bills": [{"congress": 119, "type": "HR", "number": "1234"}]},
}


class Congress:
    """What it answers from."""

    def __init__(self):
        self.steps = list(STEPS)
        self.meetings = [dict(MEETING)]
        self.updated = "2026-11-21T10:00:00Z"

    def __call__(self, path, query):
        if path == "/v3/bill/119":
            listed = {**BILL, "updateDate": self.updated[:10], "updateDateIncludingText": self.updated}
            return {"bills": [listed], "pagination": {"count": 1}}
        if path == "/v3/bill/119/hr/1234":
            return {"bill": {**BILL, "updateDate": self.updated}}
        if path == "/v3/bill/119/hr/1234/actions":
            return {"actions": self.steps, "pagination": {"count": len(self.steps)}}
        if path == "/v3/committee-meeting/119":
            refs = [{"eventId": one["eventId"], "chamber": "House"} for one in self.meetings]
            return {"committeeMeetings": refs, "pagination": {"count": len(refs)}}
        for one in self.meetings:
            if path.endswith(f"/{one['eventId']}"):
                return {"committeeMeeting": one} if one.get("title") else (500, {"error": "bad record"})
        return (404, {"error": "unknown"})


@pytest.fixture
def congress():
    return Congress()


@pytest.fixture
def tracked(app, congress, coalition_id):
    with stand_in.serve(congress) as source:
        use(app, congress_gov_url=source.base_url, congress_gov_key=KEY)
        found = make_bill(coalition_id, "H.R. 1234", jurisdiction="Congress", session="119")
        with uow.unit():
            actor = system_actor(coalition_id=coalition_id)
            watching.track_bill(actor, found.public_id, code="us", session="119", identifier="H.R. 1234")
        run_due(app)
        yield source


def said(coalition_id):
    return [row.facts.get("what") or row.facts["title"] for row in waiting(coalition_id)]


def test_bill_of_congress_is_read_with_its_steps_oldest_first(app, congress, tracked, coalition_id):
    assert tracked.paths() == ["/v3/bill/119/hr/1234", "/v3/bill/119/hr/1234/actions"]
    assert said(coalition_id) == ["Introduced in House", "Passed House."]
    tracked.asked.clear()
    congress.steps.insert(0, {"actionDate": "2026-11-23", "text": "Received in the Senate.", "type": "IntroReferral"})
    congress.updated = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    round_of(app, "bills", "congress_gov", "us")
    path, query = tracked.asked[0]
    assert (path, query["sort"]) == ("/v3/bill/119", ["updateDate+asc"])
    datetime.strptime(query["fromDateTime"][0], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert "Received in the Senate." in said(coalition_id)
    assert poll("bills", "congress_gov", "us").last_code == ""


def test_pitfall_09_committee_meeting_stands_in_washingtons_time_and_can_be_postponed(
    app, congress, tracked, coalition_id
):
    congress.meetings.append({"eventId": "9", "title": ""})  # one bad record is passed over
    round_of(app, "events", "congress_gov", "us")
    new = next(row for row in waiting(coalition_id) if row.kind == "hearing_new")
    assert (new.facts["at"], new.facts["tz"]) == (time(10, 0).isoformat("minutes"), "America/New_York")
    assert new.facts["committee"] == "House Energy and Commerce"
    from advocacy.tracking.services import settling

    with uow.unit():
        settling.accept_change(system_actor(coalition_id=coalition_id), new.public_id, version=new.version)
    for status, kind in (("Postponed", "hearing_moved"), ("Canceled", "hearing_cancelled")):
        congress.meetings[0]["meetingStatus"] = status
        round_of(app, "events", "congress_gov", "us")
        assert [row.kind for row in waiting(coalition_id) if row.hearing_id] == [kind]


def test_key_of_congress_stands_in_no_row(app, tracked):
    assert all(query["api_key"] == [KEY] for _path, query in tracked.asked)
    assert KEY not in repr(poll("bills", "congress_gov", "us").__dict__)
