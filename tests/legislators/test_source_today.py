"""What a source outside says today of somebody in office, on the desk's page of that person."""

from __future__ import annotations

from datetime import date

import pytest
from click.testing import CliRunner

from advocacy.civic.commands import civic
from advocacy.civic.services import lookup
from advocacy.core import uow
from advocacy.core.db import db
from advocacy.core.errors import NotAllowed, NotFound
from advocacy.core.settings import Civic
from advocacy.legislators.services import asking
from tests.factories import civic as made_civic
from tests.factories.accounts import sign_in
from tests.factories.coalitions import actor_in, make_coalition, make_member
from tests.support import stand_in
from tests.support.legislature import Legislature, recorded
from tests.support.work import run_due
from tests.tracking.pages import post

SEAT = "ocd-division/country:us/state:ga/cd:5"


@pytest.fixture
def states(app):
    """Open States on loopback."""
    with stand_in.serve(Legislature()) as found:
        settings = app.extensions["advocacy.settings"]
        section = Civic(census_url="", openstates_url=found.base_url, openstates_key="planted-secret-key")
        app.extensions["advocacy.settings"] = settings.model_copy(update={"civic": section})
        yield found


@pytest.fixture
def coalition_id(app):
    return make_coalition()


@pytest.fixture
def key(app, tmp_path) -> str:
    """Somebody who sits in Congress by a pack."""
    file = made_civic.write(tmp_path, "legislators-current.json", made_civic.congress())
    done = CliRunner().invoke(civic, ["import", "congress", str(file)], obj=lambda: app)
    assert done.exit_code == 0, done.output
    db.session.remove()
    with uow.reading():
        return lookup.officials_for([SEAT], date(2026, 11, 24))[0].id


@pytest.mark.civic_data
def test_desk_page_of_a_person_says_whom_the_source_names_and_asks_on_a_press(app, client, coalition_id, key, states):
    organizer = sign_in(client, make_member(coalition_id, "organizer"))
    url = f"/desk/legislators/{key}"
    assert "Nobody asked it yet who sits here" in organizer.get(url).text
    seat = {"title": "Representative", "org_classification": "lower", "district": "GA-5", "division_id": SEAT}
    person = recorded("people-us-house")["results"][0] | {"name": "Somebody Else", "current_role": seat}
    pages = {"per_page": 50, "page": 1, "max_page": 1, "total_items": 1}
    states.answer = lambda path, query: {"results": [person], "pagination": pages}
    assert "done=source-asked" in post(organizer, url, f"{url}/ask").location
    run_due(app)
    page = organizer.get(url).text
    assert "Somebody Else" in page
    assert "another name than ours" in page
    assert "done=source-fresh" in post(organizer, url, f"{url}/ask").location


@pytest.mark.civic_data
def test_who_may_not_write_the_directory_sees_what_the_source_says_and_asks_nothing(
    app, client, coalition_id, key, states
):
    volunteer = sign_in(client, make_member(coalition_id, "volunteer"))
    url = f"/desk/legislators/{key}"
    page = volunteer.get(url).text
    assert "Nobody asked it yet who sits here" in page
    assert "Ask it now" not in page
    assert post(volunteer, url, f"{url}/ask").status_code == 403
    with uow.unit(), pytest.raises(NotAllowed):
        asking.ask(actor_in(coalition_id, "volunteer"), key)


def test_without_a_source_nothing_of_it_stands_on_the_page(client, coalition_id, key):
    organizer = sign_in(client, make_member(coalition_id, "organizer"))
    assert "source-today" not in organizer.get(f"/desk/legislators/{key}").text


def test_nobody_is_asked_about_who_is_not_listed(app, coalition_id):
    with uow.unit(), pytest.raises(NotFound):
        asking.ask(actor_in(coalition_id), "nobody-here")
