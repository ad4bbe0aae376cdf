"""What the demo coalition says: its petitions, its people and the words of those who signed."""

from __future__ import annotations

import re
from dataclasses import dataclass

COALITION_NAME = "Riverbend Mental Health Coalition"
COALITION_SLUG = "riverbend"


@dataclass(frozen=True)
class Words:
    """A petition as its organizers wrote it."""

    slug: str
    title: str
    text: str

    @property
    def flowing(self) -> str:
        """The text with each paragraph on one line, as people type it."""
        return re.sub(r"(?<!\n)\n(?![\n\d-])", " ", self.text.strip())


WARM_LINE = Words(
    "warm-line-all-night",
    "Keep the warm line open all night",
    """\
To the members of our legislature:

A warm line is a phone number that anyone can call before things become a crisis. The people who answer have lived
through hard times themselves. They listen. They know what helps nearby. Nobody has to be in danger to call.

**Right now our warm line closes at 10 p.m.** The hours after that are the longest ones. Callers tell us they wait until
morning, or go to an emergency room because it is the only door with a light on.

We ask you to:

1. Pay for two peer supporters on every night shift, all year.
2. Pay peer supporters a fair wage, with training and time to recover.
3. Let people call, text or chat, in the languages spoken in our towns.

One night of warm line costs less than one visit to an emergency room. More than that, it means a person who reached out
was not left alone with it.

Thank you for hearing us.
""",
)

SCHOOL = Words(
    "a-counselor-within-reach",
    "A counselor within reach of every student",
    """\
To the education committee:

Students tell us what they need: an adult with time, behind a door that is open, before a bad week becomes a bad year.

In many of our schools one counselor serves more than 500 students. School counselors' own guidance is one for 250.
In the smaller towns there may be one counselor for three buildings.

We ask you to:

- Fund at least **one counselor for every 250 students** within three years, starting with the schools that have none.
- Keep counselors free for students, not for schedules and test days.
- Let students see a counselor without a note that says why.
- Ask students each year whether they could reach someone when they needed to, and publish the answer.

Young people who live with anxiety, grief or trauma learn, play and lead every day. Help them do it with someone in
their corner.
""",
)

CARE_TEAM = Words(
    "send-a-care-team",
    "Send a care team when someone is in crisis",
    """\
To the members of our legislature:

When a person has a mental health crisis, the first face they see matters. A calm nurse and a peer supporter in plain
clothes can often help someone settle at home, with family near. Sirens can make fear worse for everyone.

Three counties here began care teams last year. Most of their visits ended with the person safe at home and an
appointment for the same week.

We ask you to:

1. Bring **mobile care teams** to every county, day and night, reached through 988.
2. Send police only when somebody is in danger and the care team asks.
3. Open a place in each region where a person can rest and be cared for, for up to a day, without being locked in.
4. Include people who have lived through a crisis when you plan it, and pay them for their time.

Nobody should need to be arrested to be cared for.
""",
)

COMMENTS = (
    "I called the warm line for my brother. Someone stayed on until he slept.",
    "I live with depression and I vote.",
    "Our nearest clinic is an hour away. A phone call is not too much to ask.",
    "As a school nurse I see who is waiting. Thank you for asking for this.",
    "My mother waited nine hours in an emergency room. There was a better way.",
    "Recovery is real. It took people who listened.",
    "I am a retired teacher. One counselor for five hundred children was never enough.",
    "For my daughter, who is doing well now.",
    "A peer supporter was the first person who did not rush me.",
    "I work nights. So does worry.",
    "Please count rural families too.",
    "I drive an ambulance. We need somewhere to take people other than the ER.",
    "My son is fifteen and says he would go if the door were open.",
    "Signed for my neighbor, who asked me to read this to him.",
    "Care first. Always.",
    "I came home from service and a stranger on the phone helped me stay.",
    "We talk about this at our mosque now. I am glad to sign.",
    "Language matters. My grandmother needs help in her own.",
    "This would have helped us in 2019.",
    "I am a pharmacist and I hear how people are coping. They need more than me.",
    "Thank you for writing this so kindly.",
    "I have bipolar disorder, a job and two children. Fund what works.",
    "The care team came to our street last year. Everyone stayed safe.",
    "It costs less to listen.",
)

