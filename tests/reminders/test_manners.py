"""When a reminder suits its reader: quiet hours of their zone, digests."""

from __future__ import annotations

from datetime import time

import pytest

from advocacy.messaging.preference_models import Digest
from advocacy.messaging.preferences import Preference
from advocacy.reminders.manners import plan, quiet_around
from tests.reminders.conftest import utc

NIGHT = {"quiet_from": time(21), "quiet_to": time(8)}
NONE = {"quiet_from": time(0), "quiet_to": time(0)}
CASES = [
    # zone, wish, wanted (UTC), due, said, digest
    ("America/New_York", NIGHT, "2027-06-10T10:00", "2027-06-10T16:00", "2027-06-10T00:45", False),  # 06:00: the evening
    ("America/New_York", NIGHT, "2027-06-10T12:00", "2027-06-10T16:00", "2027-06-10T12:00", False),  # 08:00 is day
    ("America/New_York", NIGHT, "2027-06-11T01:00", "2027-06-11T16:00", "2027-06-11T00:45", False),  # 21:00 is night
    ("America/New_York", NIGHT, "2027-03-14T10:00", "2027-03-14T20:00", "2027-03-14T01:45", False),  # the short night
    ("America/New_York", NIGHT, "2027-11-07T12:30", "2027-11-07T20:00", "2027-11-07T00:45", False),  # the long night
    ("Europe/London", NIGHT, "2027-10-31T07:30", "2027-10-31T20:00", "2027-10-30T19:45", False),
    ("Asia/Kolkata", NIGHT, "2027-06-10T22:00", "2027-06-11T12:00", "2027-06-10T15:15", False),
    ("Asia/Kolkata", NONE, "2027-06-10T22:00", "2027-06-11T12:00", "2027-06-10T22:00", False),
    ("Asia/Kolkata", {"quiet_from": time(13), "quiet_to": time(15)}, "2027-06-10T08:30", "2027-06-11T12:00",
     "2027-06-10T07:15", False),
    ("UTC", {"digest": Digest.DAILY}, "2027-06-10T15:00", "2027-06-12T12:00", "2027-06-10T08:00", True),
    ("UTC", {"digest": Digest.DAILY}, "2027-06-10T15:00", "2027-06-11T07:00", "2027-06-10T15:00", False),  # too near
    ("UTC", {"digest": Digest.DAILY}, "2027-06-09T09:00", "2027-06-12T12:00", "2027-06-10T08:00", True),  # that was past
    ("UTC", {"digest": Digest.WEEKLY}, "2027-06-17T15:00", "2027-06-30T12:00", "2027-06-14T08:00", True),  # Monday
    ("UTC", {"digest": Digest.WEEKLY}, "2027-06-17T15:00", "2027-06-20T12:00", "2027-06-17T15:00", False),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_i145_reminder_moves_earlier_out_of_quiet_hours_or_into_a_digest(
    case: tuple[str, dict, str, str, str, bool],
) -> None:
    zone, wish, wanted, due, said, is_digest = case
    now = utc("2027-06-09T08:30") if is_digest else utc(wanted)
    found = plan(utc(wanted), utc(due), Preference(tz=zone, **wish), now)
    assert (found.at, found.is_digest) == (utc(said), is_digest)
    assert found.at <= utc(due)


def test_quiet_hours_hold_from_their_beginning_until_their_end() -> None:
    wish = Preference(tz="UTC", **NIGHT)
    night = (utc("2027-06-10T21:00"), utc("2027-06-11T08:00"))
    assert [quiet_around(utc(at), wish) for at in ("2027-06-10T20:59", "2027-06-11T08:00")] == [None, None]
    assert [quiet_around(utc(at), wish) for at in ("2027-06-10T21:00", "2027-06-11T07:59")] == [night, night]
