"""The files of a feed from their servers into a folder: bounded, and only what changed. No transaction is open."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from advocacy.civic.models import PackKind
from advocacy.civic.packs import files
from advocacy.civic.services.asking import agent
from advocacy.civic.services.feeds import Feed
from advocacy.core.http_client import Answer, Budget, FetchError, HttpClient

BUDGET_S = 300.0
"""For all files of a feed: the largest archive is some 30 MB."""
READ_S = 30.0
_OK, _NOT_MODIFIED, _SERVER = 200, 304, 500
_GONE = frozenset({404, 410})
_GZIP = b"\x1f\x8b"
_MAX_VALIDATOR = 200
type_validators = Mapping[str, list[str]]


class FetchFailed(Exception):
    """A feed that could not be fetched; ``code`` is a word of ``source_health.CODES``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Fetched:
    """What was fetched: its files, and what their servers said to ask next time whether they changed."""

    paths: tuple[Path, ...]
    validators: dict[str, list[str]]


def fetch(feed: Feed, known: type_validators, folder: Path) -> Fetched | None:
    """Fetch all files of a feed when one of them changed; ``None`` when none did.

    Raises: FetchFailed.
    """
    budget = Budget(BUDGET_S)
    found: dict[str, tuple[Path, list[str]]] = {}
    same = []
    for url in feed.urls:
        got = _one(url, known.get(url), folder, budget)
        if got is None:
            same.append(url)
        else:
            found[url] = got
    if not found:
        return None
    for url in same:  # a pack is made of all its files
        again = _one(url, None, folder, budget)
        if again is None:
            raise FetchFailed("shape")
        found[url] = again
    paths = tuple(_named(feed, found[url][0]) for url in feed.urls)
    return Fetched(paths, {url: said for url, (_path, said) in found.items() if any(said)})


def _one(url: str, known: list[str] | None, folder: Path, budget: Budget) -> tuple[Path, list[str]] | None:
    parts = urlsplit(url)
    path = folder / (PurePosixPath(parts.path).name[-80:] or "file")
    client = HttpClient(f"{parts.scheme}://{parts.netloc}", agent())
    try:
        with path.open("wb") as into:
            answer = client.download(
                parts.path, into, budget, max_bytes=files.MAX_FILE, read_s=READ_S, headers=_conditions(known)
            )
    except FetchError as error:
        raise FetchFailed(str(error.fault)) from None
    if answer.status == _NOT_MODIFIED and known is not None:
        return None
    if answer.status != _OK:
        raise FetchFailed(_code(answer.status))
    if answer.headers.get("content-type", "").partition(";")[0].strip().lower() in {
        "text/html",
        "application/xhtml+xml",
    }:
        raise FetchFailed("html")
    _keep_day(path, answer)
    said = [answer.headers.get(name, "") for name in ("etag", "last-modified")]
    return path, [value if len(value) <= _MAX_VALIDATOR and value.isprintable() else "" for value in said]


def _conditions(known: list[str] | None) -> dict[str, str]:
    tag, changed = known or ("", "")
    found = {"If-None-Match": tag, "If-Modified-Since": changed}
    return {name: value for name, value in found.items() if value}


def _code(status: int) -> str:
    if status in _GONE:
        return "absent"
    return "server" if status >= _SERVER else {429: "limit", 401: "key", 403: "key"}.get(status, "refused")


def _keep_day(path: Path, answer: Answer) -> None:
    """The file's day is the day of its data: as its server says, else today."""
    changed: datetime | None = None
    try:
        changed = parsedate_to_datetime(answer.headers.get("last-modified", ""))
        os.utime(path, (changed.timestamp(), changed.timestamp()))
    except (ValueError, TypeError, OverflowError, OSError):
        return


def _named(feed: Feed, path: Path) -> Path:
    """An archive is known by its ending, whatever its address ends in."""
    if feed.kind is not PackKind.OPENSTATES or path.suffix.lower() == ".csv":
        return path
    with path.open("rb") as stream:
        ending = ".tar.gz" if stream.read(2) == _GZIP else ".tar"
    return path.rename(path.with_name(f"people{ending}"))
