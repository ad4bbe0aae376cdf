"""Changes of second factors as their owner asks for them: other sessions end, and the owner is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_babel import gettext as _

from advocacy.accounts import factor_queries
from advocacy.accounts.services import changing, ending, mailing, passkeys, recovery_codes, registering, sessions, totp
from advocacy.audit import services as audit
from advocacy.core.actor import Actor
from advocacy.core.errors import Conflict, NotFound
from advocacy.web.manifest import house


@dataclass(frozen=True)
class Changed:
    """The token of the session that goes on, and new recovery codes to be shown once."""

    token: str
    codes: list[str] = field(default_factory=list)


def confirm_totp(actor: Actor, code: str, agent: str) -> Changed:
    """Take the shown key into use.

    Raises: Gone, RuleBroken (field ``code``).
    """
    totp.confirm(actor, code)
    return _changed(actor, agent, "factor_added")


def add_passkey(actor: Actor, answer: str, *, bound_to: bytes, name: str, agent: str) -> Changed:
    """Keep a new passkey.

    Raises: RuleBroken.
    """
    passkeys.add(actor, answer, bound_to=bound_to, name=name)
    return _changed(actor, agent, "factor_added")


def remove_totp(actor: Actor, agent: str) -> Changed:
    """Drop the codes of the app.

    Raises: NotFound, Conflict when it is the last factor of an account that must have one.
    """
    user_id = _own_id(actor)
    if not factor_queries.has_totp(user_id) or not factor_queries.passkeys_of(user_id):
        _require_spare(user_id)
    if not totp.remove(user_id):
        raise NotFound
    audit.record(actor, "account.totp_removed", "user", user_id)
    return _removed(actor, agent)


def remove_passkey(actor: Actor, public_id: str, agent: str) -> Changed:
    """Drop a passkey.

    Raises: NotFound, Conflict when it is the last factor of an account that must have one.
    """
    user_id = _own_id(actor)
    if not factor_queries.has_totp(user_id) and len(factor_queries.passkeys_of(user_id)) <= 1:
        _require_spare(user_id)
    passkeys.remove(actor, public_id)
    return _removed(actor, agent)


def renew_codes(actor: Actor) -> list[str]:
    """Ten new recovery codes, to be shown once.

    Raises: Conflict without a factor that they could stand in for.
    """
    user_id = _own_id(actor)
    if not factor_queries.has_factor(user_id):
        raise Conflict(_("Recovery codes stand in for a passkey or an app. Please add one of these first."))
    mailing.tell(user_id, "codes_renewed")
    return recovery_codes.make_codes(actor, user_id)


def enrol_for(actor: Actor, user_id: int) -> str:
    """The operator gives an account codes of an app; gives the secret, once.

    Raises: NotAllowed.
    """
    registering.require_system(actor)
    return totp.enrol(actor, user_id)


def reset_factors(actor: Actor, email: str) -> None:
    """The operator takes every second factor from an account whose owner lost them; its sessions end.

    Raises: NotAllowed, NotFound.
    """
    user_id = registering.user_for_operator(actor, email).id
    sessions.end_sessions(user_id)  # first: the database lets no session stay behind its last factor
    totp.remove(user_id)
    passkeys.remove_all(user_id)
    recovery_codes.drop_codes(user_id)
    audit.record(actor, "account.factors_reset", "user", user_id)
    ending.end_everything(user_id)
    mailing.tell(user_id, "factors_reset")


def _require_spare(user_id: int) -> None:
    """Refuse to take the last factor, if there is one, from an account whose roles need it."""
    if factor_queries.has_factor(user_id) and house().standing(user_id).must_have_factor:
        raise Conflict(_("Your role needs a second step at sign-in. Add another passkey or app before this one goes."))


def _removed(actor: Actor, agent: str) -> Changed:
    user_id = _own_id(actor)
    if not factor_queries.has_factor(user_id):
        if changing.own_account(actor).is_password_short:
            raise Conflict(
                _("Your password is short, which is fine only beside a second step. Choose a longer one first.")
            )
        recovery_codes.drop_codes(user_id)
    return _changed(actor, agent, "factor_removed")


def _changed(actor: Actor, agent: str, notice: str) -> Changed:
    user_id = _own_id(actor)
    needs_codes = factor_queries.has_factor(user_id) and factor_queries.codes_left(user_id) == 0
    codes = recovery_codes.make_codes(actor, user_id) if needs_codes else []
    ending.end_everything(user_id)
    mailing.tell(user_id, notice)
    return Changed(sessions.begin_session(user_id, actor.coalition_id, agent=agent), codes)


def _own_id(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotFound
    return actor.user_id
