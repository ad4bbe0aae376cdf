"""The real files through the commands: how long, how complete, refused where a tenth is missing."""

from __future__ import annotations

import gzip
import json
import time

import pytest

from advocacy.civic.services import lookup
from advocacy.core import uow
from advocacy.core.actor import ANONYMOUS
from tests.factories import civic as made

pytestmark = pytest.mark.civic_data


def test_import_of_congress_boundaries_and_zips_takes_under_15_seconds(run, client, civic_data):
    began = time.perf_counter()
    run(
        "import",
        "congress",
        civic_data / "us-congress/legislators-current.json",
        civic_data / "us-congress/legislators-district-offices.json",
    )
    run("import", "boundaries", civic_data / "boundaries/us-cd119-simplified.geojson.gz", "--layer", "cd")
    run("import", "zcta", civic_data / "zip/zcta-cd119.csv.gz")
    assert time.perf_counter() - began < 15
    for zip_code in ("55055", "83330", "14021", "66541"):
        printed = json.loads(run("lookup", "--zip", zip_code, "--json"))
        posted = client.post("/representatives", json={"postal_code": zip_code}).json
        for answer in (printed, posted):
            for option in answer["options"]:
                option.pop("token")
        assert printed == posted
    with uow.reading():
        vacant = {
            seat.division_id.rpartition("us/")[2]
            for place in lookup.states()
            for seat in lookup.seats_for([place.ocd_id, *place.house_ids])
            if seat.status == "vacant"
        }
    assert vacant == {"state:ca/cd:14", "state:fl/cd:20", "state:ga/cd:13", "state:tx/cd:23"}


def test_real_pack_with_a_tenth_missing_is_refused(run, civic_data, tmp_path):
    source = civic_data / "us-congress/legislators-current.json"
    run("import", "congress", source)
    people = json.loads(source.read_text(encoding="utf-8"))
    less = made.write(tmp_path, "less.json", people[54:])
    assert "54 of 537 seats are missing" in run("import", "congress", less, status=1)


def test_state_districts_of_golden_points_are_found(run, civic_data):
    """Names by the crosswalk (NH, VT, MA), letters (AK, MN), one chamber (NE)."""
    codes = ("AK", "MN", "NE", "NH", "VT", "MA")
    run("import", "boundaries", civic_data / "boundaries/us-cd119-simplified.geojson.gz", "--layer", "cd")
    run("import", "crosswalk", civic_data / "boundaries/sld-ocd-crosswalk.csv")
    for code in codes:
        for layer, chamber in (("sldu", "upper"), ("sldl", "lower")):
            if (code, layer) != ("NE", "sldl"):
                run(
                    "import", "boundaries", civic_data / f"boundaries/sld/{code}_{chamber}.geojson.gz", "--layer", layer
                )
    points = json.loads((civic_data / "golden/us-points.json").read_text(encoding="utf-8"))
    checked = [point for point in points if point["state"] in codes]
    assert len(checked) >= 10
    for point in checked:
        with uow.reading():
            found = lookup.find(ANONYMOUS, lat=point["lat"], lng=point["lng"], on="2026-11-24")
        assert set(found.divisions) == set(point["divisions"].values()), point["zip"]


def test_boundary_file_with_too_much_detail_is_thinned(run, civic_data, monkeypatch):
    from advocacy.civic.packs import boundaries

    monkeypatch.setattr(boundaries, "_DETAIL", 100_000)
    output = run("import", "boundaries", civic_data / "boundaries/us-cd119-detailed.geojson.gz", "--layer", "cd")
    assert "simplified" in output
    points = json.loads((civic_data / "golden/us-points.json").read_text(encoding="utf-8"))
    with uow.reading():
        for point in points:
            found = lookup.find(ANONYMOUS, lat=point["lat"], lng=point["lng"], on="2026-11-24")
            assert point["divisions"]["cd"] in found.divisions


def test_real_file_that_was_cut_off_is_refused(run, civic_data, tmp_path):
    packed = (civic_data / "boundaries/us-cd119-simplified.geojson.gz").read_bytes()
    run("import", "boundaries", made.write(tmp_path, "cut.geojson.gz", packed[:50_000]), "--layer", "cd", status=2)
    plain = gzip.decompress(packed)[:50_000]
    run("import", "boundaries", made.write(tmp_path, "cut.geojson", plain), "--layer", "cd", status=2)
