"""A crowd that signs over HTTP and notes what it was told; afterwards the rows are compared with the notes."""

from __future__ import annotations

import http.client
import threading
import time
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urlsplit

ACKNOWLEDGED = 303
PRESS_AGAIN_S = 0.1
ANSWER_S = 30.0


@dataclass
class Ledger:
    """What a crowd was told: addresses tried, and acknowledged when; ``took_s`` is the time of each answer."""

    tried: set[str] = field(default_factory=set)
    acknowledged: dict[str, float] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    breaks: Counter[str] = field(default_factory=Counter)
    took_s: list[float] = field(default_factory=list)
    bodies: dict[int, bytes] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def try_of(self, email: str) -> None:
        with self._lock:
            self.tried.add(email)

    def answer(self, email: str, status: int, took_s: float, body: bytes) -> None:
        with self._lock:
            self.statuses[status] += 1
            self.took_s.append(took_s)
            self.bodies.setdefault(status, body)
            if status == ACKNOWLEDGED:
                self.acknowledged.setdefault(email, time.monotonic())

    def broken(self, error: Exception) -> None:
        with self._lock:
            self.breaks[type(error).__name__] += 1

    @property
    def server_errors(self) -> int:
        """Answers of 500 and above."""
        return sum(count for status, count in self.statuses.items() if status >= 500)


@dataclass(frozen=True)
class Stored:
    """What the rows hold of one address."""

    signatures: int
    mails: int


@dataclass(frozen=True)
class Verdict:
    """What is wrong: acknowledged and gone, there more than once, with another number of mails than one."""

    lost: frozenset[str]
    doubled: frozenset[str]
    wrong_mails: frozenset[str]

    def __bool__(self) -> bool:
        """Whether all is well."""
        return not (self.lost or self.doubled or self.wrong_mails)


def judge(ledger: Ledger, stored: Mapping[str, Stored]) -> Verdict:
    """Compare what people were told with the rows."""
    nothing = Stored(0, 0)
    rows = {email: stored.get(email, nothing) for email in ledger.tried}
    return Verdict(
        lost=frozenset(email for email in ledger.acknowledged if not rows[email].signatures),
        doubled=frozenset(email for email, row in rows.items() if row.signatures > 1),
        wrong_mails=frozenset(email for email, row in rows.items() if row.signatures and row.mails != row.signatures),
    )


def percentile(values: list[float], share: float) -> float:
    """The value that ``share`` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def sign(
    connection: http.client.HTTPConnection,
    slug: str,
    email: str,
    *,
    name: str = "Rosalind Okafor",
    key: str | None = None,
    address: str | None = None,
) -> tuple[int, bytes]:
    """Post one signature form, as a browser without script would; ``address`` is whom a proxy would name."""
    form = {"name": name, "email": email, "postal_code": "55401", "country": "US", "display": "hidden"}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if key is not None:
        headers["Idempotency-Key"] = key
    if address is not None:
        headers["X-Forwarded-For"] = address
    connection.request("POST", f"/petitions/{slug}/signatures", urlencode(form), headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def _own_network(email: str) -> str:
    number = zlib.crc32(email.encode())
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.1"


def connect(base_url: str) -> http.client.HTTPConnection:
    """A connection to a server of ours."""
    address = urlsplit(base_url)
    return http.client.HTTPConnection(address.hostname or "127.0.0.1", address.port, timeout=ANSWER_S)


def sign_once(base_url: str, slug: str, email: str, **how: str) -> tuple[int, bytes]:
    """Post one signature over a connection of its own; ``how`` as in ``sign``."""
    connection = connect(base_url)
    try:
        return sign(connection, slug, email, **how)
    finally:
        connection.close()


class Crowd:
    """``people`` threads that sign, each time as somebody else, until left; who gets no answer presses again.

    Each signature comes from a network of its own, where the server trusts us to say so. ``pause_s`` slows each of them down; ``most`` ends a person after so many names; ``patience`` is how often somebody
    presses again without having been acknowledged.
    """

    def __init__(
        self,
        base_url: str,
        slug: str,
        *,
        people: int = 8,
        pause_s: float = 0.0,
        most: int | None = None,
        patience: int = 10_000,
        prefix: str = "signer",
    ) -> None:
        self.ledger = Ledger()
        self._base_url = base_url
        self._slug = slug
        self._pause_s = pause_s
        self._most = most
        self._patience = patience
        self._prefix = prefix
        self._leaving = threading.Event()
        self._threads = [threading.Thread(target=self._person, args=(number,), daemon=True) for number in range(people)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        self.leave()

    def leave(self) -> None:
        """Begin nothing new, and wait for the answers that are still owed."""
        self._leaving.set()
        self.join()

    def join(self) -> None:
        for thread in self._threads:
            thread.join(ANSWER_S * 2)
        assert not any(thread.is_alive() for thread in self._threads), "an answer never came"

    def _person(self, number: int) -> None:
        connection = connect(self._base_url)
        turn = 0
        while not self._leaving.is_set() and (self._most is None or turn < self._most):
            turn += 1
            email = f"{self._prefix}-{number}-{turn}@example.org"
            self.ledger.try_of(email)
            for _press in range(self._patience):
                if self._sign(connection, email):
                    break
                connection.close()
                connection = connect(self._base_url)
                if self._leaving.wait(PRESS_AGAIN_S):
                    break
            if self._pause_s:
                self._leaving.wait(self._pause_s)
        connection.close()

    def _sign(self, connection: http.client.HTTPConnection, email: str) -> bool:
        began = time.monotonic()
        try:
            status, body = sign(connection, self._slug, email, key=email, address=_own_network(email))
        except (OSError, http.client.HTTPException) as error:
            self.ledger.broken(error)
            return False
        self.ledger.answer(email, status, time.monotonic() - began, body)
        return status == ACKNOWLEDGED
