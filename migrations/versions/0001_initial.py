"""initial

Revision: 0001
After:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


GUARDS = {
    "sqlite": [
        (
            "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, "
            "'audit_event is append-only'); END"
        ),
        (
            "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, "
            "'audit_event is append-only'); END"
        ),
        (
            "CREATE TRIGGER consent_text_no_update BEFORE UPDATE ON consent_text BEGIN SELECT RAISE(ABORT, "
            "'consent_text is append-only'); END"
        ),
        (
            "CREATE TRIGGER consent_text_no_delete BEFORE DELETE ON consent_text BEGIN SELECT RAISE(ABORT, "
            "'consent_text is append-only'); END"
        ),
        (
            "CREATE TRIGGER audit_seal_no_update BEFORE UPDATE ON audit_seal BEGIN SELECT RAISE(ABORT, "
            "'audit_seal is append-only'); END"
        ),
        (
            "CREATE TRIGGER audit_seal_no_delete BEFORE DELETE ON audit_seal BEGIN SELECT RAISE(ABORT, "
            "'audit_seal is append-only'); END"
        ),
        (
            "CREATE TRIGGER delivery_item_no_update BEFORE UPDATE ON delivery_item BEGIN SELECT RAISE(ABORT, "
            "'delivery_item is append-only'); END"
        ),
        (
            "CREATE TRIGGER delivery_item_no_delete BEFORE DELETE ON delivery_item BEGIN SELECT RAISE(ABORT, "
            "'delivery_item is append-only'); END"
        ),
        (
            "CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item WHEN NOT EXISTS ( SELECT 1 "
            "FROM delivery d JOIN signature s ON s.id = NEW.signature_id AND s.petition_id = d.petition_id WHERE "
            "d.id = NEW.delivery_id AND d.state = 'building' AND s.state = 'verified' AND s.verified_at <= "
            "d.snapshot_at) BEGIN SELECT RAISE(ABORT, 'a delivery takes verified signatures of its petition, "
            "until it is built'); END"
        ),
        (
            "CREATE TRIGGER delivery_manifest_no_update BEFORE UPDATE ON delivery_manifest BEGIN SELECT "
            "RAISE(ABORT, 'delivery_manifest is append-only'); END"
        ),
        (
            "CREATE TRIGGER delivery_manifest_no_delete BEFORE DELETE ON delivery_manifest BEGIN SELECT "
            "RAISE(ABORT, 'delivery_manifest is append-only'); END"
        ),
    ],
    "postgresql": [
        (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
            "EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
        ),
        (
            "CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE "
            "FUNCTION refuse_change()"
        ),
        (
            "CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE "
            "FUNCTION refuse_change()"
        ),
        (
            "CREATE TRIGGER consent_text_append_only BEFORE UPDATE OR DELETE ON consent_text FOR EACH ROW EXECUTE "
            "FUNCTION refuse_change()"
        ),
        (
            "CREATE TRIGGER consent_text_no_truncate BEFORE TRUNCATE ON consent_text FOR EACH STATEMENT EXECUTE "
            "FUNCTION refuse_change()"
        ),
        (
            "CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE ON audit_seal FOR EACH ROW EXECUTE "
            "FUNCTION refuse_change()"
        ),
        (
            "CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE "
            "FUNCTION refuse_change()"
        ),
        (
            "CREATE TRIGGER delivery_item_append_only BEFORE UPDATE OR DELETE ON delivery_item FOR EACH ROW "
            "EXECUTE FUNCTION refuse_change()"
        ),
        (
            "CREATE TRIGGER delivery_item_no_truncate BEFORE TRUNCATE ON delivery_item FOR EACH STATEMENT EXECUTE "
            "FUNCTION refuse_change()"
        ),
        (
            "CREATE OR REPLACE FUNCTION delivery_item_may_enter() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
            "NOT EXISTS ( SELECT 1 FROM delivery d JOIN signature s ON s.id = NEW.signature_id AND s.petition_id "
            "= d.petition_id WHERE d.id = NEW.delivery_id AND d.state = 'building' AND s.state = 'verified' AND "
            "s.verified_at <= d.snapshot_at) THEN RAISE EXCEPTION 'a delivery takes verified signatures of its "
            "petition, until it is built' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item FOR EACH ROW EXECUTE FUNCTION "
            "delivery_item_may_enter()"
        ),
        (
            "CREATE TRIGGER delivery_manifest_append_only BEFORE UPDATE OR DELETE ON delivery_manifest FOR EACH "
            "ROW EXECUTE FUNCTION refuse_change()"
        ),
        (
            "CREATE TRIGGER delivery_manifest_no_truncate BEFORE TRUNCATE ON delivery_manifest FOR EACH STATEMENT "
            "EXECUTE FUNCTION refuse_change()"
        ),
    ],
}


def upgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("coalition_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=60), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("public_id", name=op.f("uq_audit_event_public_id")),
        info={"append_only": True},
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index("ix_audit_event_coalition_id_action_id", ["coalition_id", "action", "id"], unique=False)
        batch_op.create_index("ix_audit_event_coalition_id_id", ["coalition_id", "id"], unique=False)
        batch_op.create_index("ix_audit_event_object", ["object_kind", "object_id"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "civic_pack",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("layer", sa.String(length=10), nullable=False),
        sa.Column("area", sa.String(length=10), nullable=False),
        sa.Column("edition", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("licence", sa.String(length=60), nullable=False),
        sa.Column("data_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('congress', 'boundaries', 'zcta', 'crosswalk')", name=op.f("ck_civic_pack_kind")),
        sa.CheckConstraint("state IN ('staged', 'active', 'previous')", name=op.f("ck_civic_pack_state")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from < valid_to", name=op.f("ck_civic_pack_valid")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_civic_pack")),
    )
    with op.batch_alter_table("civic_pack", schema=None) as batch_op:
        batch_op.create_index(
            "uq_civic_pack_active",
            ["kind", "layer", "area", "edition"],
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )
        batch_op.create_index(
            "uq_civic_pack_previous",
            ["kind", "layer", "area", "edition"],
            unique=True,
            sqlite_where=sa.text("state = 'previous'"),
            postgresql_where=sa.text("state = 'previous'"),
        )

    op.create_table(
        "coalition",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('forming', 'active', 'dormant', 'dissolved')", name=op.f("ck_coalition_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coalition")),
        sa.UniqueConstraint("public_id", name=op.f("uq_coalition_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_coalition_slug")),
    )
    op.create_table(
        "consent_text",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("active_from", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('action_alert', 'campaign_news', 'event', 'speaker_ops', 'peer')",
            name=op.f("ck_consent_text_purpose"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_consent_text_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint("purpose", "locale", "version", name=op.f("uq_consent_text_purpose_locale_version")),
        info={"append_only": True},
    )
    op.create_table(
        "data_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("master_id", sa.String(length=40), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
        sa.UniqueConstraint("scope", name=op.f("uq_data_key_scope")),
    )
    op.create_table(
        "deadline",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("object_kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_local", sa.String(length=19), nullable=False),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'upcoming') = (next_at IS NOT NULL)", name=op.f("ck_deadline_upcoming_has_next")),
        sa.CheckConstraint("state IN ('upcoming', 'met', 'missed', 'void')", name=op.f("ck_deadline_state")),
        sa.CheckConstraint("next_at IS NULL OR next_at <= due_at", name=op.f("ck_deadline_next_before_due")),
        sa.CheckConstraint("rev >= 1", name=op.f("ck_deadline_rev")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint("kind", "object_kind", "object_id", name=op.f("uq_deadline_kind_object_kind_object_id")),
    )
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.create_index("ix_deadline_next", ["next_at"], unique=False)

    op.create_table(
        "division",
        sa.Column("ocd_id", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("layer", sa.String(length=10), nullable=False),
        sa.Column("parent", sa.String(length=120), nullable=True),
        sa.Column("seat_count", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("ocd_id", name=op.f("pk_division")),
    )
    with op.batch_alter_table("division", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_division_layer"), ["layer"], unique=False)
        batch_op.create_index(batch_op.f("ix_division_parent"), ["parent"], unique=False)

    op.create_table(
        "email_domain_rule",
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("strip", sa.String(length=10), nullable=False),
        sa.Column("tag_separator", sa.String(length=1), nullable=False),
        sa.Column("alias_of", sa.String(length=253), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_email_domain_rule")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("lock", sa.String(length=120), nullable=True),
        sa.Column("dedupe_key", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name=op.f("ck_job_lease")),
        sa.CheckConstraint("state IN ('ready', 'running', 'dead')", name=op.f("ck_job_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            "ix_job_dead",
            ["id"],
            unique=False,
            postgresql_where=sa.text("state = 'dead'"),
            sqlite_where=sa.text("state = 'dead'"),
        )
        batch_op.create_index(
            "ix_job_lock_waiting",
            ["lock", "id"],
            unique=False,
            postgresql_where=sa.text("state = 'ready' AND lock IS NOT NULL"),
            sqlite_where=sa.text("state = 'ready' AND lock IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_job_ready",
            ["priority", "run_at", "id"],
            unique=False,
            postgresql_where=sa.text("state = 'ready'"),
            sqlite_where=sa.text("state = 'ready'"),
        )
        batch_op.create_index(
            "ix_job_running",
            ["lease_until"],
            unique=False,
            postgresql_where=sa.text("state = 'running'"),
            sqlite_where=sa.text("state = 'running'"),
        )
        batch_op.create_index(
            "uq_job_dedupe_key",
            ["dedupe_key"],
            unique=True,
            postgresql_where=sa.text("state = 'ready'"),
            sqlite_where=sa.text("state = 'ready'"),
        )
        batch_op.create_index(
            "uq_job_lock",
            ["lock"],
            unique=True,
            postgresql_where=sa.text("state = 'running'"),
            sqlite_where=sa.text("state = 'running'"),
        )

    op.create_table(
        "job_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.CheckConstraint("outcome IN ('done', 'later', 'failed', 'dead')", name=op.f("ck_job_run_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
    )
    with op.batch_alter_table("job_run", schema=None) as batch_op:
        batch_op.create_index("ix_job_run_name_id", ["name", "id"], unique=False)

    op.create_table(
        "mail",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("object_kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("object_rev", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=True),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.Column("service_basis", sa.String(length=60), nullable=True),
        sa.Column("opt_in_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_code", sa.SmallInteger(), nullable=True),
        sa.Column("last_reason", sa.String(length=60), nullable=True),
        sa.CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name=op.f("ck_mail_sent_has_time")),
        sa.CheckConstraint(
            "state IN ('queued', 'claimed', 'failed', 'sent', 'dead', 'suppressed')", name=op.f("ck_mail_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('queued', 'claimed', 'failed') OR next_at IS NOT NULL", name=op.f("ck_mail_waiting_has_time")
        ),
        sa.CheckConstraint("(service_basis IS NULL) <> (opt_in_id IS NULL)", name=op.f("ck_mail_one_basis")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_mail_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mail_public_id")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mail_due",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.create_index("ix_mail_object", ["object_kind", "object_id"], unique=False)
        batch_op.create_index("ix_mail_state", ["state", "id"], unique=False)

    op.create_table(
        "mail_route",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mail_route")),
    )
    op.create_table(
        "mailbox_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("recipient_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mailbox_message_message_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mailbox_message_public_id")),
    )
    with op.batch_alter_table("mailbox_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mailbox_message_recipient_index"), ["recipient_index"], unique=False)

    op.create_table(
        "recovery_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_recovery_request_public_id")),
    )
    op.create_table(
        "schedule_mark",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_schedule_mark")),
    )
    op.create_table(
        "scheduler_lease",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_scheduler_lease_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduler_lease")),
    )
    op.create_table(
        "set_up_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_up_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_set_up_link_token_hash")),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("window_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hit_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window_at", name=op.f("pk_throttle")),
    )
    with op.batch_alter_table("throttle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_throttle_window_at"), ["window_at"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email_key", name=op.f("uq_user_account_email_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_account_public_id")),
    )
    op.create_table(
        "account_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("nonce", sa.String(length=22), nullable=True),
        sa.Column("email_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("new_email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(purpose = 'change') = (new_email_sealed IS NOT NULL)", name=op.f("ck_account_link_new_address")
        ),
        sa.CheckConstraint("purpose IN ('recover', 'verify', 'change')", name=op.f("ck_account_link_purpose")),
        sa.CheckConstraint("(used_at IS NULL) = (nonce IS NOT NULL)", name=op.f("ck_account_link_used_once")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_account_link_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_account_link_public_id")),
    )
    with op.batch_alter_table("account_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_link_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index("ix_account_link_user_id", ["user_id"], unique=False)

    op.create_table(
        "audit_seal",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chain", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("seq > 0", name=op.f("ck_audit_seal_seq_positive")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_audit_seal_event_id_audit_event")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_seal_event_id")),
        info={"append_only": True},
    )
    op.create_table(
        "boundary",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ocd_id", sa.String(length=120), nullable=False),
        sa.Column("geoid", sa.String(length=20), nullable=False),
        sa.Column("wkb", sa.LargeBinary(), nullable=False),
        sa.Column("min_lng", sa.Float(), nullable=False),
        sa.Column("min_lat", sa.Float(), nullable=False),
        sa.Column("max_lng", sa.Float(), nullable=False),
        sa.Column("max_lat", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["civic_pack.id"], name=op.f("fk_boundary_pack_id_civic_pack"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary")),
        sa.UniqueConstraint("pack_id", "ocd_id", name=op.f("uq_boundary_pack_id_ocd_id")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'active', 'paused', 'won', 'lost', 'closed', 'archived')",
            name=op.f("ck_campaign_state"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalition.id"], name=op.f("fk_campaign_coalition_id_coalition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_campaign_coalition_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaign_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_campaign_slug")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_coalition_id"), ["coalition_id"], unique=False)

    op.create_table(
        "district_code",
        sa.Column("pack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("layer", sa.String(length=10), nullable=False),
        sa.Column("geoid", sa.String(length=20), nullable=False),
        sa.Column("ocd_id", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("seat_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["civic_pack.id"], name=op.f("fk_district_code_pack_id_civic_pack"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pack_id", "layer", "geoid", "ocd_id", name=op.f("pk_district_code")),
    )
    op.create_table(
        "known_device",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_known_device_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_known_device_token_hash")),
    )
    with op.batch_alter_table("known_device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_device_last_used_at"), ["last_used_at"], unique=False)
        batch_op.create_index("ix_known_device_user_id", ["user_id"], unique=False)

    op.create_table(
        "membership_role",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("granted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "role IN ('admin', 'organizer', 'volunteer', 'speaker', 'care_lead', 'reviewer', 'grievance_officer', 'observer')",
            name=op.f("ck_membership_role_role"),
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= granted_at", name=op.f("ck_membership_role_ends_after_grant")
        ),
        sa.CheckConstraint(
            "granted_by IS NULL OR granted_by <> user_id", name=op.f("ck_membership_role_not_by_oneself")
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id"], ["coalition.id"], name=op.f("fk_membership_role_coalition_id_coalition")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["user_account.id"], name=op.f("fk_membership_role_ended_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["user_account.id"], name=op.f("fk_membership_role_granted_by_user_account")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_membership_role_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_role")),
    )
    with op.batch_alter_table("membership_role", schema=None) as batch_op:
        batch_op.create_index("ix_membership_role_user_id", ["user_id"], unique=False)
        batch_op.create_index(
            "uq_membership_role_live",
            ["coalition_id", "user_id", "role"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "official",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_key", sa.String(length=60), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("given_name", sa.String(length=60), nullable=False),
        sa.Column("family_name", sa.String(length=60), nullable=False),
        sa.Column("folded_name", sa.String(length=160), nullable=False),
        sa.Column("party", sa.String(length=80), nullable=False),
        sa.Column("offices", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["civic_pack.id"], name=op.f("fk_official_pack_id_civic_pack"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official")),
        sa.UniqueConstraint("pack_id", "person_key", name=op.f("uq_official_pack_id_person_key")),
    )
    with op.batch_alter_table("official", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_official_person_key"), ["person_key"], unique=False)

    op.create_table(
        "passkey",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=False),
        sa.Column("is_backed_up", sa.Boolean(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkey_sign_count")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_passkey_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_passkey_public_id")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index("ix_passkey_user_id", ["user_id"], unique=False)

    op.create_table(
        "passkey_challenge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("challenge", sa.LargeBinary(length=64), nullable=False),
        sa.Column("bound_to", sa.LargeBinary(length=32), nullable=False),
        sa.Column("ceremony", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ceremony IN ('enrol', 'sign_in', 'again')", name=op.f("ck_passkey_challenge_ceremony")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_passkey_challenge_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey_challenge")),
        sa.UniqueConstraint("challenge", name=op.f("uq_passkey_challenge_challenge")),
    )
    with op.batch_alter_table("passkey_challenge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_challenge_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "pending_sign_in",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("failure_count", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_pending_sign_in_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_pending_sign_in_token_hash")),
    )
    with op.batch_alter_table("pending_sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pending_sign_in_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index("ix_pending_sign_in_user_id", ["user_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state <> 'erased' OR name_sealed IS NULL", name=op.f("ck_person_erased_is_empty")),
        sa.CheckConstraint("state IN ('active', 'merged', 'erased')", name=op.f("ck_person_state")),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalition.id"], name=op.f("fk_person_coalition_id_coalition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_person_coalition_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_public_id")),
    )
    op.create_table(
        "platform_role",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("granted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('admin')", name=op.f("ck_platform_role_role")),
        sa.CheckConstraint("granted_by IS NULL OR granted_by <> user_id", name=op.f("ck_platform_role_not_by_oneself")),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["user_account.id"], name=op.f("fk_platform_role_granted_by_user_account")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_platform_role_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_role")),
    )
    with op.batch_alter_table("platform_role", schema=None) as batch_op:
        batch_op.create_index(
            "uq_platform_role_live",
            ["user_id", "role"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "postal_division",
        sa.Column("pack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("ocd_id", sa.String(length=120), nullable=False),
        sa.Column("share", sa.Float(), nullable=True),
        sa.Column("town", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["civic_pack.id"], name=op.f("fk_postal_division_pack_id_civic_pack"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pack_id", "country", "code", "ocd_id", name=op.f("pk_postal_division")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_recovery_code_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("user_id", "code_key", name=op.f("uq_recovery_code_user_id_code_key")),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deadline_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deadline_rev", sa.Integer(), nullable=False),
        sa.Column("recipient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offset_code", sa.String(length=20), nullable=False),
        sa.Column("fire_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'done', 'superseded', 'suppressed', 'skipped')", name=op.f("ck_reminder_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('suppressed', 'skipped') OR reason IS NOT NULL", name=op.f("ck_reminder_says_why")
        ),
        sa.CheckConstraint("fire_at <= due_at", name=op.f("ck_reminder_fires_before_due")),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline.id"], name=op.f("fk_reminder_deadline_id_deadline"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("deadline_id", "deadline_rev", "recipient_id", "offset_code", name="uq_reminder_once"),
    )
    op.create_table(
        "totp_factor",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("pending_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("pending_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(pending_sealed IS NULL) = (pending_at IS NULL)", name=op.f("ck_totp_factor_pending")),
        sa.CheckConstraint("(secret_sealed IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_totp_factor_confirmed")),
        sa.CheckConstraint("last_step >= 0", name=op.f("ck_totp_factor_last_step")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_totp_factor_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_totp_factor")),
        sa.UniqueConstraint("public_id", name=op.f("uq_totp_factor_public_id")),
        sa.UniqueConstraint("user_id", name=op.f("uq_totp_factor_user_id")),
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=True),
        sa.Column("agent", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fresh_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_session_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index("ix_user_session_user_id", ["user_id"], unique=False)

    op.create_table(
        "contact_point",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("value_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('email')", name=op.f("ck_contact_point_kind")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "person_id"],
            ["person.coalition_id", "person.id"],
            name=op.f("fk_contact_point_coalition_id_person_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_point")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contact_point_public_id")),
    )
    with op.batch_alter_table("contact_point", schema=None) as batch_op:
        batch_op.create_index("ix_contact_point_person", ["coalition_id", "person_id"], unique=False)
        batch_op.create_index(
            "uq_contact_point_verified",
            ["coalition_id", "kind", "value_key"],
            unique=True,
            sqlite_where=sa.text("verified_at IS NOT NULL"),
            postgresql_where=sa.text("verified_at IS NOT NULL"),
        )

    op.create_table(
        "office_term",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("official_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ocd_id", sa.String(length=120), nullable=False),
        sa.Column("chamber", sa.String(length=12), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("sits_until", sa.Date(), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("contact_form", sa.String(length=300), nullable=True),
        sa.Column("url", sa.String(length=300), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "chamber IN ('us_senate', 'us_house', 'state_upper', 'state_lower')", name=op.f("ck_office_term_chamber")
        ),
        sa.ForeignKeyConstraint(
            ["official_id"], ["official.id"], name=op.f("fk_office_term_official_id_official"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["civic_pack.id"], name=op.f("fk_office_term_pack_id_civic_pack"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_term")),
    )
    with op.batch_alter_table("office_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_office_term_ocd_id"), ["ocd_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_office_term_official_id"), ["official_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_office_term_pack_id"), ["pack_id"], unique=False)

    op.create_table(
        "opt_in",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("text_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("has_proof", sa.Boolean(), nullable=False),
        sa.Column("proof", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_opt_in_withdrawn_at")),
        sa.CheckConstraint("channel IN ('email')", name=op.f("ck_opt_in_channel")),
        sa.CheckConstraint(
            "purpose IN ('action_alert', 'campaign_news', 'event', 'speaker_ops', 'peer')",
            name=op.f("ck_opt_in_purpose"),
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR (confirmed_at IS NOT NULL AND has_proof)",
            name=op.f("ck_opt_in_confirmed_with_proof"),
        ),
        sa.CheckConstraint("state IN ('pending', 'confirmed', 'withdrawn')", name=op.f("ck_opt_in_state")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "person_id"],
            ["person.coalition_id", "person.id"],
            name=op.f("fk_opt_in_coalition_id_person_id_person"),
        ),
        sa.ForeignKeyConstraint(["text_id"], ["consent_text.id"], name=op.f("fk_opt_in_text_id_consent_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opt_in")),
    )
    with op.batch_alter_table("opt_in", schema=None) as batch_op:
        batch_op.create_index(
            "uq_opt_in_live",
            ["coalition_id", "person_id", "channel", "purpose"],
            unique=True,
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )

    op.create_table(
        "petition",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_html", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=True),
        sa.Column("min_age", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'review', 'open', 'paused', 'closed', 'delivered', 'archived', 'rejected')",
            name=op.f("ck_petition_state"),
        ),
        sa.CheckConstraint("goal IS NULL OR goal > 0", name=op.f("ck_petition_goal_positive")),
        sa.CheckConstraint("min_age BETWEEN 0 AND 120", name=op.f("ck_petition_min_age")),
        sa.CheckConstraint(
            "opened_at IS NULL OR closes_at IS NULL OR closes_at > opened_at",
            name=op.f("ck_petition_closes_after_opening"),
        ),
        sa.CheckConstraint("text_version > 0", name=op.f("ck_petition_text_version")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "campaign_id"],
            ["campaign.coalition_id", "campaign.id"],
            name=op.f("fk_petition_coalition_id_campaign_id_campaign"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalition.id"], name=op.f("fk_petition_coalition_id_coalition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_petition_coalition_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_petition_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_petition_slug")),
    )
    with op.batch_alter_table("petition", schema=None) as batch_op:
        batch_op.create_index("ix_petition_state_closes_at", ["state", "closes_at"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("petition_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("method", sa.String(length=12), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("snapshot_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected_count", sa.Integer(), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("last_signature_id", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("method IN ('in_person', 'email', 'portal', 'post')", name=op.f("ck_delivery_method")),
        sa.CheckConstraint("state <> 'delivered' OR delivered_at IS NOT NULL", name=op.f("ck_delivery_delivered")),
        sa.CheckConstraint("state IN ('building', 'built', 'delivered')", name=op.f("ck_delivery_state")),
        sa.CheckConstraint("item_count >= 0 AND expected_count >= 0", name=op.f("ck_delivery_counts")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "petition_id"],
            ["petition.coalition_id", "petition.id"],
            name=op.f("fk_delivery_coalition_id_petition_id_petition"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_delivery_coalition_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_delivery_public_id")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_petition_id_id", ["petition_id", "id"], unique=False)
        batch_op.create_index(
            "uq_delivery_building",
            ["petition_id"],
            unique=True,
            sqlite_where=sa.text("state = 'building'"),
            postgresql_where=sa.text("state = 'building'"),
        )

    op.create_table(
        "petition_day_tally",
        sa.Column(
            "petition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("signature_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_petition_day_tally_petition_id_petition")
        ),
        sa.PrimaryKeyConstraint("petition_id", "day", name=op.f("pk_petition_day_tally")),
    )
    op.create_table(
        "petition_place_tally",
        sa.Column(
            "petition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        sa.Column("division_id", sa.String(length=120), nullable=False),
        sa.Column("signature_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_petition_place_tally_petition_id_petition")
        ),
        sa.PrimaryKeyConstraint("petition_id", "state_code", "division_id", name=op.f("pk_petition_place_tally")),
    )
    op.create_table(
        "petition_tally",
        sa.Column(
            "petition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("signature_count", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("signature_count >= 0", name=op.f("ck_petition_tally_not_negative")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_petition_tally_petition_id_petition")),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_petition_tally")),
    )
    op.create_table(
        "signature",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("petition_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("name_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("postal_code", sa.String(length=12), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("town", sa.String(length=80), nullable=False),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        sa.Column("division_id", sa.String(length=120), nullable=True),
        sa.Column("placement", sa.String(length=12), nullable=False),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.Column("display", sa.String(length=12), nullable=False),
        sa.Column("updates", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("held_reason", sa.String(length=12), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirm_nonce", sa.String(length=22), nullable=True),
        sa.Column("confirm_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("manage_nonce", sa.String(length=22), nullable=False),
        sa.Column("receipt_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("receipt_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_count", sa.SmallInteger(), nullable=False),
        sa.Column("idempotency_key", sa.LargeBinary(length=32), nullable=True),
        sa.CheckConstraint("display IN ('hidden', 'first_town', 'full')", name=op.f("ck_signature_display")),
        sa.CheckConstraint(
            "placement = 'placed' OR division_id IS NULL", name=op.f("ck_signature_division_only_when_placed")
        ),
        sa.CheckConstraint("placement IN ('unknown', 'placed', 'not_placed')", name=op.f("ck_signature_placement")),
        sa.CheckConstraint(
            "state <> 'erased' OR (name IS NULL AND email IS NULL AND email_key IS NULL AND comment IS NULL)",
            name=op.f("ck_signature_erased"),
        ),
        sa.CheckConstraint("state <> 'quarantined' OR held_reason IS NOT NULL", name=op.f("ck_signature_held")),
        sa.CheckConstraint(
            "state <> 'verified' OR (verified_at IS NOT NULL AND verified_on IS NOT NULL)",
            name=op.f("ck_signature_verified"),
        ),
        sa.CheckConstraint(
            "state = 'erased' OR channel <> 'web' OR email_key IS NOT NULL", name=op.f("ck_signature_web_has_email")
        ),
        sa.CheckConstraint("state = 'erased' OR name IS NOT NULL", name=op.f("ck_signature_named")),
        sa.CheckConstraint(
            "state IN ('pending', 'verified', 'quarantined', 'invalidated', 'withdrawn', 'erased')",
            name=op.f("ck_signature_state"),
        ),
        sa.CheckConstraint("mail_count BETWEEN 0 AND 5", name=op.f("ck_signature_mail_count")),
        sa.CheckConstraint("place IN (1, 2)", name=op.f("ck_signature_place")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "petition_id"],
            ["petition.coalition_id", "petition.id"],
            name=op.f("fk_signature_coalition_id_petition_id_petition"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_signature_coalition_id_id")),
        sa.UniqueConstraint("petition_id", "idempotency_key", name=op.f("uq_signature_petition_id_idempotency_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_signature_public_id")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_signature_receipt_hash")),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index("ix_signature_petition_id_state_id", ["petition_id", "state", "id"], unique=False)
        batch_op.create_index(
            "ix_signature_shown",
            ["petition_id", "verified_at"],
            unique=False,
            sqlite_where=sa.text("state = 'verified' AND display <> 'hidden'"),
            postgresql_where=sa.text("state = 'verified' AND display <> 'hidden'"),
        )
        batch_op.create_index(
            "uq_signature_live_name",
            ["petition_id", "email_key", "name_key"],
            unique=True,
            sqlite_where=sa.text("email_key IS NOT NULL AND state IN ('pending', 'verified', 'quarantined')"),
            postgresql_where=sa.text("email_key IS NOT NULL AND state IN ('pending', 'verified', 'quarantined')"),
        )
        batch_op.create_index(
            "uq_signature_live_place",
            ["petition_id", "email_key", "place"],
            unique=True,
            sqlite_where=sa.text("email_key IS NOT NULL AND state IN ('pending', 'verified', 'quarantined')"),
            postgresql_where=sa.text("email_key IS NOT NULL AND state IN ('pending', 'verified', 'quarantined')"),
        )

    op.create_table(
        "signature_delta",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("petition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("change", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        sa.Column("division_id", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("change IN (-1, 1)", name=op.f("ck_signature_delta_change")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_signature_delta_petition_id_petition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature_delta")),
    )
    with op.batch_alter_table("signature_delta", schema=None) as batch_op:
        batch_op.create_index("ix_signature_delta_petition_id_at", ["petition_id", "at"], unique=False)

    op.create_table(
        "delivery_item",
        sa.Column("delivery_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("signature_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        sa.Column("division_id", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "delivery_id"],
            ["delivery.coalition_id", "delivery.id"],
            name=op.f("fk_delivery_item_coalition_id_delivery_id_delivery"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "signature_id"],
            ["signature.coalition_id", "signature.id"],
            name=op.f("fk_delivery_item_coalition_id_signature_id_signature"),
        ),
        sa.PrimaryKeyConstraint("delivery_id", "signature_id", name=op.f("pk_delivery_item")),
        info={
            "append_only": True,
            "guards": {
                "sqlite": [
                    "CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item WHEN NOT EXISTS (\n    SELECT 1 FROM delivery d JOIN signature s ON s.id = NEW.signature_id AND s.petition_id = d.petition_id\n    WHERE d.id = NEW.delivery_id AND d.state = 'building'\n    AND s.state = 'verified' AND s.verified_at <= d.snapshot_at)\n        BEGIN SELECT RAISE(ABORT, 'a delivery takes verified signatures of its petition, until it is built'); END"
                ],
                "postgresql": [
                    "CREATE OR REPLACE FUNCTION delivery_item_may_enter() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n        IF NOT EXISTS (\n    SELECT 1 FROM delivery d JOIN signature s ON s.id = NEW.signature_id AND s.petition_id = d.petition_id\n    WHERE d.id = NEW.delivery_id AND d.state = 'building'\n    AND s.state = 'verified' AND s.verified_at <= d.snapshot_at) THEN RAISE EXCEPTION 'a delivery takes verified signatures of its petition, until it is built' USING ERRCODE = 'restrict_violation'; END IF;\n        RETURN NEW; END $$",
                    "CREATE TRIGGER delivery_item_may_enter BEFORE INSERT ON delivery_item FOR EACH ROW\n        EXECUTE FUNCTION delivery_item_may_enter()",
                ],
            },
        },
    )
    with op.batch_alter_table("delivery_item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_item_group", ["delivery_id", "state_code", "division_id", "signature_id"], unique=False
        )
        batch_op.create_index("ix_delivery_item_signature_id", ["signature_id"], unique=False)

    op.create_table(
        "delivery_manifest",
        sa.Column("delivery_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("manifest_hash", sa.String(length=64), nullable=False),
        sa.Column("signature_count", sa.Integer(), nullable=False),
        sa.Column("not_placed_count", sa.Integer(), nullable=False),
        sa.Column("withdrawn_count", sa.Integer(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "signature_count >= 0 AND not_placed_count >= 0 AND withdrawn_count >= 0",
            name=op.f("ck_delivery_manifest_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "delivery_id"],
            ["delivery.coalition_id", "delivery.id"],
            name=op.f("fk_delivery_manifest_coalition_id_delivery_id_delivery"),
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_delivery_manifest")),
        info={"append_only": True},
    )
    # ### end Alembic commands ###
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_table("delivery_manifest")
    with op.batch_alter_table("delivery_item", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_item_signature_id")
        batch_op.drop_index("ix_delivery_item_group")

    op.drop_table("delivery_item")
    with op.batch_alter_table("signature_delta", schema=None) as batch_op:
        batch_op.drop_index("ix_signature_delta_petition_id_at")

    op.drop_table("signature_delta")
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_signature_live_place",
            sqlite_where=sa.text("email_key IS NOT NULL AND state IN ('pending', 'verified', 'quarantined')"),
            postgresql_where=sa.text("email_key IS NOT NULL AND state IN ('pending', 'verified', 'quarantined')"),
        )
        batch_op.drop_index(
            "uq_signature_live_name",
            sqlite_where=sa.text("email_key IS NOT NULL AND state IN ('pending', 'verified', 'quarantined')"),
            postgresql_where=sa.text("email_key IS NOT NULL AND state IN ('pending', 'verified', 'quarantined')"),
        )
        batch_op.drop_index(
            "ix_signature_shown",
            sqlite_where=sa.text("state = 'verified' AND display <> 'hidden'"),
            postgresql_where=sa.text("state = 'verified' AND display <> 'hidden'"),
        )
        batch_op.drop_index("ix_signature_petition_id_state_id")

    op.drop_table("signature")
    op.drop_table("petition_tally")
    op.drop_table("petition_place_tally")
    op.drop_table("petition_day_tally")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_delivery_building",
            sqlite_where=sa.text("state = 'building'"),
            postgresql_where=sa.text("state = 'building'"),
        )
        batch_op.drop_index("ix_delivery_petition_id_id")

    op.drop_table("delivery")
    with op.batch_alter_table("petition", schema=None) as batch_op:
        batch_op.drop_index("ix_petition_state_closes_at")

    op.drop_table("petition")
    with op.batch_alter_table("opt_in", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_opt_in_live",
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )

    op.drop_table("opt_in")
    with op.batch_alter_table("office_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_office_term_pack_id"))
        batch_op.drop_index(batch_op.f("ix_office_term_official_id"))
        batch_op.drop_index(batch_op.f("ix_office_term_ocd_id"))

    op.drop_table("office_term")
    with op.batch_alter_table("contact_point", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_contact_point_verified",
            sqlite_where=sa.text("verified_at IS NOT NULL"),
            postgresql_where=sa.text("verified_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_contact_point_person")

    op.drop_table("contact_point")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index("ix_user_session_user_id")
        batch_op.drop_index(batch_op.f("ix_user_session_expires_at"))

    op.drop_table("user_session")
    op.drop_table("totp_factor")
    op.drop_table("reminder")
    op.drop_table("recovery_code")
    op.drop_table("postal_division")
    with op.batch_alter_table("platform_role", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_platform_role_live",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("platform_role")
    op.drop_table("person")
    with op.batch_alter_table("pending_sign_in", schema=None) as batch_op:
        batch_op.drop_index("ix_pending_sign_in_user_id")
        batch_op.drop_index(batch_op.f("ix_pending_sign_in_expires_at"))

    op.drop_table("pending_sign_in")
    with op.batch_alter_table("passkey_challenge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_challenge_expires_at"))

    op.drop_table("passkey_challenge")
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.drop_index("ix_passkey_user_id")

    op.drop_table("passkey")
    with op.batch_alter_table("official", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_official_person_key"))

    op.drop_table("official")
    with op.batch_alter_table("membership_role", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_role_live",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_membership_role_user_id")

    op.drop_table("membership_role")
    with op.batch_alter_table("known_device", schema=None) as batch_op:
        batch_op.drop_index("ix_known_device_user_id")
        batch_op.drop_index(batch_op.f("ix_known_device_last_used_at"))

    op.drop_table("known_device")
    op.drop_table("district_code")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_coalition_id"))

    op.drop_table("campaign")
    op.drop_table("boundary")
    op.drop_table("audit_seal")
    with op.batch_alter_table("account_link", schema=None) as batch_op:
        batch_op.drop_index("ix_account_link_user_id")
        batch_op.drop_index(batch_op.f("ix_account_link_expires_at"))

    op.drop_table("account_link")
    op.drop_table("user_account")
    with op.batch_alter_table("throttle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_throttle_window_at"))

    op.drop_table("throttle")
    op.drop_table("set_up_link")
    op.drop_table("scheduler_lease")
    op.drop_table("schedule_mark")
    op.drop_table("recovery_request")
    with op.batch_alter_table("mailbox_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mailbox_message_recipient_index"))

    op.drop_table("mailbox_message")
    op.drop_table("mail_route")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_state")
        batch_op.drop_index("ix_mail_object")
        batch_op.drop_index(
            "ix_mail_due", sqlite_where=sa.text("next_at IS NOT NULL"), postgresql_where=sa.text("next_at IS NOT NULL")
        )

    op.drop_table("mail")
    with op.batch_alter_table("job_run", schema=None) as batch_op:
        batch_op.drop_index("ix_job_run_name_id")

    op.drop_table("job_run")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_job_lock", postgresql_where=sa.text("state = 'running'"), sqlite_where=sa.text("state = 'running'")
        )
        batch_op.drop_index(
            "uq_job_dedupe_key", postgresql_where=sa.text("state = 'ready'"), sqlite_where=sa.text("state = 'ready'")
        )
        batch_op.drop_index(
            "ix_job_running", postgresql_where=sa.text("state = 'running'"), sqlite_where=sa.text("state = 'running'")
        )
        batch_op.drop_index(
            "ix_job_ready", postgresql_where=sa.text("state = 'ready'"), sqlite_where=sa.text("state = 'ready'")
        )
        batch_op.drop_index(
            "ix_job_lock_waiting",
            postgresql_where=sa.text("state = 'ready' AND lock IS NOT NULL"),
            sqlite_where=sa.text("state = 'ready' AND lock IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_job_dead", postgresql_where=sa.text("state = 'dead'"), sqlite_where=sa.text("state = 'dead'")
        )

    op.drop_table("job")
    op.drop_table("email_domain_rule")
    with op.batch_alter_table("division", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_division_parent"))
        batch_op.drop_index(batch_op.f("ix_division_layer"))

    op.drop_table("division")
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_index("ix_deadline_next")

    op.drop_table("deadline")
    op.drop_table("data_key")
    op.drop_table("consent_text")
    op.drop_table("coalition")
    with op.batch_alter_table("civic_pack", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_civic_pack_previous",
            sqlite_where=sa.text("state = 'previous'"),
            postgresql_where=sa.text("state = 'previous'"),
        )
        batch_op.drop_index(
            "uq_civic_pack_active",
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )

    op.drop_table("civic_pack")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_event_object")
        batch_op.drop_index("ix_audit_event_coalition_id_id")
        batch_op.drop_index("ix_audit_event_coalition_id_action_id")

    op.drop_table("audit_event")
    # ### end Alembic commands ###
    if op.get_bind().dialect.name == "postgresql":
        for name in ["delivery_item_may_enter", "refuse_change"]:
            op.execute(f"DROP FUNCTION IF EXISTS {name}()")
