"""Triggers for what no key or check can say of petitions (domain I-094)."""

from __future__ import annotations

_REWORDED = """(NEW.title <> OLD.title OR NEW.text <> OLD.text)
    AND EXISTS (SELECT 1 FROM signature s WHERE s.petition_id = OLD.id)
    AND (NEW.text_version <> OLD.text_version + 1 OR NOT EXISTS (
        SELECT 1 FROM petition_correction c WHERE c.petition_id = OLD.id AND c.state = 'approved'
        AND c.of_version = OLD.text_version AND c.title = NEW.title AND c.text = NEW.text))"""
_REFUSAL = "words that people signed change only by a correction that two people approved"
WORDS = {
    "sqlite": [
        f"""CREATE TRIGGER petition_reworded BEFORE UPDATE ON petition WHEN {_REWORDED}
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"""
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION petition_reworded() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF {_REWORDED} THEN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END IF;
        RETURN NEW; END $$""",
        """CREATE TRIGGER petition_reworded BEFORE UPDATE ON petition FOR EACH ROW
        EXECUTE FUNCTION petition_reworded()""",
    ],
}
