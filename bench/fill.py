"""Many stored signatures at once, for measuring whether stored rows slow the paths down."""

from __future__ import annotations

from sqlalchemy import text

from advocacy.core import uow
from advocacy.core.db import db

_COLUMNS = (
    "coalition_id, petition_id, public_id, text_version, name, name_key, email, email_key, place, postal_code, "
    "country, town, state_code, placement, display, updates, partner_updates, state, channel, created_at, verified_at, "
    "verified_on, manage_nonce, mail_count"
)
_SQLITE = f"""
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)
    INSERT INTO signature ({_COLUMNS})
    SELECT p.coalition_id, p.id, lower(hex(randomblob(11))), 1, zeroblob(60), randomblob(32), zeroblob(70),
           randomblob(32), 1, '55401', 'US', '', '', 'not_placed', 'hidden', false, false, 'verified', 'web',
           p.created_at, p.created_at, '2026-01-01', lower(hex(randomblob(11))), 1
    FROM n, petition p WHERE p.slug = :slug"""  # noqa: S608 - constants
_POSTGRESQL = f"""
    INSERT INTO signature ({_COLUMNS})
    SELECT p.coalition_id, p.id, substr(md5(p.id::text || ':' || i::text), 1, 22), 1, '\\x00'::bytea,
           sha256((i::text || 'n')::bytea), '\\x00'::bytea, sha256((i::text || 'e')::bytea), 1, '55401', 'US', '', '',
           'not_placed', 'hidden', false, false, 'verified', 'web', p.created_at, p.created_at, '2026-01-01',
           substr(md5(i::text || 'm'), 1, 22), 1
    FROM generate_series(1, :rows) AS i, petition p WHERE p.slug = :slug"""  # noqa: S608 - constants


def fill(slug: str, rows: int) -> None:
    """Store ``rows`` verified signatures under a petition and put its tally right."""
    name = db.engine.dialect.name
    with uow.unit():
        if name == "postgresql":
            db.session.execute(text("SET LOCAL statement_timeout = 0"))
        db.session.execute(text(_SQLITE if name == "sqlite" else _POSTGRESQL), {"rows": rows, "slug": slug})
        db.session.execute(
            text(
                "UPDATE petition_tally SET signature_count = signature_count + :rows "
                "WHERE petition_id = (SELECT id FROM petition WHERE slug = :slug)"
            ),
            {"rows": rows, "slug": slug},
        )
    if name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE signature"))
