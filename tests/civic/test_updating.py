"""Packs fetched from upstream: what is taken in, what is refused, and that the version before serves whatever happens."""

from __future__ import annotations

import copy
import gc
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from flask import current_app
from sqlalchemy import func, select

from advocacy.civic import jobs
from advocacy.civic.commands import civic
from advocacy.civic.models import CivicPack, PackKind
from advocacy.civic.services import feeds, fetching, lookup, requesting, updating
from advocacy.civic.source_models import PackSource
from advocacy.core import uow
from advocacy.core.actor import Actor, Channel, system_actor
from advocacy.core.db import db
from advocacy.core.errors import NotAllowed, RuleBroken
from advocacy.core.settings import Civic
from advocacy.queue.models import QueuedJob
from tests.factories import civic as made
from tests.support import stand_in
from tests.support.databases import PACK_URLS
from tests.support.hostile_clients import memory_mb
from tests.support.walk import fingerprint
from tests.support.work import run_due

OPERATOR = system_actor(Channel.COMMAND)
SEAT = "ocd-division/country:us/state:ga/cd:1"
BROKEN = ("hang", "slow", "server", "gateway", "html", "truncated", "bomb", "endless", "redirect", "reset", "garbage",
          "deep", "minute", "forbidden", "key", "bomb_on_the_way", "bomb_of_an_error", "shape")  # fmt: skip


def congress_files(members=None):
    """The five files of the list of Congress."""
    people = members or made.congress()
    first = people[0]["id"]["bioguide"]
    parts = {
        "legislators-current.json": people,
        "legislators-district-offices.json": [{"id": {"bioguide": first}, "offices": [{"city": "Atlanta"}]}],
        "legislators-social-media.json": [{"id": {"bioguide": first}, "social": {"twitter": "pat"}}],
        "committees-current.json": [{"thomas_id": "HSAG", "type": "house", "name": "House Committee on Agriculture"}],
        "committee-membership-current.json": {"HSAG": [{"bioguide": first, "title": "Chair", "rank": 1}]},
    }
    return {f"/people/{name}": json.dumps(part).encode() for name, part in parts.items()}


@pytest.fixture
def upstream(app, monkeypatch):
    """A server with a list of Congress, set as the only address."""
    monkeypatch.setattr(fetching, "READ_S", 0.4)
    monkeypatch.setattr(fetching, "BUDGET_S", 3.0)
    with stand_in.serve() as found:
        found.files = congress_files()
        use(app, found, congress_people_url="/people")
        yield found


def use(app, server, **paths):
    """Set these addresses on the running app, and no others."""
    urls = dict.fromkeys(("census_url", *PACK_URLS), "") | {
        name: f"{server.base_url}{path}" for name, path in paths.items()
    }
    settings = app.extensions["advocacy.settings"]
    app.extensions["advocacy.settings"] = settings.model_copy(update={"civic": Civic(**urls)})


def sitting():
    with uow.reading():
        return [official.name for official in lookup.officials_for([SEAT], datetime.now(UTC).date())]


def source(name="congress"):
    with uow.reading():
        row = db.session.get(PackSource, name)
        return row.outcome, row.code, row.reason


def other_member():
    people = made.congress()
    people[0] = made.member(900, "GA", 1)
    return people


@pytest.mark.both_databases
def test_c2_update_takes_in_then_304_means_nothing_to_do(run, upstream):
    output = run("update")
    assert "32 added, 0 gone" in output
    assert "congress: updated" in output
    assert sitting() == ["Pat Member0"]
    assert len(upstream.asked) == 5
    assert "congress: nothing new" in run("update")
    assert len(upstream.asked) == 10  # five times 304, nothing fetched again
    assert all("if-none-match" in given for given in upstream.headers[5:])
    assert source() == ("unchanged", "", "")
    with uow.reading():
        pack = db.session.execute(select(CivicPack)).scalar_one()
        assert pack.source == f"{upstream.base_url}/people/legislators-current.json"


