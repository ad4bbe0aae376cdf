"""People under letters, and what partners must delete

Revision: 0003
After: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DROPPED = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS consent_text_no_update",
        "DROP TRIGGER IF EXISTS consent_text_no_delete",
        "DROP TRIGGER IF EXISTS letter_people_manifest_no_update",
        "DROP TRIGGER IF EXISTS letter_people_manifest_no_delete",
        "DROP TRIGGER IF EXISTS personal_sign_on_enters",
        "DROP TRIGGER IF EXISTS personal_sign_on_signs",
        "DROP TRIGGER IF EXISTS personal_sign_on_fixed",
        "DROP TRIGGER IF EXISTS personal_sign_on_renamed",
        "DROP TRIGGER IF EXISTS personal_sign_on_kept",
        "DROP TRIGGER IF EXISTS sign_on_enters",
        "DROP TRIGGER IF EXISTS sign_on_enters_signed",
        "DROP TRIGGER IF EXISTS sign_on_signs",
        "DROP TRIGGER IF EXISTS sign_on_fixed",
        "DROP TRIGGER IF EXISTS sign_on_kept",
        "DROP TRIGGER IF EXISTS sign_on_text_asks_again",
        "DROP TRIGGER IF EXISTS sign_on_text_asks_people",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS consent_text_append_only ON consent_text",
        "DROP TRIGGER IF EXISTS consent_text_no_truncate ON consent_text",
        "DROP TRIGGER IF EXISTS letter_people_manifest_append_only ON letter_people_manifest",
        "DROP TRIGGER IF EXISTS letter_people_manifest_no_truncate ON letter_people_manifest",
        "DROP TRIGGER IF EXISTS personal_sign_on_may ON personal_sign_on",
        "DROP TRIGGER IF EXISTS sign_on_may ON sign_on",
        "DROP TRIGGER IF EXISTS sign_on_text_enters ON sign_on_text",
        "DROP TRIGGER IF EXISTS sign_on_text_asks_people ON sign_on_text",
        "DROP FUNCTION IF EXISTS personal_sign_on_may()",
        "DROP FUNCTION IF EXISTS sign_on_text_asks_people()",
    ],
}
GUARDS = {
    "sqlite": [
        "CREATE TRIGGER consent_text_no_update BEFORE UPDATE ON consent_text BEGIN SELECT RAISE(ABORT, 'consent_text is append-only'); END",
        "CREATE TRIGGER consent_text_no_delete BEFORE DELETE ON consent_text BEGIN SELECT RAISE(ABORT, 'consent_text is append-only'); END",
        "CREATE TRIGGER letter_people_manifest_no_update BEFORE UPDATE ON letter_people_manifest BEGIN SELECT RAISE(ABORT, 'letter_people_manifest is append-only'); END",
        "CREATE TRIGGER letter_people_manifest_no_delete BEFORE DELETE ON letter_people_manifest BEGIN SELECT RAISE(ABORT, 'letter_people_manifest is append-only'); END",
        "CREATE TRIGGER personal_sign_on_enters BEFORE INSERT ON personal_sign_on WHEN NOT (NEW.state = 'pending' AND EXISTS ( SELECT 1 FROM sign_on_letter l JOIN letter_people p ON p.letter_id = l.id AND p.coalition_id = l.coalition_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND p.is_open)) BEGIN SELECT RAISE(ABORT, 'people sign this letter only while it collects and is open to them'); END",
        "CREATE TRIGGER personal_sign_on_signs BEFORE UPDATE ON personal_sign_on WHEN NEW.state = 'signed' AND (OLD.state <> 'signed' OR NEW.text_version <> OLD.text_version) AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND NEW.text_version BETWEEN l.material_version AND l.text_version) BEGIN SELECT RAISE(ABORT, 'this letter takes no signature under these words'); END",
        "CREATE TRIGGER personal_sign_on_fixed BEFORE UPDATE ON personal_sign_on WHEN (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.shown <> OLD.shown OR NEW.text_version <> OLD.text_version) AND EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) BEGIN SELECT RAISE(ABORT, 'who signed a frozen letter stays as it is'); END",
        "CREATE TRIGGER personal_sign_on_renamed BEFORE UPDATE ON personal_sign_on WHEN OLD.state <> 'pending' AND NEW.name IS NOT NULL AND (OLD.name IS NULL OR NEW.name <> OLD.name) BEGIN SELECT RAISE(ABORT, 'a name that was confirmed is erased or stays'); END",
        "CREATE TRIGGER personal_sign_on_kept BEFORE DELETE ON personal_sign_on WHEN OLD.state <> 'pending' AND EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) BEGIN SELECT RAISE(ABORT, 'who signed a frozen letter stays as it is'); END",
        "CREATE TRIGGER sign_on_enters BEFORE INSERT ON sign_on WHEN NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id AND m.coalition_id = NEW.coalition_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.organization_id = NEW.organization_id) BEGIN SELECT RAISE(ABORT, 'a letter takes organizations of its coalition while it collects'); END",
        "CREATE TRIGGER sign_on_enters_signed BEFORE INSERT ON sign_on WHEN NEW.state = 'signed' AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active' AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying)) BEGIN SELECT RAISE(ABORT, 'this organization cannot sign this letter, or not these words'); END",
        "CREATE TRIGGER sign_on_signs BEFORE UPDATE ON sign_on WHEN NEW.state = 'signed' AND (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active' AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying)) BEGIN SELECT RAISE(ABORT, 'this organization cannot sign this letter, or not these words'); END",
        "CREATE TRIGGER sign_on_fixed BEFORE UPDATE ON sign_on WHEN (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) AND EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) BEGIN SELECT RAISE(ABORT, 'who signed a frozen letter stays as it is'); END",
        "CREATE TRIGGER sign_on_kept BEFORE DELETE ON sign_on WHEN EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) BEGIN SELECT RAISE(ABORT, 'who signed a frozen letter stays as it is'); END",
        "CREATE TRIGGER sign_on_text_asks_again AFTER INSERT ON sign_on_text WHEN NEW.kind = 'material' BEGIN UPDATE sign_on SET state = 'needs_reconfirm' WHERE letter_id = NEW.letter_id AND state = 'signed'; END",
        "CREATE TRIGGER sign_on_text_asks_people AFTER INSERT ON sign_on_text WHEN NEW.kind = 'material' BEGIN UPDATE personal_sign_on SET state = 'needs_reconfirm' WHERE letter_id = NEW.letter_id AND state = 'signed'; UPDATE letter_people SET signed_count = 0 WHERE letter_id = NEW.letter_id; END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER consent_text_append_only BEFORE UPDATE OR DELETE ON consent_text FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER consent_text_no_truncate BEFORE TRUNCATE ON consent_text FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER letter_people_manifest_append_only BEFORE UPDATE OR DELETE ON letter_people_manifest FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER letter_people_manifest_no_truncate BEFORE TRUNCATE ON letter_people_manifest FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        "CREATE OR REPLACE FUNCTION personal_sign_on_may() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN IF OLD.state <> 'pending' AND EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END IF; IF TG_OP = 'INSERT' THEN PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR SHARE; IF NOT (NEW.state = 'pending' AND EXISTS ( SELECT 1 FROM sign_on_letter l JOIN letter_people p ON p.letter_id = l.id AND p.coalition_id = l.coalition_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND p.is_open)) THEN RAISE EXCEPTION 'people sign this letter only while it collects and is open to them' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END IF; IF OLD.state <> 'pending' AND NEW.name IS NOT NULL AND (OLD.name IS NULL OR NEW.name <> OLD.name) THEN RAISE EXCEPTION 'a name that was confirmed is erased or stays' USING ERRCODE = 'restrict_violation'; END IF; IF NOT (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.shown <> OLD.shown OR NEW.text_version <> OLD.text_version) THEN RETURN NEW; END IF; PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR SHARE; IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; IF NEW.state = 'signed' AND (OLD.state <> 'signed' OR NEW.text_version <> OLD.text_version) AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND NEW.text_version BETWEEN l.material_version AND l.text_version) THEN RAISE EXCEPTION 'this letter takes no signature under these words' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER personal_sign_on_may BEFORE INSERT OR UPDATE OR DELETE ON personal_sign_on FOR EACH ROW EXECUTE FUNCTION personal_sign_on_may()",
        "CREATE OR REPLACE FUNCTION sign_on_may() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END IF; IF TG_OP = 'UPDATE' AND NOT (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) THEN RETURN NEW; END IF; PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR SHARE; IF TG_OP = 'INSERT' THEN IF NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id AND m.coalition_id = NEW.coalition_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.organization_id = NEW.organization_id) THEN RAISE EXCEPTION 'a letter takes organizations of its coalition while it collects' USING ERRCODE = 'restrict_violation'; END IF; ELSE IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; END IF; IF NEW.state = 'signed' AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active' AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying)) THEN RAISE EXCEPTION 'this organization cannot sign this letter, or not these words' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER sign_on_may BEFORE INSERT OR UPDATE OR DELETE ON sign_on FOR EACH ROW EXECUTE FUNCTION sign_on_may()",
        "CREATE OR REPLACE FUNCTION sign_on_text_enters() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR UPDATE; IF NOT EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = NEW.letter_id AND l.state IN ('draft', 'review', 'collecting')) THEN RAISE EXCEPTION 'the words of this letter stay as they are' USING ERRCODE = 'restrict_violation'; END IF; IF NEW.kind = 'material' THEN UPDATE sign_on SET state = 'needs_reconfirm' WHERE letter_id = NEW.letter_id AND state = 'signed'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER sign_on_text_enters BEFORE INSERT ON sign_on_text FOR EACH ROW EXECUTE FUNCTION sign_on_text_enters()",
        "CREATE OR REPLACE FUNCTION sign_on_text_asks_people() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.kind = 'material' THEN UPDATE personal_sign_on SET state = 'needs_reconfirm' WHERE letter_id = NEW.letter_id AND state = 'signed'; UPDATE letter_people SET signed_count = 0 WHERE letter_id = NEW.letter_id; END IF; RETURN NULL; END $$",
        "CREATE TRIGGER sign_on_text_asks_people AFTER INSERT ON sign_on_text FOR EACH ROW EXECUTE FUNCTION sign_on_text_asks_people()",
    ],
}
GUARDS_BEFORE = {
    "sqlite": [
        "CREATE TRIGGER consent_text_no_update BEFORE UPDATE ON consent_text BEGIN SELECT RAISE(ABORT, 'consent_text is append-only'); END",
        "CREATE TRIGGER consent_text_no_delete BEFORE DELETE ON consent_text BEGIN SELECT RAISE(ABORT, 'consent_text is append-only'); END",
        "CREATE TRIGGER sign_on_enters BEFORE INSERT ON sign_on WHEN NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id AND m.coalition_id = NEW.coalition_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.organization_id = NEW.organization_id) BEGIN SELECT RAISE(ABORT, 'a letter takes organizations of its coalition while it collects'); END",
        "CREATE TRIGGER sign_on_enters_signed BEFORE INSERT ON sign_on WHEN NEW.state = 'signed' AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active' AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying)) BEGIN SELECT RAISE(ABORT, 'this organization cannot sign this letter, or not these words'); END",
        "CREATE TRIGGER sign_on_signs BEFORE UPDATE ON sign_on WHEN NEW.state = 'signed' AND (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active' AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying)) BEGIN SELECT RAISE(ABORT, 'this organization cannot sign this letter, or not these words'); END",
        "CREATE TRIGGER sign_on_fixed BEFORE UPDATE ON sign_on WHEN (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) AND EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) BEGIN SELECT RAISE(ABORT, 'who signed a frozen letter stays as it is'); END",
        "CREATE TRIGGER sign_on_kept BEFORE DELETE ON sign_on WHEN EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) BEGIN SELECT RAISE(ABORT, 'who signed a frozen letter stays as it is'); END",
        "CREATE TRIGGER sign_on_text_asks_again AFTER INSERT ON sign_on_text WHEN NEW.kind = 'material' BEGIN UPDATE sign_on SET state = 'needs_reconfirm' WHERE letter_id = NEW.letter_id AND state = 'signed'; END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER consent_text_append_only BEFORE UPDATE OR DELETE ON consent_text FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER consent_text_no_truncate BEFORE TRUNCATE ON consent_text FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
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
        "letter_people",
        sa.Column("letter_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("consent_text_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signed_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("signed_count >= 0", name=op.f("ck_letter_people_not_negative")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "letter_id"],
            ["sign_on_letter.coalition_id", "sign_on_letter.id"],
            name=op.f("fk_letter_people_coalition_id_letter_id_sign_on_letter"),
        ),
        sa.ForeignKeyConstraint(
            ["consent_text_id"], ["consent_text.id"], name=op.f("fk_letter_people_consent_text_id_consent_text")
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_letter_people")),
    )
    op.create_table(
        "letter_people_manifest",
        sa.Column("letter_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("signed_count", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("signed_count > 0", name=op.f("ck_letter_people_manifest_signers")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "letter_id"],
            ["sign_on_letter.coalition_id", "sign_on_letter.id"],
            name=op.f("fk_letter_people_manifest_coalition_id_letter_id_sign_on_letter"),
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_letter_people_manifest")),
    )
    op.create_table(
        "personal_sign_on",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("letter_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("shown", sa.String(length=12), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("consent_text_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("confirm_nonce", sa.String(length=22), nullable=True),
        sa.Column("confirm_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("manage_nonce", sa.String(length=22), nullable=False),
        sa.Column("mail_count", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'pending') = (confirm_nonce IS NOT NULL)", name=op.f("ck_personal_sign_on_confirmed_once")
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR (name IS NULL AND email IS NULL AND email_key IS NULL AND place = '')",
            name=op.f("ck_personal_sign_on_erased"),
        ),
        sa.CheckConstraint("shown IN ('full', 'counted')", name=op.f("ck_personal_sign_on_shown")),
        sa.CheckConstraint(
            "state <> 'pending' OR confirm_until IS NOT NULL", name=op.f("ck_personal_sign_on_pending_ends")
        ),
        sa.CheckConstraint("state <> 'signed' OR signed_at IS NOT NULL", name=op.f("ck_personal_sign_on_signed_at")),
        sa.CheckConstraint(
            "state IN ('pending', 'signed', 'needs_reconfirm', 'rescinded', 'removed')",
            name=op.f("ck_personal_sign_on_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('rescinded', 'removed') OR erased_at IS NOT NULL",
            name=op.f("ck_personal_sign_on_gone_is_erased"),
        ),
        sa.CheckConstraint(
            "erased_at IS NOT NULL OR (name IS NOT NULL AND email IS NOT NULL AND email_key IS NOT NULL)",
            name=op.f("ck_personal_sign_on_named"),
        ),
        sa.CheckConstraint("mail_count BETWEEN 0 AND 5", name=op.f("ck_personal_sign_on_mail_count")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "letter_id"],
            ["sign_on_letter.coalition_id", "sign_on_letter.id"],
            name=op.f("fk_personal_sign_on_coalition_id_letter_id_sign_on_letter"),
        ),
        sa.ForeignKeyConstraint(
            ["consent_text_id"], ["consent_text.id"], name=op.f("fk_personal_sign_on_consent_text_id_consent_text")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_sign_on")),
        sa.UniqueConstraint("public_id", name=op.f("uq_personal_sign_on_public_id")),
    )
    with op.batch_alter_table("personal_sign_on", schema=None) as batch_op:
        batch_op.create_index("ix_personal_sign_on_email_key", ["coalition_id", "email_key"], unique=False)
        batch_op.create_index("ix_personal_sign_on_letter_id_state", ["letter_id", "state", "id"], unique=False)
        batch_op.create_index(
            "uq_personal_sign_on_live",
            ["letter_id", "email_key"],
            unique=True,
            sqlite_where=sa.text("state IN ('pending', 'signed', 'needs_reconfirm')"),
            postgresql_where=sa.text("state IN ('pending', 'signed', 'needs_reconfirm')"),
        )

    op.create_table(
        "partner_deletion",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("petition_id", sa.BigInteger(), nullable=False),
        sa.Column("partner_page_id", sa.BigInteger(), nullable=False),
        sa.Column("signature_id", sa.BigInteger(), nullable=False),
        sa.Column("opt_in_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("reason IN ('leave_ended', 'withdrawn', 'erased')", name=op.f("ck_partner_deletion_reason")),
        sa.CheckConstraint("done_at IS NULL OR done_at >= asked_at", name=op.f("ck_partner_deletion_done_after_asked")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "opt_in_id"],
            ["opt_in.coalition_id", "opt_in.id"],
            name=op.f("fk_partner_deletion_coalition_id_opt_in_id_opt_in"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "petition_id", "partner_page_id"],
            ["partner_page.coalition_id", "partner_page.petition_id", "partner_page.id"],
            name=op.f("fk_partner_deletion_coalition_id_petition_id_partner_page_id_partner_page"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "signature_id"],
            ["signature.coalition_id", "signature.id"],
            name=op.f("fk_partner_deletion_coalition_id_signature_id_signature"),
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["user_account.id"], name=op.f("fk_partner_deletion_done_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_deletion")),
        sa.UniqueConstraint("signature_id", "opt_in_id", name=op.f("uq_partner_deletion_signature_id_opt_in_id")),
    )
    with op.batch_alter_table("partner_deletion", schema=None) as batch_op:
        batch_op.create_index("ix_partner_deletion_page", ["partner_page_id", "id"], unique=False)

    with op.batch_alter_table("sign_on", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact_key", sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_sign_on_contact_key", ["coalition_id", "contact_key"], unique=False)

    with op.batch_alter_table("consent_text", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_consent_text_purpose"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_consent_text_purpose"),
            "purpose IN ('action_alert', 'campaign_news', 'event', 'speaker_ops', 'peer', 'partner_news', 'sign_on_name')",
        )

    # ### end Alembic commands ###
    run(GUARDS)


def downgrade() -> None:
    run(DROPPED)
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("consent_text", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_consent_text_purpose"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_consent_text_purpose"),
            "purpose IN ('action_alert', 'campaign_news', 'event', 'speaker_ops', 'peer', 'partner_news')",
        )

    with op.batch_alter_table("sign_on", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_on_contact_key")
        batch_op.drop_column("erased_at")
        batch_op.drop_column("contact_key")

    with op.batch_alter_table("partner_deletion", schema=None) as batch_op:
        batch_op.drop_index("ix_partner_deletion_page")

    op.drop_table("partner_deletion")
    with op.batch_alter_table("personal_sign_on", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_personal_sign_on_live",
            sqlite_where=sa.text("state IN ('pending', 'signed', 'needs_reconfirm')"),
            postgresql_where=sa.text("state IN ('pending', 'signed', 'needs_reconfirm')"),
        )
        batch_op.drop_index("ix_personal_sign_on_letter_id_state")
        batch_op.drop_index("ix_personal_sign_on_email_key")

    op.drop_table("personal_sign_on")
    op.drop_table("letter_people_manifest")
    op.drop_table("letter_people")
    # ### end Alembic commands ###
    run(GUARDS_BEFORE)
