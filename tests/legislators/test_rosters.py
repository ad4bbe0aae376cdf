"""Lists of lawmakers as files: read in any encoding, looked at, applied whole, undone whole."""

from __future__ import annotations

import io
import threading
import time

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from advocacy.audit.models import AuditEvent
from advocacy.core import clock, uow
from advocacy.core.db import db, is_reading
from advocacy.core.errors import Conflict, NotFound, RuleBroken
from advocacy.legislators import roster_rules, rules
from advocacy.legislators.models import Lawmaker
from advocacy.legislators.roster_models import Roster, RosterChange
from advocacy.legislators.services import own, roster_plan, rosters
from tests.factories import legislators as made
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.support.queries import count_queries

LIST = """ID,Full Name,Role,Council,Ward,State,Term Start,Phone,E-Mail,Website,Favourite colour
1,Zoë Ångström,Mayor,Ferry Landing,,Oregon,1/6/2025,503-555-0100,zoe@example.org,www.example.org/zoe,blue
2,Ben Ode,Council member,Ferry Landing,2,OR,2025-01-06,503-555-0101,ben@example.org,https://example.org/ben,red
"""


@pytest.fixture
def coalition(app):
    return make_coalition()


@pytest.fixture
def organizer(client, coalition):
    return sign_in(client, make_member(coalition, "organizer"))


def post(client, path, **data):
    return client.post(path, data={"csrf_token": csrf_token(client), **data})