def test_c2_version_that_was_taken_back_is_not_fetched_in_again(run, upstream):
    run("update")
    upstream.files = congress_files(other_member())
    run("update")
    assert sitting() == ["Pat Member900"]
    run("rollback", "congress")
    with uow.unit():  # as when the server tags the same files anew
        db.session.get_one(PackSource, "congress").validators = {}
    output = run("update")
    assert "This version was taken back and stays out." in output
    assert "congress: nothing new" in output
    assert sitting() == ["Pat Member0"]
    assert "would be taken in" in run("update", "--force", "--dry-run")
    run("update", "--force")
    assert sitting() == ["Pat Member900"]


def test_c2_one_changed_file_of_five_brings_them_all(run, upstream):
    run("update")
    upstream.asked.clear()
    upstream.files["/people/legislators-current.json"] = json.dumps(other_member()).encode()
    assert "congress: updated" in run("update")
    assert len(upstream.asked) == 9  # five conditional, then the four unchanged ones
    assert sitting() == ["Pat Member900"]
    assert run("rollback", "congress")
    assert sitting() == ["Pat Member0"]
    assert "nothing new" in run("update")  # what was rolled back is not brought in again before it changes
    assert sitting() == ["Pat Member0"]


def test_c2_force_fetches_although_nothing_changed(run, upstream):
    run("update")
    upstream.headers.clear()
    assert "congress: updated" in run("update", "--force")
    assert not any("if-none-match" in given for given in upstream.headers)


def test_c2_dry_run_of_an_update_changes_nothing(run, upstream):
    before = fingerprint()
    output = run("update", "congress", "--dry-run")
    assert "Dry run: nothing was changed." in output
    assert "congress: would be taken in" in output
    assert fingerprint() == before


def test_c2_day_of_the_data_is_what_the_server_says(run, upstream):
    upstream.last_modified = "Mon, 02 Nov 2026 08:00:00 GMT"
    run("update")
    with uow.reading():
        assert db.session.execute(select(CivicPack.data_on)).scalar_one().isoformat() == "2026-11-02"


@pytest.mark.parametrize("mode", BROKEN)
def test_r15_broken_upstream_leaves_the_version_before(run, upstream, mode):
    run("update")
    upstream.files = congress_files(other_member())
    upstream.elsewhere = "http://127.0.0.1:1/people/legislators-current.json"
    upstream.mode = mode
    began = time.monotonic()
    output = run("update", "--force", status=1)
    assert time.monotonic() - began < 8
    assert "the version before stays in use" in output
    assert sitting() == ["Pat Member0"]
    outcome, code, _reason = source()
    assert outcome in {"failed", "refused"}
    assert code
    upstream.mode = "ok"
    assert "congress: updated" in run("update")
    assert sitting() == ["Pat Member900"]


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest", "http://10.0.0.1/x", "http://[::1]:80/", "//127.0.0.1:1/x"]
)
def test_i06_redirect_to_a_private_address_is_not_followed(run, upstream, target):
    upstream.mode, upstream.elsewhere = "redirect", target
    assert "sends us to another host" in run("update", status=1)
    assert len(upstream.asked) == 1


def test_i06_address_in_the_settings_that_leads_home_is_refused(run, app, monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda host, port, **_: [(2, 1, 6, "", ("10.1.2.3", port))])
    urls = dict.fromkeys(("census_url", *PACK_URLS), "") | {"zip_table_url": "https://tables.example.org/zips.csv"}
    settings = app.extensions["advocacy.settings"]
    app.extensions["advocacy.settings"] = settings.model_copy(update={"civic": Civic(**urls)})
    assert "zcta: failed: its name leads to an address that is not called" in run("update", status=1)


def test_r15_pack_that_lost_a_tenth_is_refused_and_said(run, upstream):
    run("update")
    upstream.files = congress_files(made.without(made.congress(), 4))
    output = run("update", status=1)
    assert "4 of 32 seats are missing" in output
    assert sitting() == ["Pat Member0"]
    assert source()[:2] == ("refused", "loses_seats")
    assert "4 of 32" in run("update", status=1)  # asked anew: no ETag is kept of what was refused
    assert "updated" in run("update", "--force")


