"""What the demo's deadlines are called: (title, kind, note)."""

from __future__ import annotations

from advocacy.reminders.kinds import DeadlineKind as Kind

NOTICE = "https://legislature.example/hearings/rules"
REGISTER = (
    "Register to testify",
    Kind.REGISTRATION_CLOSES,
    "Each speaker registers alone; have the bill number ready.",
)
INTERPRETER = ("Ask for interpreters", Kind.INTERPRETER_REQUEST, "Spanish and ASL.")
WRITTEN = ("Send written testimony", Kind.WRITTEN_DUE, "It is taken up to two days after the hearing begins.")
SHORT = ("One-minute versions", Kind.ONE_MINUTE_VERSION, "The chair may cut the time.")
COMMENTS = (
    "Comments on the school health rule",
    Kind.COMMENT_PERIOD,
    "One letter for all, personal stories beside it.",
)
REPORT = ("Report what we spent on lobbying", Kind.LOBBYING_REPORT, "")
TRAVEL = ("Pay the train tickets ahead", Kind.TRAVEL_ADVANCE, "")
