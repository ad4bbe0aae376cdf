"""Reading pack files: what is taken, mended, dropped, refused."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import date

import pytest
import shapefile

from advocacy.civic.models import Layer
from advocacy.civic.packs import boundaries, congress, crosswalk, files, zcta
from advocacy.civic.packs.files import PackRefused
from tests.factories import civic as made


def read(tmp_path, name, content):
    return files.read(made.write(tmp_path, name, content))


def members(tmp_path, *entries, name="m.json", extra=()):
    return congress.parse([read(tmp_path, name, list(entries)), *extra])


def areas(tmp_path, content, layer=Layer.HOUSE, name="b.geojson"):
    return boundaries.parse(read(tmp_path, name, content), layer, lambda _layer, _geoid: [])


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(PackRefused) as caught:
        call(*args, **kwargs)
    assert "\n" not in caught.value.message
    return caught.value.message


# --- files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"  \n", b"\x1f\x8bgarbage", gzip.compress(b"x" * 1000, mtime=0)[:15]])
def test_file_that_is_empty_or_damaged_is_refused(tmp_path, content):
    refusal(read, tmp_path, "x.json", content)


def test_file_that_is_missing_or_a_folder_is_refused(tmp_path):
    refusal(files.read, tmp_path / "none")
    refusal(files.read, tmp_path)


def test_gzip_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_PLAIN", 1000)
    assert "unpacks" in refusal(read, tmp_path, "x.gz", gzip.compress(b"0" * 100_000))


def zipped(**members_of_it: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members_of_it.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_zip_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_PLAIN", 1000)
    bomb = read(tmp_path, "x.zip", zipped(**{"a.shp": b"0" * 5000}))
    assert "unpacks" in refusal(files.unzip, bomb, (".shp",))


def test_zip_that_lies_about_its_size_is_refused(tmp_path):
    data = zipped(**{"a.shp": b"0" * 5000})
    lying = data.replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != data
    refusal(files.unzip, read(tmp_path, "x.zip", lying), (".shp",))


@pytest.mark.parametrize("name", ["../evil.shp", "/etc/evil.shp", "a/../../evil.shp", "..\\evil.shp", "C:\\evil.shp"])
def test_zip_with_a_path_out_of_it_is_refused(tmp_path, name):
    assert "leads out" in refusal(files.unzip, read(tmp_path, "x.zip", zipped(**{name: b"x"})), (".shp",))


def test_zip_with_many_files_or_two_of_a_kind_is_refused(tmp_path):
    many = zipped(**{f"{number}.txt": b"" for number in range(100)})
    refusal(files.unzip, read(tmp_path, "x.zip", many), (".shp",))
    refusal(files.unzip, read(tmp_path, "y.zip", zipped(**{"a.shp": b"1", "b.shp": b"2"})), (".shp",))


@pytest.mark.parametrize(
    "text", ["!!python/object/apply:os.system ['true']", "a: [", "- !!python/name:os.system\n", "\x00"]
)
def test_yaml_that_is_more_than_plain_data_is_refused(tmp_path, text):
    refusal(congress.parse, [read(tmp_path, "x.yaml", text)])


# --- congress -----------------------------------------------------------------------------------------------------


def test_members_are_read_alike_from_json_and_yaml(tmp_path):
    import yaml

    entries = made.congress()
    from_json = members(tmp_path, *entries).members
    from_yaml = congress.parse([read(tmp_path, "m.yaml", yaml.safe_dump(entries))]).members
    assert from_json == from_yaml
    assert len(from_json) == 32
    assert from_json[0].ends_on == date(2027, 1, 3)


def test_member_without_full_name_phone_or_url_is_taken(tmp_path):
    entry = made.member(1, "GA", 1, phone=None, url=None)
    del entry["name"]["official_full"]
    entry["name"]["suffix"] = "Jr."
    found = members(tmp_path, entry).members[0]
    assert found.full_name == "Pat Member1, Jr."
    assert found.phone is None
    assert found.url is None


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "hhttps://x.example",
        "https://",
        "//x.example",
        "https://a b.example",
        5,
        "https://user:pw@x.example",
        "https://x.example/\x00",
        'https://x.example/"onclick=',
        "https://x.example/" + "a" * 400,
    ],
)
def test_web_address_that_is_unsafe_is_dropped_and_counted(tmp_path, address):
    found = members(tmp_path, made.member(1, "GA", 1, url=address, contact_form=address))
    assert found.members[0].url is None
    assert found.members[0].contact_form is None
    assert found.dropped["web addresses"] == 2


def test_home_office_is_never_stored(tmp_path):
    offices = [
        {
            "id": {"bioguide": "T000001"},
            "offices": [
                {"city": "Macon", "phone": "478-555-0100", "address": "1 Main", "suite": "2"},
                {"city": "Hidden", "classification": "home", "address": "Secret Lane"},
                {"city": "Hidden", "classification": "Home", "address": "Secret Lane"},
                "nonsense",
            ],
        }
    ]
    found = members(tmp_path, made.member(1, "GA", 1), extra=[read(tmp_path, "o.json", offices)])
    assert found.members[0].offices == ({"city": "Macon", "address": "1 Main, 2", "phone": "478-555-0100"},)
    assert found.dropped == {"home offices": 2, "offices": 1}


@pytest.mark.parametrize(
    "change, word",
    [
        ({"state": "QQ"}, "unknown state QQ"),
        ({"state": ["GA"]}, "unknown state"),
        ({"district": 15}, "no seat 15"),
        ({"district": True}, "no seat"),
        ({"district": None}, "no seat"),
        ({"type": "king"}, "neither senator"),
        ({"start": "yesterday"}, "date"),
        ({"end": 5}, "date"),
    ],
)
def test_member_with_a_wrong_seat_is_refused_by_name(tmp_path, change, word):
    entry = made.member(1, "GA", 1)
    entry["terms"][-1].update(change)
    message = refusal(members, tmp_path, entry)
    assert "T000001" in message
    assert word in message


def test_two_members_for_one_seat_are_refused(tmp_path):
    assert "Georgia, district 1" in refusal(members, tmp_path, made.member(1, "GA", 1), made.member(2, "GA", 1))
    three = [made.member(number, "GA", None) for number in range(3)]
    assert "Georgia" in refusal(members, tmp_path, *three)
    assert "T000001" in refusal(members, tmp_path, made.member(1, "GA", 1), made.member(1, "GA", 2))


def test_senator_of_a_territory_is_refused(tmp_path):
    refusal(members, tmp_path, made.member(1, "PR", None))


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b"{}",
        b"null",
        b"[1]",
        b'[{"x": 1}]',
        b"[" * 100_000,
        b"{",
        b"\xff\xfe\x00",
        b'[{"id": {"bioguide": "T000001"}, "terms": []}]',
        b'[{"id": 5, "terms": [{}]}]',
        b'[{"id": {"bioguide": "x"}, "terms": [{}]}]',
        b"a,b\n1,2\n",
    ],
)
def test_congress_file_that_is_none_is_refused(tmp_path, content):
    refusal(congress.parse, [read(tmp_path, "m.json", content)])


@pytest.mark.civic_data
def test_real_members_are_alike_from_json_yaml_and_csv(civic_data):
    folder = civic_data / "us-congress"
    from_json, from_yaml, from_csv = (
        congress.parse([files.read(folder / f"legislators-current.{ending}")]).members
        for ending in ("json", "yaml.gz", "csv")
    )
    assert len(from_json) == len(from_yaml) == len(from_csv) == 537
    assert (
        {(m.key, m.ocd_id) for m in from_json}
        == {(m.key, m.ocd_id) for m in from_yaml}
        == {(m.key, m.ocd_id) for m in from_csv}
    )


# --- boundaries ---------------------------------------------------------------------------------------------------


def feature(**changes):
    data = made.districts("GA")
    data["features"] = data["features"][:1]
    data["features"][0].update(changes)
    return data


def test_boundaries_know_their_congress_and_state(tmp_path):
    found = areas(tmp_path, made.districts("GA"))
    assert (found.congress, found.area, len(found.areas), found.repair_count) == (119, "ga", 14, 0)
    assert areas(tmp_path, made.districts()).area == "us"


def test_broken_polygon_is_mended_and_counted(tmp_path):
    bow = [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]
    found = areas(tmp_path, feature(geometry={"type": "Polygon", "coordinates": bow}))
    assert found.repair_count == 1
    assert found.areas[0].geometry.is_valid
    assert found.areas[0].geometry.geom_type == "MultiPolygon"


def test_water_is_left_out_and_counted(tmp_path):
    data = made.districts("GA")
    data["features"][0]["properties"]["CD119FP"] = "ZZ"
    found = areas(tmp_path, data)
    assert (found.water_count, len(found.areas)) == (1, 13)


@pytest.mark.parametrize(
    "changes, word",
    [
        ({"properties": {"STATEFP": "99", "CD119FP": "01"}}, "unknown state '99'"),
        ({"properties": {"STATEFP": "13", "CD119FP": "77"}}, "no House district '77'"),
        ({"properties": {"STATEFP": "13"}}, "no district code"),
        ({"properties": {"ocd_id": "ocd-division/country:us/state:qq/cd:1"}}, "no division"),
        ({"properties": {"ocd_id": "ocd-division/country:us/state:mn/sldl:1a"}}, "no division"),
        ({"geometry": None}, "without a shape"),
        ({"geometry": {"type": "Point", "coordinates": [1, 2]}}, "not a polygon"),
        ({"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}}, "boundaries"),
        ({"geometry": {"type": "Polygon", "coordinates": "x"}}, "boundaries"),
        (
            {"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [500000, 0], [500000, 400000], [0, 0]]]}},
            "degrees",
        ),
        ({"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [None, 0], [1, 1], [0, 0]]]}}, ""),
        ({"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [float("nan"), 0], [1, 1], [0, 0]]]}}, ""),
    ],
)
def test_feature_that_is_wrong_is_refused(tmp_path, changes, word):
    assert word in refusal(areas, tmp_path, feature(**changes))


def test_district_that_comes_twice_is_refused_by_name(tmp_path):
    data = made.districts("GA")
    data["features"].append(data["features"][2])
    assert "Georgia, district 3 comes twice" in refusal(areas, tmp_path, data)


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b"[]",
        b"{",
        b'{"type": "Topology"}',
        b'{"type": "Topology", "arcs": [[1]], "objects": {"a": 1}}',
        b'{"type": "FeatureCollection", "features": [1]}',
        b'{"type": "FeatureCollection", "features": []}',
        b'{"type":' * 20_000,
        zipped(**{"a.txt": b"x"}),
        zipped(**{"a.shp": b"x", "a.dbf": b"y"}),
        b"PK\x03\x04junk",
    ],
)
def test_boundary_file_that_is_none_is_refused(tmp_path, content):
    refusal(areas, tmp_path, content)


def shapefile_zip(projection: str = 'GEOGCS["NAD83"]') -> bytes:
    streams = {ending: io.BytesIO() for ending in ("shp", "shx", "dbf")}
    with shapefile.Writer(**streams) as writer:
        for name in ("STATEFP", "CD118FP", "GEOID"):
            writer.field(name, "C", 10)
        for number in range(1, 5):
            writer.poly(made.square(-90 + number, 30))
            writer.record(
                "33" if number < 3 else "56", f"{number:02d}" if number < 3 else ("00" if number == 3 else "ZZ"), ""
            )
    parts = {f"a.{ending}": stream.getvalue() for ending, stream in streams.items()}
    return zipped(**parts, **{"a.prj": projection.encode()})


def test_shapefile_is_read(tmp_path):
    found = areas(tmp_path, shapefile_zip(), name="x.zip")
    assert [area.ocd_id.rpartition("us/")[2] for area in found.areas] == [
        "state:nh/cd:1",
        "state:nh/cd:2",
        "state:wy/cd:at-large",
    ]
    assert (found.congress, found.water_count) == (118, 1)


def test_projected_shapefile_is_refused(tmp_path):
    assert "projected" in refusal(areas, tmp_path, shapefile_zip('PROJCS["Web Mercator"]'), name="x.zip")


def test_damaged_shapefile_is_refused(tmp_path):
    with zipfile.ZipFile(io.BytesIO(shapefile_zip())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for ending in ("a.shp", "a.dbf"):
        for cut in (0, 10, 100, len(parts[ending]) // 2):
            refusal(areas, tmp_path, zipped(**{**parts, ending: parts[ending][:cut]}), name="x.zip")


def test_topojson_gives_the_same_square_as_geojson(tmp_path):
    topology = {
        "type": "Topology",
        "transform": {"scale": [0.5, 0.5], "translate": [-90, 30]},
        "arcs": [[[0, 0], [1, 0], [0, 1]], [[0, 0], [0, 1], [1, 0]]],
        "objects": {
            "x": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, -2]], "properties": {"STATEFP": "13", "CD119FP": "01"}}
                ],
            }
        },
    }
    found = areas(tmp_path, topology)
    assert found.areas[0].geometry.equals(areas(tmp_path, feature()).areas[0].geometry)


def test_state_districts_by_number_need_no_crosswalk_and_by_name_do(tmp_path):
    def sld(fips, code):
        return feature(properties={"STATEFP": fips, "SLDLST": code})

    assert areas(tmp_path, sld("27", "34A"), Layer.LOWER).areas[0].ocd_id.endswith("/sldl:34a")
    assert areas(tmp_path, sld("31", "007"), Layer.LOWER).areas[0].ocd_id.endswith("/sldl:7")
    assert "crosswalk" in refusal(areas, tmp_path, sld("33", "601"), Layer.LOWER)


@pytest.mark.civic_data
@pytest.mark.parametrize(
    "name", ["us-cd119-simplified.geojson.gz", "us-cd119-detailed.geojson.gz", "us-cd119-simplified.topo.json.gz"]
)
def test_real_house_boundaries_have_441_districts(civic_data, name):
    found = boundaries.parse(files.read(civic_data / "boundaries" / name), Layer.HOUSE, lambda _layer, _geoid: [])
    assert (len(found.areas), found.area, found.congress) == (441, "us", 119)


@pytest.mark.civic_data
@pytest.mark.parametrize("fips, count", [("10", 1), ("33", 2), ("56", 1)])
def test_real_census_shapefile_is_read(civic_data, fips, count):
    file = files.read(civic_data / f"boundaries/census-shapefiles/tl_2022_{fips}_cd118.zip")
    found = boundaries.parse(file, Layer.HOUSE, lambda _layer, _geoid: [])
    assert (len(found.areas), found.congress) == (count, 118)


# --- ZIP table and crosswalk ----------------------------------------------------------------------------------------

HEAD = "state_fips,state_abbr,zcta,cd\n"


def test_zip_table_is_read(tmp_path):
    found = zcta.parse(read(tmp_path, "z.csv", HEAD + "13,GA,30001,1\n13,GA,30001,2\n56,WY,82001,0\n11,DC,20001,98\n"))
    assert (len(found.divisions), found.row_count, found.split_count) == (3, 4, 1)
    assert found.divisions["82001"] == ["ocd-division/country:us/state:wy/cd:at-large"]


@pytest.mark.parametrize(
    "row, word",
    [
        ("13,GA,3001,1", "spreadsheet"),
        ("13,QQ,30001,1", "unknown state"),
        ("13,GA,30001,15", "no House district"),
        ("13,GA,30001,1\n13,GA,30001,1", "listed twice"),
        ("13,GA,30001,", "no House district"),
        ("13,GA,=1+1,1", "no ZIP"),
    ],
)
def test_zip_table_row_that_is_wrong_is_refused_by_number(tmp_path, row, word):
    message = refusal(zcta.parse, read(tmp_path, "z.csv", HEAD + row + "\n"))
    assert word in message
    assert "row " in message


@pytest.mark.parametrize("text", ["a,b\n1,2\n", HEAD, json.dumps([1]), "\x00\x00"])
def test_zip_table_that_is_none_is_refused(tmp_path, text):
    refusal(zcta.parse, read(tmp_path, "z.csv", text))


def test_crosswalk_is_read_and_checked(tmp_path):
    head = "layer,geoid,ocd_division_id,num_seats\n"
    good = "sldl,33601,ocd-division/country:us/state:nh/sldl:rockingham_13,10\n"
    found = crosswalk.parse(read(tmp_path, "c.csv", head + good))
    assert (found[0].ocd_id, found[0].seat_count) == ("ocd-division/country:us/state:nh/sldl:rockingham_13", 10)
    for row in (
        good + good,
        good.replace("sldl,", "cd,"),
        good.replace(":nh", ":qq"),
        good.replace(",10", ",0"),
        good.replace("33601", "<x>"),
    ):
        refusal(crosswalk.parse, read(tmp_path, "c.csv", head + row))


def test_seats_held_before_are_kept_for_the_record(tmp_path):
    entry = made.member(1, "GA", 1)
    entry["terms"] = [
        {"type": "rep", "state": "GA", "start": "2013-01-03", "end": "2015-01-03", "district": 2},
        *entry["terms"],
        {"type": "sen", "state": "NC", "start": "2015-01-06", "end": "2021-01-03"},
        {"type": "king", "state": "NC", "start": "2015-01-06", "end": "2021-01-03"},
        {"type": "sen", "state": "QQ", "start": "2015-01-06", "end": "2021-01-03"},
        {"type": "sen", "state": "NC", "start": "never", "end": "2021-01-03"},
        "x",
        entry["terms"][-1],
    ]
    del entry["terms"][2]
    found = members(tmp_path, entry).members[0]
    assert [(one["division"].rpartition("/")[2], one["chamber"], one["starts_on"]) for one in found.past_terms] == [
        ("state:nc", "us_senate", "2015-01-06"),
        ("cd:2", "us_house", "2013-01-03"),
        ("state:ga", "us_house", "2011-01-03"),
    ]
