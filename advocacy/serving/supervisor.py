"""Start the children, start them again when they die, stop them in order."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from advocacy.core import clock, logs, processes

log = logs.get("serve")
POLL_S = 0.1
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 30.0
HEALTHY_S = 30.0
"""A child that lived so long starts again at once when it dies."""
STOP_S = 35.0
"""Children drain for up to 30 s; what is left then is killed."""


@dataclass
class Child:
    """One child process and its luck so far."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    not_before: float = field(default=0.0)

    def start(self) -> None:
        """Start it; it ends with this process."""
        environment = os.environ | {processes.SUPERVISED: "1"}
        self.process = subprocess.Popen(self.command, env=environment)  # noqa: S603 - our own program
        self.started_at = clock.monotonic()

    def look_after(self) -> None:
        """Note a death, and start again when the pause is over."""
        now = clock.monotonic()
        if self.process is not None:
            if self.process.poll() is None:
                return
            self.failures = 1 if now - self.started_at > HEALTHY_S else self.failures + 1
            pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (self.failures - 1))
            log.warning("child_died", child=self.name, status=self.process.returncode, again_in_s=pause_s)
            self.process, self.not_before = None, now + pause_s
        elif now >= self.not_before:
            self.start()

    def stop(self) -> None:
        """Ask it to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, within_s: float) -> None:
        """Wait for its end; kill it when it takes too long."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, within_s))
        except subprocess.TimeoutExpired:
            log.warning("child_killed", child=self.name)
            self.process.kill()
            self.process.wait()


def web_child(host: str, port: int, workers: int, threads: int) -> Child:
    """The web server with its processes."""
    arguments = [host, str(port), str(workers), str(threads)]
    return Child("web", [sys.executable, "-m", "advocacy.serving.web", *arguments])


def worker_child() -> Child:
    """The background worker."""
    return Child("worker", [sys.executable, "-m", "advocacy.worker"])


def run(children: Sequence[Child], announce: Callable[[], bool]) -> None:
    """Keep the children alive until SIGTERM or SIGINT; ``announce`` is asked until it has spoken."""
    stop = threading.Event()
    processes.on_stop(stop.set)
    spoken = False
    for child in children:
        child.start()
    while not stop.wait(POLL_S):
        spoken = spoken or announce()
        for child in children:
            child.look_after()
    until = clock.monotonic() + STOP_S
    for child in children:
        child.stop()
    for child in children:
        child.end(until - clock.monotonic())


def is_listening(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
    try:
        socket.create_connection((target, port), timeout=1).close()
    except OSError:
        return False
    return True
