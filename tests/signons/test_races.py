"""Many sign while a letter is frozen or reworded, on real databases and the whole application."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from advocacy.core import uow
from advocacy.core.db import db
from advocacy.messaging.models import Mail
from advocacy.signons import queries
from advocacy.signons.models import SignOn, SignOnLetter, SignOnState
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.signons import invite, make_letter, make_organization, sign_on

SIGNERS = 8
FORM = {
    "name": "Ingrid Vale",
    "title": "Director",
    "place": "Salem",
    "email": "ingrid@org.example",
    "shown": "full",
    "authority": "y",
    "text_version": "1",
}


def race(app, desk_path, **fields):
    """Eight organizations sign while an organizer presses a button; gives the letter, the answers and the button's."""
    coalition = make_coalition()
    letter = make_letter(coalition)
    sign_on(letter, make_organization(coalition))
    tokens = invite(letter, *[make_organization(coalition) for _ in range(SIGNERS)])
    desk = sign_in(app.test_client(), make_member(coalition, "organizer"))
    data = {"csrf_token": csrf_token(desk), "version": letter.version, **fields}
    barrier = Barrier(SIGNERS + 1)

    def sign(token):
        client = app.test_client()
        barrier.wait()
        return client.post(f"/sign-ons/{token}", data=FORM).status_code

    def press():
        barrier.wait()
        return desk.post(f"/desk/sign-on-letters/{letter.public_id}/{desk_path}", data=data).status_code

    with ThreadPoolExecutor(SIGNERS + 1) as pool:
        pressed = pool.submit(press)
        answers = list(pool.map(sign, tokens))
    db.session.rollback()
    return letter, answers, pressed.result()


def count(letter, state):
    with uow.reading():
        wanted = select(func.count(SignOn.id)).where(SignOn.letter_id == letter.id, SignOn.state == state)
        return db.session.execute(wanted).scalar_one()


@pytest.mark.both_databases
def test_i043_race_with_freezing_leaves_exactly_whom_the_manifest_names(app):
    letter, answers, pressed = race(app, "freeze")
    assert pressed == 303
    assert set(answers) <= {303, 409}
    signed = 1 + answers.count(303)
    assert count(letter, SignOnState.SIGNED) == signed
    with uow.reading():
        assert queries.manifest_of(letter.id).signer_count == signed


@pytest.mark.both_databases
def test_i042_race_with_new_words_leaves_nobody_under_words_they_did_not_read(app):
    letter, answers, pressed = race(app, "text", change="material", body="Entirely other words.")
    assert pressed == 303
    assert set(answers) <= {303, 409}
    assert count(letter, SignOnState.SIGNED) == 0
    asked_again = 1 + answers.count(303)
    assert count(letter, SignOnState.NEEDS_RECONFIRM) == asked_again
    with uow.reading():
        mails = db.session.execute(select(func.count(Mail.id)).where(Mail.kind == "signons.words_changed"))
        assert mails.scalar_one() == asked_again
        assert db.session.get(SignOnLetter, letter.id).material_version == 2
