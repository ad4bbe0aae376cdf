"""A person whose every word is recognisable, and a net that catches her in what the house writes.

caught = canary.Net()                    # from now on everything that is logged goes through the net
... put canary.PERSON through a flow ...
caught.assert_clean()
"""

from __future__ import annotations

import io
import logging
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self
from unittest import mock
from urllib.parse import quote
from zlib import crc32

from sqlalchemy import Column, String, event
from sqlalchemy.orm import Mapper

from advocacy.core import crypto
from advocacy.core.db import db

PERSON = {
    "name": "Quillandra Vexworthy",
    "email": "quillandra.vexworthy+canary@example.org",
    "phone": "+1 202 555 0147",
    "address": "4711 Zephyrine Lane",
    "comment": "my xylotherapy story",
    "password": "canary grommet 8814",
    "token": "CANARYTOKEN_0123456789abcdefghijklmnopqrstu",
    "ip": "198.51.100.237",
}
TRACES = (
    "quillandra",
    "vexworthy",
    "555 0147",
    "5550147",
    "zephyrine",
    "xylotherapy",
    "grommet",
    "canarytoken",
    "198.51.100.237",
)


def traces_in(text: str) -> list[str]:
    """Which of the person's words a text gives away, also coded for a URL or in base64."""
    lowered = text.lower()
    coded = [(trace, quote(trace)) for trace in TRACES]
    coded += [(key, b64encode(PERSON[key].encode()).decode().rstrip("=").lower()) for key in PERSON]
    return sorted({trace for trace in TRACES if trace in lowered} | {name for name, form in coded if form in lowered})


class Net:
    """Catches everything that loggers of this process write, at the finest level, in the form in which it leaves."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        self._root = logging.getLogger()

    def __enter__(self) -> Self:
        self._handlers = self._root.handlers[:]
        self._level = self._root.level
        handler = logging.StreamHandler(self._stream)
        ours = next((found for found in self._handlers if type(found.formatter).__name__ == "ProcessorFormatter"), None)
        assert ours is not None, "the app has not set its logging up"
        handler.setFormatter(ours.formatter)
        self._root.handlers[:] = [handler]
        self._root.setLevel(logging.DEBUG)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._root.handlers[:] = self._handlers
        self._root.setLevel(self._level)

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    def assert_clean(self) -> None:
        """D-05: nothing of the person, and one line an event."""
        found = traces_in(self.text)
        lines = [line for line in self.text.splitlines() if traces_in(line)]
        assert not found, f"{found} in: {lines[:5]}"


# Columns whose words are codes, addresses or names of machines: a mark would break what reads them.
CODES = re.compile(
    r"(.*_id|slug|key|nonce|hash|sha256|kind|state|role|tz|locale|url|website|action|actor|token"
    r"|legislator_key|name_fold|identifier|identifier_norm|ocd_id|easy_action|text_html|dedupe_key|lock|agent)\Z"
)
# Tables of the house itself, and texts that are the same for everybody.
CODE_TABLES = frozenset({"audit_event", "consent_text", "data_key", "deadline", "job", "job_run", "mail", "mail_route"})
CODE_TABLES |= {"civic_pack", "civic_pin", "civic_conflict"}  # public data that every coalition stands on
SHORTEST_WORDS = 60
MARK = re.compile(r"zq[a-z]{6}")


class Marks:
    """Gives every column that holds words a mark of its own, so that it is seen where these words come out."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}
        self.sealed: set[str] = set()

    def mark_of(self, place: str) -> str:
        """A made-up word; ``place`` is ``table.column``."""
        number, letters = crc32(place.encode()), ""
        for _ in range(6):
            number, letter = divmod(number, 26)
            letters += chr(ord("a") + letter)
        self.places[f"zq{letters}"] = place
        return f"zq{letters}"

    def found_in(self, text: str) -> set[str]:
        """The places whose words a text holds."""
        return {self.places[mark] for mark in set(MARK.findall(text.lower())) & self.places.keys()}

    @contextmanager
    def on_every_word(self) -> Iterator[None]:
        """Mark the words of every row that is inserted inside, sealed ones too."""
        seal = crypto.seal

        def sealed(scope: str, plain: str, *, table: str, column: str, row: str) -> bytes:
            mark = self.mark_of(f"{table}.{column}")
            self.sealed.add(f"{table}.{column}")
            marked = f"{mark}.{plain}" if "@" in plain else f"{plain} {mark}"
            return seal(scope, marked, table=table, column=column, row=row)

        def insert(_mapper: Mapper[Any], _connection: object, row: Any) -> None:
            for column in row.__table__.columns:
                if _holds_words(column) and isinstance(said := getattr(row, column.key), str):
                    room = (column.type.length or 10_000) - 9
                    setattr(
                        row, column.key, f"{said[:room]} {self.mark_of(f'{row.__tablename__}.{column.key}')}".strip()
                    )

        event.listen(db.Model, "before_insert", insert, propagate=True)
        try:
            with mock.patch.object(crypto, "seal", sealed):
                yield
        finally:
            event.remove(db.Model, "before_insert", insert)


def _holds_words(column: Column[Any]) -> bool:
    if not isinstance(column.type, String) or CODES.search(column.name) or column.table.name in CODE_TABLES:
        return False
    return column.type.length is None or column.type.length >= SHORTEST_WORDS
