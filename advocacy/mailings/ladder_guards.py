"""Triggers for what no key or check can say of ladders: a published version stays as it is, with its steps."""

from __future__ import annotations

_WORDS = "a published version of a ladder stays as it is"
_IS_FIXED = "EXISTS (SELECT 1 FROM ladder_version v WHERE v.id = {0}.version_id AND v.published_at IS NOT NULL)"


def _sqlite(table: str, verb: str, condition: str) -> str:
    return f"""CREATE TRIGGER {table}_fixed_{verb.lower()} BEFORE {verb} ON {table} WHEN {condition}
        BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"""


def _refuse(condition: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'restrict_violation'; END IF;"


VERSION = {
    "sqlite": [_sqlite("ladder_version", verb, "OLD.published_at IS NOT NULL") for verb in ("UPDATE", "DELETE")],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION ladder_version_fixed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        {_refuse("OLD.published_at IS NOT NULL")}
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$""",
        """CREATE TRIGGER ladder_version_fixed BEFORE UPDATE OR DELETE ON ladder_version FOR EACH ROW
        EXECUTE FUNCTION ladder_version_fixed()""",
    ],
}
STEP = {
    "sqlite": [
        _sqlite("ladder_step", "INSERT", _IS_FIXED.format("NEW")),
        _sqlite("ladder_step", "UPDATE", f"{_IS_FIXED.format('OLD')} OR {_IS_FIXED.format('NEW')}"),
        _sqlite("ladder_step", "DELETE", _IS_FIXED.format("OLD")),
    ],
    "postgresql": [
        # Whoever changes a step holds its version's row, so that nobody publishes it meanwhile.
        f"""CREATE OR REPLACE FUNCTION ladder_step_fixed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP <> 'INSERT' THEN
            PERFORM 1 FROM ladder_version WHERE id = OLD.version_id FOR SHARE;
            {_refuse(_IS_FIXED.format("OLD"))}
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        PERFORM 1 FROM ladder_version WHERE id = NEW.version_id FOR SHARE;
        {_refuse(_IS_FIXED.format("NEW"))}
        RETURN NEW; END $$""",
        """CREATE TRIGGER ladder_step_fixed BEFORE INSERT OR UPDATE OR DELETE ON ladder_step FOR EACH ROW
        EXECUTE FUNCTION ladder_step_fixed()""",
    ],
}
