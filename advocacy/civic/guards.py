"""A trigger for what no key or check can state: the home of somebody in office is never stored."""

from __future__ import annotations

_WORDS = "the home of somebody in office is never stored"
_SQLITE = """EXISTS (SELECT 1 FROM json_each(NEW.offices) o
    WHERE lower(json_extract(o.value, '$.kind')) = 'home'
    OR lower(json_extract(o.value, '$.classification')) = 'home')"""
_POSTGRESQL = """EXISTS (SELECT 1 FROM json_array_elements(NEW.offices) o
    WHERE lower(o ->> 'kind') = 'home' OR lower(o ->> 'classification') = 'home')"""
NO_HOME = {
    "sqlite": [
        f"""CREATE TRIGGER official_no_home_{verb.partition(" ")[0].lower()} BEFORE {verb} ON official WHEN {_SQLITE}
        BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"""
        for verb in ("INSERT", "UPDATE OF offices")
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION official_no_home() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF {_POSTGRESQL} THEN RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'restrict_violation'; END IF;
        RETURN NEW; END $$""",
        """CREATE TRIGGER official_no_home BEFORE INSERT OR UPDATE OF offices ON official FOR EACH ROW
        EXECUTE FUNCTION official_no_home()""",
    ],
}
