"""Modules and rooms keep the shape that docs/architecture.md states."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.support.source import PACKAGE, ROOT, TEMPLATES, Source, modules, rooms

MODULE_LINES = 320
FUNCTION_LINES = 75
BANNED = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "managers", "stuff"})
ENTRY_POINTS = frozenset({"views", "forms", "emails", "jobs", "receivers"})
NOT_ROOMS = frozenset({"core", "web"})


def is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def test_modules_and_functions_keep_the_size_budget():
    """Beyond it: a package with one module per noun or verb."""
    long = [(source.name, source.text.count("\n")) for source in modules() if source.text.count("\n") > MODULE_LINES]
    long += [
        (f"{source.name}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1)
        for source in modules()
        for node in source.nodes(ast.FunctionDef, ast.AsyncFunctionDef)
        if node.end_lineno - node.lineno >= FUNCTION_LINES
    ]
    assert long == []


def test_no_module_is_a_junk_drawer():
    named = [(source.name, {source.path.stem, *source.path.relative_to(PACKAGE).parent.parts}) for source in modules()]
    assert [name for name, parts in named if parts & BANNED] == []


def test_imports_stand_at_the_top():
    """An import hidden in a function means that the order of rooms is wrong."""
    hidden = [
        f"{source.name}:{node.lineno}"
        for source in modules()
        for function in source.nodes(ast.FunctionDef, ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def foreign_names(source: Source) -> Iterator[tuple[int, set[str]]]:
    """What a module of a room takes from other rooms: (line, names of their modules)."""
    parts = source.path.relative_to(PACKAGE).parts
    if parts[0] in NOT_ROOMS or len(parts) == 1:
        return
    for node in source.nodes(ast.ImportFrom):
        target = (node.module or "").split(".")
        if target[0] == "advocacy" and len(target) > 1 and target[1] not in NOT_ROOMS | {parts[0]}:
            yield node.lineno, {*target[2:3]} if len(target) > 2 else {alias.name for alias in node.names}


def test_other_rooms_entry_points_are_not_imported():
    wrong = [
        f"{source.name}:{line} {names & ENTRY_POINTS}"
        for source in modules()
        for line, names in foreign_names(source)
        if names & ENTRY_POINTS
    ]
    assert wrong == []


@pytest.mark.parametrize("room", rooms())
def test_room_has_a_card_only(room: str):
    """``__init__`` is a docstring: what the room is for, its tables, its doors, what it never does."""
    card = Source(PACKAGE / room / "__init__.py")
    assert all(is_docstring(node) for node in card.tree.body), "behaviour in __init__"
    text = ast.get_docstring(card.tree) or ""
    for word in ("tables", "doors", "never"):
        assert word in text.lower(), f"the card of {room} does not name its {word}"


@pytest.mark.parametrize("room", rooms())
def test_room_with_pages_has_templates_and_every_room_has_tests(room: str):
    views = [*(PACKAGE / room).glob("views.py"), *(PACKAGE / room).glob("views/*.py")]
    if any(f'"{room}/' in path.read_text(encoding="utf-8") for path in views):
        assert any((TEMPLATES / room).rglob("*.html"))
    assert any((ROOT / "tests" / room).glob("test_*.py")), f"tests/{room} is missing"


def test_every_room_is_in_the_one_list():
    listed = (PACKAGE / "rooms.py").read_text(encoding="utf-8")
    assert [room for room in rooms() if f"advocacy.{room}" not in listed] == []
