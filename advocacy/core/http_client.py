"""Ask other houses by GET or a posted form: addresses checked and pinned, a budget of time, a cap on size.

Nothing of a request (address of a person, key) stands in an error: an error says how a call failed, never what was
asked. Redirects stay on the same host. Loopback is called only where the configured base address is loopback itself.
"""

from __future__ import annotations

import json
import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from http.cookiejar import DefaultCookiePolicy
from typing import Any, BinaryIO, NoReturn
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from advocacy.core import clock
from advocacy.core.http_pins import CallInHand, PinnedAdapter, Refused

CONNECT_S = 3.0
READ_S = 6.0
MAX_BYTES = 2 * 1024 * 1024
MAX_RETRIES = 2
MAX_HOPS = 2
_CHUNK = 64 * 1024
_FIRST_WAIT_S = 0.3
_RETRIED = frozenset({502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_jitter = random.SystemRandom()

for _name in ("connectionpool", "poolmanager", "util.retry"):  # they log whole addresses, with question and key
    logging.getLogger(f"urllib3.{_name}").addFilter(lambda _record: False)


class Fault(StrEnum):
    """How a call can fail without a usable answer."""

    CONNECT = "connect"
    TIMEOUT = "timeout"
    RESET = "reset"
    ADDRESS = "address"
    REDIRECT = "redirect"
    TOO_BIG = "too_big"
    NOT_JSON = "not_json"


_AGAIN = frozenset({Fault.CONNECT, Fault.RESET})


class FetchError(Exception):
    """A call failed."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class Budget:
    """Seconds that may still pass."""

    def __init__(self, seconds: float) -> None:
        self._end = clock.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self._end - clock.monotonic())

    def at_most(self, seconds: float) -> Budget:
        """A part of this budget."""
        return Budget(min(seconds, self.left()))


@dataclass(frozen=True)
class Answer:
    """What came back; ``body`` is whole and within the cap."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - whatever was sent
        """The body as JSON.

        Raises: FetchError when the type says otherwise or it does not parse.
        """
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json")):
            try:
                return json.loads(self.body, parse_constant=_no_constant)
            except (ValueError, RecursionError):
                pass
        raise FetchError(Fault.NOT_JSON)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are no JSON


@dataclass(frozen=True)
class _Taking:
    """How an answer is taken: how long to wait for its next byte, how much of it, and whether into a file."""

    read_s: float = READ_S
    max_bytes: int = MAX_BYTES
    into: BinaryIO | None = None
    form: Mapping[str, str] | None = None

    def wants(self, status: int) -> bool:
        """Whether the body is read at all: into a file only that of a success."""
        return self.into is None or status == requests.codes.ok


_WHOLE = _Taking()


class _Session(requests.Session):
    """Knows no redirects: the library would read the body of one, whatever its size, even when told not to follow."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None ever."""


class HttpClient:
    """One session to one base address."""

    def __init__(self, base_url: str, agent: str) -> None:
        self._base_url = base_url
        self._origin = _origin(base_url)
        self._session = _Session()
        self._session.trust_env = False  # no proxy and no .netrc of whoever started the process
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.update({"User-Agent": agent, "Accept": "application/json", "Accept-Encoding": "gzip"})
        adapter: HTTPAdapter = PinnedAdapter(urlsplit(base_url).hostname or "")
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def get(
        self,
        path: str,
        params: Mapping[str, Any],
        budget: Budget,
        *,
        headers: Mapping[str, str] | None = None,
        again: Callable[[], bool] = lambda: True,
    ) -> Answer:
        """GET with at most two further tries, and only where the first cannot have counted.

        ``again`` is asked before each further try (a limiter counts them too).

        Raises: FetchError.
        """
        for tries_left in range(MAX_RETRIES, -1, -1):
            fault: Fault | None = None
            answer = None
            try:
                answer = self._follow(path, params, headers or {}, budget)
            except FetchError as error:
                fault = error.fault
            if answer is not None and (answer.status not in _RETRIED or "retry-after" in answer.headers):
                return answer
            is_final = not tries_left or (fault is not None and fault not in _AGAIN)
            wait = _jitter.uniform(0, _FIRST_WAIT_S * 2 ** (MAX_RETRIES - tries_left))
            if is_final or wait >= budget.left() or not again():
                break
            time.sleep(wait)
        if answer is None:
            raise FetchError(fault or Fault.TIMEOUT)
        return answer

    def download(
        self,
        path: str,
        into: BinaryIO,
        budget: Budget,
        *,
        max_bytes: int,
        read_s: float,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """GET once, the body of a success straight into a file; the answer's own ``body`` stays empty.

        Raises: FetchError; what stands in the file then is worth nothing.
        """
        plain = {"Accept": "*/*", "Accept-Encoding": "identity", **(headers or {})}
        return self._follow(path, {}, plain, budget, _Taking(read_s, max_bytes, into))

    def post_form(self, path: str, form: Mapping[str, str], budget: Budget, *, headers: Mapping[str, str]) -> Answer:
        """POST once: never again by itself, and not to where an answer points.

        Raises: FetchError.
        """
        return self._once(f"{self._base_url}{path}", {}, headers, budget, _Taking(form=form))

    def _follow(
        self,
        path: str,
        params: Mapping[str, Any],
        headers: Mapping[str, str],
        budget: Budget,
        taking: _Taking = _WHOLE,
    ) -> Answer:
        url = f"{self._base_url}{path}"
        answer = self._once(url, params, headers, budget, taking)
        for _hop in range(MAX_HOPS):
            if answer.status not in _REDIRECTS:
                return answer
            url = _joined(url, answer.headers.get("location", ""))
            if _origin(url) != self._origin:
                break
            answer = self._once(url, {}, headers, budget, taking)
        if answer.status in _REDIRECTS:
            raise FetchError(Fault.REDIRECT)
        return answer

    def _once(
        self, url: str, params: Mapping[str, Any], headers: Mapping[str, str], budget: Budget, taking: _Taking
    ) -> Answer:
        left = budget.left()
        if left <= 0:
            raise FetchError(Fault.TIMEOUT)
        with CallInHand() as call:
            # A read time-out counts from byte to byte: who sends one a second would never meet it.
            is_over = threading.Event()
            threading.Thread(target=call.cut_after, args=(left, is_over), daemon=True, name="budget").start()
            try:
                found = self._read(url, params, headers, left, taking)
            finally:
                is_over.set()
            was_cut = call.was_cut
        if isinstance(found, Fault):
            raise FetchError(Fault.TIMEOUT if was_cut else found)
        return found

    def _read(
        self, url: str, params: Mapping[str, Any], headers: Mapping[str, str], left: float, taking: _Taking
    ) -> Answer | Fault:
        """An answer or a fault; libraries' errors quote the whole address, so none is let through."""
        timeout = (min(CONNECT_S, left), min(taking.read_s, left))
        try:
            with self._session.request(
                "GET" if taking.form is None else "POST",
                url,
                params=params,
                data=taking.form,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                body, size = bytearray(), 0
                while taking.wants(response.status_code) and (chunk := response.raw.read(_CHUNK, decode_content=True)):
                    size += len(chunk)
                    if size > taking.max_bytes:
                        return Fault.TOO_BIG
                    if taking.into is None:
                        body += chunk
                    else:
                        taking.into.write(chunk)
                given = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, given, bytes(body))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            return _fault(error)


def _fault(error: BaseException) -> Fault:
    chain = list(_causes(error))
    if any(isinstance(one, Refused) for one in chain):
        return Fault.ADDRESS
    if any(isinstance(one, requests.ConnectTimeout | urllib3.exceptions.NewConnectionError) for one in chain):
        return Fault.CONNECT
    if any(isinstance(one, requests.Timeout | urllib3.exceptions.TimeoutError | TimeoutError) for one in chain):
        return Fault.TIMEOUT
    if any(isinstance(one, urllib3.exceptions.SSLError | requests.exceptions.SSLError) for one in chain):
        return Fault.ADDRESS
    if any(isinstance(one, urllib3.exceptions.DecodeError) for one in chain):
        return Fault.NOT_JSON
    return Fault.RESET


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting and len(found) < 20:  # noqa: PLR2004 - far deeper than libraries nest
        one = waiting.pop()
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            waiting.extend([one.__cause__, one.__context__, getattr(one, "reason", None), *one.args])
    return found


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return ""


def _origin(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return "", None, None
