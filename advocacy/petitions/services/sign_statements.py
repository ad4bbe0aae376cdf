"""The plain SQL of the sign path. The database decides whether a petition is open, who is held and who is double."""

from __future__ import annotations

from advocacy.core.db import Statement
from advocacy.messaging.services import sending

_GIVEN = (
    "public_id name name_key email email_key place postal_code country comment display updates "
    "partner_page_id partner_updates "
    "created_at confirm_nonce confirm_until manage_nonce idempotency_key"
).split()
_FIXED = {
    "coalition_id": "p.coalition_id",
    "petition_id": "p.id",
    "text_version": "p.text_version",
    "town": "''",
    "state_code": "''",
    "placement": "'unknown'",
    "channel": "'web'",
    "state": "CASE WHEN w.reason IS NULL THEN 'pending' ELSE 'quarantined' END",
    "held_reason": "w.reason",
    "mail_count": "CASE WHEN w.reason IS NULL THEN 1 ELSE 0 END",
}
_COLUMNS = ", ".join([*_FIXED, *_GIVEN])
_VALUES = ", ".join([*_FIXED.values(), *(f":{name}" for name in _GIVEN)])
_NETWORK_HITS = "(SELECT hit_count FROM throttle WHERE key = :network_key AND window_at = :network_window)"
_ADDRESS_HITS = "(SELECT hit_count FROM throttle WHERE key = :address_key AND window_at = :address_window)"

# The limits were counted by the statements before this one, in the same transaction.
INSERT_SIGNATURE = Statement(f"""
    INSERT INTO signature ({_COLUMNS})
    SELECT {_VALUES}
    FROM petition p, (
        SELECT COALESCE(CAST(:held_reason AS VARCHAR(12)), CASE
            WHEN {_NETWORK_HITS} > :network_limit THEN 'network'
            WHEN {_ADDRESS_HITS} > :address_limit THEN 'address' END) AS reason) w
    WHERE p.id = :petition_id AND p.state = 'open' AND (p.closes_at IS NULL OR p.closes_at > :created_at)
    ON CONFLICT DO NOTHING
    RETURNING id, state""")  # noqa: S608 - only names from above

INSERT_CONFIRM_MAIL = sending.mail_insert(
    source="FROM signature WHERE signature.public_id = :public_id AND signature.state = 'pending'",
    object_id="signature.id",
)

IS_OPEN = Statement("""
    SELECT 1 FROM petition
    WHERE id = :petition_id AND state = 'open' AND (closes_at IS NULL OR closes_at > :created_at)""")

SAME_KEY = Statement("""
    SELECT 1 FROM signature WHERE petition_id = :petition_id AND idempotency_key = :idempotency_key""")

ON_THIS_ADDRESS = Statement("""
    SELECT id, public_id, name_key, place, postal_code, country, state, held_reason, email
    FROM signature
    WHERE petition_id = :petition_id AND email_key = :email_key AND state IN ('pending', 'verified', 'quarantined')
    ORDER BY place""")

# A held signature must not keep its owner from signing: a clean attempt takes its place.
SET_ASIDE = Statement("""
    UPDATE signature SET state = 'invalidated', invalidated_at = :created_at
    WHERE petition_id = :petition_id AND email_key = :email_key
        AND state = 'quarantined' AND held_reason <> 'organizer'""")

COUNT_MAIL = Statement("""
    UPDATE signature
    SET mail_count = mail_count + 1,
        confirm_until = CASE WHEN state = 'pending' THEN :confirm_until ELSE confirm_until END
    WHERE id = :id AND mail_count < :most_mails AND state IN ('pending', 'verified')
    RETURNING mail_count, state""")
