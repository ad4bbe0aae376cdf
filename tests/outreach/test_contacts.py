"""Contacts with lawmakers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from advocacy.audit.models import AuditEvent
from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.outreach.models import ContactLog
from advocacy.reminders.models import Deadline
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.outreach import make_contact
from tests.factories.signons import make_bill
from tests.support.queries import count_queries


@pytest.fixture
def coalition(app):
    return make_coalition()


@pytest.fixture
def organizer(client, coalition):
    return sign_in(client, make_member(coalition, "organizer"))


def test_list_without_contacts_teaches(organizer):
    assert "No contacts yet" in organizer.get("/desk/contacts").text


def test_contact_is_noted_and_its_follow_up_reminds(organizer, coalition):
    bill = make_bill(coalition)
    today = clock.now().date()
    data = {
        "csrf_token": csrf_token(organizer),
        "office": "Senator Ada Quill",
        "kind": "meeting",
        "happened_on": (today - timedelta(days=1)).isoformat(),
        "bill": str(bill),
        "lobbying_kind": "direct",
        "outcome": "She asked for numbers.",
        "follow_up_on": (today + timedelta(days=5)).isoformat(),
    }
    assert organizer.post("/desk/contacts/new", data=data).status_code == 303
    page = organizer.get("/desk/contacts").text
    assert "Senator Ada Quill" in page
    assert "HB 2999" in page
    with uow.reading():
        deadline = db.session.execute(select(Deadline).where(Deadline.kind == "contact_follow_up")).scalar_one()
        public_id = db.session.execute(select(ContactLog.public_id)).scalar_one()
    assert deadline.state == "upcoming"
    assert "Follow up: Senator Ada Quill" in organizer.get("/desk").text
    done = organizer.post(f"/desk/contacts/{public_id}/follow-up", data={"csrf_token": csrf_token(organizer)})
    assert done.status_code == 303
    db.session.rollback()
    with uow.reading():
        assert db.session.execute(select(Deadline.state)).scalar_one() == "void"
    assert "contact.noted" in db.session.execute(select(AuditEvent.action)).scalars().all()


@pytest.mark.both_databases
def test_i057_contact_about_a_bill_says_whether_it_was_lobbying(app, coalition):
    bill = make_bill(coalition)
    public_id = make_contact(coalition)
    mine = update(ContactLog).where(ContactLog.public_id == public_id)
    for wrong in (
        {"bill_id": bill},
        {"bill_id": bill, "lobbying_kind": "not_lobbying"},
        {"lobbying_kind": "x"},
        {"office": ""},
    ):
        with pytest.raises(IntegrityError), uow.unit():
            db.session.execute(mine.values(**wrong))
    with uow.unit():
        db.session.execute(mine.values(bill_id=bill, lobbying_kind="direct"))
    with pytest.raises(RuleBroken) as caught:
        make_contact(coalition, bill_id=bill)
    assert caught.value.field == "lobbying_kind"
    with pytest.raises(IntegrityError), uow.unit():
        db.session.execute(mine.values(bill_id=make_bill(make_coalition())))


def test_contacts_are_filtered_and_paged_by_key(organizer, coalition):
    for number in range(32):
        make_contact(coalition, office=f"Office {number:02d}")
    page = organizer.get("/desk/contacts").text
    assert "Office 31" in page
    assert "Office 01" not in page
    with uow.reading():
        third = db.session.execute(select(ContactLog.id).where(ContactLog.office == "Office 02")).scalar_one()
    assert "Office 01" in organizer.get(f"/desk/contacts?before={third}").text
    found = organizer.get("/desk/contacts?office=fice+07").text
    assert "Office 07" in found
    assert "Office 08" not in found
    assert "Nothing fits" in organizer.get("/desk/contacts?kind=call").text
    assert "Nothing fits" in organizer.get("/desk/contacts?open=y").text


def test_z01_contacts_of_another_coalition_are_404(app, coalition):
    """Z-01."""
    public_id = make_contact(coalition, office="CANARY-OFFICE")
    stranger = sign_in(app.test_client(), make_member(make_coalition(), "admin"))
    assert "CANARY-OFFICE" not in stranger.get("/desk/contacts").text
    for path in ("", "/edit"):
        assert stranger.get(f"/desk/contacts/{public_id}{path}").status_code == 404
    data = {"csrf_token": csrf_token(stranger), "office": "x", "kind": "call", "happened_on": "2026-01-01"}
    for path in ("/edit", "/follow-up"):
        assert stranger.post(f"/desk/contacts/{public_id}{path}", data=data).status_code == 404
    volunteer = sign_in(app.test_client(), make_member(coalition, "volunteer"))
    assert volunteer.get(f"/desk/contacts/{public_id}").status_code == 200
    assert volunteer.get(f"/desk/contacts/{public_id}/edit").status_code == 403


def test_list_asks_as_often_for_one_contact_as_for_thirty(organizer, coalition):
    make_contact(coalition)
    organizer.get("/desk/contacts")
    with count_queries() as one:
        organizer.get("/desk/contacts")
    for _ in range(29):
        make_contact(coalition)
    with count_queries() as many:
        assert organizer.get("/desk/contacts").text.count("Senator Ada Quill") == 30
    assert many.count == one.count


def test_change_by_two_people_the_second_learns_of_the_first(organizer, coalition):
    public_id = make_contact(coalition)
    day = (clock.now().date() - timedelta(days=1)).isoformat()
    data = {"csrf_token": csrf_token(organizer), "office": "Other", "kind": "call", "happened_on": day, "version": "1"}
    assert organizer.post(f"/desk/contacts/{public_id}/edit", data=data).status_code == 303
    assert organizer.post(f"/desk/contacts/{public_id}/edit", data=data).status_code == 409
