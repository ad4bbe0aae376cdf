"""Where lists, sources and maps disagree: found by imports, decided by people, never undone by the next import."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from advocacy.audit.models import AuditEvent
from advocacy.civic.models import CivicPin, PinField
from advocacy.civic.services import conflicts, deciding, pinning
from advocacy.civic.source_models import CivicConflict, DivisionConflict, Verdict
from advocacy.core import clock, uow
from advocacy.core.actor import Actor, system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from tests.civic.test_merging import federal, house
from tests.civic.test_openstates import key, tree
from tests.factories import civic as made
from tests.factories.accounts import csrf_token, make_user, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.support.queries import count_queries

PAGE = "/desk/civic/conflicts"
PINS = "/desk/civic/pins"
OPERATOR = system_actor()
MAP = ("census", "ocd-division/country:us/state:ga/cd:1", "ocd-division/country:us/state:ga/cd:2")


@pytest.fixture
def operator(app, client):
    return sign_in(client, make_user(platform_admin=True))


@pytest.fixture
def lists(run, tmp_path):
    """Two lists of Congress: one person matched by id with another party and site, two only seem to be the same."""

    def take_in(number=0, **facts):
        members = made.congress("GA")
        for entry in members[:4]:
            entry["terms"][-1]["contact_form"] = f"https://{entry['terms'][-1]['district']}.house.gov/contact"
        run("import", "congress", made.write(tmp_path, f"m{number}.json", members))
        matched = federal(
            1,
            "GA-1",
            other_identifiers=[{"scheme": "bioguide", "identifier": "T000000"}],
            party=[{"name": "Lake Party"}],
            family_name="Member0",
            given_name=f"Álva{number}",
            **facts,
        )
        seeming = [federal(n, f"GA-{n}", family_name=f"Member{n - 1}") for n in (3, 4)]
        return run("import", "openstates", tree(tmp_path / f"t{number}", [matched, *seeming], code="us"))

    return take_in


def rows(kind=None):
    with uow.reading():
        wanted = select(CivicConflict).order_by(CivicConflict.id)
        found = list(db.session.execute(wanted.where(CivicConflict.kind == kind) if kind else wanted).scalars())
        db.session.expunge_all()
    return found


def post(client, path, **data):
    return client.post(path, data={"csrf_token": csrf_token(client), **data})


@pytest.mark.both_databases
def test_c2_lists_that_disagree_are_queued_once(lists):
    lists()
    found = [(row.kind, row.person_key, row.other_key, row.field, row.ours, row.theirs) for row in rows()]
    assert ("field", "T000000", key(1), "party", "Independent", "Lake Party") in found
    assert [one[1:3] for one in found if one[0] == "person"] == [("T000002", key(3)), ("T000003", key(4))]
    lists(1)
    assert [(row.kind, row.person_key, row.other_key, row.field, row.ours, row.theirs) for row in rows()] == found
    first = rows("field")[0]
    assert first.our_source == "Members of Congress (congress-legislators)"
    assert first.their_on is not None


@pytest.mark.both_databases
def test_c2_people_matched_by_an_editor_stay_matched_through_imports(lists):
    lists()
    conflict = rows("person")[0]
    assert house(3)[0].email is None
    with uow.unit():
        deciding.decide(OPERATOR, conflict.id, Verdict.THEIRS, "Same office")
    assert (house(3)[0].id, house(3)[0].email) == ("T000002", "m3@example.gov")
    assert "1 of Congress seem to be in both lists" in lists(1)
    assert house(3)[0].email == "m3@example.gov"
    assert [row.verdict for row in rows("person")] == ["theirs", None]


def test_c2_people_said_to_be_two_are_not_asked_about_again(lists):
    lists()
    for conflict in rows("person"):
        with uow.unit():
            deciding.decide(OPERATOR, conflict.id, Verdict.OURS)
    assert "seem to be in both lists" not in lists(1)
    assert house(3)[0].email is None


@pytest.mark.both_databases
def test_c2_other_value_taken_is_a_pin_that_outlasts_imports(lists):
    lists()
    conflict = next(row for row in rows("field") if row.field == "party")
    with uow.unit():
        deciding.decide(OPERATOR, conflict.id, Verdict.THEIRS, "Changed parties")
    assert house(1)[0].party == "Lake Party"
    lists(1)
    assert house(1)[0].party == "Lake Party"
    with uow.reading():
        pin = db.session.execute(select(CivicPin)).scalar_one()
        assert (pin.note, pin.source.split(",")[0]) == ("Changed parties", "Members of Congress (Open States)")
    assert next(row for row in rows("field") if row.field == "party").verdict == "theirs"


def test_c2_value_kept_stays_kept_until_the_other_source_says_something_new(lists):
    lists()
    for conflict in rows("field"):
        with uow.unit():
            deciding.decide(OPERATOR, conflict.id, Verdict.OURS)
    lists(1)
    assert all(row.verdict == "ours" for row in rows("field"))
    assert house(1)[0].party == "Independent"
    lists(2, links=[{"url": "https://other.example.org"}])
    assert [row.theirs for row in rows("field") if row.verdict is None] == ["https://other.example.org"]


def test_c2_conflict_that_is_over_is_gone_and_cannot_be_decided(lists):
    lists(0, links=[{"url": "https://other.example.org"}])
    conflict = next(row for row in rows("field") if row.field == "url")
    lists(1)
    assert all(row.theirs != "https://other.example.org" for row in rows())
    with pytest.raises(NotFound), uow.unit():
        deciding.decide(OPERATOR, conflict.id, Verdict.OURS)


def test_c2_decision_is_made_once_and_dismissal_needs_a_reason(lists):
    lists()
    conflict = rows("field")[0]
    with pytest.raises(RuleBroken), uow.unit():
        deciding.decide(OPERATOR, conflict.id, Verdict.DISMISSED, "  ")
    with uow.unit():
        deciding.decide(OPERATOR, conflict.id, Verdict.DISMISSED, "A nickname")
    with pytest.raises(Conflict), uow.unit():
        deciding.decide(OPERATOR, conflict.id, Verdict.THEIRS)
    with uow.reading():
        events = db.session.execute(select(AuditEvent).where(AuditEvent.action == "civic.conflict_decided"))
        assert [event.facts["verdict"] for event in events.scalars()] == ["dismissed"]


def test_z01_conflicts_and_pins_are_for_operators_only(app, client, lists):
    lists()
    sign_in(client, make_member(make_coalition(), "admin"))
    for path in (PAGE, PINS):
        assert client.get(path).status_code == 403
        assert post(client, path, verdict="theirs", conflict="1").status_code == 403
    with pytest.raises(NotAllowed), uow.unit():
        deciding.decide(Actor(user_id=1), rows()[0].id, Verdict.OURS)
    with pytest.raises(NotAllowed), uow.reading():
        deciding.conflicts(Actor(user_id=1))


def test_c2_page_of_conflicts_when_sources_agree(operator):
    assert "The sources agree" in operator.get(PAGE).text
    assert "Nothing was decided yet" in operator.get(f"{PAGE}?state=decided").text


def test_c2_page_of_conflicts_decides_and_shows_what_was_decided(operator, lists):
    lists()
    page = operator.get(PAGE).text
    for words in ("The same person in two lists?", "Georgia, district 3", "Pat Member0</a>: Party", "Lake Party"):
        assert words in page
    conflict = next(row for row in rows("field") if row.field == "party")
    answer = post(operator, PAGE, conflict=conflict.id, verdict="dismissed")
    assert answer.status_code == 422
    assert "Say why, for whoever looks later." in answer.text
    answer = post(operator, PAGE, conflict=conflict.id, verdict="dismissed", reason="A label of one year")
    assert answer.headers["Location"] == f"{PAGE}?done=conflict-decided"
    assert "Lake Party" not in operator.get(PAGE).text
    assert "A label of one year" in operator.get(f"{PAGE}?state=decided").text
    assert post(operator, PAGE, conflict=conflict.id, verdict="theirs").status_code == 409
    for wrong in ({"conflict": "x", "verdict": "theirs"}, {"conflict": 9**30, "verdict": "ours"}, {"verdict": "x"}):
        assert post(operator, PAGE, **wrong).status_code == 404


def test_c2_everybody_who_seems_the_same_is_matched_at_once_with_a_reason(operator, lists):
    lists()
    assert post(operator, PAGE, verdict="match_all").status_code == 422
    assert post(operator, PAGE, verdict="match_all", reason="Compared by hand").status_code == 303
    assert [row.verdict for row in rows("person")] == ["theirs", "theirs"]
    assert house(4)[0].email == "m4@example.gov"


@pytest.mark.both_databases
def test_c2_district_that_a_source_names_otherwise_is_decided_and_stays_so(operator, app):
    with uow.unit():
        conflicts.note(*MAP)
    page = operator.get(PAGE).text
    assert "census says Georgia, district 2." in page
    given = dict(zip(("source", "ours", "theirs"), MAP, strict=True))
    assert post(operator, PAGE, **given, verdict="theirs", reason="New lines").status_code == 303
    with uow.unit():
        conflicts.note(*MAP)  # the source says it again
    assert "The sources agree" in operator.get(PAGE).text
    assert "Our map is old" in operator.get(f"{PAGE}?state=decided").text
    with uow.reading():
        row = db.session.get_one(DivisionConflict, MAP)
        assert (row.seen_count, row.verdict, row.reason) == (2, "theirs", "New lines")


def test_c2_pin_is_made_shown_and_lifted_on_the_page(operator, lists):
    lists()
    assert "Nothing. Search for somebody" in operator.get(PINS).text
    assert f'href="{PINS}?person=T000000"' in operator.get(f"{PINS}?name=Member0").text
    page = operator.get(f"{PINS}?person=T000000").text
    assert "Members of Congress (congress-legislators)" in page
    assert "Members of Congress (Open States)" in page  # the mail address, taken from the other list
    given = {"person": "T000000", "field": "phone", "value": "202-555-0177", "note": "", "source": "A call"}
    answer = post(operator, PINS, **given)
    assert answer.status_code == 422
    assert "A call" in answer.text
    answer = post(operator, PINS, **(given | {"note": "Their line is dead"}))
    assert answer.headers["Location"] == f"{PINS}?person=T000000&done=pinned"
    page = operator.get(f"{PINS}?person=T000000").text
    for words in ("202-555-0177", "Their line is dead", "From: A call", ">Pinned<"):
        assert words in page
    lists(1)
    assert house(1)[0].phone == "202-555-0177"
    assert post(operator, f"{PINS}/lift", person="T000000", field="phone").status_code == 303
    assert house(1)[0].phone == "202-555-0100"
    assert "Nothing. Search for somebody" in operator.get(PINS).text
    for wrong in ({"value": "javascript:alert(1)", "field": "url"}, {"field": "home"}):
        assert post(operator, PINS, **(given | {"note": "x"} | wrong)).status_code == 422
    assert post(operator, f"{PINS}/lift", person="T000000", field="home").status_code == 404


def test_c2_pin_of_somebody_out_of_office_is_lifted(app, operator):
    with uow.unit():
        db.session.add(
            CivicPin(person_key="L000001", field="phone", value="202-555-0177", note="Left", pinned_at=clock.now())
        )
    assert f'action="{PINS}/lift"' in operator.get(PINS).text
    assert post(operator, f"{PINS}/lift", person="L000001", field="party").status_code == 404
    assert post(operator, f"{PINS}/lift", person="L000001", field="phone").status_code == 303
    assert "Nothing. Search for somebody" in operator.get(PINS).text
    assert post(operator, f"{PINS}/lift", person="L000001", field="phone").status_code == 404
    with pytest.raises(NotFound), uow.unit():
        pinning.pin_field(OPERATOR, "L000001", PinField.PHONE, "202-555-0177", "Left")


@pytest.mark.postgres
@pytest.mark.parametrize("how", ["one", "all"])
def test_c2_deciding_waits_for_an_import_before_it_reads_conflicts(app, lists, how):
    lists()
    conflict = rows("person")[0]
    with count_queries() as asked, uow.unit():
        if how == "one":
            deciding.decide(OPERATOR, conflict.id, Verdict.THEIRS)
        else:
            deciding.match_all(OPERATOR, "The same seats")
    about = [text for text in asked.statements if "civic_conflict" in text or "LOCK TABLE" in text]
    assert about[0] == "LOCK TABLE civic_pack IN SHARE ROW EXCLUSIVE MODE"


@pytest.mark.civic_data
def test_c2_real_lists_give_a_queue_that_people_can_work_through(run, civic_data):
    run("import", "congress", civic_data / "us-congress/legislators-current.json")
    run("import", "openstates", civic_data / "openstates-people/csv/us.csv")
    assert len(rows("person")) == 80
    assert len(rows("field")) < 40
