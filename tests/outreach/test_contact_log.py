"""The contact log: who took part, several bills, taking out and putting back, filters, paper, reminders."""

from __future__ import annotations

import csv
import io
import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.messaging.models import Mail
from advocacy.outreach import reminder_kinds
from advocacy.outreach.contact_models import ContactBill, ContactMember
from advocacy.outreach.models import ContactLog
from advocacy.outreach.services import contacting
from advocacy.reminders.models import Deadline, Reminder
from advocacy.reminders.services import checking
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.factories.outreach import make_contact, remove_contact
from tests.factories.signons import make_bill
from tests.support.reminding import say

DAY_S = 24 * 3600


@pytest.fixture
def coalition(app):
    return make_coalition()


@pytest.fixture
def organizer_id(coalition):
    return make_member(coalition, "organizer", name="Maya Ortiz")


@pytest.fixture
def organizer(client, organizer_id):
    return sign_in(client, organizer_id)


def post(client, path="/desk/contacts/new", **changed):
    day = (clock.now().date() - timedelta(days=1)).isoformat()
    data = {"office": "Her office", "kind": "testimony", "happened_on": day, "csrf_token": csrf_token(client)}
    return client.post(path, data=data | changed)


def row(public_id=None):
    db.session.rollback()
    with uow.reading():
        wanted = select(ContactLog)
        found = db.session.execute(wanted.where(ContactLog.public_id == public_id) if public_id else wanted)
        one = found.scalar_one()
        db.session.expunge(one)
    return one


def test_who_took_part_and_several_bills_are_kept_shown_and_exported(organizer, organizer_id, coalition):
    first, second = make_bill(coalition), make_bill(coalition, "HB 3000")
    answer = post(
        organizer,
        members=[str(organizer_id)],
        participants="A nurse",
        staff="Lee Park, chief of staff",
        bill=str(first),
        further_bills=[str(first), str(second)],
        lobbying_kind="direct",
        notes="Bring the county numbers.",
    )
    assert answer.status_code == 303
    found = row()
    page = organizer.get(f"/desk/contacts/{found.public_id}").text
    for word in ("Maya Ortiz", "A nurse", "Lee Park", "HB 2999", "HB 3000", "Bring the county numbers.", "Testimony"):
        assert word in page
    assert "Her office" in organizer.get(f"/desk/contacts?bill={second}").text, "a further bill is found too"
    sheet = organizer.get(f"/desk/contacts/print?bill={second}").text
    assert "HB 3000" in sheet
    assert "Bring the county numbers." not in sheet
    file = organizer.post("/desk/contacts/export.csv", data={"csrf_token": csrf_token(organizer)})
    line = next(csv.DictReader(io.StringIO(file.get_data(as_text=True).lstrip("\ufeff"))))
    assert (line["took_part"], line["bill"]) == ("Maya Ortiz; A nurse", "HB 2999; HB 3000")
    edit = organizer.get(f"/desk/contacts/{found.public_id}/edit").text
    assert f'value="{organizer_id}" checked' in edit
    changed = post(organizer, f"/desk/contacts/{found.public_id}/edit", version="1")
    assert changed.status_code == 303
    assert row().version == 2
    with uow.reading():
        assert db.session.execute(select(ContactBill)).first() is None
        assert db.session.execute(select(ContactMember)).first() is None


@pytest.mark.both_databases
def test_i057_further_bills_need_a_first_one_of_the_same_coalition(app, coalition):
    first, second, theirs = make_bill(coalition), make_bill(coalition, "HB 3000"), make_bill(make_coalition())
    public_id = make_contact(coalition)
    contact = row(public_id)
    here = {"coalition_id": coalition, "contact_id": contact.id}
    with pytest.raises(IntegrityError), uow.unit():
        db.session.execute(insert(ContactBill).values(**here, bill_id=second, first_bill_id=first))
    with uow.unit():
        db.session.execute(update(ContactLog).values(bill_id=first, lobbying_kind="direct"))
    for wrong in ({"bill_id": first}, {"bill_id": theirs}):
        with pytest.raises(IntegrityError), uow.unit():
            db.session.execute(insert(ContactBill).values(**here, first_bill_id=first, **wrong))
    with uow.unit():
        db.session.execute(insert(ContactBill).values(**here, bill_id=second, first_bill_id=first))
    with pytest.raises(IntegrityError), uow.unit():
        db.session.execute(update(ContactLog).values(bill_id=None, lobbying_kind=None))
    for wrong in ({"further_bill_ids": (second,)}, {"bill_id": first, "further_bill_ids": (theirs,)}):
        with pytest.raises(RuleBroken):
            make_contact(coalition, lobbying_kind="direct", **wrong)


