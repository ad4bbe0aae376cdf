"""Z-01: every route as everybody, for ours, another coalition's, put away: the answers are those of ``table.txt``."""

from __future__ import annotations

from itertools import product

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.access import asking, table
from tests.access.asking import Door
from tests.access.world import World

TABLE = table.read()
ROOMS = sorted({endpoint.partition(".")[0] for endpoint, _method in TABLE})
STANDS_FOR = {
    "of_the_others": "admin",
    "of_both": "volunteer",
    "rival_representative": "representative",
    "rival_partner": "partner",
}
"""Visitors whom the table does not name, and as whom they are let in."""
OF_ONE_ORGANIZATION = {"lobbying", "names", "partner_pages"}
OF_ONE_ACCOUNT = {"accounts", "factors", "sign_in"}
OPEN = {"public", "link"}
"""Nobody's session is looked at, so a few visitors are enough to see that."""
ASKED_WHERE_OPEN = ("anonymous", "nobody", "admin", "of_the_others")
SEES_ALL = {
    ("messaging.send_again", "POST"),
    ("suppressions.lift", "POST"),
    ("scheduler.retry_job", "POST"),
    ("scheduler.discard_job", "POST"),
    ("civic_desk.pack", "GET"),
    ("civic_desk.roll_back", "POST"),
}
"""Administrators of the platform look after everybody's mail and jobs, and after the packs that all stand on."""
SEE_BOTH = {"of_both", "platform_admin"}
"""They may look at both coalitions, so the switcher names both."""
NO_OBJECTS = {"committees.end"}
"""Its last argument is the number of a seat, which every committee has."""
HOW_TO_DECLARE = (
    "nobody has said who may enter {0}. Add a line to tests/access/table.txt: who may, and what the answer is for an "
    "object of theirs, of another coalition (404 at the desk) and for one that was put away; see docs/adding-a-feature.md. "
    "If it shows a new kind of object, furnish one in tests/support/world.py"
)


@pytest.fixture(scope="module")
def doors(world: World) -> list[Door]:
    return asking.doors(world.app)


def expected(door: Door, name: str, kind: str) -> str:
    """What the table says; ``-`` where there is nothing to ask for."""
    role, room = STANDS_FOR.get(name, name), door.endpoint.partition(".")[0]
    line = next((line for line in TABLE.get(door.name, ()) if role in line.who), None)
    if line is None:
        return "sign-in" if name == "anonymous" and door.method == "GET" else "403"
    if door.access not in OPEN and door.objects:
        if name == "of_the_others" and room not in OF_ONE_ACCOUNT:
            kind = {"own": "other", "other": "own", "gone": "other"}[kind]
        if name.startswith("rival_") and room in OF_ONE_ORGANIZATION:
            kind = "other"
    return line.answers[kind]


def strange_words(door: Door, world: World, name: str, answer: TestResponse) -> list[str]:
    """Columns of the other coalition whose words an answer of the desk gives to somebody of ours (Z-02)."""
    if door.access in OPEN or name == "of_the_others":
        return []
    return sorted(world.marks.found_in(asking.said(answer)) - ({"coalition.name"} if name in SEE_BOTH else set()))


def test_z01_every_route_says_who_may_enter(doors):
    names = {door.name for door in doors}
    for name in sorted(names - TABLE.keys()):
        pytest.fail(HOW_TO_DECLARE.format(f"{name[1]} {name[0]}"))
    assert sorted(TABLE.keys() - names) == [], "the table names routes that are gone"


def test_z01_route_that_nobody_declared_is_noticed():
    app = Flask("extra", static_folder=None)
    view = lambda: "hello"  # noqa: E731 - a view of no room
    view.access = type("Access", (), {"kind": "public"})  # type: ignore[attr-defined]
    app.add_url_rule("/extra", "extra.page", view)
    found = [door for door in asking.doors(app) if door.endpoint == "extra.page"]
    with pytest.raises(pytest.fail.Exception, match=r"Add a line to tests/access/table\.txt"):
        test_z01_every_route_says_who_may_enter(found)


