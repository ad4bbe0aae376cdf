"""homes of people in office are refused

Revision: 0016
After: 0015
"""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

DROPPED = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS official_no_home_insert",
        "DROP TRIGGER IF EXISTS official_no_home_update",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS official_no_home ON official",
        "DROP FUNCTION IF EXISTS official_no_home()",
    ],
}
GUARDS = {
    "sqlite": [
        "CREATE TRIGGER official_no_home_insert BEFORE INSERT ON official WHEN EXISTS (SELECT 1 FROM json_each(NEW.offices) o WHERE lower(json_extract(o.value, '$.kind')) = 'home' OR lower(json_extract(o.value, '$.classification')) = 'home') BEGIN SELECT RAISE(ABORT, 'the home of somebody in office is never stored'); END",
        "CREATE TRIGGER official_no_home_update BEFORE UPDATE OF offices ON official WHEN EXISTS (SELECT 1 FROM json_each(NEW.offices) o WHERE lower(json_extract(o.value, '$.kind')) = 'home' OR lower(json_extract(o.value, '$.classification')) = 'home') BEGIN SELECT RAISE(ABORT, 'the home of somebody in office is never stored'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION official_no_home() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM json_array_elements(NEW.offices) o WHERE lower(o ->> 'kind') = 'home' OR lower(o ->> 'classification') = 'home') THEN RAISE EXCEPTION 'the home of somebody in office is never stored' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER official_no_home BEFORE INSERT OR UPDATE OF offices ON official FOR EACH ROW EXECUTE FUNCTION official_no_home()",
    ],
}
GUARDS_BEFORE = {
    "sqlite": [],
    "postgresql": [],
}


def run(statements: dict[str, list[str]]) -> None:
    for statement in statements[op.get_bind().dialect.name]:
        op.execute(statement)


def upgrade() -> None:
    run(DROPPED)

    run(GUARDS)


def downgrade() -> None:
    run(DROPPED)

    run(GUARDS_BEFORE)
