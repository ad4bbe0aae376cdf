"""What organizations do with their link, and what follows when words change."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from advocacy.audit.models import AuditEvent
from advocacy.core import uow
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, RuleBroken
from advocacy.messaging.models import Mail
from advocacy.signons import queries, signals
from advocacy.signons.models import LetterState, SignOn, SignOnDocument, SignOnLetter, SignOnState
from advocacy.signons.services import ending, wording
from tests.factories.accounts import make_user
from tests.factories.coalitions import actor_in, make_coalition
from tests.factories.signons import BODY, fresh, invite, make_bill, make_letter, make_organization, sign_on
from tests.support.work import run_due

FORM = {
    "name": "Ingrid Vale",
    "title": "Director",
    "place": "Salem",
    "email": "ingrid@org.example",
    "shown": "full",
    "authority": "y",
}


@pytest.fixture
def coalition(app):
    return make_coalition()


def organizer(coalition):
    return actor_in(coalition, "organizer", user_id=make_user())


def post(client, token, letter, **fields):
    return client.post(f"/sign-ons/{token}", data={**FORM, "text_version": letter.text_version, **fields})


def row(token):
    from advocacy.signons import linking

    db.session.rollback()
    with uow.reading():
        return linking.by_link(token)


def counts(letter):
    db.session.rollback()
    with uow.reading():
        return queries.counts_of([letter.id])[letter.id]


def mails(kind):
    db.session.rollback()
    return list(db.session.execute(select(Mail).where(Mail.kind == kind).order_by(Mail.id)).scalars())


def test_link_shows_and_only_its_button_signs(client, coalition):
    letter, organization = make_letter(coalition), make_organization(coalition)
    token = invite(letter, organization)[0]
    page = client.get(f"/sign-ons/{token}")
    assert page.status_code == 200
    assert organization.name in page.text
    assert row(token).state == SignOnState.INVITED
    answer = post(client, token, letter)
    assert answer.status_code == 303
    assert row(token).state == SignOnState.SIGNED
    public = client.get(f"/sign-on-letters/{letter.slug}").text
    assert "1 organization has signed." in public
    assert "Ingrid Vale" in public
    assert "ingrid@org.example" not in public
    assert "signon.signed" in db.session.execute(select(AuditEvent.action)).scalars().all()


def test_i040_intern_without_authority_stays_invited_until_the_director_signs(client, coalition):
    """J1.2."""
    letter, organization = make_letter(coalition), make_organization(coalition)
    token = invite(letter, organization)[0]
    answer = post(client, token, letter, name="Jo Intern", title="Intern", authority="")
    assert answer.status_code == 303
    found = row(token)
    assert (found.state, found.authority_attested, found.signer_name) == (SignOnState.INVITED, False, None)
    assert len(mails("signons.authority")) == 1
    assert "waits for a person who has it" in client.get(f"/sign-ons/{token}").text
    post(client, token, letter, name="Jo Intern", title="Intern", authority="")
    assert len(mails("signons.authority")) == 1
    post(client, token, letter)
    assert row(token).state == SignOnState.SIGNED


def test_i044_agency_is_refused_with_the_reason_and_offered_another_way(client, coalition):
    """J1.2."""
    agency = make_organization(coalition, "County Agency", may_lobby=False, tax_status="government")
    letter = make_letter(coalition, is_lobbying=True, bill_id=make_bill(coalition))
    token = invite(letter, agency)[0]
    page = client.get(f"/sign-ons/{token}").text
    assert "County Agency may not lobby, and this letter lobbies on HB 2999" in page
    assert "Offer a statement instead" in page
    refused = post(client, token, letter)
    assert refused.status_code == 403
    assert "may not lobby" in refused.text
    assert row(token).state == SignOnState.INVITED
    assert client.post(f"/sign-ons/{token}", data={"action": "statement"}).status_code == 303
    assert (row(token).state, row(token).wants_statement) == (SignOnState.DECLINED, True)


def test_sign_with_mistakes_names_each_field_and_keeps_what_was_typed(client, coalition):
    letter = make_letter(coalition)
    token = invite(letter, make_organization(coalition))[0]
    answer = post(client, token, letter, name="", place="Bend")
    assert answer.status_code == 422
    assert "Tell us your name." in answer.text
    assert 'value="Bend"' in answer.text


def test_name_that_is_never_used_is_only_counted(client, coalition):
    letter, organization = make_letter(coalition), make_organization(coalition, "Quiet House", name_use="never")
    token = invite(letter, organization)[0]
    assert post(client, token, letter).status_code == 422
    assert post(client, token, letter, shown="counted").status_code == 303
    public = client.get(f"/sign-on-letters/{letter.slug}").text
    assert "1 organization has signed." in public
    assert "Quiet House" not in public
    assert "counted without its name" in public


def test_i042_new_words_ask_six_again_with_one_mail_each_and_the_count_drops(app, client, coalition):
    """J1.3: "should fund" becomes "must fund fully"."""
    letter = make_letter(coalition, is_lobbying=True, bill_id=make_bill(coalition))
    tokens = sign_on(letter, *[make_organization(coalition) for _ in range(6)])
    assert counts(letter).signed == 6
    maya = organizer(coalition)
    with uow.unit():
        current = db.session.get(SignOnLetter, letter.id)
        wording.reword(maya, letter.public_id, BODY.replace("should fund", "must fund fully"), version=current.version)
    assert (counts(letter).signed, counts(letter).needs_reconfirm) == (0, 6)
    assert len(mails("signons.words_changed")) == 6
    public = client.get(f"/sign-on-letters/{letter.slug}").text
    assert "0 organizations have signed." in public
    assert "6 organizations that had signed are asked to confirm again, so the count began anew." in public
    stale = post(client, tokens[0], letter)
    assert stale.status_code == 409
    assert "The words of the letter changed while you read them" in stale.text
    assert post(client, tokens[0], letter, text_version=2).status_code == 303
    assert counts(letter).signed == 1
    run_due(app)
    assert sorted(mail.state for mail in mails("signons.words_changed")) == ["sent"] * 5 + ["suppressed"]


def test_i042_typing_error_needs_a_second_person_and_keeps_signatures(coalition):
    letter = make_letter(coalition, body="We ask that the state shuold fund beds.")
    sign_on(letter, make_organization(coalition))
    maya, noor = organizer(coalition), organizer(coalition)
    mended = "We ask that the state should fund beds."
    version = letter.version
    with pytest.raises(RuleBroken), uow.unit():
        wording.suggest_correction(maya, letter.public_id, "We ask that the state must fund all beds.", version=version)
    with uow.unit():
        correction = wording.suggest_correction(maya, letter.public_id, mended, version=version).public_id
    with pytest.raises(NotAllowed), uow.unit():
        wording.settle_correction(maya, letter.public_id, correction, approve=True)
    with uow.unit():
        wording.settle_correction(noor, letter.public_id, correction, approve=True)
    assert counts(letter).signed == 1
    with uow.reading():
        current = db.session.get(SignOnLetter, letter.id)
        assert (current.text_version, current.material_version) == (2, 1)
        assert queries.text_of(current).body == mended
    with pytest.raises(Conflict), uow.unit():
        wording.settle_correction(noor, letter.public_id, correction, approve=False)


def test_mail_says_first_that_the_letter_lobbies(app, coalition):
    letter = make_letter(coalition, is_lobbying=True, bill_id=make_bill(coalition))
    invite(letter, make_organization(coalition))
    from advocacy.web.manifest import house

    mail = mails("signons.invitation")[0]
    content = house().mails["signons.invitation"].compose(facts_of(mail))
    assert content.text.index("This letter is lobbying on HB 2999.") < content.text.index(letter.title)
    assert "/sign-ons/" in content.text


def facts_of(mail):
    class Facts:
        public_id, kind, to = mail.public_id, mail.kind, "x@org.example"
        coalition_id, object_kind, object_id = mail.coalition_id, mail.object_kind, mail.object_id
        object_rev, params, locale = mail.object_rev, {}, "en"

    return Facts()


def test_rescind_before_freezing_leaves_and_later_notes_the_day(client, coalition):
    letter = make_letter(coalition)
    first, second = sign_on(letter, make_organization(coalition), make_organization(coalition))
    client.post(f"/sign-ons/{first}", data={"action": "rescind"})
    assert row(first).state == SignOnState.RESCINDED
    with uow.unit():
        ending.freeze_letter(organizer(coalition), letter.public_id)
    client.post(f"/sign-ons/{second}", data={"action": "rescind"})
    assert (row(second).state, row(second).withdrew_at is not None) == (SignOnState.SIGNED, True)
    assert "withdrew on" in client.get(f"/sign-on-letters/{letter.slug}").text


@pytest.mark.both_databases
def test_freeze_draws_a_tagged_pdf_and_delivery_announces_who_signed(app, client, coalition):
    letter = make_letter(coalition, is_lobbying=True, bill_id=make_bill(coalition), body=BODY + "\n\n#panic() $x$ *y*")
    organization = make_organization(coalition, "Åsa & Søn #let x")
    token = sign_on(letter, organization)[0]
    maya = organizer(coalition)
    with uow.unit():
        ending.freeze_letter(maya, letter.public_id)
    assert client.get(f"/sign-on-letters/{letter.slug}/letter.pdf").status_code == 404
    run_due(app)
    with uow.reading():
        document = db.session.execute(select(SignOnDocument)).scalar_one()
        assert document.is_tagged
        assert ending.is_whole(db.session.get(SignOnLetter, letter.id))
    answer = client.get(f"/sign-on-letters/{letter.slug}/letter.pdf")
    assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert b"StructTreeRoot" in answer.data
    assert post(client, token, letter).status_code == 409
    heard = []

    def listen(_sender, **facts):
        heard.append(facts)

    signals.signon_delivered.connect(listen)
    try:
        with uow.unit():
            ending.deliver_letter(maya, letter.public_id)
    finally:
        signals.signon_delivered.disconnect(listen)
    assert heard == [
        {"letter_id": letter.id, "coalition_id": coalition, "is_lobbying": True, "membership_ids": [organization.id]}
    ]
    assert len(mails("signons.delivered")) == 1
    assert fresh(SignOnLetter, letter.id).state == LetterState.DELIVERED


def test_proof_fails_when_a_row_changed_behind_its_back(coalition):
    letter = make_letter(coalition)
    token = sign_on(letter, make_organization(coalition))[0]
    with uow.unit():
        ending.freeze_letter(organizer(coalition), letter.public_id)
    with uow.unit():
        db.session.get(SignOn, row(token).id).title = "Chair"
    with uow.reading():
        assert not ending.is_whole(db.session.get(SignOnLetter, letter.id))


def test_link_is_dead_without_its_row(client, coalition):
    letter = make_letter(coalition)
    token = invite(letter, make_organization(coalition))[0]
    other = "B" if token[5] == "A" else "A"  # the last letter's low bits say nothing
    assert client.get(f"/sign-ons/{token[:5]}{other}{token[6:]}").status_code == 404
    assert client.post(f"/sign-ons/{'A' * 54}", data=FORM).status_code == 404
    assert not re.search(r"/sign-ons/[A-Za-z0-9_-]{54}", client.get(f"/sign-on-letters/{letter.slug}").text)
