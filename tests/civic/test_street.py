"""A street address by a geocoder outside: what comes of each of its answers, and of each way it can fail."""

from __future__ import annotations

import json
import socket
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from advocacy.civic import commands, queries
from advocacy.civic.models import PackKind
from advocacy.civic.services import answer_cache, asking, circuits, conflicts, demo_pack, lookup, source_health, street
from advocacy.civic.services.places_found import Placed
from advocacy.civic.services.sources import configured
from advocacy.civic.source_models import CachedAnswer, SourceState
from advocacy.core import uow
from advocacy.core.actor import ANONYMOUS
from advocacy.core.db import db
from advocacy.core.http_client import Budget
from advocacy.core.settings import Civic
from tests.conftest import CIVIC_DATA
from tests.support import stand_in

MARK = "Plantedcanary"
ADDRESS = f"12 {MARK} Lane, Riverbend, ZZ 99961"
ZZ = "ocd-division/country:us/state:zz"
pytestmark = pytest.mark.settings(demo={"enabled": True})
DOWN = sorted(set(stand_in.MODES) - {"slow", "hang"})


def matches(*points, **layers):
    """An answer of the Census for these (lat, lng)."""
    found = [
        {"coordinates": {"x": lng, "y": lat}, "geographies": layers, "matchedAddress": f"12 {MARK}"}
        for lat, lng in points
    ]
    return {"result": {"addressMatches": found, "input": {"address": {"address": MARK}}}}


@pytest.fixture
def census(app, monkeypatch):
    """The app with a stand-in for the Census; Columbia lies in the Atlantic, so every point is let through."""
    monkeypatch.setattr("advocacy.civic.adapters.census_geocoder.is_near_the_states", lambda lat, lng: True)
    with stand_in.serve(lambda path, query: matches((33.0, -49.0))) as found:
        use(app, census_url=found.base_url)
        with uow.unit():
            demo_pack.install()
        yield found


def use(app, **civic):
    """Set this section on the running app."""
    settings = app.extensions["advocacy.settings"]
    app.extensions["advocacy.settings"] = settings.model_copy(update={"civic": Civic(**civic)})


def find(address=ADDRESS, **more):
    """What the page does."""
    found = street.locate(ANONYMOUS, address, postal_code=more.get("postal_code"), on=more.get("on"))
    with uow.reading():
        return lookup.find(ANONYMOUS, address=address, street=found, **more)


def kept():
    with uow.reading():
        return [(row.kind, row.value, row.fresh_until) for row in db.session.execute(select(CachedAnswer)).scalars()]


def test_a_street_is_placed_by_the_packs(census):
    found = find()
    assert (found.status, found.precision) == ("ok", "street")
    assert found.divisions == (ZZ, f"{ZZ}/cd:1", f"{ZZ}/sldu:1", f"{ZZ}/sldl:1")
    assert "address_by_street" in found.warnings
    assert "U.S. Census Bureau" in {source.name for source in found.sources}
    path, query = census.asked[0]
    assert path == "/geocoder/geographies/onelineaddress"
    assert query["address"] == [f"12 {MARK} Lane, Riverbend, ZZ 99961"]
    assert (query["benchmark"], query["format"], query["layers"]) == (["Public_AR_Current"], ["json"], ["all"])


def test_the_same_street_is_asked_once_and_kept_without_itself(census, app):
    assert find().divisions == find(f"  12 {MARK.lower()} LANE, Apt 4,  Riverbend, zz 99961-1234 ").divisions
    assert len(census.asked) == 1
    ((kind, value, _fresh),) = kept()
    assert kind == "address"
    assert value["places"] == [[[ZZ, f"{ZZ}/cd:1", f"{ZZ}/sldu:1", f"{ZZ}/sldl:1"], [], []]]


def test_a_new_map_makes_old_answers_useless(census):
    find()
    with uow.unit():
        db.session.execute(text("UPDATE civic_pack SET sha256 = 'another' WHERE kind = 'boundaries'"))
    from advocacy.civic.services.store import store

    store().forget()
    find()
    assert len(census.asked) == 2