def zipped(name, data=b"x"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def tarred(name, data=b"id: x", kind=tarfile.REGTYPE):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size, member.type, member.linkname = len(data), kind, "/etc/passwd"
        archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize("name", ["../../evil.shp", "/etc/evil.shp", "c:\\evil.shp"])
def test_i11_zip_with_a_path_out_of_it_is_refused(run, app, upstream, name):
    use(app, upstream, cd_map_url="/cd.zip")
    upstream.files = {"/cd.zip": zipped(name)}
    assert "leads out of the archive" in run("update", status=1)


def test_i09_zip_bomb_is_refused_before_it_is_unpacked(run, app, upstream, monkeypatch):
    monkeypatch.setattr("advocacy.civic.packs.files.MAX_PLAIN", 2**20)
    use(app, upstream, cd_map_url="/cd.zip")
    upstream.files = {"/cd.zip": zipped("cd.shp", b"\0" * 2**22)}
    assert "unpacks to more than 1 MB" in run("update", status=1)
    assert source("cd")[:2] == ("refused", "pack")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (tarred("../../etc/x.yml"), "leads out of the archive"),
        (tarred("data/ga/legislature/x.yml", b"", tarfile.SYMTYPE), "a link or a device"),
        (tarred("data/ga/legislature/x.yml", b"\0" * 2**22), "unpacks to more than 1 MB"),
        (tarred("readme.txt"), "no people of Open States"),
        (b"not an archive", "damaged archive"),
    ],
)
def test_i09_archive_of_people_that_is_hostile_is_refused(run, upstream, monkeypatch, body, words):
    monkeypatch.setattr("advocacy.civic.packs.files.MAX_PLAIN", 2**20)
    use(current_app, upstream, openstates_people_url="/tar.gz/refs/heads/main")
    upstream.files = {"/tar.gz/refs/heads/main": body}
    assert words in run("update", status=1)


@contextmanager
def memory_watch():
    """The most memory above that at the start, in MB; looked at every few milliseconds."""
    start, most, done = memory_mb([os.getpid()]), [0.0], threading.Event()

    def look():
        while not done.wait(0.005):
            most.append(memory_mb([os.getpid()]) - start)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield most
    finally:
        done.set()
        watcher.join()


@pytest.mark.parametrize("kind", ["gzip", "zip", "tar", "gzip sent as an encoding"])
def test_i09_bombs_stay_below_200_mb_of_memory_while_health_answers(run, app, upstream, client, kind):
    """300 MB of nothing in a few hundred kilobytes, as each kind of file that is fetched."""
    bomb = stand_in.packed_bomb()
    use(app, upstream, cd_map_url="/cd.geojson.gz", openstates_people_url="")
    if kind == "gzip":
        upstream.files = {"/cd.geojson.gz": bomb}
    elif kind == "zip":
        upstream.files = {"/cd.geojson.gz": zipped("cd.shp", gzip.decompress(bomb))}
    elif kind == "tar":
        use(app, upstream, openstates_people_url="/people.tar.gz")
        upstream.files = {"/people.tar.gz": bomb}
    else:
        upstream.mode = "bomb"
    gc.collect()
    slowest = []
    with memory_watch() as most, ThreadPoolExecutor(1) as pool:
        update = pool.submit(CliRunner().invoke, civic, ["update"], obj=lambda: app)
        while not update.done():
            began = time.monotonic()
            assert client.get("/healthz").status_code == 200
            slowest.append(time.monotonic() - began)
            time.sleep(0.01)
        assert update.result().exit_code == 1, update.result().output
    assert max(most) < 200
    assert max(slowest) < 1


def test_i09_file_that_is_too_large_is_cut_off_while_it_comes(run, upstream, monkeypatch):
    monkeypatch.setattr("advocacy.civic.packs.files.MAX_FILE", 1000)
    assert "too large" in run("update", status=1)


