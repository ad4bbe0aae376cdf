"""What the demo coalition says of itself, and what its organizations decide."""

ABOUT = """We are clinics, families, unions, churches and peers of Riverbend who want help that answers: at night, in \
school, and in a crisis.

Each of our organizations has one vote. What we say in public, we decided together."""
SPOKESPERSON = (
    "Maya speaks to the press. On the county's own programs, the county agency is asked before anybody speaks."
)

COMMITTEE = "Story circle"
PURPOSE = "Looks after people who tell their story, and says how stories may be used."

PASSED_TITLE = "Support the night staff bill"
PASSED_TEXT = "The coalition supports the bill that pays two peers on every night shift, and says so in its own name."
PASSED_VOTES = ("support", "support", "support", "support", "support", "stand_aside", "abstain")
"""In the order of the organizations; the county agency takes no side."""

OPEN_TITLE = "Ask the county for a quiet room in every emergency department"
OPEN_TEXT = """We ask the county to give each emergency department one quiet room for people who wait in a crisis.

If this passes, two of us carry it to the county board in our common name."""
OPEN_VOTES = (("volunteer", "support", "Our members ask for it in every meeting."),)
"""Who has voted so far, for the organization each acts for."""

PARTNER_INTRO = """At Harbor Street we see people at eight in the morning who waited alone all night.

Please sign with us. It takes a minute, and the committee counts every name."""

SECOND_PARTNER_INTRO = """Our members work in schools and clinics, and see who waits for a counselor.

Sign with us, and pass it on to somebody who works beside you."""

SEAT_OFFERED_TO = "neighbour1@riverbend.example"
"""Somebody with no other part in the coalition."""
