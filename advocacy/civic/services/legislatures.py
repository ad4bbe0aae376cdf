"""Ask a source about a legislature: its bills, its hearings. Every question is counted, limited and noted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeVar

from flask_babel import gettext as _

from advocacy.civic import rules
from advocacy.civic.adapters import congress_gov, openstates
from advocacy.civic.adapters.ports import (
    FoundBill,
    FoundCommittee,
    FoundEvent,
    FoundPerson,
    NoSuchThing,
    ProviderDataError,
    SourceError,
    Spot,
)
from advocacy.civic.places import BY_CODE
from advocacy.civic.services.asking import Asking
from advocacy.civic.services.sources import Source, configured
from advocacy.core import clock
from advocacy.core.http_client import Budget

Item = TypeVar("Item")
CONGRESS = "us"
SEARCHED = 20
_NUMBER = re.compile(r"\A([A-Za-z. ]{1,12}?)\s*(\d{1,6})\Z")


def source_for(code: str) -> str:
    """The source that knows a state's legislature, or Congress (``us``), best among those that may be asked."""
    if code == CONGRESS and (congress_gov.NAME in configured() or openstates.NAME not in configured()):
        return congress_gov.NAME
    return openstates.NAME


def may_ask(source: str, code: str) -> bool:
    """Whether a source may be asked about a legislature; nobody outside knows the made-up ones of a demonstration."""
    return source in configured() and (code == CONGRESS or code.upper() in BY_CODE)


def codes() -> list[tuple[str, str]]:
    """Legislatures that can be asked for: two letters and a name; Congress first."""
    states = [(place.code.lower(), place.name) for place in BY_CODE.values()]
    return [(CONGRESS, _("Congress of the United States")), *sorted(states, key=lambda one: one[1])]


def route_of(source: str, what: str) -> str:
    """The group of a source's routes (its circuit breaker) that gives ``bills`` or ``events``."""
    return congress_gov.MEETINGS if source == congress_gov.NAME and what == openstates.EVENTS else what


class Upstream:
    """One source, within a budget of time. Needs: no open transaction."""

    def __init__(self, source: Source, budget: Budget, *, for_people: bool) -> None:
        self.source = source
        self._asking = Asking(source, budget, for_people=for_people)
        self._states = openstates.OpenStates(self._asking)
        self._congress = congress_gov.CongressGov(self._asking, rules.congress_on(clock.now().date()))
        self.is_congress = source.name == congress_gov.NAME

    def bills_since(self, code: str, since: str) -> Iterator[FoundBill]:
        """Bills changed since an instant, the oldest change first.

        Raises: SourceError.
        """
        source = self._congress if self.is_congress else self._states
        return self._noting(source.bills_since(code, since))

    def events_after(self, code: str, after: str, spot: Spot) -> Iterator[FoundEvent]:
        """Hearings, cancelled and deleted ones among them; of a state from a spot on, which is moved on the way.

        Raises: SourceError.
        """
        if self.is_congress:
            return self._noting(self._congress.events_after(code, after))
        return self._noting(self._states.events_after(code, after, spot))

    def bill(self, code: str, session: str, identifier: str) -> FoundBill:
        """One bill with its steps.

        Raises: SourceError; NoSuchThing when there is none.
        """
        if not self.is_congress:
            return self._noted(lambda: self._states.bill(code, session, identifier))
        found = _NUMBER.match(identifier)
        if found is None:
            raise NoSuchThing
        kind, number = "".join(char for char in found[1] if char.isalpha()), found[2]
        return self._noted(lambda: self._congress.bill(kind, number))

    def event(self, key: str) -> FoundEvent:
        """One hearing by its key.

        Raises: SourceError; NoSuchThing when it is gone.
        """
        return self._noted(lambda: self._states.event(key))

    def people(self, division_id: str) -> tuple[FoundPerson, ...]:
        """Who sits for a division.

        Raises: SourceError.
        """
        return self._noted(lambda: self._states.people(division_id))

    def committees(self, code: str) -> Iterator[FoundCommittee]:
        """The committees of a legislature with their members.

        Raises: SourceError.
        """
        return self._noting(self._states.committees(code))

    def search(self, code: str, words: str) -> list[FoundBill]:
        """Bills by number or words; Congress only by number.

        Raises: SourceError.
        """
        if self.is_congress:
            return [self.bill(code, "", words)]
        return list(islice(self._noting(self._states.search_bills(code, words)), SEARCHED))

    def _noting(self, items: Iterator[Item]) -> Iterator[Item]:
        try:
            yield from items
        except ProviderDataError as error:
            self._asking.refuse(error)
            raise

    def _noted(self, ask: Callable[[], Item]) -> Item:
        try:
            return ask()
        except ProviderDataError as error:
            self._asking.refuse(error)
            raise


def of(name: str, budget: Budget, *, for_people: bool) -> Upstream:
    """A source by its name.

    Raises: SourceError when the operator lets nobody ask it.
    """
    source = configured().get(name)
    if source is None:
        code = "no_source"
        raise SourceError(code)
    return Upstream(source, budget, for_people=for_people)
