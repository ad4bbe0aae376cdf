"""Triggers for what no key or check can say of lobbying ledgers (domain I-150): a closed period stays as it is."""

from __future__ import annotations

_CLOSED = "('closed', 'filed')"
_WORDS = "this period is closed; correct it with a reversing entry in an open one"


def _in_closed(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM lobbying_period p WHERE p.id = {row}.period_id AND p.state IN {_CLOSED})"  # noqa: S608 - our own constants


def _sqlite(name: str, when: str, table: str, condition: str, refusal: str = _WORDS) -> str:
    return f"""CREATE TRIGGER {name} BEFORE {when} ON {table} WHEN {condition}
        BEGIN SELECT RAISE(ABORT, '{refusal}'); END"""


def _refuse(condition: str, refusal: str = _WORDS) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END IF;"


_NOT_EQUAL = """NEW.reverses_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM lobbying_entry e WHERE e.id = NEW.reverses_id AND e.reverses_id IS NULL
    AND e.membership_id = NEW.membership_id AND e.coalition_id = NEW.coalition_id AND e.kind = NEW.kind
    AND e.minutes = NEW.minutes AND e.cost_minor = NEW.cost_minor AND e.currency = NEW.currency)"""
_REVERSED = """EXISTS (SELECT 1 FROM lobbying_entry e WHERE e.reverses_id = OLD.id)"""
_EQUAL_WORDS = "a reversing entry takes back exactly one entry of the same organization"
_REVERSED_WORDS = "an entry that was taken back stays as it is"
ENTRY = {
    "sqlite": [
        _sqlite("lobbying_entry_added", "INSERT", "lobbying_entry", _in_closed("NEW")),
        _sqlite("lobbying_entry_changed", "UPDATE", "lobbying_entry", f"{_in_closed('OLD')} OR {_in_closed('NEW')}"),
        _sqlite("lobbying_entry_dropped", "DELETE", "lobbying_entry", _in_closed("OLD")),
        _sqlite("lobbying_entry_reverses", "INSERT", "lobbying_entry", _NOT_EQUAL, _EQUAL_WORDS),
        _sqlite("lobbying_entry_rereverses", "UPDATE", "lobbying_entry", _NOT_EQUAL, _EQUAL_WORDS),
        _sqlite("lobbying_entry_reversed", "UPDATE", "lobbying_entry", _REVERSED, _REVERSED_WORDS),
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION lobbying_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP <> 'INSERT' THEN
        PERFORM 1 FROM lobbying_period WHERE id = OLD.period_id FOR SHARE; {_refuse(_in_closed("OLD"))} END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        PERFORM 1 FROM lobbying_period WHERE id = NEW.period_id FOR SHARE; {_refuse(_in_closed("NEW"))}
        IF TG_OP = 'UPDATE' THEN {_refuse(_REVERSED, _REVERSED_WORDS)} END IF;
        {_refuse(_NOT_EQUAL, _EQUAL_WORDS)} RETURN NEW; END $$""",
        """CREATE TRIGGER lobbying_entry_stays BEFORE INSERT OR UPDATE OR DELETE ON lobbying_entry FOR EACH ROW
        EXECUTE FUNCTION lobbying_entry_stays()""",
    ],
}

_REOPENED = """(OLD.state = 'closed' AND NEW.state NOT IN ('closed', 'filed'))
    OR (OLD.state = 'filed' AND NEW.state <> 'filed')
    OR (OLD.state IN ('closed', 'filed') AND (NEW.year <> OLD.year OR NEW.quarter <> OLD.quarter
    OR NEW.membership_id <> OLD.membership_id))"""
_PERIOD_WORDS = "a closed period is not opened again"
PERIOD = {
    "sqlite": [
        _sqlite("lobbying_period_reopened", "UPDATE", "lobbying_period", _REOPENED, _PERIOD_WORDS),
        _sqlite("lobbying_period_dropped", "DELETE", "lobbying_period", f"OLD.state IN {_CLOSED}", _PERIOD_WORDS),
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION lobbying_period_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN {_refuse(f"OLD.state IN {_CLOSED}", _PERIOD_WORDS)} RETURN OLD; END IF;
        {_refuse(_REOPENED, _PERIOD_WORDS)} RETURN NEW; END $$""",
        """CREATE TRIGGER lobbying_period_stays BEFORE UPDATE OR DELETE ON lobbying_period FOR EACH ROW
        EXECUTE FUNCTION lobbying_period_stays()""",
    ],
}
