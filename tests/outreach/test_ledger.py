"""What the ledger keeps, who sees it, and what the database itself refuses (domain I-150 … I-152)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from advocacy.audit.models import AuditEvent
from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.outreach import queries
from advocacy.outreach.models import LobbyingEntry, LobbyingPeriod, LobbyingPrompt
from advocacy.outreach.services import recording
from advocacy.signons.services import ending
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.factories.outreach import enter, entry, make_keeper
from tests.factories.signons import make_bill, make_letter, make_organization, sign_on
from tests.support.queries import count_queries


@pytest.fixture
def coalition(app):
    return make_coalition()


@pytest.fixture
def charity(coalition):
    return make_organization(coalition, "Harbor Clinic", tax_status="c3", h_election=True)


@pytest.fixture
def keeper(charity):
    return make_keeper(charity)


def row(public_id):
    db.session.rollback()
    with uow.reading():
        return db.session.execute(select(LobbyingEntry).where(LobbyingEntry.public_id == public_id)).scalar_one()


def close(keeper, year=2027, quarter=1):
    with uow.reading():
        period = db.session.execute(
            select(LobbyingPeriod.public_id).where(LobbyingPeriod.year == year, LobbyingPeriod.quarter == quarter)
        ).scalar_one()
    for state in ("closing", "closed"):
        with uow.unit():
            recording.move_period(keeper, period, state)
    return period


def standing(charity, year=2027):
    db.session.rollback()
    with uow.reading():
        return queries.standing(charity, year)


def values(found, **changed):
    return {
        "coalition_id": found.coalition_id,
        "membership_id": found.membership_id,
        "period_id": found.period_id,
        "public_id": new_public_id(),
        "kind": "direct",
        "happened_on": date(2027, 3, 1),
        "what": "x",
        "minutes": 5,
        "cost_minor": 0,
        "currency": "USD",
        "entered_at": clock.now(),
        "version": 1,
        "reason": "",
        "document": "",
        **changed,
    }


@pytest.mark.both_databases
def test_i150_closed_quarter_refuses_every_change(app, keeper):
    found = row(enter(keeper))
    close(keeper)
    for statement in (
        update(LobbyingEntry).where(LobbyingEntry.id == found.id).values(minutes=1),
        text("DELETE FROM lobbying_entry"),
        insert(LobbyingEntry).values(**values(found)),
        update(LobbyingPeriod).where(LobbyingPeriod.id == found.period_id).values(state="open"),
        update(LobbyingPeriod).where(LobbyingPeriod.id == found.period_id).values(quarter=2),
        text("DELETE FROM lobbying_period"),
    ):
        with pytest.raises(DBAPIError), uow.unit():
            db.session.execute(statement)
    with pytest.raises(Conflict), uow.unit():
        recording.change(keeper, found.public_id, entry(minutes=1), version=found.version)
    with pytest.raises(Conflict), uow.unit():
        recording.enter(keeper, entry())
    assert row(found.public_id).minutes == 90


@pytest.mark.both_databases
def test_i150_reversing_entry_corrects_a_closed_quarter(app, keeper, charity):
    """J1.5."""
    public_id = enter(keeper, minutes=90, cost_minor=5000)
    close(keeper)
    this_year, _quarter = clock.now().year, 0
    with uow.unit():
        back = recording.reverse(keeper, public_id, "Counted twice")
        assert (back.minutes, back.cost_minor, back.kind) == (90, 5000, "direct")
    assert standing(charity).sums.direct_minutes + standing(charity, this_year).sums.direct_minutes == 0
    with pytest.raises(Conflict), uow.unit():
        recording.reverse(keeper, public_id, "Again")
    with uow.reading():
        ids = db.session.execute(select(LobbyingEntry.public_id).where(LobbyingEntry.reverses_id.is_not(None)))
        taken = ids.scalar_one()
    with pytest.raises(Conflict), uow.unit():
        recording.reverse(keeper, taken, "Back again")


@pytest.mark.both_databases
def test_i150_reversing_entry_has_exactly_the_size_of_what_it_takes_back(app, keeper):
    found = row(enter(keeper, cost_minor=100))
    same = values(found, minutes=90, cost_minor=100, reverses_id=found.id, reason="x")
    for wrong in ({"minutes": 10}, {"cost_minor": 99}, {"kind": "grassroots"}):
        with pytest.raises(DBAPIError), uow.unit():
            db.session.execute(insert(LobbyingEntry).values(**{**same, **wrong}))
    with uow.unit():
        db.session.execute(insert(LobbyingEntry).values(**same))
    with pytest.raises(DBAPIError), uow.unit():
        db.session.execute(insert(LobbyingEntry).values(**{**same, "public_id": new_public_id()}))
    with pytest.raises(DBAPIError), uow.unit():
        db.session.execute(update(LobbyingEntry).where(LobbyingEntry.id == found.id).values(minutes=1))


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 0, "cost_minor": 0},
        {"minutes": -1},
        {"cost_minor": -1},
        {"kind": "exception_invited"},
        {"kind": "not_lobbying"},
        {"kind": "chatting"},
    ],
    ids=lambda found: str(next(iter(found.values()))),
)
def test_i151_i152_entry_without_time_or_invitation_or_reason_is_refused(app, keeper, wrong):
    found = row(enter(keeper))
    with pytest.raises(IntegrityError), uow.unit():
        db.session.execute(insert(LobbyingEntry).values(**values(found, **wrong)))
    if wrong != {"kind": "chatting"}:
        with pytest.raises(RuleBroken), uow.unit():
            recording.enter(keeper, entry(**wrong))


@pytest.mark.both_databases
def test_z05_entry_cannot_stand_in_another_organizations_quarter(app, keeper, coalition):
    """Z-05."""
    found = row(enter(keeper))
    union = make_organization(coalition, "Care Workers Union", tax_status="union")
    with pytest.raises(IntegrityError), uow.unit():
        db.session.execute(insert(LobbyingEntry).values(**values(found, membership_id=union.id)))


def test_i152_invitation_document_lets_the_exception_in(app, keeper, charity):
    enter(keeper, kind="exception_invited", document="Letter of 3 March, in the office")
    enter(keeper, kind="not_lobbying", reason="No view was given")
    assert (standing(charity).sums.lobbying_minutes, standing(charity).sums.other_minutes) == (0, 180)


def test_worked_example_limits_stand_on_the_page(app, client, keeper):
    """J1.5: $820,000 gives $148,000 and $37,000."""
    sign_in(client, keeper.user_id)
    token = csrf_token(client)
    saved = client.post("/desk/lobbying/spending", data={"csrf_token": token, "spending": "820,000", "year": "2027"})
    assert saved.status_code == 303
    page = client.get("/desk/lobbying?year=2027").text
    assert "$0 of $148,000 spent on lobbying in all." in page
    assert "$0 of $37,000 spent on grassroots lobbying." in page
    assert "This is record keeping, not legal advice" in page


def test_ledger_of_another_organization_does_not_exist(app, client, keeper, coalition):
    """Z-01: neither another organization's people, nor organizers, nor administrators see a ledger."""
    public_id = enter(keeper, what="CANARY-LEDGER")
    period = row(public_id).period_id
    with uow.reading():
        period_id = db.session.get(LobbyingPeriod, period).public_id
    union = make_keeper(make_organization(coalition, "Care Workers Union", tax_status="union"))
    sign_in(client, union.user_id)
    page = client.get("/desk/lobbying?year=2027")
    assert page.status_code == 200
    assert "CANARY-LEDGER" not in page.text
    assert client.get(f"/desk/lobbying/entries/{public_id}").status_code == 404
    token = csrf_token(client)
    for path in (f"entries/{public_id}", f"entries/{public_id}/reverse", f"periods/{period_id}/closing"):
        data = {"csrf_token": token, "reason": "x", "happened_on": "2027-03-10", "kind": "direct", "what": "x"}
        assert client.post(f"/desk/lobbying/{path}", data={**data, "minutes": "1"}).status_code == 404, path
    csv = client.post("/desk/lobbying/export.csv", data={"csrf_token": token, "year": "2027"})
    assert "CANARY-LEDGER" not in csv.text
    for role in ("organizer", "admin"):
        other = sign_in(app.test_client(), make_member(coalition, role))
        assert other.get("/desk/lobbying").status_code == 403
        with pytest.raises(NotAllowed), uow.unit():
            recording.enter(actor_in(coalition, role), entry())