PEOPLE = (
    ("Maya Okonkwo", "maya"),
    ("Tomasz Zieliński", "tomasz"),
    ("Rosa Delgado", "rosa"),
    ("Hannah Birch", "hannah"),
    ("Ibrahim Diallo", "ibrahim"),
    ("June Takahashi", "june"),
    ("Leah Whitehorse", "leah"),
    ("Samir Haddad", "samir"),
)
"""Members of the coalition, and what stands before the @ of their address; roles are dealt out in this order."""

OPERATOR = ("Nia Rowan", "nia")
"""Whoever runs the platform."""

NAMES = tuple(
    (given.split(), family.split())
    for given, family in (
        (
            "Emma James Olivia Henry Ruth Walter Grace Peter Alice Frank Nora Daniel Martha George Clara Thomas",
            "Baker Turner Hughes Collins Marsh Whitfield Ellis Porter Lawson Reed Harper Fletcher Dunn Sawyer",
        ),
        (
            "María José Lucía Carlos Elena Miguel Sofía Ángel Carmen Diego Pilar Andrés Ximena Rafael",
            "García Hernández Núñez Ramírez Ortega Vargas Castillo Peña Morales Ríos Ibáñez Quintero",
        ),
        (
            "Aaliyah Malik Imani Darnell Keisha Andre Jada Terrence Monique Isaiah Latoya Marcus",
            "Washington Freeman Brooks Coleman Banks Jefferson Mosley Gaines Bell Booker",
        ),
        (
            "Linh Minh Thảo Huy Mai Tuấn Lan Dũng Hương Quân",
            "Nguyễn Trần Lê Phạm Hoàng Võ Đặng Bùi",
        ),
        (
            "Wei Mei Jun Xiu Hao Lin Yan Jie Fang Ming",
            "Chen Wang Liu Huang Zhao Wu Zhou Lin",
        ),
        (
            "Priya Arjun Ananya Rohan Lakshmi Vikram Meera Sanjay Kavya Nikhil",
            "Sharma Patel Iyer Reddy Banerjee Kapoor Nair Desai Gill",
        ),
        (
            "Amina Yusuf Fatima Omar Layla Hassan Zahra Khalid Noor Tariq",
            "Al-Amin Rahman Haddad Siddiqui Farah Abdi Mansour Karimi",
        ),
        (
            "Chidi Ngozi Kwame Abena Tunde Folake Kofi Adaeze Sekou Mariama",
            "Okafor Mensah Adeyemi Boateng Diallo Traoré Eze Owusu",
        ),
        (
            "Katarzyna Piotr Olga Dmitri Ivana Marek Svetlana Jakub Halina Luka",
            "Kowalska Nowak Petrenko Horvat Novák Ivanov Wójcik Marković",
        ),
        (
            "Dakota Winona Joseph Aiyana Thomas Kaya Chaska Elena Robert Leilani",
            "Begay Yazzie Two-Rivers Redbird Tsosie Kealoha Littlefeather Cloud",
        ),
        (
            "Haruka Kenji Yuki Sora Ji-woo Min-jun Seo-yeon Hiroshi Aiko Hyun",
            "Tanaka Sato Kim Park Lee Nakamura Choi Mori",
        ),
        (
            "Siobhán Ciarán Aoife Liam Niamh Seán Margaret Patrick Bríd Eoin",
            "O'Brien Murphy Kelly Ó'Súilleabháin Walsh Byrne MacLeod Fraser",
        ),
    )
)
"""Given and family names that go together."""

COMPLAINTS = (
    ("district", "ocd-division/country:us/state:zz/cd:2", "District 1"),
    ("district", "ocd-division/country:us/state:zz/cd:2", "District 1"),
    ("left", "ocd-division/country:us/state:zz/cd:3", ""),
    ("contact", "ocd-division/country:us/state:zz/cd:1", "A number that somebody answers"),
)
"""What visitors say was wrong: reason, district, what they expected."""