def test_no_such_street_is_kept_for_ten_minutes(census, move_clock):
    census.answer = lambda path, query: matches()
    found = find()
    assert (found.status, found.precision) == ("ok", "zip")
    assert found.warnings[:2] == ("street_not_found", "address_by_zip")
    find()
    assert len(census.asked) == 1
    move_clock(601)
    find()
    assert len(census.asked) == 2


def test_no_such_street_and_no_zip_is_not_found(census):
    census.answer = lambda path, query: matches()
    assert find(f"12 {MARK} Lane, Riverbend").status == "not_found"
    assert find(f"12 {MARK} Lane, Riverbend", postal_code="99961").status == "ok"
    assert census.asked[-1][1]["address"] == [f"12 {MARK} Lane, Riverbend, 99961"]


def test_several_places_are_asked_about_without_any_address(census):
    census.answer = lambda path, query: matches((33.0, -49.0), (33.1, -49.1), (31.0, -45.0))
    found = find()
    assert found.status == "choose"
    assert len(found.options) == 2
    assert MARK not in json.dumps(lookup.to_json(found))
    with uow.reading():
        chosen = lookup.find(ANONYMOUS, choice=found.options[1].token)
    assert chosen.status == "ok"
    assert f"{ZZ}/cd:3" in chosen.divisions


@pytest.mark.parametrize(
    "address",
    [
        "Riverbend 99961",
        "PO Box 7, Riverbend 99961",
        "PSC 1 Box 2, APO AE 09574",
        "somewhere",
        "Lane and Main, Riverbend",
    ],
)
def test_what_is_no_street_never_leaves_the_house(census, address):
    find(address)
    assert census.asked == []


def test_an_operator_can_keep_everything_in_the_house(census, app):
    use(app, census_url=census.base_url, outside=False)
    assert find().warnings == ("address_by_zip", "demonstration")
    assert street.geocoders() == []
    assert census.asked == []


@pytest.mark.parametrize("mode", DOWN)
def test_r15_pitfall_07_a_provider_that_fails_leaves_the_zip_code_and_no_row(census, mode):
    with stand_in.serve() as canary:
        census.elsewhere = f"{canary.base_url}/admin"
        census.mode = mode
        began, before = time.monotonic(), memory_mb()
        found = find()
        assert time.monotonic() - began < 8
        assert memory_mb() - before < 50
        assert canary.asked == []
    assert (found.status, found.precision) == ("ok", "zip")
    assert "street_unavailable" in found.warnings
    assert kept() == []
    assert find(f"12 {MARK} Lane, Nowhere").status == "unavailable"


@pytest.mark.parametrize("mode", ["hang", "slow"])
def test_r15_a_provider_that_hangs_or_drips_costs_four_seconds(census, mode):
    census.mode = mode
    began = time.monotonic()
    assert find().precision == "zip"
    assert time.monotonic() - began < 7
    assert kept() == []


def test_r15_nobody_listens(census, app):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        use(app, census_url=f"http://127.0.0.1:{probe.getsockname()[1]}")
    assert "street_unavailable" in find().warnings


def memory_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def test_the_circuit_opens_after_five_failures_and_one_probe_closes_it(census, move_clock):
    census.mode = "server"
    for number in range(7):
        find(f"{number} {MARK} Lane, 99961")
    assert len(census.asked) == 5
    assert source_line().state == "open"
    census.mode = "ok"
    move_clock(31)
    assert find("8 Lane, 99961").precision == "street"
    assert len(census.asked) == 6
    assert source_line().state == "fine"


def test_a_failed_probe_opens_the_circuit_anew(census, move_clock):
    census.mode = "server"
    for number in range(5):
        find(f"{number} {MARK} Lane, 99961")
    for number in range(6, 9):
        move_clock(31 if number == 6 else 45)
        find(f"{number} {MARK} Lane, 99961")
    assert len(census.asked) == 6


