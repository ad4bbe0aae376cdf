"""I-05: dates for calendars are escaped, folded and ended as they must be; one identity, a number that grows."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.tokens import token_hash
from advocacy.messaging import preferences
from advocacy.messaging.preference_models import PersonKind
from advocacy.reminders import hold_queries, ical
from advocacy.reminders.feed_models import CalendarFeed
from advocacy.reminders.models import Deadline
from advocacy.reminders.services import deadlines
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.campaigns import make_campaign, make_task
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.factories.petitions import make_petition

AT = datetime(2027, 3, 14, 6, 30, tzinfo=UTC)
HOSTILE = [
    "plain",
    "a;b,c\\d:e\"f'",
    "x\r\nATTENDEE:mailto:evil@example.org",
    "x\nEND:VEVENT\nBEGIN:VEVENT",
    "x\\nBEGIN:VALARM",
    "x\u2028y\u2029z\x0bq\x0cr\x85s\x00t\x1bu",
    "\u202eevil\u202c",
    "=?utf-8?q?=0ABcc:_a@b?=",
    "é" * 120,
    "👩‍👩‍👧‍👦" * 40,
    "한국어 " * 50,
    " " * 80 + "tail",
    "",
]
CONTENT_LINE = re.compile(r"\A[A-Z-]+(?:;[A-Z-]+=[^\":;,]*)*:.*\Z")
SINGLE = ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "SUMMARY", "URL", "STATUS", "TRANSP", "CLASS")


def strict(data: bytes) -> list[tuple[str, str]]:
    """A second reader that forgives nothing: name and value of each line, unfolded and unescaped."""
    assert data.endswith(b"\r\n")
    physical = data.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in physical)
    assert all(line.decode("utf-8") for line in physical), "each piece is whole characters"
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", data)
    lines = data.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]
    assert all(CONTENT_LINE.match(line) for line in lines)
    found = []
    for line in lines:
        name, value = re.split(r"[;:]", line, maxsplit=1)[0], line.partition(":")[2]
        if name == "SUMMARY":
            assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), "unescaped"
            value = re.sub(r"\\([\\;,])", r"\1", value)
        found.append((name, value))
    return found


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("method", ical.Method)
def test_i05_hostile_title_stays_one_line_of_one_event_for_two_readers(text: str, method: ical.Method):
    hold = ical.Hold("petition_close-abc@example.org", 3, AT, text, "http://localhost/desk", AT)
    data = ical.calendar([hold], method=method, name=text)
    lines = strict(data)
    names = [name for name, _ in lines]
    assert names.count("BEGIN") == names.count("END") == 2
    assert sorted(name for name in names if name in SINGLE) == sorted(SINGLE)
    assert set(names) <= {*SINGLE, "BEGIN", "END", "PRODID", "VERSION", "METHOD", "X-WR-CALNAME", "REFRESH-INTERVAL"}
    parsed = Calendar.from_ical(data)
    (event,) = parsed.walk("VEVENT")
    assert parsed["METHOD"] == str(method)
    assert str(event["SUMMARY"]) == dict(lines)["SUMMARY"]
    assert (str(event["UID"]), int(event["SEQUENCE"]), event.decoded("DTSTART")) == (hold.uid, 3, AT)
    assert str(event["STATUS"]) == ("CANCELLED" if method is ical.Method.CANCEL else "CONFIRMED")


class Facts:
    """A reminder's mail."""

    locale = "en"

    def __init__(self, deadline_id: int, user_id: int) -> None:
        self.params = {"deadline_id": deadline_id, "deadline_rev": 1, "offset": "1d", "user_id": user_id}


def read(data: bytes):
    strict(data)
    return Calendar.from_ical(data)


def attached(user_id: int):
    with uow.reading():
        row = db.session.scalars(select(Deadline)).one()
        ((name, media_type, data),) = hold_queries.attachments(Facts(row.id, user_id))
    assert (name, media_type) == ("date.ics", "text/calendar")
    return read(data)


