"""Modules and rooms keep the shape that docs/architecture.md states."""

from __future__ import annotations

import ast

import pytest

from tests.support.source import PACKAGE, ROOT, TEMPLATES, Source, modules, rooms

MODULE_LINES = 320
FUNCTION_LINES = 75
BANNED = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "managers", "stuff"})
ENTRY_POINTS = frozenset({"views", "forms", "emails", "jobs", "receivers"})
NOT_ROOMS = frozenset({"core", "web"})


def is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


@pytest.mark.parametrize("source", modules(), ids=lambda source: source.name)
def test_module_keeps_the_size_budget(source: Source):
    length = source.text.count("\n")
    assert length <= MODULE_LINES, (
        f"{source.name} has {length} lines; make it a package with one module per noun or verb"
    )
    for node in source.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        lines = node.end_lineno - node.lineno + 1
        assert lines <= FUNCTION_LINES, f"{source.name}:{node.lineno} {node.name} has {lines} lines"


@pytest.mark.parametrize("source", modules(), ids=lambda source: source.name)
def test_module_has_no_junk_drawer_name(source: Source):
    names = {source.path.stem, *source.path.relative_to(PACKAGE).parent.parts}
    assert not names & BANNED


@pytest.mark.parametrize("source", modules(), ids=lambda source: source.name)
def test_imports_stand_at_the_top(source: Source):
    """An import hidden in a function means that the order of rooms is wrong."""
    for function in source.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        hidden = [node.lineno for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
        assert not hidden, f"{source.name}:{hidden} imports inside {function.name}"


@pytest.mark.parametrize("source", modules(), ids=lambda source: source.name)
def test_other_rooms_entry_points_are_not_imported(source: Source):
    parts = source.path.relative_to(PACKAGE).parts
    if parts[0] in NOT_ROOMS or len(parts) == 1:
        return
    for node in source.nodes(ast.ImportFrom):
        target = (node.module or "").split(".")
        if target[0] == "advocacy" and len(target) > 1 and target[1] not in NOT_ROOMS | {parts[0]}:
            names = {*target[2:3]} if len(target) > 2 else {alias.name for alias in node.names}
            assert not names & ENTRY_POINTS, f"{source.name}:{node.lineno} imports {node.module} of another room"


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
