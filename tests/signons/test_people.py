"""People who sign a letter for themselves: beside organizations, confirmed by mail, told apart from nobody."""

from __future__ import annotations

import re
import time
from statistics import median

import pytest
from sqlalchemy import select

from advocacy.audit.models import AuditEvent
from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed
from advocacy.messaging.models import Mail
from advocacy.signons import people_linking, people_queries
from advocacy.signons.models import SignOnDocument, SignOnLetter
from advocacy.signons.people_models import LetterPeople, PersonalSignOn
from advocacy.signons.services import ending, forgetting, lettering, personal, wording
from advocacy.web.manifest import house
from tests.factories.accounts import csrf_token, make_user, sign_in
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.factories.signons import (
    BODY,
    fresh,
    make_bill,
    make_letter,
    make_organization,
    people_of,
    person_given,
    sign_as_person,
    sign_on,
)
from tests.support import canary
from tests.support.inbox import mails
from tests.support.queries import count_queries
from tests.support.work import run_due


@pytest.fixture
def coalition(app):
    return make_coalition()


@pytest.fixture
def letter(coalition):
    return make_letter(coalition, takes_people=True)


def post(client, letter, email, **facts):
    return client.post(f"/sign-on-letters/{letter.slug}/signatures", data=person_given(letter, email, **facts))


def page(client, letter):
    return client.get(f"/sign-on-letters/{letter.slug}?now={time.monotonic()}").text


def mailed(app, letter, email):
    """The confirm link of the newest row, as it stands in the mail."""
    path = f"/letter-signatures/confirm/{people_linking.confirm_token(people_of(letter)[-1])}"
    assert path in mails(app, email)[0].text
    return path


def signed_count(letter):
    with uow.reading():
        return people_queries.counts([letter.id])[letter.id]


def reword(letter, words=f"{BODY}\n\nPay the peers."):
    now = fresh(SignOnLetter, letter.id)
    with uow.unit():
        wording.reword(system_actor(coalition_id=letter.coalition_id), letter.public_id, words, version=now.version)
    return fresh(SignOnLetter, letter.id)


def end(letter, *steps):
    actor = system_actor(coalition_id=letter.coalition_id)
    for step in steps:
        with uow.unit():
            step(actor, letter.public_id)
    return fresh(SignOnLetter, letter.id)


def is_whole(letter):
    with uow.reading():
        return ending.is_whole(db.session.get_one(SignOnLetter, letter.id))


@pytest.mark.both_databases
def test_only_a_letter_that_allows_it_takes_people_and_says_so(app, client, coalition):
    closed = make_letter(coalition)
    assert "Add your own name" not in page(client, closed)
    refused = post(client, closed, "ana@example.org")
    assert refused.status_code == 409
    assert "takes no more signatures" in refused.text
    opened = make_letter(coalition, takes_people=True)
    shown = page(client, opened)
    assert "Add your own name" in shown
    assert "I sign this letter for myself." in shown
    assert not re.search(r'name="consent"[^>]*checked', shown)
    assert people_of(closed) == []


@pytest.mark.both_databases
def test_a_name_counts_when_the_button_behind_the_mailed_link_is_pressed(app, client, letter):
    answer = post(client, letter, "ana@example.org", name="Ana Lima", place="Keizer")
    assert (answer.status_code, answer.location) == (303, f"/sign-on-letters/{letter.slug}/check-your-email")
    assert "Set-Cookie" not in answer.headers
    assert "Ana Lima" not in page(client, letter)
    path = mailed(app, letter, "ana@example.org")
    shown = client.get(path).text
    assert "Ana Lima" in shown
    assert "Keizer" in shown
    assert "I sign this letter for myself." in shown
    assert people_of(letter)[0].state == "pending", "a scanner that follows the link changes nothing"
    done = client.post(path, data={"text_version": letter.text_version})
    assert done.status_code == 303
    assert client.post(path, data={"text_version": letter.text_version}).status_code == 410
    assert client.get(path).status_code == 410
    shown = page(client, letter)
    assert "1 person has signed for themselves" in shown
    assert "0 organizations have signed" in shown, "people are counted apart"
    assert shown.index("People who signed for themselves") < shown.index("Ana Lima") < shown.index("Keizer")
    assert "1 person has signed for themselves" in client.get("/sign-on-letters").text
    row = people_of(letter)[0]
    assert b"Ana" not in row.name
    assert b"ana@" not in row.email
    with uow.reading():
        stored = db.session.get_one(LetterPeople, letter.id)
        assert (stored.signed_count, stored.consent_text_id) == (1, row.consent_text_id)


