"""LegiScan: bills of 50 states and Congress with a hash for each change. Experimental: nothing recorded.

Needs a key; 30,000 calls a month. The cheapest way to watch many bills: the raw list of a session, then the bills
whose hash moved. An error is 200 with ``status: ERROR``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from advocacy.civic.adapters.ports import FoundAction, FoundBill, FoundSponsor, ProviderDataError, type_ask
from advocacy.civic.adapters.shape import Shape, read, type_block, type_line, type_url

NAME = "legiscan"
BILLS = "bills"


class _Status(Shape):
    status: type_line


class _Entry(Shape):
    bill_id: int
    number: type_line
    change_hash: type_line


class _MasterList(Shape):
    masterlist: dict[str, dict[str, Any]]


class _Session(Shape):
    session_name: type_line = ""


class _Step(Shape):
    date: type_line = ""
    action: type_block = ""
    chamber: type_line = ""


class _Sponsor(Shape):
    name: type_line = ""
    sponsor_type_id: int = 0


class _Bill(Shape):
    bill_id: int
    state: type_line
    bill_number: type_line
    title: type_block = ""
    body: type_line = ""
    state_link: type_url = ""
    session: _Session = Field(default_factory=_Session)
    history: list[_Step] = Field(default_factory=list)
    sponsors: list[_Sponsor] = Field(default_factory=list)


class _OneBill(Shape):
    bill: _Bill


def parse_hashes(answer: Any) -> dict[int, str]:  # noqa: ANN401 - JSON
    """The present hash of every bill of a session.

    Raises: ProviderDataError, as all of these.
    """
    _refuse_error(answer)
    entries = read(_MasterList, answer).masterlist
    found = [read(_Entry, value) for key, value in entries.items() if key != "session"]
    return {one.bill_id: one.change_hash for one in found}


def parse_bill(answer: Any) -> FoundBill:  # noqa: ANN401 - JSON
    """One bill with its history, oldest first."""
    _refuse_error(answer)
    found = read(_OneBill, answer).bill
    last = found.history[-1] if found.history else _Step()
    return FoundBill(
        key=f"legiscan-{found.bill_id}",
        jurisdiction=found.state.lower(),
        session=found.session.session_name,
        identifier=found.bill_number,
        title=found.title,
        chamber=found.body.lower(),
        url=found.state_link,
        latest_action_on=last.date,
        latest_action=last.action,
        actions=tuple(
            FoundAction(f"{number}:{one.date}", one.date, one.action, body=one.chamber)
            for number, one in enumerate(found.history)
        ),
        sponsors=tuple(FoundSponsor(one.name, is_primary=one.sponsor_type_id == 1) for one in found.sponsors),
    )


def _refuse_error(answer: Any) -> None:  # noqa: ANN401 - JSON
    if read(_Status, answer).status != "OK":
        path = "status"
        raise ProviderDataError(path)


class LegiScan:
    """Bills whose hash moved."""

    def __init__(self, ask: type_ask) -> None:
        self._ask = ask

    def hashes(self, state: str) -> dict[int, str]:
        """The hash of every bill of a state's present session.

        Raises: SourceError.
        """
        return parse_hashes(self._ask(BILLS, "/", {"op": "getMasterListRaw", "state": state.upper()}))

    def changed(self, state: str, known: Mapping[int, str]) -> Iterator[FoundBill]:
        """The bills among the known ones whose hash moved: a call each.

        Raises: SourceError.
        """
        for bill_id, mark in self.hashes(state).items():
            if bill_id in known and known[bill_id] != mark:
                yield parse_bill(self._ask(BILLS, "/", {"op": "getBill", "id": bill_id}))
