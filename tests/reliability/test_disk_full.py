"""R-17, R-39: the disk fills up under a crowd, and has space again."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
import requests

from tests.support import databases
from tests.support.signing_load import Crowd, judge
from tests.support.stage import START_S, stage
from tests.support.tiny_disk import fill, tiny_disk
from tests.support.waiting import wait

IS_LONG = bool(os.environ.get("ADVOCACY_TEST_LONG"))


@pytest.mark.timeout(600)
def test_r17_full_disk_refuses_writers_serves_readers_and_loses_nothing() -> None:
    with tiny_disk(8) as folder:
        shutil.copyfile(databases.new_sqlite().removeprefix("sqlite:///"), folder / "advocacy.db")
        with (
            stage(f"sqlite:///{folder / 'advocacy.db'}") as on_stage,
            on_stage.server(cwd=folder, LOGS__LEVEL="info") as server,  # its logs lie on the full disk too
        ):
            url = f"http://127.0.0.1:{server.port}"
            page = f"{url}/petitions/{on_stage.slug}"
            processes = sorted(server.processes())
            with Crowd(url, on_stage.slug, people=6, pause_s=0.005) as crowd:
                for _round in range(4 if IS_LONG else 1):
                    signed = len(crowd.ledger.acknowledged)
                    wait(lambda signed=signed: len(crowd.ledger.acknowledged) > signed + 30, START_S, "people sign")
                    filler = fill(folder)
                    _look_while_full(crowd, page, folder)
                    filler.unlink()
                    signed = len(crowd.ledger.acknowledged)
                    wait(
                        lambda signed=signed: len(crowd.ledger.acknowledged) > signed + 30,
                        START_S,
                        "people sign when there is space again",
                    )
            assert sorted(server.processes()) == processes, "something was started again"
            assert set(crowd.ledger.statuses) == {303, 503}, crowd.ledger.statuses
            assert not crowd.ledger.breaks
            verdict = judge(crowd.ledger, on_stage.stored(crowd.ledger.tried))
            assert verdict, str(verdict)
            assert on_stage.is_whole()


def _look_while_full(crowd: Crowd, page: str, folder: Path) -> None:
    refused = crowd.ledger.statuses[503]
    wait(lambda: crowd.ledger.statuses[503] > refused + 10, START_S, "writers are refused")
    assert shutil.disk_usage(folder).free < 64 * 1024  # control
    signed = len(crowd.ledger.acknowledged)
    for number in range(10):
        assert requests.get(f"{page}?{number}", timeout=30).status_code == 200
        assert requests.get(f"{page}/count.json?{number}", timeout=30).status_code == 200
        time.sleep(0.05)
    assert b"Nothing was stored" in crowd.ledger.bodies[503]
    assert len(crowd.ledger.acknowledged) <= signed + 6, "signatures fitted on a full disk"


def test_r39_readiness_names_a_full_disk_and_recovers() -> None:
    with tiny_disk(400) as folder:
        shutil.copyfile(databases.new_sqlite().removeprefix("sqlite:///"), folder / "advocacy.db")
        with stage(f"sqlite:///{folder / 'advocacy.db'}") as on_stage, on_stage.server() as server:
            ready = f"http://127.0.0.1:{server.port}/readyz"
            wait(lambda: requests.get(ready, timeout=30).status_code == 200, START_S, "it is ready")
            filler = fill(folder, leave_kb=100 * 1024)
            answer = requests.get(ready, timeout=30)
            assert answer.status_code == 503
            assert [name for name, check in answer.json()["checks"].items() if not check["ok"]] == ["disk"]
            assert requests.get(ready.replace("readyz", "healthz"), timeout=30).status_code == 200
            filler.unlink()
            assert requests.get(ready, timeout=30).status_code == 200
