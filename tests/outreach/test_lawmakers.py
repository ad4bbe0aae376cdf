"""The lawmaker of a contact: found by name without a script, shown in list, page and file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from advocacy.audit.models import AuditEvent
from advocacy.civic.services import demo_pack, directory
from advocacy.core import clock, uow
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.outreach.models import ContactLog
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.outreach import make_contact
from tests.support.queries import count_queries

pytestmark = pytest.mark.settings(demo={"enabled": True})


@pytest.fixture
def coalition(app):
    with uow.unit():
        demo_pack.install()
    return make_coalition()


@pytest.fixture
def organizer(client, coalition):
    return sign_in(client, make_member(coalition, "organizer"))


@pytest.fixture
def people(coalition):
    with uow.reading():
        return list(directory.people_page().officials)


def post(client, path="/desk/contacts/new", **changed):
    day = (clock.now().date() - timedelta(days=1)).isoformat()
    data = {"office": "Her office", "kind": "call", "happened_on": day, "csrf_token": csrf_token(client), **changed}
    return client.post(path, data=data)


def row():
    with uow.reading():
        found = db.session.execute(select(ContactLog)).scalar_one()
        db.session.expunge(found)
    return found


def test_find_shows_who_fits_keeps_what_was_typed_and_stores_nothing(organizer, people):
    one = people[0]
    page = post(organizer, lawmaker=one.name, find="y", outcome="We asked for beds.")
    assert page.status_code == 200
    assert f'value="{one.id}"' in page.text
    assert "We asked for beds." in page.text
    assert "Nobody in the directory" in post(organizer, lawmaker="Zzyzx", find="y").text
    with uow.reading():
        assert db.session.execute(select(ContactLog)).first() is None


def test_a_chosen_lawmaker_is_stored_and_shown_in_list_page_and_file(organizer, people, coalition):
    one = people[0]
    assert post(organizer, lawmaker=one.name, legislator=one.id).status_code == 303
    found = row()
    assert found.legislator_key == one.id
    assert one.name in organizer.get("/desk/contacts").text
    page = organizer.get(f"/desk/contacts/{found.public_id}").text
    assert f'href="/legislators/{one.id}"' in page
    answer = organizer.post("/desk/contacts/export.csv", data={"csrf_token": csrf_token(organizer)})
    lines = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert [(line["who"], line["lawmaker"], line["lawmaker_id"]) for line in lines] == [
        ("Her office", one.name, one.id)
    ]
    with uow.reading():
        actions = db.session.execute(select(AuditEvent.action)).scalars().all()
    assert "contacts.exported" in actions
    edit = organizer.get(f"/desk/contacts/{found.public_id}/edit").text
    assert f'value="{one.id}" checked' in edit
    changed = post(organizer, f"/desk/contacts/{found.public_id}/edit", legislator="", version="1")
    assert changed.status_code == 303
    assert row().legislator_key == ""


def test_a_name_that_fits_one_is_taken_and_one_that_fits_several_asks(organizer, people):
    one = people[0]
    assert post(organizer, lawmaker=one.name).status_code == 303
    assert row().legislator_key == one.id
    shared = next(char for char in "aeiou" if sum(char in each.name.lower() for each in people) > 1)
    several = post(organizer, lawmaker=shared)
    assert several.status_code == 422
    assert "Choose one of those found" in several.text
    assert post(organizer, lawmaker=shared, legislator="").status_code == 303, "none of these is an answer"


def test_a_lawmaker_who_is_not_in_the_directory_is_refused_in_plain_words(organizer, coalition):
    refused = post(organizer, legislator="X999999")
    assert refused.status_code == 422
    assert "Choose a lawmaker from the directory" in refused.text
    with pytest.raises(RuleBroken):
        make_contact(coalition, legislator_key="X999999")


def test_the_list_asks_as_often_with_lawmakers_for_one_as_for_thirty(organizer, coalition, people):
    make_contact(coalition, legislator_key=people[0].id)
    organizer.get("/desk/contacts")
    with count_queries() as one:
        organizer.get("/desk/contacts")
    for number in range(29):
        make_contact(coalition, legislator_key=people[number % len(people)].id)
    with count_queries() as many:
        organizer.get("/desk/contacts")
    assert many.count == one.count


def test_export_and_author_are_personal_data(organizer, coalition, people):
    from advocacy.web.manifest import house

    post(organizer, outcome="We asked for beds.")
    author = row().entered_by
    with uow.reading():
        held = house().personal_data_of(author)["outreach"]["contacts"]
    assert [(one["who"], one["outcome"]) for one in held] == [("Her office", "We asked for beds.")]
    with uow.unit():
        house().forget(author)
    assert row().entered_by is None
