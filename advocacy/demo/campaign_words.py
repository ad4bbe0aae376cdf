"""What the demo campaign says: its plan, its asks, its facts, its bill. Numbers of the invented county are invented."""

from __future__ import annotations

from dataclasses import dataclass

TITLE = "Help that answers"
SLUG = "help-that-answers"
GOAL = (
    "When someone reaches out for mental health care, somebody answers: at night, in school, and in a crisis. "
    "We ask our lawmakers to pay for the people who pick up."
)


@dataclass(frozen=True)
class FactLine:
    """A fact card; ``years_ago`` counts from the year in which the demo is made, unless ``year`` is given."""

    claim: str
    source: str
    url: str = ""
    year: int | None = None
    years_ago: int = 1
    review_in: int = 200


FACTS = (
    FactLine(
        "Since July 2022, anyone in the United States can call or text 988 to reach the Suicide and Crisis Lifeline.",
        "Substance Abuse and Mental Health Services Administration (SAMHSA)",
        "https://www.samhsa.gov/mental-health/988",
        year=2022,
        review_in=330,
    ),
    FactLine(
        "The American School Counselor Association recommends one school counselor for every 250 students.",
        "American School Counselor Association (ASCA)",
        "https://www.schoolcounselor.org/About-School-Counseling/School-Counselor-Roles-Ratios",
        year=2023,
        review_in=240,
    ),
    FactLine(
        "In Riverbend County, six of ten calls to the warm line after 10 p.m. found nobody there. (An invented number, "
        "for this demonstration.)",
        "Riverbend warm line, call log",
        review_in=20,
    ),
)


@dataclass(frozen=True)
class AskLine:
    """An ask, with the places in ``FACTS`` of what speaks for it."""

    title: str
    text: str
    facts: tuple[int, ...]


ASKS = (
    AskLine(
        "Pay for two peer supporters on every night shift",
        "The warm line stays open from 10 p.m. to 7 a.m., all year. Peer supporters get a fair wage.",
        (2,),
    ),
    AskLine(
        "One counselor for every 250 students within three years",
        "Begin with the schools that have none.",
        (1,),
    ),
    AskLine(
        "A care team in every county, reached through 988",
        "A nurse and a peer supporter come first. Police come only when the care team asks.",
        (0,),
    ),
)

INDICATOR = ("Nights a month on which the warm line is open until morning", "nights", 0.0, 30.0)
MEASURED = ((60, 4.0, "Warm line rota"), (30, 8.0, "Warm line rota"), (5, 12.0, "Warm line rota"))
"""Days ago, number, source."""

MILESTONES = (
    (-40, "First thousand names", "reached"),
    (-14, "Care team petition handed over at the capitol", "reached"),
    (6, "School petition closes", "planned"),
    (21, "Hearing of the health committee", "planned"),
    (45, "Committee votes on SB 214", "planned"),
)
"""Days from now, title, state."""

TASKS = (
    ("Call the committee clerk about the hearing", 15, "none", "doing", 2, "organizer"),
    ("Write one page for the committee", 90, "low", "open", 4, "organizer"),
    ("Print sign-up sheets for the library table", 20, "none", "open", 1, "volunteer"),
    ("Bring flyers to the pharmacy", 30, "low", "open", 5, "volunteer"),
    ("Ask two speakers whether they want to tell their story", 40, "none", "open", 9, None),
    ("Thank everybody who came to the handover", 25, "none", "done", None, "organizer"),
    ("Book the room for the evening of listening", 15, "none", "done", None, "volunteer"),
    ("Rent a billboard", 120, "public", "dropped", None, None),
)
"""Title, minutes, exposure, column, days until due, role of whoever does it."""

SHARE = (
    "Tell one person about the warm line",
    (
        "Think of one person who works nights or worries at night. Tell them that a warm line exists, and should stay "
        "open until morning. You need not say anything about yourself."
    ),
    (
        "Did you know there is a phone line you can call before things get worse? People who have been through hard "
        "times answer it. Right now it closes at 10 p.m. Some of us are working to keep it open all night."
    ),
)
READ = (
    "Read what SB 214 would do",
    "Read the short summary of the bill. That is all: when somebody asks you, you know where we stand and why.",
)
TARGETS = (("committee", "Committee on Health and Care", "It decides whether SB 214 goes on."),)

BILL = (
    "SB 214",
    "Relating to care that answers at night",
    (
        "The bill would pay for warm lines that stay open all night and for care teams in each county. "
        "It would ask them to report every year how many calls nobody could take."
    ),
)
BILL_STEPS = (
    (70, "Introduced and read for the first time", "introduced"),
    (63, "Referred to the Committee on Health and Care", "in_committee"),
    (12, "Hearing announced", "in_committee"),
)
HEARING = "Hearing on SB 214: care that answers at night"
HEARING_SAID = ((18, "14:00", "Room 120"), (21, "10:00", "Room 120"), (21, "10:00", "Room 410, Annex"))
"""Days from now, time, place, as a source said them one after the other; nobody has decided on the last yet."""
CHAMBER = "Senate"
STEPS_SAID = ((2, "Fiscal note asked for", "other"),)
"""Days ago, what, its kind at the source."""
NEWS_TITLE = "743 names handed over"
NEWS_TEXT = """\
Five of us brought **743 names** to the capitol. Two members came out to meet us and asked good questions.
One said she had called a warm line herself.

Next comes the hearing. If you would like to help get ready for it, look at the list of things to do on this page:
the first one takes three minutes.
"""
