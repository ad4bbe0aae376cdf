"""Triggers for what no key or check can say of people who sign a letter for themselves (as I-042 and I-043)."""

from __future__ import annotations

_FIXED = "('frozen', 'delivered', 'archived')"


def _sqlite(name: str, when: str, table: str, condition: str, refusal: str) -> str:
    return f"""CREATE TRIGGER {name} BEFORE {when} ON {table} WHEN {condition}
        BEGIN SELECT RAISE(ABORT, '{refusal}'); END"""


def _refuse(condition: str, refusal: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END IF;"


_MAY_ENTER = """NEW.state = 'pending' AND EXISTS (
    SELECT 1 FROM sign_on_letter l JOIN letter_people p ON p.letter_id = l.id AND p.coalition_id = l.coalition_id
    WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND p.is_open)"""
_MAY_SIGN = """EXISTS (
    SELECT 1 FROM sign_on_letter l WHERE l.id = NEW.letter_id AND l.state = 'collecting'
    AND NEW.text_version BETWEEN l.material_version AND l.text_version)"""
_IS_FIXED = f"EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN {_FIXED})"  # noqa: S608 - our own constants
_MOVES = """(NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.shown <> OLD.shown
    OR NEW.text_version <> OLD.text_version)"""
_SIGNS = f"NEW.state = 'signed' AND (OLD.state <> 'signed' OR NEW.text_version <> OLD.text_version) AND NOT {_MAY_SIGN}"
_RENAMED = "OLD.state <> 'pending' AND NEW.name IS NOT NULL AND (OLD.name IS NULL OR NEW.name <> OLD.name)"
_DROPPED = f"OLD.state <> 'pending' AND {_IS_FIXED}"
_ENTER_WORDS = "people sign this letter only while it collects and is open to them"
_SIGN_WORDS = "this letter takes no signature under these words"
_FIXED_WORDS = "who signed a frozen letter stays as it is"
_NAME_WORDS = "a name that was confirmed is erased or stays"
PERSON = {
    "sqlite": [
        _sqlite("personal_sign_on_enters", "INSERT", "personal_sign_on", f"NOT ({_MAY_ENTER})", _ENTER_WORDS),
        _sqlite("personal_sign_on_signs", "UPDATE", "personal_sign_on", _SIGNS, _SIGN_WORDS),
        _sqlite("personal_sign_on_fixed", "UPDATE", "personal_sign_on", f"{_MOVES} AND {_IS_FIXED}", _FIXED_WORDS),
        _sqlite("personal_sign_on_renamed", "UPDATE", "personal_sign_on", _RENAMED, _NAME_WORDS),
        _sqlite("personal_sign_on_kept", "DELETE", "personal_sign_on", _DROPPED, _FIXED_WORDS),
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION personal_sign_on_may() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN {_refuse(_DROPPED, _FIXED_WORDS)} RETURN OLD; END IF;
        IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR SHARE;
        {_refuse(f"NOT ({_MAY_ENTER})", _ENTER_WORDS)} RETURN NEW; END IF;
        {_refuse(_RENAMED, _NAME_WORDS)}
        IF NOT {_MOVES} THEN RETURN NEW; END IF;
        PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR SHARE;
        {_refuse(_IS_FIXED, _FIXED_WORDS)} {_refuse(_SIGNS, _SIGN_WORDS)} RETURN NEW; END $$""",
        """CREATE TRIGGER personal_sign_on_may BEFORE INSERT OR UPDATE OR DELETE ON personal_sign_on FOR EACH ROW
        EXECUTE FUNCTION personal_sign_on_may()""",
    ],
}

# --- other words ask everybody again ----------------------------------------------------------------------------------

_ASK_AGAIN = (
    "UPDATE personal_sign_on SET state = 'needs_reconfirm' WHERE letter_id = NEW.letter_id AND state = 'signed'"
)
_NOBODY = "UPDATE letter_people SET signed_count = 0 WHERE letter_id = NEW.letter_id"
TEXT = {
    "sqlite": [
        f"""CREATE TRIGGER sign_on_text_asks_people AFTER INSERT ON sign_on_text WHEN NEW.kind = 'material'
        BEGIN {_ASK_AGAIN}; {_NOBODY}; END""",
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION sign_on_text_asks_people() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.kind = 'material' THEN {_ASK_AGAIN}; {_NOBODY}; END IF; RETURN NULL; END $$""",
        """CREATE TRIGGER sign_on_text_asks_people AFTER INSERT ON sign_on_text FOR EACH ROW
        EXECUTE FUNCTION sign_on_text_asks_people()""",
    ],
}
