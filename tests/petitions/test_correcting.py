"""I-094: words that people signed change only as a typing error, by two people, as a new version."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from advocacy.audit.models import AuditEvent
from advocacy.core import uow
from advocacy.core.db import db
from advocacy.petitions import queries
from advocacy.petitions.correction_models import PetitionCorrection
from advocacy.petitions.models import Petition
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.petitions import make_petition, sign, signatures

SLIP = "Open **ten bedz** for people in crisis."
MENDED = "Open **ten beds** for people in crisis."


@pytest.fixture
def coalition(app: Flask) -> int:
    return make_coalition()


@pytest.fixture
def desks(app: Flask, coalition: int) -> list[FlaskClient]:
    """Two organizers, each at a desk."""
    return [sign_in(app.test_client(), make_member(coalition, "organizer", name=name)) for name in ("Ana", "Luis")]


def current(petition: Petition) -> Petition:
    db.session.rollback()
    found = db.session.get_one(Petition, petition.id, populate_existing=True)
    db.session.expunge(found)
    db.session.rollback()
    return found


def save(desk: FlaskClient, petition: Petition, **words: str):
    now = current(petition)
    given = {"title": now.title, "text": now.text, "version": str(now.version), **words}
    return desk.post(f"/desk/petitions/{petition.public_id}/edit", data={"csrf_token": csrf_token(desk), **given})


def settle(desk: FlaskClient, petition: Petition, verdict: str = "approve"):
    row = db.session.execute(select(PetitionCorrection).order_by(PetitionCorrection.id.desc())).scalars().first()
    db.session.rollback()
    assert row is not None
    path = f"/desk/petitions/{petition.public_id}/corrections/{row.public_id}/{verdict}"
    return desk.post(path, data={"csrf_token": csrf_token(desk)})


@pytest.mark.both_databases
def test_i094_second_person_approves_and_makes_a_new_version(app: Flask, client, desks, coalition):
    ana, luis = desks
    petition = make_petition(coalition, text=SLIP)
    sign(client, petition.slug, "one@example.org")
    assert save(ana, petition, text=MENDED, goal="500").status_code == 303
    waiting = current(petition)
    assert (waiting.text, waiting.text_version, waiting.goal) == (SLIP, 1, 500)
    page = ana.get(f"/desk/petitions/{petition.public_id}").get_data(as_text=True)
    assert "waits for a second person" in page
    assert "/approve" not in page
    assert settle(ana, petition).status_code == 403
    assert "Look at a typing error" in luis.get("/desk").get_data(as_text=True)
    assert "Look at a typing error" not in ana.get("/desk").get_data(as_text=True)
    page = luis.get(f"/desk/petitions/{petition.public_id}").get_data(as_text=True)
    assert "Ana suggests" in page
    assert MENDED in page
    assert settle(luis, petition).status_code == 303
    mended = current(petition)
    assert (mended.text, mended.text_version) == (MENDED, 2)
    assert "<strong>ten beds</strong>" in mended.text_html
    sign(client, petition.slug, "two@example.org")
    assert [row.text_version for row in signatures(petition.id)] == [1, 2]
    page = ana.get(f"/desk/petitions/{petition.public_id}").get_data(as_text=True)
    assert "Version 2: written by Ana, approved by Luis." in page
    assert settle(luis, petition).status_code == 409
    actions = list(db.session.execute(select(AuditEvent.action).order_by(AuditEvent.id)).scalars())
    assert [one for one in actions if "correction" in one] == [
        "petition.correction_suggested",
        "petition.correction_approved",
    ]


def test_i094_other_words_are_refused_at_their_field(app: Flask, client, desks, coalition):
    petition = make_petition(coalition, text=SLIP)
    sign(client, petition.slug)
    answer = save(desks[0], petition, text="Close **ten jails** for people in crisis.")
    assert answer.status_code == 422
    assert "only typing errors can be mended" in answer.get_data(as_text=True)
    assert save(desks[0], petition, text="Open **20 beds** for people in crisis.").status_code == 422
    assert save(desks[0], petition, title="Jails before beds").status_code == 422
    assert queries.has_signatures(petition.id)


def test_i094_refused_correction_leaves_the_words_and_lets_another_come(app: Flask, client, desks, coalition):
    ana, luis = desks
    petition = make_petition(coalition, text=SLIP)
    sign(client, petition.slug)
    save(ana, petition, text=MENDED)
    assert save(luis, petition, text="Open **ten beds** for people in crises.").status_code == 409
    assert settle(ana, petition, "refuse").status_code == 303
    assert current(petition).text == SLIP
    assert save(luis, petition, text=MENDED).status_code == 303
    assert settle(ana, petition).status_code == 303
    assert current(petition).text_version == 2


def test_i094_approval_after_the_end_changes_nothing(app: Flask, client, desks, coalition):
    ana, luis = desks
    petition = make_petition(coalition, text=SLIP)
    sign(client, petition.slug)
    save(ana, petition, text=MENDED)
    luis.post(f"/desk/petitions/{petition.public_id}/close", data={"csrf_token": csrf_token(luis)})
    assert settle(luis, petition).status_code == 409
    assert current(petition).text == SLIP


def test_z01_correction_of_another_coalition_is_not_found(app: Flask, client, desks, coalition):
    petition = make_petition(coalition, text=SLIP)
    sign(client, petition.slug)
    save(desks[0], petition, text=MENDED)
    stranger = sign_in(app.test_client(), make_member(make_coalition(), "organizer"))
    assert settle(stranger, petition).status_code == 404
    own = make_petition(coalition)
    assert settle(desks[1], own).status_code == 404


@pytest.mark.both_databases
def test_i094_database_refuses_other_ways(app: Flask, client, desks, coalition):
    petition = make_petition(coalition, text=SLIP)
    change = update(Petition).where(Petition.id == petition.id)
    with uow.unit():
        db.session.execute(change.values(text="Before anybody signed"))
        db.session.execute(change.values(text=SLIP))
    sign(client, petition.slug)
    save(desks[0], petition, text=MENDED)
    for values in (
        {"text": "Other words"},
        {"title": "Other title", "text_version": 2},
        {"text": MENDED, "text_version": 2},  # not approved
    ):
        with pytest.raises(DBAPIError), uow.unit():
            db.session.execute(change.values(**values))
    rows = update(PetitionCorrection).where(PetitionCorrection.petition_id == petition.id)
    with pytest.raises(DBAPIError), uow.unit():  # one person alone
        db.session.execute(rows.values(state="approved", decided_by=PetitionCorrection.written_by))
    with uow.unit():
        db.session.execute(change.values(goal=9))
    assert current(petition).text == SLIP
