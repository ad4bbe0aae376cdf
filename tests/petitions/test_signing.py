"""Signing: one row a person, the same answer to everybody."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from advocacy.core import crypto
from advocacy.core.db import db
from advocacy.messaging.models import Mail
from advocacy.petitions.models import SignatureState
from advocacy.queue.models import QueuedJob
from tests.factories.petitions import make_petition, plain, sign, signatures
from tests.support.work import run_due


def count_of(model: type) -> int:
    found = db.session.execute(select(func.count()).select_from(model)).scalar_one()
    db.session.rollback()
    return int(found)


@pytest.mark.both_databases
def test_sign_stores_one_sealed_row_with_its_mail_and_job(app: Flask, client: FlaskClient):
    petition = make_petition()
    jobs = count_of(QueuedJob)
    answer = sign(client, petition.slug, "zoe@example.org", comment="My brother waited.")
    assert (answer.status_code, answer.location) == (303, f"/petitions/{petition.slug}/check-your-email")
    assert "Set-Cookie" not in answer.headers
    (row,) = signatures(petition.id)
    assert (row.state, row.mail_count, row.place, row.postal_code) == ("pending", 1, 1, "97201")
    assert b"zoe" not in bytes(row.email)
    assert crypto.open_sealed(row.email, table="signature", column="email", row=row.public_id) == "zoe@example.org"
    assert (count_of(Mail), count_of(QueuedJob) - jobs) == (1, 1)


@pytest.mark.both_databases
def test_double_gets_the_same_answer_and_its_owner_a_mail(app: Flask, client: FlaskClient):
    petition = make_petition()
    first = sign(client, petition.slug, "zoe@gmail.com")
    again = sign(client, petition.slug, "Z.O.E+news@googlemail.com")
    assert plain(first.get_data(as_text=True)) == plain(again.get_data(as_text=True))
    assert (first.status_code, first.location) == (again.status_code, again.location)
    run_due(app)
    (row,) = signatures(petition.id)
    assert (row.mail_count, count_of(Mail)) == (2, 2)
    assert row.state == SignatureState.PENDING
