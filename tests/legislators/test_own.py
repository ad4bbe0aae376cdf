"""A coalition's own lawmakers, and what it notes of offices."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from advocacy.audit.models import AuditEvent
from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from advocacy.legislators import queries, rules
from advocacy.legislators.models import (
    Lawmaker,
    LawmakerOffice,
    LawmakerTerm,
    OfficePreference,
    StaffContact,
)
from advocacy.legislators.services import noting, own
from tests.factories import legislators as made
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import actor_in, make_coalition, make_member

SOMEBODY = "demo-harriet-lindqvist"
HOSTILE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://user@example.org/",
    "https://",
    "//example.org",
    'https://example.org/"onmouseover="x',
    "ftp://example.org/",
    "vbscript:x",
    "https://example.org/ x",
]


@pytest.fixture
def coalition(app):
    return make_coalition()


@pytest.fixture
def organizer(client, coalition):
    return sign_in(client, make_member(coalition, "organizer"))


def post(client, path, **data):
    return client.post(path, data={"csrf_token": csrf_token(client), **data})


def rows(model):
    uow.rollback()
    with uow.reading():
        found = db.session.execute(select(model)).scalars().all()
        db.session.expunge_all()
    return found


def test_list_without_anybody_teaches(organizer):
    page = organizer.get("/desk/legislators").text
    assert "Nobody is listed yet" in page
    assert 'href="/desk/legislators/new"' in page


def test_somebody_is_added_changed_taken_off_and_put_back(organizer, coalition):
    data = {
        "full_name": "Zoë Ångström",
        "title": "Mayor",
        "body": "Town of Ferry Landing",
        "state": "OR",
        "starts_on": "2025-01-06",
        "phone": "503-555-0100",
        "contact_form": "https://example.org/write?a=1&b=2",
    }
    answer = post(organizer, "/desk/legislators/new", **data)
    assert answer.status_code == 303, answer.text
    (row,) = rows(Lawmaker)
    page = organizer.get(f"/desk/legislators/{row.key}").text
    assert "Zoë Ångström" in page
    assert "https://example.org/write?a=1&amp;b=2" in page
    assert "your coalition" in page
    assert row.key in organizer.get("/desk/legislators?name=angstrom+zo&state=OR&whose=own").text
    assert row.key not in organizer.get("/desk/legislators?name=angstrom&chamber=us_house").text
    changed = post(organizer, f"/desk/legislators/{row.key}/edit", **{**data, "title": "Governor"}, version="1")
    assert changed.status_code == 303
    assert post(organizer, f"/desk/legislators/{row.key}/edit", **data, version="1").status_code == 409
    assert post(organizer, f"/desk/legislators/{row.key}/edit", **data).status_code == 409
    assert post(organizer, f"/desk/legislators/{row.key}/put-away").status_code == 303
    assert row.key not in organizer.get("/desk/legislators").text
    assert row.key in organizer.get("/desk/legislators?whose=away").text
    assert "Governor" in organizer.get(f"/desk/legislators/{row.key}").text
    assert post(organizer, f"/desk/legislators/{row.key}/put-away").status_code == 409
    assert post(organizer, f"/desk/legislators/{row.key}/edit", **data, version="3").status_code == 409
    assert post(organizer, f"/desk/legislators/{row.key}/bring-back").status_code == 303
    deeds = db.session.execute(select(AuditEvent.action).where(AuditEvent.object_kind == "lawmaker")).scalars().all()
    assert deeds == ["lawmaker.added", "lawmaker.changed", "lawmaker.archived", "lawmaker.restored"]
    with uow.reading():
        told = db.session.execute(select(AuditEvent.facts)).scalars().all()
    assert "ngstr" not in repr(told)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", ""),
        ("full_name", " "),
        ("full_name", "=HYPERLINK(1)"),
        ("full_name", "www.example.org"),
        ("full_name", "12345"),
        ("full_name", "x" * 121),
        ("full_name", "a\x00b"),
        ("full_name", "a\u202eb"),
        ("title", "x" * 81),
        ("state", "QQ"),
        ("division_id", "ocd-division/x"),
        ("division_id", "javascript:alert(1)"),
        ("starts_on", "yesterday"),
        ("ends_on", "2024-12-31"),
        ("phone", "call me"),
        ("fax", "<script>"),
        ("email", "nobody"),
        *(("contact_form", url) for url in HOSTILE),
        *(("url", url) for url in HOSTILE),
    ],
)
def test_what_cannot_be_stored_is_named_and_kept_inert(organizer, field, value):
    data = {"full_name": "Zoë", "starts_on": "2025-01-06", field: value}
    answer = post(organizer, "/desk/legislators/new", **data)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "<script>alert" not in answer.text
    assert rows(Lawmaker) == []


@pytest.mark.both_databases
def test_the_database_refuses_what_must_not_be(app, coalition):
    key = made.make_lawmaker(coalition, external_key="7")
    made.make_office(coalition, key)
    made.make_staff(coalition, key)
    made.make_preference(coalition, key)
    other = make_coalition()
    (row,) = rows(Lawmaker)
    wrong = [
        update(Lawmaker).values(contact_form="javascript:alert(1)"),
        update(Lawmaker).values(url="data:x"),
        update(Lawmaker).values(full_name=""),
        update(Lawmaker).values(starts_on=date(2025, 1, 1), ends_on=date(2025, 1, 1)),
        update(LawmakerOffice).values(kind="home"),
        update(LawmakerOffice).values(address="", phone="", fax=""),
        update(StaffContact).values(role="x"),
        update(OfficePreference).values(way="x"),
        update(OfficePreference).values(way="email", next_way="email"),
        insert(LawmakerTerm).values(coalition_id=other, lawmaker_id=row.id, title="x", starts_on=date(2020, 1, 1)),
        insert(OfficePreference).values(
            coalition_id=coalition, person_key=key, way="fax", checked_on=date(2026, 1, 1), version=1
        ),
    ]
    for statement in wrong:
        with pytest.raises(IntegrityError), uow.unit():
            db.session.execute(statement)
    with pytest.raises(Conflict) as caught:
        made.make_lawmaker(coalition, "Another", external_key="7")
    assert caught.value.field == "external_key"
    made.make_lawmaker(other, "Another", external_key="7")


def test_terms_are_noted_and_taken_away(organizer, coalition):
    key = made.make_lawmaker(coalition)
    path = f"/desk/legislators/{key}/terms"
    data = {"title": "Council member", "starts_on": "2021-01-04", "ends_on": "2025-01-06"}
    assert post(organizer, path, **data).status_code == 303
    assert "2021" in organizer.get(f"/desk/legislators/{key}").text
    again = post(organizer, path, **data)
    assert again.status_code == 422
    assert "noted already" in again.text
    for wrong in ({"title": ""}, {"starts_on": ""}, {"ends_on": "2020-01-01"}):
        assert post(organizer, path, **{**data, **wrong}).status_code == 422
    (term,) = rows(LawmakerTerm)
    assert post(organizer, f"{path}/{term.id}/remove").status_code == 303
    assert post(organizer, f"{path}/{term.id}/remove").status_code == 404


@pytest.mark.settings(demo={"enabled": True})
def test_office_of_somebody_in_a_pack_gets_staff_offices_and_a_wish(organizer, coalition, demo_state):
    base = f"/desk/legislators/{SOMEBODY}"
    staff = {"name": "Benno Kraus", "role": "scheduler", "email": "benno@example.org", "phone": "503-555-0101"}
    assert post(organizer, f"{base}/staff/new", **staff).status_code == 303
    office = {"kind": "district", "city": "Millbrook", "address": "4 Mill Lane", "hours": "9 to 4", "fax": "5035550102"}
    assert post(organizer, f"{base}/offices/new", **office).status_code == 303
    wish = {"way": "fax", "next_way": "phone", "note": "Name the bill.", "version": "0"}
    assert post(organizer, f"{base}/preference", **wish).status_code == 303
    page = organizer.get(base).text
    for text in (
        "Benno Kraus",
        "Scheduler",
        "mailto:benno@example.org",
        "Millbrook",
        "9 to 4",
        "Fax",
        "Name the bill.",
    ):
        assert text in page
    (kept,) = rows(StaffContact)
    assert b"Benno" not in kept.name
    assert b"benno" not in (kept.email or b"")
    assert "Benno" not in organizer.get(f"/legislators/{SOMEBODY}").text  # nothing of it is public
    assert post(organizer, f"{base}/preference", **wish).status_code == 409
    for path, wrong in (
        ("staff/new", {**staff, "name": ""}),
        ("staff/new", {**staff, "name": "=1+1"}),
        ("staff/new", {**staff, "email": "x"}),
        ("staff/new", {**staff, "phone": "call"}),
        ("staff/new", {**staff, "role": "boss"}),
        ("offices/new", {**office, "kind": "home"}),
        ("offices/new", {"kind": "mail"}),
        ("offices/new", {**office, "phone": "x"}),
        ("offices/new", {**office, "checked_on": (clock.now().date() + timedelta(days=3)).isoformat()}),
        ("preference", {**wish, "way": "owl"}),
        ("preference", {**wish, "next_way": "fax", "version": "1"}),
        ("preference", {**wish, "note": "x" * 601}),
    ):
        assert post(organizer, f"{base}/{path}", **wrong).status_code == 422, (path, wrong)
    edit = f"{base}/staff/{kept.public_id}"
    assert "Benno Kraus" in organizer.get(f"{edit}/edit").text
    assert post(organizer, f"{edit}/edit", **{**staff, "name": "Bela Kraus"}, version="1").status_code == 303
    assert post(organizer, f"{edit}/edit", **staff, version="1").status_code == 409
    assert post(organizer, f"{edit}/remove").status_code == 303
    assert rows(StaffContact) == []
    (site,) = rows(LawmakerOffice)
    edit = f"{base}/offices/{site.public_id}"
    assert post(organizer, f"{edit}/edit", **{**office, "city": "Harmony"}, version="1").status_code == 303
    assert "Harmony" in organizer.get(base).text
    assert post(organizer, f"{edit}/remove").status_code == 303


@pytest.mark.settings(demo={"enabled": True})
def test_a_form_with_a_fault_still_offers_to_remove_and_holds_what_was_typed(organizer, coalition, demo_state):
    base = f"/desk/legislators/{SOMEBODY}"
    staff = f"{base}/staff/{made.make_staff(coalition, SOMEBODY, 'Benno Kraus')}"
    office = f"{base}/offices/{made.make_office(coalition, SOMEBODY, city='Millbrook')}"
    for path, wrong, typed in (
        (staff, {"name": "=1+1", "topics": "Rivers", "version": "1"}, "Rivers"),
        (staff, {"name": "Benno Kraus", "phone": "call", "topics": "Rivers", "version": "1"}, "Rivers"),
        (office, {"kind": "district", "city": "Harmony", "phone": "call", "version": "1"}, "Harmony"),
    ):
        page = post(organizer, f"{path}/edit", **wrong)
        assert page.status_code == 422
        for shown in (f'action="{path}/remove"', typed, "Change "):
            assert shown in page.text
        assert f'action="{path}/remove"' in organizer.get(f"{path}/edit").text
    assert "/remove" not in post(organizer, f"{base}/staff/new", name="").text


@pytest.mark.settings(demo={"enabled": True})
def test_notes_that_are_old_say_so(organizer, coalition, demo_state):
    old = clock.now().date() - rules.STALE_AFTER - timedelta(days=1)
    made.make_preference(coalition, SOMEBODY, checked_on=old)
    assert "Old: check it" in organizer.get(f"/desk/legislators/{SOMEBODY}").text
    made.make_preference(coalition, SOMEBODY, version=1)
    assert "Old: check it" not in organizer.get(f"/desk/legislators/{SOMEBODY}").text


@pytest.mark.settings(demo={"enabled": True})
@pytest.mark.parametrize("tz", ["Etc/GMT+12", "Pacific/Kiritimati"])  # at any hour one of them has another day than UTC
def test_notes_are_of_the_coalitions_own_day(app, demo_state, tz):
    coalition = make_coalition(tz=tz)
    today = clock.now().astimezone(ZoneInfo(tz)).date()
    made.make_lawmaker(coalition)
    made.make_roster(coalition, "ID,Name\n7,Ada Quill\n", applied=True)
    made.make_office(coalition, SOMEBODY)
    made.make_staff(coalition, SOMEBODY, checked_on=today)
    made.make_preference(coalition, SOMEBODY)
    assert {row.as_of for row in rows(Lawmaker)} == {today}
    for model in (LawmakerOffice, StaffContact, OfficePreference):
        assert [row.checked_on for row in rows(model)] == [today]
    with pytest.raises(RuleBroken):
        made.make_office(coalition, SOMEBODY, checked_on=today + timedelta(days=1))


@pytest.mark.settings(demo={"enabled": True})
def test_z01_what_one_coalition_notes_is_not_there_for_another(app, coalition, demo_state):
    """Z-01, Z-02: own lawmakers and notes about somebody whom both can see."""
    key = made.make_lawmaker(coalition, "CANARY-NAME Person")
    for about in (key, SOMEBODY):
        staff_id, office_id = (
            made.make_staff(coalition, about, "CANARY-STAFF Person"),
            made.make_office(coalition, about, city="CANARY-TOWN"),
        )
        made.make_preference(coalition, about, note="CANARY-NOTE")
    stranger = sign_in(app.test_client(), make_member(make_coalition(), "admin"))
    for path in ("", "?name=canary", "?whose=own", "?whose=away"):
        assert "CANARY" not in stranger.get(f"/desk/legislators{path}").text
    assert "CANARY" not in stranger.get(f"/desk/legislators/{SOMEBODY}").text
    assert stranger.get(f"/desk/legislators/{key}").status_code == 404
    assert "CANARY" not in post(stranger, "/desk/legislators/export.csv").text
    for what in (f"staff/{staff_id}", f"offices/{office_id}"):
        assert stranger.get(f"/desk/legislators/{SOMEBODY}/{what}/edit").status_code == 404
        assert post(stranger, f"/desk/legislators/{SOMEBODY}/{what}/edit", version="1").status_code == 404
        assert post(stranger, f"/desk/legislators/{SOMEBODY}/{what}/remove").status_code == 404
    for what in ("staff/new", "offices/new", "preference", "terms", "put-away", "edit"):
        assert post(stranger, f"/desk/legislators/{key}/{what}", version="1").status_code == 404
    speaker = sign_in(app.test_client(), make_member(coalition, "speaker"))
    seen = speaker.get(f"/desk/legislators/{key}").text
    assert "CANARY-NAME" in seen
    for hidden in ("CANARY-STAFF", "CANARY-TOWN", "CANARY-NOTE"):
        assert hidden not in seen
    assert "CANARY-STAFF" in (
        sign_in(app.test_client(), make_member(coalition, "volunteer")).get(f"/desk/legislators/{key}").text
    )


def test_z01_services_ask_for_the_role_themselves(app, coalition):
    key = made.make_lawmaker(coalition)
    volunteer, elsewhere = actor_in(coalition, "volunteer"), actor_in(make_coalition())
    for actor, error in ((volunteer, NotAllowed), (elsewhere, NotFound)):
        with uow.unit():
            with pytest.raises(error):
                own.put_away(actor, key)
            with pytest.raises(error):
                noting.add_staff(actor, key, noting.Person("Benno", "policy"))
            with pytest.raises(error):
                noting.set_preference(actor, key, noting.Preference("fax"), version=0)
    with uow.reading():
        assert queries.names(elsewhere, [key]) == {}
        assert queries.names(volunteer, [key]) == {key: "Ottilie Varga"}
        with pytest.raises(NotFound):
            queries.name_of(elsewhere, key)


def test_number_of_notes_is_bounded(app, coalition):
    key = made.make_lawmaker(coalition)
    for _number in range(queries.MOST_NOTES):
        made.make_office(coalition, key)
    with pytest.raises(RuleBroken):
        made.make_office(coalition, key)


@pytest.mark.settings(demo={"enabled": True})
def test_export_holds_who_fits_and_no_formula(organizer, coalition, demo_state):
    made.make_lawmaker(coalition, "Ottilie Varga", title="=cmd|'/c calc'!A1", phone="+1 503 555 0100")
    answer = post(organizer, "/desk/legislators/export.csv", name="ottilie")
    lines = answer.text.splitlines()
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert len(lines) == 2
    assert "'=cmd" in lines[1]
    assert "'+1 503" in lines[1]
    everybody = post(organizer, "/desk/legislators/export.csv", state="ZZ").text
    assert "Harriet Lindqvist" in everybody
    assert "Ottilie" not in everybody
    assert post(organizer, "/desk/legislators/export.csv", chamber="x").status_code == 422


@pytest.mark.settings(demo={"enabled": True})
def test_pages_run_through_own_and_packs_once(organizer, coalition, demo_state):
    keys = [made.make_lawmaker(coalition, f"Person {number:02d}x") for number in range(33)]
    seen, path = [], "/desk/legislators"
    for _page in range(5):
        page = organizer.get(path).text
        seen += [part.partition('"')[0] for part in page.split('row-title"><a href="/desk/legislators/')[1:]]
        following = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        if 'rel="next"' not in page:
            break
        path = following.replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 33 + 11
    assert seen[:33] == keys
    for wrong in ("after=x", "after=o", "after=p-1", "after=o" + "9" * 30, "whose=x"):
        assert organizer.get(f"/desk/legislators?{wrong}").status_code == 422
