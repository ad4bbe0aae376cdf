"""Each test makes an application; what is the same for all of them is made once, or when it is first used."""

from __future__ import annotations

from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from advocacy.web.app import WebApp

_write_builder = Rule._compile_builder


class TemplatesOfThisProcess(BytecodeCache):
    """Compiled templates, whichever application asks; a changed source is compiled again."""

    def __init__(self) -> None:
        self._made: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what an application before this one compiled."""
        if bucket.key in self._made:
            bucket.bytecode_from_string(self._made[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._made[bucket.key] = bucket.bytecode_to_string()


def _builder(rule: Rule, append_unknown: bool = True) -> Any:
    """Write the code that builds a rule's URLs when the first is built: most tests need a few of hundreds of rules."""

    def build(self: Rule, /, **values: Any) -> Any:
        made = _write_builder(self, append_unknown).__get__(self, None)
        setattr(self, "_build_unknown" if append_unknown else "_build", made)
        return made(**values)

    return build


def install() -> None:
    """For every application of this process."""
    WebApp.jinja_options = {**WebApp.jinja_options, "bytecode_cache": TemplatesOfThisProcess()}
    Rule._compile_builder = _builder  # type: ignore[method-assign, assignment]