def upload(client, content, name="council.csv"):
    data = content.encode() if isinstance(content, str) else content
    form = {"csrf_token": csrf_token(client), "file": FileStorage(io.BytesIO(data), filename=name)}
    boundary, body = encode_multipart(form)  # the client itself would leave a temporary file open
    return client.post("/desk/legislators/lists", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def people():
    uow.rollback()
    with uow.reading():
        found = db.session.execute(select(Lawmaker).order_by(Lawmaker.id)).scalars().all()
        db.session.expunge_all()
    return found


def draft(coalition_id, text):
    public_id = made.make_roster(coalition_id, text)
    with uow.reading():
        found = db.session.execute(select(Roster).where(Roster.public_id == public_id)).scalar_one()
        result = roster_plan.plan(found)
        db.session.expunge_all()
    return result


def act(coalition_id, deed, public_id):
    with uow.unit():
        version = db.session.execute(select(Roster.version).where(Roster.public_id == public_id)).scalar_one()
        deed(actor_in(coalition_id), public_id, version=version)


def test_list_is_uploaded_looked_at_applied_and_undone(organizer, coalition):
    assert "None yet" in organizer.get("/desk/legislators/lists").text
    answer = upload(organizer, LIST)
    assert answer.status_code == 303
    path = answer.location.partition("?")[0]
    page = organizer.get(path).text
    assert "Zoë Ångström" in page
    assert page.count(" selected>") == 10  # every column but the colour
    assert people() == []
    assert post(organizer, f"{path}/apply", version="1").status_code == 303
    first, second = people()
    assert (first.full_name, first.state, str(first.starts_on), first.url) == (
        "Zoë Ångström",
        "OR",
        "2025-01-06",
        "https://www.example.org/zoe",
    )
    assert (second.external_key, second.district, second.body, second.source) == (
        "2",
        "2",
        "Ferry Landing",
        "council.csv",
    )
    assert "Source: council.csv" in organizer.get(f"/desk/legislators/{first.key}").text
    assert post(organizer, f"{path}/apply", version="2").status_code == 409
    with uow.reading():
        assert db.session.execute(select(Roster.content)).scalar_one() == ""
    assert "Undo the list" in organizer.get(path).text
    assert post(organizer, f"{path}/undo", version="2").status_code == 303
    assert all(row.archived_at is not None for row in people())
    assert "Undo the list" not in organizer.get(path).text
    assert post(organizer, f"{path}/undo", version="3").status_code == 409
    deeds = db.session.execute(select(AuditEvent.action).where(AuditEvent.object_kind == "roster")).scalars().all()
    assert deeds == ["roster.uploaded", "roster.applied", "roster.undone"]


def test_columns_are_changed_by_hand(organizer, coalition):
    path = upload(organizer, "A,B,C\nZoë,Mayor,OR\n").location.partition("?")[0]
    page = organizer.get(path).text
    assert "Say which column holds the name" in page
    assert "Apply the list" not in page
    wrong = {"column-0": "full_name", "column-1": "full_name", "column-2": ""}
    answer = post(organizer, f"{path}/columns", **wrong, version="1")
    assert answer.status_code == 422
    assert "taken for the same thing" in answer.text
    for bad in ({"column-0": "password"}, {}, {"column-0": "title"}):
        assert post(organizer, f"{path}/columns", **bad, version="1").status_code == 422
    right = {"column-0": "full_name", "column-1": "title", "column-2": "state"}
    assert post(organizer, f"{path}/columns", **right, version="1").status_code == 303
    assert post(organizer, f"{path}/columns", **right, version="1").status_code == 409
    assert post(organizer, f"{path}/apply", version="1").status_code == 409
    assert post(organizer, f"{path}/apply", version="2").status_code == 303
    assert [(row.full_name, row.title, row.state) for row in people()] == [("Zoë", "Mayor", "OR")]


def test_draft_is_thrown_away_or_replaced(organizer, coalition):
    path = upload(organizer, LIST).location.partition("?")[0]
    second = upload(organizer, LIST).location.partition("?")[0]
    assert organizer.get(path).status_code == 404
    assert post(organizer, f"{second}/discard").status_code == 303
    assert organizer.get(second).status_code == 404


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (LIST.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + LIST.encode(), "utf-8"),
        (LIST.encode("cp1252"), "cp1252"),
        (LIST.encode("utf-16"), "utf-16"),
        (LIST.replace("\n", "\r\n").encode(), "utf-8"),
        (LIST.replace(",", ";").encode(), "utf-8"),
        (LIST.replace(",", "\t").encode("cp1252"), "cp1252"),
    ],
)
def test_encodings_and_separators_of_spreadsheets(data, name):
    text, encoding = roster_rules.decode(data)
    sheet = roster_rules.read(text)
    assert encoding == name
    assert sheet.header[:2] == ["ID", "Full Name"]
    assert roster_rules.guess(sheet.header) == [
        "external_key",
        "full_name",
        "title",
        "body",
        "district",
        "state",
        "starts_on",
        "phone",
        "email",
        "url",
        "",
    ]
    assert [cells[1] for _number, cells in sheet.rows] == ["Zoë Ångström", "Ben Ode"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n ",
        b"Name\n",
        b"Name\n\n\n",
        b"\x00\x01\x02\x03",
        b"PK\x03\x04\x14\x00\x00\x00",
        b"\x81\x8d\x8f",
        b"\xff\xfe\x00",
        b"Name\n" + b"x" * 200_000,
        b'Name\n"' + b"x," * 70_000,
        b",".join([b"c"] * 200) + b"\n" + b",".join([b"1"] * 200),
        b"Name\n" + b"A b\n" * (roster_rules.MOST_ROWS + 1),
        b"x" * (roster_rules.MOST_BYTES + 1),
    ],
)
def test_what_is_no_list_is_refused_and_nothing_kept(organizer, coalition, data):
    answer = upload(organizer, data)
    assert answer.status_code == 422
    assert 'href="#file"' in answer.text
    with uow.reading():
        assert db.session.execute(select(func.count()).select_from(Roster)).scalar_one() == 0  # a test may count


def test_upload_without_a_file_or_too_large_for_a_request_is_refused(organizer, coalition):
    assert post(organizer, "/desk/legislators/lists").status_code == 422
    assert upload(organizer, b"x" * 3_000_000).status_code == 413
    assert upload(organizer, LIST, name="../../etc/\x00passwd\u202e.csv").status_code in {303, 422}


