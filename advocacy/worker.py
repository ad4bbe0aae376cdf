"""The background worker: runs jobs and ticks until it is asked to stop."""

from __future__ import annotations

import os
import secrets
import socket
import threading

from flask import Flask

from advocacy.app import create_app
from advocacy.core import logs, processes
from advocacy.core.settings import load
from advocacy.queue.adapters.embedded.consumer import Consumer
from advocacy.queue.adapters.embedded.steps import ClockWatch
from advocacy.queue.adapters.embedded.ticker import Ticker

log = logs.get("worker")
DRAIN_S = 30.0


def run_worker(app: Flask) -> int:
    """Work until SIGTERM or SIGINT; then finish or give back what is in hand. Gives the exit status."""
    stop = threading.Event()
    processes.on_stop(stop.set)
    owner = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
    watch = ClockWatch()
    ticker = Ticker(app, owner, watch)
    consumer = Consumer(app, owner, watch, on_step=ticker.restart)
    consumer.start()
    ticker.start()
    log.info("worker_ready", pid=os.getpid())
    failed = False
    while not failed and not stop.wait(0.5):
        failed = not consumer.is_alive()
    ticker.stop()
    drained = consumer.stop(DRAIN_S)
    log.info("worker_stopped", drained=drained)
    if not drained:
        os._exit(0)  # a job hangs; its lease was given back, and a thread cannot be ended otherwise
    return 1 if failed else 0


def main() -> int:
    """Work with the settings of this process. Gives the exit status."""
    return run_worker(create_app(load()))
