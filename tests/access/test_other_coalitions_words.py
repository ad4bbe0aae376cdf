"""Z-02, Z-03: no word of another coalition comes out at our desk, and in public only what is meant for everybody."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

from sqlalchemy import select

import advocacy
from advocacy.campaigns.models import Bill
from advocacy.core import uow
from advocacy.core.db import db
from tests.access import asking
from tests.access.asking import Door
from tests.access.test_matrix import OPEN, expected
from tests.access.world import World

FOR_EVERYBODY = {
    "bill": {"jurisdiction", "session", "source_name", "summary", "title"},
    "bill_action": {"what"},
    "bill_position": {"reason"},
    "bill_version": {"label"},
    "campaign": {"goal", "title"},
    "campaign_action": {"text", "title", "words"},
    "campaign_indicator": {"title", "unit"},
    "campaign_measurement": {"source"},
    "campaign_milestone": {"note", "title"},
    "campaign_news": {"text", "title"},
    "campaign_target": {"name", "why"},
    "coalition": {"about", "name"},
    "fact_card": {"claim", "source_name"},
    "membership": {"name"},
    "partner_page": {"intro"},
    "personal_sign_on": {"name"},
    "petition": {"text", "title"},
    "policy_ask": {"text", "title"},
    "sign_on": {"place", "signer_name", "title"},
    "sign_on_letter": {"addressees", "title"},
    "sign_on_text": {"body"},
    "signature": {"name"},
}
"""The columns that public pages show; whoever shows another one says so here."""
BEHIND_A_LINK = {"invitation": {"email"}}
"""What else its owner sees behind a mailed link."""
SEALED = {
    "contact_point.value": "",
    "invitation.email": "admin",
    "join_request.contact_email": "admin",
    "join_request.contact_name": "admin",
    "join_request.message": "admin",
    "mail.recipient": "",
    "membership.contact_email": "admin",
    "membership.contact_name": "",
    "person.name": "",
    "personal_sign_on.email": "",
    "personal_sign_on.name": "admin organizer",
    "sign_on.contact": "",
    "sign_on.signer_name": "admin organizer volunteer reviewer observer",
    "signature.comment": "admin organizer volunteer reviewer observer",
    "signature.email": "admin organizer",
    "signature.name": "admin organizer volunteer reviewer observer",
    "staff_contact.email": "admin organizer volunteer",
    "staff_contact.name": "admin organizer volunteer",
    "staff_contact.phone": "admin organizer volunteer",
    "user_account.email": "admin",
    "user_account.name": "admin organizer volunteer reviewer observer care_lead grievance_officer representative",
}
"""Each sealed column and the roles that find it opened somewhere in their own coalition."""
FILLED = {"with_email": "y", "year": "2027"}
"""So that exports give all they can."""
NO_QUERY = {"next"}
"""Never looked up: where to go afterwards."""


def may_be_seen(places: dict[str, set[str]]) -> set[str]:
    return {f"{table}.{column}" for table, columns in places.items() for column in columns}


def test_z02_marks_come_out_where_they_belong(world: World):
    """The net holds: whoever belongs to the other coalition sees its words."""
    seen: set[str] = set()
    for door in asking.doors(world.app):
        where = asking.path(door, world, world.visitors["of_the_others"], "other" if door.objects else "own")
        if door.access == "needs" and door.method == "GET" and where:
            seen |= world.marks.found_in(asking.said(asking.ask(door, world, world.visitors["of_the_others"], where)))
    private = {"campaign_task.title", "contact_log.outcome", "decision.text", "join_request.message", "signature.name"}
    assert private | {"committee.name", "user_account.email", "vote.reason"} <= seen


def test_z02_exports_hold_no_other_coalitions_words(world: World):
    """With all that can be asked of them; every other answer is judged where the table is compared."""
    exports = [door for door in asking.doors(world.app) if "export" in door.endpoint or ".csv" in door.rule.rule]
    assert len(exports) >= 4
    for door in exports:
        for name in ("admin", "organizer", "representative", "partner"):
            where = asking.path(door, world, world.visitors[name], "own")
            answer = asking.ask(door, world, world.visitors[name], where or "", FILLED)
            assert not world.marks.found_in(asking.said(answer)), f"{door.endpoint} as {name}"


def asked_for(door: Door) -> list[tuple[str, bool]]:
    """The names under which the views of a room look into a query, and whether they want a number."""
    read = re.compile(r"""(?:args|values)\.get\(\s*["'](\w+)["'],?\s*(type=int)?""")
    room = Path(advocacy.__file__).parent / door.view.__module__.split(".")[1]
    found = {match for file in room.rglob("*.py") for match in read.findall(file.read_text(encoding="utf-8"))}
    return sorted((name, bool(number)) for name, number in found if name not in NO_QUERY)


def test_z02_ids_of_others_in_a_query_find_nothing(world: World):
    with uow.reading():
        bills = select(Bill.id).where(Bill.coalition_id == world.theirs.coalition_id)
        numbers = [*db.session.execute(bills).scalars(), 10**9]
    known = world.theirs.known
    words = [known["lobbying.dismiss:public_id"], known["campaigns_desk:public_id"], "archive"]
    wrong, asked = [], set()
    for door, name in product(asking.doors(world.app), ("admin", "representative")):
        where = asking.path(door, world, world.visitors[name], "own")
        if door.access in OPEN or door.method != "GET" or expected(door, name, "own") != "200":
            continue
        for argument, is_number in asked_for(door):
            asked.add(argument)
            for value in numbers if is_number else words:
                answer = asking.ask(door, world, world.visitors[name], f"{where}?{argument}={value}")
                if found := world.marks.found_in(asking.said(answer)):
                    wrong.append(f"{door.endpoint}?{argument}= as {name}: {sorted(found)}")
    assert not wrong, "\n".join(wrong)
    assert {"bill", "prompt", "before", "after", "office"} <= asked


def test_z03_public_pages_show_only_what_is_meant_for_everybody(world: World):
    wrong = []
    for door in asking.doors(world.app):
        if door.access not in OPEN:
            continue
        allowed = may_be_seen(FOR_EVERYBODY) | (may_be_seen(BEHIND_A_LINK) if door.access == "link" else set())
        for kind in ("own", "other") if door.objects else ("own",):
            where = asking.path(door, world, world.visitors["anonymous"], kind)
            if where is not None:
                found = world.marks.found_in(asking.said(asking.ask(door, world, world.visitors["anonymous"], where)))
                if found - allowed:
                    wrong.append(f"{door.method} {door.endpoint}: {sorted(found - allowed)}")
    assert not wrong, "\n".join(wrong)


def test_z03_sealed_data_is_opened_only_for_the_roles_that_may(world: World):
    seen: dict[str, set[str]] = {place: set() for place in world.marks.sealed}
    for door, (role, visitor) in product(asking.doors(world.app), world.their_people.items()):
        where = asking.path(door, world, visitor, "other" if door.objects else "own")
        if door.access in OPEN or where is None or not (door.method == "GET" or "export" in door.endpoint):
            continue
        for place in world.marks.found_in(asking.said(asking.ask(door, world, visitor, where, FILLED))):
            seen.setdefault(place, set()).add(role)
    found = {place: seen[place] for place in sorted(world.marks.sealed)}
    assert found == {place: set(roles.split()) for place, roles in SEALED.items()}
