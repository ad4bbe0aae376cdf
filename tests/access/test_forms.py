"""Z-04, Z-01: what a form does not ask for changes nothing; ids of others in its fields are refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from advocacy.accounts.models import User
from advocacy.campaigns.models import Bill, BillVersion, Campaign, Position
from advocacy.core import uow
from advocacy.core.db import db
from advocacy.petitions.models import Petition
from tests.access import writing
from tests.access.world import World
from tests.access.writing import Sheet
from tests.support.page_forms import PageForm

PEOPLE = ("admin", "representative", "partner", "platform_admin", "volunteer")
MOST_TAKEN = 0.85
"""So many forms are filled in rightly by guessing; the others ask for proofs, or for what is not there."""
TAKEN_FOR_SURE = {
    "/desk/coalition/roles",
    "/desk/campaigns",
    "/desk/petitions/new",
    "/account/profile",
    "/desk/decisions",
}
CHOSEN = {"select", "radio", "checkbox", "hidden"}
LOOKS_LIKE_AN_ID = re.compile(r"\d+|[A-Za-z0-9_-]{22}")
NO_OBJECTS = {"version", "csrf_token", "year", "seat", "strength", "pause", "yes", "no", "coalition"}
"""Numbers of something else (a ladder numbers its own steps); and the coalition to look at, which test_matrix asks about."""
LONG_AGO = "2001-02-03T04:05:06+00:00"


def more_fields(world: World) -> dict[str, object]:
    """What an attacker would add: columns, also nested and as lists."""
    theirs, user = str(world.theirs.coalition_id), str(world.visitors["of_the_others"].user_id)
    plain = {
        **dict.fromkeys(("id", "public_id", "coalition_id", "coalition", "tenant_id"), theirs),
        **dict.fromkeys(("user_id", "owner_id", "granted_by", "created_by", "entered_by", "written_by"), user),
        **dict.fromkeys(("membership_id", "campaign_id", "petition_id", "letter_id", "organization_id"), "1"),
        **dict.fromkeys(("created_at", "verified_at", "email_verified_at", "granted_at", "opened_at"), LONG_AGO),
        **dict.fromkeys(("ended_at", "closed_at", "disabled_at", "left_at", "fresh_at", "published_at"), LONG_AGO),
        **dict.fromkeys(("is_admin", "is_lead", "is_system", "is_platform_admin", "h_election", "is_staff"), "1"),
        **dict.fromkeys(("count", "signature_count", "item_count", "text_version", "version_id", "rank"), "999"),
        "role": "admin",
        "roles": ["admin", "organizer"],
        "platform_role": "admin",
        "state": "archived",
        "status": "verified",
        "tier": "steering",
        "password_hash": "x",
        "manifest_hash": "x",
        "email_key": "x",
    }
    nested = {f"{outer}[{inner}]": "admin" for outer in ("user", "membership") for inner in ("role", "state", "id")}
    dotted = {"user.role": "admin", "coalition.id": theirs, "__class__": "x", "_sa_instance_state": "x"}
    return plain | nested | dotted


type_filled = list[tuple[Sheet, dict[str, str] | None]]


@pytest.fixture(scope="module")
def filled(world: World) -> type_filled:
    """The forms, each with a filling that is taken, if one was found."""
    return [(sheet, writing.valid(world, sheet)) for sheet in writing.sheets(world, PEOPLE)]


@pytest.fixture(autouse=True)
def _as_it_was(world: World) -> Iterator[None]:
    yield
    world.rewind.back()


def test_z04_fields_that_a_form_does_not_have_change_nothing(world: World, filled: type_filled):
    wrong, more, taken = [], more_fields(world), [(sheet, given) for sheet, given in filled if given is not None]
    assert len(taken) / len(filled) >= MOST_TAKEN
    assert {sheet.form.action for sheet, _given in taken} >= TAKEN_FOR_SURE
    for sheet, given in taken:
        writing.post(world, sheet, given)
        wanted = writing.written(world)
        world.rewind.back()
        extra = {name: value for name, value in more.items() if name not in sheet.form.names}
        answer = writing.post(world, sheet, {**extra, **given})
        found = writing.written(world)
        world.rewind.back()
        changed = [table for table, rows in found.items() if rows != wanted[table]]
        if changed or answer.status_code >= 400 or writing.holds(found, LONG_AGO[:10]):
            wrong.append(f"{sheet.name}: {answer.status_code}, other rows in {changed}")
    assert not wrong, "\n".join(wrong)


def theirs_by_field(world: World) -> dict[str, list[str]]:
    """For each field that names an object: the same of the other coalition."""
    known, coalition_id = world.theirs.known, world.theirs.coalition_id

    def numbers(model: Any) -> list[str]:
        return [str(one) for one in db.session.execute(select(model.id).filter_by(coalition_id=coalition_id)).scalars()]

    with uow.reading():
        user = db.session.get_one(User, world.visitors["of_the_others"].user_id)
        campaign = known["campaigns_desk:public_id"]
        return {
            "after": [known["campaigns_board:part"]],
            "assignee": [str(user.id)],
            "bill": numbers(Bill),
            "bill_version": numbers(BillVersion),
            "campaign": [*numbers(Campaign), campaign],
            "decision": [known["decisions:public_id"]],
            "entry_petition": numbers(Petition),
            "fact": [known["campaigns_facts:public_id"]],
            "facts": [known["campaigns_facts:public_id"]],
            "further_bills": numbers(Bill),
            "goal_petition": numbers(Petition),
            "holder": [str(user.id)],
            "members": [str(user.id)],
            "membership": [known["organizations:public_id"]],
            "milestone": [known["campaigns_plan.change_milestone:part"]],
            "of_campaign": numbers(Campaign),
            "organizations": [known["organizations:public_id"]],
            "petition": numbers(Petition),
            "people": [str(user.id)],
            "person": [user.public_id],
            "position": numbers(Position),
            "prompt": [known["lobbying.dismiss:public_id"]],
            "readers": [user.public_id],
            "replaces": numbers(Position),
            "signed": numbers(Petition),
            "successor": [campaign],
            "unsigned": numbers(Petition),
        }


def test_z01_ids_of_others_in_the_fields_of_a_form_are_refused(world: World, filled: type_filled):
    theirs, wrong, tried = theirs_by_field(world), [], set()
    for sheet, valid in filled:
        given = valid or sheet.form.filled()
        for name in sorted(sheet.form.names & theirs.keys()):
            for foreign in theirs[name]:
                answer = writing.post(world, sheet, {**given, name: foreign})
                if not 400 <= answer.status_code < 500 or world.rewind.back():
                    wrong.append(f"{sheet.name}, {name}: {answer.status_code}")
                tried.add(name)
    assert not wrong, "\n".join(wrong)
    assert tried >= theirs.keys() - {"after", "successor"}  # not in the forms of a fresh campaign; asked below


def test_z01_every_field_that_names_an_object_is_among_those(world: World, filled: type_filled):
    theirs, unsaid = theirs_by_field(world), set()
    for sheet, _given in filled:
        for one in sheet.form.fields:
            offered = {*one.options, one.value} if one.kind in CHOSEN else set()
            is_said = one.name in NO_OBJECTS or one.name in theirs
            if not is_said and any(LOOKS_LIKE_AN_ID.fullmatch(value) for value in offered):
                unsaid.add(f"{sheet.name}: {one.name}")
    assert not unsaid, "say in theirs_by_field what these name"


def test_z01_cards_and_successors_of_others_are_refused(world: World):
    theirs = theirs_by_field(world)
    home = f"/desk/campaigns/{world.ours.known['campaigns_desk:public_id']}"
    task = f"{home}/tasks/{world.ours.known['campaigns_board:part']}/carry"
    carried = {"version": "1", "state": "open", "after": theirs["after"][0]}
    assert writing.post(world, Sheet("admin", home, PageForm(task)), carried).status_code == 404
    closing = Sheet("admin", home, PageForm(f"{home}/move"))
    with uow.reading():
        version = db.session.execute(
            select(Campaign.version).where(Campaign.public_id == world.ours.known["campaigns_desk:public_id"])
        ).scalar_one()
    assert writing.post(world, closing, {"version": str(version), "state": "closed"}).status_code == 303
    archived = {"version": str(version + 1), "slug": "put-away", "successor": theirs["successor"][0]}
    answer = writing.post(world, Sheet("admin", home, PageForm(f"{home}/archive")), archived)
    assert answer.status_code == 422
    world.rewind.back()


def test_z04_the_comparison_sees_one_other_word(world: World, filled: type_filled):
    """The net holds: a field that a form does have changes a row."""
    sheet, given = next((sheet, given) for sheet, given in filled if given and sheet.form.action == "/desk/campaigns")
    found = []
    for title in ("Beds close to home", "Beds close to schools"):
        writing.post(world, sheet, {**given, "title": title})
        found.append(writing.written(world))
        world.rewind.back()
    assert [table for table, rows in found[0].items() if rows != found[1][table]] == ["campaign"]
