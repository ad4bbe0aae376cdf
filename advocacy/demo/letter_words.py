"""What the demo's organizations write and sign together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Organization:
    """A member of the demo coalition; ``signer`` is empty where nobody has signed yet."""

    name: str
    tax_status: str
    signer: str = ""
    title: str = ""
    place: str = "Riverbend"
    may_lobby: bool = True
    h_election: bool = False
    shown: str = "full"
    asks_each: bool = False
    logo_use: str = "never"
    role: str = ""
    """Which of the demo's people acts for it."""


ORGANIZATIONS = (
    Organization(
        "Harbor Street Clinic", "c3", "Ingrid Vale", "Director", h_election=True, role="organizer", logo_use="always"
    ),
    Organization(
        "Care Workers United",
        "union",
        "Devon Marsh",
        "President",
        role="volunteer",
        asks_each=True,
        logo_use="ask_each",
    ),
    Organization("Families Beside You", "c3", "Amina Yusuf", "Chair of the board", h_election=True),
    Organization("Peer Bridge", "c3", "Kofi Mensah", "Executive Director", h_election=True, shown="organization"),
    Organization("Riverbend Youth Line", "c3", h_election=True),
    Organization("Open Table Church", "c3", "Ruth Adeyemi", "Pastor", place="Millbrook"),
    Organization("Riverbend County Health Agency", "government", may_lobby=False),
)

SLUG = "pay-the-night-staff"
TITLE = "Pay for the night staff of the warm line"
ADDRESSEES = "The Honorable Odessa Crane\nChair, Committee on Health and Human Services\nState House, Room 410"
BODY = """We are organizations that answer when people in Riverbend have nobody else to call.

The warm line is open by day. At night a machine picks up. We ask the committee to pay for two trained peers on every \
night shift:

- People who call early stay out of the emergency room.
- Families can sleep, because somebody is awake.
- Each call costs less than one ride in an ambulance.

Please bring the bill to a vote this session. We are glad to answer questions, and to bring people who have used the \
line.
"""

PEOPLE = (
    ("Leila Haddad", "Riverbend", "full"),
    ("Tomás Rivera", "Millbrook", "full"),
    ("Grace Okonkwo", "Riverbend", "full"),
    ("Hana Sato", "Riverbend", "counted"),
    ("Peter Lindqvist", "Ferry Landing", "full"),
    ("Yusuf Demir", "Millbrook", "full"),
    ("Rosa Delgado", "Riverbend", "counted"),
    ("Wendell Shaw", "Ferry Landing", "full"),
)
"""Who signs the letter for themselves: name, town, how they are shown."""

SPENDING_MINOR = 820_000_00
"""What the clinic spends on its purpose in a year. Units: cents."""
ENTRIES = (
    ("organizer", "direct", 12, "Met with the chair's staff about the night shift", 90, 0),
    ("organizer", "direct", 6, "Wrote our part of the letter", 150, 42_00),
    ("organizer", "grassroots", 4, "Mail to our friends: call your senator", 60, 310_00),
    ("organizer", "not_lobbying", 3, "Open evening about the warm line", 120, 85_00),
    ("volunteer", "direct", 6, "Talked with members of the committee", 75, 0),
    ("volunteer", "grassroots", 2, "Flyer: ask for a vote on the night shift", 45, 120_00),
)
"""By whom, what it was, days ago, in words, minutes, cents."""
NO_VIEW = "Nobody gave a view on the bill."
OFFICE = "Office of Senator Odessa Crane"
OUTCOME = "Her staff asked for the number of calls by hour. We promised it in two weeks."