@pytest.mark.parametrize(
    ("cell", "column", "words"),
    [
        ("=HYPERLINK(1)", "Name", "cannot start with"),
        ("@SUM(1)", "Name", "cannot start with"),
        ("", "Name", "Give a name"),
        ("x" * 121, "Name", "at most 120"),
        ("1234", "Name", "name of a person"),
        ("javascript:alert(1)", "Website", "https://"),
        ("data:text/html,x", "Web form", "https://"),
        ("nobody", "Email", "name@example.org"),
        ("call me", "Phone", "phone number"),
        ("31.31.2025", "Term start", "not a date"),
        ("2027-02-30", "Term start", "not a date"),
        ("Atlantis", "State", "two letters"),
        ("ocd-division/<x>", "OCD ID", "ocd-division"),
        ("a\u202eb", "Title", "cannot be stored"),
    ],
)
def test_lines_that_cannot_be_taken_say_why(app, coalition, cell, column, words):
    header, line = (f"Name,{column}", f'Ada Quill,"{cell}"') if column != "Name" else ("Name,Title", f'"{cell}",Mayor')
    found = draft(coalition, f"{header}\n{line}\nBo Ode,\n")
    assert [one.number for one in found.refused] == [2]
    assert words in str(found.refused[0].reasons[0][1])
    assert [one.facts.full_name for one in found.new] == ["Bo Ode"]


def test_hostile_cells_stay_text_on_the_page_and_in_the_export(organizer, coalition):
    text = "Name,Title,Party\nAda <script>alert(1)</script>,'=cmd|'/c calc'!A1,\"<img src=x onerror=alert(1)>\"\n"
    path = upload(organizer, text, name="<b>x</b>.csv").location.partition("?")[0]
    for _step in range(2):
        page = organizer.get(path).text
        assert "<script>alert" not in page
        assert "<img src" not in page
        assert "<b>x</b>" not in page
        post(organizer, f"{path}/apply", version="1")
    (row,) = people()
    assert row.title == "=cmd|'/c calc'!A1"  # one apostrophe was the spreadsheet's guard
    assert "'=cmd" in post(organizer, "/desk/legislators/export.csv", whose="own").text
    assert "<script>alert" not in organizer.get(f"/desk/legislators/{row.key}").text


def test_lines_with_too_many_cells_and_double_people_are_refused(app, coalition):
    found = draft(
        coalition, "ID,Name,Body\n1,Ada Quill,A,extra\n2,Bo Ode,A\n2,Bo Other,A\n,Cy Doe,A\n,CY DOE,a\n,Cy Doe,B,,\n"
    )
    assert [(one.number, str(one.reasons[0][1])) for one in found.refused] == [
        (2, "It has more cells than there are columns."),
        (4, "The same person stands in line 3."),
        (6, "The same person stands in line 5."),
    ]
    assert [one.number for one in found.new] == [3, 5, 7]


def test_second_list_changes_confirms_and_undoes(app, coalition):
    made.make_roster(coalition, LIST, applied=True)
    before = people()
    changed = LIST.replace("503-555-0101", "503-555-0199").replace("red", "green") + "3,New Person,,,,,,,,,\n"
    found = draft(coalition, changed)
    assert found.counts() == {"new": 1, "changed": 1, "unchanged": 1, "refused": 0}
    assert list(found.changed[0].changes) == [("phone", "503-555-0101", "503-555-0199")]
    second = made.make_roster(coalition, changed, applied=True, name="second.csv")
    assert [row.phone for row in people()] == ["503-555-0100", "503-555-0199", ""]
    act(coalition, rosters.undo, second)
    after = people()
    for old, new in zip(before, after, strict=False):
        for name in (*rules.FIELDS, "folded_name", "source", "as_of", "archived_at"):
            assert getattr(old, name) == getattr(new, name), name
    assert after[2].archived_at is not None


def test_undo_leaves_whom_somebody_changed_since(organizer, coalition):
    path = upload(organizer, LIST).location.partition("?")[0]
    post(organizer, f"{path}/apply", version="1")
    first = people()[0]
    assert post(organizer, f"/desk/legislators/{first.key}/edit", full_name="Zoë A.", version="1").status_code == 303
    assert post(organizer, f"{path}/undo", version="2").status_code == 303
    assert [row.archived_at is None for row in people()] == [True, False]
    assert "left as they are: 1" in organizer.get(path).text


