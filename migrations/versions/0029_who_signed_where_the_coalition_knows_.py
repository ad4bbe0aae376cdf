"""Who signed, where the coalition knows them

Revision: 0029
After: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

DROPPED = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS personal_sign_on_signs",
        "DROP TRIGGER IF EXISTS petition_reworded",
        "DROP TRIGGER IF EXISTS delivery_item_may_enter",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS personal_sign_on_may ON personal_sign_on",
        "DROP TRIGGER IF EXISTS petition_reworded ON petition",
        "DROP TRIGGER IF EXISTS delivery_item_may_enter ON delivery_item",
    ],
}
GUARDS = {
    "sqlite": [
        "CREATE TRIGGER personal_sign_on_signs BEFORE UPDATE ON personal_sign_on WHEN NEW.state = 'signed' AND (OLD.state <> 'signed' OR NEW.text_version <> OLD.text_version) AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND NEW.text_version BETWEEN l.material_version AND l.text_version) BEGIN SELECT RAISE(ABORT, 'this letter takes no signature under these words'); END",
        "CREATE TRIGGER petition_reworded BEFORE UPDATE ON petition WHEN (NEW.title <> OLD.title OR NEW.text <> OLD.text) AND EXISTS (SELECT 1 FROM signature s WHERE s.petition_id = OLD.id) AND (NEW.text_version <> OLD.text_version + 1 OR NOT EXISTS ( SELECT 1 FROM petition_correction c WHERE c.petition_id = OLD.id AND c.state = 'approved' AND c.of_version = OLD.text_version AND c.title = NEW.title AND c.text = NEW.text)) BEGIN SELECT RAISE(ABORT, 'words that people signed change only by a correction that two people approved'); END",
        "CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item WHEN NOT EXISTS ( SELECT 1 FROM delivery d JOIN signature s ON s.id = NEW.signature_id AND s.petition_id = d.petition_id WHERE d.id = NEW.delivery_id AND d.state = 'building' AND s.state = 'verified' AND s.verified_at <= d.snapshot_at) BEGIN SELECT RAISE(ABORT, 'a delivery takes verified signatures of its petition, until it is built'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION personal_sign_on_may() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN IF OLD.state <> 'pending' AND EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END IF; IF TG_OP = 'INSERT' THEN PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR SHARE; IF NOT (NEW.state = 'pending' AND EXISTS ( SELECT 1 FROM sign_on_letter l JOIN letter_people p ON p.letter_id = l.id AND p.coalition_id = l.coalition_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND p.is_open)) THEN RAISE EXCEPTION 'people sign this letter only while it collects and is open to them' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END IF; IF OLD.state <> 'pending' AND NEW.name IS NOT NULL AND (OLD.name IS NULL OR NEW.name <> OLD.name) THEN RAISE EXCEPTION 'a name that was confirmed is erased or stays' USING ERRCODE = 'restrict_violation'; END IF; IF NOT (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.shown <> OLD.shown OR NEW.text_version <> OLD.text_version) THEN RETURN NEW; END IF; PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR SHARE; IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; IF NEW.state = 'signed' AND (OLD.state <> 'signed' OR NEW.text_version <> OLD.text_version) AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND NEW.text_version BETWEEN l.material_version AND l.text_version) THEN RAISE EXCEPTION 'this letter takes no signature under these words' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER personal_sign_on_may BEFORE INSERT OR UPDATE OR DELETE ON personal_sign_on FOR EACH ROW EXECUTE FUNCTION personal_sign_on_may()",
        "CREATE OR REPLACE FUNCTION petition_reworded() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (NEW.title <> OLD.title OR NEW.text <> OLD.text) AND EXISTS (SELECT 1 FROM signature s WHERE s.petition_id = OLD.id) AND (NEW.text_version <> OLD.text_version + 1 OR NOT EXISTS ( SELECT 1 FROM petition_correction c WHERE c.petition_id = OLD.id AND c.state = 'approved' AND c.of_version = OLD.text_version AND c.title = NEW.title AND c.text = NEW.text)) THEN RAISE EXCEPTION 'words that people signed change only by a correction that two people approved' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER petition_reworded BEFORE UPDATE ON petition FOR EACH ROW EXECUTE FUNCTION petition_reworded()",
        "CREATE OR REPLACE FUNCTION delivery_item_may_enter() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS ( SELECT 1 FROM delivery d JOIN signature s ON s.id = NEW.signature_id AND s.petition_id = d.petition_id WHERE d.id = NEW.delivery_id AND d.state = 'building' AND s.state = 'verified' AND s.verified_at <= d.snapshot_at) THEN RAISE EXCEPTION 'a delivery takes verified signatures of its petition, until it is built' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item FOR EACH ROW EXECUTE FUNCTION delivery_item_may_enter()",
    ],
}
GUARDS_BEFORE = {
    "sqlite": [
        "CREATE TRIGGER personal_sign_on_signs BEFORE UPDATE ON personal_sign_on WHEN NEW.state = 'signed' AND (OLD.state <> 'signed' OR NEW.text_version <> OLD.text_version) AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND NEW.text_version BETWEEN l.material_version AND l.text_version) BEGIN SELECT RAISE(ABORT, 'this letter takes no signature under these words'); END",
        "CREATE TRIGGER petition_reworded BEFORE UPDATE ON petition WHEN (NEW.title <> OLD.title OR NEW.text <> OLD.text) AND EXISTS (SELECT 1 FROM signature s WHERE s.petition_id = OLD.id) AND (NEW.text_version <> OLD.text_version + 1 OR NOT EXISTS ( SELECT 1 FROM petition_correction c WHERE c.petition_id = OLD.id AND c.state = 'approved' AND c.of_version = OLD.text_version AND c.title = NEW.title AND c.text = NEW.text)) BEGIN SELECT RAISE(ABORT, 'words that people signed change only by a correction that two people approved'); END",
        "CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item WHEN NOT EXISTS ( SELECT 1 FROM delivery d JOIN signature s ON s.id = NEW.signature_id AND s.petition_id = d.petition_id WHERE d.id = NEW.delivery_id AND d.state = 'building' AND s.state = 'verified' AND s.verified_at <= d.snapshot_at) BEGIN SELECT RAISE(ABORT, 'a delivery takes verified signatures of its petition, until it is built'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION personal_sign_on_may() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN IF OLD.state <> 'pending' AND EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END IF; IF TG_OP = 'INSERT' THEN PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR SHARE; IF NOT (NEW.state = 'pending' AND EXISTS ( SELECT 1 FROM sign_on_letter l JOIN letter_people p ON p.letter_id = l.id AND p.coalition_id = l.coalition_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND p.is_open)) THEN RAISE EXCEPTION 'people sign this letter only while it collects and is open to them' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END IF; IF OLD.state <> 'pending' AND NEW.name IS NOT NULL AND (OLD.name IS NULL OR NEW.name <> OLD.name) THEN RAISE EXCEPTION 'a name that was confirmed is erased or stays' USING ERRCODE = 'restrict_violation'; END IF; IF NOT (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.shown <> OLD.shown OR NEW.text_version <> OLD.text_version) THEN RETURN NEW; END IF; PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR SHARE; IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; IF NEW.state = 'signed' AND (OLD.state <> 'signed' OR NEW.text_version <> OLD.text_version) AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND NEW.text_version BETWEEN l.material_version AND l.text_version) THEN RAISE EXCEPTION 'this letter takes no signature under these words' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER personal_sign_on_may BEFORE INSERT OR UPDATE OR DELETE ON personal_sign_on FOR EACH ROW EXECUTE FUNCTION personal_sign_on_may()",
        "CREATE OR REPLACE FUNCTION petition_reworded() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (NEW.title <> OLD.title OR NEW.text <> OLD.text) AND EXISTS (SELECT 1 FROM signature s WHERE s.petition_id = OLD.id) AND (NEW.text_version <> OLD.text_version + 1 OR NOT EXISTS ( SELECT 1 FROM petition_correction c WHERE c.petition_id = OLD.id AND c.state = 'approved' AND c.of_version = OLD.text_version AND c.title = NEW.title AND c.text = NEW.text)) THEN RAISE EXCEPTION 'words that people signed change only by a correction that two people approved' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER petition_reworded BEFORE UPDATE ON petition FOR EACH ROW EXECUTE FUNCTION petition_reworded()",
        "CREATE OR REPLACE FUNCTION delivery_item_may_enter() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS ( SELECT 1 FROM delivery d JOIN signature s ON s.id = NEW.signature_id AND s.petition_id = d.petition_id WHERE d.id = NEW.delivery_id AND d.state = 'building' AND s.state = 'verified' AND s.verified_at <= d.snapshot_at) THEN RAISE EXCEPTION 'a delivery takes verified signatures of its petition, until it is built' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item FOR EACH ROW EXECUTE FUNCTION delivery_item_may_enter()",
    ],
}

# Each opt-in of the past names the signature it was given with.
LINKED = {
    "sqlite": """UPDATE signature SET person_id = o.person_id
        FROM (SELECT coalition_id, person_id, json_extract(proof, '$.signature') AS signature_id FROM opt_in) AS o
        WHERE signature.id = o.signature_id AND signature.coalition_id = o.coalition_id
        AND updates AND email IS NOT NULL""",
    "postgresql": """UPDATE signature s SET person_id = o.person_id FROM opt_in o
        WHERE o.coalition_id = s.coalition_id AND o.proof ->> 'signature' = CAST(s.id AS text)
        AND s.updates AND s.email IS NOT NULL""",
}


def run(statements: dict[str, list[str]]) -> None:
    for statement in statements[op.get_bind().dialect.name]:
        op.execute(statement)


def upgrade() -> None:
    run(DROPPED)
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.add_column(sa.Column("person_id", sa.BigInteger(), nullable=True))
        batch_op.create_index(
            "ix_signature_person",
            ["person_id", "petition_id"],
            unique=False,
            sqlite_where=sa.text("person_id IS NOT NULL"),
            postgresql_where=sa.text("person_id IS NOT NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_signature_coalition_id_person_id_person"),
            "person",
            ["coalition_id", "person_id"],
            ["coalition_id", "id"],
        )

    # ### end Alembic commands ###
    op.execute(LINKED[op.get_bind().dialect.name])
    run(GUARDS)


def downgrade() -> None:
    run(DROPPED)
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_signature_coalition_id_person_id_person"), type_="foreignkey")
        batch_op.drop_index(
            "ix_signature_person",
            sqlite_where=sa.text("person_id IS NOT NULL"),
            postgresql_where=sa.text("person_id IS NOT NULL"),
        )
        batch_op.drop_column("person_id")

    # ### end Alembic commands ###
    run(GUARDS_BEFORE)