def test_z01_table_promises_404_for_what_is_somebody_elses(doors, world):
    """The table itself is under the rule: behind a sign-in, what others have does not exist."""
    for door in doors:
        seen: set[str] = set()
        for line in TABLE[door.name]:
            assert not seen & line.who, f"{door.name}: two lines for {sorted(seen & line.who)}"
            assert line.who <= world.visitors.keys() - STANDS_FOR.keys(), f"{door.name}: unknown visitors"
            seen |= line.who
            if door.access not in OPEN and line.answers["other"] != "-":
                is_house = door.name in SEES_ALL and line.who == {"platform_admin"}
                assert is_house or line.answers["other"] == "404", f"{door.name}: foreign objects answer 404"
            assert door.objects or (line.answers["other"], line.answers["gone"]) == ("-", "-"), door.name
        if door.access not in OPEN and door.objects:
            assert any(line.answers["other"] != "-" for line in TABLE[door.name]), (
                f"{door.name}: furnish one of the other coalition's, so that it can be asked for"
            )


def faults(door: Door, world: World, name: str, kind: str) -> list[str]:
    """What is wrong with the answer that a visitor gets."""
    visitor, wanted = world.visitors[name], expected(door, name, kind)
    where = asking.path(door, world, visitor, kind)
    if where is None:
        is_promised = wanted not in {"-", "403", "sign-in"} and name not in STANDS_FOR
        return [f"there is nothing to ask for, yet the table says {wanted}"] if is_promised else []
    answer = asking.ask(door, world, visitor, where)
    found, wrong = asking.outcome(answer), []
    if found != wanted:
        wrong.append(f"{found}, the table says {wanted}")
    if found in {"403", "404"} and world.wrote and door.access not in OPEN:
        wrong.append("refused, yet something was written")
    if words := strange_words(door, world, name, answer):
        wrong.append(f"Z-02: it gives the other coalition's {words}")
    return wrong


@pytest.mark.parametrize("room", ROOMS)
def test_z01_z02_answers_equal_the_table_and_say_nothing_of_others(world, doors, room):
    wrong = []
    for door in doors:
        if door.endpoint.partition(".")[0] != room:
            continue
        names = ASKED_WHERE_OPEN if door.access in OPEN else tuple(world.visitors)
        kinds = asking.KINDS if door.objects else ("own",)
        for name, kind in product(names, kinds):
            wrong += [
                f"{door.method} {door.endpoint} as {name}, {kind}: {it}" for it in faults(door, world, name, kind)
            ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("kind", ["unknown", "crossed"])
def test_z01_ids_that_never_were_and_theirs_below_ours_answer_404(world, doors, kind):
    """``crossed``: an address of ours that ends with an id of theirs."""
    wrong = []
    for door in doors:
        if door.access in OPEN or door.endpoint in NO_OBJECTS or len(door.objects) < (2 if kind == "crossed" else 1):
            continue
        for name in ("admin", "representative"):
            where = asking.path(door, world, world.visitors[name], kind)
            if where is None or not any(name in line.who for line in TABLE[door.name]):
                continue
            found = asking.outcome(asking.ask(door, world, world.visitors[name], where))
            if found != "404" or world.wrote:
                wrong.append(f"{door.method} {door.endpoint} as {name}: {found}")
    assert not wrong, "\n".join(wrong)


def test_z06_numbers_in_addresses_are_only_behind_a_sign_in(doors):
    """Sequential ids stand only where the whole address is for people with a role; strangers see random ones."""
    for door in doors:
        if door.access in OPEN:
            kinds = {type(door.rule._converters[name]).__name__ for name in door.objects}
            assert "IntegerConverter" not in kinds, door.rule.rule


def test_z01_choosing_a_coalition_to_look_at_needs_a_part_in_it(world, doors):
    switch = next(door for door in doors if door.endpoint == "coalitions.switch")
    wanted = {"admin": "404", "nobody": "404", "partner": "404", "of_both": "303", "platform_admin": "303"}
    for name, answer in wanted.items():
        given = {"coalition": str(world.theirs.coalition_id)}
        found = asking.ask(switch, world, world.visitors[name], "/coalitions/switch", given)
        assert asking.outcome(found) == answer, name