def test_only_the_last_list_is_undone_and_the_one_before_after_it(app, coalition):
    first = made.make_roster(coalition, LIST, applied=True)
    second = made.make_roster(coalition, LIST.replace("Mayor", "Governor"), applied=True)
    with pytest.raises(Conflict):
        act(coalition, rosters.undo, first)
    act(coalition, rosters.undo, second)
    assert people()[0].title == "Mayor"
    act(coalition, rosters.undo, first)
    assert all(row.archived_at is not None for row in people())
    made.make_roster(coalition, LIST, applied=True)  # the same list again finds them, and brings them back
    assert [row.archived_at for row in people()] == [None, None]


def test_people_are_found_by_name_where_a_list_has_no_ids(app, coalition):
    made.make_lawmaker(coalition, "Ottilie Varga", body="A", district="1")
    made.make_lawmaker(coalition, "Ottilie Varga", body="B", district="1")
    by_body = draft(coalition, "Name,Body,Title\nottilie VARGA,b,Chair\n")
    assert [line.before["body"] for line in by_body.changed] == ["B"]
    assert by_body.changed[0].facts.phone == "503-555-0100"  # what the list does not speak of stays
    unclear = draft(coalition, "Name,Title\nOttilie Varga,Chair\n")
    assert "Several people" in str(unclear.refused[0].reasons[0][1])