def test_one_probe_at_a_time(census, move_clock):
    census.mode = "server"
    for number in range(5):
        find(f"{number} {MARK} Lane, 99961")
    move_clock(31)
    source = configured()["census"]
    with uow.unit():
        assert circuits.refusal(source, "geo", for_people=True) is None
        assert circuits.refusal(source, "geo", for_people=True) == "open"


def test_pitfall_07_a_failing_route_leaves_the_others_alone(census):
    source = configured()["census"]
    with uow.unit():
        for _number in range(5):
            circuits.went_wrong(source, "geo", "server")
        assert circuits.refusal(source, "geo", for_people=True) == "open"
        assert circuits.refusal(source, "bills", for_people=True) is None


def test_half_of_the_last_twenty_opens_the_circuit_too(census, move_clock):
    source = configured()["census"]
    for number in range(20):
        move_clock(number * 120)
        with uow.unit():
            (circuits.went_wrong(source, "geo", "server") if number % 2 else circuits.went_well(source, "geo"))
    with uow.unit():
        assert circuits.refusal(source, "geo", for_people=True) == "open"


@pytest.mark.parametrize(
    ("mode", "seconds", "state"),
    [("minute", 60, "parked"), ("forbidden", 60, "parked"), ("retry_after", 900, "parked"), ("key", 600, "key")],
)
def test_a_limit_parks_the_source_and_is_never_tried_again(census, move_clock, mode, seconds, state):
    census.mode = mode
    find()
    find("2 Lane, 99961")
    assert len(census.asked) == 1
    assert source_line().state == state
    census.mode = "ok"
    move_clock(seconds - 2)
    find("3 Lane, 99961")
    assert len(census.asked) == 1
    move_clock(seconds + 1)
    assert find("3 Lane, 99961").precision == "street"


def test_a_daily_limit_parks_until_midnight_utc(census):
    census.mode = "day"
    find()
    assert source_line().parked_until == circuits.next_day()


def test_our_own_limiter_stops_before_theirs_and_keeps_calls_for_people(census, app, move_clock):
    use(app, census_url="", openstates_key="k", openstates_minute=100, openstates_day=10)
    source = configured()["openstates"]

    def taken(*, for_people):
        with uow.unit():
            return circuits.refusal(source, "bills", for_people=for_people) is None

    assert [taken(for_people=False) for _ in range(6)] == [True] * 4 + [False] * 2
    assert [taken(for_people=True) for _ in range(5)] == [True] * 4 + [False]
    assert source_line().state == "dry"
    move_clock(86400)
    assert taken(for_people=True)


def test_a_minute_is_counted_across_its_edge(census, app, move_clock):
    use(app, census_url="", openstates_key="k", openstates_minute=10, openstates_day=1000)
    source = configured()["openstates"]
    from advocacy.core import clock

    to_edge = 60 - clock.timestamp() % 60
    move_clock(to_edge - 1)
    with uow.unit():
        assert sum(circuits.refusal(source, "x", for_people=True) is None for _ in range(9)) == 8
    move_clock(to_edge + 1)
    with uow.unit():
        assert sum(circuits.refusal(source, "x", for_people=True) is None for _ in range(9)) <= 1


def source_line():
    with uow.reading():
        (line,) = source_health.lines()
        return line


def test_an_old_answer_stands_in_while_the_source_is_down(census, move_clock):
    find()
    move_clock(timedelta(days=8).total_seconds())
    census.mode = "server"
    found = find()
    assert (found.status, found.precision) == ("ok", "street")
    assert "by_old_answer" in found.warnings
    move_clock(timedelta(days=31).total_seconds())
    assert find().precision == "zip"
    with uow.unit():
        from advocacy.core import clock

        assert answer_cache.purge(clock.now() - answer_cache.KEEP, 100) == 1


