"""The program's own source, read once, for the tests that guard its shape."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "advocacy"
TEMPLATES = ROOT / "templates"


@dataclass(frozen=True)
class Source:
    """One module."""

    path: Path

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))


@lru_cache(maxsize=1)
def modules() -> tuple[Source, ...]:
    """Every module of the package."""
    return tuple(Source(path) for path in sorted(PACKAGE.rglob("*.py")))


def rooms() -> list[str]:
    """The feature packages: folders with a manifest."""
    return sorted(path.parent.name for path in PACKAGE.glob("*/manifest.py") if path.parent.name != "web")


def called(node: ast.Call) -> str:
    """The dotted name of what is called, as far as it is written out."""
    parts, found = [], node.func
    while isinstance(found, ast.Attribute):
        parts.append(found.attr)
        found = found.value
    parts.append(found.id if isinstance(found, ast.Name) else "")
    return ".".join(reversed(parts))
