"""Triggers of decisions: what no key or check can say, so that not even a bug can change a result.

I-036: no vote before opening or after closing. I-037: words and rule stay as they were when voting opened; a decision
that ended stays ended. I-038: story policy passes only when a majority of the filled lived-experience seats did not
block. Votes are never changed or deleted; one thing happens to them, once: they are superseded.
"""

from __future__ import annotations

from collections.abc import Sequence

_FROZEN = ("coalition_id", "kind", "title", "text", "opens_at", "closes_at", "tz")
_ENDED = "OLD.state IN ('passed', 'failed', 'no_quorum', 'withdrawn')"
# Domain I-038: of the seats that somebody holds now, more than half must not have blocked.
_BLOCKED = """NEW.state = 'passed' AND OLD.state <> 'passed' AND NEW.kind = 'story_policy' AND NOT (
    SELECT COUNT(*) > 2 * COALESCE(SUM(CASE WHEN EXISTS (
        SELECT 1 FROM seat_voice b WHERE b.decision_id = NEW.id AND b.seat_id = s.id
        AND b.choice = 'block' AND b.superseded_at IS NULL) THEN 1 ELSE 0 END), 0)
    FROM seat s JOIN seat_term t ON t.seat_id = s.id AND t.ended_at IS NULL
    WHERE s.coalition_id = NEW.coalition_id AND s.lived_experience)"""
_REFUSALS = {
    "frozen": "the words and the rule of a decision are frozen when voting opens",
    "ended": "a decision that ended stays ended",
    "seats": "story policy needs a majority of the lived-experience seats",
}


def _changed(columns: Sequence[str], differs: str) -> str:
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in columns)


def _sqlite(name: str, when: str, condition: str, refusal: str) -> str:
    return f"CREATE TRIGGER {name} {when} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"


def _raise(condition: str, refusal: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END IF;"


_OPENED_ONCE = "OLD.rule_snapshot IS NOT NULL"
_FROZEN_SQLITE = f"{_OPENED_ONCE} AND ({_changed(_FROZEN, 'IS NOT')} OR NEW.rule_snapshot IS NOT OLD.rule_snapshot)"
_FROZEN_POSTGRES = (
    f"{_OPENED_ONCE} AND ({_changed(_FROZEN, 'IS DISTINCT FROM')}"
    " OR NEW.rule_snapshot::text IS DISTINCT FROM OLD.rule_snapshot::text)"
)

DECISION = {
    "sqlite": [
        _sqlite("decision_frozen", "BEFORE UPDATE ON decision", _FROZEN_SQLITE, _REFUSALS["frozen"]),
        _sqlite(
            "decision_ended", "BEFORE UPDATE ON decision", f"{_ENDED} AND NEW.state <> OLD.state", _REFUSALS["ended"]
        ),
        _sqlite("decision_seats", "BEFORE UPDATE ON decision", _BLOCKED, _REFUSALS["seats"]),
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        {_raise(_FROZEN_POSTGRES, _REFUSALS["frozen"])}
        {_raise(f"{_ENDED} AND NEW.state <> OLD.state", _REFUSALS["ended"])}
        {_raise(_BLOCKED, _REFUSALS["seats"])}
        RETURN NEW; END $$""",
        "CREATE TRIGGER decision_guard BEFORE UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION decision_guard()",
    ],
}


def votes(table: str, kept: Sequence[str]) -> dict[str, list[str]]:
    """The triggers of a table of votes: columns ``kept`` never change, and all happens while the decision is open."""
    closed, changed = "votes are taken only while a decision is open", "a vote stays as it was cast"
    is_open = """SELECT 1 FROM decision d WHERE d.id = NEW.decision_id AND d.state = 'open'
        AND NEW.cast_at >= d.opens_at AND COALESCE(NEW.superseded_at, NEW.cast_at) < d.closes_at"""
    unlike = "OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL OR "
    name = f"{table}_guard"
    return {
        "sqlite": [
            _sqlite(f"{table}_cast", f"BEFORE INSERT ON {table}", f"NOT EXISTS ({is_open})", closed),
            _sqlite(f"{table}_late", f"BEFORE UPDATE ON {table}", f"NOT EXISTS ({is_open})", closed),
            _sqlite(f"{table}_kept", f"BEFORE UPDATE ON {table}", unlike + _changed(kept, "IS NOT"), changed),
            f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{changed}'); END",
        ],
        "postgresql": [
            # The lock lets a vote and the closing go one after another: what was counted is what was cast.
            f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP = 'DELETE' THEN {_raise("true", changed)} END IF;
            IF TG_OP = 'UPDATE' THEN {_raise(unlike + _changed(kept, "IS DISTINCT FROM"), changed)} END IF;
            PERFORM {is_open.removeprefix("SELECT ")} FOR SHARE;
            {_raise("NOT FOUND", closed)}
            RETURN NEW; END $$""",
            f"""CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW
            EXECUTE FUNCTION {name}()""",
        ],
    }