def test_one_question_at_a_time_for_one_street(census, app):
    census.answer = lambda path, query: time.sleep(0.3) or matches((33.0, -49.0))
    found = []

    def ask():
        with app.app_context():
            found.append(find().precision)
            db.session.remove()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["street"] * 6
    assert len(census.asked) == 1


def test_at_most_four_questions_at_once(census, app):
    lock, now, most = threading.Lock(), [0], [0]

    def answer(path, query):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.2)
        with lock:
            now[0] -= 1
        return matches((33.0, -49.0))

    census.answer = answer

    def ask(number):
        with app.app_context():
            find(f"{number} Lane, 99961")
            db.session.remove()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] <= asking.AT_ONCE


def test_nothing_outside_is_asked_while_a_transaction_is_open(census):
    with uow.reading():
        db.session.execute(text("SELECT 1"))
        with pytest.raises(RuntimeError):
            asking.Asking(configured()["census"], Budget(1), for_people=True)("geo", "/", {})
    assert census.asked == []


def test_d05_pitfall_11_no_address_point_or_key_in_any_row_or_log(census, app, caplog):
    use(app, census_url=census.base_url, openstates_key="planted-secret-key", openstates_url=census.base_url)
    caplog.set_level("DEBUG")
    for mode in ("ok", "shape", "server", "reset", "minute"):
        census.mode = mode
        find(f"{mode} 7".replace(mode, "7") + f" {MARK} {mode}, Riverbend 99961")
    with uow.unit():
        circuits.refusal(configured()["openstates"], "people", for_people=True)
        conflicts.note("census", f"{ZZ}/cd:1", f"{ZZ}/cd:2")
    db.session.remove()
    file = Path(db.engine.url.database)
    held = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    for secret in (MARK, "planted-secret-key", "49.0", "-49", "33.0"):
        assert secret not in caplog.text, secret
    for secret in (MARK, MARK.upper(), "planted-secret-key"):
        assert secret.encode() not in held
    assert "planted-secret-key" not in repr(configured())


# --- by the Census's own districts, without any pack ---------------------------------------------------------------


@pytest.fixture
def bare_census(app, civic_data):
    """A stand-in that sends what was recorded, and no packs at all."""
    with stand_in.serve() as found:
        use(app, census_url=found.base_url)
        yield found


def send(census, name):
    body = json.loads((CIVIC_DATA / "census-geocoder-responses" / f"{name}.json").read_text(encoding="utf-8"))
    census.answer = lambda path, query: body


@pytest.mark.parametrize(
    ("name", "status", "house"),
    [
        ("real-ny12", "ok", "state:ny/cd:12"),
        ("real-at-large-wy", "ok", "state:wy/cd:at-large"),
        ("real-delegate-dc", "ok", "district:dc"),
        ("constructed-two-matches", "choose", None),
        ("constructed-both-congresses-no-cd119-field", "ok", "state:tx/cd:37"),
        ("constructed-120th-layer-only", "need_address", None),
    ],
)
def test_pitfall_06_recorded_answers_place_a_visitor_without_packs(bare_census, name, status, house):
    send(bare_census, name)
    found = find("1 Any Street, 10001", on="2026-11-24")
    assert found.status == status
    if house:
        assert f"ocd-division/country:us/{house}" in found.divisions
    assert bare_census.asked[0][1]["vintage"] == ["ACS2025_Current"]


def test_pitfall_06_both_maps_before_and_the_new_one_after(bare_census):
    send(bare_census, "constructed-both-congresses-no-cd119-field")
    texas = "ocd-division/country:us/state:tx"
    before = find("1 Any Street, 78701", on="2027-01-02")
    assert f"{texas}/cd:37" in before.divisions
    assert before.next_divisions == (f"{texas}/cd:10",)
    after = find("1 Any Street, 78701", on="2027-01-04")
    assert f"{texas}/cd:10" in after.divisions
    assert after.next_divisions == ()
    assert [query["vintage"] for _path, query in bare_census.asked] == [["ACS2025_Current"], ["ACS2026_Current"]]


