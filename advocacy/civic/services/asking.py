"""One question to one source: may it be asked, ask, note how it went. No transaction is open while it is asked."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import current_app

from advocacy.civic.adapters.ports import NoSuchThing, ProviderDataError, SourceError
from advocacy.civic.services import circuits
from advocacy.civic.services.sources import Source
from advocacy.core import clock, logs, uow
from advocacy.core.db import db
from advocacy.core.http_client import Answer, Budget, FetchError, HttpClient

log = logs.get("civic")
AT_ONCE = 4
"""Questions that one process asks at a time."""
_WAIT_S = 0.5
_PARK_MINUTE = timedelta(seconds=60)
_PARK_KEY = timedelta(minutes=10)
_LONGEST_PARK = timedelta(days=1)
_DAY_TEXT = re.compile(rb"(?:/|\bper |\ba |\beach )day\b|\bdaily\b", re.IGNORECASE)
_LIMIT_TEXT = re.compile(
    rb"\b(?:rate|quota|usage) ?limit|\blimit exceeded|too many requests|over[_ ]rate", re.IGNORECASE
)
_READ_OF_ERROR = 4096
_OK, _NOT_FOUND, _SERVER = range(200, 300), 404, 500
_bulkhead = threading.BoundedSemaphore(AT_ONCE)
_making = threading.Lock()


class Asking:
    """Asks one source within a budget; ``for_people`` when somebody waits for the answer."""

    def __init__(self, source: Source, budget: Budget, *, for_people: bool) -> None:
        self.source = source
        self._budget = budget
        self._for_people = for_people
        self._route = ""

    def __call__(self, route: str, path: str, params: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Ask and give the JSON of the answer.

        Raises: SourceError.
        Needs: no open transaction.
        """
        if db.session().in_transaction():
            msg = "a transaction is open: nothing outside is asked meanwhile"
            raise RuntimeError(msg)
        self._route = route
        with uow.unit():
            reason = circuits.refusal(self.source, route, for_people=self._for_people)
        if reason is not None:
            raise SourceError(reason)
        if not _bulkhead.acquire(timeout=min(_WAIT_S, self._budget.left())):
            code = "busy"
            raise SourceError(code)
        try:
            answer, code = self._fetch(path, params)
        finally:
            _bulkhead.release()
        return self._judge(route, answer, code)

    def refuse(self, error: ProviderDataError) -> None:
        """Note that the last answer had a shape that cannot be read (or was an error in a success's clothes)."""
        with uow.unit():
            circuits.went_wrong(self.source, self._route, error.code)
        log.warning("source_shape", source=self.source.name, route=self._route, field=error.field)

    def _fetch(self, path: str, params: Mapping[str, Any]) -> tuple[Answer | None, str]:
        headers = {self.source.key_header: self.source.key} if self.source.key_header else {}
        full = {**params, self.source.key_param: self.source.key} if self.source.key_param else params
        try:
            found = _client(self.source).get(path, full, self._budget, headers=headers, again=self._may_again)
        except FetchError as error:
            return None, str(error.fault)
        return found, ""

    def _may_again(self) -> bool:
        with uow.unit():
            return circuits.take_again(self.source, for_people=self._for_people)

    def _judge(self, route: str, answer: Answer | None, code: str) -> Any:  # noqa: ANN401 - JSON
        until: datetime | None = None
        body: Any = None
        if answer is not None:
            code, until = _read_status(self.source, answer)
            if not code or code == "not_found":
                try:
                    body = answer.json()
                except FetchError as error:
                    code = str(error.fault) if not code else "refused"
        with uow.unit():
            if until is not None:
                circuits.park(self.source, until, code)
            elif not code or code == "not_found":
                circuits.went_well(self.source, route)
            elif code != "refused":
                circuits.went_wrong(self.source, route, code)
        if not code:
            return body
        log.info("source_failed", source=self.source.name, route=route, code=code)
        if code == "not_found":
            raise NoSuchThing
        raise SourceError(code)


def _read_status(source: Source, answer: Answer) -> tuple[str, datetime | None]:
    """A code (empty for a good answer) and until when to leave the source alone."""
    text = answer.body[:_READ_OF_ERROR]
    is_limit = answer.status in {429, *source.limit_statuses} or (answer.status == 403 and _LIMIT_TEXT.search(text))  # noqa: PLR2004 - forbidden
    if is_limit:
        return "limit", _parked(answer, text)
    if answer.status in {401, 403}:
        return "key", clock.now() + _PARK_KEY
    if answer.status in _OK:
        return "", None
    if answer.status == _NOT_FOUND:
        return "not_found", None
    return ("server" if answer.status >= _SERVER else "refused"), None


def _parked(answer: Answer, text: bytes) -> datetime:
    given = answer.headers.get("retry-after", "").strip()
    now = clock.now()
    until: datetime | None = None
    if given.isascii() and given.isdigit() and len(given) <= 9:  # noqa: PLR2004 - thirty years
        until = now + timedelta(seconds=int(given))
    elif given:
        try:
            until = parsedate_to_datetime(given)
            until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
        except (ValueError, TypeError):
            until = None
    if until is None:
        until = circuits.next_day() if _DAY_TEXT.search(text) else now + _PARK_MINUTE
    return min(max(until, now + timedelta(seconds=1)), now + _LONGEST_PARK)


def _client(source: Source) -> HttpClient:
    """The session of a source, kept by the app."""
    kept: dict[tuple[str, str], HttpClient] = current_app.extensions.setdefault("advocacy.sources", {})
    key = (source.name, source.base_url)
    with _making:
        if key not in kept:
            kept[key] = HttpClient(source.base_url, agent())
        return kept[key]


def agent() -> str:
    """How this program names itself to other houses."""
    try:
        number = version("advocacy")
    except PackageNotFoundError:
        number = "0"
    return f"advocacy/{number} (+{current_app.extensions['advocacy.settings'].base_url})"
