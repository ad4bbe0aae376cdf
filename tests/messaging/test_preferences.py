"""What people choose about being written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from flask import Flask

from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.errors import RuleBroken
from advocacy.messaging import preferences
from advocacy.messaging.preference_models import Digest, PersonKind
from advocacy.messaging.preferences import Preference

ACTOR = system_actor()


@pytest.mark.both_databases
def test_preferences_when_chosen_hold_for_that_person_only(app: Flask) -> None:
    chosen = Preference("America/New_York", time(20), time(9, 30), None, Digest.WEEKLY, time(7), is_discreet=True)
    with uow.unit():
        preferences.choose(ACTOR, PersonKind.ACCOUNT, 1, chosen)
    with uow.reading():
        found = preferences.of("account", [1, 2], default_tz="Europe/London")
        same_number = preferences.one(PersonKind.SUPPORTER, 1)
    assert found == {1: chosen, 2: Preference(tz="Europe/London")}
    assert same_number == Preference()


def test_pause_lasts_its_weeks_and_choices_do_not_end_it(app: Flask) -> None:
    with uow.unit():
        preferences.pause(ACTOR, PersonKind.SUPPORTER, 1, 4)
        preferences.choose(ACTOR, PersonKind.SUPPORTER, 1, replace(Preference(), tz="Asia/Kolkata"))
    with uow.reading():
        found = preferences.one(PersonKind.SUPPORTER, 1)
    now = clock.now()
    assert found.tz == "Asia/Kolkata"
    assert found.is_paused(now + timedelta(days=27, hours=23))
    assert not found.is_paused(now + timedelta(weeks=4, seconds=1))
    with uow.unit():
        preferences.pause(ACTOR, PersonKind.SUPPORTER, 1, 0)
    with uow.reading():
        assert preferences.one(PersonKind.SUPPORTER, 1).paused_until is None


def test_pause_and_zone_take_only_what_is_offered(app: Flask) -> None:
    with uow.unit(), pytest.raises(RuleBroken):
        preferences.pause(ACTOR, PersonKind.ACCOUNT, 1, 3)
    with uow.unit(), pytest.raises(RuleBroken):
        preferences.choose(ACTOR, PersonKind.ACCOUNT, 1, Preference(tz="Mars/Olympus"))


def test_what_an_account_chose_is_exported_and_erased(app: Flask) -> None:
    with uow.unit():
        preferences.choose(ACTOR, PersonKind.ACCOUNT, 1, Preference(is_discreet=True))
    with uow.reading():
        assert preferences.export(1)["discreet"] is True
    with uow.unit():
        preferences.erase(1)
    with uow.reading():
        assert preferences.export(1) == {}
