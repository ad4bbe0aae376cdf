"""Start the children, start them again when they die, stop them in order.

On Linux children are forked from this process, which has loaded the application for its checks: they start in an
instant and share its memory. It stays free of threads and connections, so that forking is safe at any time.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing.process import BaseProcess

from advocacy.core import clock, logs, processes

log = logs.get("serve")
POLL_S = 0.1
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
"""However often somebody kills a child, it answers again within ten seconds."""
HEALTHY_S = 30.0
"""A child that lived so long starts again soon when it dies."""
STOP_S = 35.0
"""Children drain for up to 30 s; what is left then is killed."""
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Child:
    """One child process and its luck so far."""

    def __init__(self, name: str, work: Callable[..., int], *arguments: object) -> None:
        self.name = name
        self._work = work
        self._arguments = arguments
        self._process: BaseProcess | None = None
        self._started_at = 0.0
        self._failures = 0
        self._not_before = 0.0

    def start(self) -> None:
        """Start it; it ends with this process."""
        self._process = _new_process(self.name, self._work, self._arguments)
        # A signal between the fork and the child's own handlers would be lost.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._started_at = clock.monotonic()

    def look_after(self) -> None:
        """Note a death, and start again when the pause is over."""
        now = clock.monotonic()
        if self._process is not None:
            if self._process.is_alive():
                return
            self._failures = 1 if now - self._started_at > HEALTHY_S else self._failures + 1
            pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (self._failures - 1))
            log.warning("child_died", child=self.name, status=self._process.exitcode, again_in_s=pause_s)
            self._process.close()
            self._process, self._not_before = None, now + pause_s
        elif now >= self._not_before:
            self.start()

    def stop(self) -> None:
        """Ask it to end."""
        if self._process is not None:
            self._process.terminate()

    def end(self, within_s: float) -> None:
        """Wait for its end; kill it when it takes too long."""
        if self._process is None:
            return
        self._process.join(max(0.1, within_s))
        if self._process.is_alive():
            log.warning("child_killed", child=self.name)
            self._process.kill()
            self._process.join()


def _new_process(name: str, *rest: object) -> BaseProcess:
    if sys.platform == "linux":
        return multiprocessing.get_context("fork").Process(target=_child_main, args=(name, *rest))
    return multiprocessing.get_context("spawn").Process(target=_child_main, args=(name, *rest))


def _child_main(name: str, work: Callable[..., int], arguments: Sequence[object]) -> None:
    processes.call_this(f"advocacy-{name}")
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    os.environ[processes.SUPERVISED] = "1"
    processes.end_with_parent()
    sys.exit(work(*arguments))


def run(children: Sequence[Child], announce: Callable[[], bool]) -> None:
    """Keep the children alive until SIGTERM or SIGINT; ``announce`` is asked until it has spoken."""
    stopping: list[bool] = []
    processes.on_stop(lambda: stopping.append(True))
    spoken = False
    for child in children:
        child.start()
    while not stopping:
        time.sleep(POLL_S)
        spoken = spoken or announce()
        for child in children if not stopping else ():
            child.look_after()
    until = clock.monotonic() + STOP_S
    for child in children:
        child.stop()
    for child in children:
        child.end(until - clock.monotonic())


def is_listening(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 # nosec B104 - read, not bound
    try:
        socket.create_connection((target, port), timeout=1).close()
    except OSError:
        return False
    return True
