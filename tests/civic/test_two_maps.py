"""Right on both sides of 3 January 2027 without a release: pitfall 6 of the civic notes."""

from __future__ import annotations

import copy
import gzip
import json
import shutil
from datetime import date

import pytest

from advocacy.app import create_app
from advocacy.civic import rules
from advocacy.civic.models import Chamber, Layer
from advocacy.civic.packs import files
from advocacy.civic.places import ALL_BY_CODE
from advocacy.civic.services import importing, incoming, lookup
from advocacy.core import uow
from advocacy.core.actor import ANONYMOUS, Channel, system_actor
from advocacy.core.db import db
from tests.civic.test_openstates import key, tree
from tests.civic.test_openstates import person as legislator
from tests.factories import civic as made
from tests.support import civic_packs, databases

TODAY, BEFORE, AFTER = date(2026, 11, 24), date(2027, 1, 2), date(2027, 1, 4)


def moved(ocd_id: str) -> str:
    """The district that follows: each state numbers its districts one further."""
    place = rules.place_of(ocd_id)
    if place is None or place.seats == 1:
        return ocd_id
    return f"{place.ocd_id}/cd:{int(rules.short_number(ocd_id)) % place.seats + 1}"


def next_map(civic_data, folder):
    data = json.loads(gzip.decompress((civic_data / "boundaries/us-cd119-simplified.geojson.gz").read_bytes()))
    for feature in data["features"]:
        given = feature["properties"]
        feature["properties"] = {
            "ocd_id": moved(rules.house_alias(rules.canonical(given["ocd_id"]) or "")),
            "CD120FP": "00",
        }
    return made.write(folder, "cd120.geojson", data)


def next_members(civic_data, folder):
    """The same people as today, elected anew where they were: by the new numbers."""
    people = json.loads((civic_data / "us-congress/legislators-current.json").read_text(encoding="utf-8"))
    for person in people:
        term = copy.deepcopy(person["terms"][-1])
        term |= {"start": "2027-01-03", "end": "2029-01-03"}
        if term["type"] == "rep" and term["district"]:
            ocd_id = rules.canonical(f"ocd-division/country:us/state:{term['state'].lower()}/cd:{term['district']}")
            term["district"] = int(rules.short_number(moved(ocd_id or "")))
        person["terms"] = [term]
    return made.write(folder, "next.json", people)


@pytest.mark.civic_data
def test_pitfall_06_golden_points_before_and_after_the_map_changes(civic_data, tmp_path):
    url = databases.new_sqlite()
    shutil.copyfile(civic_packs.real_database(civic_data).removeprefix("sqlite:///"), url.removeprefix("sqlite:///"))
    points = json.loads((civic_data / "golden/us-points.json").read_text(encoding="utf-8"))[:64]
    app = create_app(databases.make_settings(url))

    def answers(day):
        with uow.reading():
            return [lookup.find(ANONYMOUS, lat=point["lat"], lng=point["lng"], on=day) for point in points]

    def house(found):
        return [official.id for official in found.officials if official.chamber is Chamber.US_HOUSE]

    with app.app_context():
        plain = answers(TODAY)
        assert [found.divisions for found in answers(BEFORE)] == [found.divisions for found in plain]
        with uow.unit():
            operator = system_actor(Channel.COMMAND)
            importing.import_pack(
                operator, incoming.boundary_pack(files.read(next_map(civic_data, tmp_path)), Layer.HOUSE)
            )
            people = incoming.congress_pack([files.read(next_members(civic_data, tmp_path))], TODAY, 120)
            importing.import_pack(operator, people)
        for point, was, before, after in zip(points, plain, answers(BEFORE), answers(AFTER), strict=True):
            present = point["divisions"]["cd"]
            assert before.divisions == was.divisions
            assert [official.id for official in before.officials] == [official.id for official in was.officials]
            assert present in before.divisions
            assert moved(present) in after.divisions
            assert house(after) == house(was)  # whoever won there again, by the new number
            if moved(present) != present:
                assert before.next_divisions == (moved(present),)
                assert [official.id for official in before.next_officials] == house(after)
                assert before.next_on == date(2027, 1, 3)
            assert after.next_divisions == ()
        with uow.reading():
            shown = lookup.to_json(answers(BEFORE)[-1])
            assert shown["next_on"] in {"2027-01-03", None}
        db.session.remove()
        db.engine.dispose()


def test_pitfall_06_file_with_both_layers_names_the_right_congress(tmp_path, app):
    """``CDnnn`` missing: the district is read from GEOID, the Congress from the command or the settings."""
    data = made.districts("GA")
    for feature in data["features"]:
        del feature["properties"]["CD119FP"]
    with uow.reading():
        pack = incoming.boundary_pack(
            files.read(made.write(tmp_path, "x.geojson", data)), Layer.HOUSE, congress_number=120
        )
    assert (pack.edition, pack.valid_from, pack.valid_to) == ("120", date(2027, 1, 3), date(2029, 1, 3))
    assert len(pack.seats) == 14


