"""Triggers for what no key or check can say of sign-on letters (domain I-042, I-043, I-044).

Whoever signs reads the letter's row under a lock on PostgreSQL, so that nobody signs while it is frozen or reworded.
"""

from __future__ import annotations

_OPEN = "('draft', 'review', 'collecting')"
_FIXED = "('frozen', 'delivered', 'archived')"


def _sqlite(name: str, when: str, table: str, condition: str, refusal: str) -> str:
    return f"""CREATE TRIGGER {name} BEFORE {when} ON {table} WHEN {condition}
        BEGIN SELECT RAISE(ABORT, '{refusal}'); END"""


def _refuse(condition: str, refusal: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END IF;"


# --- the letter: what signers rely on stays ---------------------------------------------------------------------------

_REBILLED = """OLD.state NOT IN ('draft', 'review')
    AND (NEW.is_lobbying <> OLD.is_lobbying OR coalesce(NEW.bill_id, 0) <> coalesce(OLD.bill_id, 0))"""
_THAWED = """OLD.manifest_hash IS NOT NULL AND (NEW.manifest_hash IS NULL OR NEW.manifest_hash <> OLD.manifest_hash
    OR NEW.state NOT IN ('frozen', 'delivered', 'archived', 'withdrawn'))"""
_REBILLED_WORDS = "whether a letter lobbies is settled before it is signed"
_THAWED_WORDS = "a frozen letter stays frozen"
LETTER = {
    "sqlite": [
        _sqlite("sign_on_letter_rebilled", "UPDATE", "sign_on_letter", _REBILLED, _REBILLED_WORDS),
        _sqlite("sign_on_letter_thawed", "UPDATE", "sign_on_letter", _THAWED, _THAWED_WORDS),
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION sign_on_letter_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        {_refuse(_REBILLED, _REBILLED_WORDS)} {_refuse(_THAWED, _THAWED_WORDS)} RETURN NEW; END $$""",
        """CREATE TRIGGER sign_on_letter_stays BEFORE UPDATE ON sign_on_letter FOR EACH ROW
        EXECUTE FUNCTION sign_on_letter_stays()""",
    ],
}

# --- the words: other words ask everybody again -----------------------------------------------------------------------

_CLOSED = f"NOT EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = NEW.letter_id AND l.state IN {_OPEN})"  # noqa: S608 - our own constants
_CLOSED_WORDS = "the words of this letter stay as they are"
_ASK_AGAIN = "UPDATE sign_on SET state = 'needs_reconfirm' WHERE letter_id = NEW.letter_id AND state = 'signed'"
TEXT = {
    "sqlite": [
        _sqlite("sign_on_text_closed", "INSERT", "sign_on_text", _CLOSED, _CLOSED_WORDS),
        f"""CREATE TRIGGER sign_on_text_asks_again AFTER INSERT ON sign_on_text WHEN NEW.kind = 'material'
        BEGIN {_ASK_AGAIN}; END""",
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION sign_on_text_enters() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR UPDATE;
        {_refuse(_CLOSED, _CLOSED_WORDS)}
        IF NEW.kind = 'material' THEN {_ASK_AGAIN}; END IF; RETURN NEW; END $$""",
        """CREATE TRIGGER sign_on_text_enters BEFORE INSERT ON sign_on_text FOR EACH ROW
        EXECUTE FUNCTION sign_on_text_enters()""",
    ],
}

# --- the signature ----------------------------------------------------------------------------------------------------

_MAY_ENTER = """EXISTS (
    SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id AND m.coalition_id = NEW.coalition_id
    WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.organization_id = NEW.organization_id)"""
_MAY_SIGN = """EXISTS (
    SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id
    WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active'
    AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying))"""
_IS_FIXED = f"EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN {_FIXED})"  # noqa: S608 - our own constants
_MOVES = """(NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id
    OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0))"""
_SIGNS = f"NEW.state = 'signed' AND {_MOVES} AND NOT {_MAY_SIGN}"
_ENTER_WORDS = "a letter takes organizations of its coalition while it collects"
_SIGN_WORDS = "this organization cannot sign this letter, or not these words"
_FIXED_WORDS = "who signed a frozen letter stays as it is"
SIGN_ON = {
    "sqlite": [
        _sqlite("sign_on_enters", "INSERT", "sign_on", f"NOT {_MAY_ENTER}", _ENTER_WORDS),
        _sqlite("sign_on_enters_signed", "INSERT", "sign_on", f"NEW.state = 'signed' AND NOT {_MAY_SIGN}", _SIGN_WORDS),
        _sqlite("sign_on_signs", "UPDATE", "sign_on", _SIGNS, _SIGN_WORDS),
        _sqlite("sign_on_fixed", "UPDATE", "sign_on", f"{_MOVES} AND {_IS_FIXED}", _FIXED_WORDS),
        _sqlite("sign_on_kept", "DELETE", "sign_on", _IS_FIXED, _FIXED_WORDS),
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION sign_on_may() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN {_refuse(_IS_FIXED, _FIXED_WORDS)} RETURN OLD; END IF;
        IF TG_OP = 'UPDATE' AND NOT {_MOVES} THEN RETURN NEW; END IF;
        PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR SHARE;
        IF TG_OP = 'INSERT' THEN {_refuse(f"NOT {_MAY_ENTER}", _ENTER_WORDS)}
        ELSE {_refuse(_IS_FIXED, _FIXED_WORDS)} END IF;
        {_refuse(f"NEW.state = 'signed' AND NOT {_MAY_SIGN}", _SIGN_WORDS)} RETURN NEW; END $$""",
        """CREATE TRIGGER sign_on_may BEFORE INSERT OR UPDATE OR DELETE ON sign_on FOR EACH ROW
        EXECUTE FUNCTION sign_on_may()""",
    ],
}
