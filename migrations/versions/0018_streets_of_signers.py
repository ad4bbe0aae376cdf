"""streets of signers

Revision: 0018
After: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

DROPPED = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS petition_reworded",
        "DROP TRIGGER IF EXISTS delivery_item_may_enter",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS petition_reworded ON petition",
        "DROP TRIGGER IF EXISTS delivery_item_may_enter ON delivery_item",
    ],
}
GUARDS = {
    "sqlite": [
        "CREATE TRIGGER petition_reworded BEFORE UPDATE ON petition WHEN (NEW.title <> OLD.title OR NEW.text <> OLD.text) AND EXISTS (SELECT 1 FROM signature s WHERE s.petition_id = OLD.id) AND (NEW.text_version <> OLD.text_version + 1 OR NOT EXISTS ( SELECT 1 FROM petition_correction c WHERE c.petition_id = OLD.id AND c.state = 'approved' AND c.of_version = OLD.text_version AND c.title = NEW.title AND c.text = NEW.text)) BEGIN SELECT RAISE(ABORT, 'words that people signed change only by a correction that two people approved'); END",
        "CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item WHEN NOT EXISTS ( SELECT 1 FROM delivery d JOIN signature s ON s.id = NEW.signature_id AND s.petition_id = d.petition_id WHERE d.id = NEW.delivery_id AND d.state = 'building' AND s.state = 'verified' AND s.verified_at <= d.snapshot_at) BEGIN SELECT RAISE(ABORT, 'a delivery takes verified signatures of its petition, until it is built'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION petition_reworded() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (NEW.title <> OLD.title OR NEW.text <> OLD.text) AND EXISTS (SELECT 1 FROM signature s WHERE s.petition_id = OLD.id) AND (NEW.text_version <> OLD.text_version + 1 OR NOT EXISTS ( SELECT 1 FROM petition_correction c WHERE c.petition_id = OLD.id AND c.state = 'approved' AND c.of_version = OLD.text_version AND c.title = NEW.title AND c.text = NEW.text)) THEN RAISE EXCEPTION 'words that people signed change only by a correction that two people approved' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER petition_reworded BEFORE UPDATE ON petition FOR EACH ROW EXECUTE FUNCTION petition_reworded()",
        "CREATE OR REPLACE FUNCTION delivery_item_may_enter() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS ( SELECT 1 FROM delivery d JOIN signature s ON s.id = NEW.signature_id AND s.petition_id = d.petition_id WHERE d.id = NEW.delivery_id AND d.state = 'building' AND s.state = 'verified' AND s.verified_at <= d.snapshot_at) THEN RAISE EXCEPTION 'a delivery takes verified signatures of its petition, until it is built' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item FOR EACH ROW EXECUTE FUNCTION delivery_item_may_enter()",
    ],
}
GUARDS_BEFORE = {
    "sqlite": [
        "CREATE TRIGGER petition_reworded BEFORE UPDATE ON petition WHEN (NEW.title <> OLD.title OR NEW.text <> OLD.text) AND EXISTS (SELECT 1 FROM signature s WHERE s.petition_id = OLD.id) AND (NEW.text_version <> OLD.text_version + 1 OR NOT EXISTS ( SELECT 1 FROM petition_correction c WHERE c.petition_id = OLD.id AND c.state = 'approved' AND c.of_version = OLD.text_version AND c.title = NEW.title AND c.text = NEW.text)) BEGIN SELECT RAISE(ABORT, 'words that people signed change only by a correction that two people approved'); END",
        "CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item WHEN NOT EXISTS ( SELECT 1 FROM delivery d JOIN signature s ON s.id = NEW.signature_id AND s.petition_id = d.petition_id WHERE d.id = NEW.delivery_id AND d.state = 'building' AND s.state = 'verified' AND s.verified_at <= d.snapshot_at) BEGIN SELECT RAISE(ABORT, 'a delivery takes verified signatures of its petition, until it is built'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION petition_reworded() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (NEW.title <> OLD.title OR NEW.text <> OLD.text) AND EXISTS (SELECT 1 FROM signature s WHERE s.petition_id = OLD.id) AND (NEW.text_version <> OLD.text_version + 1 OR NOT EXISTS ( SELECT 1 FROM petition_correction c WHERE c.petition_id = OLD.id AND c.state = 'approved' AND c.of_version = OLD.text_version AND c.title = NEW.title AND c.text = NEW.text)) THEN RAISE EXCEPTION 'words that people signed change only by a correction that two people approved' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER petition_reworded BEFORE UPDATE ON petition FOR EACH ROW EXECUTE FUNCTION petition_reworded()",
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
        "signature_street",
        sa.Column(
            "signature_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("street", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "signature_id"],
            ["signature.coalition_id", "signature.id"],
            name=op.f("fk_signature_street_coalition_id_signature_id_signature"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("signature_id", name=op.f("pk_signature_street")),
    )
    with op.batch_alter_table("signature_street", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signature_street_created_at"), ["created_at"], unique=False)

    with op.batch_alter_table("petition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asks_street", sa.Boolean(), server_default=sa.false(), nullable=False))

    # ### end Alembic commands ###
    run(GUARDS)


def downgrade() -> None:
    run(DROPPED)
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("petition", schema=None) as batch_op:
        batch_op.drop_column("asks_street")

    with op.batch_alter_table("signature_street", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signature_street_created_at"))

    op.drop_table("signature_street")
    # ### end Alembic commands ###
    run(GUARDS_BEFORE)
