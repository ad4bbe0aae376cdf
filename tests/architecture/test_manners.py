"""One commit point, one clock, no text glued into SQL, no unsafe call without a reason that stands here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.support.source import Source, called, modules

COMMIT_POINT = "advocacy/core/uow.py"
CLOCK = "advocacy/core/clock.py"
TELLS_TIME = re.compile(
    r"(\A|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|monotonic|localtime|gmtime))\Z"
)
RUNS_SQL = frozenset({"text", "execute", "executemany", "exec_driver_sql", "executescript", "Statement"})
DANGEROUS = frozenset(
    {"eval", "exec", "pickle.loads", "pickle.load", "marshal.loads", "yaml.load", "os.system", "os.popen"}
)

CONSTANT = re.compile(r"\A_?[A-Z][A-Z_0-9]*\Z")

MAY_BUILD_SQL = {
    "advocacy/core/engine.py": "PRAGMA takes no parameters; the values are integers of the settings and constants",
    "advocacy/messaging/services/sending.py": "a statement made at import from this module's own list of columns",
}
MAY_CALL = {
    ("advocacy/web/templating.py", "Markup"): "our own vendored icons",
    ("advocacy/web/qr.py", "Markup"): "a picture drawn by a library from bits, no text in it",
}
PERSONAL = frozenset({"email", "name", "address", "phone", "body", "ip", "token", "to"})
MAY_LOG = {
    "advocacy/queue/adapters/embedded/ticker.py": frozenset({"token"}),  # the number of the ticker's lease
}


def calls() -> Iterator[tuple[Source, ast.Call, str]]:
    """Every call of the program: (module, call, dotted name)."""
    for source in modules():
        for node in source.nodes(ast.Call):
            yield source, node, called(node)


def test_commit_is_called_in_one_module():
    found = {source.name for source, _node, name in calls() if name.endswith("session.commit")}
    assert found == {COMMIT_POINT}


def test_time_is_read_in_one_module():
    found = {f"{source.name}:{node.lineno}" for source, node, name in calls() if TELLS_TIME.search(name)}
    assert [place for place in sorted(found) if not place.startswith(CLOCK)] == []


def _is_fixed(node: ast.AST) -> bool:
    """Whether a text is written out, or put together from this module's own constants."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name):
        return CONSTANT.match(node.id) is not None
    if isinstance(node, ast.JoinedStr):
        return all(_is_fixed(part.value if isinstance(part, ast.FormattedValue) else part) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _is_fixed(node.left) and _is_fixed(node.right)
    return False


def _is_text(node: ast.AST) -> bool:
    """Whether this is text put together in place, rather than a statement object."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr in {"format", "join"}
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return _is_text(node.left) or _is_text(node.right) or isinstance(node.left, ast.Constant)
    return isinstance(node, ast.JoinedStr)


def test_sql_is_never_built_from_text():
    """I-01: values are bound; names come from our own code."""
    built = [
        f"{source.name}:{node.lineno}"
        for source, node, name in calls()
        if name.rsplit(".", 1)[-1] in RUNS_SQL and node.args and source.name not in MAY_BUILD_SQL
        if _is_text(node.args[0]) and not _is_fixed(node.args[0])
    ]
    assert built == []


def is_unsafe(source: Source, node: ast.Call, name: str) -> bool:
    given = {keyword.arg: keyword.value.value for keyword in node.keywords if isinstance(keyword.value, ast.Constant)}
    if given.get("shell") is True or given.get("verify") is False or given.get("autoescape") is False:
        return True
    if name.rsplit(".", 1)[-1] == "Markup" and node.args and not isinstance(node.args[0], ast.Constant):
        return (source.name, "Markup") not in MAY_CALL
    return name in DANGEROUS and not (name == "yaml.load" and "SafeLoader" in ast.unparse(node))


def test_unsafe_calls_have_a_listed_reason():
    """O-03, I-11."""
    assert [
        f"{source.name}:{node.lineno} {name}" for source, node, name in calls() if is_unsafe(source, node, name)
    ] == []


def test_services_and_queries_know_no_request():
    """The same rule guards web, API, command and job: services get an actor, never the request."""
    wrong = [
        f"{source.name}:{node.lineno}"
        for source in modules()
        if {"services", "queries", "rules", "models"} & {source.path.stem, *source.path.parts}
        and not source.name.startswith("advocacy/web")
        for node in source.nodes(ast.ImportFrom)
        if node.module in {"flask", "flask_login"}
        and {alias.name for alias in node.names} & {"g", "request", "session", "current_user"}
    ]
    assert wrong == []


def test_loggers_get_ids_by_keyword_not_text():
    """D-05: an event is a fixed name; what belongs to it are ids."""
    wrong = []
    for source, node, name in calls():
        if re.fullmatch(r"log\.(debug|info|warning|error|exception|critical)", name):
            is_plain = len(node.args) == 1 and isinstance(node.args[0], ast.Constant)
            personal = {keyword.arg for keyword in node.keywords} & PERSONAL - MAY_LOG.get(source.name, frozenset())
            if not is_plain or personal:
                wrong.append(f"{source.name}:{node.lineno} {sorted(personal)}")
    assert wrong == []


def test_w09_one_place_lets_other_sites_read():
    """Only public read-only JSON is open to other sites, and no answer depends on the Origin that asked."""
    found = [source.name for source in modules() if "Access-Control" in source.text]
    assert found == ["advocacy/web/respond.py"]