def test_c2_one_state_that_is_refused_keeps_no_other_out(run, app, upstream):
    use(app, upstream, openstates_people_url="/{state}.csv")
    head = "id,name,current_party,current_district,current_chamber\n"

    def table(*numbers):
        rows = (
            f"ocd-person/{number:08d}-0000-4000-8000-000000000000,Sam Name{number},Independent,{number},upper\n"
            for number in numbers
        )
        return (head + "".join(rows)).encode()

    upstream.files = {"/ga.csv": table(1, 2, 3), "/nc.csv": table(4, 5, 6)}
    output = run("update", "openstates")
    assert output.count(": updated") == 2
    assert "openstates-mn: absent: no file is there (yet)" in output
    upstream.files = {"/ga.csv": table(1, 2), "/nc.csv": table(4, 5, 6, 7)}
    output = run("update", "openstates", status=1)
    assert "openstates-ga: refused: ga: 1 of 3 seats are missing" in output
    assert "openstates-nc: updated" in output


def test_c2_file_of_another_state_than_its_address_is_refused(run, app, upstream):
    use(app, upstream, sldu_map_url="/{fips}_sldu.json")
    areas = made.districts("GA")
    for feature in areas["features"]:
        feature["properties"] = {"STATEFP": "13", "SLDUST": "001", "GEOID": "13001"}
    del areas["features"][1:]
    upstream.files = {"/13_sldu.json": json.dumps(areas).encode(), "/37_sldu.json": json.dumps(areas).encode()}
    output = run("update", "boundaries", status=1)
    assert "sldu-ga: updated" in output
    assert "sldu-nc: refused: speaks of another place than its address: ga" in output


def test_c2_next_map_that_is_not_there_yet_is_no_failure(run, app, upstream):
    use(app, upstream, cd_map_url="/cd.json", next_cd_map_url="/next.json")
    upstream.files = {"/cd.json": json.dumps(made.districts()).encode()}
    assert "cd-next: absent: no file is there (yet)" in run("update")
    later = copy.deepcopy(made.districts())
    for feature in later["features"]:
        feature["properties"]["CD120FP"] = feature["properties"].pop("CD119FP")
    upstream.files["/next.json"] = json.dumps(later).encode()
    assert "cd-next: updated" in run("update")
    with uow.reading():
        rows = db.session.execute(select(CivicPack.edition, CivicPack.state).order_by(CivicPack.edition)).all()
    assert [tuple(row) for row in rows] == [("119", "active"), ("120", "active")]


