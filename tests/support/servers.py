"""Real ``advocacy serve`` and ``advocacy worker`` processes for tests."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

from tests.support import databases

MAIN = "from advocacy.cli import main; main()"


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(database_url: str, **extra: str) -> dict[str, str]:
    """The environment of our programs on this database; ``MAIL__TRANSPORT="smtp"`` changes a setting."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ADVOCACY__")}
    found = {
        "DATABASE__URL": database_url,
        "SECURITY__KEY_FILE": str(databases.key_file()),
        "SECURITY__SECOND_FACTOR": "off",
        "MAIL__TRANSPORT": "mailbox",
        "PETITIONS__MIN_FILL_S": "0",
        "LOGS__LEVEL": "info",
        "CIVIC__CENSUS_URL": "",
    } | extra
    return kept | {name if is_whole(name) else f"ADVOCACY__{name}": value for name, value in found.items()}


def is_whole(name: str) -> bool:
    """Whether this is a whole name of the environment, not a setting."""
    return name.startswith("ADVOCACY") or "__" not in name


def run(
    *arguments: str, env: Mapping[str, str], cwd: Path | None = None, within_s: float = 60, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run ``advocacy`` to its end; ``given`` is its standard input."""
    command = [sys.executable, "-c", MAIN, *arguments]
    return subprocess.run(
        command, env=env, cwd=cwd, input=given, capture_output=True, text=True, timeout=within_s, check=False
    )


def children_of(pid: int) -> list[int]:
    """All living descendants of a process."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        threads = [p for p in Path(f"/proc/{pid}/task").iterdir() if p.name != str(pid)]
        for thread in threads:
            listed += (thread / "children").read_text().split()
    except OSError:
        return []
    found = [int(child) for child in listed]
    return found + [deeper for child in found for deeper in children_of(child)]


def is_running(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Server:
    """``advocacy serve`` (or another command) on a free port, with its logs in a file.

    ``arguments`` follow the command; ``wait=False`` does not wait for readiness. Leaving the context ends everything.
    ``program`` names a module of the tests that stands for the command.
    """

    def __init__(
        self,
        database_url: str,
        *arguments: str,
        command: str = "serve",
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        port: int | None = None,
        wait: bool = True,
        within_s: float = 60,
        program: str = "",
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self.cwd = cwd or Path(tempfile.mkdtemp(prefix="advocacy-serve-"))
        self.env = environment(database_url, **(env or {}))
        self._command = command
        options = ["--port", str(self.port)] if command == "serve" else []
        self._call = [sys.executable, "-c", MAIN, command, *options, *arguments]
        if program:
            self._call = [sys.executable, "-m", program, *arguments]
            self.env["PYTHONPATH"] = str(Path(__file__).parents[2])
        self._wait = wait
        self._within_s = within_s
        self._log = self.cwd / f"{command}-{self.port}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill9()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill9()

    def start(self) -> None:
        """Start, and wait until it is ready."""
        with self._log.open("ab") as out:
            self.process = subprocess.Popen(
                self._call, env=self.env, cwd=self.cwd, stdout=out, stderr=out, start_new_session=True
            )
        if self._wait:
            self.wait_until_ready()

    @property
    def pid(self) -> int:
        """The process started here: the supervisor, or the worker itself."""
        assert self.process is not None
        return self.process.pid

    @property
    def log(self) -> str:
        """Everything it said."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def wait_until_ready(self) -> None:
        """Wait until it serves (a worker: until it works)."""
        until = time.monotonic() + self._within_s
        while time.monotonic() < until:
            assert self.process is not None
            assert self.process.poll() is None, f"ended with {self.process.returncode}:\n{self.log}"
            if self._is_ready():
                return
            time.sleep(0.05)
        raise AssertionError(f"not ready within {self._within_s} s:\n{self.log}")

    def _is_ready(self) -> bool:
        if self._command == "worker":
            return "worker_ready" in self.log
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=2).status_code < 500
        except requests.RequestException:
            return False

    def processes(self) -> list[int]:
        """This process and all its descendants."""
        return [self.pid, *children_of(self.pid)]

    def kill9(self) -> None:
        """SIGKILL to every process at once: the machine lost power."""
        if self.process is None:
            return
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def term(self, within_s: float = 40) -> int:
        """SIGTERM to the first process, as an operator does; gives its exit status."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(within_s)
