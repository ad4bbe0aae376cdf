"""Where people in office stand, with evidence, and the picture of the votes that follows from it."""

from __future__ import annotations

import csv
import io
import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from advocacy.audit.models import AuditEvent
from advocacy.campaigns.models import Bill
from advocacy.civic.models import Chamber
from advocacy.civic.services import demo_pack, directory
from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from advocacy.outreach import position_queries as positions
from advocacy.outreach import whip_queries
from advocacy.outreach.position_models import LawmakerPosition, Stand, VoteLine
from advocacy.outreach.services import counting_votes
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.factories.outreach import bill_of, note_position
from tests.factories.signons import make_bill
from tests.support.queries import count_queries

pytestmark = pytest.mark.settings(demo={"enabled": True})
DAY = timedelta(days=1)


def columbia_bill(coalition, identifier="HB 7"):
    bill_id = make_bill(coalition, identifier)
    with uow.unit():
        db.session.execute(update(Bill).where(Bill.id == bill_id).values(jurisdiction="Columbia"))
    return bill_id


@pytest.fixture
def coalition(app):
    with uow.unit():
        demo_pack.install()
    return make_coalition()


@pytest.fixture
def bill(coalition):
    return columbia_bill(coalition)


@pytest.fixture
def organizer(client, coalition):
    return sign_in(client, make_member(coalition, "organizer", name="Maya Ortiz"))


@pytest.fixture
def people(coalition):
    with uow.reading():
        return list(directory.people_page(state="ZZ", chamber=Chamber.STATE_LOWER).officials)


def counts(coalition, bill):
    with uow.reading():
        found = db.session.get_one(Bill, bill)
        return {count.chamber: count for count in whip_queries.counts(actor_in(coalition), found)}


def post(client, key, bill_id, /, **given):
    data = {
        "csrf_token": csrf_token(client),
        "bill": bill_of(bill_id),
        "stand": "yes",
        "confidence": "heard",
        "quote": "I will vote for it.",
        "seen_on": clock.now().date().isoformat(),
        **given,
    }
    return client.post(f"/desk/relationships/{key}/positions/new", data=data)


def test_the_newest_evidence_counts_whatever_the_order_of_entry(coalition, bill, people):
    key, today = people[0].id, clock.now().date()
    note_position(coalition, key, bill, "no", seen_on=today - 2 * DAY)
    note_position(coalition, key, bill, "yes", seen_on=today - 40 * DAY)
    assert counts(coalition, bill)[Chamber.STATE_LOWER].by_stand[Stand.NO] == 1
    note_position(coalition, key, bill, "leans_yes", seen_on=today - 2 * DAY)
    found = counts(coalition, bill)[Chamber.STATE_LOWER]
    assert (found.by_stand[Stand.NO], found.by_stand[Stand.LEANS_YES]) == (0, 1)
    note_position(coalition, key, bill, "unknown", quote="", seen_on=today)
    assert counts(coalition, bill)[Chamber.STATE_LOWER].noted == 0


def test_a_corrected_entry_counts_no_more_and_stays_to_be_seen(organizer, coalition, bill, people):
    key = people[0].id
    older = note_position(coalition, key, bill, "no", quote="Not this year.")
    wrong = note_position(coalition, key, bill, "yes", quote="Typed for the wrong person.", seen_on=clock.now().date())
    page = organizer.get(f"/desk/relationships/{key}/positions/new?replaces={wrong}").text
    assert "Correct an entry" in page
    assert "Typed for the wrong person." in page
    answer = post(organizer, key, bill, stand="unknown", quote="", replaces=str(wrong))
    assert answer.status_code == 303
    assert post(organizer, key, bill, replaces=str(wrong)).status_code == 409, "it was corrected before"
    page = organizer.get(f"/desk/relationships/{key}").text
    assert "corrected" in page
    assert "Not this year." in page
    assert organizer.get(f"/desk/relationships/{key}/positions/new?replaces={older + 999}").status_code == 404
    assert organizer.get(f"/desk/relationships/{people[1].id}/positions/new?replaces={older}").status_code == 404
    assert post(organizer, people[1].id, bill, replaces=str(older)).status_code == 404


