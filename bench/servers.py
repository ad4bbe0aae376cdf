"""The systems under load: ours and the bare ones, on the same server with the same settings."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from advocacy.core.settings import Limits

THREADS = 64


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Running:
    """A server: its port and its root process."""

    port: int
    pid: int


def _wait(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    message = f"the server on port {port} did not start"
    raise RuntimeError(message)


@contextmanager
def bare(database_url: str, workers: int) -> Iterator[Running]:
    """The bare app under Granian."""
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("granian")),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws", "--log-level", "error"),
        *("--workers", str(workers), "--blocking-threads", str(THREADS), "bench.bare_app:app"),
    ]
    environment = {**os.environ, "BENCH_BARE_URL": database_url, "BENCH_SECRET": secrets.token_hex()}
    process = subprocess.Popen(command, env=environment, cwd=Path(__file__).parent.parent, stdout=subprocess.DEVNULL)
    try:
        _wait(port, "/hello", process)
        yield Running(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def ours(database_url: str, key_file: Path, workers: int, *, worker: bool = False) -> Iterator[Running]:
    """``advocacy serve``, limits off, as many processes and threads as the bare app."""
    port = free_port()
    environment = {
        **os.environ,
        **limits_off(),
        "ADVOCACY__DATABASE__URL": database_url,
        "ADVOCACY__SECURITY__KEY_FILE": str(key_file),
        "ADVOCACY__SERVER__THREADS": str(THREADS),
        "ADVOCACY__SERVER__TRUSTED_PROXIES": "127.0.0.0/8",
        "ADVOCACY__PETITIONS__MIN_FILL_S": "0",
        "ADVOCACY__LOGS__LEVEL": "error",
        "ADVOCACY__DEMO__ENABLED": "true",
    }
    command = [str(Path(sys.executable).with_name("advocacy")), "serve", "--port", str(port), "--workers", str(workers)]
    if not worker:
        command.append("--no-worker")
    folder = tempfile.mkdtemp(prefix="advocacy-bench-")
    process = subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        _wait(port, "/healthz", process)
        yield Running(port, process.pid)
    finally:
        process.terminate()
        process.wait(40)


def limits_off() -> dict[str, str]:
    """Every rate limit switched off, as environment."""
    return {f"ADVOCACY__LIMITS__{name.upper()}": "0" for name in Limits.model_fields}
