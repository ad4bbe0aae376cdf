"""mail to many

Revision: 0031
After: 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

# Lots are found by indexes of their own: these become the single mails'.
SINGLE = {
    "ix_mail_due": (["next_at"], "next_at IS NOT NULL", "next_at IS NOT NULL AND lot_id IS NULL"),
    "ix_mail_state": (["state", "id"], None, "lot_id IS NULL"),
    "ix_mail_coalition_id_state_id": (["coalition_id", "state", "id"], None, "lot_id IS NULL"),
    "ix_mail_object": (["object_kind", "object_id"], None, "lot_id IS NULL"),
}


def _drop_single() -> None:
    for name in SINGLE:
        op.drop_index(name, table_name="mail")


def _create_single(*, before: bool) -> None:
    for name, (columns, was, becomes) in SINGLE.items():
        where = was if before else becomes
        known = {} if where is None else {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}
        op.create_index(name, "mail", columns, unique=False, **known)


def upgrade() -> None:
    _drop_single()
    op.create_table(
        "mail_lot",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("object_kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("batch", sa.JSON(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("queued_count", sa.Integer(), nullable=False),
        sa.Column("sent_count", sa.Integer(), nullable=False),
        sa.Column("dead_count", sa.Integer(), nullable=False),
        sa.Column("suppressed_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('leaving', 'paused', 'cancelled')", name=op.f("ck_mail_lot_state")),
        sa.CheckConstraint(
            "sent_count >= 0 AND dead_count >= 0 AND suppressed_count >= 0 "
            "AND sent_count + dead_count + suppressed_count <= queued_count",
            name=op.f("ck_mail_lot_counts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_lot")),
        sa.UniqueConstraint("kind", "object_kind", "object_id", name=op.f("uq_mail_lot_kind_object_kind_object_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mail_lot_public_id")),
    )
    with op.batch_alter_table("mail_lot", schema=None) as batch_op:
        batch_op.create_index("ix_mail_lot_coalition_id_id", ["coalition_id", "id"], unique=False)
        batch_op.create_index("ix_mail_lot_object", ["object_kind", "object_id"], unique=False)
        batch_op.create_index(
            "ix_mail_lot_waits",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )

    op.create_table(
        "mail_pace",
        sa.Column("domain_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("slow_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.CheckConstraint("strikes >= 0", name=op.f("ck_mail_pace_strikes")),
        sa.PrimaryKeyConstraint("domain_index", name=op.f("pk_mail_pace")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(
            sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(
            "ix_mail_lot_dead",
            ["lot_id", "id"],
            unique=False,
            sqlite_where=sa.text("lot_id IS NOT NULL AND state = 'dead'"),
            postgresql_where=sa.text("lot_id IS NOT NULL AND state = 'dead'"),
        )
        batch_op.create_index(
            "ix_mail_lot_due",
            ["lot_id", "next_at", "id"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL AND lot_id IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL AND lot_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_mail_lot",
            ["lot_id", "contact_id"],
            unique=True,
            sqlite_where=sa.text("lot_id IS NOT NULL"),
            postgresql_where=sa.text("lot_id IS NOT NULL"),
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_mail_lot_copies_no_address"), "lot_id IS NULL OR recipient IS NULL"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_mail_lot_has_contact"), "(lot_id IS NULL) = (contact_id IS NULL)"
        )
    _create_single(before=False)


def downgrade() -> None:
    _drop_single()
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_mail_lot_has_contact"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_mail_lot_copies_no_address"), type_="check")
        batch_op.drop_index(
            "uq_mail_lot", sqlite_where=sa.text("lot_id IS NOT NULL"), postgresql_where=sa.text("lot_id IS NOT NULL")
        )
        batch_op.drop_index(
            "ix_mail_lot_due",
            sqlite_where=sa.text("next_at IS NOT NULL AND lot_id IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL AND lot_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_mail_lot_dead",
            sqlite_where=sa.text("lot_id IS NOT NULL AND state = 'dead'"),
            postgresql_where=sa.text("lot_id IS NOT NULL AND state = 'dead'"),
        )
        batch_op.drop_column("contact_id")
        batch_op.drop_column("lot_id")

    op.drop_table("mail_pace")
    with op.batch_alter_table("mail_lot", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_mail_lot_waits",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_mail_lot_object")
        batch_op.drop_index("ix_mail_lot_coalition_id_id")

    op.drop_table("mail_lot")
    _create_single(before=True)