def test_positions_name_what_is_missing(organizer, coalition, bill, people):
    key, ahead = people[0].id, (clock.now().date() + 3 * DAY).isoformat()
    for wrong, words in (
        ({"quote": ""}, "Say what shows it"),
        ({"confidence": "record"}, "anybody can look it up"),
        ({"evidence_url": "javascript:alert(1)"}, "It begins with https://"),
        ({"seen_on": ahead}, "has not come yet"),
        ({"stand": "maybe"}, "Not a valid choice"),
        ({"bill": "nonsense"}, "Not a valid choice"),
    ):
        answer = post(organizer, key, bill, **wrong)
        assert answer.status_code == 422, wrong
        assert words in answer.text, wrong
    answer = post(organizer, key, bill, quote="<script>x</script>", evidence_url="https://example.org/vote?a=1&b=2")
    assert answer.status_code == 303
    page = organizer.get(f"/desk/relationships/{key}").text
    assert "<script>x" not in page
    assert 'href="https://example.org/vote?a=1&amp;b=2"' in page


@pytest.mark.both_databases
def test_history_of_positions_is_append_only_and_asks_for_evidence(app, coalition, bill, people):
    key = people[0].id
    first = note_position(coalition, key, bill, "no")
    other, now = columbia_bill(make_coalition()), clock.now()
    facts = {
        "coalition_id": coalition,
        "bill_id": bill,
        "legislator_key": key,
        "stand": "yes",
        "confidence": "heard",
        "evidence_url": "",
        "quote": "x",
        "seen_on": now.date(),
        "entered_at": now,
    }
    for wrong in (
        {"stand": "maybe"},
        {"quote": ""},
        {"confidence": "record"},
        {"legislator_key": ""},
        {"bill_id": other},
        {"legislator_key": people[1].id, "replaces_id": first},
    ):
        with pytest.raises(IntegrityError), uow.unit():
            db.session.execute(insert(LawmakerPosition).values(**facts | wrong))
    for deed in (
        update(LawmakerPosition).values(stand="yes"),
        delete(LawmakerPosition),
    ):
        with pytest.raises(DBAPIError, match="append-only"), uow.unit():
            db.session.execute(deed.execution_options(synchronize_session=False))
    told, start = [], threading.Barrier(2)

    def correct() -> None:
        with app.app_context():
            start.wait()
            try:
                note_position(coalition, key, bill, "yes", replaces=first)
            except Conflict as error:
                told.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=correct) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert counts(coalition, bill)[Chamber.STATE_LOWER].by_stand[Stand.YES] == 1


def test_numbers_of_picture_and_table_are_seats_and_add_up(organizer, coalition, bill, people):
    today = clock.now().date()
    note_position(coalition, people[0].id, bill, "yes")
    note_position(coalition, people[1].id, bill, "leans_yes", confidence="guess", seen_on=today - 200 * DAY)
    found = counts(coalition, bill)
    lower = found[Chamber.STATE_LOWER]
    assert set(found) == {Chamber.STATE_UPPER, Chamber.STATE_LOWER}
    assert sum(number for _code, number in lower.parts) == lower.seats == 4
    assert (lower.likely, lower.needed, lower.missing, lower.old, lower.guessed) == (2, 3, 1, 1, 1)
    page = organizer.get(f"/desk/votes/{bill_of(bill)}").text
    assert "2 of 4 seats say yes or lean so. 3 are needed." in page
    assert "1 more vote would have to be won." in page
    assert "not a forecast" in page
    assert "1 is only your reading" in page
    assert "evidence older than 90 days" in page
    assert "200 days ago" in page
    assert page.count('class="vote-line"') == 2
    widths = [float(width) for width in re.findall(r'<rect class="vote vote-[a-z_]+"[^>]* width="([0-9.]+)%"', page)]
    assert sum(widths) == pytest.approx(200, abs=0.1), "the bars of both chambers are whole"


def test_vacant_seats_are_seats_and_delegates_do_not_vote(organizer, coalition):
    federal = make_bill(coalition, "HR 1")
    with uow.unit():
        db.session.execute(update(Bill).where(Bill.id == federal).values(jurisdiction="US"))
    found = counts(coalition, federal)
    assert set(found) == {Chamber.US_HOUSE, Chamber.US_SENATE}
    page = organizer.get(f"/desk/votes/{bill_of(federal)}").text
    assert "No list of this chamber" in page


def test_the_line_is_set_with_a_reason_and_taken_back(organizer, coalition, bill):
    path, token = f"/desk/votes/{bill_of(bill)}/line/state_lower", csrf_token(organizer)
    assert organizer.post(path, data={"csrf_token": token, "needed": "4", "version": "0"}).status_code == 422
    given = {"csrf_token": token, "needed": "4", "reason": "A tax bill.", "version": "0"}
    assert organizer.post(path, data=given).status_code == 303
    assert organizer.post(path, data=given).status_code == 409
    assert "The line: 4 votes. A tax bill." in organizer.get(f"/desk/votes/{bill_of(bill)}").text
    assert 'value="4"' in organizer.get(path).text
    for wrong in ("0", "1001", "-1", "x"):
        assert organizer.post(path, data=given | {"needed": wrong, "version": "1"}).status_code == 422
    assert organizer.post(path, data={"csrf_token": token, "needed": "", "version": "1"}).status_code == 303
    assert "The line: 3 votes, more than half" in organizer.get(f"/desk/votes/{bill_of(bill)}").text
    assert organizer.get(f"/desk/votes/{bill_of(bill)}/line/nonsense").status_code == 404