@pytest.mark.both_databases
@pytest.mark.parametrize("place", ["download", "write"])
def test_r15_kill_in_mid_update_leaves_the_version_before(run, app, upstream, place):
    run("update")
    upstream.files = congress_files(other_member())
    upstream.mode = "hang" if place == "download" else "ok"
    program = (
        "import os, signal, sys\n"
        "from advocacy.civic.services import importing\n"
        "from advocacy.cli import main\n"
        "if os.environ['TEST_PLACE'] == 'write':\n"
        "    importing._swap = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "sys.argv[1:] = ['civic', 'update']\n"
        "main()\n"
    )
    settings = app.extensions["advocacy.settings"]
    urls = {f"ADVOCACY__CIVIC__{name.upper()}": "" for name in ("census_url", *PACK_URLS)}
    child = subprocess.Popen(
        [sys.executable, "-c", program],
        env={
            **os.environ,
            **urls,
            "ADVOCACY__DATABASE__URL": settings.database.url,
            "ADVOCACY__SECURITY__KEY_FILE": str(settings.security.key_file),
            "ADVOCACY__CIVIC__CONGRESS_PEOPLE_URL": settings.civic.congress_people_url,
            "TEST_PLACE": place,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    asked = len(upstream.asked)
    end = time.monotonic() + 60
    while len(upstream.asked) == asked and child.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    if place == "download":
        child.kill()
    assert child.wait(60) == -signal.SIGKILL
    assert sitting() == ["Pat Member0"]
    with uow.reading():
        assert db.session.scalar(select(func.count()).select_from(CivicPack)) == 1
    upstream.mode = "ok"
    assert "congress: updated" in run("update")
    assert sitting() == ["Pat Member900"]


def test_c2_settings_can_forbid_to_fetch_anything(app, upstream):
    settings = app.extensions["advocacy.settings"]
    closed = settings.civic.model_copy(update={"outside": False, "update_nightly": True})
    app.extensions["advocacy.settings"] = settings.model_copy(update={"civic": closed})
    outcome = CliRunner().invoke(civic, ["update"], obj=lambda: app)
    assert outcome.exit_code != 0
    assert "civic.outside" in outcome.output
    with pytest.raises(RuleBroken), uow.unit():
        requesting.request_update(OPERATOR)
    assert not feeds.is_nightly()
    assert upstream.asked == []


def test_c2_nobody_but_an_operator_may_fetch(app, upstream):
    feed = feeds.named("congress")
    assert feed is not None
    with pytest.raises(NotAllowed):
        updating.update(Actor(user_id=1), feed)
    with pytest.raises(NotAllowed), uow.unit():
        requesting.request_update(Actor(user_id=1))
    assert upstream.asked == []


def test_c2_nothing_is_fetched_while_a_transaction_is_open(app, upstream):
    feed = feeds.named("congress")
    assert feed is not None
    with uow.unit():
        db.session.execute(select(CivicPack))
        with pytest.raises(RuntimeError):
            updating.update(OPERATOR, feed)
    assert upstream.asked == []


@pytest.mark.both_databases
def test_c2_update_that_was_asked_for_is_done_by_the_worker(app, upstream):
    with uow.unit():
        assert requesting.request_update(OPERATOR) == 1
        assert requesting.request_update(OPERATOR, "congress") == 1  # stands for the same
    assert run_due(app) == 1
    assert sitting() == ["Pat Member0"]
    assert source()[0] == "updated"


def test_c2_update_by_the_worker_that_fails_is_a_result_not_a_dead_job(app, upstream):
    upstream.mode = "server"
    with uow.unit():
        requesting.request_update(OPERATOR)
    assert run_due(app) == 1
    assert source()[:2] == ("failed", "server")
    with uow.reading():
        assert db.session.scalar(select(func.count()).select_from(QueuedJob)) == 0


def test_c2_nightly_job_spreads_its_fetches(app, upstream, move_clock):
    settings = app.extensions["advocacy.settings"]
    use(app, upstream, congress_people_url="/people", sldu_map_url="/{fips}.zip")
    nightly = app.extensions["advocacy.settings"].civic.model_copy(update={"update_nightly": True})
    app.extensions["advocacy.settings"] = settings.model_copy(update={"civic": nightly})
    now = datetime.now(UTC)
    for hour, is_due in ((2, False), (6, True), (12, False)):
        at = now.replace(hour=hour, minute=0) + timedelta(days=1)
        move_clock((at - now).total_seconds())
        assert jobs.NIGHTLY.is_due is not None
        assert jobs.NIGHTLY.is_due() is is_due
    with uow.unit():
        jobs.PLAN.run({})
    with uow.reading():
        when = sorted(db.session.execute(select(QueuedJob.run_at)).scalars())
    assert len(when) == 51
    assert when[-1] - when[0] > timedelta(minutes=30)
    assert upstream.asked == []


def test_c2_feeds_name_every_pack_by_its_kind(app):
    settings = app.extensions["advocacy.settings"]
    app.extensions["advocacy.settings"] = settings.model_copy(update={"civic": Civic()})
    found = feeds.configured()
    assert len({feed.name for feed in found}) == len(found) == 2 + 50 + 49 + 1 + 1 + 1
    assert [feed.name for feed in feeds.configured([PackKind.CONGRESS])] == ["congress"]
    assert not any("{" in url for feed in found for url in feed.urls)
    assert not any(feed.name == "sldl-ne" for feed in found)
