"""What the demo coalition noted of the made-up lawmakers of Columbia."""

from __future__ import annotations

from dataclasses import dataclass

from advocacy.outreach.models import ContactKind

SECOND_BILL = ("SB 88", "Peer supporters in every emergency room", "Pays for a peer supporter on each shift.")


@dataclass(frozen=True)
class Known:
    """Who of the demo's people knows a lawmaker; ``who`` is the family name in the made-up pack."""

    who: str
    role: str
    strength: int
    years: int
    note: str = ""


KNOWN = (
    Known("Brightwater", "organizer", 5, 6, "They built the first warm line together."),
    Known("Ramanathan-Oakes", "organizer", 4, 3, "Came to two open evenings of the clinic."),
    Known("Winterbourne", "volunteer", 2, 1, "Met at the county fair."),
    Known("Sokol-Hart", "volunteer", 3, 2, "Answers mails within a week."),
    Known("Delgado-Finch", "organizer", 3, 4),
)


@dataclass(frozen=True)
class Talk:
    """A contact so many days ago; ``follow_up`` days ahead of today."""

    who: str
    kind: ContactKind
    days: int
    outcome: str
    staff: str = ""
    follow_up: int | None = None
    notes: str = ""


TALKS = (
    Talk("Brightwater", ContactKind.MEETING, 33, "She will carry the bill.", "Lee Park, chief of staff"),
    Talk("Ramanathan-Oakes", ContactKind.CALL, 20, "Wants to see what a night shift costs.", follow_up=4),
    Talk(
        "Winterbourne",
        ContactKind.MEETING,
        15,
        "Worried about the price. Asked who pays in the third year.",
        "Dana Ochs, legislative aide",
        6,
        "Bring the county's numbers for year three.",
    ),
    Talk("Sokol-Hart", ContactKind.EVENT, 41, "Spoke with three families at the open evening."),
    Talk("Novakovic-Reed", ContactKind.LETTER, 210, "The office confirmed that the letter came."),
    Talk("Clearwell", ContactKind.TESTIMONY, 9, "Listened to our two speakers and asked about staffing."),
)