def test_person_without_a_seat_keeps_no_ledger(app, coalition):
    with pytest.raises(NotFound), uow.unit():
        recording.enter(actor_in(coalition, "representative", user_id=make_member(coalition)), entry())


def test_export_is_noted_and_its_cells_are_inert(app, client, keeper):
    public_id = enter(keeper, what="=HYPERLINK(1)", cost_minor=1250)
    with uow.unit():
        recording.reverse(keeper, public_id, "wrong")
    sign_in(client, keeper.user_id)
    data = {"csrf_token": csrf_token(client), "year": "2027"}
    answer = client.post("/desk/lobbying/export.csv", data=data)
    assert answer.mimetype == "text/csv"
    lines = answer.text.splitlines()
    assert lines[0].startswith("day,quarter,kind,what")
    assert "'=HYPERLINK(1)" in lines[1]
    assert ",12.50,USD" in lines[1]
    assert "lobbying.exported" in db.session.execute(select(AuditEvent.action)).scalars().all()


@pytest.mark.both_databases
def test_delivered_letter_that_lobbies_prompts_each_signer_alone(app, client, keeper, charity, coalition):
    """J1.4: each organization is asked for its own ledger; shares are not mixed."""
    union = make_organization(coalition, "Care Workers Union", tax_status="union")
    union_keeper = make_keeper(union, name="Uma Frost")
    letter = make_letter(coalition, is_lobbying=True, bill_id=make_bill(coalition))
    sign_on(letter, charity, union)
    organizer = actor_in(coalition, "organizer", user_id=make_member(coalition))
    with uow.unit():
        ending.freeze_letter(organizer, letter.public_id)
    with uow.unit():
        ending.deliver_letter(organizer, letter.public_id)
    sign_in(client, keeper.user_id)
    assert "Enter time and cost" in client.get("/desk").text
    with uow.reading():
        prompt = db.session.execute(
            select(LobbyingPrompt.public_id).where(LobbyingPrompt.membership_id == charity.id)
        ).scalar_one()
        assert db.session.execute(select(func.count(LobbyingPrompt.id))).scalar_one() == 2
    page = client.get(f"/desk/lobbying/entries/new?prompt={prompt}").text
    assert letter.title in page
    form = {
        "csrf_token": csrf_token(client),
        "prompt": prompt,
        "happened_on": "2027-03-11",
        "kind": "direct",
        "what": "Letter",
        "minutes": "90",
        "cost": "0",
        "bill": str(letter.bill_id),
    }
    assert client.post("/desk/lobbying/entries/new", data=form).status_code == 303
    assert "Enter time and cost: " not in client.get("/desk").text
    assert (standing(charity).sums.direct_minutes, standing(union).sums.direct_minutes) == (90, 0)
    other = sign_in(app.test_client(), union_keeper.user_id)
    assert "Enter time and cost: " in other.get("/desk").text
    assert other.get(f"/desk/lobbying/entries/new?prompt={prompt}").status_code == 404


