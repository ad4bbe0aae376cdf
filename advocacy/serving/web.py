"""The web processes: Granian, which watches the ones that answer."""

from __future__ import annotations

import contextlib
import resource

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

HEADERS_MS = 10_000
"""A client that has not sent its headers by then is cut off."""
DRAIN_S = 30
BACKLOG = 2048
CONNECTIONS = 8192
"""Of one web process. Idle and slow ones count too, so it must be far above the number of threads."""
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
    "loggers": {"_granian": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}


def _allow_many_connections() -> None:
    """Raise the soft limit of open files to the hard one: each connection is a file."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def serve(host: str, port: int, workers: int, threads: int) -> int:
    """Serve until SIGTERM; requests that have begun get ``DRAIN_S`` to end. Gives the exit status."""
    _allow_many_connections()
    Server(
        "advocacy.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=threads,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_MS),
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig=LOGGING,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=DRAIN_S,
    ).serve()
    return 0
