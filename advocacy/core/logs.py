"""Logs: one JSON line an event, ids only.

Names, addresses, tokens, bodies and networks never reach a log: records carry ids; values from outside are cut and
escaped by the JSON form; link tokens in paths are replaced before a path is logged.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog

_SECRET_PATH = re.compile(r"(?<=/)[A-Za-z0-9_-]{20,}(?=/|\Z)")


def safe_path(path: str) -> str:
    """A path without the secrets that single-purpose links carry."""
    return _SECRET_PATH.sub("…", path)[:200]


def _drop_exception_text(_logger: object, _name: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Keep where an error came from, never what it said: messages of drivers quote people's values."""
    info = entry.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[0] is not None:
        places, trace = [], info[2]
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(
                f"{code.co_filename.rsplit('/site-packages/')[-1].rsplit('/advocacy/')[-1]}:{trace.tb_lineno}:{code.co_name}"
            )
            trace = trace.tb_next
        entry["error"] = info[0].__name__
        entry["where"] = places[-12:]
    return entry


def set_up(level: str, form: str) -> None:
    """Send structlog and the standard library's loggers to standard error in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _drop_exception_text,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("sqlalchemy", "apscheduler", "urllib3", "werkzeug", "alembic", "_granian"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger of a room."""
    return structlog.stdlib.get_logger(name)