def test_letter_that_does_not_lobby_prompts_nobody(app, charity, coalition):
    letter = make_letter(coalition)
    sign_on(letter, charity)
    organizer = actor_in(coalition, "organizer", user_id=make_member(coalition))
    for act in (ending.freeze_letter, ending.deliver_letter):
        with uow.unit():
            act(organizer, letter.public_id)
    with uow.reading():
        assert db.session.execute(select(LobbyingPrompt)).first() is None


def test_ledger_page_asks_as_often_for_one_entry_as_for_thirty(app, client, keeper):
    sign_in(client, keeper.user_id)
    enter(keeper)
    client.get("/desk/lobbying?year=2027")
    with count_queries() as one:
        client.get("/desk/lobbying?year=2027")
    for _ in range(29):
        enter(keeper)
    with count_queries() as many:
        page = client.get("/desk/lobbying?year=2027")
    assert page.text.count("Wrote and sent the letter") == 30
    assert many.count == one.count


def test_form_with_mistakes_names_them(app, client, keeper):
    sign_in(client, keeper.user_id)
    data = {"csrf_token": csrf_token(client), "happened_on": "2027-03-10", "kind": "exception_invited", "what": "x"}
    answer = client.post("/desk/lobbying/entries/new", data={**data, "minutes": "5", "cost": "abc"})
    assert answer.status_code == 422
    assert "Enter an amount such as 120" in answer.text
    answer = client.post("/desk/lobbying/entries/new", data={**data, "minutes": "5"})
    assert "Name the written invitation" in answer.text
    answer = client.post("/desk/lobbying/entries/new", data={**data, "kind": "direct"})
    assert "Enter time, cost or both." in answer.text
