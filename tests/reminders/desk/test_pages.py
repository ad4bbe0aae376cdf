"""The page of deadlines at the desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, RuleBroken
from advocacy.reminders import desk_queries as queries
from advocacy.reminders import rules
from advocacy.reminders.models import Deadline, DeadlineState
from advocacy.reminders.own_models import OwnDeadline
from advocacy.reminders.services import deadlines as purging
from advocacy.reminders.services import firing, keeping
from advocacy.reminders.services.keeping import OwnWords
from tests.factories import deadlines
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.support.work import run_due
from tests.tracking.pages import post


def form(**more: Any) -> dict[str, Any]:
    """What the page posts for 4 pm on the business day before a hearing."""
    at = clock.now() + timedelta(days=40)
    return {
        "title": "Register to testify",
        "kind": "registration_closes",
        "tz": deadlines.TZ,
        "form": "business",
        "event_on": f"{at:%Y-%m-%d}",
        "event_time": "13:30",
        "count": "1",
        "side": "before",
        "at": "16:00",
        "calendar": "US-NY",
        "source": "https://example.org/rules",
        "is_checked": "y",
        **more,
    }


def row_of(public_id: str, coalition_id: int) -> Deadline:
    with uow.reading():
        return queries.deadline_of(queries.own(actor_in(coalition_id), public_id))


def send(client: FlaskClient, to: str, **data: Any) -> Any:
    """Post as a form of the desk does."""
    page = to if to.endswith(("/new", "/edit")) else to.rpartition("/")[0]
    return post(client, page, to, **data)


def test_deadline_with_a_rule_is_previewed_without_a_script_and_then_kept(
    organizer: FlaskClient, coalition_id: int
) -> None:
    shown = send(organizer, "/desk/deadlines/new", **form(preview="y"))
    assert shown.status_code == 200
    assert "Nothing is saved yet." in shown.text
    due = re.search(r"Due: ([^<]+16:00[^<]*)<", shown.text)
    assert due is not None
    with uow.reading():
        assert db.session.scalars(select(Deadline)).all() == []

    kept = send(organizer, "/desk/deadlines/new", **form())
    assert kept.status_code == 303
    page = organizer.get(kept.headers["Location"]).text
    assert due.group(1) in page
    assert "Checked today, confirm on the official notice." in page
    assert "1 business day (US-NY) before" in page
    assert due.group(1) in organizer.get("/desk/deadlines").text
    assert due.group(1) in organizer.get("/desk/deadlines/sheet").text
    with uow.reading():
        row = db.session.scalars(select(Deadline)).one()
    assert row.coalition_id == coalition_id
    assert rules.of_data(row.rule or {}) == rules.Business(1, "16:00", "US-NY")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": ""}, "Say what is due."),
        ({"event_on": ""}, "Say from which day it is counted."),
        ({"count": "1.5"}, "Whole days only."),
        ({"count": ""}, "Say how many."),
        ({"count": "9000"}, "This leads too far away."),
        ({"form": "fixed"}, "Give the day."),
        ({"form": "fixed", "due_on": "2020-01-01"}, "This lies in the past."),
        ({"closed": "tomorrow"}, "Write each day as year-month-day"),
        ({"event_on": "9999-12-31", "form": "elapsed", "side": "after"}, "This leads too far away."),
    ],
)
def test_deadline_that_cannot_be_is_refused_at_its_field(
    organizer: FlaskClient, coalition_id: int, given: dict[str, str], said: str
) -> None:
    answer = send(organizer, "/desk/deadlines/new", **form(**given))
    assert answer.status_code == 422
    assert said in answer.text


def test_deadline_when_moved_dropped_and_taken_back_keeps_one_row_and_counts_revisions(
    organizer: FlaskClient,
    coalition_id: int,
) -> None:
    public_id = deadlines.make_deadline(coalition_id)
    page = f"/desk/deadlines/own/{public_id}"
    moved = send(organizer, f"{page}/edit", **form(version="1"))
    assert moved.status_code == 303
    assert send(organizer, f"{page}/edit", **form(version="1")).status_code == 409
    assert row_of(public_id, coalition_id).rev == 2
    filled = organizer.get(f"{page}/edit").text
    assert 'value="16:00"' in filled
    assert send(organizer, f"{page}/drop").status_code == 303
    assert row_of(public_id, coalition_id).state == DeadlineState.VOID
    assert "Take it back" in organizer.get(page).text
    assert send(organizer, f"{page}/restore").status_code == 303
    after = row_of(public_id, coalition_id)
    assert (after.state, after.rev) == (DeadlineState.UPCOMING, 3)
    assert send(organizer, f"{page}/done").status_code == 303
    assert row_of(public_id, coalition_id).state == DeadlineState.MET
    assert "Comments are due" not in organizer.get("/desk/deadlines").text


def test_list_shows_what_is_overdue_what_is_mine_and_pages(
    app: Flask, organizer: FlaskClient, coalition_id: int, move_clock: Callable[[float], None]
) -> None:
    mine = make_member(coalition_id, "organizer")
    deadlines.make_deadline(coalition_id, "Nobody's", people=[])
    deadlines.make_deadline(coalition_id, "Hers", people=[mine])
    assert "Nobody&#39;s" in organizer.get("/desk/deadlines").text
    assert "Hers" not in organizer.get("/desk/deadlines?mine=y").text
    assert "Nothing fits" in organizer.get("/desk/deadlines?kind=petition_close").text
    move_clock(11 * 86400)
    with uow.unit():
        firing.hand_to_queue()
    run_due(app)
    with uow.reading():
        overdue = queries.lines(actor_in(coalition_id), queries.Shown.OVERDUE)
    assert {line.about.title for line in overdue.rows} == {"Nobody's", "Hers"}


def test_keeping_when_not_allowed_or_overtaken_is_refused(app: Flask, move_clock: Callable[[float], None]) -> None:
    del app
    coalition_id, other = make_coalition(), make_coalition()
    words = OwnWords("x", deadlines.in_days(3), deadlines.TZ)
    with pytest.raises(NotAllowed), uow.unit():
        keeping.add_own(actor_in(coalition_id, "observer"), coalition_id, words)
    with pytest.raises(NotAllowed), uow.unit():
        keeping.add_own(actor_in(other, "organizer"), coalition_id, words)
    stranger = OwnWords("x", deadlines.in_days(3), deadlines.TZ, people=[make_member(other, "organizer")])
    with pytest.raises(RuleBroken), uow.unit():
        keeping.add_own(actor_in(coalition_id, "organizer"), coalition_id, stranger)
    dropped = deadlines.drop(coalition_id, deadlines.make_deadline(coalition_id))
    move_clock(11 * 86400)
    with pytest.raises(Conflict), uow.unit():
        keeping.restore_own(actor_in(coalition_id), dropped)


def test_purge_of_what_is_long_past_takes_the_coalitions_own_with_it(app: Flask, coalition_id: int) -> None:
    del app
    deadlines.drop(coalition_id, deadlines.make_deadline(coalition_id, people=[make_member(coalition_id)]))
    kept = deadlines.make_deadline(coalition_id)
    with uow.unit():
        assert purging.purge_deadlines(clock.now() + timedelta(days=20), 10) == 1
    with uow.reading():
        assert db.session.scalars(select(OwnDeadline.public_id)).all() == [kept]
