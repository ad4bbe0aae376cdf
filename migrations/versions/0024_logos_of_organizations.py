"""logos of organizations

Revision: 0024
After: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

DROPPED = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS sign_on_enters",
        "DROP TRIGGER IF EXISTS sign_on_enters_signed",
        "DROP TRIGGER IF EXISTS sign_on_signs",
        "DROP TRIGGER IF EXISTS sign_on_fixed",
        "DROP TRIGGER IF EXISTS sign_on_kept",
        "DROP TRIGGER IF EXISTS sign_on_text_asks_again",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS sign_on_may ON sign_on",
        "DROP TRIGGER IF EXISTS sign_on_text_enters ON sign_on_text",
    ],
}
GUARDS = {
    "sqlite": [
        "CREATE TRIGGER sign_on_enters BEFORE INSERT ON sign_on WHEN NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id AND m.coalition_id = NEW.coalition_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.organization_id = NEW.organization_id) BEGIN SELECT RAISE(ABORT, 'a letter takes organizations of its coalition while it collects'); END",
        "CREATE TRIGGER sign_on_enters_signed BEFORE INSERT ON sign_on WHEN NEW.state = 'signed' AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active' AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying)) BEGIN SELECT RAISE(ABORT, 'this organization cannot sign this letter, or not these words'); END",
        "CREATE TRIGGER sign_on_signs BEFORE UPDATE ON sign_on WHEN NEW.state = 'signed' AND (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active' AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying)) BEGIN SELECT RAISE(ABORT, 'this organization cannot sign this letter, or not these words'); END",
        "CREATE TRIGGER sign_on_fixed BEFORE UPDATE ON sign_on WHEN (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) AND EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) BEGIN SELECT RAISE(ABORT, 'who signed a frozen letter stays as it is'); END",
        "CREATE TRIGGER sign_on_kept BEFORE DELETE ON sign_on WHEN EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) BEGIN SELECT RAISE(ABORT, 'who signed a frozen letter stays as it is'); END",
        "CREATE TRIGGER sign_on_text_asks_again AFTER INSERT ON sign_on_text WHEN NEW.kind = 'material' BEGIN UPDATE sign_on SET state = 'needs_reconfirm' WHERE letter_id = NEW.letter_id AND state = 'signed'; END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION sign_on_may() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END IF; IF TG_OP = 'UPDATE' AND NOT (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) THEN RETURN NEW; END IF; PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR SHARE; IF TG_OP = 'INSERT' THEN IF NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id AND m.coalition_id = NEW.coalition_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.organization_id = NEW.organization_id) THEN RAISE EXCEPTION 'a letter takes organizations of its coalition while it collects' USING ERRCODE = 'restrict_violation'; END IF; ELSE IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; END IF; IF NEW.state = 'signed' AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active' AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying)) THEN RAISE EXCEPTION 'this organization cannot sign this letter, or not these words' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER sign_on_may BEFORE INSERT OR UPDATE OR DELETE ON sign_on FOR EACH ROW EXECUTE FUNCTION sign_on_may()",
        "CREATE OR REPLACE FUNCTION sign_on_text_enters() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR UPDATE; IF NOT EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = NEW.letter_id AND l.state IN ('draft', 'review', 'collecting')) THEN RAISE EXCEPTION 'the words of this letter stay as they are' USING ERRCODE = 'restrict_violation'; END IF; IF NEW.kind = 'material' THEN UPDATE sign_on SET state = 'needs_reconfirm' WHERE letter_id = NEW.letter_id AND state = 'signed'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER sign_on_text_enters BEFORE INSERT ON sign_on_text FOR EACH ROW EXECUTE FUNCTION sign_on_text_enters()",
    ],
}
GUARDS_BEFORE = {
    "sqlite": [
        "CREATE TRIGGER sign_on_enters BEFORE INSERT ON sign_on WHEN NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id AND m.coalition_id = NEW.coalition_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.organization_id = NEW.organization_id) BEGIN SELECT RAISE(ABORT, 'a letter takes organizations of its coalition while it collects'); END",
        "CREATE TRIGGER sign_on_enters_signed BEFORE INSERT ON sign_on WHEN NEW.state = 'signed' AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active' AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying)) BEGIN SELECT RAISE(ABORT, 'this organization cannot sign this letter, or not these words'); END",
        "CREATE TRIGGER sign_on_signs BEFORE UPDATE ON sign_on WHEN NEW.state = 'signed' AND (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active' AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying)) BEGIN SELECT RAISE(ABORT, 'this organization cannot sign this letter, or not these words'); END",
        "CREATE TRIGGER sign_on_fixed BEFORE UPDATE ON sign_on WHEN (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) AND EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) BEGIN SELECT RAISE(ABORT, 'who signed a frozen letter stays as it is'); END",
        "CREATE TRIGGER sign_on_kept BEFORE DELETE ON sign_on WHEN EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) BEGIN SELECT RAISE(ABORT, 'who signed a frozen letter stays as it is'); END",
        "CREATE TRIGGER sign_on_text_asks_again AFTER INSERT ON sign_on_text WHEN NEW.kind = 'material' BEGIN UPDATE sign_on SET state = 'needs_reconfirm' WHERE letter_id = NEW.letter_id AND state = 'signed'; END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION sign_on_may() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END IF; IF TG_OP = 'UPDATE' AND NOT (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) THEN RETURN NEW; END IF; PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR SHARE; IF TG_OP = 'INSERT' THEN IF NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id AND m.coalition_id = NEW.coalition_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.organization_id = NEW.organization_id) THEN RAISE EXCEPTION 'a letter takes organizations of its coalition while it collects' USING ERRCODE = 'restrict_violation'; END IF; ELSE IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; END IF; IF NEW.state = 'signed' AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active' AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying)) THEN RAISE EXCEPTION 'this organization cannot sign this letter, or not these words' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER sign_on_may BEFORE INSERT OR UPDATE OR DELETE ON sign_on FOR EACH ROW EXECUTE FUNCTION sign_on_may()",
        "CREATE OR REPLACE FUNCTION sign_on_text_enters() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR UPDATE; IF NOT EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = NEW.letter_id AND l.state IN ('draft', 'review', 'collecting')) THEN RAISE EXCEPTION 'the words of this letter stay as they are' USING ERRCODE = 'restrict_violation'; END IF; IF NEW.kind = 'material' THEN UPDATE sign_on SET state = 'needs_reconfirm' WHERE letter_id = NEW.letter_id AND state = 'signed'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER sign_on_text_enters BEFORE INSERT ON sign_on_text FOR EACH ROW EXECUTE FUNCTION sign_on_text_enters()",
    ],
}


def run(statements: dict[str, list[str]]) -> None:
    for statement in statements[op.get_bind().dialect.name]:
        op.execute(statement)


def upgrade() -> None:
    run(DROPPED)
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "organization_logo",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("height BETWEEN 1 AND 240", name=op.f("ck_organization_logo_height")),
        sa.CheckConstraint("length(png) BETWEEN 1 AND 524288", name=op.f("ck_organization_logo_png")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_organization_logo_sha256")),
        sa.CheckConstraint("width BETWEEN 1 AND 480", name=op.f("ck_organization_logo_width")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "membership_id"],
            ["membership.coalition_id", "membership.id"],
            name=op.f("fk_organization_logo_coalition_id_membership_id_membership"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["user_account.id"], name=op.f("fk_organization_logo_uploaded_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_logo")),
        sa.UniqueConstraint(
            "coalition_id", "membership_id", name=op.f("uq_organization_logo_coalition_id_membership_id")
        ),
    )
    with op.batch_alter_table("name_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("with_logo", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_check_constraint(batch_op.f("ck_name_request_with_logo"), "NOT with_logo OR answer = 'yes'")

    with op.batch_alter_table("sign_on", schema=None) as batch_op:
        batch_op.add_column(sa.Column("with_logo", sa.Boolean(), server_default=sa.false(), nullable=False))

    # ### end Alembic commands ###
    run(GUARDS)


def downgrade() -> None:
    run(DROPPED)
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("sign_on", schema=None) as batch_op:
        batch_op.drop_column("with_logo")

    with op.batch_alter_table("name_request", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_name_request_with_logo"), type_="check")
        batch_op.drop_column("with_logo")

    op.drop_table("organization_logo")
    # ### end Alembic commands ###
    run(GUARDS_BEFORE)