def closing(title: str = "Beds; close, to home") -> tuple[int, int, int]:
    """A petition that closes: coalition, its organizer, petition."""
    coalition_id = make_coalition()
    user_id = make_member(coalition_id, "organizer")
    petition = make_petition(coalition_id=coalition_id, title=title, closes_at=clock.now() + timedelta(days=9))
    return coalition_id, user_id, petition.id


def test_i05_moved_date_keeps_its_identity_and_its_number_grows(app):
    _coalition_id, user_id, _petition_id = closing()
    before = attached(user_id)
    with uow.unit():
        row = db.session.scalars(select(Deadline)).one()
        moved = row.due_at + timedelta(days=1)
        deadlines.set_deadline(
            kind=row.kind,
            coalition_id=row.coalition_id,
            object_kind=row.object_kind,
            object_id=row.object_id,
            due_at=moved,
            tz=row.tz,
        )
    after = attached(user_id)
    one, two = before.walk("VEVENT")[0], after.walk("VEVENT")[0]
    assert one["UID"] == two["UID"]
    assert (int(one["SEQUENCE"]), int(two["SEQUENCE"])) == (1, 2)
    assert two.decoded("DTSTART") == moved.replace(microsecond=0)
    with uow.unit():
        row = db.session.scalars(select(Deadline)).one()
        deadlines.drop_deadline(row.kind, row.object_kind, row.object_id)
    gone = attached(user_id)
    event = gone.walk("VEVENT")[0]
    assert (gone["METHOD"], event["STATUS"], event["UID"]) == ("CANCEL", "CANCELLED", one["UID"])
    assert int(event["SEQUENCE"]) == 3


def test_i05_discreet_person_gets_no_topic_and_a_task_never_names_anybody(app):
    coalition_id, user_id, _petition_id = closing()
    assert str(attached(user_id).walk("VEVENT")[0]["SUMMARY"]) == "A petition closes: Beds; close, to home"
    with uow.unit():
        chosen = preferences.Preference(tz="UTC", is_discreet=True)
        preferences.choose(actor_in(coalition_id, user_id=user_id), PersonKind.ACCOUNT, user_id, chosen)
    assert str(attached(user_id).walk("VEVENT")[0]["SUMMARY"]) == "A date of Advocacy"


def address(client) -> str:
    answer = client.post("/account/calendar", data={"csrf_token": csrf_token(client)})
    assert answer.headers["Cache-Control"] == "no-store"
    return re.search(r"(/calendar/[\w-]+\.ics)", answer.text)[1]


def summaries(client, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return sorted(str(event["SUMMARY"]) for event in read(answer.data).walk("VEVENT"))


def test_calendar_shows_ones_own_dates_until_it_is_switched_off(app, client):
    coalition_id, user_id, _petition_id = closing()
    campaign_id = make_campaign(coalition_id)
    make_task(campaign_id, "Call Maria Lopez", due_in=5, assignee_id=user_id)
    make_task(campaign_id, "Not mine", due_in=5)
    sign_in(client, user_id)
    first = address(client)
    assert summaries(client, first) == ["A petition closes: Beds; close, to home", "A task is due"]
    token = first.removeprefix("/calendar/").removesuffix(".ics")
    assert db.session.scalars(select(CalendarFeed.token_hash)).one() == token_hash(token)
    second = address(client)
    assert client.get(first).status_code == 404, "a new address ends the old"
    client.post("/account/calendar/off", data={"csrf_token": csrf_token(client)})
    assert client.get(second).status_code == 404
    assert db.session.scalars(select(CalendarFeed)).all() == []


def test_calendar_of_another_coalition_shows_nothing_of_ours(app, client):
    closing()
    sign_in(client, make_member(make_coalition("others"), "admin"))
    assert summaries(client, address(client)) == []


def test_calendar_holds_ones_own_date_behind_many_dates_of_others(app, client, monkeypatch):
    monkeypatch.setattr(hold_queries, "MOST", 2)
    coalition_id = make_coalition()
    user_id = make_member(coalition_id, "volunteer")
    campaign_id = make_campaign(coalition_id)
    for _one in range(3):
        make_task(campaign_id, "Not mine", due_in=2)
    make_task(campaign_id, "Mine", due_in=9, assignee_id=user_id)
    sign_in(client, user_id)
    assert summaries(client, address(client)) == ["A task is due"]
