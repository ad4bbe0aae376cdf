"""What a ladder writes: the step's own words, as they stand in the version that the person is on."""

from __future__ import annotations

from advocacy.coalitions import queries as coalitions
from advocacy.core.db import db
from advocacy.mailings import ladder_people
from advocacy.mailings.ladder_models import Enrollment, EnrollmentState, LadderStep, LadderVersion
from advocacy.messaging import render
from advocacy.supporters import queries as supporters
from advocacy.supporters.models import Person, PersonState
from advocacy.web.manifest import Content, MailFacts

NAME = "{name}"


def step(facts: MailFacts) -> Content | None:
    """One step's mail; none when the person left the ladder or took their leave back meanwhile."""
    row = db.session.get(Enrollment, int(facts.params["enrollment"]))
    found = db.session.get(LadderStep, facts.object_id)
    if row is None or found is None or row.state == EnrollmentState.LEFT:
        return None
    person = db.session.get_one(Person, row.person_id)
    version = db.session.get_one(LadderVersion, row.version_id)
    if person.state != PersonState.ACTIVE or not ladder_people.may_be_written_to(person, version.purpose):
        return None
    name = supporters.person_name(person)
    return render.content(
        "mailings/emails/ladder_step",
        facts.to,
        locale=facts.locale,
        coalition=coalitions.coalition(row.coalition_id),
        subject=found.settings["subject"].replace(NAME, name),
        paragraphs=found.settings["body"].replace(NAME, name).split("\n\n"),
    )
