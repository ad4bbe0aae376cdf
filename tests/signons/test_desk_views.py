"""The organizer's pages of sign-on letters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from advocacy.audit.models import AuditEvent
from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.messaging.models import Mail
from advocacy.reminders.models import Deadline
from advocacy.signons.models import LetterState, SignOn, SignOnLetter, SignOnState
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.signons import fresh, invite, make_bill, make_letter, make_organization, sign_on
from tests.support.queries import count_queries


@pytest.fixture
def coalition(app):
    return make_coalition()


@pytest.fixture
def desk(app, coalition):
    return sign_in(app.test_client(), make_member(coalition, "organizer"))


def post(client, url, **data):
    return client.post(url, data={"csrf_token": csrf_token(client), **data})


def form(**changed):
    day = clock.now().date()
    return {
        "title": "Fund crisis beds",
        "addressees": "The Chair",
        "internal_due_on": (day + timedelta(days=5)).isoformat(),
        "internal_due_time": "17:00",
        "final_due_on": (day + timedelta(days=7)).isoformat(),
        "final_due_time": "12:00",
        "body": "We ask for beds.",
        **changed,
    }


def url_of(letter):
    return f"/desk/sign-on-letters/{letter.public_id}"


def test_list_without_letters_teaches_and_offers_to_begin(desk):
    page = desk.get("/desk/sign-on-letters").text
    assert "No letters yet" in page
    assert "/desk/sign-on-letters/new" in page


def test_letter_goes_from_draft_to_archive_by_its_buttons(app, desk, client, coalition):
    bill = make_bill(coalition)
    made = post(desk, "/desk/sign-on-letters/new", **form(bill=str(bill), is_lobbying="y"))
    assert made.status_code == 303
    with uow.reading():
        letter_id = db.session.execute(select(SignOnLetter.id)).scalar_one()
    letter = fresh(SignOnLetter, letter_id)
    assert (letter.slug, letter.state, letter.is_lobbying) == ("fund-crisis-beds", "draft", True)
    url = url_of(letter)
    assert client.get("/sign-on-letters/fund-crisis-beds").status_code == 404
    assert post(desk, f"{url}/open").status_code == 409
    for step in ("review", "draft", "review", "open"):
        assert post(desk, f"{url}/{step}").status_code == 303, step
    assert client.get("/sign-on-letters/fund-crisis-beds").status_code == 200
    with uow.reading():
        kinds = db.session.execute(select(Deadline.kind).order_by(Deadline.kind)).scalars().all()
    assert kinds == ["sign_on_final", "sign_on_internal"]
    organizations = [make_organization(coalition) for _ in range(2)]
    asked = post(desk, f"{url}/invitations", organizations=organizations[0].public_id)
    assert asked.status_code == 303
    assert post(desk, f"{url}/invitations", organizations="A" * 22).status_code == 422
    assert post(desk, f"{url}/freeze").status_code == 422
    sign_on(letter, organizations[1])
    for step in ("freeze", "deliver", "archive"):
        assert post(desk, f"{url}/{step}").status_code == 303, step
    assert fresh(SignOnLetter, letter.id).state == LetterState.ARCHIVED
    actions = db.session.execute(select(AuditEvent.action)).scalars().all()
    assert {"signon.created", "signon.collecting", "signon.invited", "signon.frozen", "signon.delivered"} <= set(
        actions
    )
    page = desk.get(f"{url}?check=1").text
    assert "Checked: what is stored still gives exactly this proof." in page


def test_form_with_mistakes_names_them_and_keeps_what_was_typed(desk):
    answer = post(desk, "/desk/sign-on-letters/new", **form(title="", body=""))
    assert answer.status_code == 422
    assert "Give the letter a title." in answer.text
    day = clock.now().date().isoformat()
    answer = post(desk, "/desk/sign-on-letters/new", **form(final_due_on=day))
    assert answer.status_code == 422
    assert "Your own date must lie before the last date" in answer.text
    assert "We ask for beds." in answer.text
    answer = post(desk, "/desk/sign-on-letters/new", **form(is_lobbying="y"))
    assert "Please choose the bill." in answer.text


def test_remind_writes_once_a_day_to_who_has_not_answered(desk, coalition):
    letter = make_letter(coalition)
    organizations = [make_organization(coalition) for _ in range(3)]
    invite(letter, organizations[0])
    sign_on(letter, organizations[1])
    for _ in range(2):
        assert post(desk, f"{url_of(letter)}/remind").status_code == 303
    db.session.rollback()
    with uow.reading():
        sent = db.session.execute(select(Mail.object_id).where(Mail.kind == "signons.reminder")).scalars().all()
        asked = db.session.execute(select(SignOn.id).where(SignOn.state == SignOnState.INVITED)).scalar_one()
    assert sent == [asked]


def test_words_page_saves_new_words_and_refuses_more_than_a_typing_error(desk, coalition):
    letter = make_letter(coalition, body="We ask that the state should fund beds.")
    sign_on(letter, make_organization(coalition))
    url = f"{url_of(letter)}/text"
    assert "it is asked by mail to confirm again" in desk.get(url).text
    new = {"body": "We ask that the state must fund fully beds.", "version": letter.version}
    refused = post(desk, url, change="typo", **new)
    assert refused.status_code == 422
    assert "more than a typing error" in refused.text
    assert post(desk, url, change="material", **new).status_code == 303
    assert post(desk, url, change="material", **{**new, "body": "Once more."}).status_code == 409
    page = desk.get(url).text
    assert "Wording 2" in page
    assert "must fund fully" in page


def test_typing_error_is_approved_by_somebody_else_at_the_desk(app, desk, coalition):
    letter = make_letter(coalition, body="We ask that the state shuold fund beds.")
    url = f"{url_of(letter)}/text"
    mended = "We ask that the state should fund beds."
    assert post(desk, url, change="typo", body=mended, version=letter.version).status_code == 303
    assert ">Approve</button>" not in desk.get(url).text
    other = sign_in(app.test_client(), make_member(coalition, "organizer"))
    assert "Look at a typing error" in other.get("/desk").text
    page = other.get(url).text
    path = page.partition('action="')[2]
    approve = next(
        part.partition('"')[0] for part in page.split('action="') if part.partition('"')[0].endswith("/approve")
    )
    assert path
    assert post(desk, approve).status_code == 403
    assert post(other, approve).status_code == 303
    assert fresh(SignOnLetter, letter.id).text_version == 2


def test_z01_letters_of_another_coalition_are_404(app, coalition):
    """Z-01."""
    letter = make_letter(coalition, title="CANARY-LETTER", state=LetterState.DRAFT)
    stranger = sign_in(app.test_client(), make_member(make_coalition(), "admin"))
    assert "CANARY-LETTER" not in stranger.get("/desk/sign-on-letters").text
    for path in ("", "/edit", "/text"):
        assert stranger.get(url_of(letter) + path).status_code == 404, path
    unsafe = ("/edit", "/text", "/review", "/freeze", "/deliver", "/withdraw", "/invitations", "/remind")
    for path in unsafe:
        assert post(stranger, url_of(letter) + path, **form()).status_code == 404, path
    volunteer = sign_in(app.test_client(), make_member(coalition, "volunteer"))
    assert volunteer.get(url_of(letter)).status_code == 200
    for path in unsafe:
        assert post(volunteer, url_of(letter) + path, **form()).status_code == 403, path
    assert fresh(SignOnLetter, letter.id).state == LetterState.DRAFT


def test_w01_steps_without_the_token_are_refused(desk, coalition):
    """W-01."""
    letter = make_letter(coalition)
    for path in ("freeze", "withdraw", "remind", "text", "invitations"):
        assert desk.post(f"{url_of(letter)}/{path}").status_code == 403


def test_lists_ask_as_often_for_one_as_for_thirty(app, desk, client, coalition):
    bill = make_bill(coalition)
    first = make_letter(coalition, is_lobbying=True, bill_id=bill)
    organizations = [make_organization(coalition) for _ in range(30)]
    sign_on(first, organizations[0])

    def count(get, url):
        get(url)
        with count_queries() as found:
            assert get(url).status_code == 200
        return found.count

    urls = [
        (desk.get, "/desk/sign-on-letters"),
        (client.get, "/sign-on-letters?x=1"),
        (desk.get, url_of(first)),
        (client.get, f"/sign-on-letters/{first.slug}?x=1"),
    ]
    one = [count(*url) for url in urls]
    for _ in range(29):
        make_letter(coalition, is_lobbying=True, bill_id=bill)
    sign_on(first, *organizations[1:])
    assert [count(*url) for url in urls] == one
