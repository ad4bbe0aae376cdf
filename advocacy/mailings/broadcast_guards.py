"""Triggers of broadcasts: what no key or check can say, so that not even a bug can change what people were sent.

Once the first mail may have left, the words, the purpose and the audience stay as they are; what ended stays ended,
except that people who joined later may be sent what was done.
"""

from __future__ import annotations

_FROZEN = (
    "coalition_id",
    "subject",
    "body",
    "name_fallback",
    "locale",
    "purpose",
    "rev",
    "campaign_id",
    "petition_id",
    "started_at",
    "approved_by",
)
_REFUSALS = {
    "frozen": "what a broadcast says, and to whom, is frozen when sending begins",
    "ended": "a broadcast that was cancelled stays cancelled",
}
_CANCELLED = "OLD.state = 'cancelled' AND NEW.state <> 'cancelled'"


def _changed(differs: str, as_text: str) -> str:
    columns = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in _FROZEN)
    return f"OLD.started_at IS NOT NULL AND ({columns} OR NEW.audience{as_text} {differs} OLD.audience{as_text})"


def _raise(condition: str, refusal: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END IF;"


BROADCAST = {
    "sqlite": [
        f"""CREATE TRIGGER broadcast_frozen BEFORE UPDATE ON broadcast WHEN {_changed("IS NOT", "")}
        BEGIN SELECT RAISE(ABORT, '{_REFUSALS["frozen"]}'); END""",
        f"""CREATE TRIGGER broadcast_ended BEFORE UPDATE ON broadcast WHEN {_CANCELLED}
        BEGIN SELECT RAISE(ABORT, '{_REFUSALS["ended"]}'); END""",
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION broadcast_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        {_raise(_changed("IS DISTINCT FROM", "::text"), _REFUSALS["frozen"])}
        {_raise(_CANCELLED, _REFUSALS["ended"])}
        RETURN NEW; END $$""",
        "CREATE TRIGGER broadcast_guard BEFORE UPDATE ON broadcast FOR EACH ROW EXECUTE FUNCTION broadcast_guard()",
    ],
}
