"""Write, open, pause, close; the words that people signed stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from advocacy.petitions import queries, signals
from advocacy.petitions.models import Petition
from advocacy.petitions.services import drafting
from advocacy.reminders.models import Deadline
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.factories.petitions import make_petition, sign
from tests.support.reminding import keep_awake
from tests.support.work import run_due


def edit(petition: Petition, **changes):
    facts = {
        "version": petition.version,
        "title": petition.title,
        "text": petition.text,
        "closes_at": petition.closes_at,
        "goal": petition.goal,
    }
    with uow.unit():
        return drafting.edit_petition(system_actor(), petition.id, **{**facts, **changes}).text_version


def test_i094_words_that_were_signed_change_only_by_two_people(app: Flask, client: FlaskClient):
    """Before the first signature they change freely; the rest is in ``test_correcting``."""
    petition = make_petition(text="Open ten beds, now")
    assert edit(petition, text="Open twelve beds, now") == 1
    sign(client, petition.slug)
    for field, words in (("text", "Close twelve beds, now"), ("title", "Jails before beds")):
        with pytest.raises(RuleBroken) as broken:
            edit(current(petition), **{field: words})
        assert broken.value.field == field
    with pytest.raises(Conflict):  # nobody in particular is not two people
        edit(current(petition), text="Open TWELVE beds, now!")
    assert edit(current(petition), goal=7) == 1


def current(petition: Petition) -> Petition:
    db.session.rollback()
    found = queries.petition_by_slug(petition.slug)
    db.session.refresh(found)
    db.session.expunge(found)
    db.session.rollback()
    return found


def test_edit_of_an_old_version_is_a_conflict(app: Flask):
    petition = make_petition()
    edit(petition, goal=5)
    with pytest.raises(Conflict):
        edit(petition, goal=6)


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("title", {"title": ""}),
        ("text", {"text": ""}),
        ("goal", {"goal": 0}),
        ("tz", {"tz": "Mars/Olympus"}),
        ("slug", {"slug": "Not A Slug"}),
    ],
)
def test_create_names_the_field_that_is_wrong(app: Flask, field: str, facts):
    with pytest.raises(RuleBroken) as broken:
        make_petition(**{"slug": "fine", **facts})
    assert broken.value.field == field


def test_slug_is_taken_once(app: Flask):
    make_petition(slug="same")
    with pytest.raises(RuleBroken) as broken:
        make_petition(slug="same")
    assert broken.value.field == "slug"


def test_opening_with_a_past_closing_time_is_refused(app: Flask):
    with pytest.raises(RuleBroken) as broken:
        make_petition(closes_at=clock.now() - timedelta(hours=1))
    assert broken.value.field == "closes_at"


def test_steps_that_the_table_does_not_know_are_refused(app: Flask):
    petition = make_petition(is_open=False)
    for step in (drafting.pause_petition, drafting.close_petition):
        with pytest.raises(Conflict), uow.unit():
            step(system_actor(), petition.id)


def test_other_coalitions_petition_is_not_found_and_volunteers_may_not(app: Flask):
    petition = make_petition(is_open=False)
    with pytest.raises(NotFound), uow.unit():
        drafting.open_petition(actor_in(make_coalition(), "organizer"), petition.id)
    with pytest.raises(NotAllowed), uow.unit():
        drafting.open_petition(actor_in(petition.coalition_id, "volunteer"), petition.id)
    with uow.unit():
        drafting.open_petition(actor_in(petition.coalition_id, "organizer"), petition.id)


def deadlines(petition: Petition) -> list[Deadline]:
    db.session.rollback()
    return list(db.session.query(Deadline).filter_by(object_id=petition.id))


@pytest.mark.both_databases
def test_deadline_follows_the_petition(app: Flask):
    petition = make_petition(closes_in=timedelta(days=30))
    (before,) = deadlines(petition)
    assert before.due_at == petition.closes_at
    later = petition.closes_at + timedelta(days=3)
    edit(petition, closes_at=later)
    (after,) = deadlines(petition)
    assert (after.due_at, after.rev) == (later, 2)
    with uow.unit():
        drafting.close_petition(system_actor(), petition.id)
    assert deadlines(petition)[0].state == "void"


@pytest.mark.both_databases
def test_petition_closes_at_its_time_and_organizers_are_reminded(app: Flask, move_clock):
    coalition_id = make_coalition()
    make_member(coalition_id, "organizer")
    petition = make_petition(coalition_id, closes_in=timedelta(days=8))
    closed: list[int] = []

    def hear(_sender: object, *, petition_id: int, **_facts: object) -> None:
        closed.append(petition_id)

    with signals.petition_closed.connected_to(hear):
        for hours in (25, 7 * 24 + 1, 7 * 24 + 23, 8 * 24 + 1):
            move_clock(hours * 3600)
            tick(app)
            run_due(app)
    db.session.rollback()
    assert queries.petition_by_slug(petition.slug).state == "closed"
    assert closed == [petition.id]
    from advocacy.messaging.models import Mail

    assert [mail.kind for mail in db.session.query(Mail)] == ["petitions.closing_soon"] * 3


def tick(app: Flask) -> None:
    """Queue the periodic work that is due, as the ticker does."""
    from advocacy.queue import port

    for entry in app.extensions["advocacy.house"].periodic:
        if entry.name.startswith("reminders."):
            with uow.unit():
                keep_awake()
                port.enqueue(db.session(), entry.job, entry.args or {})
