"""second factor beside roles

Revision: 0010
After: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

DROPPED = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS membership_role_factor_insert",
        "DROP TRIGGER IF EXISTS membership_role_factor_update",
        "DROP TRIGGER IF EXISTS passkey_factor_delete",
        "DROP TRIGGER IF EXISTS platform_role_factor_insert",
        "DROP TRIGGER IF EXISTS platform_role_factor_update",
        "DROP TRIGGER IF EXISTS totp_factor_goes_delete",
        "DROP TRIGGER IF EXISTS totp_factor_emptied_update",
        "DROP TRIGGER IF EXISTS user_session_factor_insert",
        "DROP TRIGGER IF EXISTS user_session_factor_update",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS membership_role_factor ON membership_role",
        "DROP TRIGGER IF EXISTS passkey_factor ON passkey",
        "DROP TRIGGER IF EXISTS platform_role_factor ON platform_role",
        "DROP TRIGGER IF EXISTS totp_factor_goes ON totp_factor",
        "DROP TRIGGER IF EXISTS totp_factor_emptied ON totp_factor",
        "DROP TRIGGER IF EXISTS user_session_factor ON user_session",
        "DROP FUNCTION IF EXISTS membership_role_factor()",
        "DROP FUNCTION IF EXISTS passkey_factor()",
        "DROP FUNCTION IF EXISTS platform_role_factor()",
        "DROP FUNCTION IF EXISTS totp_factor_emptied()",
        "DROP FUNCTION IF EXISTS totp_factor_goes()",
        "DROP FUNCTION IF EXISTS user_session_factor()",
    ],
}
GUARDS = {
    "sqlite": [
        "CREATE TRIGGER membership_role_factor_insert BEFORE INSERT ON membership_role WHEN NEW.role IN ('care_lead', 'grievance_officer', 'admin') AND NEW.ended_at IS NULL AND EXISTS (SELECT 1 FROM user_session s WHERE s.user_id = NEW.user_id AND s.access = 'full') AND NOT (EXISTS (SELECT 1 FROM totp_factor t WHERE t.user_id = NEW.user_id AND t.secret_sealed IS NOT NULL) OR EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = NEW.user_id)) BEGIN SELECT RAISE(ABORT, 'this role needs a second factor'); END",
        "CREATE TRIGGER membership_role_factor_update BEFORE UPDATE ON membership_role WHEN NEW.role IN ('care_lead', 'grievance_officer', 'admin') AND NEW.ended_at IS NULL AND EXISTS (SELECT 1 FROM user_session s WHERE s.user_id = NEW.user_id AND s.access = 'full') AND NOT (EXISTS (SELECT 1 FROM totp_factor t WHERE t.user_id = NEW.user_id AND t.secret_sealed IS NOT NULL) OR EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = NEW.user_id)) BEGIN SELECT RAISE(ABORT, 'this role needs a second factor'); END",
        "CREATE TRIGGER passkey_factor_delete BEFORE DELETE ON passkey WHEN NOT EXISTS (SELECT 1 FROM totp_factor t WHERE t.user_id = OLD.user_id AND t.secret_sealed IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = OLD.user_id AND k.id <> OLD.id) AND (EXISTS (SELECT 1 FROM membership_role r WHERE r.user_id = OLD.user_id AND r.role IN ('care_lead', 'grievance_officer', 'admin') AND r.ended_at IS NULL) OR EXISTS (SELECT 1 FROM platform_role p WHERE p.user_id = OLD.user_id AND p.ended_at IS NULL)) AND EXISTS (SELECT 1 FROM user_session s WHERE s.user_id = OLD.user_id AND s.access = 'full') BEGIN SELECT RAISE(ABORT, 'this role needs a second factor'); END",
        "CREATE TRIGGER platform_role_factor_insert BEFORE INSERT ON platform_role WHEN NEW.ended_at IS NULL AND EXISTS (SELECT 1 FROM user_session s WHERE s.user_id = NEW.user_id AND s.access = 'full') AND NOT (EXISTS (SELECT 1 FROM totp_factor t WHERE t.user_id = NEW.user_id AND t.secret_sealed IS NOT NULL) OR EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = NEW.user_id)) BEGIN SELECT RAISE(ABORT, 'this role needs a second factor'); END",
        "CREATE TRIGGER platform_role_factor_update BEFORE UPDATE ON platform_role WHEN NEW.ended_at IS NULL AND EXISTS (SELECT 1 FROM user_session s WHERE s.user_id = NEW.user_id AND s.access = 'full') AND NOT (EXISTS (SELECT 1 FROM totp_factor t WHERE t.user_id = NEW.user_id AND t.secret_sealed IS NOT NULL) OR EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = NEW.user_id)) BEGIN SELECT RAISE(ABORT, 'this role needs a second factor'); END",
        "CREATE TRIGGER totp_factor_goes_delete BEFORE DELETE ON totp_factor WHEN OLD.secret_sealed IS NOT NULL AND NOT EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = OLD.user_id) AND (EXISTS (SELECT 1 FROM membership_role r WHERE r.user_id = OLD.user_id AND r.role IN ('care_lead', 'grievance_officer', 'admin') AND r.ended_at IS NULL) OR EXISTS (SELECT 1 FROM platform_role p WHERE p.user_id = OLD.user_id AND p.ended_at IS NULL)) AND EXISTS (SELECT 1 FROM user_session s WHERE s.user_id = OLD.user_id AND s.access = 'full') BEGIN SELECT RAISE(ABORT, 'this role needs a second factor'); END",
        "CREATE TRIGGER totp_factor_emptied_update BEFORE UPDATE OF secret_sealed ON totp_factor WHEN NEW.secret_sealed IS NULL AND OLD.secret_sealed IS NOT NULL AND NOT EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = OLD.user_id) AND (EXISTS (SELECT 1 FROM membership_role r WHERE r.user_id = OLD.user_id AND r.role IN ('care_lead', 'grievance_officer', 'admin') AND r.ended_at IS NULL) OR EXISTS (SELECT 1 FROM platform_role p WHERE p.user_id = OLD.user_id AND p.ended_at IS NULL)) AND EXISTS (SELECT 1 FROM user_session s WHERE s.user_id = OLD.user_id AND s.access = 'full') BEGIN SELECT RAISE(ABORT, 'this role needs a second factor'); END",
        "CREATE TRIGGER user_session_factor_insert BEFORE INSERT ON user_session WHEN NEW.access = 'full' AND (EXISTS (SELECT 1 FROM membership_role r WHERE r.user_id = NEW.user_id AND r.role IN ('care_lead', 'grievance_officer', 'admin') AND r.ended_at IS NULL) OR EXISTS (SELECT 1 FROM platform_role p WHERE p.user_id = NEW.user_id AND p.ended_at IS NULL)) AND NOT (EXISTS (SELECT 1 FROM totp_factor t WHERE t.user_id = NEW.user_id AND t.secret_sealed IS NOT NULL) OR EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = NEW.user_id)) BEGIN SELECT RAISE(ABORT, 'this role needs a second factor'); END",
        "CREATE TRIGGER user_session_factor_update BEFORE UPDATE OF access, user_id ON user_session WHEN NEW.access = 'full' AND (EXISTS (SELECT 1 FROM membership_role r WHERE r.user_id = NEW.user_id AND r.role IN ('care_lead', 'grievance_officer', 'admin') AND r.ended_at IS NULL) OR EXISTS (SELECT 1 FROM platform_role p WHERE p.user_id = NEW.user_id AND p.ended_at IS NULL)) AND NOT (EXISTS (SELECT 1 FROM totp_factor t WHERE t.user_id = NEW.user_id AND t.secret_sealed IS NOT NULL) OR EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = NEW.user_id)) BEGIN SELECT RAISE(ABORT, 'this role needs a second factor'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION membership_role_factor() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM user_account WHERE id = NEW.user_id FOR NO KEY UPDATE; IF NEW.role IN ('care_lead', 'grievance_officer', 'admin') AND NEW.ended_at IS NULL AND EXISTS (SELECT 1 FROM user_session s WHERE s.user_id = NEW.user_id AND s.access = 'full') AND NOT (EXISTS (SELECT 1 FROM totp_factor t WHERE t.user_id = NEW.user_id AND t.secret_sealed IS NOT NULL) OR EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = NEW.user_id)) THEN RAISE EXCEPTION 'this role needs a second factor' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER membership_role_factor BEFORE INSERT OR UPDATE ON membership_role FOR EACH ROW EXECUTE FUNCTION membership_role_factor()",
        "CREATE OR REPLACE FUNCTION passkey_factor() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM user_account WHERE id = OLD.user_id FOR NO KEY UPDATE; IF NOT EXISTS (SELECT 1 FROM totp_factor t WHERE t.user_id = OLD.user_id AND t.secret_sealed IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = OLD.user_id AND k.id <> OLD.id) AND (EXISTS (SELECT 1 FROM membership_role r WHERE r.user_id = OLD.user_id AND r.role IN ('care_lead', 'grievance_officer', 'admin') AND r.ended_at IS NULL) OR EXISTS (SELECT 1 FROM platform_role p WHERE p.user_id = OLD.user_id AND p.ended_at IS NULL)) AND EXISTS (SELECT 1 FROM user_session s WHERE s.user_id = OLD.user_id AND s.access = 'full') THEN RAISE EXCEPTION 'this role needs a second factor' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
        "CREATE TRIGGER passkey_factor BEFORE DELETE ON passkey FOR EACH ROW EXECUTE FUNCTION passkey_factor()",
        "CREATE OR REPLACE FUNCTION platform_role_factor() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM user_account WHERE id = NEW.user_id FOR NO KEY UPDATE; IF NEW.ended_at IS NULL AND EXISTS (SELECT 1 FROM user_session s WHERE s.user_id = NEW.user_id AND s.access = 'full') AND NOT (EXISTS (SELECT 1 FROM totp_factor t WHERE t.user_id = NEW.user_id AND t.secret_sealed IS NOT NULL) OR EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = NEW.user_id)) THEN RAISE EXCEPTION 'this role needs a second factor' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER platform_role_factor BEFORE INSERT OR UPDATE ON platform_role FOR EACH ROW EXECUTE FUNCTION platform_role_factor()",
        "CREATE OR REPLACE FUNCTION totp_factor_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM user_account WHERE id = OLD.user_id FOR NO KEY UPDATE; IF OLD.secret_sealed IS NOT NULL AND NOT EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = OLD.user_id) AND (EXISTS (SELECT 1 FROM membership_role r WHERE r.user_id = OLD.user_id AND r.role IN ('care_lead', 'grievance_officer', 'admin') AND r.ended_at IS NULL) OR EXISTS (SELECT 1 FROM platform_role p WHERE p.user_id = OLD.user_id AND p.ended_at IS NULL)) AND EXISTS (SELECT 1 FROM user_session s WHERE s.user_id = OLD.user_id AND s.access = 'full') THEN RAISE EXCEPTION 'this role needs a second factor' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$",
        "CREATE TRIGGER totp_factor_goes BEFORE DELETE ON totp_factor FOR EACH ROW EXECUTE FUNCTION totp_factor_goes()",
        "CREATE OR REPLACE FUNCTION totp_factor_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM user_account WHERE id = OLD.user_id FOR NO KEY UPDATE; IF NEW.secret_sealed IS NULL AND OLD.secret_sealed IS NOT NULL AND NOT EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = OLD.user_id) AND (EXISTS (SELECT 1 FROM membership_role r WHERE r.user_id = OLD.user_id AND r.role IN ('care_lead', 'grievance_officer', 'admin') AND r.ended_at IS NULL) OR EXISTS (SELECT 1 FROM platform_role p WHERE p.user_id = OLD.user_id AND p.ended_at IS NULL)) AND EXISTS (SELECT 1 FROM user_session s WHERE s.user_id = OLD.user_id AND s.access = 'full') THEN RAISE EXCEPTION 'this role needs a second factor' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER totp_factor_emptied BEFORE UPDATE OF secret_sealed ON totp_factor FOR EACH ROW EXECUTE FUNCTION totp_factor_emptied()",
        "CREATE OR REPLACE FUNCTION user_session_factor() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM user_account WHERE id = NEW.user_id FOR NO KEY UPDATE; IF NEW.access = 'full' AND (EXISTS (SELECT 1 FROM membership_role r WHERE r.user_id = NEW.user_id AND r.role IN ('care_lead', 'grievance_officer', 'admin') AND r.ended_at IS NULL) OR EXISTS (SELECT 1 FROM platform_role p WHERE p.user_id = NEW.user_id AND p.ended_at IS NULL)) AND NOT (EXISTS (SELECT 1 FROM totp_factor t WHERE t.user_id = NEW.user_id AND t.secret_sealed IS NOT NULL) OR EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = NEW.user_id)) THEN RAISE EXCEPTION 'this role needs a second factor' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER user_session_factor BEFORE INSERT OR UPDATE OF access, user_id ON user_session FOR EACH ROW EXECUTE FUNCTION user_session_factor()",
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
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("access", sa.String(length=10), server_default="enrolling", nullable=False))
        batch_op.create_check_constraint(
            batch_op.f("ck_user_session_access"), "access IN ('full', 'enrolling', 'waived')"
        )

    # ### end Alembic commands ###
    run(GUARDS)


def downgrade() -> None:
    run(DROPPED)
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_user_session_access"), type_="check")
        batch_op.drop_column("access")

    # ### end Alembic commands ###
    run(GUARDS_BEFORE)
