"""What people in office promised: due days that remind once, and what became of it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.messaging.models import Mail
from advocacy.messaging.services.delivering import Facts
from advocacy.outreach import emails, reminder_kinds
from advocacy.outreach.position_models import Commitment
from advocacy.outreach.services import promising
from advocacy.reminders.models import Deadline, Reminder
from advocacy.reminders.services import checking
from advocacy.web.manifest import house
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.factories.outreach import bill_of, make_known_lawmaker, note_promise
from tests.factories.signons import make_bill
from tests.support.reminding import say

DAY = timedelta(days=1)
DAY_S = 24 * 3600


@pytest.fixture
def coalition(app):
    return make_coalition()


@pytest.fixture
def holder(coalition):
    return make_member(coalition, "volunteer", name="Noor Bell")


@pytest.fixture
def key(coalition, holder):
    return make_known_lawmaker(coalition, holder)


@pytest.fixture
def organizer(client, coalition):
    return sign_in(client, make_member(coalition, "organizer"))


def facts(client, **changed):
    day = clock.now().date()
    return {
        "csrf_token": csrf_token(client),
        "kind": "vote",
        "what": "Vote yes in committee",
        "promised_on": day.isoformat(),
        "due_on": (day + 10 * DAY).isoformat(),
        **changed,
    }


def test_promise_is_kept_shown_settled_and_opened_again(organizer, coalition, key):
    bill = make_bill(coalition)
    answer = organizer.post(f"/desk/relationships/{key}/commitments/new", data=facts(organizer, bill=bill_of(bill)))
    assert answer.status_code == 303
    with uow.reading():
        public_id = db.session.execute(select(Commitment.public_id)).scalar_one()
    path = f"/desk/commitments/{public_id}"
    for page in (path, "/desk/commitments", f"/desk/relationships/{key}"):
        assert "Vote yes in committee" in organizer.get(page).text
    assert "HB 2999" in organizer.get(path).text
    settled = {"csrf_token": csrf_token(organizer), "state": "kept", "settled_on": clock.now().date().isoformat()}
    assert organizer.post(f"{path}/settle", data=settled | {"version": "1"}).status_code == 422, "it says how"
    settled["outcome"] = "The roll call shows it."
    assert organizer.post(f"{path}/settle", data=settled | {"version": "7"}).status_code == 409
    assert organizer.post(f"{path}/settle", data=settled | {"version": "1"}).status_code == 303
    assert "The roll call shows it." in organizer.get(path).text
    assert "Vote yes in committee" not in organizer.get("/desk/commitments").text
    assert "Vote yes in committee" in organizer.get("/desk/commitments?state=kept").text
    assert organizer.post(f"{path}/edit", data=facts(organizer, version="2")).status_code == 409
    reopened = {"csrf_token": csrf_token(organizer), "version": "2"}
    assert organizer.post(f"{path}/reopen", data=reopened).status_code == 303
    assert organizer.post(f"{path}/reopen", data=reopened).status_code == 409
    edited = organizer.post(f"{path}/edit", data=facts(organizer, what="Vote yes on the floor", version="3"))
    assert edited.status_code == 303
    assert "Vote yes on the floor" in organizer.get(path).text


def test_promises_name_what_is_missing(organizer, coalition, key):
    day = clock.now().date()
    for wrong in (
        {"what": ""},
        {"kind": "gift"},
        {"due_on": (day - DAY).isoformat()},
        {"promised_on": (day + 5 * DAY).isoformat()},
        {"evidence_url": "ftp://x"},
        {"bill": bill_of(make_bill(make_coalition()))},
    ):
        answer = organizer.post(f"/desk/relationships/{key}/commitments/new", data=facts(organizer, **wrong))
        assert answer.status_code == 422, wrong
    with pytest.raises(RuleBroken), uow.unit():
        promising.settle_commitment(
            actor_in(coalition),
            note_promise(coalition, key),
            state="kept",
            settled_on=day - 30 * DAY,
            outcome="x",
            version=1,
        )


@pytest.mark.both_databases
def test_the_database_refuses_promises_that_say_nothing(app, coalition, key):
    note_promise(coalition, key)
    now = clock.now()
    good = {
        "coalition_id": coalition,
        "public_id": "x" * 22,
        "legislator_key": key,
        "kind": "vote",
        "what": "x",
        "promised_on": now.date(),
        "evidence_url": "",
        "state": "open",
        "outcome": "",
        "entered_at": now,
        "version": 1,
    }
    for wrong in (
        {"what": ""},
        {"kind": "gift"},
        {"state": "kept"},
        {"state": "kept", "settled_on": now.date()},
        {"settled_on": now.date()},
        {"due_on": now.date() - DAY},
        {"bill_id": make_bill(make_coalition())},
        {"legislator_key": ""},
    ):
        with pytest.raises(IntegrityError), uow.unit():
            db.session.execute(insert(Commitment).values(**good | wrong))


@pytest.mark.both_databases
def test_two_who_settle_one_promise_one_of_them_is_told(app, coalition, key):
    public_id, told, start = note_promise(coalition, key), [], threading.Barrier(2)

    def settle(state: str) -> None:
        with app.app_context():
            start.wait()
            try:
                with uow.unit():
                    promising.settle_commitment(
                        actor_in(coalition),
                        public_id,
                        state=state,
                        settled_on=clock.now().date(),
                        outcome="x",
                        version=1,
                    )
            except Conflict as error:
                told.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=settle, args=(state,)) for state in ("kept", "broken")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1


def facts_of(mail):
    return Facts(
        mail.public_id,
        mail.kind,
        "noor@example.org",
        mail.coalition_id,
        mail.object_kind,
        mail.object_id,
        mail.object_rev,
        mail.params,
        mail.locale,
    )


def due_mails():
    db.session.rollback()
    with uow.reading():
        rows = list(db.session.execute(select(Mail).where(Mail.kind == reminder_kinds.PROMISE_MAIL)).scalars())
        db.session.expunge_all()
    return rows


def test_r08_i143_due_promise_reminds_the_holder_once_and_again_only_when_it_moves(app, coalition, key, move_clock):
    day = clock.now().date()
    public_id = note_promise(coalition, key, what="CANARY PROMISE", due_on=day + 9 * DAY)
    with uow.reading():
        deadline_id = db.session.execute(select(Deadline.id)).scalar_one()
    move_clock(3 * DAY_S)
    for _ in range(3):
        with uow.unit():
            say(deadline_id)
    (mail,) = due_mails()
    with uow.reading():
        content = emails.promise_due(facts_of(mail))
        assert checking.reason_not_to_send(mail) is None
    assert "CANARY" not in content.subject + content.text
    assert public_id in content.text
    given = promising.Promised("meet", "Meet", day, day + 19 * DAY)
    with uow.unit():
        promising.change_commitment(actor_in(coalition), public_id, given, version=1)
    with uow.reading():
        assert checking.reason_not_to_send(mail) == "deadline_moved"
        assert db.session.execute(select(Reminder.state)).scalars().all() == ["superseded"]
    move_clock(13 * DAY_S)
    with uow.unit():
        say(deadline_id)
    assert len(due_mails()) == 2
    with uow.unit():
        promising.settle_commitment(
            actor_in(coalition),
            public_id,
            state="broken",
            settled_on=clock.now().date(),
            outcome="Voted no.",
            version=2,
        )
    with uow.reading():
        assert checking.reason_not_to_send(due_mails()[1]) == "deadline_dropped"
        assert emails.promise_due(facts_of(mail)) is None


def test_reminders_go_to_the_holder_as_long_as_they_may(app, coalition, key, holder):
    organizer = make_member(coalition, "organizer")
    public_id = note_promise(coalition, key)
    with uow.reading():
        row = db.session.execute(select(Commitment.id).where(Commitment.public_id == public_id)).scalar_one()
        assert reminder_kinds.PROMISE.recipients(row) == [holder]
    with uow.unit():
        house().forget(holder)
    with uow.reading():
        assert reminder_kinds.PROMISE.recipients(row) == [organizer]
        assert reminder_kinds.PROMISE.recipients(row + 999) == []


def test_overdue_promise_stands_on_the_desk_and_the_list(organizer, coalition, key):
    public_id = note_promise(coalition, key, what="Send the numbers")
    yesterday = clock.now().date() - DAY
    with uow.unit():
        db.session.execute(update(Commitment).values(due_on=yesterday))
    assert "Promised: Send the numbers" in organizer.get("/desk").text
    assert "Was due on" in organizer.get("/desk/commitments").text
    assert "Overdue" in organizer.get(f"/desk/commitments/{public_id}").text


def test_z01_promises_of_another_coalition_are_404(app, coalition, key):
    public_id = note_promise(coalition, key, what="CANARY PROMISE")
    stranger = sign_in(app.test_client(), make_member(make_coalition(), "admin"))
    assert "CANARY" not in stranger.get("/desk/commitments").text
    for path in ("", "/edit", "/settle"):
        assert stranger.get(f"/desk/commitments/{public_id}{path}").status_code == 404
    for path in ("/edit", "/settle", "/reopen"):
        answer = stranger.post(f"/desk/commitments/{public_id}{path}", data=facts(stranger, version="1"))
        assert answer.status_code == 404
    observer = sign_in(app.test_client(), make_member(coalition, "observer"))
    assert observer.get(f"/desk/commitments/{public_id}").status_code == 403


def test_erased_author_leaves_the_promise(app, coalition, key):
    author = make_member(coalition, "organizer")
    given = promising.Promised("meet", "Meet three families", clock.now().date())
    with uow.unit():
        promising.note_commitment(actor_in(coalition, user_id=author), key, given)
    with uow.reading():
        assert house().personal_data_of(author)["outreach"]["promises_noted"][0]["what"] == "Meet three families"
    with uow.unit():
        house().forget(author)
    db.session.rollback()
    with uow.reading():
        assert db.session.execute(select(Commitment.entered_by)).scalar_one() is None
