"""Manners of our own processes: children end with their parent, signals ask for an orderly end."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

SUPERVISED = "ADVOCACY_SUPERVISED"
"""Set in the environment of children that must not outlive their parent."""
_POLL_S = 0.25


def end_with_parent() -> None:
    """End this process soon after its parent dies, even by SIGKILL; a process that nobody supervises is left alone.

    Polling, because the kernel's own signal for this follows the parent's *thread* and exists on Linux only.
    """
    if SUPERVISED not in os.environ:
        return
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_POLL_S)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def call_this(name: str) -> None:
    """Let ``ps`` and ``top`` show what this process does (15 letters; on Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name, encoding="ascii")


def on_stop(handler: Callable[[], None]) -> None:
    """Call ``handler`` on SIGTERM and SIGINT."""

    def handle(number: int, frame: FrameType | None) -> None:
        del number, frame
        handler()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
