"""“Not your representative?”: what visitors say, how it is queued, settled and forgotten."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from advocacy.audit.models import AuditEvent
from advocacy.coalitions.models import RoleName
from advocacy.core import clock, uow
from advocacy.core.actor import ANONYMOUS, Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed
from advocacy.legislators.report_models import LookupReport
from advocacy.legislators.services import reporting
from tests.factories.accounts import make_user, sign_in
from tests.factories.coalitions import actor_in, make_coalition

pytestmark = pytest.mark.settings(demo={"enabled": True})
HOUSE = "ocd-division/country:us/state:zz/cd:2"
STATE = "ocd-division/country:us/state:zz"


def tell(client, **given):
    body = {"reason": "district", "divisions": f"{STATE} {HOUSE}", "expected": "", "person": "", **given}
    return client.post("/representatives/report", data=body)


def rows():
    with uow.reading():
        found = db.session.execute(select(LookupReport).order_by(LookupReport.id)).scalars().all()
        db.session.expunge_all()
        return found


def test_result_page_offers_the_report_with_district_and_people_only(client, demo_state):
    page = client.post("/representatives", data={"postal_code": "99961"}).text
    assert 'action="/representatives/report"' in page
    assert "99961" not in page.partition('action="/representatives/report"')[2].partition("</form>")[0]
    assert "Rosalind Delgado-Finch</option>" in page


def test_report_keeps_reason_district_and_words_and_counts_the_same_again(client, demo_state):
    for _time in range(2):
        answer = tell(client, expected="District 1", person="demo-harriet-lindqvist")
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith("/representatives?done=report-kept")
    assert "Set-Cookie" not in answer.headers
    (row,) = rows()
    assert (row.reason, row.division_id, row.person_key, row.expected) == (
        "district",
        HOUSE,
        "demo-harriet-lindqvist",
        "District 1",
    )
    assert row.seen_count == 2


@pytest.mark.parametrize(
    "words",
    [
        "12 Plantedcanary Lane",
        "I live at 7 Old Mill Rd.",
        "Call 202-555-0147",
        "55401",
        "me@example.org",
        "#4",
        "5b Elm Street, unit 3",
        "see https://example.org/x",
        "PO Box 12",
        "12 elm st",
    ],
)
def test_report_with_a_place_or_a_way_to_reach_somebody_is_refused(client, demo_state, words):
    answer = tell(client, expected=words)
    assert answer.status_code == 422
    assert "No street, no ZIP code" in answer.text or "characters" in answer.text
    assert rows() == []


@pytest.mark.parametrize("words", ["Obi Thistlewood", "TX-37", "District 12", "Dr. Muñoz, 2nd district", ""])
def test_names_and_districts_are_taken(client, demo_state, words):
    assert tell(client, expected=words).status_code == 303


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reason", ""),
        ("reason", "x"),
        ("expected", "x" * 121),
        ("expected", "a\x00b"),
    ],
)
def test_report_that_says_nothing_or_too_much_is_422(client, demo_state, field, value):
    answer = tell(client, **{field: value})
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert rows() == []


def test_unknown_people_and_districts_are_left_out(client, demo_state):
    assert tell(client, divisions="nowhere <script>", person="nobody-here").status_code == 303
    (row,) = rows()
    assert (row.division_id, row.person_key) == ("", "")


def test_report_from_another_site_is_refused(client, demo_state):
    answer = client.post("/representatives/report", data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.settings(limits={"report_network": 2})
def test_reports_beyond_the_limit_of_a_network_are_429(client, demo_state):
    assert [tell(client).status_code for _time in range(3)] == [303, 303, 429]


def test_z01_operator_sees_and_settles_no_coalition_does(app, demo_state, client):
    coalition = make_coalition()
    tell(client, expected="District 1")
    (row,) = rows()
    operator = Actor(user_id=make_user(), platform_roles=frozenset({"admin"}))
    for role in RoleName:
        with uow.unit(), pytest.raises(NotAllowed):
            reporting.settle_report(actor_in(coalition, role), row.public_id, "mended")
        with uow.reading(), pytest.raises(NotAllowed):
            reporting.reports(actor_in(coalition, role))
    with uow.reading(), pytest.raises(NotAllowed):
        reporting.reports(ANONYMOUS)
    with uow.unit():
        reporting.settle_report(operator, row.public_id, "mended")
    with uow.unit(), pytest.raises(Conflict):
        reporting.settle_report(operator, row.public_id, "right")
    with uow.reading():
        assert reporting.reports(operator) == []
        assert [one.outcome for one in reporting.reports(operator, settled=True)] == ["mended"]
        event = db.session.execute(select(AuditEvent).where(AuditEvent.object_kind == "lookup_report")).scalar_one()
        assert (event.action, event.facts) == ("lookup_report.settled", {"outcome": "mended"})
    tell(client, expected="District 1")
    assert [one.outcome for one in rows()] == ["mended", None]  # said again after it was mended


def test_queue_page_shows_what_waits_and_teaches_when_empty(app, demo_state, client):
    desk = app.test_client()
    sign_in(desk, make_user(platform_admin=True))
    assert "Nobody complains" in desk.get("/desk/wrong-answers").text
    tell(client, reason="left", person="demo-harriet-lindqvist")
    page = desk.get("/desk/wrong-answers").text
    assert "This person has left office" in page
    assert "Harriet Lindqvist" in page
    assert page.count('action="/desk/wrong-answers"') == 3


def test_reports_are_dropped_after_half_a_year_of_silence(app, demo_state, client, move_clock):
    tell(client)
    move_clock(timedelta(days=179).total_seconds())
    with uow.unit():
        assert reporting.purge(clock.now() - reporting.KEEP, 100) == 0
    move_clock(timedelta(days=181).total_seconds())
    with uow.unit():
        assert reporting.purge(clock.now() - reporting.KEEP, 100) == 1
    assert rows() == []


@pytest.mark.both_databases
def test_the_same_report_at_once_is_one_row(app, demo_state):
    def one():
        with app.app_context():
            with uow.unit():
                reporting.report_answer(ANONYMOUS, reason="district", divisions=HOUSE, person="", expected="")
            db.session.remove()

    threads = [threading.Thread(target=one) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (row,) = rows()
    assert row.seen_count == 6
    for wrong in ("reason = 'x'", "outcome = 'x', settled_at = first_at", "outcome = 'mended'", "seen_count = 0"):
        with pytest.raises(IntegrityError), uow.unit():
            db.session.execute(text(f"UPDATE lookup_report SET {wrong}"))  # noqa: S608 - constants