@pytest.mark.both_databases
def test_the_line_belongs_to_a_bill_of_the_coalition(app, coalition, bill):
    theirs = columbia_bill(make_coalition())
    facts = {"coalition_id": coalition, "bill_id": bill, "chamber": "state_lower", "needed": 3, "reason": "x"}
    for wrong in ({"bill_id": theirs}, {"needed": 0}, {"reason": ""}):
        with pytest.raises(IntegrityError), uow.unit():
            db.session.execute(insert(VoteLine).values(**facts | wrong, version=1))
    with pytest.raises(NotFound), uow.unit():
        counting_votes.set_line(actor_in(coalition), bill_of(theirs), "state_lower", needed=3, reason="x")


def test_z01_votes_of_another_coalition_are_not_there(app, coalition, bill, people):
    note_position(coalition, people[0].id, bill, "no", quote="CANARY QUOTE")
    other = make_coalition()
    stranger = sign_in(app.test_client(), make_member(other, "admin"))
    path = f"/desk/votes/{bill_of(bill)}"
    token = csrf_token(stranger)
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}/export.csv", data={"csrf_token": token}).status_code == 404
    assert stranger.get(f"{path}/line/state_lower").status_code == 404
    assert post(stranger, people[0].id, bill).status_code == 422, "their bill is no choice"
    assert "CANARY" not in stranger.get(f"/desk/relationships/{people[0].id}").text
    mine = columbia_bill(other)
    assert counts(other, mine)[Chamber.STATE_LOWER].noted == 0
    with pytest.raises(NotFound):
        note_position(other, people[0].id, bill)
    observer = sign_in(app.test_client(), make_member(coalition, "observer"))
    assert observer.get(path).status_code == 403
    assert "CANARY" not in observer.get(f"/desk/relationships/{people[0].id}").text
    assert "CANARY" not in observer.get(f"/desk/legislators/{people[0].id}").text
    with uow.reading(), pytest.raises(NotAllowed):
        positions.bill(actor_in(coalition, "observer"), bill_of(bill))
    with pytest.raises(RuleBroken):
        note_position(coalition, people[0].id, bill, "maybe")


def test_votes_as_a_file_are_noted_in_the_record(organizer, coalition, bill, people):
    note_position(coalition, people[0].id, bill, "yes", quote="=SUM(A1)")
    answer = organizer.post(f"/desk/votes/{bill_of(bill)}/export.csv", data={"csrf_token": csrf_token(organizer)})
    lines = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    mine = next(line for line in lines if line["lawmaker_id"] == people[0].id)
    assert (mine["stands"], mine["how_sure"], mine["days_old"]) == ("Yes", "Told one of us", "30")
    assert not mine["quote"].startswith("=")
    assert len(lines) == 6
    db.session.rollback()
    with uow.reading():
        assert "votes.exported" in db.session.execute(select(AuditEvent.action)).scalars().all()


def test_the_picture_asks_as_often_for_many_entries_as_for_one(organizer, coalition, bill, people):
    path = f"/desk/votes/{bill_of(bill)}"
    note_position(coalition, people[0].id, bill)
    organizer.get(path)
    with count_queries() as few:
        organizer.get(path)
    for number in range(12):
        note_position(coalition, people[number % len(people)].id, bill, "yes")
    with count_queries() as many:
        organizer.get(path)
    assert many.count == few.count


def test_bill_campaign_and_legislator_pages_lead_to_the_votes(organizer, coalition, bill, people):
    page = organizer.get(f"/desk/bills/{bill_of(bill)}").text
    assert f"/desk/votes/{bill_of(bill)}" in page
    assert "0 of 4 seats say yes or lean so" in page
    assert bill_of(bill) in organizer.get("/desk/votes").text
    assert f"/desk/relationships/{people[0].id}" in organizer.get(f"/desk/legislators/{people[0].id}").text


def test_a_bill_without_a_known_place_says_what_to_mend(organizer, coalition):
    strange = make_bill(coalition, "HB 9")
    with uow.unit():
        db.session.execute(update(Bill).where(Bill.id == strange).values(jurisdiction="Atlantis"))
    assert "We do not know who votes on it" in organizer.get(f"/desk/votes/{bill_of(strange)}").text
    assert "Place not known" in organizer.get("/desk/votes").text
