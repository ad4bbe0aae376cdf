"""The plain SQL of the sign path. The database decides whether a petition is open, who is held and who is double.

Every attempt runs the same statements, whatever was there before: a stop-watch tells nobody who signed.
"""

from __future__ import annotations

from advocacy.core.db import Statement
from advocacy.messaging.services import sending
from advocacy.queue import port

NOBODY = 0
"""The signature of a job that has nothing to tell."""
_GIVEN = (
    "public_id name name_key email email_key postal_code country comment display updates "
    "partner_page_id partner_updates "
    "created_at confirm_nonce confirm_until manage_nonce idempotency_key"
).split()
_NETWORK_HITS = "(SELECT hit_count FROM throttle WHERE key = :network_key AND window_at = :network_window)"
_ADDRESS_HITS = "(SELECT hit_count FROM throttle WHERE key = :address_key AND window_at = :address_window)"
# The limits were counted by the statement before, in the same transaction.
_REASON = f"""COALESCE(CAST(:held_reason AS VARCHAR(12)), CASE
    WHEN {_NETWORK_HITS} > :network_limit THEN 'network'
    WHEN {_ADDRESS_HITS} > :address_limit THEN 'address' END)"""
_OPEN = "p.id = :petition_id AND p.state = 'open' AND (p.closes_at IS NULL OR p.closes_at > :created_at)"
_IS_OPEN = f"EXISTS (SELECT 1 FROM petition p WHERE {_OPEN})"  # noqa: S608 - only names from here, as below
_ON_ADDRESS = (
    "{0}.petition_id = :petition_id AND {0}.email_key = :email_key"
    " AND {0}.state IN ('pending', 'verified', 'quarantined')"
)
_HERE, _OTHER = _ON_ADDRESS.format("s"), _ON_ADDRESS.format("o")
# As ``rules.postal_area`` (domain I-097).
AREA = """s.country || ' ' || CASE WHEN s.country = 'US' THEN substr(s.postal_code, 1, 5)
    ELSE replace(s.postal_code, ' ', '') END"""
_HOUSEHOLD = f"(s.name_key <> :name_key AND {AREA} = :postal_area)"
_FIXED = {
    "coalition_id": "p.coalition_id",
    "petition_id": "p.id",
    "text_version": "p.text_version",
    "place": f"""CASE WHEN w.reason IS NULL THEN COALESCE((
        SELECT 3 - s.place FROM signature s WHERE {_HERE} AND {_HOUSEHOLD} ORDER BY s.place LIMIT 1), 1) ELSE 1 END""",  # noqa: S608
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

_COUNT = "INSERT INTO throttle (key, window_at, hit_count) VALUES"
_AGAIN = "ON CONFLICT (key, window_at) DO UPDATE SET hit_count = throttle.hit_count + 1"
_NETWORK, _ADDRESS = "(:network_key, :network_window, 1)", "(:address_key, :address_window, 1)"
COUNT_NETWORK = Statement(f"{_COUNT} {_NETWORK} {_AGAIN}")
COUNT_ADDRESS = Statement(f"{_COUNT} {_ADDRESS} {_AGAIN}")
COUNT_BOTH = Statement(f"{_COUNT} {_NETWORK}, {_ADDRESS} {_AGAIN}")

# A held signature must not keep its owner from signing: a clean attempt takes its place. What else lies on the address
# is written again as it is, index entries and all, so that an attempt writes as much where one was before as elsewhere.
_ASIDE = f"""s.state = 'quarantined' AND s.held_reason <> 'organizer'
    AND NOT COALESCE(s.idempotency_key = :idempotency_key, FALSE) AND {_IS_OPEN} AND ({_REASON}) IS NULL"""
SET_ASIDE = Statement(f"""
    UPDATE signature AS s
    SET state = CASE WHEN {_ASIDE} THEN 'invalidated' ELSE s.state END,
        invalidated_at = CASE WHEN {_ASIDE} THEN :created_at ELSE s.invalidated_at END,
        public_id = s.public_id, email_key = s.email_key, idempotency_key = s.idempotency_key,
        receipt_hash = s.receipt_hash
    WHERE {_HERE}""")  # noqa: S608

# Another name of the same household takes the other place; whoever else comes again meets the unique indexes, or the
# second place alone, whose owner went before.
INSERT_SIGNATURE = Statement(f"""
    INSERT INTO signature ({_COLUMNS})
    SELECT {_VALUES}
    FROM petition p, (SELECT {_REASON} AS reason LIMIT 1) w
    WHERE {_OPEN} AND NOT EXISTS (SELECT 1 FROM signature s WHERE {_HERE} AND s.place = 2 AND NOT {_HOUSEHOLD})
    ON CONFLICT DO NOTHING
    RETURNING id""")  # noqa: S608

INSERT_CONFIRM_MAIL = sending.mail_insert(
    source="FROM signature WHERE signature.public_id = :public_id AND signature.state = 'pending'",
    object_id="signature.id",
)

_JOB, _SEND = port.COLUMNS, port.values("job")
_TELL = port.values("tell", args="""'{"signature_id": ' || d.id || :tell_args""")
# One job an attempt: to send that mail, or to tell who signed before; a held double leaves one about nobody, so that it
# takes as long as others. None: a held signature was stored, a request was repeated, or a second person of a household
# came at the same instant as the first and has to try again.
INSERT_JOB = Statement(f"""
    INSERT INTO job ({_JOB})
    SELECT {_SEND} FROM mail WHERE mail.public_id = :mail_public_id
    UNION ALL
    SELECT {_TELL} FROM (
        SELECT CASE WHEN w.reason IS NULL THEN s.id ELSE {NOBODY} END AS id
        FROM signature s, (SELECT {_REASON} AS reason LIMIT 1) w
        WHERE {_HERE} AND {_IS_OPEN}
            AND (w.reason IS NOT NULL OR NOT {_HOUSEHOLD} OR EXISTS (
                SELECT 1 FROM signature o WHERE {_OTHER} AND o.place <> s.place))
            AND NOT EXISTS (SELECT 1 FROM signature m WHERE m.public_id = :public_id)
            AND NOT EXISTS (
                SELECT 1 FROM signature k WHERE k.petition_id = :petition_id AND k.idempotency_key = :idempotency_key)
        ORDER BY CASE WHEN s.name_key = :name_key THEN 0 ELSE 1 END, s.place LIMIT 1) d
    WHERE d.id >= 0
    ON CONFLICT DO NOTHING
    RETURNING id""")  # noqa: S608

STORING = (SET_ASIDE, INSERT_SIGNATURE, INSERT_CONFIRM_MAIL, INSERT_JOB)
"""What every attempt runs, after the count."""

IS_OPEN = Statement(f"SELECT 1 FROM petition p WHERE {_OPEN}")  # noqa: S608

SAME_KEY = Statement("""
    SELECT 1 FROM signature WHERE petition_id = :petition_id AND idempotency_key = :idempotency_key""")
