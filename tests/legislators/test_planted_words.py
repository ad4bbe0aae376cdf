"""D-05, pitfall 11: a planted address and a planted key are in nothing that a real server and its worker leave behind."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import select, text

from advocacy.app import create_app
from advocacy.civic.services import demo_pack
from advocacy.core import clock, crypto, uow
from advocacy.core.db import db
from advocacy.petitions.services import streets
from advocacy.queue.models import QueuedJob
from tests.factories.petitions import confirm_token, make_petition, signatures
from tests.support import databases, servers, stand_in
from tests.support.waiting import wait

MARK, KEY, POINT = "Zephyrcanary", "planted-key-8814", "44.98765"
ADDRESS = f"4711 {MARK} Lane, Riverbend, ZZ 99961"
PLANTED = (MARK, MARK.upper(), MARK.lower(), KEY, POINT, "4711")
HOME = {"result": {"addressMatches": [{"coordinates": {"x": -93.26, "y": 44.97}, "geographies": {}}]}}


@contextmanager
def served(url: str, folder: Path) -> Iterator[tuple[servers.Server, stand_in.StandIn]]:
    with stand_in.serve(lambda path, query: HOME) as census, stand_in.serve(lambda path, query: HOME) as google:
        google.mode = "error_inside"
        extra = {
            "CIVIC__CENSUS_URL": census.base_url,
            "CIVIC__GOOGLE_URL": google.base_url,
            "CIVIC__GOOGLE_KEY": KEY,
            "CIVIC__OPENSTATES_KEY": KEY,
            "CIVIC__CONGRESS_GOV_KEY": KEY,
            "DEMO__ENABLED": "true",
            "LOGS__LEVEL": "debug",
            "LIMITS__REPRESENTATIVES_NETWORK": "40",
        }
        with servers.Server(url, "--workers", "1", env=extra, cwd=folder) as server:
            yield server, census


def look_up_in_every_way(url: str, census: stand_in.StandIn) -> list[str]:
    """Every answer that is an error page or knows no district: nothing of the address may stand in it either."""
    pages = []
    here = f"{url}/representatives"
    for mode in ("ok", "server", "html", "error_inside", "shape", "truncated"):
        census.mode = mode
        pages += [
            requests.post(here, data={"address": address}, headers=headers, timeout=20).text
            for address in (ADDRESS, f"4711 {MARK} {mode} Street, Nowhere")
            for headers in ({}, {"Accept": "application/json"})
        ]
    pages.append(requests.post(here, json={"address": [ADDRESS], "lat": POINT}, timeout=20).text)
    pages.append(requests.post(here, json={"lat": POINT, "lng": "-93.26"}, timeout=20).text)
    again = requests.post(here, data={"address": ADDRESS, "lat": "x", "lng": "y"}, timeout=20)
    assert again.status_code == 422
    pages.append(again.text.replace(f'value="{ADDRESS}"', ""))  # the form keeps what its writer typed
    refused = requests.post(here, data={"address": ADDRESS}, headers={"Sec-Fetch-Site": "cross-site"}, timeout=20)
    late = [requests.post(here, data={"address": ADDRESS}, timeout=20) for _time in range(30)]
    assert refused.status_code == 403
    assert late[-1].status_code == 429
    told = requests.post(f"{here}/report", data={"reason": "left", "expected": MARK + " 4711"}, timeout=20)
    assert told.status_code == 422
    return [*pages, refused.text, late[-1].text]


def sign_with_street(url: str, slug: str, number: int) -> None:
    fields = {"name": "Ann Signer", "email": f"ann{number}@example.org", "postal_code": demo_pack.SPLIT_ZIP}
    signed = requests.post(
        f"{url}/petitions/{slug}/signatures",
        data={**fields, "country": "US", "street": f"4711 {MARK} Lane"},
        timeout=20,
    )
    assert signed.status_code == 200  # behind the redirect


def was_tried() -> bool:
    """Whether the job was put off: nobody could say."""
    with uow.reading():
        job = db.session.execute(select(QueuedJob).where(QueuedJob.name == streets.JOB)).scalar_one_or_none()
        return job is not None and job.run_at > clock.now() + timedelta(minutes=30)


def rows_of_every_table() -> Iterator[tuple[str, str]]:
    with uow.reading():
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(text(f'SELECT * FROM "{table.name}"')):  # noqa: S608 - names of ours
                shown = (value.decode("latin-1") if isinstance(value, bytes | memoryview) else value for value in row)
                yield table.name, " ".join(map(str, shown))


@pytest.mark.both_databases
def test_d05_pitfall_11_planted_address_and_key_are_left_nowhere(database_kind: str, tmp_path: Path) -> None:
    url = databases.new_database(database_kind)
    app = create_app(databases.make_settings(url, demo={"enabled": True}))
    crypto.data_keys.clear()  # the keys of the database before
    with app.app_context():
        with uow.unit():
            demo_pack.install()
        petition = make_petition(asks_street=True)
        with served(url, tmp_path) as (server, census):
            pages = look_up_in_every_way(server.url, census)
            census.mode = "error_inside"
            for number in range(2):
                sign_with_street(server.url, petition.slug, number)
            waiting, stays = signatures(petition.id)
            confirmed = f"{server.url}/signatures/confirm/{confirm_token(waiting)}"
            assert requests.post(confirmed, timeout=20).status_code == 200
            wait(was_tried, 20, "a look-up of the street by the worker")
            held = "".join(path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file())
            assert server.log
        assert stays.state == "pending"
        for word in PLANTED:
            assert word not in server.log, word
            assert word not in held, word
        for word in PLANTED[:-1]:
            for page in pages:
                assert word not in page, word
        for name, said in rows_of_every_table():
            for word in (MARK, MARK.upper(), KEY, POINT):
                assert word not in said, name
        if database_kind == "sqlite":
            file = Path(db.engine.url.database or "")
            raw = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
            for word in (MARK, MARK.upper(), KEY, POINT):
                assert word.encode() not in raw, word
        db.session.remove()
        db.engine.dispose()
    with contextlib.suppress(OSError):
        databases.drop(url)
