"""Packs in: the swap, what is refused, the way back."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from advocacy.civic.commands import civic
from advocacy.civic.models import Boundary, CivicPack, OfficeTerm, Official, PackState, PostalDivision
from advocacy.civic.services import lookup
from advocacy.core import uow
from advocacy.core.actor import ANONYMOUS
from advocacy.core.db import db
from tests.factories import civic as made
from tests.support.walk import fingerprint

DAY = date(2026, 11, 24)


@pytest.fixture
def congress_file(tmp_path):
    return made.write(tmp_path, "legislators-current.json", made.congress())


def states() -> list[str]:
    found = list(db.session.execute(select(CivicPack.state).order_by(CivicPack.id)).scalars())
    uow.rollback()
    return found


def names_for(ocd_id: str) -> list[str]:
    with uow.reading():
        return [official.name for official in lookup.officials_for([f"ocd-division/country:us/{ocd_id}"], DAY)]


@pytest.mark.both_databases
def test_import_of_all_kinds_then_lookup(run, tmp_path, congress_file):
    output = run("import", "congress", congress_file)
    assert "members: 32" in output
    assert "32 added, 0 gone" in output
    run("import", "boundaries", made.write(tmp_path, "cd.geojson", made.districts()), "--layer", "cd")
    run("import", "zcta", made.write(tmp_path, "zcta.csv", "state_abbr,zcta,cd\nGA,30301,5\nGA,30302,5\nGA,30302,6\n"))
    assert names_for("state:ga/cd:5") == ["Pat Member4"]
    answer = json.loads(run("lookup", "--zip", "30301", "--json"))
    assert answer["status"] == "ok"
    assert [person["name"] for person in answer["officials"]] == ["Pat Member4", "Pat Member14", "Pat Member15"]
    assert json.loads(run("lookup", "--zip", "30302", "--json"))["status"] == "choose"
    point = json.loads(run("lookup", "--lat", "30.2", "--lng", "-87.9", "--json"))
    assert point["divisions"][1]["id"].endswith("state:ga/cd:5")
    assert run("lookup", "--lat", "0", "--lng", "0", "--json", status=1)
    assert run("lookup", "--zip", "00000", "--json", status=2)
    assert run("lookup", status=2)
    assert run("lookup", "--lat", "1", status=2)


@pytest.mark.both_databases
def test_c2_file_that_was_taken_back_stays_out_until_it_is_forced_or_another_comes(run, tmp_path, congress_file):
    newer = made.congress()
    newer[0] = made.member(900, "GA", 1)
    newer_file = made.write(tmp_path, "newer.json", newer)
    run("import", "congress", congress_file)
    run("import", "congress", newer_file)
    run("rollback", "congress")
    for way in ((), ("--dry-run",)):
        assert "This version was taken back and stays out." in run("import", "congress", newer_file, *way)
    assert names_for("state:ga/cd:1") == ["Pat Member0"]
    assert states() == ["active", "previous"]
    assert "in use already" in run("import", "congress", congress_file)
    newer[0] = made.member(901, "GA", 1)
    run("import", "congress", made.write(tmp_path, "newest.json", newer))
    assert names_for("state:ga/cd:1") == ["Pat Member901"]
    run("rollback", "congress")
    assert "In use now." in run("import", "congress", tmp_path / "newest.json", "--force")
    run("rollback", "congress")
    run("rollback", "congress")  # back to it by hand: it is not taken back any longer
    assert "in use already" in run("import", "congress", tmp_path / "newest.json")


@pytest.mark.both_databases
def test_new_version_is_swapped_in_and_rolled_back(run, tmp_path, congress_file):
    run("import", "congress", congress_file)
    assert names_for("state:ga/cd:1") == ["Pat Member0"]
    newer = made.congress()
    newer[0] = made.member(900, "GA", 1)
    output = run("import", "congress", made.write(tmp_path, "newer.json", newer))
    assert "0 added, 0 gone, 32 before" in output
    assert names_for("state:ga/cd:1") == ["Pat Member900"]
    assert states() == ["previous", "active"]
    run("rollback", "congress")
    assert names_for("state:ga/cd:1") == ["Pat Member0"]
    assert states() == ["active", "previous"]
    run("rollback", "congress")
    assert names_for("state:ga/cd:1") == ["Pat Member900"]
    run("import", "congress", congress_file)
    assert states() == ["previous", "active"]
    assert db.session.scalar(select(func.count()).select_from(Official)) == 64


@pytest.mark.both_databases
def test_dry_run_changes_nothing(run, tmp_path, congress_file, app):
    before = fingerprint()
    zips = made.write(tmp_path, "zcta.csv", "state_abbr,zcta,cd\nGA,30301,5\n")
    areas = made.write(tmp_path, "cd.geojson", made.districts())
    for args in (("congress", congress_file), ("boundaries", areas, "--layer", "cd"), ("zcta", zips)):
        assert "Dry run: nothing was changed." in run("import", *args, "--dry-run")
    assert fingerprint() == before


def test_pack_that_loses_more_than_five_in_a_hundred_seats_is_refused(run, tmp_path, congress_file):
    run("import", "congress", congress_file)
    less = made.write(tmp_path, "less.json", made.without(made.congress(), 2))
    before = fingerprint()
    output = run("import", "congress", less, status=1)
    assert "2 of 32 seats are missing" in output
    assert fingerprint() == before
    assert "2 of 32" in run("import", "congress", less, "--dry-run", status=1)
    assert "2 gone" in run("import", "congress", less, "--force")


def test_pack_that_loses_one_seat_is_taken_and_the_seat_is_empty(run, tmp_path, congress_file):
    run("import", "congress", congress_file)
    assert "1 gone" in run("import", "congress", made.write(tmp_path, "less.json", made.without(made.congress(), 1)))
    with uow.reading():
        seats = lookup.seats_for(["ocd-division/country:us/state:ga/cd:1"], DAY)
    assert [seat.status for seat in seats] == ["vacant"]


def test_boundaries_and_zips_with_a_tenth_missing_are_refused(run, tmp_path):
    run("import", "boundaries", made.write(tmp_path, "a.geojson", made.districts()), "--layer", "cd")
    less = made.districts()
    del less["features"][:3]
    run("import", "boundaries", made.write(tmp_path, "b.geojson", less), "--layer", "cd", status=1)
    head = "state_abbr,zcta,cd\n"
    rows = [f"GA,{30001 + number},1\n" for number in range(40)]
    run("import", "zcta", made.write(tmp_path, "a.csv", head + "".join(rows)))
    run("import", "zcta", made.write(tmp_path, "b.csv", head + "".join(rows[4:])), status=1)
    assert states() == ["active", "active"]


def test_same_file_again_changes_nothing(run, congress_file):
    run("import", "congress", congress_file)
    before = fingerprint()
    assert "in use already" in run("import", "congress", congress_file)
    assert fingerprint() == before


def test_import_that_fails_midway_leaves_the_old_version(app, run, congress_file, tmp_path, monkeypatch):
    from advocacy.civic.services import importing

    run("import", "congress", congress_file)
    before = fingerprint()

    def broken(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "_swap", broken)
    newer = made.write(tmp_path, "newer.json", [*made.congress()[1:], made.member(900, "GA", 1)])
    CliRunner().invoke(civic, ["import", "congress", str(newer)], obj=lambda: app)
    db.session.rollback()
    db.session.remove()
    assert fingerprint() == before
    assert names_for("state:ga/cd:1") == ["Pat Member0"]


@pytest.mark.parametrize(
    "name, content",
    [
        ("x.json", b"{"),
        ("x.json", b"[]"),
        ("x.yaml", b"!!python/object/apply:os.system ['true']"),
        ("x.csv", b"a,b\n1,2\n"),
        ("x.json.gz", b"\x1f\x8bjunk"),
    ],
)
def test_malformed_file_is_exit_2_with_one_line(run, tmp_path, name, content):
    path = made.write(tmp_path, name, content)
    run("import", "congress", path, status=2)
    run("import", "boundaries", path, "--layer", "cd", status=2)
    run("import", "zcta", path, status=2)
    run("import", "crosswalk", path, status=2)
    run("import", "congress", tmp_path / "not-there.json", status=2)
    assert states() == []


def test_rollback_without_an_earlier_version_is_exit_1(run, congress_file):
    assert run("rollback", "congress", status=1)
    run("import", "congress", congress_file)
    assert run("rollback", "congress", status=1)


def test_two_congresses_stand_beside_each_other_and_the_day_decides(run, tmp_path, congress_file):
    """Section 2: right on both sides of 3 January 2027 without a release."""
    run("import", "congress", congress_file)
    run("import", "boundaries", made.write(tmp_path, "119.geojson", made.districts()), "--layer", "cd")
    shifted = made.districts()
    for feature in shifted["features"]:
        feature["properties"]["CD120FP"] = feature["properties"].pop("CD119FP")
        for ring in feature["geometry"]["coordinates"]:
            for corner in ring:
                corner[0] -= made.SQUARE
    output = run("import", "boundaries", made.write(tmp_path, "120.geojson", shifted), "--layer", "cd")
    assert "from 2027-01-03 to 2029-01-03" in output
    assert states() == ["active", "active", "active"]

    def house(day):
        with uow.reading():
            return lookup.find(ANONYMOUS, lat=30.2, lng=-87.9, on=day)

    assert house("2026-11-24").divisions[1].endswith("ga/cd:5")
    assert house("2026-11-24").next_divisions == ("ocd-division/country:us/state:ga/cd:6",)
    assert "next_map" in house("2026-11-24").warnings
    assert house("2026-06-01").next_divisions == ()
    after = house("2027-01-03")
    assert after.divisions[1].endswith("ga/cd:6")
    assert after.officials == ()
    assert {seat.status for seat in after.seats} == {"unknown"}
    assert house("2024-05-05").status == "need_address"


def test_zip_table_of_the_next_congress_is_known_by_its_name(run, tmp_path):
    run("import", "zcta", made.write(tmp_path, "zcta-cd119.csv", "state_abbr,zcta,cd\nGA,30301,5\n"))
    run("import", "zcta", made.write(tmp_path, "zcta-cd120.csv", "state_abbr,zcta,cd\nGA,30301,6\n"))
    with uow.reading():
        assert lookup.place_postal("30301", "US", date(2026, 11, 24)).certain_house.endswith("cd:5")
        assert lookup.place_postal("30301", "US", date(2027, 1, 3)).certain_house.endswith("cd:6")
        assert lookup.place_postal("30301", "US", date(2024, 1, 3)).certain_house is None


def test_appointed_senator_past_the_end_still_sits_with_a_word(run, tmp_path):
    entries = made.congress()
    entries[14] = made.member(14, "GA", None, end="2026-11-03", **{"end-type": "special-election"})
    assert "listed after the end of their term" in run("import", "congress", made.write(tmp_path, "m.json", entries))
    with uow.reading():
        found = lookup.find(ANONYMOUS, division="ocd-division/country:us/state:ga/cd:1", on="2026-11-24")
        later = lookup.find(ANONYMOUS, division="ocd-division/country:us/state:ga/cd:1", on="2027-01-03")
    assert "Pat Member14" in [official.name for official in found.officials]
    assert "term_ended" in found.warnings
    assert later.officials == ()


def test_crosswalk_lets_districts_with_names_in(run, tmp_path):
    data = made.districts("GA")
    data["features"] = data["features"][:1]
    data["features"][0]["properties"] = {"STATEFP": "33", "SLDLST": "613", "GEOID": "33613"}
    path = made.write(tmp_path, "nh.geojson", data)
    assert "crosswalk" in run("import", "boundaries", path, "--layer", "sldl", status=2)
    table = "layer,geoid,ocd_division_id,namelsad,num_seats\nsldl,33613,ocd-division/country:us/state:nh/sldl:rockingham_13,State House District Rockingham 13,10\n"
    run("import", "crosswalk", made.write(tmp_path, "c.csv", table))
    run("import", "boundaries", path, "--layer", "sldl")
    with uow.reading():
        assert (
            lookup.division_name("ocd-division/country:us/state:nh/sldl:rockingham_13")
            == "New Hampshire, State House District Rockingham 13"
        )


def test_rows_of_a_version_before_the_last_are_gone(run, tmp_path):
    for number in range(3):
        table = f"state_abbr,zcta,cd\nGA,30301,{number + 1}\n"
        run("import", "zcta", made.write(tmp_path, "z.csv", table))
        run("import", "boundaries", made.write(tmp_path, "b.geojson", made.districts("GA")), "--layer", "cd", "--force")
    assert db.session.scalar(select(func.count()).select_from(CivicPack)) == 4
    assert db.session.scalar(select(func.count()).select_from(PostalDivision)) == 2
    assert db.session.scalar(select(func.count()).select_from(Boundary)) == 28


def test_database_refuses_two_active_versions(app, run, congress_file):
    from sqlalchemy.exc import IntegrityError

    run("import", "congress", congress_file)
    first = db.session.scalars(select(CivicPack)).one()
    facts = {column.name: getattr(first, column.name) for column in CivicPack.__table__.columns if column.name != "id"}
    db.session.add(CivicPack(**{**facts, "state": PackState.ACTIVE}))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_term_of_a_home_office_is_nowhere(run, tmp_path, congress_file):
    offices = [{"id": {"bioguide": "T000000"}, "offices": [{"classification": "home", "address": "Secret Lane 1"}]}]
    run("import", "congress", congress_file, made.write(tmp_path, "offices.json", offices))
    assert db.session.scalar(select(func.count()).select_from(OfficeTerm)) == 32
    assert not any("Secret" in str(row) for row in db.session.scalars(select(Official.offices)))


@pytest.mark.settings(demo={"enabled": True})
def test_pack_is_seen_within_its_own_unit_and_not_after_a_rollback(app):
    """The demonstration installs its packs and signs by them in one unit."""
    from advocacy.civic.services import demo_pack

    with uow.reading():
        assert lookup.place_postal("99961", "US", DAY).state is None

    class Enough(Exception):
        pass

    def install_and_stop():
        with uow.unit():
            demo_pack.install()
            assert lookup.place_postal("99961", "US", DAY).state == "ZZ"
            raise Enough

    with pytest.raises(Enough):
        install_and_stop()
    with uow.reading():
        assert lookup.place_postal("99961", "US", DAY).state is None
