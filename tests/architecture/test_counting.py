"""House rule: no count over rows in a request. Counts are tallies, or bounded (``core.counting``), or stand here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.support.source import Source, called, modules

ORGANIZATIONS = "organizations, committees and seats of one coalition: hundreds, from an index that begins with it"
MAY_COUNT = {
    "advocacy/accounts/factor_queries.py:codes_left": "recovery codes of one account: ten",
    "advocacy/accounts/services/links.py:made_since": "links mailed to one account within an hour",
    "advocacy/audit/queries.py:_unsealed_fault": "events without a seal: what came in the last seconds; for a command",
    "advocacy/campaigns/queries/board.py:task_counts": "tasks of one campaign, from its index",
    "advocacy/campaigns/queries/today.py:done_tasks": "tasks of the campaigns on one page, from their index",
    "advocacy/coalitions/committee_queries.py:committees": ORGANIZATIONS,
    "advocacy/coalitions/decision_guards.py:": "votes of one decision, in the trigger that ends it",
    "advocacy/coalitions/organization_queries.py:active_count": ORGANIZATIONS,
    "advocacy/coalitions/organization_queries.py:counts_by_state": ORGANIZATIONS,
    "advocacy/coalitions/organization_queries.py:waiting_requests": ORGANIZATIONS,
    "advocacy/consent/asking.py:_counting": "asks to one person that still count: as many as the limit, in a job",
    "advocacy/consent/ask_models.py:": "the same, in the trigger",
    "advocacy/core/counting.py:counted_rows": "the bound itself",
    "advocacy/mailings/services/queueing.py:_count": "an audience, in a job",
    "advocacy/mailings/services/queueing.py:_tally": "mails of one broadcast, in a job",
    "advocacy/mailings/services/queueing.py:queue_some": "one slice of an audience, in a job",
    "advocacy/ops/queries.py:dead_count": "dead jobs, for whoever runs the site, from their own index",
    "advocacy/ops/queries.py:waiting_jobs": "jobs that are due, for whoever runs the site: few, or the trouble it shows",
    "advocacy/petitions/delivery_queries.py:all_withdrawn_since": "while a delivery is put together, never for a page",
    "advocacy/petitions/delivery_queries.py:withdrawn_since": "over rows that were limited before",
    "advocacy/petitions/queries.py:counted_rows": "for the operator's command, never for a page",
    "advocacy/petitions/services/delivering.py:_groups": "while a delivery is put together, never for a page",
    "advocacy/petitions/services/tallying.py:": "the repair of the tallies, in a job",
    "advocacy/serving/schema.py:_has_data_keys": "before an upgrade of the schema",
    "advocacy/signons/queries.py:counts_of": "sign-ons of the letters on one page, from their index",
}
COUNTS_IN_SQL = re.compile(r"\bCOUNT\s*\(", re.IGNORECASE)


def _within(node: ast.AST, function: str = "") -> Iterator[tuple[ast.AST, str]]:
    """Every node below with the name of the function it stands in."""
    for child in ast.iter_child_nodes(node):
        is_function = isinstance(child, ast.FunctionDef)
        yield child, function
        yield from _within(child, child.name if is_function and not function else function)


def _counts(source: Source) -> Iterator[str]:
    for node, function in _within(source.tree):
        is_call = isinstance(node, ast.Call) and called(node) == "func.count"
        is_sql = isinstance(node, ast.Constant) and isinstance(node.value, str) and COUNTS_IN_SQL.search(node.value)
        if is_call or is_sql:
            yield f"{source.name}:{function}"


def test_every_count_is_bounded_or_has_a_reason_here():
    assert {place for source in modules() for place in _counts(source)} == set(MAY_COUNT)