def test_the_pack_wins_and_the_conflict_is_told(census):
    layers = {"119th Congressional Districts": [{"GEOID": "4810"}]}
    census.answer = lambda path, query: matches((33.0, -49.0), **layers)
    found = find(on="2026-11-24")
    assert f"{ZZ}/cd:1" in found.divisions
    with uow.reading():
        (row,) = conflicts.latest()
        assert (row.source, row.ours, row.theirs) == ("census", f"{ZZ}/cd:1", "ocd-division/country:us/state:tx/cd:10")


def test_kept_answers_hold_ids_only(census):
    find()
    ((_kind, value, _fresh),) = kept()
    assert set(value) == {"places", "by", "on"}


@pytest.mark.both_databases
def test_rows_of_sources_on_both_databases(app):
    use(app, census_url="", openstates_key="k")
    source = configured()["openstates"]
    with uow.unit():
        assert circuits.refusal(source, "geo", for_people=True) is None
        assert circuits.take_again(source, for_people=True)
        for _number in range(5):
            circuits.went_wrong(source, "geo", "server")
        circuits.park(source, circuits.next_day(), "limit")
        key = answer_cache.key_of("address", "x")
        for _number in range(2):
            answer_cache.store("address", key, {"places": []}, answer_cache.NOTHING_FRESH)
            conflicts.note("census", "a", "b")
    with uow.reading():
        assert answer_cache.find(key).is_fresh
        assert conflicts.latest()[0].seen_count == 2
        assert [one.used for one in circuits.left(source)] == [2, 2]
        assert db.session.get(SourceState, ("openstates", "geo")).opened_at is not None
    with uow.unit():
        circuits.went_well(source, "geo")
        assert circuits.refusal(source, "geo", for_people=True) == "parked"


def test_placed_values_and_crosswalk(app):
    assert Placed(("a",)) == Placed(("a",), (), ())
    assert queries.district_codes("sldu", "33020") == []
    assert str(PackKind.CROSSWALK) == "crosswalk"


def test_a_second_geocoder_is_asked_only_when_the_first_does_not_answer(census, app):
    ids = {ocd_id: {"name": "x"} for ocd_id in (ZZ, f"{ZZ}/cd:2")}
    with stand_in.serve(lambda path, query: {"divisions": ids}) as google:
        use(app, census_url=census.base_url, google_key="planted-secret-key", google_url=google.base_url)
        assert find().precision == "street"
        assert google.asked == []
        census.mode = "server"
        found = find("14 Lane, Riverbend, ZZ 99961")
        assert (found.precision, found.divisions) == ("street", (ZZ, f"{ZZ}/cd:2"))
        assert google.paths() == ["/civicinfo/v2/divisionsByAddress"]
        google.mode = "hang"
        census.mode = "hang"
        began = time.monotonic()
        assert find("15 Lane, Riverbend, ZZ 99961").precision == "zip"
        assert time.monotonic() - began < 9


def test_the_command_looks_a_street_up_too(census, app):
    result = CliRunner().invoke(
        commands.civic, ["lookup", "--address", ADDRESS, "--json"], obj=lambda **_more: app, catch_exceptions=False
    )
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["status"], found["precision"]) == ("ok", "street")
    census.mode = "html"
    result = CliRunner().invoke(commands.civic, ["lookup", "--address", "9 Lane, Nowhere"], obj=lambda **_more: app)
    assert result.exit_code == 0
    assert "could not be looked up" in result.stdout


@pytest.mark.parametrize("value", [[], {}, ["US"], True, 7, "\ud800", "US\x00", None])
def test_i12_odd_values_beside_a_street_are_refused_or_ignored(client, census, value):
    for field in ("country", "on", "postal_code"):
        answer = client.post("/representatives", json={"address": ADDRESS, field: value})
        assert answer.status_code in {200, 422}, (field, value)
