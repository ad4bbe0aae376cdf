"""Domain I-004 in the database: whoever holds one of these roles works only behind a second factor.

A session says how far it reaches: ``full``; ``enrolling``, which gets no further than to a second factor; ``waived``,
written only where the settings ask nobody for one. No full session of such a holder without a factor can come about,
whichever comes first: the session, the role, or the end of the last factor.
"""

from __future__ import annotations

from advocacy.accounts.factor_models import Passkey, TotpFactor
from advocacy.accounts.models import PlatformRole, UserSession
from advocacy.coalitions.models import MembershipRole
from advocacy.core.db import guarded

_ROLES = "('care_lead', 'grievance_officer', 'admin')"
_REFUSAL = "this role needs a second factor"
_HOLDS = f"""(EXISTS (SELECT 1 FROM membership_role r WHERE r.user_id = {{user}} AND r.role IN {_ROLES}
    AND r.ended_at IS NULL)
    OR EXISTS (SELECT 1 FROM platform_role p WHERE p.user_id = {{user}} AND p.ended_at IS NULL))"""  # noqa: S608 - our own constants
_TOTP = "EXISTS (SELECT 1 FROM totp_factor t WHERE t.user_id = {user} AND t.secret_sealed IS NOT NULL)"
_KEY = "EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = {user}{but})"
_FULL = "EXISTS (SELECT 1 FROM user_session s WHERE s.user_id = {user} AND s.access = 'full')"
_NEW, _OLD = "NEW.user_id", "OLD.user_id"


def _has_factor(user: str) -> str:
    return f"({_TOTP.format(user=user)} OR {_KEY.format(user=user, but='')})"


_SESSION = f"NEW.access = 'full' AND {_HOLDS.format(user=_NEW)} AND NOT {_has_factor(_NEW)}"
_ROLE = f"NEW.ended_at IS NULL AND {_FULL.format(user=_NEW)} AND NOT {_has_factor(_NEW)}"
_STILL = f"{_HOLDS.format(user=_OLD)} AND {_FULL.format(user=_OLD)}"
_TOTP_GOES = f"OLD.secret_sealed IS NOT NULL AND NOT {_KEY.format(user=_OLD, but='')} AND {_STILL}"
_KEY_GOES = f"NOT {_TOTP.format(user=_OLD)} AND NOT {_KEY.format(user=_OLD, but=' AND k.id <> OLD.id')} AND {_STILL}"


def _guard(table: str, name: str, events: str, condition: str, user: str) -> dict[str, list[str]]:
    """The same refusal for both databases; on PostgreSQL the account's row lets two go one after the other."""
    lite = [
        f"CREATE TRIGGER {name}_{event.split()[0].lower()} BEFORE {event} ON {table} WHEN {condition}"
        f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for event in events.split(" OR ")
    ]
    done = "OLD" if "DELETE" in events else "NEW"
    big = [
        f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM 1 FROM user_account WHERE id = {user} FOR NO KEY UPDATE;
        IF {condition} THEN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END IF;
        RETURN {done}; END $$""",
        f"CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
    return {"sqlite": lite, "postgresql": big}


_IN = "INSERT OR UPDATE"
SESSION_GUARD = _guard("user_session", "user_session_factor", f"{_IN} OF access, user_id", _SESSION, _NEW)
ROLE_GUARD = _guard("membership_role", "membership_role_factor", _IN, f"NEW.role IN {_ROLES} AND {_ROLE}", _NEW)
PLATFORM_GUARD = _guard("platform_role", "platform_role_factor", _IN, _ROLE, _NEW)
KEY_GUARD = _guard("passkey", "passkey_factor", "DELETE", _KEY_GOES, _OLD)
TOTP_GUARD = _guard("totp_factor", "totp_factor_goes", "DELETE", _TOTP_GOES, _OLD)
_EMPTIED = _guard(
    "totp_factor",
    "totp_factor_emptied",
    "UPDATE OF secret_sealed",
    f"NEW.secret_sealed IS NULL AND {_TOTP_GOES}",
    _OLD,
)


def attach() -> None:
    """Let each table be made with its triggers; called once, when the room is put together."""
    guarded(UserSession.__table__, SESSION_GUARD)  # type: ignore[arg-type]
    guarded(MembershipRole.__table__, ROLE_GUARD)  # type: ignore[arg-type]
    guarded(PlatformRole.__table__, PLATFORM_GUARD)  # type: ignore[arg-type]
    guarded(Passkey.__table__, KEY_GUARD)  # type: ignore[arg-type]
    guarded(TotpFactor.__table__, TOTP_GUARD)  # type: ignore[arg-type]
    guarded(TotpFactor.__table__, _EMPTIED)  # type: ignore[arg-type]
