"""People of Open States: what is taken, passed over, refused."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from datetime import date

import pytest
import yaml

from advocacy.civic.models import Chamber
from advocacy.civic.packs import files, openstates
from advocacy.civic.packs.files import PackRefused
from advocacy.civic.services import lookup
from advocacy.core import uow
from advocacy.core.actor import ANONYMOUS
from tests.factories import civic as made
from tests.support.walk import fingerprint

DAY = date(2026, 11, 24)
GA = "ocd-division/country:us/state:ga"


def key(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def person(number: int, district: object = "1", kind: str = "lower", **facts) -> dict:
    return {
        "id": f"ocd-person/{key(number)}",
        "name": f"Álva Núñez{number} Jr.",
        "given_name": "Álva",
        "family_name": f"Núñez{number}",
        "party": [{"name": "Republican/Conservative/Independence/Libertarian"}],
        "roles": [
            {"type": "governor", "start_date": "2001"},
            {"type": kind, "district": district, "start_date": "2025-01", "jurisdiction": "x"},
        ],
        "offices": [
            {"classification": "capitol", "address": "1 Capitol", "voice": "555-555-0100"},
            {"classification": "home", "address": "Secret Lane 1", "voice": "555-555-0199"},
            {"classification": "cabin", "address": "Secret Lane 2"},
        ],
        "email": "a.n@example.gov",
        "links": [{"url": "javascript:alert(1)"}, {"url": "https://example.gov/n"}],
        "ids": {"twitter": "an", "facebook": "javascript:alert(1)"},
        **facts,
    }


def tree(folder, people, code="ga", vacancies=None, boards=()):
    home = folder / "data" / code / "legislature"
    home.mkdir(parents=True, exist_ok=True)
    for number, entry in enumerate(people):
        (home / f"p{number}.yml").write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")
    for number, entry in enumerate(boards):
        (home.parent / "committees").mkdir(exist_ok=True)
        (home.parent / "committees" / f"c{number}.yml").write_text(yaml.safe_dump(entry), encoding="utf-8")
    if vacancies is not None:
        (folder / "settings.yml").write_text(yaml.safe_dump({code: {"vacancies": vacancies}}), encoding="utf-8")
    return folder


def tar_of(path, members: dict[str, bytes], *extra: tarfile.TarInfo):
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in extra:
            archive.addfile(info)
    return path


def refusal(*paths) -> str:
    with pytest.raises(PackRefused) as caught:
        openstates.parse(paths, DAY)
    assert "\n" not in caught.value.message
    return caught.value.message


def test_pitfall_10_names_parties_and_addresses_of_people(tmp_path):
    """Accents, suffixes, parties of 41 letters, mail that is a web form; nothing but http in any address."""
    form = person(2, 2, email="https://example.gov/form")
    found = openstates.parse([tree(tmp_path, [person(1), form])], DAY)[0]
    first, second = found.members
    assert first.full_name == "Álva Núñez1 Jr."
    assert first.folded_name.startswith("alva nunez1")
    assert first.party == "Republican/Conservative/Independence/Libertarian"
    assert (first.email, second.email, second.contact_form) == ("a.n@example.gov", None, "https://example.gov/form")
    assert first.url == "https://example.gov/n"
    assert first.social == {"twitter": "an"}
    assert "javascript" not in str(found.members)
    assert first.starts_on == date(2025, 1, 1)


def test_home_office_is_never_taken(tmp_path):
    found = openstates.parse([tree(tmp_path, [person(1)])], DAY)[0]
    assert "Secret" not in str(found.members)
    assert "0199" not in str(found.members)
    assert found.dropped["home offices"] == 1
    assert found.dropped["offices of an unknown kind"] == 1
    assert (found.members[0].phone, found.members[0].address) == ("555-555-0100", "1 Capitol")


def test_seats_held_before_are_kept_for_the_record(tmp_path):
    roles = [
        {"type": "lower", "district": "1", "start_date": "2019", "end_date": "2020-12"},
        {"type": "upper", "district": "3", "start_date": "2021-01-11", "end_date": "2024-12-31"},
        {"type": "governor", "start_date": "2001", "end_date": "2002"},
        {"type": "lower", "district": "", "start_date": "2001", "end_date": "2002"},
        {"type": "lower", "district": "1", "end_date": "2002"},
        {"type": "lower", "district": "1", "start_date": "2003", "end_date": "2002"},
        "x",
        {"type": "lower", "district": "1", "start_date": "2025-01-13"},
    ]
    member = openstates.parse([tree(tmp_path, [person(1, roles=roles)])], DAY)[0].members[0]
    assert member.starts_on == date(2025, 1, 13)
    assert [(one["division"].rpartition("/")[2], one["starts_on"], one["ends_on"]) for one in member.past_terms] == [
        ("sldu:3", "2021-01-11", "2024-12-31"),
        ("sldl:1", "2019-01-01", "2020-12-28"),
    ]


def test_people_without_a_seat_today_are_passed_over(tmp_path):
    ended = person(2, 2, roles=[{"type": "lower", "district": "2", "end_date": "2026-01-01"}])
    attorney = person(3, roles=[{"type": "attorney general"}])
    found = openstates.parse([tree(tmp_path, [person(1), ended, attorney])], DAY)[0]
    assert [member.key for member in found.members] == [key(1)]
    assert found.dropped["people without a seat today"] == 2


def test_district_that_no_map_knows_is_left_out_and_told(tmp_path):
    found = openstates.parse([tree(tmp_path, [person(1), person(2, "∞")])], DAY)[0]
    assert len(found.members) == 1
    assert len(found.unknown_seats) == 1


@pytest.mark.parametrize(
    "content",
    [
        "!!python/object/apply:os.system ['true']",
        "[1, 2]",
        "id: 7\nname: x\n",
        "id: ocd-person/../../etc\nname: x\n",
        "a: [",
        "a: &a [x, x]\nb: *c\n",
    ],
)
def test_pitfall_12_yaml_that_is_not_plain_data_is_refused(tmp_path, content):
    home = tmp_path / "data/ga/legislature"
    home.mkdir(parents=True)
    (home / "x.yml").write_text(content, encoding="utf-8")
    refusal(tmp_path)


def test_pitfall_12_archive_that_leads_out_or_holds_links_is_refused(tmp_path):
    plain = yaml.safe_dump(person(1)).encode()
    for name in ("../data/ga/legislature/x.yml", "/data/ga/legislature/x.yml", "a\\..\\..\\x.yml", "C:x.yml"):
        assert "leads out" in refusal(tar_of(tmp_path / "x.tar.gz", {name: plain}))
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
        link = tarfile.TarInfo("data/ga/legislature/y.yml")
        link.type, link.linkname = kind, "/etc/passwd"
        assert "link" in refusal(tar_of(tmp_path / "x.tar.gz", {"data/ga/legislature/x.yml": plain}, link))
    (tmp_path / "tree").mkdir()
    tree(tmp_path / "tree", [person(1)])
    (tmp_path / "tree/data/ga/legislature/l.yml").symlink_to("/etc/passwd")
    assert "link" in refusal(tmp_path / "tree")
    (tmp_path / "tree/data/ga/legislature/l.yml").unlink()
    (tmp_path / "tree/data/al").symlink_to(tmp_path / "tree/data/ga")
    assert "link" in refusal(tmp_path / "tree")


def test_pitfall_12_archive_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_PLAIN", 100_000)
    bomb = {"pad.bin": b"0" * 5_000_000, "data/ga/legislature/x.yml": yaml.safe_dump(person(1)).encode()}
    assert "unpacks" in refusal(tar_of(tmp_path / "x.tar.gz", bomb))
    monkeypatch.setattr(openstates.trees, "MAX_ONE", 1000)
    assert "larger" in refusal(tar_of(tmp_path / "y.tar.gz", {"data/ga/legislature/x.yml": b"#" * 5000}))
    monkeypatch.setattr(openstates.trees, "MAX_FILES", 2)
    many = {f"data/ga/legislature/{n}.yml": yaml.safe_dump(person(n)).encode() for n in range(3)}
    assert "more than" in refusal(tar_of(tmp_path / "z.tar.gz", many))


@pytest.mark.parametrize("data", [b"", b"x", gzip.compress(b"junk" * 500), gzip.compress(b"x" * 4000)[:40]])
def test_damaged_archive_is_refused(tmp_path, data):
    refusal(made.write(tmp_path, "x.tar.gz", data))


def test_archive_folder_and_bulk_file_say_the_same(tmp_path):
    people = [person(1), person(2, "2")]
    folder = tree(tmp_path / "t", people)
    names = {f"people-main/data/ga/legislature/{n}.yml": yaml.safe_dump(p).encode() for n, p in enumerate(people)}
    archive = tar_of(tmp_path / "x.tar.gz", names)
    rows = (
        "id,name,given_name,family_name,current_party,current_district,current_chamber,email,links,twitter\n"
        + "".join(
            f"{p['id']},{p['name']},Álva,{p['family_name']},{p['party'][0]['name']},{number},lower,a.n@example.gov,"
            "javascript:x;https://example.gov/n,an\n"
            for number, p in enumerate(people, start=1)
        )
    )
    bulk = made.write(tmp_path, "ga.csv", rows)
    read = [openstates.parse([source], DAY)[0].members for source in (folder, archive, bulk)]
    assert [member.key for member in read[0]] == [key(1), key(2)]
    assert read[0] == read[1]
    for member, other in zip(read[0], read[2], strict=True):
        assert (member.full_name, member.party, member.ocd_id, member.email, member.url) == (
            other.full_name,
            other.party,
            other.ocd_id,
            other.email,
            other.url,
        )


@pytest.mark.both_databases
def test_import_openstates_then_seats_are_filled_vacant_or_unknown(run, tmp_path):
    run(
        "import",
        "crosswalk",
        made.write(
            tmp_path,
            "c.csv",
            "layer,geoid,ocd_division_id,namelsad,num_seats\n"
            + "".join(f"sldl,1300{n},{GA}/sldl:{n},State House District {n},{2 if n == 1 else 1}\n" for n in (1, 2, 3)),
        ),
    )
    people = [person(1), person(2), person(9, "9", "upper")]
    source = tree(tmp_path / "t", people, vacancies=[{"chamber": "lower", "district": 2, "vacant_until": "2026-07-01"}])
    before = fingerprint()
    assert "Dry run" in run("import", "openstates", source, "--dry-run")
    assert fingerprint() == before
    output = run("import", "openstates", source)
    assert "3 added" in output
    assert "home offices dropped" in output
    assert "in use already" in run("import", "openstates", source)
    with uow.reading():
        seats = lookup.seats_for([f"{GA}/sldl:{n}" for n in (1, 2, 3)], DAY)
        assert [(seat.status, seat.seat_count, seat.filled_count) for seat in seats] == [
            ("filled", 2, 2),
            ("vacant", 1, 0),
            ("unknown", 1, 0),
        ]
        found = lookup.find(ANONYMOUS, division=f"{GA}/sldl:1", on=DAY)
        assert [official.chamber for official in found.officials] == [Chamber.STATE_LOWER] * 2
        assert found.sources[-1].name == "State legislators of Georgia (Open States)"
    tree(tmp_path / "u", people[:1])
    assert "2 of 3 seats are missing" in run("import", "openstates", tmp_path / "u", status=1)
    run("import", "openstates", tmp_path / "u", "--force")
    run("rollback", "openstates", "--area", "ga")
    with uow.reading():
        assert len(lookup.officials_for([f"{GA}/sldl:1"], DAY)) == 2


def test_directory_shows_people_of_the_states(run, tmp_path, client):
    run("import", "openstates", tree(tmp_path, [person(1)]))
    assert "Núñez1" in client.get("/legislators?state=GA&chamber=state_lower").text
    page = client.get(f"/legislators/{key(1)}")
    assert page.status_code == 200
    assert "Secret" not in page.text
    assert "javascript" not in page.text
    answer = client.post("/representatives", json={"division": f"{GA}/sldl:1"}).json
    assert [official["email"] for official in answer["officials"]] == ["a.n@example.gov"]
    assert json.dumps(answer).count("Secret") == 0


@pytest.mark.civic_data
def test_real_archives_give_who_the_bulk_files_give(civic_data):
    """Six states in the repository's own form; the exporter made the bulk files from the same commit."""
    people = civic_data / "openstates-people"
    codes = ("ak", "dc", "mn", "ne", "nh", "wy")
    packed = openstates.parse([people / f"yaml/{code}.tar.gz" for code in codes], date(2026, 8, 5))
    bulk = openstates.parse([people / f"csv/{code}.csv" for code in codes], date(2026, 8, 5))
    assert [one.code for one in packed] == list(codes)
    for one, other in zip(packed, bulk, strict=True):
        seats, exported = (
            {member.key: (member.ocd_id, member.chamber, member.party) for member in read.members}
            for read in (one, other)
        )
        wrong = {ocd_id for key, (ocd_id, *_rest) in exported.items() if seats[key] != exported[key]}
        assert seats.keys() == exported.keys()
        # The exporter gave one member the district of an older term; it is why two stand for 29A in the bulk file.
        assert wrong == ({"ocd-division/country:us/state:mn/sldl:29a"} if one.code == "mn" else set())
        assert one.unknown_seats == []
        assert one.boards
    assert all(member.phone for member in packed[0].members)
