"""A real server whose two geocoders both fail: every visitor is answered within eight seconds, and can choose by hand."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from advocacy.app import create_app
from advocacy.civic.services import demo_pack
from advocacy.core import uow
from advocacy.core.db import db
from tests.support import databases, servers, stand_in

MOST_S = 8.0
BURN = "while True: sum(range(1000))"
VISITORS = 24


@pytest.fixture
def made_up() -> str:
    """A database with the made-up state."""
    url = databases.new_database("sqlite")
    app = create_app(databases.make_settings(url))
    with app.app_context():
        with uow.unit():
            demo_pack.install()
        db.session.remove()
        db.engine.dispose()
    return url


@contextmanager
def served(url: str) -> Iterator[tuple[servers.Server, stand_in.StandIn, stand_in.StandIn]]:
    with stand_in.serve() as census, stand_in.serve() as google:
        extra = {
            "CIVIC__CENSUS_URL": census.base_url,
            "CIVIC__GOOGLE_URL": google.base_url,
            "CIVIC__GOOGLE_KEY": "planted-secret-key",
            "DEMO__ENABLED": "true",
            "LIMITS__REPRESENTATIVES_NETWORK": "0",
            "LIMITS__REPRESENTATIVES_CAMPAIGN": "0",
        }
        with servers.Server(url, "--no-worker", "--workers", "1", env=extra) as server:
            yield server, census, google


@contextmanager
def busy_machine(count: int) -> Iterator[None]:
    burners = [subprocess.Popen([sys.executable, "-c", BURN]) for _number in range(count)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def crowd(server: servers.Server, addresses: list[str]) -> list[tuple[float, int, str]]:
    """All at once: seconds, status and page of each."""
    found: list[tuple[float, int, str]] = []

    def visit(address: str) -> None:
        began = time.monotonic()
        answer = requests.post(f"{server.url}/representatives", data={"address": address}, timeout=30)
        found.append((time.monotonic() - began, answer.status_code, answer.text))

    threads = [threading.Thread(target=visit, args=(address,)) for address in addresses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def memory_mb(server: servers.Server) -> float:
    found = 0
    for pid in server.processes():
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        found += int(status.split("VmRSS:")[1].split()[0])
    return found / 1024


@pytest.mark.parametrize("burners", [0, pytest.param(4, marks=pytest.mark.long)])
def test_r15_two_hanging_geocoders_under_load_cost_nobody_eight_seconds(made_up: str, burners: int) -> None:
    with served(made_up) as (server, census, google), busy_machine(burners):
        census.mode = google.mode = "hang"
        crowd(server, ["1 First Lane, Riverbend, ZZ 99961"])
        google.mode = "slow"
        for round_number in range(2):
            addresses = [f"{n} Lane {round_number}, Riverbend, ZZ 99961" for n in range(VISITORS)]
            addresses += ["7 Same Lane, Riverbend, ZZ 99961"] * VISITORS
            found = crowd(server, addresses)
            assert len(found) == len(addresses)
            assert {status for _took, status, _page in found} == {200}
            assert max(took for took, _status, _page in found) < MOST_S
            assert all("/representatives/districts" in page for _took, _status, page in found)


def test_r15_a_geocoder_of_every_kind_grows_no_memory_and_stores_no_row(made_up: str) -> None:
    modes = sorted(set(stand_in.MODES) - {"hang", "slow"})
    with served(made_up) as (server, census, google):
        census.elsewhere = google.elsewhere = f"{server.url}/healthz"
        crowd(server, [f"{n} Warm Lane, Nowhere" for n in range(8)])
        before = memory_mb(server)
        for mode in modes:
            census.mode = google.mode = mode
            for took, status, page in crowd(server, [f"{n} {mode} Lane, Nowhere" for n in range(4)]):
                assert took < MOST_S, mode
                assert status in {404, 503}, mode
                assert "/representatives/districts" in page
        assert memory_mb(server) - before < 50
        assert "Traceback" not in server.log
    app = create_app(databases.make_settings(made_up))
    with app.app_context():
        rows = db.session.execute(db.text("SELECT value FROM cached_answer")).scalars().all()
        assert all('"places":[]' in str(row).replace(" ", "") for row in rows)
        db.session.remove()
        db.engine.dispose()
