"""What the demo coalition noted of the made-up lawmakers of Columbia."""

from __future__ import annotations

from dataclasses import dataclass

from advocacy.outreach.models import ContactKind
from advocacy.outreach.position_models import Confidence, Promise, PromiseState, Stand


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


@dataclass(frozen=True)
class Stands:
    """Where a lawmaker stands, by evidence so many days old."""

    who: str
    stand: Stand
    confidence: Confidence
    days: int
    quote: str
    url: str = ""


RECORD, HEARD, GUESS = Confidence.RECORD, Confidence.HEARD, Confidence.GUESS
STANDS = (
    Stands(
        "Brightwater",
        Stand.YES,
        RECORD,
        33,
        "Chief sponsor of the bill.",
        "https://example.org/columbia/bills/sponsors",
    ),
    Stands("Novakovic-Reed", Stand.UNDECIDED, GUESS, 120, "His office only confirmed that our letter came."),
    Stands("Ramanathan-Oakes", Stand.LEANS_YES, HEARD, 20, "“If a night shift costs what you say, I am with you.”"),
    Stands("Winterbourne", Stand.LEANS_NO, HEARD, 61, "“I do not see who pays for it.”"),
    Stands("Winterbourne", Stand.UNDECIDED, HEARD, 15, "“Show me year three, then we talk.”"),
    Stands("Sokol-Hart", Stand.YES, HEARD, 41, "“Count me in.”"),
    Stands(
        "Clearwell", Stand.NO, RECORD, 9, "Spoke against it in committee.", "https://example.org/columbia/hearings/9"
    ),
)


@dataclass(frozen=True)
class Promised:
    """A promise made so many days ago, due so many days from today; ``state`` says what became of it."""

    who: str
    kind: Promise
    what: str
    days: int
    due: int | None
    state: PromiseState = PromiseState.OPEN
    outcome: str = ""


PROMISES = (
    Promised(
        "Brightwater",
        Promise.SPONSOR,
        "Carry the bill in the senate",
        60,
        -30,
        PromiseState.KEPT,
        "She is named as chief sponsor.",
    ),
    Promised("Ramanathan-Oakes", Promise.MEET, "Visit a night shift of the warm line", 20, 5),
    Promised("Winterbourne", Promise.OTHER, "Read the county's numbers for year three", 15, -2),
    Promised("Sokol-Hart", Promise.SPEAK, "Speak for the bill on the floor", 41, 30),
)
