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
            "CREATE TRIGGER decision_frozen BEFORE UPDATE ON decision WHEN OLD.rule_snapshot IS NOT NULL AND "
            "(NEW.coalition_id IS NOT OLD.coalition_id OR NEW.kind IS NOT OLD.kind OR NEW.title IS NOT OLD.title "
            "OR NEW.text IS NOT OLD.text OR NEW.opens_at IS NOT OLD.opens_at OR NEW.closes_at IS NOT "
            "OLD.closes_at OR NEW.tz IS NOT OLD.tz OR NEW.rule_snapshot IS NOT OLD.rule_snapshot) BEGIN SELECT "
            "RAISE(ABORT, 'the words and the rule of a decision are frozen when voting opens'); END"
        ),
        (
            "CREATE TRIGGER decision_ended BEFORE UPDATE ON decision WHEN OLD.state IN ('passed', 'failed', "
            "'no_quorum', 'withdrawn') AND NEW.state <> OLD.state BEGIN SELECT RAISE(ABORT, 'a decision that "
            "ended stays ended'); END"
        ),
        (
            "CREATE TRIGGER decision_seats BEFORE UPDATE ON decision WHEN NEW.state = 'passed' AND OLD.state <> "
            "'passed' AND NEW.kind = 'story_policy' AND NOT ( SELECT COUNT(*) > 2 * COALESCE(SUM(CASE WHEN EXISTS "
            "( SELECT 1 FROM seat_voice b WHERE b.decision_id = NEW.id AND b.seat_id = s.id AND b.choice = "
            "'block' AND b.superseded_at IS NULL) THEN 1 ELSE 0 END), 0) FROM seat s JOIN seat_term t ON "
            "t.seat_id = s.id AND t.ended_at IS NULL WHERE s.coalition_id = NEW.coalition_id AND "
            "s.lived_experience) BEGIN SELECT RAISE(ABORT, 'story policy needs a majority of the lived-experience "
            "seats'); END"
        ),
        (
            "CREATE TRIGGER membership_role_last_ends BEFORE UPDATE ON membership_role WHEN (NEW.ended_at IS NOT "
            "NULL OR NEW.role <> 'admin' OR NEW.coalition_id <> OLD.coalition_id) AND OLD.role = 'admin' AND "
            "OLD.ended_at IS NULL AND NOT EXISTS ( SELECT 1 FROM membership_role m JOIN user_account u ON u.id = "
            "m.user_id WHERE m.coalition_id = OLD.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL AND "
            "u.disabled_at IS NULL AND m.user_id <> OLD.user_id) BEGIN SELECT RAISE(ABORT, 'the last "
            "administrator of a coalition stays'); END"
        ),
        (
            "CREATE TRIGGER membership_role_last_goes BEFORE DELETE ON membership_role WHEN OLD.role = 'admin' "
            "AND OLD.ended_at IS NULL AND NOT EXISTS ( SELECT 1 FROM membership_role m JOIN user_account u ON "
            "u.id = m.user_id WHERE m.coalition_id = OLD.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL "
            "AND u.disabled_at IS NULL AND m.user_id <> OLD.user_id) BEGIN SELECT RAISE(ABORT, 'the last "
            "administrator of a coalition stays'); END"
        ),
        (
            "CREATE TRIGGER membership_role_last_closed BEFORE UPDATE OF disabled_at ON user_account WHEN "
            "NEW.disabled_at IS NOT NULL AND OLD.disabled_at IS NULL AND EXISTS ( SELECT 1 FROM membership_role r "
            "WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL AND NOT EXISTS ( SELECT 1 FROM "
            "membership_role m JOIN user_account u ON u.id = m.user_id WHERE m.coalition_id = r.coalition_id AND "
            "m.role = 'admin' AND m.ended_at IS NULL AND u.disabled_at IS NULL AND m.user_id <> OLD.id)) BEGIN "
            "SELECT RAISE(ABORT, 'the last administrator of a coalition stays'); END"
        ),
        (
            "CREATE TRIGGER platform_role_last_ends BEFORE UPDATE ON platform_role WHEN (NEW.ended_at IS NOT NULL "
            "OR NEW.role <> 'admin') AND OLD.role = 'admin' AND OLD.ended_at IS NULL AND NOT EXISTS ( SELECT 1 "
            "FROM platform_role p JOIN user_account u ON u.id = p.user_id WHERE p.role = 'admin' AND p.ended_at "
            "IS NULL AND u.disabled_at IS NULL AND p.user_id <> OLD.user_id) BEGIN SELECT RAISE(ABORT, 'the last "
            "administrator of the platform stays'); END"
        ),
        (
            "CREATE TRIGGER platform_role_last_goes BEFORE DELETE ON platform_role WHEN OLD.role = 'admin' AND "
            "OLD.ended_at IS NULL AND NOT EXISTS ( SELECT 1 FROM platform_role p JOIN user_account u ON u.id = "
            "p.user_id WHERE p.role = 'admin' AND p.ended_at IS NULL AND u.disabled_at IS NULL AND p.user_id <> "
            "OLD.user_id) BEGIN SELECT RAISE(ABORT, 'the last administrator of the platform stays'); END"
        ),
        (
            "CREATE TRIGGER platform_role_last_closed BEFORE UPDATE OF disabled_at ON user_account WHEN "
            "NEW.disabled_at IS NOT NULL AND OLD.disabled_at IS NULL AND EXISTS (SELECT 1 FROM platform_role r "
            "WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL) AND NOT EXISTS ( SELECT 1 FROM "
            "platform_role p JOIN user_account u ON u.id = p.user_id WHERE p.role = 'admin' AND p.ended_at IS "
            "NULL AND u.disabled_at IS NULL AND p.user_id <> OLD.id) BEGIN SELECT RAISE(ABORT, 'the last "
            "administrator of the platform stays'); END"
        ),
        (
            "CREATE TRIGGER lobbying_period_reopened BEFORE UPDATE ON lobbying_period WHEN (OLD.state = 'closed' "
            "AND NEW.state NOT IN ('closed', 'filed')) OR (OLD.state = 'filed' AND NEW.state <> 'filed') OR "
            "(OLD.state IN ('closed', 'filed') AND (NEW.year <> OLD.year OR NEW.quarter <> OLD.quarter OR "
            "NEW.membership_id <> OLD.membership_id)) BEGIN SELECT RAISE(ABORT, 'a closed period is not opened "
            "again'); END"
        ),
        (
            "CREATE TRIGGER lobbying_period_dropped BEFORE DELETE ON lobbying_period WHEN OLD.state IN ('closed', "
            "'filed') BEGIN SELECT RAISE(ABORT, 'a closed period is not opened again'); END"
        ),
        (
            "CREATE TRIGGER sign_on_letter_rebilled BEFORE UPDATE ON sign_on_letter WHEN OLD.state NOT IN "
            "('draft', 'review') AND (NEW.is_lobbying <> OLD.is_lobbying OR coalesce(NEW.bill_id, 0) <> "
            "coalesce(OLD.bill_id, 0)) BEGIN SELECT RAISE(ABORT, 'whether a letter lobbies is settled before it "
            "is signed'); END"
        ),
        (
            "CREATE TRIGGER sign_on_letter_thawed BEFORE UPDATE ON sign_on_letter WHEN OLD.manifest_hash IS NOT "
            "NULL AND (NEW.manifest_hash IS NULL OR NEW.manifest_hash <> OLD.manifest_hash OR NEW.state NOT IN "
            "('frozen', 'delivered', 'archived', 'withdrawn')) BEGIN SELECT RAISE(ABORT, 'a frozen letter stays "
            "frozen'); END"
        ),
        (
            "CREATE TRIGGER vote_cast BEFORE INSERT ON vote WHEN NOT EXISTS (SELECT 1 FROM decision d WHERE d.id "
            "= NEW.decision_id AND d.state = 'open' AND NEW.cast_at >= d.opens_at AND COALESCE(NEW.superseded_at, "
            "NEW.cast_at) < d.closes_at) BEGIN SELECT RAISE(ABORT, 'votes are taken only while a decision is "
            "open'); END"
        ),
        (
            "CREATE TRIGGER vote_late BEFORE UPDATE ON vote WHEN NOT EXISTS (SELECT 1 FROM decision d WHERE d.id "
            "= NEW.decision_id AND d.state = 'open' AND NEW.cast_at >= d.opens_at AND COALESCE(NEW.superseded_at, "
            "NEW.cast_at) < d.closes_at) BEGIN SELECT RAISE(ABORT, 'votes are taken only while a decision is "
            "open'); END"
        ),
        (
            "CREATE TRIGGER vote_kept BEFORE UPDATE ON vote WHEN OLD.superseded_at IS NOT NULL OR "
            "NEW.superseded_at IS NULL OR NEW.id IS NOT OLD.id OR NEW.coalition_id IS NOT OLD.coalition_id OR "
            "NEW.decision_id IS NOT OLD.decision_id OR NEW.choice IS NOT OLD.choice OR NEW.cast_by IS NOT "
            "OLD.cast_by OR NEW.cast_at IS NOT OLD.cast_at OR NEW.membership_id IS NOT OLD.membership_id OR "
            "NEW.reason IS NOT OLD.reason BEGIN SELECT RAISE(ABORT, 'a vote stays as it was cast'); END"
        ),
        (
            "CREATE TRIGGER vote_stays BEFORE DELETE ON vote BEGIN SELECT RAISE(ABORT, 'a vote stays as it was "
            "cast'); END"
        ),
        (
            "CREATE TRIGGER bill_position_decided BEFORE INSERT ON bill_position WHEN NEW.stance <> 'watch' AND "
            "NOT EXISTS ( SELECT 1 FROM decision d WHERE d.id = NEW.decision_id AND d.coalition_id = "
            "NEW.coalition_id AND d.kind = 'position' AND d.state = 'passed') BEGIN SELECT RAISE(ABORT, 'a "
            "position other than watch needs a decision on positions that passed'); END"
        ),
        (
            "CREATE TRIGGER bill_position_kept BEFORE UPDATE ON bill_position WHEN NEW.coalition_id IS NOT "
            "OLD.coalition_id OR NEW.bill_id IS NOT OLD.bill_id OR NEW.bill_version_id IS NOT OLD.bill_version_id "
            "OR NEW.stance IS NOT OLD.stance OR NEW.decision_id IS NOT OLD.decision_id OR NEW.reason IS NOT "
            "OLD.reason OR NEW.valid_from IS NOT OLD.valid_from OR OLD.valid_to IS NOT NULL BEGIN SELECT "
            "RAISE(ABORT, 'a position is never changed, only ended'); END"
        ),
        (
            "CREATE TRIGGER bill_position_stays BEFORE DELETE ON bill_position BEGIN SELECT RAISE(ABORT, 'a "
            "position is never changed, only ended'); END"
        ),
        (
            "CREATE TRIGGER lobbying_entry_added BEFORE INSERT ON lobbying_entry WHEN EXISTS (SELECT 1 FROM "
            "lobbying_period p WHERE p.id = NEW.period_id AND p.state IN ('closed', 'filed')) BEGIN SELECT "
            "RAISE(ABORT, 'this period is closed; correct it with a reversing entry in an open one'); END"
        ),
        (
            "CREATE TRIGGER lobbying_entry_changed BEFORE UPDATE ON lobbying_entry WHEN EXISTS (SELECT 1 FROM "
            "lobbying_period p WHERE p.id = OLD.period_id AND p.state IN ('closed', 'filed')) OR EXISTS (SELECT 1 "
            "FROM lobbying_period p WHERE p.id = NEW.period_id AND p.state IN ('closed', 'filed')) BEGIN SELECT "
            "RAISE(ABORT, 'this period is closed; correct it with a reversing entry in an open one'); END"
        ),
        (
            "CREATE TRIGGER lobbying_entry_dropped BEFORE DELETE ON lobbying_entry WHEN EXISTS (SELECT 1 FROM "
            "lobbying_period p WHERE p.id = OLD.period_id AND p.state IN ('closed', 'filed')) BEGIN SELECT "
            "RAISE(ABORT, 'this period is closed; correct it with a reversing entry in an open one'); END"
        ),
        (
            "CREATE TRIGGER lobbying_entry_reverses BEFORE INSERT ON lobbying_entry WHEN NEW.reverses_id IS NOT "
            "NULL AND NOT EXISTS ( SELECT 1 FROM lobbying_entry e WHERE e.id = NEW.reverses_id AND e.reverses_id "
            "IS NULL AND e.membership_id = NEW.membership_id AND e.coalition_id = NEW.coalition_id AND e.kind = "
            "NEW.kind AND e.minutes = NEW.minutes AND e.cost_minor = NEW.cost_minor AND e.currency = "
            "NEW.currency) BEGIN SELECT RAISE(ABORT, 'a reversing entry takes back exactly one entry of the same "
            "organization'); END"
        ),
        (
            "CREATE TRIGGER lobbying_entry_rereverses BEFORE UPDATE ON lobbying_entry WHEN NEW.reverses_id IS NOT "
            "NULL AND NOT EXISTS ( SELECT 1 FROM lobbying_entry e WHERE e.id = NEW.reverses_id AND e.reverses_id "
            "IS NULL AND e.membership_id = NEW.membership_id AND e.coalition_id = NEW.coalition_id AND e.kind = "
            "NEW.kind AND e.minutes = NEW.minutes AND e.cost_minor = NEW.cost_minor AND e.currency = "
            "NEW.currency) BEGIN SELECT RAISE(ABORT, 'a reversing entry takes back exactly one entry of the same "
            "organization'); END"
        ),
        (
            "CREATE TRIGGER lobbying_entry_reversed BEFORE UPDATE ON lobbying_entry WHEN EXISTS (SELECT 1 FROM "
            "lobbying_entry e WHERE e.reverses_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'an entry that was taken "
            "back stays as it is'); END"
        ),
        (
            "CREATE TRIGGER seat_voice_cast BEFORE INSERT ON seat_voice WHEN NOT EXISTS (SELECT 1 FROM decision d "
            "WHERE d.id = NEW.decision_id AND d.state = 'open' AND NEW.cast_at >= d.opens_at AND "
            "COALESCE(NEW.superseded_at, NEW.cast_at) < d.closes_at) BEGIN SELECT RAISE(ABORT, 'votes are taken "
            "only while a decision is open'); END"
        ),
        (
            "CREATE TRIGGER seat_voice_late BEFORE UPDATE ON seat_voice WHEN NOT EXISTS (SELECT 1 FROM decision d "
            "WHERE d.id = NEW.decision_id AND d.state = 'open' AND NEW.cast_at >= d.opens_at AND "
            "COALESCE(NEW.superseded_at, NEW.cast_at) < d.closes_at) BEGIN SELECT RAISE(ABORT, 'votes are taken "
            "only while a decision is open'); END"
        ),
        (
            "CREATE TRIGGER seat_voice_kept BEFORE UPDATE ON seat_voice WHEN OLD.superseded_at IS NOT NULL OR "
            "NEW.superseded_at IS NULL OR NEW.id IS NOT OLD.id OR NEW.coalition_id IS NOT OLD.coalition_id OR "
            "NEW.decision_id IS NOT OLD.decision_id OR NEW.choice IS NOT OLD.choice OR NEW.cast_by IS NOT "
            "OLD.cast_by OR NEW.cast_at IS NOT OLD.cast_at OR NEW.seat_id IS NOT OLD.seat_id BEGIN SELECT "
            "RAISE(ABORT, 'a vote stays as it was cast'); END"
        ),
        (
            "CREATE TRIGGER seat_voice_stays BEFORE DELETE ON seat_voice BEGIN SELECT RAISE(ABORT, 'a vote stays "
            "as it was cast'); END"
        ),
        (
            "CREATE TRIGGER sign_on_enters BEFORE INSERT ON sign_on WHEN NOT EXISTS ( SELECT 1 FROM "
            "sign_on_letter l JOIN membership m ON m.id = NEW.membership_id AND m.coalition_id = NEW.coalition_id "
            "WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.organization_id = NEW.organization_id) "
            "BEGIN SELECT RAISE(ABORT, 'a letter takes organizations of its coalition while it collects'); END"
        ),
        (
            "CREATE TRIGGER sign_on_enters_signed BEFORE INSERT ON sign_on WHEN NEW.state = 'signed' AND NOT "
            "EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id WHERE l.id = "
            "NEW.letter_id AND l.state = 'collecting' AND m.state = 'active' AND NEW.text_version BETWEEN "
            "l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying)) BEGIN SELECT "
            "RAISE(ABORT, 'this organization cannot sign this letter, or not these words'); END"
        ),
        (
            "CREATE TRIGGER sign_on_signs BEFORE UPDATE ON sign_on WHEN NEW.state = 'signed' AND (NEW.state <> "
            "OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id OR "
            "NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> "
            "coalesce(OLD.text_version, 0)) AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON "
            "m.id = NEW.membership_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = "
            "'active' AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT "
            "l.is_lobbying)) BEGIN SELECT RAISE(ABORT, 'this organization cannot sign this letter, or not these "
            "words'); END"
        ),
        (
            "CREATE TRIGGER sign_on_fixed BEFORE UPDATE ON sign_on WHEN (NEW.state <> OLD.state OR NEW.letter_id "
            "<> OLD.letter_id OR NEW.membership_id <> OLD.membership_id OR NEW.organization_id <> "
            "OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) AND EXISTS "
            "(SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', "
            "'archived')) BEGIN SELECT RAISE(ABORT, 'who signed a frozen letter stays as it is'); END"
        ),
        (
            "CREATE TRIGGER sign_on_kept BEFORE DELETE ON sign_on WHEN EXISTS (SELECT 1 FROM sign_on_letter l "
            "WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) BEGIN SELECT "
            "RAISE(ABORT, 'who signed a frozen letter stays as it is'); END"
        ),
        (
            "CREATE TRIGGER sign_on_manifest_no_update BEFORE UPDATE ON sign_on_manifest BEGIN SELECT "
            "RAISE(ABORT, 'sign_on_manifest is append-only'); END"
        ),
        (
            "CREATE TRIGGER sign_on_manifest_no_delete BEFORE DELETE ON sign_on_manifest BEGIN SELECT "
            "RAISE(ABORT, 'sign_on_manifest is append-only'); END"
        ),
        (
            "CREATE TRIGGER sign_on_text_no_update BEFORE UPDATE ON sign_on_text BEGIN SELECT RAISE(ABORT, "
            "'sign_on_text is append-only'); END"
        ),
        (
            "CREATE TRIGGER sign_on_text_no_delete BEFORE DELETE ON sign_on_text BEGIN SELECT RAISE(ABORT, "
            "'sign_on_text is append-only'); END"
        ),
        (
            "CREATE TRIGGER sign_on_text_closed BEFORE INSERT ON sign_on_text WHEN NOT EXISTS (SELECT 1 FROM "
            "sign_on_letter l WHERE l.id = NEW.letter_id AND l.state IN ('draft', 'review', 'collecting')) BEGIN "
            "SELECT RAISE(ABORT, 'the words of this letter stay as they are'); END"
        ),
        (
            "CREATE TRIGGER sign_on_text_asks_again AFTER INSERT ON sign_on_text WHEN NEW.kind = 'material' BEGIN "
            "UPDATE sign_on SET state = 'needs_reconfirm' WHERE letter_id = NEW.letter_id AND state = 'signed'; "
            "END"
        ),
        (
            "CREATE TRIGGER delivery_manifest_no_update BEFORE UPDATE ON delivery_manifest BEGIN SELECT "
            "RAISE(ABORT, 'delivery_manifest is append-only'); END"
        ),
        (
            "CREATE TRIGGER delivery_manifest_no_delete BEFORE DELETE ON delivery_manifest BEGIN SELECT "
            "RAISE(ABORT, 'delivery_manifest is append-only'); END"
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
            "CREATE OR REPLACE FUNCTION decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
            "OLD.rule_snapshot IS NOT NULL AND (NEW.coalition_id IS DISTINCT FROM OLD.coalition_id OR NEW.kind IS "
            "DISTINCT FROM OLD.kind OR NEW.title IS DISTINCT FROM OLD.title OR NEW.text IS DISTINCT FROM OLD.text "
            "OR NEW.opens_at IS DISTINCT FROM OLD.opens_at OR NEW.closes_at IS DISTINCT FROM OLD.closes_at OR "
            "NEW.tz IS DISTINCT FROM OLD.tz OR NEW.rule_snapshot::text IS DISTINCT FROM OLD.rule_snapshot::text) "
            "THEN RAISE EXCEPTION 'the words and the rule of a decision are frozen when voting opens' USING "
            "ERRCODE = 'restrict_violation'; END IF; IF OLD.state IN ('passed', 'failed', 'no_quorum', "
            "'withdrawn') AND NEW.state <> OLD.state THEN RAISE EXCEPTION 'a decision that ended stays ended' "
            "USING ERRCODE = 'restrict_violation'; END IF; IF NEW.state = 'passed' AND OLD.state <> 'passed' AND "
            "NEW.kind = 'story_policy' AND NOT ( SELECT COUNT(*) > 2 * COALESCE(SUM(CASE WHEN EXISTS ( SELECT 1 "
            "FROM seat_voice b WHERE b.decision_id = NEW.id AND b.seat_id = s.id AND b.choice = 'block' AND "
            "b.superseded_at IS NULL) THEN 1 ELSE 0 END), 0) FROM seat s JOIN seat_term t ON t.seat_id = s.id AND "
            "t.ended_at IS NULL WHERE s.coalition_id = NEW.coalition_id AND s.lived_experience) THEN RAISE "
            "EXCEPTION 'story policy needs a majority of the lived-experience seats' USING ERRCODE = "
            "'restrict_violation'; END IF; RETURN NEW; END $$"
        ),
        ("CREATE TRIGGER decision_guard BEFORE UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION decision_guard()"),
        (
            "CREATE OR REPLACE FUNCTION membership_role_last_admin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF TG_OP = 'DELETE' OR NEW.ended_at IS NOT NULL OR NEW.role <> 'admin' OR NEW.coalition_id <> "
            "OLD.coalition_id THEN PERFORM 1 FROM coalition WHERE id = OLD.coalition_id FOR UPDATE; IF OLD.role = "
            "'admin' AND OLD.ended_at IS NULL AND NOT EXISTS ( SELECT 1 FROM membership_role m JOIN user_account "
            "u ON u.id = m.user_id WHERE m.coalition_id = OLD.coalition_id AND m.role = 'admin' AND m.ended_at IS "
            "NULL AND u.disabled_at IS NULL AND m.user_id <> OLD.user_id) THEN RAISE EXCEPTION 'the last "
            "administrator of a coalition stays' USING ERRCODE = 'restrict_violation'; END IF; END IF; RETURN "
            "CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$"
        ),
        (
            "CREATE OR REPLACE FUNCTION user_account_last_of_coalition() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN IF NEW.disabled_at IS NOT NULL THEN PERFORM 1 FROM coalition c WHERE c.id IN (SELECT "
            "r.coalition_id FROM membership_role r WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at "
            "IS NULL) ORDER BY c.id FOR UPDATE; IF OLD.disabled_at IS NULL AND EXISTS ( SELECT 1 FROM "
            "membership_role r WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL AND NOT "
            "EXISTS ( SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id WHERE "
            "m.coalition_id = r.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL AND u.disabled_at IS "
            "NULL AND m.user_id <> OLD.id)) THEN RAISE EXCEPTION 'the last administrator of a coalition stays' "
            "USING ERRCODE = 'restrict_violation'; END IF; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER membership_role_last_admin BEFORE UPDATE OR DELETE ON membership_role FOR EACH ROW "
            "EXECUTE FUNCTION membership_role_last_admin()"
        ),
        (
            "CREATE TRIGGER user_account_last_of_coalition BEFORE UPDATE OF disabled_at ON user_account FOR EACH "
            "ROW EXECUTE FUNCTION user_account_last_of_coalition()"
        ),
        (
            "CREATE OR REPLACE FUNCTION platform_role_last_admin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF TG_OP = 'DELETE' OR NEW.ended_at IS NOT NULL OR NEW.role <> 'admin' THEN PERFORM "
            "pg_advisory_xact_lock(7235406482); IF OLD.role = 'admin' AND OLD.ended_at IS NULL AND NOT EXISTS ( "
            "SELECT 1 FROM platform_role p JOIN user_account u ON u.id = p.user_id WHERE p.role = 'admin' AND "
            "p.ended_at IS NULL AND u.disabled_at IS NULL AND p.user_id <> OLD.user_id) THEN RAISE EXCEPTION 'the "
            "last administrator of the platform stays' USING ERRCODE = 'restrict_violation'; END IF; END IF; "
            "RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$"
        ),
        (
            "CREATE OR REPLACE FUNCTION user_account_last_admin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
            "NEW.disabled_at IS NOT NULL THEN PERFORM pg_advisory_xact_lock(7235406482); IF OLD.disabled_at IS "
            "NULL AND EXISTS (SELECT 1 FROM platform_role r WHERE r.user_id = OLD.id AND r.role = 'admin' AND "
            "r.ended_at IS NULL) AND NOT EXISTS ( SELECT 1 FROM platform_role p JOIN user_account u ON u.id = "
            "p.user_id WHERE p.role = 'admin' AND p.ended_at IS NULL AND u.disabled_at IS NULL AND p.user_id <> "
            "OLD.id) THEN RAISE EXCEPTION 'the last administrator of the platform stays' USING ERRCODE = "
            "'restrict_violation'; END IF; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER platform_role_last_admin BEFORE UPDATE OR DELETE ON platform_role FOR EACH ROW "
            "EXECUTE FUNCTION platform_role_last_admin()"
        ),
        (
            "CREATE TRIGGER user_account_last_admin BEFORE UPDATE OF disabled_at ON user_account FOR EACH ROW "
            "EXECUTE FUNCTION user_account_last_admin()"
        ),
        (
            "CREATE OR REPLACE FUNCTION lobbying_period_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
            "TG_OP = 'DELETE' THEN IF OLD.state IN ('closed', 'filed') THEN RAISE EXCEPTION 'a closed period is "
            "not opened again' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END IF; IF (OLD.state = "
            "'closed' AND NEW.state NOT IN ('closed', 'filed')) OR (OLD.state = 'filed' AND NEW.state <> 'filed') "
            "OR (OLD.state IN ('closed', 'filed') AND (NEW.year <> OLD.year OR NEW.quarter <> OLD.quarter OR "
            "NEW.membership_id <> OLD.membership_id)) THEN RAISE EXCEPTION 'a closed period is not opened again' "
            "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER lobbying_period_stays BEFORE UPDATE OR DELETE ON lobbying_period FOR EACH ROW EXECUTE "
            "FUNCTION lobbying_period_stays()"
        ),
        (
            "CREATE OR REPLACE FUNCTION sign_on_letter_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
            "OLD.state NOT IN ('draft', 'review') AND (NEW.is_lobbying <> OLD.is_lobbying OR "
            "coalesce(NEW.bill_id, 0) <> coalesce(OLD.bill_id, 0)) THEN RAISE EXCEPTION 'whether a letter lobbies "
            "is settled before it is signed' USING ERRCODE = 'restrict_violation'; END IF; IF OLD.manifest_hash "
            "IS NOT NULL AND (NEW.manifest_hash IS NULL OR NEW.manifest_hash <> OLD.manifest_hash OR NEW.state "
            "NOT IN ('frozen', 'delivered', 'archived', 'withdrawn')) THEN RAISE EXCEPTION 'a frozen letter stays "
            "frozen' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER sign_on_letter_stays BEFORE UPDATE ON sign_on_letter FOR EACH ROW EXECUTE FUNCTION "
            "sign_on_letter_stays()"
        ),
        (
            "CREATE OR REPLACE FUNCTION vote_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = "
            "'DELETE' THEN IF true THEN RAISE EXCEPTION 'a vote stays as it was cast' USING ERRCODE = "
            "'restrict_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF OLD.superseded_at IS NOT NULL OR "
            "NEW.superseded_at IS NULL OR NEW.id IS DISTINCT FROM OLD.id OR NEW.coalition_id IS DISTINCT FROM "
            "OLD.coalition_id OR NEW.decision_id IS DISTINCT FROM OLD.decision_id OR NEW.choice IS DISTINCT FROM "
            "OLD.choice OR NEW.cast_by IS DISTINCT FROM OLD.cast_by OR NEW.cast_at IS DISTINCT FROM OLD.cast_at "
            "OR NEW.membership_id IS DISTINCT FROM OLD.membership_id OR NEW.reason IS DISTINCT FROM OLD.reason "
            "THEN RAISE EXCEPTION 'a vote stays as it was cast' USING ERRCODE = 'restrict_violation'; END IF; END "
            "IF; PERFORM 1 FROM decision d WHERE d.id = NEW.decision_id AND d.state = 'open' AND NEW.cast_at >= "
            "d.opens_at AND COALESCE(NEW.superseded_at, NEW.cast_at) < d.closes_at FOR SHARE; IF NOT FOUND THEN "
            "RAISE EXCEPTION 'votes are taken only while a decision is open' USING ERRCODE = "
            "'restrict_violation'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER vote_guard BEFORE INSERT OR UPDATE OR DELETE ON vote FOR EACH ROW EXECUTE FUNCTION "
            "vote_guard()"
        ),
        (
            "CREATE OR REPLACE FUNCTION bill_position_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
            "TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a position is never changed, only ended' USING ERRCODE = "
            "'restrict_violation'; END IF; IF TG_OP = 'INSERT' THEN IF NEW.stance <> 'watch' AND NOT EXISTS ( "
            "SELECT 1 FROM decision d WHERE d.id = NEW.decision_id AND d.coalition_id = NEW.coalition_id AND "
            "d.kind = 'position' AND d.state = 'passed') THEN RAISE EXCEPTION 'a position other than watch needs "
            "a decision on positions that passed' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END "
            "IF; IF NEW.coalition_id IS DISTINCT FROM OLD.coalition_id OR NEW.bill_id IS DISTINCT FROM "
            "OLD.bill_id OR NEW.bill_version_id IS DISTINCT FROM OLD.bill_version_id OR NEW.stance IS DISTINCT "
            "FROM OLD.stance OR NEW.decision_id IS DISTINCT FROM OLD.decision_id OR NEW.reason IS DISTINCT FROM "
            "OLD.reason OR NEW.valid_from IS DISTINCT FROM OLD.valid_from OR OLD.valid_to IS NOT NULL THEN RAISE "
            "EXCEPTION 'a position is never changed, only ended' USING ERRCODE = 'restrict_violation'; END IF; "
            "RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER bill_position_guard BEFORE INSERT OR UPDATE OR DELETE ON bill_position FOR EACH ROW "
            "EXECUTE FUNCTION bill_position_guard()"
        ),
        (
            "CREATE OR REPLACE FUNCTION lobbying_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
            "TG_OP <> 'INSERT' THEN PERFORM 1 FROM lobbying_period WHERE id = OLD.period_id FOR SHARE; IF EXISTS "
            "(SELECT 1 FROM lobbying_period p WHERE p.id = OLD.period_id AND p.state IN ('closed', 'filed')) THEN "
            "RAISE EXCEPTION 'this period is closed; correct it with a reversing entry in an open one' USING "
            "ERRCODE = 'restrict_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; PERFORM "
            "1 FROM lobbying_period WHERE id = NEW.period_id FOR SHARE; IF EXISTS (SELECT 1 FROM lobbying_period "
            "p WHERE p.id = NEW.period_id AND p.state IN ('closed', 'filed')) THEN RAISE EXCEPTION 'this period "
            "is closed; correct it with a reversing entry in an open one' USING ERRCODE = 'restrict_violation'; "
            "END IF; IF TG_OP = 'UPDATE' THEN IF EXISTS (SELECT 1 FROM lobbying_entry e WHERE e.reverses_id = "
            "OLD.id) THEN RAISE EXCEPTION 'an entry that was taken back stays as it is' USING ERRCODE = "
            "'restrict_violation'; END IF; END IF; IF NEW.reverses_id IS NOT NULL AND NOT EXISTS ( SELECT 1 FROM "
            "lobbying_entry e WHERE e.id = NEW.reverses_id AND e.reverses_id IS NULL AND e.membership_id = "
            "NEW.membership_id AND e.coalition_id = NEW.coalition_id AND e.kind = NEW.kind AND e.minutes = "
            "NEW.minutes AND e.cost_minor = NEW.cost_minor AND e.currency = NEW.currency) THEN RAISE EXCEPTION 'a "
            "reversing entry takes back exactly one entry of the same organization' USING ERRCODE = "
            "'restrict_violation'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER lobbying_entry_stays BEFORE INSERT OR UPDATE OR DELETE ON lobbying_entry FOR EACH ROW "
            "EXECUTE FUNCTION lobbying_entry_stays()"
        ),
        (
            "CREATE OR REPLACE FUNCTION seat_voice_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP "
            "= 'DELETE' THEN IF true THEN RAISE EXCEPTION 'a vote stays as it was cast' USING ERRCODE = "
            "'restrict_violation'; END IF; END IF; IF TG_OP = 'UPDATE' THEN IF OLD.superseded_at IS NOT NULL OR "
            "NEW.superseded_at IS NULL OR NEW.id IS DISTINCT FROM OLD.id OR NEW.coalition_id IS DISTINCT FROM "
            "OLD.coalition_id OR NEW.decision_id IS DISTINCT FROM OLD.decision_id OR NEW.choice IS DISTINCT FROM "
            "OLD.choice OR NEW.cast_by IS DISTINCT FROM OLD.cast_by OR NEW.cast_at IS DISTINCT FROM OLD.cast_at "
            "OR NEW.seat_id IS DISTINCT FROM OLD.seat_id THEN RAISE EXCEPTION 'a vote stays as it was cast' USING "
            "ERRCODE = 'restrict_violation'; END IF; END IF; PERFORM 1 FROM decision d WHERE d.id = "
            "NEW.decision_id AND d.state = 'open' AND NEW.cast_at >= d.opens_at AND COALESCE(NEW.superseded_at, "
            "NEW.cast_at) < d.closes_at FOR SHARE; IF NOT FOUND THEN RAISE EXCEPTION 'votes are taken only while "
            "a decision is open' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER seat_voice_guard BEFORE INSERT OR UPDATE OR DELETE ON seat_voice FOR EACH ROW EXECUTE "
            "FUNCTION seat_voice_guard()"
        ),
        (
            "CREATE OR REPLACE FUNCTION sign_on_may() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = "
            "'DELETE' THEN IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN "
            "('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it "
            "is' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END IF; IF TG_OP = 'UPDATE' AND NOT "
            "(NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id "
            "OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> "
            "coalesce(OLD.text_version, 0)) THEN RETURN NEW; END IF; PERFORM 1 FROM sign_on_letter WHERE id = "
            "NEW.letter_id FOR SHARE; IF TG_OP = 'INSERT' THEN IF NOT EXISTS ( SELECT 1 FROM sign_on_letter l "
            "JOIN membership m ON m.id = NEW.membership_id AND m.coalition_id = NEW.coalition_id WHERE l.id = "
            "NEW.letter_id AND l.state = 'collecting' AND m.organization_id = NEW.organization_id) THEN RAISE "
            "EXCEPTION 'a letter takes organizations of its coalition while it collects' USING ERRCODE = "
            "'restrict_violation'; END IF; ELSE IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = "
            "OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a "
            "frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; END IF; IF NEW.state = "
            "'signed' AND NOT EXISTS ( SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = "
            "NEW.membership_id WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active' AND "
            "NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT "
            "l.is_lobbying)) THEN RAISE EXCEPTION 'this organization cannot sign this letter, or not these words' "
            "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER sign_on_may BEFORE INSERT OR UPDATE OR DELETE ON sign_on FOR EACH ROW EXECUTE "
            "FUNCTION sign_on_may()"
        ),
        (
            "CREATE TRIGGER sign_on_manifest_append_only BEFORE UPDATE OR DELETE ON sign_on_manifest FOR EACH ROW "
            "EXECUTE FUNCTION refuse_change()"
        ),
        (
            "CREATE TRIGGER sign_on_manifest_no_truncate BEFORE TRUNCATE ON sign_on_manifest FOR EACH STATEMENT "
            "EXECUTE FUNCTION refuse_change()"
        ),
        (
            "CREATE TRIGGER sign_on_text_append_only BEFORE UPDATE OR DELETE ON sign_on_text FOR EACH ROW EXECUTE "
            "FUNCTION refuse_change()"
        ),
        (
            "CREATE TRIGGER sign_on_text_no_truncate BEFORE TRUNCATE ON sign_on_text FOR EACH STATEMENT EXECUTE "
            "FUNCTION refuse_change()"
        ),
        (
            "CREATE OR REPLACE FUNCTION sign_on_text_enters() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR UPDATE; IF NOT EXISTS (SELECT 1 FROM "
            "sign_on_letter l WHERE l.id = NEW.letter_id AND l.state IN ('draft', 'review', 'collecting')) THEN "
            "RAISE EXCEPTION 'the words of this letter stay as they are' USING ERRCODE = 'restrict_violation'; "
            "END IF; IF NEW.kind = 'material' THEN UPDATE sign_on SET state = 'needs_reconfirm' WHERE letter_id = "
            "NEW.letter_id AND state = 'signed'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER sign_on_text_enters BEFORE INSERT ON sign_on_text FOR EACH ROW EXECUTE FUNCTION "
            "sign_on_text_enters()"
        ),
        (
            "CREATE TRIGGER delivery_manifest_append_only BEFORE UPDATE OR DELETE ON delivery_manifest FOR EACH "
            "ROW EXECUTE FUNCTION refuse_change()"
        ),
        (
            "CREATE TRIGGER delivery_manifest_no_truncate BEFORE TRUNCATE ON delivery_manifest FOR EACH STATEMENT "
            "EXECUTE FUNCTION refuse_change()"
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
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("decision_rule", sa.String(length=20), nullable=False),
        sa.Column("quorum_pct", sa.SmallInteger(), nullable=False),
        sa.Column("spokesperson_policy", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decision_rule IN ('consensus', 'consensus_minus_one', 'majority', 'two_thirds', 'lead_decides')",
            name=op.f("ck_coalition_decision_rule"),
        ),
        sa.CheckConstraint("state IN ('forming', 'active', 'dormant', 'dissolved')", name=op.f("ck_coalition_state")),
        sa.CheckConstraint("quorum_pct BETWEEN 1 AND 100", name=op.f("ck_coalition_quorum_pct")),
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
            "purpose IN ('action_alert', 'campaign_news', 'event', 'speaker_ops', 'peer', 'partner_news')",
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
        "organization",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
        sa.UniqueConstraint("name_key", name=op.f("uq_organization_name_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organization_public_id")),
    )
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
        sa.Column("is_password_short", sa.Boolean(), nullable=False),
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
        "bill",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("jurisdiction", sa.String(length=60), nullable=False),
        sa.Column("session", sa.String(length=60), nullable=False),
        sa.Column("identifier", sa.String(length=40), nullable=False),
        sa.Column("identifier_norm", sa.String(length=40), nullable=False),
        sa.Column("ocd_id", sa.String(length=120), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("source_name", sa.String(length=200), nullable=False),
        sa.Column("source_url", sa.String(length=500), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("identifier_norm <> ''", name=op.f("ck_bill_identifier")),
        sa.CheckConstraint(
            "status IN ('introduced', 'in_committee', 'on_floor', 'passed_one', 'passed_both', 'enacted', 'vetoed', 'failed')",
            name=op.f("ck_bill_status"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalition.id"], name=op.f("fk_bill_coalition_id_coalition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_bill_coalition_id_id")),
        sa.UniqueConstraint("coalition_id", "jurisdiction", "session", "identifier_norm", name="uq_bill_identifier"),
        sa.UniqueConstraint("public_id", name=op.f("uq_bill_public_id")),
    )
    with op.batch_alter_table("bill", schema=None) as batch_op:
        batch_op.create_index("ix_bill_coalition_id_id", ["coalition_id", "id"], unique=False)

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
        "campaign_evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("source_name", sa.String(length=200), nullable=False),
        sa.Column("source_url", sa.String(length=500), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id"], ["coalition.id"], name=op.f("fk_campaign_evidence_coalition_id_coalition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_evidence")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_campaign_evidence_coalition_id_id")),
    )
    op.create_table(
        "committee",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("seat_count", sa.Integer(), nullable=False),
        sa.Column("min_lived_experience_seats", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('steering', 'advisory', 'story_policy', 'other')", name=op.f("ck_committee_kind")),
        sa.CheckConstraint(
            "min_lived_experience_seats BETWEEN 0 AND seat_count", name=op.f("ck_committee_lived_experience_seats")
        ),
        sa.CheckConstraint("seat_count BETWEEN 1 AND 50", name=op.f("ck_committee_seat_count")),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalition.id"], name=op.f("fk_committee_coalition_id_coalition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_committee_coalition_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_committee_public_id")),
    )
    with op.batch_alter_table("committee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_committee_coalition_id"), ["coalition_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("rule_snapshot", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state IN ('draft', 'open')) = (ended_at IS NULL)", name=op.f("ck_decision_ended_at")),
        sa.CheckConstraint(
            "kind IN ('position', 'sign_on', 'press', 'budget', 'story_policy', 'membership', 'rule_change')",
            name=op.f("ck_decision_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'passed', 'failed', 'no_quorum', 'withdrawn')", name=op.f("ck_decision_state")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (rule_snapshot IS NOT NULL AND opens_at IS NOT NULL)",
            name=op.f("ck_decision_opened"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('passed', 'failed', 'no_quorum') OR result IS NOT NULL", name=op.f("ck_decision_counted")
        ),
        sa.CheckConstraint("opens_at IS NULL OR closes_at > opens_at", name=op.f("ck_decision_closes_after_opening")),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalition.id"], name=op.f("fk_decision_coalition_id_coalition")),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"], name=op.f("fk_decision_created_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_decision_coalition_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_decision_public_id")),
        info={
            "guards": {
                "sqlite": [
                    "CREATE TRIGGER decision_frozen BEFORE UPDATE ON decision WHEN OLD.rule_snapshot IS NOT NULL AND (NEW.coalition_id IS NOT OLD.coalition_id OR NEW.kind IS NOT OLD.kind OR NEW.title IS NOT OLD.title OR NEW.text IS NOT OLD.text OR NEW.opens_at IS NOT OLD.opens_at OR NEW.closes_at IS NOT OLD.closes_at OR NEW.tz IS NOT OLD.tz OR NEW.rule_snapshot IS NOT OLD.rule_snapshot) BEGIN SELECT RAISE(ABORT, 'the words and the rule of a decision are frozen when voting opens'); END",
                    "CREATE TRIGGER decision_ended BEFORE UPDATE ON decision WHEN OLD.state IN ('passed', 'failed', 'no_quorum', 'withdrawn') AND NEW.state <> OLD.state BEGIN SELECT RAISE(ABORT, 'a decision that ended stays ended'); END",
                    "CREATE TRIGGER decision_seats BEFORE UPDATE ON decision WHEN NEW.state = 'passed' AND OLD.state <> 'passed' AND NEW.kind = 'story_policy' AND NOT (\n    SELECT COUNT(*) > 2 * COALESCE(SUM(CASE WHEN EXISTS (\n        SELECT 1 FROM seat_voice b WHERE b.decision_id = NEW.id AND b.seat_id = s.id\n        AND b.choice = 'block' AND b.superseded_at IS NULL) THEN 1 ELSE 0 END), 0)\n    FROM seat s JOIN seat_term t ON t.seat_id = s.id AND t.ended_at IS NULL\n    WHERE s.coalition_id = NEW.coalition_id AND s.lived_experience) BEGIN SELECT RAISE(ABORT, 'story policy needs a majority of the lived-experience seats'); END",
                ],
                "postgresql": [
                    "CREATE OR REPLACE FUNCTION decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n        IF OLD.rule_snapshot IS NOT NULL AND (NEW.coalition_id IS DISTINCT FROM OLD.coalition_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.title IS DISTINCT FROM OLD.title OR NEW.text IS DISTINCT FROM OLD.text OR NEW.opens_at IS DISTINCT FROM OLD.opens_at OR NEW.closes_at IS DISTINCT FROM OLD.closes_at OR NEW.tz IS DISTINCT FROM OLD.tz OR NEW.rule_snapshot::text IS DISTINCT FROM OLD.rule_snapshot::text) THEN RAISE EXCEPTION 'the words and the rule of a decision are frozen when voting opens' USING ERRCODE = 'restrict_violation'; END IF;\n        IF OLD.state IN ('passed', 'failed', 'no_quorum', 'withdrawn') AND NEW.state <> OLD.state THEN RAISE EXCEPTION 'a decision that ended stays ended' USING ERRCODE = 'restrict_violation'; END IF;\n        IF NEW.state = 'passed' AND OLD.state <> 'passed' AND NEW.kind = 'story_policy' AND NOT (\n    SELECT COUNT(*) > 2 * COALESCE(SUM(CASE WHEN EXISTS (\n        SELECT 1 FROM seat_voice b WHERE b.decision_id = NEW.id AND b.seat_id = s.id\n        AND b.choice = 'block' AND b.superseded_at IS NULL) THEN 1 ELSE 0 END), 0)\n    FROM seat s JOIN seat_term t ON t.seat_id = s.id AND t.ended_at IS NULL\n    WHERE s.coalition_id = NEW.coalition_id AND s.lived_experience) THEN RAISE EXCEPTION 'story policy needs a majority of the lived-experience seats' USING ERRCODE = 'restrict_violation'; END IF;\n        RETURN NEW; END $$",
                    "CREATE TRIGGER decision_guard BEFORE UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION decision_guard()",
                ],
            }
        },
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index("ix_decision_list", ["coalition_id", "state", "id"], unique=False)

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
        "fact_card",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("source_name", sa.String(length=200), nullable=False),
        sa.Column("source_url", sa.String(length=500), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("source_name <> ''", name=op.f("ck_fact_card_source")),
        sa.CheckConstraint("year BETWEEN 1800 AND 2200", name=op.f("ck_fact_card_year")),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalition.id"], name=op.f("fk_fact_card_coalition_id_coalition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_card")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_fact_card_coalition_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_fact_card_public_id")),
    )
    with op.batch_alter_table("fact_card", schema=None) as batch_op:
        batch_op.create_index("ix_fact_card_coalition_id_id", ["coalition_id", "id"], unique=False)
        batch_op.create_index("ix_fact_card_review", ["coalition_id", "is_retired", "review_on"], unique=False)

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
        "membership",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_fold", sa.String(length=200), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("tier", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("mou_version", sa.String(length=20), nullable=True),
        sa.Column("mou_signed_on", sa.Date(), nullable=True),
        sa.Column("logo_use", sa.String(length=10), nullable=False),
        sa.Column("name_use", sa.String(length=10), nullable=False),
        sa.Column("tax_status", sa.String(length=16), nullable=False),
        sa.Column("h_election", sa.Boolean(), nullable=False),
        sa.Column("may_lobby", sa.Boolean(), nullable=False),
        sa.Column("contact_name", sa.LargeBinary(), nullable=True),
        sa.Column("contact_email", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'left') = (left_at IS NOT NULL)", name=op.f("ck_membership_left_at")),
        sa.CheckConstraint("NOT h_election OR tax_status = 'c3'", name=op.f("ck_membership_h_election")),
        sa.CheckConstraint("NOT is_lead OR state <> 'left'", name=op.f("ck_membership_lead_is_here")),
        sa.CheckConstraint("logo_use IN ('always', 'ask_each', 'never')", name=op.f("ck_membership_logo_use")),
        sa.CheckConstraint("name_use IN ('always', 'ask_each', 'never')", name=op.f("ck_membership_name_use")),
        sa.CheckConstraint(
            "state <> 'active' OR tier NOT IN ('steering', 'member') OR (mou_version IS NOT NULL AND mou_signed_on IS NOT NULL)",
            name=op.f("ck_membership_active_with_mou"),
        ),
        sa.CheckConstraint(
            "state IN ('invited', 'pending', 'active', 'suspended', 'left')", name=op.f("ck_membership_state")
        ),
        sa.CheckConstraint(
            "tax_status IN ('c3', 'c4', 'union', 'trade', 'government', 'unincorporated', 'other')",
            name=op.f("ck_membership_tax_status"),
        ),
        sa.CheckConstraint(
            "tier IN ('steering', 'member', 'endorser', 'observer', 'partner')", name=op.f("ck_membership_tier")
        ),
        sa.CheckConstraint("(mou_version IS NULL) = (mou_signed_on IS NULL)", name=op.f("ck_membership_mou_whole")),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalition.id"], name=op.f("fk_membership_coalition_id_coalition")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_membership_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_membership_coalition_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_membership_public_id")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_name", ["coalition_id", "name_fold", "id"], unique=False)
        batch_op.create_index("ix_membership_organization_id", ["organization_id"], unique=False)
        batch_op.create_index(
            "uq_membership_lead",
            ["coalition_id"],
            unique=True,
            sqlite_where=sa.text("is_lead"),
            postgresql_where=sa.text("is_lead"),
        )
        batch_op.create_index(
            "uq_membership_live",
            ["coalition_id", "organization_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'left'"),
            postgresql_where=sa.text("state <> 'left'"),
        )

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
        info={
            "guards": {
                "sqlite": [
                    "CREATE TRIGGER membership_role_last_ends BEFORE UPDATE ON membership_role\n        WHEN (NEW.ended_at IS NOT NULL OR NEW.role <> 'admin' OR NEW.coalition_id <> OLD.coalition_id) AND OLD.role = 'admin' AND OLD.ended_at IS NULL\n    AND NOT EXISTS (\n    SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id\n    WHERE m.coalition_id = OLD.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL\n    AND u.disabled_at IS NULL AND m.user_id <> OLD.user_id) BEGIN SELECT RAISE(ABORT, 'the last administrator of a coalition stays'); END",
                    "CREATE TRIGGER membership_role_last_goes BEFORE DELETE ON membership_role WHEN OLD.role = 'admin' AND OLD.ended_at IS NULL\n    AND NOT EXISTS (\n    SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id\n    WHERE m.coalition_id = OLD.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL\n    AND u.disabled_at IS NULL AND m.user_id <> OLD.user_id) BEGIN SELECT RAISE(ABORT, 'the last administrator of a coalition stays'); END",
                    "CREATE TRIGGER membership_role_last_closed BEFORE UPDATE OF disabled_at ON user_account\n        WHEN NEW.disabled_at IS NOT NULL AND OLD.disabled_at IS NULL AND EXISTS (\n    SELECT 1 FROM membership_role r WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL\n    AND NOT EXISTS (\n    SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id\n    WHERE m.coalition_id = r.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL\n    AND u.disabled_at IS NULL AND m.user_id <> OLD.id)) BEGIN SELECT RAISE(ABORT, 'the last administrator of a coalition stays'); END",
                ],
                "postgresql": [
                    "CREATE OR REPLACE FUNCTION membership_role_last_admin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n        IF TG_OP = 'DELETE' OR NEW.ended_at IS NOT NULL OR NEW.role <> 'admin' OR NEW.coalition_id <> OLD.coalition_id THEN\n        PERFORM 1 FROM coalition WHERE id = OLD.coalition_id FOR UPDATE;\n        IF OLD.role = 'admin' AND OLD.ended_at IS NULL\n    AND NOT EXISTS (\n    SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id\n    WHERE m.coalition_id = OLD.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL\n    AND u.disabled_at IS NULL AND m.user_id <> OLD.user_id) THEN RAISE EXCEPTION 'the last administrator of a coalition stays' USING ERRCODE = 'restrict_violation'; END IF; END IF;\n        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$",
                    "CREATE OR REPLACE FUNCTION user_account_last_of_coalition() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n        IF NEW.disabled_at IS NOT NULL THEN\n        PERFORM 1 FROM coalition c WHERE c.id IN (SELECT r.coalition_id FROM membership_role r\n        WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL) ORDER BY c.id FOR UPDATE;\n        IF OLD.disabled_at IS NULL AND EXISTS (\n    SELECT 1 FROM membership_role r WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL\n    AND NOT EXISTS (\n    SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id\n    WHERE m.coalition_id = r.coalition_id AND m.role = 'admin' AND m.ended_at IS NULL\n    AND u.disabled_at IS NULL AND m.user_id <> OLD.id)) THEN RAISE EXCEPTION 'the last administrator of a coalition stays' USING ERRCODE = 'restrict_violation'; END IF; END IF;\n        RETURN NEW; END $$",
                    "CREATE TRIGGER membership_role_last_admin BEFORE UPDATE OR DELETE ON membership_role FOR EACH ROW\n        EXECUTE FUNCTION membership_role_last_admin()",
                    "CREATE TRIGGER user_account_last_of_coalition BEFORE UPDATE OF disabled_at ON user_account FOR EACH ROW\n        EXECUTE FUNCTION user_account_last_of_coalition()",
                ],
            }
        },
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
        info={
            "guards": {
                "sqlite": [
                    "CREATE TRIGGER platform_role_last_ends BEFORE UPDATE ON platform_role\n        WHEN (NEW.ended_at IS NOT NULL OR NEW.role <> 'admin') AND OLD.role = 'admin' AND OLD.ended_at IS NULL AND NOT EXISTS (\n    SELECT 1 FROM platform_role p JOIN user_account u ON u.id = p.user_id\n    WHERE p.role = 'admin' AND p.ended_at IS NULL AND u.disabled_at IS NULL AND p.user_id <> OLD.user_id) BEGIN SELECT RAISE(ABORT, 'the last administrator of the platform stays'); END",
                    "CREATE TRIGGER platform_role_last_goes BEFORE DELETE ON platform_role WHEN OLD.role = 'admin' AND OLD.ended_at IS NULL AND NOT EXISTS (\n    SELECT 1 FROM platform_role p JOIN user_account u ON u.id = p.user_id\n    WHERE p.role = 'admin' AND p.ended_at IS NULL AND u.disabled_at IS NULL AND p.user_id <> OLD.user_id) BEGIN SELECT RAISE(ABORT, 'the last administrator of the platform stays'); END",
                    "CREATE TRIGGER platform_role_last_closed BEFORE UPDATE OF disabled_at ON user_account\n        WHEN NEW.disabled_at IS NOT NULL AND OLD.disabled_at IS NULL AND EXISTS (SELECT 1 FROM platform_role r WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL) AND NOT EXISTS (\n    SELECT 1 FROM platform_role p JOIN user_account u ON u.id = p.user_id\n    WHERE p.role = 'admin' AND p.ended_at IS NULL AND u.disabled_at IS NULL AND p.user_id <> OLD.id) BEGIN SELECT RAISE(ABORT, 'the last administrator of the platform stays'); END",
                ],
                "postgresql": [
                    "CREATE OR REPLACE FUNCTION platform_role_last_admin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n        IF TG_OP = 'DELETE' OR NEW.ended_at IS NOT NULL OR NEW.role <> 'admin' THEN\n        PERFORM pg_advisory_xact_lock(7235406482);\n        IF OLD.role = 'admin' AND OLD.ended_at IS NULL AND NOT EXISTS (\n    SELECT 1 FROM platform_role p JOIN user_account u ON u.id = p.user_id\n    WHERE p.role = 'admin' AND p.ended_at IS NULL AND u.disabled_at IS NULL AND p.user_id <> OLD.user_id) THEN RAISE EXCEPTION 'the last administrator of the platform stays' USING ERRCODE = 'restrict_violation'; END IF; END IF;\n        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$",
                    "CREATE OR REPLACE FUNCTION user_account_last_admin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n        IF NEW.disabled_at IS NOT NULL THEN\n        PERFORM pg_advisory_xact_lock(7235406482);\n        IF OLD.disabled_at IS NULL AND EXISTS (SELECT 1 FROM platform_role r WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL) AND NOT EXISTS (\n    SELECT 1 FROM platform_role p JOIN user_account u ON u.id = p.user_id\n    WHERE p.role = 'admin' AND p.ended_at IS NULL AND u.disabled_at IS NULL AND p.user_id <> OLD.id) THEN RAISE EXCEPTION 'the last administrator of the platform stays' USING ERRCODE = 'restrict_violation'; END IF; END IF;\n        RETURN NEW; END $$",
                    "CREATE TRIGGER platform_role_last_admin BEFORE UPDATE OR DELETE ON platform_role FOR EACH ROW\n        EXECUTE FUNCTION platform_role_last_admin()",
                    "CREATE TRIGGER user_account_last_admin BEFORE UPDATE OF disabled_at ON user_account FOR EACH ROW\n        EXECUTE FUNCTION user_account_last_admin()",
                ],
            }
        },
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
        "bill_action",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("bill_id", sa.BigInteger(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "bill_id"],
            ["bill.coalition_id", "bill.id"],
            name=op.f("fk_bill_action_coalition_id_bill_id_bill"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_action")),
    )
    with op.batch_alter_table("bill_action", schema=None) as batch_op:
        batch_op.create_index("ix_bill_action_bill_id_happened_on", ["bill_id", "happened_on"], unique=False)

    op.create_table(
        "bill_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("bill_id", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("printed_on", sa.Date(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "bill_id"],
            ["bill.coalition_id", "bill.id"],
            name=op.f("fk_bill_version_coalition_id_bill_id_bill"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_version")),
        sa.UniqueConstraint("bill_id", "label", name=op.f("uq_bill_version_bill_id_label")),
        sa.UniqueConstraint("coalition_id", "bill_id", "id", name=op.f("uq_bill_version_coalition_id_bill_id_id")),
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
        sa.Column("is_template", sa.Boolean(), nullable=False),
        sa.Column("easy_action", sa.String(length=300), nullable=True),
        sa.Column("easy_minutes", sa.SmallInteger(), nullable=True),
        sa.Column("evidence_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_active_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'active' OR (easy_action IS NOT NULL AND easy_minutes IS NOT NULL AND easy_minutes BETWEEN 1 AND 5)",
            name=op.f("ck_campaign_active_has_easy_action"),
        ),
        sa.CheckConstraint("state <> 'won' OR evidence_id IS NOT NULL", name=op.f("ck_campaign_won_has_evidence")),
        sa.CheckConstraint("state = 'draft' OR NOT is_template", name=op.f("ck_campaign_template_is_draft")),
        sa.CheckConstraint(
            "state IN ('draft', 'active', 'paused', 'won', 'lost', 'closed', 'archived')",
            name=op.f("ck_campaign_state"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'archived') OR first_active_at IS NOT NULL", name=op.f("ck_campaign_shown_since")
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "evidence_id"],
            ["campaign_evidence.coalition_id", "campaign_evidence.id"],
            name=op.f("fk_campaign_coalition_id_evidence_id_campaign_evidence"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalition.id"], name=op.f("fk_campaign_coalition_id_coalition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_campaign_coalition_id_id")),
        sa.UniqueConstraint("evidence_id", name=op.f("uq_campaign_evidence_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaign_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_campaign_slug")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_coalition_id_state_id", ["coalition_id", "state", "id"], unique=False)

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
        "invitation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("nonce", sa.String(length=22), nullable=True),
        sa.Column("invited_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("accepted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(membership_id IS NULL AND role IN ('admin', 'organizer', 'volunteer', 'speaker', 'care_lead', 'reviewer', 'grievance_officer', 'observer')) OR (membership_id IS NOT NULL AND role = 'representative')",
            name=op.f("ck_invitation_role"),
        ),
        sa.CheckConstraint("(state = 'accepted') = (accepted_by IS NOT NULL)", name=op.f("ck_invitation_accepted")),
        sa.CheckConstraint("(state = 'open') = (nonce IS NOT NULL)", name=op.f("ck_invitation_used_once")),
        sa.CheckConstraint("state IN ('open', 'accepted', 'revoked')", name=op.f("ck_invitation_state")),
        sa.CheckConstraint(
            "accepted_by IS NULL OR accepted_by <> invited_by", name=op.f("ck_invitation_not_by_oneself")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["user_account.id"], name=op.f("fk_invitation_accepted_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "membership_id"],
            ["membership.coalition_id", "membership.id"],
            name=op.f("fk_invitation_coalition_id_membership_id_membership"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalition.id"], name=op.f("fk_invitation_coalition_id_coalition")),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["user_account.id"], name=op.f("fk_invitation_invited_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_public_id")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(
            "uq_invitation_open",
            ["coalition_id", "email_key", "role"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "join_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("organization", sa.String(length=200), nullable=False),
        sa.Column("ask_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("contact_name", sa.LargeBinary(), nullable=False),
        sa.Column("contact_email", sa.LargeBinary(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=True),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_join_request_decided_at")),
        sa.CheckConstraint(
            "state <> 'accepted' OR membership_id IS NOT NULL", name=op.f("ck_join_request_accepted_has_membership")
        ),
        sa.CheckConstraint("state IN ('waiting', 'accepted', 'declined')", name=op.f("ck_join_request_state")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "membership_id"],
            ["membership.coalition_id", "membership.id"],
            name=op.f("fk_join_request_coalition_id_membership_id_membership"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id"], ["coalition.id"], name=op.f("fk_join_request_coalition_id_coalition")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_join_request_decided_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_join_request_public_id")),
    )
    with op.batch_alter_table("join_request", schema=None) as batch_op:
        batch_op.create_index("ix_join_request_state", ["coalition_id", "state", "id"], unique=False)
        batch_op.create_index(
            "uq_join_request_waiting",
            ["coalition_id", "ask_key"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "lobbying_period",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state <> 'filed' OR filed_at IS NOT NULL", name=op.f("ck_lobbying_period_filed")),
        sa.CheckConstraint("state IN ('open', 'closing', 'closed', 'filed')", name=op.f("ck_lobbying_period_state")),
        sa.CheckConstraint(
            "state NOT IN ('closed', 'filed') OR closed_at IS NOT NULL", name=op.f("ck_lobbying_period_closed")
        ),
        sa.CheckConstraint(
            "year BETWEEN 2000 AND 2200 AND quarter BETWEEN 1 AND 4", name=op.f("ck_lobbying_period_quarter")
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "membership_id"],
            ["membership.coalition_id", "membership.id"],
            name=op.f("fk_lobbying_period_coalition_id_membership_id_membership"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lobbying_period")),
        sa.UniqueConstraint(
            "coalition_id", "membership_id", "id", name=op.f("uq_lobbying_period_coalition_id_membership_id_id")
        ),
        sa.UniqueConstraint(
            "membership_id", "year", "quarter", name=op.f("uq_lobbying_period_membership_id_year_quarter")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_lobbying_period_public_id")),
        info={
            "guards": {
                "sqlite": [
                    "CREATE TRIGGER lobbying_period_reopened BEFORE UPDATE ON lobbying_period WHEN (OLD.state = 'closed' AND NEW.state NOT IN ('closed', 'filed'))\n    OR (OLD.state = 'filed' AND NEW.state <> 'filed')\n    OR (OLD.state IN ('closed', 'filed') AND (NEW.year <> OLD.year OR NEW.quarter <> OLD.quarter\n    OR NEW.membership_id <> OLD.membership_id))\n        BEGIN SELECT RAISE(ABORT, 'a closed period is not opened again'); END",
                    "CREATE TRIGGER lobbying_period_dropped BEFORE DELETE ON lobbying_period WHEN OLD.state IN ('closed', 'filed')\n        BEGIN SELECT RAISE(ABORT, 'a closed period is not opened again'); END",
                ],
                "postgresql": [
                    "CREATE OR REPLACE FUNCTION lobbying_period_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n        IF TG_OP = 'DELETE' THEN IF OLD.state IN ('closed', 'filed') THEN RAISE EXCEPTION 'a closed period is not opened again' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END IF;\n        IF (OLD.state = 'closed' AND NEW.state NOT IN ('closed', 'filed'))\n    OR (OLD.state = 'filed' AND NEW.state <> 'filed')\n    OR (OLD.state IN ('closed', 'filed') AND (NEW.year <> OLD.year OR NEW.quarter <> OLD.quarter\n    OR NEW.membership_id <> OLD.membership_id)) THEN RAISE EXCEPTION 'a closed period is not opened again' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
                    "CREATE TRIGGER lobbying_period_stays BEFORE UPDATE OR DELETE ON lobbying_period FOR EACH ROW\n        EXECUTE FUNCTION lobbying_period_stays()",
                ],
            }
        },
    )
    op.create_table(
        "lobbying_year",
        sa.Column("membership_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("spending_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_lobbying_year_currency")),
        sa.CheckConstraint("spending_minor >= 0", name=op.f("ck_lobbying_year_spending")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "membership_id"],
            ["membership.coalition_id", "membership.id"],
            name=op.f("fk_lobbying_year_coalition_id_membership_id_membership"),
        ),
        sa.PrimaryKeyConstraint("membership_id", "year", name=op.f("pk_lobbying_year")),
    )
    op.create_table(
        "membership_person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("added_by IS NULL OR added_by <> user_id", name=op.f("ck_membership_person_not_by_oneself")),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_membership_person_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["user_account.id"], name=op.f("fk_membership_person_added_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "membership_id"],
            ["membership.coalition_id", "membership.id"],
            name=op.f("fk_membership_person_coalition_id_membership_id_membership"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["user_account.id"], name=op.f("fk_membership_person_ended_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_membership_person_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_person")),
    )
    with op.batch_alter_table("membership_person", schema=None) as batch_op:
        batch_op.create_index("ix_membership_person_membership", ["coalition_id", "membership_id"], unique=False)
        batch_op.create_index("ix_membership_person_user_id", ["user_id"], unique=False)
        batch_op.create_index(
            "uq_membership_person_live",
            ["coalition_id", "user_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
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
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("text_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("has_proof", sa.Boolean(), nullable=False),
        sa.Column("proof", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(purpose = 'partner_news') = (organization_id IS NOT NULL)", name=op.f("ck_opt_in_partner_is_named")
        ),
        sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_opt_in_withdrawn_at")),
        sa.CheckConstraint("channel IN ('email')", name=op.f("ck_opt_in_channel")),
        sa.CheckConstraint(
            "purpose IN ('action_alert', 'campaign_news', 'event', 'speaker_ops', 'peer', 'partner_news')",
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
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_opt_in_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["text_id"], ["consent_text.id"], name=op.f("fk_opt_in_text_id_consent_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opt_in")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_opt_in_coalition_id_id")),
    )
    with op.batch_alter_table("opt_in", schema=None) as batch_op:
        batch_op.create_index(
            "uq_opt_in_live",
            ["coalition_id", "person_id", "channel", "purpose"],
            unique=True,
            sqlite_where=sa.text("state <> 'withdrawn' AND organization_id IS NULL"),
            postgresql_where=sa.text("state <> 'withdrawn' AND organization_id IS NULL"),
        )
        batch_op.create_index(
            "uq_opt_in_live_partner",
            ["coalition_id", "person_id", "channel", "organization_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'withdrawn' AND organization_id IS NOT NULL"),
            postgresql_where=sa.text("state <> 'withdrawn' AND organization_id IS NOT NULL"),
        )

    op.create_table(
        "seat",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("committee_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lived_experience", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_seat_number")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "committee_id"],
            ["committee.coalition_id", "committee.id"],
            name=op.f("fk_seat_coalition_id_committee_id_committee"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("coalition_id", "committee_id", "id", name=op.f("uq_seat_coalition_id_committee_id_id")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_seat_coalition_id_id")),
        sa.UniqueConstraint("committee_id", "number", name=op.f("uq_seat_committee_id_number")),
    )
    op.create_table(
        "sign_on_letter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("addressees", sa.Text(), nullable=False),
        sa.Column("bill_id", sa.BigInteger(), nullable=True),
        sa.Column("is_lobbying", sa.Boolean(), nullable=False),
        sa.Column("internal_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("final_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("material_version", sa.Integer(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("manifest_hash", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'review', 'collecting', 'frozen', 'delivered', 'archived', 'withdrawn')",
            name=op.f("ck_sign_on_letter_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('delivered', 'archived') OR delivered_at IS NOT NULL",
            name=op.f("ck_sign_on_letter_delivered"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('frozen', 'delivered', 'archived') OR manifest_hash IS NOT NULL",
            name=op.f("ck_sign_on_letter_frozen_with_hash"),
        ),
        sa.CheckConstraint("NOT is_lobbying OR bill_id IS NOT NULL", name=op.f("ck_sign_on_letter_lobbying_on_a_bill")),
        sa.CheckConstraint("internal_due < final_due", name=op.f("ck_sign_on_letter_internal_before_final")),
        sa.CheckConstraint(
            "material_version >= 1 AND material_version <= text_version", name=op.f("ck_sign_on_letter_versions")
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "bill_id"],
            ["bill.coalition_id", "bill.id"],
            name=op.f("fk_sign_on_letter_coalition_id_bill_id_bill"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id"], ["coalition.id"], name=op.f("fk_sign_on_letter_coalition_id_coalition")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_sign_on_letter_created_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_on_letter")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_sign_on_letter_coalition_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_on_letter_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_sign_on_letter_slug")),
        info={
            "guards": {
                "sqlite": [
                    "CREATE TRIGGER sign_on_letter_rebilled BEFORE UPDATE ON sign_on_letter WHEN OLD.state NOT IN ('draft', 'review')\n    AND (NEW.is_lobbying <> OLD.is_lobbying OR coalesce(NEW.bill_id, 0) <> coalesce(OLD.bill_id, 0))\n        BEGIN SELECT RAISE(ABORT, 'whether a letter lobbies is settled before it is signed'); END",
                    "CREATE TRIGGER sign_on_letter_thawed BEFORE UPDATE ON sign_on_letter WHEN OLD.manifest_hash IS NOT NULL AND (NEW.manifest_hash IS NULL OR NEW.manifest_hash <> OLD.manifest_hash\n    OR NEW.state NOT IN ('frozen', 'delivered', 'archived', 'withdrawn'))\n        BEGIN SELECT RAISE(ABORT, 'a frozen letter stays frozen'); END",
                ],
                "postgresql": [
                    "CREATE OR REPLACE FUNCTION sign_on_letter_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n        IF OLD.state NOT IN ('draft', 'review')\n    AND (NEW.is_lobbying <> OLD.is_lobbying OR coalesce(NEW.bill_id, 0) <> coalesce(OLD.bill_id, 0)) THEN RAISE EXCEPTION 'whether a letter lobbies is settled before it is signed' USING ERRCODE = 'restrict_violation'; END IF; IF OLD.manifest_hash IS NOT NULL AND (NEW.manifest_hash IS NULL OR NEW.manifest_hash <> OLD.manifest_hash\n    OR NEW.state NOT IN ('frozen', 'delivered', 'archived', 'withdrawn')) THEN RAISE EXCEPTION 'a frozen letter stays frozen' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
                    "CREATE TRIGGER sign_on_letter_stays BEFORE UPDATE ON sign_on_letter FOR EACH ROW\n        EXECUTE FUNCTION sign_on_letter_stays()",
                ],
            }
        },
    )
    with op.batch_alter_table("sign_on_letter", schema=None) as batch_op:
        batch_op.create_index("ix_sign_on_letter_coalition_id_id", ["coalition_id", "id"], unique=False)
        batch_op.create_index("ix_sign_on_letter_state", ["state", "id"], unique=False)

    op.create_table(
        "vote",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("choice", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cast_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("choice IN ('support', 'stand_aside', 'abstain', 'block')", name=op.f("ck_vote_choice")),
        sa.CheckConstraint("superseded_at IS NULL OR superseded_at >= cast_at", name=op.f("ck_vote_superseded_after")),
        sa.ForeignKeyConstraint(["cast_by"], ["user_account.id"], name=op.f("fk_vote_cast_by_user_account")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "decision_id"],
            ["decision.coalition_id", "decision.id"],
            name=op.f("fk_vote_coalition_id_decision_id_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "membership_id"],
            ["membership.coalition_id", "membership.id"],
            name=op.f("fk_vote_coalition_id_membership_id_membership"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        info={
            "guards": {
                "sqlite": [
                    "CREATE TRIGGER vote_cast BEFORE INSERT ON vote WHEN NOT EXISTS (SELECT 1 FROM decision d WHERE d.id = NEW.decision_id AND d.state = 'open'\n        AND NEW.cast_at >= d.opens_at AND COALESCE(NEW.superseded_at, NEW.cast_at) < d.closes_at) BEGIN SELECT RAISE(ABORT, 'votes are taken only while a decision is open'); END",
                    "CREATE TRIGGER vote_late BEFORE UPDATE ON vote WHEN NOT EXISTS (SELECT 1 FROM decision d WHERE d.id = NEW.decision_id AND d.state = 'open'\n        AND NEW.cast_at >= d.opens_at AND COALESCE(NEW.superseded_at, NEW.cast_at) < d.closes_at) BEGIN SELECT RAISE(ABORT, 'votes are taken only while a decision is open'); END",
                    "CREATE TRIGGER vote_kept BEFORE UPDATE ON vote WHEN OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL OR NEW.id IS NOT OLD.id OR NEW.coalition_id IS NOT OLD.coalition_id OR NEW.decision_id IS NOT OLD.decision_id OR NEW.choice IS NOT OLD.choice OR NEW.cast_by IS NOT OLD.cast_by OR NEW.cast_at IS NOT OLD.cast_at OR NEW.membership_id IS NOT OLD.membership_id OR NEW.reason IS NOT OLD.reason BEGIN SELECT RAISE(ABORT, 'a vote stays as it was cast'); END",
                    "CREATE TRIGGER vote_stays BEFORE DELETE ON vote BEGIN SELECT RAISE(ABORT, 'a vote stays as it was cast'); END",
                ],
                "postgresql": [
                    "CREATE OR REPLACE FUNCTION vote_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n            IF TG_OP = 'DELETE' THEN IF true THEN RAISE EXCEPTION 'a vote stays as it was cast' USING ERRCODE = 'restrict_violation'; END IF; END IF;\n            IF TG_OP = 'UPDATE' THEN IF OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL OR NEW.id IS DISTINCT FROM OLD.id OR NEW.coalition_id IS DISTINCT FROM OLD.coalition_id OR NEW.decision_id IS DISTINCT FROM OLD.decision_id OR NEW.choice IS DISTINCT FROM OLD.choice OR NEW.cast_by IS DISTINCT FROM OLD.cast_by OR NEW.cast_at IS DISTINCT FROM OLD.cast_at OR NEW.membership_id IS DISTINCT FROM OLD.membership_id OR NEW.reason IS DISTINCT FROM OLD.reason THEN RAISE EXCEPTION 'a vote stays as it was cast' USING ERRCODE = 'restrict_violation'; END IF; END IF;\n            PERFORM 1 FROM decision d WHERE d.id = NEW.decision_id AND d.state = 'open'\n        AND NEW.cast_at >= d.opens_at AND COALESCE(NEW.superseded_at, NEW.cast_at) < d.closes_at FOR SHARE;\n            IF NOT FOUND THEN RAISE EXCEPTION 'votes are taken only while a decision is open' USING ERRCODE = 'restrict_violation'; END IF;\n            RETURN NEW; END $$",
                    "CREATE TRIGGER vote_guard BEFORE INSERT OR UPDATE OR DELETE ON vote FOR EACH ROW\n            EXECUTE FUNCTION vote_guard()",
                ],
            }
        },
    )
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.create_index(
            "uq_vote_standing",
            ["decision_id", "membership_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "bill_position",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("bill_id", sa.BigInteger(), nullable=False),
        sa.Column("bill_version_id", sa.BigInteger(), nullable=True),
        sa.Column("stance", sa.String(length=24), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stance = 'watch' OR decision_id IS NOT NULL", name=op.f("ck_bill_position_has_decision")),
        sa.CheckConstraint(
            "stance IN ('support', 'support_if_amended', 'oppose', 'oppose_unless_amended', 'neutral', 'watch')",
            name=op.f("ck_bill_position_stance"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_bill_position_ends_after_beginning")
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "bill_id", "bill_version_id"],
            ["bill_version.coalition_id", "bill_version.bill_id", "bill_version.id"],
            name=op.f("fk_bill_position_coalition_id_bill_id_bill_version_id_bill_version"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "bill_id"],
            ["bill.coalition_id", "bill.id"],
            name=op.f("fk_bill_position_coalition_id_bill_id_bill"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "decision_id"],
            ["decision.coalition_id", "decision.id"],
            name=op.f("fk_bill_position_coalition_id_decision_id_decision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_position")),
        info={
            "guards": {
                "sqlite": [
                    "CREATE TRIGGER bill_position_decided BEFORE INSERT ON bill_position WHEN NEW.stance <> 'watch' AND NOT EXISTS (\n    SELECT 1 FROM decision d WHERE d.id = NEW.decision_id AND d.coalition_id = NEW.coalition_id\n    AND d.kind = 'position' AND d.state = 'passed')\n        BEGIN SELECT RAISE(ABORT, 'a position other than watch needs a decision on positions that passed'); END",
                    "CREATE TRIGGER bill_position_kept BEFORE UPDATE ON bill_position WHEN NEW.coalition_id IS NOT OLD.coalition_id OR NEW.bill_id IS NOT OLD.bill_id OR NEW.bill_version_id IS NOT OLD.bill_version_id OR NEW.stance IS NOT OLD.stance OR NEW.decision_id IS NOT OLD.decision_id OR NEW.reason IS NOT OLD.reason OR NEW.valid_from IS NOT OLD.valid_from OR OLD.valid_to IS NOT NULL\n        BEGIN SELECT RAISE(ABORT, 'a position is never changed, only ended'); END",
                    "CREATE TRIGGER bill_position_stays BEFORE DELETE ON bill_position\n        BEGIN SELECT RAISE(ABORT, 'a position is never changed, only ended'); END",
                ],
                "postgresql": [
                    "CREATE OR REPLACE FUNCTION bill_position_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n        IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a position is never changed, only ended' USING ERRCODE = 'restrict_violation'; END IF;\n        IF TG_OP = 'INSERT' THEN\n        IF NEW.stance <> 'watch' AND NOT EXISTS (\n    SELECT 1 FROM decision d WHERE d.id = NEW.decision_id AND d.coalition_id = NEW.coalition_id\n    AND d.kind = 'position' AND d.state = 'passed') THEN RAISE EXCEPTION 'a position other than watch needs a decision on positions that passed' USING ERRCODE = 'restrict_violation'; END IF;\n        RETURN NEW; END IF;\n        IF NEW.coalition_id IS DISTINCT FROM OLD.coalition_id OR NEW.bill_id IS DISTINCT FROM OLD.bill_id OR NEW.bill_version_id IS DISTINCT FROM OLD.bill_version_id OR NEW.stance IS DISTINCT FROM OLD.stance OR NEW.decision_id IS DISTINCT FROM OLD.decision_id OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.valid_from IS DISTINCT FROM OLD.valid_from OR OLD.valid_to IS NOT NULL THEN\n        RAISE EXCEPTION 'a position is never changed, only ended' USING ERRCODE = 'restrict_violation'; END IF;\n        RETURN NEW; END $$",
                    "CREATE TRIGGER bill_position_guard BEFORE INSERT OR UPDATE OR DELETE ON bill_position FOR EACH ROW\n        EXECUTE FUNCTION bill_position_guard()",
                ],
            }
        },
    )
    with op.batch_alter_table("bill_position", schema=None) as batch_op:
        batch_op.create_index("ix_bill_position_bill_id_valid_from", ["bill_id", "valid_from"], unique=False)
        batch_op.create_index(
            "uq_bill_position_live",
            ["coalition_id", "bill_id"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )

    op.create_table(
        "bill_position_proposal",
        sa.Column("decision_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("bill_id", sa.BigInteger(), nullable=False),
        sa.Column("bill_version_id", sa.BigInteger(), nullable=True),
        sa.Column("stance", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("stance <> 'watch'", name=op.f("ck_bill_position_proposal_says_something")),
        sa.CheckConstraint(
            "stance IN ('support', 'support_if_amended', 'oppose', 'oppose_unless_amended', 'neutral', 'watch')",
            name=op.f("ck_bill_position_proposal_stance"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "bill_id", "bill_version_id"],
            ["bill_version.coalition_id", "bill_version.bill_id", "bill_version.id"],
            name=op.f("fk_bill_position_proposal_coalition_id_bill_id_bill_version_id_bill_version"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "bill_id"],
            ["bill.coalition_id", "bill.id"],
            name=op.f("fk_bill_position_proposal_coalition_id_bill_id_bill"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "decision_id"],
            ["decision.coalition_id", "decision.id"],
            name=op.f("fk_bill_position_proposal_coalition_id_decision_id_decision"),
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_bill_position_proposal")),
    )
    with op.batch_alter_table("bill_position_proposal", schema=None) as batch_op:
        batch_op.create_index("ix_bill_position_proposal_bill_id", ["bill_id"], unique=False)

    op.create_table(
        "campaign_action",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("effort_minutes", sa.Integer(), nullable=False),
        sa.Column("exposure", sa.String(length=10), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("exposure IN ('none', 'low', 'public')", name=op.f("ck_campaign_action_exposure")),
        sa.CheckConstraint("kind IN ('position_only', 'share')", name=op.f("ck_campaign_action_kind")),
        sa.CheckConstraint("effort_minutes > 0", name=op.f("ck_campaign_action_effort")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "campaign_id"],
            ["campaign.coalition_id", "campaign.id"],
            name=op.f("fk_campaign_action_coalition_id_campaign_id_campaign"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_action")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaign_action_public_id")),
    )
    with op.batch_alter_table("campaign_action", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_action_campaign_id", ["campaign_id"], unique=False)

    op.create_table(
        "campaign_bill",
        sa.Column("campaign_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bill_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "bill_id"],
            ["bill.coalition_id", "bill.id"],
            name=op.f("fk_campaign_bill_coalition_id_bill_id_bill"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "campaign_id"],
            ["campaign.coalition_id", "campaign.id"],
            name=op.f("fk_campaign_bill_coalition_id_campaign_id_campaign"),
        ),
        sa.PrimaryKeyConstraint("campaign_id", "bill_id", name=op.f("pk_campaign_bill")),
    )
    with op.batch_alter_table("campaign_bill", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_bill_bill_id", ["bill_id"], unique=False)

    op.create_table(
        "campaign_fact",
        sa.Column("campaign_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "campaign_id"],
            ["campaign.coalition_id", "campaign.id"],
            name=op.f("fk_campaign_fact_coalition_id_campaign_id_campaign"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "fact_id"],
            ["fact_card.coalition_id", "fact_card.id"],
            name=op.f("fk_campaign_fact_coalition_id_fact_id_fact_card"),
        ),
        sa.PrimaryKeyConstraint("campaign_id", "fact_id", name=op.f("pk_campaign_fact")),
    )
    with op.batch_alter_table("campaign_fact", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_fact_fact_id", ["fact_id"], unique=False)

    op.create_table(
        "campaign_indicator",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("baseline", sa.Float(), nullable=False),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("baseline_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("target <> baseline", name=op.f("ck_campaign_indicator_goes_somewhere")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "campaign_id"],
            ["campaign.coalition_id", "campaign.id"],
            name=op.f("fk_campaign_indicator_coalition_id_campaign_id_campaign"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_indicator")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_campaign_indicator_coalition_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaign_indicator_public_id")),
    )
    with op.batch_alter_table("campaign_indicator", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_indicator_campaign_id", ["campaign_id"], unique=False)

    op.create_table(
        "campaign_milestone",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'planned') = (settled_on IS NULL)", name=op.f("ck_campaign_milestone_settled")),
        sa.CheckConstraint(
            "state IN ('planned', 'reached', 'missed', 'dropped')", name=op.f("ck_campaign_milestone_state")
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "campaign_id"],
            ["campaign.coalition_id", "campaign.id"],
            name=op.f("fk_campaign_milestone_coalition_id_campaign_id_campaign"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_milestone")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_campaign_milestone_coalition_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaign_milestone_public_id")),
    )
    with op.batch_alter_table("campaign_milestone", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_milestone_campaign_id_due_on", ["campaign_id", "due_on"], unique=False)
        batch_op.create_index(
            "ix_campaign_milestone_coalition_id_state_due_on", ["coalition_id", "state", "due_on"], unique=False
        )

    op.create_table(
        "campaign_news",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_html", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["coalition_id", "campaign_id"],
            ["campaign.coalition_id", "campaign.id"],
            name=op.f("fk_campaign_news_coalition_id_campaign_id_campaign"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_news")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaign_news_public_id")),
    )
    with op.batch_alter_table("campaign_news", schema=None) as batch_op:
        batch_op.create_index(
            "ix_campaign_news_campaign_id_published_at", ["campaign_id", "published_at"], unique=False
        )

    op.create_table(
        "campaign_old_slug",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "campaign_id"],
            ["campaign.coalition_id", "campaign.id"],
            name=op.f("fk_campaign_old_slug_coalition_id_campaign_id_campaign"),
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_campaign_old_slug")),
    )
    with op.batch_alter_table("campaign_old_slug", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_old_slug_campaign_id", ["campaign_id"], unique=False)

    op.create_table(
        "campaign_target",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("legislator_key", sa.String(length=60), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(kind = 'legislator') = (legislator_key IS NOT NULL)", name=op.f("ck_campaign_target_legislator_has_key")
        ),
        sa.CheckConstraint("kind IN ('legislator', 'committee', 'other')", name=op.f("ck_campaign_target_kind")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "campaign_id"],
            ["campaign.coalition_id", "campaign.id"],
            name=op.f("fk_campaign_target_coalition_id_campaign_id_campaign"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_target")),
        sa.UniqueConstraint(
            "campaign_id", "legislator_key", name=op.f("uq_campaign_target_campaign_id_legislator_key")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaign_target_public_id")),
    )
    op.create_table(
        "contact_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("legislator_key", sa.String(length=60), nullable=False),
        sa.Column("office", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("participants", sa.String(length=400), nullable=False),
        sa.Column("bill_id", sa.BigInteger(), nullable=True),
        sa.Column("letter_id", sa.BigInteger(), nullable=True),
        sa.Column("lobbying_kind", sa.String(length=20), nullable=True),
        sa.Column("lobbying_reason", sa.String(length=400), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("followed_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('meeting', 'call', 'letter', 'email', 'event', 'other')", name=op.f("ck_contact_log_kind")
        ),
        sa.CheckConstraint(
            "lobbying_kind <> 'not_lobbying' OR lobbying_reason <> ''",
            name=op.f("ck_contact_log_not_lobbying_says_why"),
        ),
        sa.CheckConstraint(
            "lobbying_kind IS NULL OR lobbying_kind IN ('direct', 'grassroots', 'not_lobbying', 'exception_invited', 'exception_analysis')",
            name=op.f("ck_contact_log_lobbying_kind"),
        ),
        sa.CheckConstraint("office <> ''", name=op.f("ck_contact_log_office")),
        sa.CheckConstraint(
            "bill_id IS NULL OR lobbying_kind IS NOT NULL", name=op.f("ck_contact_log_bill_says_whether_lobbying")
        ),
        sa.CheckConstraint(
            "follow_up_on IS NULL OR follow_up_on >= happened_on", name=op.f("ck_contact_log_follow_up_later")
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "bill_id"],
            ["bill.coalition_id", "bill.id"],
            name=op.f("fk_contact_log_coalition_id_bill_id_bill"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "letter_id"],
            ["sign_on_letter.coalition_id", "sign_on_letter.id"],
            name=op.f("fk_contact_log_coalition_id_letter_id_sign_on_letter"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalition.id"], name=op.f("fk_contact_log_coalition_id_coalition")),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["user_account.id"], name=op.f("fk_contact_log_entered_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_log")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_contact_log_coalition_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contact_log_public_id")),
    )
    with op.batch_alter_table("contact_log", schema=None) as batch_op:
        batch_op.create_index("ix_contact_log_bill_id", ["coalition_id", "bill_id"], unique=False)
        batch_op.create_index("ix_contact_log_coalition_id_id", ["coalition_id", "id"], unique=False)

    op.create_table(
        "lobbying_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("period_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=400), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("bill_id", sa.BigInteger(), nullable=True),
        sa.Column("letter_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("document", sa.String(length=400), nullable=False),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'exception_invited' OR document <> ''", name=op.f("ck_lobbying_entry_invited_in_writing")
        ),
        sa.CheckConstraint(
            "kind <> 'not_lobbying' OR reason <> ''", name=op.f("ck_lobbying_entry_not_lobbying_says_why")
        ),
        sa.CheckConstraint(
            "kind IN ('direct', 'grassroots', 'not_lobbying', 'exception_invited', 'exception_analysis')",
            name=op.f("ck_lobbying_entry_kind"),
        ),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_lobbying_entry_currency")),
        sa.CheckConstraint(
            "minutes >= 0 AND cost_minor >= 0 AND (minutes > 0 OR cost_minor > 0)",
            name=op.f("ck_lobbying_entry_time_or_cost"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "bill_id"],
            ["bill.coalition_id", "bill.id"],
            name=op.f("fk_lobbying_entry_coalition_id_bill_id_bill"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "letter_id"],
            ["sign_on_letter.coalition_id", "sign_on_letter.id"],
            name=op.f("fk_lobbying_entry_coalition_id_letter_id_sign_on_letter"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "membership_id", "period_id"],
            ["lobbying_period.coalition_id", "lobbying_period.membership_id", "lobbying_period.id"],
            name=op.f("fk_lobbying_entry_coalition_id_membership_id_period_id_lobbying_period"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["user_account.id"], name=op.f("fk_lobbying_entry_entered_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["lobbying_entry.id"], name=op.f("fk_lobbying_entry_reverses_id_lobbying_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lobbying_entry")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lobbying_entry_public_id")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_lobbying_entry_reverses_id")),
        info={
            "guards": {
                "sqlite": [
                    "CREATE TRIGGER lobbying_entry_added BEFORE INSERT ON lobbying_entry WHEN EXISTS (SELECT 1 FROM lobbying_period p WHERE p.id = NEW.period_id AND p.state IN ('closed', 'filed'))\n        BEGIN SELECT RAISE(ABORT, 'this period is closed; correct it with a reversing entry in an open one'); END",
                    "CREATE TRIGGER lobbying_entry_changed BEFORE UPDATE ON lobbying_entry WHEN EXISTS (SELECT 1 FROM lobbying_period p WHERE p.id = OLD.period_id AND p.state IN ('closed', 'filed')) OR EXISTS (SELECT 1 FROM lobbying_period p WHERE p.id = NEW.period_id AND p.state IN ('closed', 'filed'))\n        BEGIN SELECT RAISE(ABORT, 'this period is closed; correct it with a reversing entry in an open one'); END",
                    "CREATE TRIGGER lobbying_entry_dropped BEFORE DELETE ON lobbying_entry WHEN EXISTS (SELECT 1 FROM lobbying_period p WHERE p.id = OLD.period_id AND p.state IN ('closed', 'filed'))\n        BEGIN SELECT RAISE(ABORT, 'this period is closed; correct it with a reversing entry in an open one'); END",
                    "CREATE TRIGGER lobbying_entry_reverses BEFORE INSERT ON lobbying_entry WHEN NEW.reverses_id IS NOT NULL AND NOT EXISTS (\n    SELECT 1 FROM lobbying_entry e WHERE e.id = NEW.reverses_id AND e.reverses_id IS NULL\n    AND e.membership_id = NEW.membership_id AND e.coalition_id = NEW.coalition_id AND e.kind = NEW.kind\n    AND e.minutes = NEW.minutes AND e.cost_minor = NEW.cost_minor AND e.currency = NEW.currency)\n        BEGIN SELECT RAISE(ABORT, 'a reversing entry takes back exactly one entry of the same organization'); END",
                    "CREATE TRIGGER lobbying_entry_rereverses BEFORE UPDATE ON lobbying_entry WHEN NEW.reverses_id IS NOT NULL AND NOT EXISTS (\n    SELECT 1 FROM lobbying_entry e WHERE e.id = NEW.reverses_id AND e.reverses_id IS NULL\n    AND e.membership_id = NEW.membership_id AND e.coalition_id = NEW.coalition_id AND e.kind = NEW.kind\n    AND e.minutes = NEW.minutes AND e.cost_minor = NEW.cost_minor AND e.currency = NEW.currency)\n        BEGIN SELECT RAISE(ABORT, 'a reversing entry takes back exactly one entry of the same organization'); END",
                    "CREATE TRIGGER lobbying_entry_reversed BEFORE UPDATE ON lobbying_entry WHEN EXISTS (SELECT 1 FROM lobbying_entry e WHERE e.reverses_id = OLD.id)\n        BEGIN SELECT RAISE(ABORT, 'an entry that was taken back stays as it is'); END",
                ],
                "postgresql": [
                    "CREATE OR REPLACE FUNCTION lobbying_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n        IF TG_OP <> 'INSERT' THEN\n        PERFORM 1 FROM lobbying_period WHERE id = OLD.period_id FOR SHARE; IF EXISTS (SELECT 1 FROM lobbying_period p WHERE p.id = OLD.period_id AND p.state IN ('closed', 'filed')) THEN RAISE EXCEPTION 'this period is closed; correct it with a reversing entry in an open one' USING ERRCODE = 'restrict_violation'; END IF; END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        PERFORM 1 FROM lobbying_period WHERE id = NEW.period_id FOR SHARE; IF EXISTS (SELECT 1 FROM lobbying_period p WHERE p.id = NEW.period_id AND p.state IN ('closed', 'filed')) THEN RAISE EXCEPTION 'this period is closed; correct it with a reversing entry in an open one' USING ERRCODE = 'restrict_violation'; END IF;\n        IF TG_OP = 'UPDATE' THEN IF EXISTS (SELECT 1 FROM lobbying_entry e WHERE e.reverses_id = OLD.id) THEN RAISE EXCEPTION 'an entry that was taken back stays as it is' USING ERRCODE = 'restrict_violation'; END IF; END IF;\n        IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (\n    SELECT 1 FROM lobbying_entry e WHERE e.id = NEW.reverses_id AND e.reverses_id IS NULL\n    AND e.membership_id = NEW.membership_id AND e.coalition_id = NEW.coalition_id AND e.kind = NEW.kind\n    AND e.minutes = NEW.minutes AND e.cost_minor = NEW.cost_minor AND e.currency = NEW.currency) THEN RAISE EXCEPTION 'a reversing entry takes back exactly one entry of the same organization' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
                    "CREATE TRIGGER lobbying_entry_stays BEFORE INSERT OR UPDATE OR DELETE ON lobbying_entry FOR EACH ROW\n        EXECUTE FUNCTION lobbying_entry_stays()",
                ],
            }
        },
    )
    with op.batch_alter_table("lobbying_entry", schema=None) as batch_op:
        batch_op.create_index("ix_lobbying_entry_membership", ["coalition_id", "membership_id", "id"], unique=False)
        batch_op.create_index("ix_lobbying_entry_period_id_id", ["period_id", "id"], unique=False)

    op.create_table(
        "lobbying_prompt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("letter_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state <> 'dismissed' OR reason <> ''", name=op.f("ck_lobbying_prompt_dismissed_says_why")),
        sa.CheckConstraint("state IN ('waiting', 'entered', 'dismissed')", name=op.f("ck_lobbying_prompt_state")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "letter_id"],
            ["sign_on_letter.coalition_id", "sign_on_letter.id"],
            name=op.f("fk_lobbying_prompt_coalition_id_letter_id_sign_on_letter"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "membership_id"],
            ["membership.coalition_id", "membership.id"],
            name=op.f("fk_lobbying_prompt_coalition_id_membership_id_membership"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lobbying_prompt")),
        sa.UniqueConstraint("membership_id", "letter_id", name=op.f("uq_lobbying_prompt_membership_id_letter_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lobbying_prompt_public_id")),
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
        "policy_ask",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "campaign_id"],
            ["campaign.coalition_id", "campaign.id"],
            name=op.f("fk_policy_ask_coalition_id_campaign_id_campaign"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_ask")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_policy_ask_coalition_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_policy_ask_public_id")),
    )
    with op.batch_alter_table("policy_ask", schema=None) as batch_op:
        batch_op.create_index("ix_policy_ask_campaign_id_rank", ["campaign_id", "rank"], unique=False)

    op.create_table(
        "seat_term",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("committee_id", sa.BigInteger(), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("given_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("given_by IS NULL OR given_by <> user_id", name=op.f("ck_seat_term_not_by_oneself")),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_seat_term_until_after_from")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "committee_id", "seat_id"],
            ["seat.coalition_id", "seat.committee_id", "seat.id"],
            name=op.f("fk_seat_term_coalition_id_committee_id_seat_id_seat"),
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["user_account.id"], name=op.f("fk_seat_term_ended_by_user_account")),
        sa.ForeignKeyConstraint(["given_by"], ["user_account.id"], name=op.f("fk_seat_term_given_by_user_account")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_seat_term_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_term")),
    )
    with op.batch_alter_table("seat_term", schema=None) as batch_op:
        batch_op.create_index("ix_seat_term_user_id", ["user_id"], unique=False)
        batch_op.create_index(
            "uq_seat_term_person",
            ["committee_id", "user_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "uq_seat_term_seat",
            ["seat_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "seat_voice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), nullable=False),
        sa.Column("choice", sa.String(length=12), nullable=False),
        sa.Column("cast_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("choice IN ('agree', 'block')", name=op.f("ck_seat_voice_choice")),
        sa.CheckConstraint(
            "superseded_at IS NULL OR superseded_at >= cast_at", name=op.f("ck_seat_voice_superseded_after")
        ),
        sa.ForeignKeyConstraint(["cast_by"], ["user_account.id"], name=op.f("fk_seat_voice_cast_by_user_account")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "decision_id"],
            ["decision.coalition_id", "decision.id"],
            name=op.f("fk_seat_voice_coalition_id_decision_id_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "seat_id"],
            ["seat.coalition_id", "seat.id"],
            name=op.f("fk_seat_voice_coalition_id_seat_id_seat"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_voice")),
        info={
            "guards": {
                "sqlite": [
                    "CREATE TRIGGER seat_voice_cast BEFORE INSERT ON seat_voice WHEN NOT EXISTS (SELECT 1 FROM decision d WHERE d.id = NEW.decision_id AND d.state = 'open'\n        AND NEW.cast_at >= d.opens_at AND COALESCE(NEW.superseded_at, NEW.cast_at) < d.closes_at) BEGIN SELECT RAISE(ABORT, 'votes are taken only while a decision is open'); END",
                    "CREATE TRIGGER seat_voice_late BEFORE UPDATE ON seat_voice WHEN NOT EXISTS (SELECT 1 FROM decision d WHERE d.id = NEW.decision_id AND d.state = 'open'\n        AND NEW.cast_at >= d.opens_at AND COALESCE(NEW.superseded_at, NEW.cast_at) < d.closes_at) BEGIN SELECT RAISE(ABORT, 'votes are taken only while a decision is open'); END",
                    "CREATE TRIGGER seat_voice_kept BEFORE UPDATE ON seat_voice WHEN OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL OR NEW.id IS NOT OLD.id OR NEW.coalition_id IS NOT OLD.coalition_id OR NEW.decision_id IS NOT OLD.decision_id OR NEW.choice IS NOT OLD.choice OR NEW.cast_by IS NOT OLD.cast_by OR NEW.cast_at IS NOT OLD.cast_at OR NEW.seat_id IS NOT OLD.seat_id BEGIN SELECT RAISE(ABORT, 'a vote stays as it was cast'); END",
                    "CREATE TRIGGER seat_voice_stays BEFORE DELETE ON seat_voice BEGIN SELECT RAISE(ABORT, 'a vote stays as it was cast'); END",
                ],
                "postgresql": [
                    "CREATE OR REPLACE FUNCTION seat_voice_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n            IF TG_OP = 'DELETE' THEN IF true THEN RAISE EXCEPTION 'a vote stays as it was cast' USING ERRCODE = 'restrict_violation'; END IF; END IF;\n            IF TG_OP = 'UPDATE' THEN IF OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL OR NEW.id IS DISTINCT FROM OLD.id OR NEW.coalition_id IS DISTINCT FROM OLD.coalition_id OR NEW.decision_id IS DISTINCT FROM OLD.decision_id OR NEW.choice IS DISTINCT FROM OLD.choice OR NEW.cast_by IS DISTINCT FROM OLD.cast_by OR NEW.cast_at IS DISTINCT FROM OLD.cast_at OR NEW.seat_id IS DISTINCT FROM OLD.seat_id THEN RAISE EXCEPTION 'a vote stays as it was cast' USING ERRCODE = 'restrict_violation'; END IF; END IF;\n            PERFORM 1 FROM decision d WHERE d.id = NEW.decision_id AND d.state = 'open'\n        AND NEW.cast_at >= d.opens_at AND COALESCE(NEW.superseded_at, NEW.cast_at) < d.closes_at FOR SHARE;\n            IF NOT FOUND THEN RAISE EXCEPTION 'votes are taken only while a decision is open' USING ERRCODE = 'restrict_violation'; END IF;\n            RETURN NEW; END $$",
                    "CREATE TRIGGER seat_voice_guard BEFORE INSERT OR UPDATE OR DELETE ON seat_voice FOR EACH ROW\n            EXECUTE FUNCTION seat_voice_guard()",
                ],
            }
        },
    )
    with op.batch_alter_table("seat_voice", schema=None) as batch_op:
        batch_op.create_index(
            "uq_seat_voice_standing",
            ["decision_id", "seat_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "sign_on",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("letter_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("shown", sa.String(length=12), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=True),
        sa.Column("signer_name", sa.LargeBinary(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("authority_attested", sa.Boolean(), nullable=False),
        sa.Column("awaits_authority_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wants_statement", sa.Boolean(), nullable=False),
        sa.Column("nonce", sa.String(length=22), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rescinded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrew_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("shown IN ('full', 'organization', 'counted')", name=op.f("ck_sign_on_shown")),
        sa.CheckConstraint("state <> 'rescinded' OR rescinded_at IS NOT NULL", name=op.f("ck_sign_on_rescinded")),
        sa.CheckConstraint(
            "state <> 'signed' OR (authority_attested AND signer_name IS NOT NULL AND title <> '' AND place <> '' AND contact IS NOT NULL AND signed_at IS NOT NULL AND text_version IS NOT NULL)",
            name=op.f("ck_sign_on_signed_with_authority"),
        ),
        sa.CheckConstraint(
            "state IN ('invited', 'signed', 'needs_reconfirm', 'rescinded', 'declined')", name=op.f("ck_sign_on_state")
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "letter_id"],
            ["sign_on_letter.coalition_id", "sign_on_letter.id"],
            name=op.f("fk_sign_on_coalition_id_letter_id_sign_on_letter"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "membership_id"],
            ["membership.coalition_id", "membership.id"],
            name=op.f("fk_sign_on_coalition_id_membership_id_membership"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_sign_on_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_on")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_sign_on_coalition_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_on_public_id")),
        info={
            "guards": {
                "sqlite": [
                    "CREATE TRIGGER sign_on_enters BEFORE INSERT ON sign_on WHEN NOT EXISTS (\n    SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id AND m.coalition_id = NEW.coalition_id\n    WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.organization_id = NEW.organization_id)\n        BEGIN SELECT RAISE(ABORT, 'a letter takes organizations of its coalition while it collects'); END",
                    "CREATE TRIGGER sign_on_enters_signed BEFORE INSERT ON sign_on WHEN NEW.state = 'signed' AND NOT EXISTS (\n    SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id\n    WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active'\n    AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying))\n        BEGIN SELECT RAISE(ABORT, 'this organization cannot sign this letter, or not these words'); END",
                    "CREATE TRIGGER sign_on_signs BEFORE UPDATE ON sign_on WHEN NEW.state = 'signed' AND (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id\n    OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) AND NOT EXISTS (\n    SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id\n    WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active'\n    AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying))\n        BEGIN SELECT RAISE(ABORT, 'this organization cannot sign this letter, or not these words'); END",
                    "CREATE TRIGGER sign_on_fixed BEFORE UPDATE ON sign_on WHEN (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id\n    OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) AND EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived'))\n        BEGIN SELECT RAISE(ABORT, 'who signed a frozen letter stays as it is'); END",
                    "CREATE TRIGGER sign_on_kept BEFORE DELETE ON sign_on WHEN EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived'))\n        BEGIN SELECT RAISE(ABORT, 'who signed a frozen letter stays as it is'); END",
                ],
                "postgresql": [
                    "CREATE OR REPLACE FUNCTION sign_on_may() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n        IF TG_OP = 'DELETE' THEN IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END IF;\n        IF TG_OP = 'UPDATE' AND NOT (NEW.state <> OLD.state OR NEW.letter_id <> OLD.letter_id OR NEW.membership_id <> OLD.membership_id\n    OR NEW.organization_id <> OLD.organization_id OR coalesce(NEW.text_version, 0) <> coalesce(OLD.text_version, 0)) THEN RETURN NEW; END IF;\n        PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR SHARE;\n        IF TG_OP = 'INSERT' THEN IF NOT EXISTS (\n    SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id AND m.coalition_id = NEW.coalition_id\n    WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.organization_id = NEW.organization_id) THEN RAISE EXCEPTION 'a letter takes organizations of its coalition while it collects' USING ERRCODE = 'restrict_violation'; END IF;\n        ELSE IF EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = OLD.letter_id AND l.state IN ('frozen', 'delivered', 'archived')) THEN RAISE EXCEPTION 'who signed a frozen letter stays as it is' USING ERRCODE = 'restrict_violation'; END IF; END IF;\n        IF NEW.state = 'signed' AND NOT EXISTS (\n    SELECT 1 FROM sign_on_letter l JOIN membership m ON m.id = NEW.membership_id\n    WHERE l.id = NEW.letter_id AND l.state = 'collecting' AND m.state = 'active'\n    AND NEW.text_version BETWEEN l.material_version AND l.text_version AND (m.may_lobby OR NOT l.is_lobbying)) THEN RAISE EXCEPTION 'this organization cannot sign this letter, or not these words' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
                    "CREATE TRIGGER sign_on_may BEFORE INSERT OR UPDATE OR DELETE ON sign_on FOR EACH ROW\n        EXECUTE FUNCTION sign_on_may()",
                ],
            }
        },
    )
    with op.batch_alter_table("sign_on", schema=None) as batch_op:
        batch_op.create_index("ix_sign_on_letter_id_state", ["letter_id", "state", "id"], unique=False)
        batch_op.create_index("ix_sign_on_membership", ["coalition_id", "membership_id"], unique=False)
        batch_op.create_index(
            "uq_sign_on_live",
            ["letter_id", "organization_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('invited', 'signed', 'needs_reconfirm')"),
            postgresql_where=sa.text("state IN ('invited', 'signed', 'needs_reconfirm')"),
        )

    op.create_table(
        "sign_on_correction",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("letter_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("of_version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'waiting') = (decided_by IS NULL)", name=op.f("ck_sign_on_correction_decided")),
        sa.CheckConstraint(
            "state <> 'approved' OR decided_by <> written_by", name=op.f("ck_sign_on_correction_by_two")
        ),
        sa.CheckConstraint("state IN ('waiting', 'approved', 'refused')", name=op.f("ck_sign_on_correction_state")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "letter_id"],
            ["sign_on_letter.coalition_id", "sign_on_letter.id"],
            name=op.f("fk_sign_on_correction_coalition_id_letter_id_sign_on_letter"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_sign_on_correction_decided_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["user_account.id"], name=op.f("fk_sign_on_correction_written_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_on_correction")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_on_correction_public_id")),
    )
    with op.batch_alter_table("sign_on_correction", schema=None) as batch_op:
        batch_op.create_index(
            "uq_sign_on_correction_waiting",
            ["letter_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "sign_on_document",
        sa.Column("letter_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("manifest_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("is_tagged", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "letter_id"],
            ["sign_on_letter.coalition_id", "sign_on_letter.id"],
            name=op.f("fk_sign_on_document_coalition_id_letter_id_sign_on_letter"),
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_sign_on_document")),
    )
    op.create_table(
        "sign_on_manifest",
        sa.Column("letter_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("manifest_hash", sa.String(length=64), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("signer_count", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("signer_count > 0", name=op.f("ck_sign_on_manifest_signers")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "letter_id"],
            ["sign_on_letter.coalition_id", "sign_on_letter.id"],
            name=op.f("fk_sign_on_manifest_coalition_id_letter_id_sign_on_letter"),
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_sign_on_manifest")),
        info={"append_only": True},
    )
    op.create_table(
        "sign_on_text",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("letter_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind <> 'typo' OR (written_by IS NOT NULL AND approved_by IS NOT NULL AND approved_by <> written_by)",
            name=op.f("ck_sign_on_text_typo_by_two"),
        ),
        sa.CheckConstraint("kind IN ('draft', 'material', 'typo')", name=op.f("ck_sign_on_text_kind")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_sign_on_text_number")),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["user_account.id"], name=op.f("fk_sign_on_text_approved_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "letter_id"],
            ["sign_on_letter.coalition_id", "sign_on_letter.id"],
            name=op.f("fk_sign_on_text_coalition_id_letter_id_sign_on_letter"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["user_account.id"], name=op.f("fk_sign_on_text_written_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_on_text")),
        sa.UniqueConstraint("letter_id", "number", name=op.f("uq_sign_on_text_letter_id_number")),
        info={
            "append_only": True,
            "guards": {
                "sqlite": [
                    "CREATE TRIGGER sign_on_text_closed BEFORE INSERT ON sign_on_text WHEN NOT EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = NEW.letter_id AND l.state IN ('draft', 'review', 'collecting'))\n        BEGIN SELECT RAISE(ABORT, 'the words of this letter stay as they are'); END",
                    "CREATE TRIGGER sign_on_text_asks_again AFTER INSERT ON sign_on_text WHEN NEW.kind = 'material'\n        BEGIN UPDATE sign_on SET state = 'needs_reconfirm' WHERE letter_id = NEW.letter_id AND state = 'signed'; END",
                ],
                "postgresql": [
                    "CREATE OR REPLACE FUNCTION sign_on_text_enters() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n        PERFORM 1 FROM sign_on_letter WHERE id = NEW.letter_id FOR UPDATE;\n        IF NOT EXISTS (SELECT 1 FROM sign_on_letter l WHERE l.id = NEW.letter_id AND l.state IN ('draft', 'review', 'collecting')) THEN RAISE EXCEPTION 'the words of this letter stay as they are' USING ERRCODE = 'restrict_violation'; END IF;\n        IF NEW.kind = 'material' THEN UPDATE sign_on SET state = 'needs_reconfirm' WHERE letter_id = NEW.letter_id AND state = 'signed'; END IF; RETURN NEW; END $$",
                    "CREATE TRIGGER sign_on_text_enters BEFORE INSERT ON sign_on_text FOR EACH ROW\n        EXECUTE FUNCTION sign_on_text_enters()",
                ],
            },
        },
    )
    op.create_table(
        "campaign_measurement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("indicator_id", sa.BigInteger(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "indicator_id"],
            ["campaign_indicator.coalition_id", "campaign_indicator.id"],
            name=op.f("fk_campaign_measurement_coalition_id_indicator_id_campaign_indicator"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_measurement")),
        sa.UniqueConstraint(
            "indicator_id", "measured_on", name=op.f("uq_campaign_measurement_indicator_id_measured_on")
        ),
    )
    op.create_table(
        "campaign_task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("milestone_id", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("assignee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("effort_minutes", sa.Integer(), nullable=False),
        sa.Column("exposure", sa.String(length=10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_campaign_task_done")),
        sa.CheckConstraint("exposure IN ('none', 'low', 'public')", name=op.f("ck_campaign_task_exposure")),
        sa.CheckConstraint("state IN ('open', 'doing', 'done', 'dropped')", name=op.f("ck_campaign_task_state")),
        sa.CheckConstraint("(due_on IS NULL) = (due_at IS NULL)", name=op.f("ck_campaign_task_due")),
        sa.CheckConstraint("effort_minutes > 0", name=op.f("ck_campaign_task_effort")),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["user_account.id"], name=op.f("fk_campaign_task_assignee_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "campaign_id"],
            ["campaign.coalition_id", "campaign.id"],
            name=op.f("fk_campaign_task_coalition_id_campaign_id_campaign"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "milestone_id"],
            ["campaign_milestone.coalition_id", "campaign_milestone.id"],
            name=op.f("fk_campaign_task_coalition_id_milestone_id_campaign_milestone"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_task")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaign_task_public_id")),
    )
    with op.batch_alter_table("campaign_task", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_task_board", ["campaign_id", "state", "rank", "id"], unique=False)
        batch_op.create_index("ix_campaign_task_due", ["coalition_id", "state", "due_on"], unique=False)
        batch_op.create_index("ix_campaign_task_mine", ["assignee_id", "state", "due_on"], unique=False)

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
        "partner_page",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.Column("petition_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("opt_in_text_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("signature_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_partner_page_ended_at")),
        sa.CheckConstraint("state IN ('open', 'ended')", name=op.f("ck_partner_page_state")),
        sa.CheckConstraint("signature_count >= 0", name=op.f("ck_partner_page_not_negative")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "membership_id"],
            ["membership.coalition_id", "membership.id"],
            name=op.f("fk_partner_page_coalition_id_membership_id_membership"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "petition_id"],
            ["petition.coalition_id", "petition.id"],
            name=op.f("fk_partner_page_coalition_id_petition_id_petition"),
        ),
        sa.ForeignKeyConstraint(
            ["opt_in_text_id"], ["consent_text.id"], name=op.f("fk_partner_page_opt_in_text_id_consent_text")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_page")),
        sa.UniqueConstraint(
            "coalition_id", "petition_id", "id", name=op.f("uq_partner_page_coalition_id_petition_id_id")
        ),
        sa.UniqueConstraint("petition_id", "slug", name=op.f("uq_partner_page_petition_id_slug")),
        sa.UniqueConstraint("public_id", name=op.f("uq_partner_page_public_id")),
    )
    with op.batch_alter_table("partner_page", schema=None) as batch_op:
        batch_op.create_index("ix_partner_page_membership", ["coalition_id", "membership_id"], unique=False)
        batch_op.create_index(
            "uq_partner_page_live",
            ["petition_id", "membership_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
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
        "policy_ask_fact",
        sa.Column("ask_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("coalition_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "ask_id"],
            ["policy_ask.coalition_id", "policy_ask.id"],
            name=op.f("fk_policy_ask_fact_coalition_id_ask_id_policy_ask"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "fact_id"],
            ["fact_card.coalition_id", "fact_card.id"],
            name=op.f("fk_policy_ask_fact_coalition_id_fact_id_fact_card"),
        ),
        sa.PrimaryKeyConstraint("ask_id", "fact_id", name=op.f("pk_policy_ask_fact")),
    )
    with op.batch_alter_table("policy_ask_fact", schema=None) as batch_op:
        batch_op.create_index("ix_policy_ask_fact_fact_id", ["fact_id"], unique=False)

    op.create_table(
        "signature_delta",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("petition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("change", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        sa.Column("division_id", sa.String(length=120), nullable=False),
        sa.Column("partner_page_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("change IN (-1, 1)", name=op.f("ck_signature_delta_change")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_signature_delta_petition_id_petition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature_delta")),
    )
    with op.batch_alter_table("signature_delta", schema=None) as batch_op:
        batch_op.create_index("ix_signature_delta_petition_id_at", ["petition_id", "at"], unique=False)

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
        sa.Column("partner_page_id", sa.BigInteger(), nullable=True),
        sa.Column("partner_updates", sa.Boolean(), nullable=False),
        sa.Column("partner_opt_in_id", sa.BigInteger(), nullable=True),
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
        sa.CheckConstraint(
            "partner_page_id IS NOT NULL OR NOT partner_updates", name=op.f("ck_signature_partner_wish_has_page")
        ),
        sa.CheckConstraint("place IN (1, 2)", name=op.f("ck_signature_place")),
        sa.ForeignKeyConstraint(
            ["coalition_id", "partner_opt_in_id"],
            ["opt_in.coalition_id", "opt_in.id"],
            name=op.f("fk_signature_coalition_id_partner_opt_in_id_opt_in"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "petition_id", "partner_page_id"],
            ["partner_page.coalition_id", "partner_page.petition_id", "partner_page.id"],
            name=op.f("fk_signature_coalition_id_petition_id_partner_page_id_partner_page"),
        ),
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
        batch_op.create_index(
            "ix_signature_partner",
            ["partner_page_id", "id"],
            unique=False,
            sqlite_where=sa.text("partner_updates"),
            postgresql_where=sa.text("partner_updates"),
        )
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

    # ### end Alembic commands ###
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("delivery_item", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_item_signature_id")
        batch_op.drop_index("ix_delivery_item_group")

    op.drop_table("delivery_item")
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
        batch_op.drop_index(
            "ix_signature_partner", sqlite_where=sa.text("partner_updates"), postgresql_where=sa.text("partner_updates")
        )

    op.drop_table("signature")
    op.drop_table("delivery_manifest")
    with op.batch_alter_table("signature_delta", schema=None) as batch_op:
        batch_op.drop_index("ix_signature_delta_petition_id_at")

    op.drop_table("signature_delta")
    with op.batch_alter_table("policy_ask_fact", schema=None) as batch_op:
        batch_op.drop_index("ix_policy_ask_fact_fact_id")

    op.drop_table("policy_ask_fact")
    op.drop_table("petition_tally")
    op.drop_table("petition_place_tally")
    op.drop_table("petition_day_tally")
    with op.batch_alter_table("partner_page", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_partner_page_live", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index("ix_partner_page_membership")

    op.drop_table("partner_page")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_delivery_building",
            sqlite_where=sa.text("state = 'building'"),
            postgresql_where=sa.text("state = 'building'"),
        )
        batch_op.drop_index("ix_delivery_petition_id_id")

    op.drop_table("delivery")
    with op.batch_alter_table("campaign_task", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_task_mine")
        batch_op.drop_index("ix_campaign_task_due")
        batch_op.drop_index("ix_campaign_task_board")

    op.drop_table("campaign_task")
    op.drop_table("campaign_measurement")
    op.drop_table("sign_on_text")
    op.drop_table("sign_on_manifest")
    op.drop_table("sign_on_document")
    with op.batch_alter_table("sign_on_correction", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sign_on_correction_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.drop_table("sign_on_correction")
    with op.batch_alter_table("sign_on", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sign_on_live",
            sqlite_where=sa.text("state IN ('invited', 'signed', 'needs_reconfirm')"),
            postgresql_where=sa.text("state IN ('invited', 'signed', 'needs_reconfirm')"),
        )
        batch_op.drop_index("ix_sign_on_membership")
        batch_op.drop_index("ix_sign_on_letter_id_state")

    op.drop_table("sign_on")
    with op.batch_alter_table("seat_voice", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_seat_voice_standing",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.drop_table("seat_voice")
    with op.batch_alter_table("seat_term", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_seat_term_seat", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )
        batch_op.drop_index(
            "uq_seat_term_person",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_seat_term_user_id")

    op.drop_table("seat_term")
    with op.batch_alter_table("policy_ask", schema=None) as batch_op:
        batch_op.drop_index("ix_policy_ask_campaign_id_rank")

    op.drop_table("policy_ask")
    with op.batch_alter_table("petition", schema=None) as batch_op:
        batch_op.drop_index("ix_petition_state_closes_at")

    op.drop_table("petition")
    op.drop_table("lobbying_prompt")
    with op.batch_alter_table("lobbying_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_lobbying_entry_period_id_id")
        batch_op.drop_index("ix_lobbying_entry_membership")

    op.drop_table("lobbying_entry")
    with op.batch_alter_table("contact_log", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_log_coalition_id_id")
        batch_op.drop_index("ix_contact_log_bill_id")

    op.drop_table("contact_log")
    op.drop_table("campaign_target")
    with op.batch_alter_table("campaign_old_slug", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_old_slug_campaign_id")

    op.drop_table("campaign_old_slug")
    with op.batch_alter_table("campaign_news", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_news_campaign_id_published_at")

    op.drop_table("campaign_news")
    with op.batch_alter_table("campaign_milestone", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_milestone_coalition_id_state_due_on")
        batch_op.drop_index("ix_campaign_milestone_campaign_id_due_on")

    op.drop_table("campaign_milestone")
    with op.batch_alter_table("campaign_indicator", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_indicator_campaign_id")

    op.drop_table("campaign_indicator")
    with op.batch_alter_table("campaign_fact", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_fact_fact_id")

    op.drop_table("campaign_fact")
    with op.batch_alter_table("campaign_bill", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_bill_bill_id")

    op.drop_table("campaign_bill")
    with op.batch_alter_table("campaign_action", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_action_campaign_id")

    op.drop_table("campaign_action")
    with op.batch_alter_table("bill_position_proposal", schema=None) as batch_op:
        batch_op.drop_index("ix_bill_position_proposal_bill_id")

    op.drop_table("bill_position_proposal")
    with op.batch_alter_table("bill_position", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_bill_position_live",
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )
        batch_op.drop_index("ix_bill_position_bill_id_valid_from")

    op.drop_table("bill_position")
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_vote_standing",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.drop_table("vote")
    with op.batch_alter_table("sign_on_letter", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_on_letter_state")
        batch_op.drop_index("ix_sign_on_letter_coalition_id_id")

    op.drop_table("sign_on_letter")
    op.drop_table("seat")
    with op.batch_alter_table("opt_in", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_opt_in_live_partner",
            sqlite_where=sa.text("state <> 'withdrawn' AND organization_id IS NOT NULL"),
            postgresql_where=sa.text("state <> 'withdrawn' AND organization_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_opt_in_live",
            sqlite_where=sa.text("state <> 'withdrawn' AND organization_id IS NULL"),
            postgresql_where=sa.text("state <> 'withdrawn' AND organization_id IS NULL"),
        )

    op.drop_table("opt_in")
    with op.batch_alter_table("office_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_office_term_pack_id"))
        batch_op.drop_index(batch_op.f("ix_office_term_official_id"))
        batch_op.drop_index(batch_op.f("ix_office_term_ocd_id"))

    op.drop_table("office_term")
    with op.batch_alter_table("membership_person", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_person_live",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_membership_person_user_id")
        batch_op.drop_index("ix_membership_person_membership")

    op.drop_table("membership_person")
    op.drop_table("lobbying_year")
    op.drop_table("lobbying_period")
    with op.batch_alter_table("join_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_join_request_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index("ix_join_request_state")

    op.drop_table("join_request")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_invitation_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index(batch_op.f("ix_invitation_expires_at"))

    op.drop_table("invitation")
    with op.batch_alter_table("contact_point", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_contact_point_verified",
            sqlite_where=sa.text("verified_at IS NOT NULL"),
            postgresql_where=sa.text("verified_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_contact_point_person")

    op.drop_table("contact_point")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_coalition_id_state_id")

    op.drop_table("campaign")
    op.drop_table("bill_version")
    with op.batch_alter_table("bill_action", schema=None) as batch_op:
        batch_op.drop_index("ix_bill_action_bill_id_happened_on")

    op.drop_table("bill_action")
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
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_live", sqlite_where=sa.text("state <> 'left'"), postgresql_where=sa.text("state <> 'left'")
        )
        batch_op.drop_index("uq_membership_lead", sqlite_where=sa.text("is_lead"), postgresql_where=sa.text("is_lead"))
        batch_op.drop_index("ix_membership_organization_id")
        batch_op.drop_index("ix_membership_name")

    op.drop_table("membership")
    with op.batch_alter_table("known_device", schema=None) as batch_op:
        batch_op.drop_index("ix_known_device_user_id")
        batch_op.drop_index(batch_op.f("ix_known_device_last_used_at"))

    op.drop_table("known_device")
    with op.batch_alter_table("fact_card", schema=None) as batch_op:
        batch_op.drop_index("ix_fact_card_review")
        batch_op.drop_index("ix_fact_card_coalition_id_id")

    op.drop_table("fact_card")
    op.drop_table("district_code")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index("ix_decision_list")

    op.drop_table("decision")
    with op.batch_alter_table("committee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_committee_coalition_id"))

    op.drop_table("committee")
    op.drop_table("campaign_evidence")
    op.drop_table("boundary")
    with op.batch_alter_table("bill", schema=None) as batch_op:
        batch_op.drop_index("ix_bill_coalition_id_id")

    op.drop_table("bill")
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
    op.drop_table("organization")
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
        for name in [
            "bill_position_guard",
            "decision_guard",
            "delivery_item_may_enter",
            "lobbying_entry_stays",
            "lobbying_period_stays",
            "membership_role_last_admin",
            "platform_role_last_admin",
            "refuse_change",
            "seat_voice_guard",
            "sign_on_letter_stays",
            "sign_on_may",
            "sign_on_text_enters",
            "user_account_last_admin",
            "user_account_last_of_coalition",
            "vote_guard",
        ]:
            op.execute(f"DROP FUNCTION IF EXISTS {name}()")
