"""What the database itself refuses, on both databases (domain I-039 … I-044)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.ids import new_public_id
from advocacy.signons.models import LetterState, SignOn, SignOnLetter, SignOnState, SignOnText
from advocacy.signons.services import ending
from tests.factories.coalitions import make_coalition
from tests.factories.signons import fresh, invite, make_bill, make_letter, make_organization, sign_on

pytestmark = pytest.mark.both_databases


@pytest.fixture
def coalition(app):
    return make_coalition()


def refused(statement, error=DBAPIError):
    with pytest.raises(error), uow.unit():
        db.session.execute(statement)


def row_of(letter, membership):
    with uow.reading():
        return db.session.execute(
            select(SignOn).where(SignOn.letter_id == letter.id, SignOn.membership_id == membership.id)
        ).scalar_one()


def signed_values(letter, **changed):
    return {
        "state": "signed",
        "authority_attested": True,
        "signer_name": b"x",
        "contact": b"x",
        "title": "Director",
        "place": "Salem",
        "signed_at": clock.now(),
        "text_version": letter.text_version,
        **changed,
    }


def test_i039_own_date_behind_the_last_date_is_refused(coalition):
    letter = make_letter(coalition)
    refused(
        update(SignOnLetter).where(SignOnLetter.id == letter.id).values(internal_due=letter.final_due), IntegrityError
    )


@pytest.mark.parametrize(
    "missing",
    [{"authority_attested": False}, {"contact": None}, {"signer_name": None}, {"title": ""}, {"place": ""}],
    ids=lambda found: next(iter(found)),
)
def test_i040_signature_without_authority_name_title_place_or_contact_is_refused(coalition, missing):
    letter, organization = make_letter(coalition), make_organization(coalition)
    invite(letter, organization)
    row = row_of(letter, organization)
    refused(update(SignOn).where(SignOn.id == row.id).values(**signed_values(letter, **missing)), IntegrityError)
    with uow.unit():
        db.session.execute(update(SignOn).where(SignOn.id == row.id).values(**signed_values(letter)))
    assert fresh(SignOn, row.id).state == SignOnState.SIGNED


def another(letter, membership, **changed):
    return SignOn(
        coalition_id=letter.coalition_id,
        letter_id=letter.id,
        membership_id=membership.id,
        organization_id=membership.organization_id,
        public_id=new_public_id(),
        nonce="n",
        invited_at=clock.now(),
        **changed,
    )


def test_i041_organization_stands_under_a_letter_once(coalition):
    letter, organization = make_letter(coalition), make_organization(coalition)
    sign_on(letter, organization)
    with pytest.raises(IntegrityError), uow.unit():
        db.session.add(another(letter, organization, **signed_values(letter)))
    with pytest.raises(IntegrityError), uow.unit():
        db.session.add(another(letter, organization))


def test_i042_other_words_take_every_signature_back_to_be_confirmed(coalition):
    letter = make_letter(coalition)
    organizations = [make_organization(coalition) for _ in range(2)]
    sign_on(letter, *organizations)
    with uow.unit():
        db.session.add(
            SignOnText(
                coalition_id=coalition,
                letter_id=letter.id,
                number=2,
                kind="material",
                body="Other words.",
                written_at=clock.now(),
            )
        )
    assert [row_of(letter, one).state for one in organizations] == [SignOnState.NEEDS_RECONFIRM] * 2


def test_i042_old_words_cannot_be_signed(coalition):
    letter, organization = make_letter(coalition), make_organization(coalition)
    invite(letter, organization)
    with uow.unit():
        db.session.execute(
            update(SignOnLetter).where(SignOnLetter.id == letter.id).values(text_version=2, material_version=2)
        )
    row = row_of(letter, organization)
    refused(update(SignOn).where(SignOn.id == row.id).values(**signed_values(letter, text_version=1)))
    refused(update(SignOn).where(SignOn.id == row.id).values(**signed_values(letter, text_version=3)))


def test_i042_typing_error_needs_two_people(coalition):
    letter = make_letter(coalition)
    with pytest.raises(IntegrityError), uow.unit():
        db.session.add(
            SignOnText(
                coalition_id=coalition,
                letter_id=letter.id,
                number=2,
                kind="typo",
                body="Words.",
                written_by=None,
                approved_by=None,
                written_at=clock.now(),
            )
        )


def frozen(coalition):
    letter = make_letter(coalition)
    organizations = [make_organization(coalition) for _ in range(2)]
    sign_on(letter, organizations[0])
    invite(letter, organizations[1])
    with uow.unit():
        ending.freeze_letter(system_actor(coalition_id=coalition), letter.public_id)
    return fresh(SignOnLetter, letter.id), organizations


def test_i043_frozen_letter_takes_nobody_and_loses_nobody(coalition):
    letter, (signed, asked) = frozen(coalition)
    assert letter.manifest_hash
    newcomer = make_organization(coalition)
    with pytest.raises(DBAPIError), uow.unit():
        db.session.add(another(letter, newcomer))
    with pytest.raises(DBAPIError), uow.unit():
        db.session.add(another(letter, newcomer, **signed_values(letter)))
    refused(update(SignOn).where(SignOn.id == row_of(letter, asked).id).values(**signed_values(letter)))
    row = row_of(letter, signed)
    refused(update(SignOn).where(SignOn.id == row.id).values(state="rescinded", rescinded_at=clock.now()))
    refused(text("DELETE FROM sign_on"))
    with uow.unit():
        db.session.execute(update(SignOn).where(SignOn.id == row.id).values(withdrew_at=clock.now()))


def test_i043_frozen_letter_stays_frozen_with_its_words_and_hash(coalition):
    letter, _organizations = frozen(coalition)
    mine = update(SignOnLetter).where(SignOnLetter.id == letter.id)
    refused(mine.values(manifest_hash=None))
    refused(mine.values(manifest_hash="0" * 64))
    refused(mine.values(state="collecting"))
    refused(text("UPDATE sign_on_manifest SET signer_count = 9"))
    refused(text("UPDATE sign_on_text SET body = 'x'"))
    with pytest.raises(DBAPIError), uow.unit():
        db.session.add(
            SignOnText(
                coalition_id=coalition, letter_id=letter.id, number=2, kind="material", body="x", written_at=clock.now()
            )
        )


def test_i043_letter_is_not_frozen_without_a_hash(coalition):
    letter = make_letter(coalition)
    refused(update(SignOnLetter).where(SignOnLetter.id == letter.id).values(state="frozen"), IntegrityError)


def test_i044_organization_that_may_not_lobby_cannot_sign_a_letter_that_lobbies(coalition):
    agency = make_organization(coalition, "County Agency", may_lobby=False, tax_status="government")
    letter = make_letter(coalition, is_lobbying=True, bill_id=make_bill(coalition))
    invite(letter, agency)
    row = row_of(letter, agency)
    refused(update(SignOn).where(SignOn.id == row.id).values(**signed_values(letter)))
    other = make_letter(coalition)
    sign_on(other, agency)
    assert row_of(other, agency).state == SignOnState.SIGNED


def test_i044_whether_a_letter_lobbies_is_settled_before_it_is_signed(coalition):
    bill = make_bill(coalition)
    letter = make_letter(coalition, is_lobbying=True, bill_id=bill)
    refused(update(SignOnLetter).where(SignOnLetter.id == letter.id).values(is_lobbying=False))
    draft = make_letter(coalition, state=LetterState.DRAFT)
    with uow.unit():
        db.session.execute(
            update(SignOnLetter).where(SignOnLetter.id == draft.id).values(is_lobbying=True, bill_id=bill)
        )
    refused(update(SignOnLetter).where(SignOnLetter.id == draft.id).values(bill_id=None), IntegrityError)


def test_z05_row_of_another_coalition_is_refused(coalition):
    """Z-05: a sign-on cannot point into another coalition."""
    letter, stranger = make_letter(coalition), make_organization(make_coalition())
    with pytest.raises(DBAPIError), uow.unit():
        db.session.add(another(letter, stranger))
    bill = make_bill(make_coalition())
    draft = make_letter(coalition, state=LetterState.DRAFT)
    refused(update(SignOnLetter).where(SignOnLetter.id == draft.id).values(bill_id=bill), IntegrityError)


def test_letter_can_be_withdrawn_from_frozen(coalition):
    letter, _organizations = frozen(coalition)
    with uow.unit():
        ending.end_letter(system_actor(coalition_id=coalition), letter.public_id, LetterState.WITHDRAWN)
    assert fresh(SignOnLetter, letter.id).state == LetterState.WITHDRAWN


def test_dates_are_moved_while_it_collects(coalition):
    letter = make_letter(coalition)
    later = letter.final_due + timedelta(days=1)
    with uow.unit():
        db.session.execute(update(SignOnLetter).where(SignOnLetter.id == letter.id).values(final_due=later))
    assert fresh(SignOnLetter, letter.id).final_due == later
