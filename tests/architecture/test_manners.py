"""One commit point, one clock, no text glued into SQL, no unsafe call without a reason that stands here."""

from __future__ import annotations

import ast
import re

import pytest

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
    "advocacy/core/db.py": "PRAGMA takes no parameters; the values are integers of the settings and constants",
    "advocacy/messaging/services/sending.py": "a statement made at import from this module's own list of columns",
}
MAY_CALL = {
    ("advocacy/web/templating.py", "Markup"): "our own vendored icons",
}
PERSONAL = frozenset({"email", "name", "address", "phone", "body", "ip", "token", "to"})
MAY_LOG = {
    "advocacy/queue/adapters/embedded/ticker.py": frozenset({"token"}),  # the number of the ticker's lease
}


@pytest.mark.parametrize("source", modules(), ids=lambda source: source.name)
def test_commit_is_called_in_one_module(source: Source):
    if source.name == COMMIT_POINT:
        return
    found = [node.lineno for node in source.nodes(ast.Call) if called(node).endswith("session.commit")]
    assert not found, f"{source.name}:{found} commits; core.uow does"


@pytest.mark.parametrize("source", modules(), ids=lambda source: source.name)
def test_time_is_read_in_one_module(source: Source):
    if source.name == CLOCK:
        return
    found = [node.lineno for node in source.nodes(ast.Call) if TELLS_TIME.search(called(node))]
    assert not found, f"{source.name}:{found} reads the time; core.clock does"


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


@pytest.mark.parametrize("source", modules(), ids=lambda source: source.name)
def test_sql_is_never_built_from_text(source: Source):
    """I-01: values are bound; names come from our own code."""
    if source.name in MAY_BUILD_SQL:
        return
    for node in source.nodes(ast.Call):
        if called(node).rsplit(".", 1)[-1] in RUNS_SQL and node.args:
            assert not _is_text(node.args[0]) or _is_fixed(node.args[0]), (
                f"{source.name}:{node.lineno} builds SQL from text"
            )


@pytest.mark.parametrize("source", modules(), ids=lambda source: source.name)
def test_unsafe_calls_have_a_listed_reason(source: Source):
    """O-03, I-11."""
    for node in source.nodes(ast.Call):
        name = called(node)
        last = name.rsplit(".", 1)[-1]
        place = f"{source.name}:{node.lineno}"
        is_safe_yaml = name == "yaml.load" and "SafeLoader" in ast.unparse(node)
        assert name not in DANGEROUS or is_safe_yaml, f"{place} calls {name}"
        if last == "Markup" and node.args and not isinstance(node.args[0], ast.Constant):
            assert (source.name, "Markup") in MAY_CALL, f"{place} makes Markup of a value"
        for keyword in node.keywords:
            value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
            assert not (keyword.arg == "shell" and value is True), f"{place} uses a shell"
            assert not (keyword.arg == "verify" and value is False), f"{place} does not verify"
            assert not (keyword.arg == "autoescape" and value is False), f"{place} does not escape"


@pytest.mark.parametrize("source", modules(), ids=lambda source: source.name)
def test_services_and_queries_know_no_request(source: Source):
    """The same rule guards web, API, command and job: services get an actor, never the request."""
    parts = source.path.parts
    if not ({"services", "queries", "rules", "models"} & {source.path.stem, *parts}) or source.name.startswith(
        "advocacy/web"
    ):
        return
    for node in source.nodes(ast.ImportFrom):
        if node.module in {"flask", "flask_login"}:
            names = {alias.name for alias in node.names}
            assert not names & {"g", "request", "session", "current_user"}, f"{source.name}:{node.lineno} {names}"


def test_loggers_get_ids_by_keyword_not_text():
    """D-05: an event is a fixed name; what belongs to it are ids."""
    wrong = []
    for source in modules():
        for node in source.nodes(ast.Call):
            if re.fullmatch(r"log\.(debug|info|warning|error|exception|critical)", called(node)):
                is_plain = len(node.args) == 1 and isinstance(node.args[0], ast.Constant)
                personal = {keyword.arg for keyword in node.keywords} & PERSONAL - MAY_LOG.get(source.name, frozenset())
                if not is_plain or personal:
                    wrong.append(f"{source.name}:{node.lineno} {sorted(personal)}")
    assert wrong == []


def test_w09_one_place_lets_other_sites_read():
    """Only public read-only JSON is open to other sites, and no answer depends on the Origin that asked."""
    found = [source.name for source in modules() if "Access-Control" in source.text]
    assert found == ["advocacy/web/respond.py"]