def test_z01_people_and_bills_of_another_coalition_cannot_be_named(organizer, coalition):
    other = make_coalition()
    stranger, bill = make_member(other, "organizer"), make_bill(other)
    assert post(organizer, members=[str(stranger)]).status_code == 422
    assert post(organizer, bill=str(bill), lobbying_kind="direct").status_code == 422
    assert post(organizer, members=["1e9", "-1", "x"]).status_code == 422
    with pytest.raises(RuleBroken):
        make_contact(coalition, member_ids=(stranger,))
    with uow.reading():
        assert db.session.execute(select(ContactLog)).first() is None


def test_taking_out_can_be_undone_and_moves_the_reminder_along(organizer, coalition):
    public_id = make_contact(coalition, follow_up_on=clock.now().date() + timedelta(days=5))
    token = {"csrf_token": csrf_token(organizer)}
    assert organizer.post(f"/desk/contacts/{public_id}/remove", data=token).status_code == 409, "the version is missing"
    assert organizer.post(f"/desk/contacts/{public_id}/remove", data=token | {"version": "1"}).status_code == 303
    db.session.rollback()
    with uow.reading():
        assert db.session.execute(select(Deadline.state)).scalar_one() == "void"
    assert "Senator Ada Quill" not in organizer.get("/desk/contacts").text
    assert "Senator Ada Quill" in organizer.get("/desk/contacts?removed=y").text
    assert "Put it back" in organizer.get(f"/desk/contacts/{public_id}").text
    assert post(organizer, f"/desk/contacts/{public_id}/edit", version="2").status_code == 409
    assert organizer.post(f"/desk/contacts/{public_id}/restore", data=token).status_code == 303
    assert organizer.post(f"/desk/contacts/{public_id}/restore", data=token).status_code == 409
    db.session.rollback()
    with uow.reading():
        assert db.session.execute(select(Deadline.state)).scalar_one() == "upcoming"
    assert "Senator Ada Quill" in organizer.get("/desk/contacts").text


@pytest.mark.both_databases
def test_removed_contacts_are_purged_with_what_hangs_on_them(app, coalition, move_clock):
    member = make_member(coalition, "organizer")
    gone = make_contact(coalition, member_ids=(member,))
    kept = make_contact(coalition, office="Kept")
    remove_contact(coalition, gone)
    with uow.unit():
        assert contacting.purge_removed(clock.now() - contacting.KEPT, 10) == 0
    move_clock(31 * DAY_S)
    with uow.unit():
        assert contacting.purge_removed(clock.now() - contacting.KEPT, 10) == 1
    with uow.reading():
        assert db.session.execute(select(ContactLog.public_id)).scalars().all() == [kept]
        assert db.session.execute(select(ContactMember)).first() is None


@pytest.mark.both_databases
def test_two_changes_of_one_version_one_of_them_is_told(app, coalition):
    public_id, told, start = make_contact(coalition), [], threading.Barrier(2)
    given = contacting.Contact("Other", "call", clock.now().date() - timedelta(days=1))

    def change() -> None:
        with app.app_context():
            start.wait()
            try:
                with uow.unit():
                    contacting.change_contact(actor_in(coalition), public_id, given, version=1)
            except Conflict as error:
                told.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=change) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert row().version == 2


def test_r08_follow_up_is_said_once_and_again_only_when_it_moves(app, coalition, organizer_id, move_clock):
    day = clock.now().date() + timedelta(days=5)
    actor = actor_in(coalition, user_id=organizer_id)
    given = contacting.Contact("Senator Quill", "call", clock.now().date(), follow_up_on=day)
    with uow.unit():
        contact = contacting.log_contact(actor, coalition, given)
        public_id, contact_id = contact.public_id, contact.id
    with uow.reading():
        deadline_id = db.session.execute(select(Deadline.id)).scalar_one()
    move_clock(4.5 * DAY_S)
    for _ in range(3):
        with uow.unit():
            say(deadline_id)
    with uow.reading():
        mails = db.session.execute(select(Mail).where(Mail.kind == reminder_kinds.FOLLOW_UP_MAIL)).scalars().all()
        assert len(mails) == 1
        assert checking.reason_not_to_send(mails[0]) is None
    with uow.unit():
        contacting.remove_contact(actor, public_id, version=1)
    with uow.reading():
        assert checking.reason_not_to_send(mails[0]) == "deadline_dropped"
        assert not reminder_kinds.FOLLOW_UP.still_matters(contact_id, 1)
        assert db.session.execute(select(Reminder.state)).scalars().all() == ["suppressed"]


def test_hostile_filters_answer_calmly(organizer, coalition):
    make_contact(coalition, office="100% <b>Quill</b> \u202e")
    for asked in (
        "since=9999-99-99",
        "until=%00",
        "lawmaker=" + "x" * 500,
        "office=%25",
        "kind=nonsense",
        "before=-1",
        "bill=-5",
        "bill=99999999999999999999",
    ):
        answer = organizer.get(f"/desk/contacts?{asked}")
        assert answer.status_code in {200, 400}, asked
        assert "<b>Quill" not in answer.text
    assert "100%" in organizer.get("/desk/contacts?office=%25").text
    assert "Nothing fits" in organizer.get("/desk/contacts?since=2199-01-01").text