def test_somebody_only_counted_is_named_nowhere(client, letter, app):
    sign_as_person(client, letter, name="Hidden Person", place="Nowhere Town", shown="counted")
    for path in (f"/sign-on-letters/{letter.slug}?x=1", f"/sign-on-letters/{letter.slug}/print"):
        shown = client.get(path).text
        assert "Hidden Person" not in shown
        assert "Nowhere Town" not in shown
        assert "1 more person signed and is counted without the name" in shown


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"name": ""}, "Tell us your name"),
        ({"place": ""}, "Tell us your town"),
        ({"email": "nobody"}, "name@example.org"),
        ({"consent": ""}, "We need your yes"),
        ({"shown": "loudly"}, "Not a valid choice"),
        ({"name": "=cmd()"}, "cannot start with"),
    ],
)
def test_what_is_missing_is_named_beside_its_field_and_kept_in_the_form(client, letter, facts, words):
    data = person_given(letter, "ana@example.org", name="Ana Lima") | facts
    answer = client.post(f"/sign-on-letters/{letter.slug}/signatures", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'id="error-summary"' in answer.text
    assert 'value="Ana Lima"' in answer.text or "name" in facts
    assert people_of(letter) == []


@pytest.mark.both_databases
def test_n08_new_double_held_and_robot_get_one_answer_and_the_mailbox_is_told(app, client, letter):
    sign_as_person(client, letter, "known@example.org")
    answers = [
        post(client, letter, "new@example.org"),
        post(client, letter, "known@example.org"),
        post(client, letter, "KNOWN@example.org", name="Somebody Else"),
        post(client, letter, "robot@example.org", website="http://spam.example"),
    ]
    assert {(one.status_code, one.location, one.text) for one in answers} == {
        (303, answers[0].location, answers[0].text)
    }
    subjects = [mail.subject for mail in mails(app, "known@example.org")]
    assert subjects.count("Your name stands under the letter") == 2
    assert mails(app, "robot@example.org") == []
    rows = people_of(letter)
    assert [people_queries.name_of(row) for row in rows if row.state == "signed"] == ["Zoë Ndiaye"]
    assert len(rows) == 2


def test_n08_known_and_unknown_addresses_take_the_same_time(client, letter):
    sign_as_person(client, letter, "known@example.org")
    spent = {"known": [], "new": []}
    for number in range(6):
        for kind, email in (("known", "known@example.org"), ("new", f"new{number}@example.org")):
            begin = time.perf_counter()
            post(client, letter, email)
            spent[kind].append(time.perf_counter() - begin)
    assert abs(median(spent["known"]) - median(spent["new"])) < 0.05


def test_until_it_is_confirmed_the_newest_words_of_the_mailbox_stand(app, client, letter):
    post(client, letter, "ana@example.org", name="Prank Name")
    post(client, letter, "ana@example.org", name="Ana Lima")
    row = people_of(letter)[-1]
    assert (len(people_of(letter)), people_queries.name_of(row)) == (1, "Ana Lima")
    assert "Ana Lima" in client.get(mailed(app, letter, "ana@example.org")).text


@pytest.mark.settings(limits={"sign_address_day": 2})
def test_an_address_gets_few_mails_a_day_and_the_answer_does_not_change(app, client, letter):
    answers = {post(client, letter, "ana@example.org").status_code for _ in range(4)}
    assert answers == {303}
    assert len(mails(app, "ana@example.org")) == 2


def test_an_address_gets_five_mails_about_one_signature_at_most(app, client, letter):
    for _ in range(8):
        post(client, letter, "ana@example.org")
    assert len(mails(app, "ana@example.org")) == 5


@pytest.mark.settings(limits={"sign_network": 2})
def test_a_network_above_its_limit_is_told_when_to_come_back(client, letter):
    for number in range(2):
        assert post(client, letter, f"a{number}@example.org").status_code == 303
    answer = post(client, letter, "third@example.org")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_a_form_from_another_site_is_refused(client, letter):
    answer = client.post(
        f"/sign-on-letters/{letter.slug}/signatures",
        data=person_given(letter),
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403


def test_a_link_expires_and_unconfirmed_names_are_deleted(app, client, letter, move_clock):
    post(client, letter, "late@example.org")
    path = f"/letter-signatures/confirm/{people_linking.confirm_token(people_of(letter)[0])}"
    move_clock(8 * 86_400)
    assert client.get(path).status_code == 410
    with uow.unit():
        assert forgetting.purge_unconfirmed(clock.now(), 10) == 1
    assert people_of(letter) == []


@pytest.mark.both_databases
def test_i042_other_words_ask_people_again_too_and_a_typing_error_does_not(app, client, letter, coalition):
    row = sign_as_person(client, letter, "ana@example.org", name="Ana Lima")
    now = reword(letter)
    assert people_of(letter)[0].state == "needs_reconfirm"
    assert signed_count(letter) == 0
    assert "Ana Lima" not in page(client, letter)
    assert mails(app, "ana@example.org")[0].subject == "The words of a letter you signed have changed"
    manage = f"/letter-signatures/manage/{people_linking.manage_token(row)}"
    assert "Confirm the new words" in client.get(manage).text
    stale = client.post(manage, data={"action": "again", "text_version": letter.text_version})
    assert stale.status_code == 409
    assert "changed while you read them" in stale.text
    assert client.post(manage, data={"action": "again", "text_version": now.text_version}).status_code == 303
    assert client.post(manage, data={"action": "again", "text_version": now.text_version}).status_code == 409
    assert (signed_count(letter), people_of(letter)[0].state) == (1, "signed")
    first, second = make_member(coalition, "organizer"), make_member(coalition, "organizer")
    with uow.unit():
        correction = wording.suggest_correction(
            actor_in(coalition, user_id=first),
            letter.public_id,
            f"{BODY}\n\nPay the pears.",
            version=fresh(SignOnLetter, letter.id).version,
        ).public_id
    with uow.unit():
        wording.settle_correction(actor_in(coalition, user_id=second), letter.public_id, correction, approve=True)
    assert (signed_count(letter), people_of(letter)[0].state) == (1, "signed")


def test_confirming_words_that_changed_since_is_refused_in_plain_words(app, client, letter):
    post(client, letter, "ana@example.org")
    path = mailed(app, letter, "ana@example.org")
    now = reword(letter)
    assert "The words changed after you signed" in client.get(path).text
    refused = client.post(path, data={"text_version": letter.text_version})
    assert refused.status_code == 409
    assert "Please read them again" in refused.text
    assert client.post(path, data={"text_version": now.text_version}).status_code == 303
    stale = client.post(f"/sign-on-letters/{letter.slug}/signatures", data=person_given(letter, "b@example.org"))
    assert stale.status_code == 409
    assert f'name="text_version" value="{now.text_version}"' in stale.text


@pytest.mark.both_databases
def test_taking_back_before_the_letter_is_frozen_leaves_nothing(app, client, letter):
    row = sign_as_person(client, letter, "ana@example.org", name="Ana Lima")
    manage = f"/letter-signatures/manage/{people_linking.manage_token(row)}"
    assert client.post(manage, data={"action": "change", "shown": "counted"}).status_code == 303
    assert people_of(letter)[0].shown == "counted"
    assert client.post(manage, data={"action": "take_back"}).status_code == 303
    gone = people_of(letter)[0]
    assert (gone.state, gone.name, gone.email, gone.email_key, gone.place) == ("rescinded", None, None, None, "")
    assert signed_count(letter) == 0
    assert client.get(manage).status_code == 410
    assert client.post(manage, data={"action": "take_back"}).status_code == 410
    sign_as_person(client, letter, "ana@example.org", name="Ana Lima")
    assert signed_count(letter) == 1


@pytest.mark.both_databases
def test_i043_people_stand_in_a_list_of_their_own_of_the_frozen_manifest_and_after_that_nothing_moves(
    app, client, letter, coalition
):
    sign_on(letter, make_organization(coalition))
    first = sign_as_person(client, letter, "ana@example.org", name="Ana Lima")
    sign_as_person(client, letter, "bo@example.org", name="Bo Berg", shown="counted")
    sign_as_person(client, letter, "pending@example.org", confirms=False)
    frozen = end(letter, ending.freeze_letter)
    with uow.reading():
        kept = people_queries.manifest_of(letter.id)
        assert (kept.signed_count, [item[0] for item in kept.items]) == (
            2,
            [row.public_id for row in people_of(letter)[:2]],
        )
    assert is_whole(frozen)
    assert post(client, letter, "late@example.org").status_code == 409
    manage = f"/letter-signatures/manage/{people_linking.manage_token(first)}"
    refused = client.post(manage, data={"action": "change", "shown": "counted"})
    assert refused.status_code == 409
    assert "The letter is frozen" in refused.text
    assert "Add your own name" not in page(client, letter)


@pytest.mark.both_databases
def test_a_name_taken_back_after_freezing_leaves_page_and_pdf_and_the_proof_still_holds(app, client, letter, coalition):
    sign_on(letter, make_organization(coalition))
    row = sign_as_person(client, letter, "ana@example.org", name="Quillandra Vexworthy")
    frozen = end(letter, ending.freeze_letter)
    run_due(app)
    with uow.reading():
        first = db.session.get_one(SignOnDocument, letter.id).content
    manage = f"/letter-signatures/manage/{people_linking.manage_token(row)}"
    assert "cannot be called back" in client.get(manage).text
    assert client.post(manage, data={"action": "take_back"}).status_code == 303
    assert "Quillandra" not in page(client, letter)
    assert "1 person has signed for themselves" in page(client, letter), "what was counted stays counted"
    run_due(app)
    with uow.reading():
        again = db.session.get_one(SignOnDocument, letter.id).content
    assert again != first
    now = people_of(letter)[0]
    assert (now.state, now.name, now.email) == ("signed", None, None)
    assert is_whole(frozen), "the digest of the day of freezing still stands"


def test_the_pdf_shows_people_apart(app, client, letter, coalition, monkeypatch):
    from advocacy.signons.services import drawing

    sign_on(letter, make_organization(coalition))
    sign_as_person(client, letter, name="Ana Lima", place="Keizer")
    sign_as_person(client, letter, name="Bo Berg", shown="counted")
    end(letter, ending.freeze_letter)
    with uow.reading():
        data = drawing.prepare({"letter_id": letter.id})
    assert data["people_heading"] == "Signed by 2 people for themselves"
    assert data["people"] == [["Ana Lima", "Keizer"]]
    assert data["people_unnamed"].startswith("1 more person signed")
    assert drawing.perform(data).is_accessible


def test_people_are_told_when_the_letter_is_handed_over_one_mail_each(app, client, letter, coalition):
    sign_on(letter, make_organization(coalition))
    sign_as_person(client, letter, "ana@example.org")
    sign_as_person(client, letter, "pending@example.org", confirms=False)
    end(letter, ending.freeze_letter, ending.deliver_letter)
    subjects = [mail.subject for mail in mails(app, "ana@example.org")]
    assert subjects.count("The letter you signed was handed over") == 1
    assert "The letter you signed was handed over" not in [mail.subject for mail in mails(app, "pending@example.org")]


def test_many_people_are_written_to_in_steps(app, client, letter, monkeypatch):
    from advocacy.signons.services import people_mail

    monkeypatch.setattr(people_mail, "STEP", 2)
    for _ in range(5):
        sign_as_person(client, letter)
    reword(letter)
    run_due(app)
    with uow.reading():
        sent = db.session.execute(select(Mail.id).where(Mail.kind == people_mail.AGAIN_MAIL)).all()
    assert len(sent) == 5


@pytest.mark.both_databases
def test_names_and_addresses_go_a_year_after_the_hand_over_and_counts_and_proof_stay(
    app, client, letter, coalition, move_clock
):
    organization = make_organization(coalition, "Harbor Clinic")
    sign_on(letter, organization)
    sign_as_person(client, letter, name="Ana Lima")
    frozen = end(letter, ending.freeze_letter, ending.deliver_letter)
    run_due(app)
    with uow.unit():
        assert forgetting.purge_signers(frozen.delivered_at, 100) == 0
    move_clock(400 * 86_400)
    with uow.unit():
        assert forgetting.purge_signers(clock.now(), 100) == 2
    with uow.unit():
        assert forgetting.purge_signers(clock.now(), 100) == 0
    shown = page(client, letter)
    assert "Ana Lima" not in shown
    assert "Ingrid Vale" not in shown
    assert "Harbor Clinic" in shown
    assert "1 person has signed for themselves" in shown
    assert is_whole(frozen)


def test_a_letter_that_was_never_handed_over_is_forgotten_too(app, client, letter, move_clock):
    sign_as_person(client, letter, name="Ana Lima")
    end(letter, lambda actor, public_id: ending.end_letter(actor, public_id, "withdrawn"))
    move_clock(400 * 86_400)
    with uow.unit():
        assert forgetting.purge_signers(clock.now(), 100) == 1
    assert people_of(letter)[0].name is None


@pytest.mark.both_databases
def test_export_and_erasure_find_names_by_the_accounts_address(app, client, letter, coalition):
    user_id = make_user("ingrid@org.example")
    sign_on(letter, make_organization(coalition, "Harbor Clinic"))
    sign_as_person(client, letter, "ingrid@org.example", name="Ingrid Vale")
    end(letter, ending.freeze_letter)
    run_due(app)
    with uow.reading():
        held = house().personal_data_of(user_id)["signons"]
    assert [one["name"] for one in held["for_oneself"]] == ["Ingrid Vale"]
    assert [(one["name"], one["email"]) for one in held["for_organizations"]] == [("Ingrid Vale", "ingrid@org.example")]
    for _ in range(2):
        with uow.unit():
            house().forget(user_id)
    with uow.reading():
        assert house().personal_data_of(user_id)["signons"] == {"for_oneself": [], "for_organizations": []}
    shown = page(client, letter)
    assert "Ingrid" not in shown
    assert "Harbor Clinic" in shown
    assert is_whole(letter)


def test_an_organizations_link_erases_who_signed_and_keeps_the_organization(app, client, letter, coalition):
    token = sign_on(letter, make_organization(coalition, "Harbor Clinic"))[0]
    assert "Ingrid Vale" in page(client, letter)
    assert client.post(f"/sign-ons/{token}", data={"action": "forget"}).status_code == 303
    assert client.post(f"/sign-ons/{token}", data={"action": "forget"}).status_code == 409
    shown = page(client, letter)
    assert "Ingrid" not in shown
    assert "Harbor Clinic" in shown
    assert "1 organization has signed" in shown


def test_d05_nothing_of_a_person_stands_in_logs_or_in_subjects(app, client, letter):
    with canary.Net() as net:
        row = sign_as_person(client, letter, canary.PERSON["email"], name=canary.PERSON["name"])
        client.post(f"/letter-signatures/manage/{people_linking.manage_token(row)}", data={"action": "take_back"})
        run_due(app)
    net.assert_clean()
    with uow.reading():
        facts = db.session.execute(select(AuditEvent.facts)).scalars().all()
    assert canary.traces_in(str(facts)) == []


@pytest.mark.both_databases
def test_an_organizer_sees_the_people_and_takes_out_a_name_that_is_nobodys(app, client, letter, coalition):
    row = sign_as_person(client, letter, "prank@example.org", name="Mickey Mouse")
    desk = sign_in(app.test_client(), make_member(coalition, "organizer"))
    path = f"/desk/sign-on-letters/{letter.public_id}/people"
    assert "Mickey Mouse" in desk.get(path).text
    assert "prank@example.org" not in desk.get(path).text
    assert sign_in(app.test_client(), make_member(coalition, "volunteer")).get(path).status_code == 403
    elsewhere = sign_in(app.test_client(), make_member(make_coalition(), "organizer"))
    assert elsewhere.get(path).status_code == 404
    remove = f"{path}/{row.public_id}/remove"
    assert elsewhere.post(remove, data={"csrf_token": csrf_token(elsewhere)}).status_code == 404
    assert desk.post(remove, data={"csrf_token": csrf_token(desk)}).status_code == 303
    assert desk.post(remove, data={"csrf_token": csrf_token(desk)}).status_code == 409
    assert (people_of(letter)[0].state, people_of(letter)[0].name, signed_count(letter)) == ("removed", None, 0)


def test_the_people_list_teaches_while_it_is_empty_and_costs_the_same_for_1_and_30(app, client, coalition):
    desk = sign_in(app.test_client(), make_member(coalition, "organizer"))
    plain, opened = make_letter(coalition), make_letter(coalition, takes_people=True)
    assert "Only organizations sign this letter" in desk.get(f"/desk/sign-on-letters/{plain.public_id}/people").text
    path = f"/desk/sign-on-letters/{opened.public_id}/people"
    assert "Nobody yet" in desk.get(path).text
    sign_as_person(client, opened)
    with count_queries() as one:
        desk.get(path)
    for _ in range(9):
        sign_as_person(client, opened)
    with count_queries() as many:
        desk.get(path)
    assert many.count == one.count


def test_people_are_let_in_and_out_by_the_edit_form(app, client, coalition):
    letter = make_letter(coalition, bill_id=make_bill(coalition))
    desk = sign_in(app.test_client(), make_member(coalition, "organizer"))
    url = f"/desk/sign-on-letters/{letter.public_id}/edit"

    def save(**changed):
        now = fresh(SignOnLetter, letter.id)
        data = {
            "title": now.title,
            "addressees": now.addressees,
            "bill": str(now.bill_id),
            "internal_due_on": now.internal_due.date().isoformat(),
            "final_due_on": now.final_due.date().isoformat(),
            "version": str(now.version),
            **changed,
        }
        return desk.post(url, data={"csrf_token": csrf_token(desk), **data}).status_code

    assert save(takes_people="y") == 303
    assert re.search(r'name="takes_people"[^>]*checked', desk.get(url).text)
    sign_as_person(client, letter, name="Ana Lima")
    assert save() == 303
    assert post(client, letter, "late@example.org").status_code == 409
    assert "Ana Lima" in page(client, letter), "who has signed stays"


def test_services_ask_for_the_right_to_look_after_letters(app, client, letter, coalition):
    row = sign_as_person(client, letter)
    with pytest.raises(NotAllowed), uow.unit():
        personal.remove(actor_in(coalition, "observer"), letter.public_id, row.public_id)
    end(letter, lambda actor, public_id: ending.end_letter(actor, public_id, "withdrawn"))
    with pytest.raises(Conflict), uow.unit():
        personal.remove(actor_in(coalition, "organizer"), letter.public_id, row.public_id)
    assert lettering.VERB == "signons.manage"
    assert isinstance(row, PersonalSignOn)
