"""A person whose every word is recognisable, and a net that catches her in what the house writes.

caught = canary.Net()                    # from now on everything that is logged goes through the net
... put canary.PERSON through a flow ...
caught.assert_clean()
"""

from __future__ import annotations

import io
import logging
from base64 import b64encode
from types import TracebackType
from typing import Self
from urllib.parse import quote

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
