"""thank-you mail, ask budget

Revision: 0006
After: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DROPPED = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS membership_role_last_ends",
        "DROP TRIGGER IF EXISTS membership_role_last_goes",
        "DROP TRIGGER IF EXISTS membership_role_last_closed",
        "DROP TRIGGER IF EXISTS ask_within_limit",
        "DROP TRIGGER IF EXISTS ask_frozen",
        "DROP TRIGGER IF EXISTS sign_on_enters",
        "DROP TRIGGER IF EXISTS delivery_item_may_enter",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS membership_role_last_admin ON membership_role",
        "DROP TRIGGER IF EXISTS user_account_last_of_coalition ON user_account",
        "DROP TRIGGER IF EXISTS ask_within_limit ON ask",
        "DROP TRIGGER IF EXISTS ask_frozen ON ask",
        "DROP TRIGGER IF EXISTS sign_on_may ON sign_on",
        "DROP TRIGGER IF EXISTS delivery_item_may_enter ON delivery_item",
        "DROP FUNCTION IF EXISTS ask_frozen()",
        "DROP FUNCTION IF EXISTS ask_within_limit()",
    ],
}
GUARDS = {
    "sqlite": [
        "CREATE TRIGGER membership_role_last_ends BEFORE UPDATE ON membership_role WHEN (NEW.ended_at IS NOT NULL OR NEW.role <> 'admin' OR NEW.coalition_id <> OLD.coalition_id) AND OLD.role = 'admin' AND OLD.ended_at IS NULL AND NOT EXISTS ( SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id WHERE m.coalition_id = OLD.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL AND u.disabled_at IS NULL AND m.user_id <> OLD.user_id) BEGIN SELECT RAISE(ABORT, 'the last administrator of a coalition stays'); END",
        "CREATE TRIGGER membership_role_last_goes BEFORE DELETE ON membership_role WHEN OLD.role = 'admin' AND OLD.ended_at IS NULL AND NOT EXISTS ( SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id WHERE m.coalition_id = OLD.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL AND u.disabled_at IS NULL AND m.user_id <> OLD.user_id) BEGIN SELECT RAISE(ABORT, 'the last administrator of a coalition stays'); END",
        "CREATE TRIGGER membership_role_last_closed BEFORE UPDATE OF disabled_at ON user_account WHEN NEW.disabled_at IS NOT NULL AND OLD.disabled_at IS NULL AND EXISTS ( SELECT 1 FROM membership_role r WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL AND NOT EXISTS ( SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id WHERE m.coalition_id = r.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL AND u.disabled_at IS NULL AND m.user_id <> OLD.id)) BEGIN SELECT RAISE(ABORT, 'the last administrator of a coalition stays'); END",
        "CREATE TRIGGER ask_within_limit BEFORE INSERT ON ask WHEN (SELECT COUNT(*) FROM ask a WHERE a.coalition_id = NEW.coalition_id AND a.person_id = NEW.person_id AND a.counts_until > NEW.asked_at) >= (SELECT c.ask_limit FROM coalition c WHERE c.id = NEW.coalition_id AND c.ask_limit > 0) BEGIN SELECT RAISE(ABORT, 'this person has reached their limit of asks'); END",
        "CREATE TRIGGER ask_frozen BEFORE UPDATE ON ask BEGIN SELECT RAISE(ABORT, 'an ask stays as it was written'); END",
        "CREATE TRIGGER sign_on_enters BEFORE INSERT ON sign_on WHEN NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id AND m.coalition_id = NEW.coalition_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.organization_id = NEW.organization_id) BEGIN SELECT RAISE(ABORT, 'a letter takes organizations of its coalition while it collects'); END",
        "CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item WHEN NOT EXISTS ( SELECT 1 FROM delivery d JOIN signature s ON s.id = NEW.signature_id AND s.petition_id = d.petition_id WHERE d.id = NEW.delivery_id AND d.state = 'building' AND s.state = 'verified' AND s.verified_at <= d.snapshot_at) BEGIN SELECT RAISE(ABORT, 'a delivery takes verified signatures of its petition, until it is built'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION membership_role_last_admin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' OR NEW.ended_at IS NOT NULL OR NEW.role <> 'admin' OR NEW.coalition_id <> OLD.coalition_id THEN PERFORM 1 FROM coalition WHERE id = OLD.coalition_id FOR UPDATE; IF OLD.role = 'admin' AND OLD.ended_at IS NULL AND NOT EXISTS ( SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id WHERE m.coalition_id = OLD.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL AND u.disabled_at IS NULL AND m.user_id <> OLD.user_id) THEN RAISE EXCEPTION 'the last administrator of a coalition stays' USING ERRCODE = 'restrict_violation'; END IF; END IF; RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$",
        "CREATE TRIGGER membership_role_last_admin BEFORE UPDATE OR DELETE ON membership_role FOR EACH ROW EXECUTE FUNCTION membership_role_last_admin()",
        "CREATE OR REPLACE FUNCTION user_account_last_of_coalition() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.disabled_at IS NOT NULL THEN PERFORM 1 FROM coalition c WHERE c.id IN (SELECT r.coalition_id FROM membership_role r WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL) ORDER BY c.id FOR UPDATE; IF OLD.disabled_at IS NULL AND EXISTS ( SELECT 1 FROM membership_role r WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL AND NOT EXISTS ( SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id WHERE m.coalition_id = r.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL AND u.disabled_at IS NULL AND m.user_id <> OLD.id)) THEN RAISE EXCEPTION 'the last administrator of a coalition stays' USING ERRCODE = 'restrict_violation'; END IF; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER user_account_last_of_coalition BEFORE UPDATE OF disabled_at ON user_account FOR EACH ROW EXECUTE FUNCTION user_account_last_of_coalition()",
        "CREATE OR REPLACE FUNCTION ask_within_limit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM person WHERE id = NEW.person_id FOR UPDATE; IF (SELECT COUNT(*) FROM ask a WHERE a.coalition_id = NEW.coalition_id AND a.person_id = NEW.person_id AND a.counts_until > NEW.asked_at) >= (SELECT c.ask_limit FROM coalition c WHERE c.id = NEW.coalition_id AND c.ask_limit > 0) THEN RAISE EXCEPTION 'this person has reached their limit of asks' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER ask_within_limit BEFORE INSERT ON ask FOR EACH ROW EXECUTE FUNCTION ask_within_limit()",
        "CREATE OR REPLACE FUNCTION ask_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'an ask stays as it was written' USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER ask_frozen BEFORE UPDATE ON ask FOR EACH ROW EXECUTE FUNCTION ask_frozen()",
        "CREATE OR REPLACE FUNCTION sign_on_may() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END IF; IF TG_OP = 'UPDATE' AND NOT (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) THEN RETURN NEW; END IF; PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR SHARE; IF TG_OP = 'INSERT' THEN IF NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id AND m.coalition_id = NEW.coalition_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.organization_id = NEW.organization_id) THEN RAISE EXCEPTION 'a letter takes organizations of its coalition while it collects' USING ERRCODE = 'restrict_violation'; END IF; ELSE IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; END IF; IF NEW.state = 'signed' AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active' AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying)) THEN RAISE EXCEPTION 'this organization cannot sign this letter, or not these words' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER sign_on_may BEFORE INSERT OR UPDATE OR DELETE ON sign_on FOR EACH ROW EXECUTE FUNCTION sign_on_may()",
        "CREATE OR REPLACE FUNCTION delivery_item_may_enter() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS ( SELECT 1 FROM delivery d JOIN signature s ON s.id = NEW.signature_id AND s.petition_id = d.petition_id WHERE d.id = NEW.delivery_id AND d.state = 'building' AND s.state = 'verified' AND s.verified_at <= d.snapshot_at) THEN RAISE EXCEPTION 'a delivery takes verified signatures of its petition, until it is built' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item FOR EACH ROW EXECUTE FUNCTION delivery_item_may_enter()",
    ],
}
GUARDS_BEFORE = {
    "sqlite": [
        "CREATE TRIGGER membership_role_last_ends BEFORE UPDATE ON membership_role WHEN (NEW.ended_at IS NOT NULL OR NEW.role <> 'admin' OR NEW.coalition_id <> OLD.coalition_id) AND OLD.role = 'admin' AND OLD.ended_at IS NULL AND NOT EXISTS ( SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id WHERE m.coalition_id = OLD.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL AND u.disabled_at IS NULL AND m.user_id <> OLD.user_id) BEGIN SELECT RAISE(ABORT, 'the last administrator of a coalition stays'); END",
        "CREATE TRIGGER membership_role_last_goes BEFORE DELETE ON membership_role WHEN OLD.role = 'admin' AND OLD.ended_at IS NULL AND NOT EXISTS ( SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id WHERE m.coalition_id = OLD.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL AND u.disabled_at IS NULL AND m.user_id <> OLD.user_id) BEGIN SELECT RAISE(ABORT, 'the last administrator of a coalition stays'); END",
        "CREATE TRIGGER membership_role_last_closed BEFORE UPDATE OF disabled_at ON user_account WHEN NEW.disabled_at IS NOT NULL AND OLD.disabled_at IS NULL AND EXISTS ( SELECT 1 FROM membership_role r WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL AND NOT EXISTS ( SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id WHERE m.coalition_id = r.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL AND u.disabled_at IS NULL AND m.user_id <> OLD.id)) BEGIN SELECT RAISE(ABORT, 'the last administrator of a coalition stays'); END",
        "CREATE TRIGGER sign_on_enters BEFORE INSERT ON sign_on WHEN NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id AND m.coalition_id = NEW.coalition_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.organization_id = NEW.organization_id) BEGIN SELECT RAISE(ABORT, 'a letter takes organizations of its coalition while it collects'); END",
        "CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item WHEN NOT EXISTS ( SELECT 1 FROM delivery d JOIN signature s ON s.id = NEW.signature_id AND s.petition_id = d.petition_id WHERE d.id = NEW.delivery_id AND d.state = 'building' AND s.state = 'verified' AND s.verified_at <= d.snapshot_at) BEGIN SELECT RAISE(ABORT, 'a delivery takes verified signatures of its petition, until it is built'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION membership_role_last_admin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' OR NEW.ended_at IS NOT NULL OR NEW.role <> 'admin' OR NEW.coalition_id <> OLD.coalition_id THEN PERFORM 1 FROM coalition WHERE id = OLD.coalition_id FOR UPDATE; IF OLD.role = 'admin' AND OLD.ended_at IS NULL AND NOT EXISTS ( SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id WHERE m.coalition_id = OLD.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL AND u.disabled_at IS NULL AND m.user_id <> OLD.user_id) THEN RAISE EXCEPTION 'the last administrator of a coalition stays' USING ERRCODE = 'restrict_violation'; END IF; END IF; RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$",
        "CREATE TRIGGER membership_role_last_admin BEFORE UPDATE OR DELETE ON membership_role FOR EACH ROW EXECUTE FUNCTION membership_role_last_admin()",
        "CREATE OR REPLACE FUNCTION user_account_last_of_coalition() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.disabled_at IS NOT NULL THEN PERFORM 1 FROM coalition c WHERE c.id IN (SELECT r.coalition_id FROM membership_role r WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL) ORDER BY c.id FOR UPDATE; IF OLD.disabled_at IS NULL AND EXISTS ( SELECT 1 FROM membership_role r WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL AND NOT EXISTS ( SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id WHERE m.coalition_id = r.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL AND u.disabled_at IS NULL AND m.user_id <> OLD.id)) THEN RAISE EXCEPTION 'the last administrator of a coalition stays' USING ERRCODE = 'restrict_violation'; END IF; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER user_account_last_of_coalition BEFORE UPDATE OF disabled_at ON user_account FOR EACH ROW EXECUTE FUNCTION user_account_last_of_coalition()",
        "CREATE OR REPLACE FUNCTION sign_on_may() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END IF; IF TG_OP = 'UPDATE' AND NOT (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) THEN RETURN NEW; END IF; PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR SHARE; IF TG_OP = 'INSERT' THEN IF NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id AND m.coalition_id = NEW.coalition_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.organization_id = NEW.organization_id) THEN RAISE EXCEPTION 'a letter takes organizations of its coalition while it collects' USING ERRCODE = 'restrict_violation'; END IF; ELSE IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; END IF; IF NEW.state = 'signed' AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active' AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying)) THEN RAISE EXCEPTION 'this organization cannot sign this letter, or not these words' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER sign_on_may BEFORE INSERT OR UPDATE OR DELETE ON sign_on FOR EACH ROW EXECUTE FUNCTION sign_on_may()",
        "CREATE OR REPLACE FUNCTION delivery_item_may_enter() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS ( SELECT 1 FROM delivery d JOIN signature s ON s.id = NEW.signature_id AND s.petition_id = d.petition_id WHERE d.id = NEW.delivery_id AND d.state = 'building' AND s.state = 'verified' AND s.verified_at <= d.snapshot_at) THEN RAISE EXCEPTION 'a delivery takes verified signatures of its petition, until it is built' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item FOR EACH ROW EXECUTE FUNCTION delivery_item_may_enter()",
    ],
}


def run(statements: dict[str, list[str]]) -> None:
    for statement in statements[op.get_bind().dialect.name]:
        op.execute(statement)


def upgrade() -> None:
    run(DROPPED)
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "ask",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("ask_key", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("counts_until > asked_at", name=op.f("ck_ask_counts_for_a_while")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "membership_id"],
            ["membership.coalition_id", "membership.id"],
            name=op.f("fk_ask_coalition_id_membership_id_membership"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "person_id"],
            ["person.coalition_id", "person.id"],
            name=op.f("fk_ask_coalition_id_person_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_ask_coalition_id_id")),
        sa.UniqueConstraint(
            "person_id", "membership_id", "ask_key", name=op.f("uq_ask_person_id_membership_id_ask_key")
        ),
    )
    with op.batch_alter_table("ask", schema=None) as batch_op:
        batch_op.create_index("ix_ask_counts_until", ["counts_until"], unique=False)
        batch_op.create_index("ix_ask_person", ["coalition_id", "person_id", "counts_until"], unique=False)

    op.create_table(
        "partner_ask",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("petition_id", sa.BigInteger(), nullable=False),
        sa.Column("partner_page_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_count", sa.Integer(), nullable=False),
        sa.Column("limited_count", sa.Integer(), nullable=False),
        sa.Column("last_signature_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('asking', 'asked')", name=op.f("ck_partner_ask_state")),
        sa.CheckConstraint("asked_count >= 0 AND limited_count >= 0", name=op.f("ck_partner_ask_counts")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "petition_id", "partner_page_id"],
            ["partner_page.coalition_id", "partner_page.petition_id", "partner_page.id"],
            name=op.f("fk_partner_ask_coalition_id_petition_id_partner_page_id_partner_page"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_ask")),
        sa.UniqueConstraint("partner_page_id", name=op.f("uq_partner_ask_partner_page_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_partner_ask_public_id")),
    )
    with op.batch_alter_table("coalition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ask_limit", sa.SmallInteger(), server_default="4", nullable=False))
        batch_op.add_column(sa.Column("ask_window_days", sa.SmallInteger(), server_default="30", nullable=False))
        batch_op.create_check_constraint(batch_op.f("ck_coalition_ask_limit"), "ask_limit BETWEEN 0 AND 100")
        batch_op.create_check_constraint(
            batch_op.f("ck_coalition_ask_window_days"), "ask_window_days BETWEEN 1 AND 365"
        )

    with op.batch_alter_table("petition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thanks_mail", sa.Boolean(), server_default=sa.true(), nullable=False))

    # ### end Alembic commands ###
    run(GUARDS)


def downgrade() -> None:
    run(DROPPED)
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("petition", schema=None) as batch_op:
        batch_op.drop_column("thanks_mail")

    with op.batch_alter_table("coalition", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_coalition_ask_window_days"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_coalition_ask_limit"), type_="check")
        batch_op.drop_column("ask_window_days")
        batch_op.drop_column("ask_limit")

    op.drop_table("partner_ask")
    with op.batch_alter_table("ask", schema=None) as batch_op:
        batch_op.drop_index("ix_ask_person")
        batch_op.drop_index("ix_ask_counts_until")

    op.drop_table("ask")
    # ### end Alembic commands ###
    run(GUARDS_BEFORE)
