"""Kill processes at random moments while a crowd signs, and compare what it was told with the rows."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import requests

from tests.support import toy_server
from tests.support.servers import Server, children_of, free_port, is_running
from tests.support.signing_load import Crowd, Ledger, Stored, Verdict, judge
from tests.support.stage import START_S, Stage
from tests.support.waiting import wait

BACK_S = 10.0
"""R-01: so long may it take until it answers again."""


class Target(Protocol):
    """What can be killed and comes back."""

    url: str
    slug: str

    def kill(self, chance: random.Random) -> str:
        """SIGKILL something; gives what."""

    def revive(self) -> None:
        """Start again what nobody else starts; return when it answers."""

    def stored(self, emails: Iterable[str]) -> dict[str, Stored]:
        """What its rows hold."""


@dataclass
class Drill:
    """What happened: what was killed, how long each time until it answered again, what people were told."""

    ledger: Ledger
    killed: list[str] = field(default_factory=list)
    back_s: list[float] = field(default_factory=list)
    verdict: Verdict | None = None


def run(target: Target, *, kills: int, seed: int, people: int = 6) -> Drill:
    """Let ``people`` sign, kill ``kills`` times, and judge the rows when the last answer has come."""
    chance = random.Random(seed)
    with Crowd(target.url, target.slug, people=people) as crowd:
        drill = Drill(crowd.ledger)
        for _kill in range(kills):
            _wait_for_more(crowd.ledger, chance.randint(5, 40))
            time.sleep(chance.uniform(0, 0.05))
            began = time.monotonic()
            drill.killed.append(target.kill(chance))
            target.revive()
            drill.back_s.append(time.monotonic() - began)
        _wait_for_more(crowd.ledger, 10)
    drill.verdict = judge(crowd.ledger, target.stored(crowd.ledger.tried))
    return drill


def _wait_for_more(ledger: Ledger, count: int) -> None:
    """A kill while nobody signs would prove nothing."""
    wanted = len(ledger.acknowledged) + count
    until = time.monotonic() + START_S
    while len(ledger.acknowledged) < wanted:
        assert time.monotonic() < until, f"nobody is acknowledged any more: {ledger.statuses} {ledger.breaks}"
        time.sleep(0.002)


def answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def _kill9(pids: Iterable[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


class Product:
    """``advocacy serve``: the whole of it, the web server, one of its processes or the worker are killed."""

    def __init__(self, server: Server, stage: Stage) -> None:
        self.url = f"http://127.0.0.1:{server.port}"
        self.slug = stage.slug
        self._server = server
        self._stage = stage

    def kill(self, chance: random.Random) -> str:
        what = chance.choice(["everything", "web", "web process", "worker", "worker and web"])
        if what == "everything":
            self._server.kill9()
            return what
        pids = self._pids(what)
        below = [deeper for pid in pids for deeper in children_of(pid)]
        _kill9(pids)
        # What was killed may answer for a moment longer, and what hangs on it until it notices.
        wait(lambda: not any(map(is_running, [*pids, *below])), BACK_S, f"all of {what!r} ends")
        return what

    def _pids(self, what: str) -> list[int]:
        until = time.monotonic() + BACK_S  # the kernel lists children reliably only while none comes or goes
        while time.monotonic() < until:
            web, worker = self._children("advocacy-web"), self._children("advocacy-worker")
            found = {
                "web": web,
                "web process": [deeper for pid in web for deeper in children_of(pid)],
                "worker": worker,
                "worker and web": [*worker, *web],
            }[what]
            if found:
                return found
            time.sleep(0.01)
        raise AssertionError(f"no process to kill for {what!r}:\n{self._server.log[-3000:]}")

    def revive(self) -> None:
        assert self._server.process is not None
        if self._server.process.poll() is not None:
            self._server.start()
        until = time.monotonic() + START_S
        while not (answers(self.url) and self._children("advocacy-web") and self._children("advocacy-worker")):
            assert time.monotonic() < until, f"not back:\n{self._server.log[-3000:]}"
            time.sleep(0.02)

    def stored(self, emails: Iterable[str]) -> dict[str, Stored]:
        return self._stage.stored(emails)

    def _children(self, name: str) -> list[int]:
        found = children_of(self._server.pid)
        return [pid for pid in found if name == _name(pid) and _is_direct(pid, self._server.pid)]


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _is_direct(pid: int, parent: int) -> bool:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1]) == parent
    except OSError:
        return False


class Toy:
    """A server with a known fault, for proving that the drill sees it."""

    slug = "toy"

    def __init__(self, fault: str, folder: Path) -> None:
        self._port = free_port()
        self._call = [sys.executable, "-m", "tests.support.toy_server", fault, str(self._port), str(folder / "toy.db")]
        self._file = folder / "toy.db"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port}"

    def kill(self, chance: random.Random) -> str:
        del chance
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        return "everything"

    def revive(self) -> None:
        self._process = subprocess.Popen(self._call, cwd=Path(__file__).parents[2])
        until = time.monotonic() + BACK_S
        while not answers(self.url):
            assert time.monotonic() < until, "the toy does not start"
            time.sleep(0.02)

    def stored(self, emails: Iterable[str]) -> dict[str, Stored]:
        del emails
        return toy_server.stored(self._file)