def test_nothing_to_take_is_refused_and_rows_are_all_or_nothing(app, coalition, monkeypatch):
    public_id = made.make_roster(coalition, "Name\n=1\n")
    with pytest.raises(RuleBroken):
        act(coalition, rosters.apply, public_id)
    made.make_lawmaker(coalition, "Ada Quill")
    public_id = made.make_roster(coalition, "Name,Title\nAda Quill,Chair\nBo Ode,Clerk\n")
    monkeypatch.setattr(rosters, "_write", lambda rows: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        act(coalition, rosters.apply, public_id)
    assert [row.full_name for row in people()] == ["Ada Quill"]
    monkeypatch.setattr(rosters, "MOST_PEOPLE", 1)
    with pytest.raises(RuleBroken):
        act(coalition, rosters.apply, public_id)


def test_z01_lists_of_another_coalition_do_not_exist(app, coalition):
    """Z-01: neither the draft nor the people a list would match."""
    public_id = made.make_roster(coalition, LIST, name="CANARY.csv")
    other = make_coalition()
    stranger = sign_in(app.test_client(), make_member(other, "admin"))
    path = f"/desk/legislators/lists/{public_id}"
    assert stranger.get(path).status_code == 404
    assert "CANARY" not in stranger.get("/desk/legislators/lists").text
    for deed in ("columns", "apply", "undo", "discard"):
        assert post(stranger, f"{path}/{deed}", version="1").status_code == 404
    volunteer = sign_in(app.test_client(), make_member(coalition, "volunteer"))
    assert volunteer.get(path).status_code == 403
    made.make_roster(coalition, LIST, applied=True)
    assert draft(other, LIST).counts() == {"new": 2, "changed": 0, "unchanged": 0, "refused": 0}
    with uow.reading(), pytest.raises(NotFound):
        rosters.roster(actor_in(other), public_id)


@pytest.mark.both_databases
def test_the_database_keeps_lists_in_order(app, coalition):
    applied = made.make_roster(coalition, LIST, applied=True)
    made.make_roster(coalition, LIST)
    other = make_coalition()
    with uow.reading():
        roster_id = db.session.execute(select(Roster.id).where(Roster.public_id == applied)).scalar_one()
        person = db.session.execute(select(Lawmaker.id).limit(1)).scalar_one()
    wrong = [
        update(Roster).where(Roster.id == roster_id).values(content="x"),
        update(Roster).where(Roster.id == roster_id).values(state="draft"),
        update(Roster).where(Roster.id == roster_id).values(state="undone"),
        update(Roster).where(Roster.id == roster_id).values(applied_at=None),
        insert(RosterChange).values(roster_id=roster_id, lawmaker_id=person, coalition_id=other, version=1),
    ]
    for statement in wrong:
        with pytest.raises(IntegrityError), uow.unit():
            db.session.execute(statement)
    act(coalition, rosters.undo, applied)
    assert all(row.archived_at is not None for row in people())


def test_drafts_that_nobody_applied_are_purged(app, coalition):
    made.make_roster(coalition, LIST, applied=True)
    made.make_roster(coalition, LIST)
    with uow.unit():
        assert rosters.purge(clock.now() - rosters.KEEP_DRAFTS, 10) == 0
        assert rosters.purge(clock.now(), 10) == 1
    with uow.reading():
        assert db.session.execute(select(Roster.state)).scalars().all() == ["applied"]


@pytest.mark.both_databases
def test_list_is_planned_before_the_writing_begins(organizer, coalition, monkeypatch):
    plan, states = roster_plan.plan, []

    def note(*args):
        states.append(is_reading())
        return plan(*args)

    public_id = made.make_roster(coalition, LIST)
    monkeypatch.setattr(roster_plan, "plan", note)
    assert post(organizer, f"/desk/legislators/lists/{public_id}/apply", version="1").status_code == 303
    assert states == [True]
    assert len(people()) == 2


@pytest.mark.parametrize("what", ["changed", "added", "mapped"])
def test_list_planned_on_what_is_no_longer_so_is_refused(app, coalition, monkeypatch, what):
    key = made.make_lawmaker(coalition, "Ada Quill")
    public_id = made.make_roster(coalition, "Name,Title\nAda Quill,Chair\nBo Ode,Clerk\n")
    plan = roster_plan.plan

    def meanwhile(*args):
        found = plan(*args)
        monkeypatch.setattr(roster_plan, "plan", plan)
        thread = threading.Thread(target=somebody_else)
        thread.start()
        thread.join()
        return found

    def somebody_else():
        with app.app_context():
            if what == "added":
                made.make_lawmaker(coalition, "Cy Rook")
            elif what == "mapped":
                act(coalition, lambda *args, **kw: rosters.set_mapping(*args, ["full_name", ""], **kw), public_id)
            else:
                with uow.unit():
                    own.put_away(actor_in(coalition), key)

    monkeypatch.setattr(roster_plan, "plan", meanwhile)
    with pytest.raises(Conflict):
        act_reading_first(coalition, public_id)
    assert "Bo Ode" not in {row.full_name for row in people()}


def act_reading_first(coalition_id, public_id):
    with uow.reading():
        version = db.session.execute(select(Roster.version).where(Roster.public_id == public_id)).scalar_one()
    with uow.unit():
        rosters.apply(actor_in(coalition_id), public_id, version=version)


def test_ten_thousand_people_in_a_few_seconds_and_few_statements(app, coalition):
    lines = [f"{number},Person Number{number},Council,Ward {number % 90}" for number in range(roster_rules.MOST_ROWS)]
    text = "\n".join(["ID,Name,Body,District", *lines])
    public_id = made.make_roster(coalition, text)
    begun = time.monotonic()
    with count_queries() as asked:
        act(coalition, rosters.apply, public_id)
    assert len(people()) == roster_rules.MOST_ROWS
    assert asked.count < 60
    found = draft(coalition, text.replace("Council", "Board"))
    assert found.counts()["changed"] == roster_rules.MOST_ROWS
    act(coalition, rosters.undo, public_id)
    assert time.monotonic() - begun < 60  # a wide margin: the machine may be busy


def test_file_that_we_gave_out_finds_everybody_again(organizer, coalition):
    made.make_lawmaker(coalition, "Ottilie Varga", title="=1+1", hours="9 to 4", fax="+1 503 555 0103")
    made.make_lawmaker(coalition, "Ottilie Varga", district="Ward 4", external_key="B-7")
    given = post(organizer, "/desk/legislators/export.csv", whose="own").text
    assert draft(coalition, given).counts() == {"new": 0, "changed": 0, "unchanged": 2, "refused": 0}
    found = draft(coalition, given.replace("9 to 4", "10 to 4"))
    assert [line.changes for line in found.changed] == [[("hours", "9 to 4", "10 to 4")]]
