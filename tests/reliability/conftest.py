"""Fixtures of the drills."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.support import databases
from tests.support.servers import Server
from tests.support.smtp_sink import SmtpSink
from tests.support.stage import DrillClock, Stage, mail_to, stage

_number = count(1)


@pytest.fixture
def seed() -> int:
    """Chance that can be repeated: shown when a test fails, set by ``ADVOCACY_TEST_SEED``."""
    found = int(os.environ.get("ADVOCACY_TEST_SEED") or random.SystemRandom().randrange(10**6))
    print(f"ADVOCACY_TEST_SEED={found}")  # noqa: T201 - pytest shows it with a failure
    return found


@pytest.fixture
def on_stage(database_url: str) -> Iterator[Stage]:
    """One open petition on a fresh database."""
    with stage(database_url) as found:
        yield found


@pytest.fixture
def drill_clock(tmp_path: Path) -> DrillClock:
    """A clock for several processes, and for this one while it is on the stage."""
    return DrillClock(tmp_path / "clock-offset")


@dataclass(frozen=True)
class Running:
    """``advocacy serve`` as ``make run`` starts it, and the mail server it sends to."""

    stage: Stage
    server: Server
    sink: SmtpSink
    clock: DrillClock

    def new_petition(self) -> str:
        """The slug of a petition that nobody has signed."""
        slug = f"beds-{next(_number)}-more"
        self.stage.new_petition(slug)
        return slug

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for all tests that leave it as they found it, with its limits on; visitors' networks are believed."""
    moved = DrillClock(tmp_path_factory.mktemp("running") / "clock-offset")
    with SmtpSink() as sink, stage(databases.new_sqlite(), moved) as found:
        settings = {"SERVER__TRUSTED_PROXIES": "127.0.0.0/8", "LIMITS__SIGN_CEILING_S": "0"}
        with found.server(limits=True, **settings, **mail_to(sink)) as server:
            yield Running(found, server, sink, moved)
