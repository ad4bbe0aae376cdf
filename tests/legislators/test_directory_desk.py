"""The directory at the desk."""

from __future__ import annotations

from dataclasses import replace

import pytest
from markupsafe import Markup

from advocacy.web.manifest import House, Manifest, Panel
from tests.factories.accounts import sign_in
from tests.factories.coalitions import make_coalition, make_member

pytestmark = pytest.mark.settings(demo={"enabled": True})
SOMEBODY = "demo-harriet-lindqvist"


@pytest.fixture
def organizer(client, demo_state):
    sign_in(client, make_member(make_coalition(), "organizer"))
    return client


def test_directory_at_the_desk_lists_and_filters(organizer):
    page = organizer.get("/desk/legislators?state=ZZ&chamber=us_senate").text
    assert f'href="/desk/legislators/{SOMEBODY}"' in page
    assert "Obi Thistlewood" not in page
    assert "Nobody found" in organizer.get("/desk/legislators?name=zzzzqq").text


def test_person_at_the_desk_shows_what_higher_rooms_add(app, organizer):
    seen = []

    def render(actor, facts):
        seen.append((actor.coalition_id is not None, facts["key"], facts["name"]))
        return Markup("<p>They like tea</p>")

    house = app.extensions["advocacy.house"]
    extra = Manifest(name="extra", panels=[Panel("legislator.more", render)])
    app.extensions["advocacy.house"] = House([*house.manifests, replace(extra)])
    assert "<p>They like tea</p>" in organizer.get(f"/desk/legislators/{SOMEBODY}").text
    assert seen == [(True, SOMEBODY, "Harriet Lindqvist")]


@pytest.mark.parametrize("key", ["nobody-here", "a%00b", "x" * 300, "..%2f", "%ff", "own-", "own-" + "A" * 22])
def test_person_at_the_desk_who_is_not_listed_is_404(organizer, key):
    assert organizer.get(f"/desk/legislators/{key}").status_code == 404