@pytest.mark.parametrize(
    "code, properties",
    [
        ("WY", {"STATEFP": "56", "CD119FP": "00"}),
        ("WY", {"STATEFP": "56", "CD119FP": "01"}),
        ("DC", {"STATEFP": "11", "CD119FP": "98"}),
        ("WY", {"ocd_id": "ocd-division/country:us/state:wy/cd:at-large"}),
        ("WY", {"ocd_id": "ocd-division/country:us/state:wy/cd:1"}),
        ("WY", {"ocd_id": "ocd-division/country:us/state:wy"}),
        ("DC", {"ocd_id": "ocd-division/country:us/state:dc"}),
        ("PR", {"ocd_id": "ocd-division/country:us/territory:pr/cd:98"}),
    ],
)
def test_pitfall_02_at_large_in_every_spelling_is_one_seat(tmp_path, app, code, properties):
    data = made.districts("WY")
    data["features"][0]["properties"] = properties
    with uow.reading():
        pack = incoming.boundary_pack(files.read(made.write(tmp_path, "x.geojson", data)), Layer.HOUSE)
    assert pack.seats == {ALL_BY_CODE[code].house_id}


SENATE_DAY = date(2026, 12, 14)


def senate_lines(folder, name, *, turned=False):
    """Two districts of Georgia's senate within the square of its first House district; ``turned``: exchanged."""
    features = []
    for number, west in ((1, -90.0), (2, -89.75)):
        code = f"{3 - number if turned else number:03}"
        features.append(
            {
                "type": "Feature",
                "properties": {"STATEFP": "13", "SLDUST": code, "GEOID": f"13{code}"},
                "geometry": {"type": "Polygon", "coordinates": made.square(west, 30, 0.25)},
            }
        )
    return made.write(folder, name, {"type": "FeatureCollection", "features": features})


@pytest.fixture
def moving_senate(run, tmp_path):
    """Georgia with new senate lines from a day on, and its senators: one term reaches beyond that day."""
    run("import", "congress", made.write(tmp_path, "m.json", made.congress("GA")))
    run("import", "boundaries", made.write(tmp_path, "cd.geojson", made.districts("GA")), "--layer", "cd")
    run("import", "boundaries", senate_lines(tmp_path, "now.geojson"), "--layer", "sldu")
    people = [
        legislator(1, "1", "upper", roles=[{"type": "upper", "district": "1", "start_date": "2025-01"}]),
        legislator(2, "2", "upper", roles=[{"type": "upper", "district": "2", "end_date": "2029-01-08"}]),
    ]
    run("import", "openstates", tree(tmp_path / "t", people))
    later = senate_lines(tmp_path, "later.geojson", turned=True)
    run("import", "boundaries", later, "--layer", "sldu", "--valid-from", SENATE_DAY.isoformat())


def senators(lng: float, day: date):
    with uow.reading():
        return lookup.find(ANONYMOUS, lat=30.1, lng=lng, on=day)


@pytest.mark.both_databases
def test_pitfall_06_state_lines_that_change_on_a_day_show_both_members(moving_senate, client):
    one, two = (f"ocd-division/country:us/state:ga/sldu:{number}" for number in (1, 2))
    before, after = senators(-89.9, TODAY), senators(-89.9, SENATE_DAY)
    assert one in before.divisions
    assert key(1) in [official.id for official in before.officials]
    assert [(move.on, move.division_id) for move in before.moves] == [(SENATE_DAY, two)]
    assert [official.id for official in before.moves[0].officials] == [key(2)]
    assert "next_state_map" in before.warnings
    assert before.next_divisions == ()
    assert two in after.divisions
    assert key(2) in [official.id for official in after.officials]
    assert after.moves == ()
    with uow.reading():
        shown = lookup.to_json(before)["next_state"]
    assert [(line["on"], line["division"]["id"]) for line in shown] == [("2026-12-14", two)]
    page = client.post("/representatives", data={"lat": "30.1", "lng": "-89.9"}).text
    assert "The state legislature&#39;s lines change" in page or "The state legislature's lines change" in page
    assert "Monday, 14 December 2026" in page


def test_pitfall_06_nobody_is_named_for_new_state_lines_whose_term_ends_before(moving_senate):
    there = senators(-89.6, TODAY)
    assert [move.division_id.rpartition(":")[2] for move in there.moves] == ["1"]
    assert there.moves[0].officials == ()


def test_pitfall_06_state_lines_far_ahead_are_not_spoken_of(moving_senate):
    assert senators(-89.9, date(2026, 6, 1)).moves == ()
