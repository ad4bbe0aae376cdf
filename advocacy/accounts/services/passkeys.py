"""Passkeys: each question is asked of one browser and answered once; origin, site, user and counter are checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import and_, delete, or_, select, update
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from advocacy.accounts import factor_queries, queries, rules
from advocacy.accounts.factor_models import Ceremony, Passkey, PasskeyChallenge
from advocacy.accounts.models import User
from advocacy.audit import services as audit
from advocacy.core import clock, crypto, logs, uow
from advocacy.core.actor import Actor, Channel
from advocacy.core.db import db
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.core.text import clean_line

ANSWER_WITHIN = timedelta(minutes=5)
MOST = 20
ANSWER_LENGTH = 40_000
NAME_LENGTH = 60
_BROKEN = (WebAuthnException, UnsupportedAlgorithm, ValueError, TypeError, KeyError, AttributeError, RecursionError)
log = logs.get("accounts")


def enrolment_options(actor: Actor, bound_to: bytes) -> dict[str, Any]:
    """What the browser needs to make a passkey for the actor."""
    user = _own(actor)
    options = generate_registration_options(
        rp_id=_site()[0],
        rp_name=current_app.extensions["advocacy.settings"].server.name,
        user_id=user.public_id.encode(),
        user_name=queries.open_email(user),
        user_display_name=queries.open_name(user),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[_descriptor(key) for key in factor_queries.passkeys_of(user.id)],
    )
    _ask(options.challenge, bound_to, Ceremony.ENROL, user.id)
    return options_to_json_dict(options)


def add(actor: Actor, answer: str, *, bound_to: bytes, name: str) -> None:
    """Keep the public key that the actor's device made.

    Raises: RuleBroken.
    """
    user = _own(actor)
    given = _parsed(answer)
    challenge = _take_challenge(given, bound_to, Ceremony.ENROL, user.id)
    rp_id, origin = _site()
    try:
        made = verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            require_user_verification=True,
        )
    except _BROKEN as error:
        raise _refused(error) from None
    known = select(Passkey.id).where(Passkey.credential_id == made.credential_id)
    if db.session.execute(known).scalar_one_or_none() is not None:
        raise RuleBroken(_("This passkey is here already."))
    if len(factor_queries.passkeys_of(user.id)) >= MOST:
        raise RuleBroken(_("An account can have at most %(num)s passkeys. Remove one first.", num=MOST))
    public_id = new_public_id()
    name = clean_line(name)[:NAME_LENGTH] or _("Passkey")
    db.session.add(
        Passkey(
            public_id=public_id,
            user_id=user.id,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            transports=_transports(given),
            is_backed_up=made.credential_backed_up,
            name_sealed=crypto.seal("site", name, table="passkey", column="name", row=public_id),
            created_at=clock.now(),
        )
    )
    db.session.flush()
    audit.record(actor, "account.passkey_added", "user", user.id)


def question(bound_to: bytes, ceremony: Ceremony, user_id: int | None) -> dict[str, Any]:
    """What the browser needs to answer with a passkey: of this account, or of whichever it holds for this site."""
    keys = factor_queries.passkeys_of(user_id) if user_id is not None else []
    options = generate_authentication_options(
        rp_id=_site()[0],
        allow_credentials=[_descriptor(key) for key in keys],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _ask(options.challenge, bound_to, ceremony, user_id)
    return options_to_json_dict(options)


def check(answer: str, *, bound_to: bytes, ceremony: Ceremony, user_id: int | None) -> int:
    """Whose passkey answered the question put to this browser; ``user_id`` names the account it must be.

    Raises: RuleBroken.
    """
    given = _parsed(answer)
    challenge = _take_challenge(given, bound_to, ceremony, user_id)
    key = _key_of(given, user_id)
    rp_id, origin = _site()
    try:
        shown = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except _BROKEN as error:
        raise _refused(error) from None
    if not _count_up(key.id, shown.new_sign_count, is_backed_up=shown.credential_backed_up):
        raise _refused(None)
    return key.user_id


def remove(actor: Actor, public_id: str) -> None:
    """Drop one of the actor's own passkeys.

    Raises: NotFound.
    """
    gone = (
        delete(Passkey)
        .where(Passkey.user_id == actor.user_id, Passkey.public_id == public_id)
        .returning(Passkey.user_id)
    )
    user_id = db.session.execute(gone).scalar_one_or_none()
    if user_id is None:
        raise NotFound
    audit.record(Actor(user_id=user_id, channel=Channel.WEB), "account.passkey_removed", "user", user_id)


def remove_all(user_id: int) -> None:
    """Drop every passkey of an account."""
    db.session.execute(delete(Passkey).where(Passkey.user_id == user_id))


def _site() -> tuple[str, str]:
    """The site's id and origin for authenticators.

    Raises: RuleBroken where the site has no name, only an address.
    """
    found = rules.passkey_site(current_app.extensions["advocacy.settings"].base_url)
    if found is None:
        raise RuleBroken(_("Passkeys need a site with a name. This one is reached by a bare address."))
    return found


def _ask(challenge: bytes, bound_to: bytes, ceremony: Ceremony, user_id: int | None) -> None:
    expires_at = clock.now() + ANSWER_WITHIN
    db.session.add(
        PasskeyChallenge(
            challenge=challenge, bound_to=bound_to, ceremony=ceremony, user_id=user_id, expires_at=expires_at
        )
    )
    db.session.flush()


def _take_challenge(given: Mapping[str, Any], bound_to: bytes, ceremony: Ceremony, user_id: int | None) -> bytes:
    """Use up the question that an answer names: once, by the browser that was asked, for the same account."""
    try:
        named = base64url_to_bytes(json.loads(base64url_to_bytes(given["response"]["clientDataJSON"]))["challenge"])
    except _BROKEN as error:
        raise _refused(error) from None
    account = PasskeyChallenge.user_id.is_(None) if user_id is None else PasskeyChallenge.user_id == user_id
    wanted = and_(
        PasskeyChallenge.challenge == named,
        PasskeyChallenge.bound_to == bound_to,
        PasskeyChallenge.ceremony == ceremony,
        PasskeyChallenge.expires_at > clock.now(),
        account,
    )
    found = db.session.execute(delete(PasskeyChallenge).where(wanted).returning(PasskeyChallenge.id))
    challenge_id = found.scalar_one_or_none()
    if challenge_id is None:
        raise _refused(None)
    uow.afterwards(partial(_forget_challenge, challenge_id))
    return named


def _forget_challenge(challenge_id: int) -> None:
    db.session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.id == challenge_id))


def _key_of(given: Mapping[str, Any], user_id: int | None) -> Passkey:
    try:
        credential_id = base64url_to_bytes(given["rawId"])
        handle = given["response"].get("userHandle")
        owner = base64url_to_bytes(handle).decode() if handle else None
    except _BROKEN as error:
        raise _refused(error) from None
    found = db.session.execute(
        select(Passkey, User.public_id)
        .join(User, User.id == Passkey.user_id)
        .where(Passkey.credential_id == credential_id, User.disabled_at.is_(None))
    ).one_or_none()
    if found is None or (user_id is not None and found[0].user_id != user_id):
        raise _refused(None)
    if (owner is None and user_id is None) or (owner is not None and owner != found[1]):
        raise _refused(None)
    key: Passkey = found[0]
    return key


def _count_up(key_id: int, sign_count: int, *, is_backed_up: bool) -> bool:
    """Compare and set: a counter that does not rise is a copied key; keys that do not count stay at zero."""
    rises = or_(Passkey.sign_count < sign_count, and_(Passkey.sign_count == 0, sign_count == 0))  # type: ignore[arg-type]
    raised = (
        update(Passkey)
        .where(Passkey.id == key_id, rises)
        .values(sign_count=sign_count, is_backed_up=is_backed_up, last_used_at=clock.now())
        .returning(Passkey.id)
    )
    return db.session.execute(raised).scalar_one_or_none() is not None


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > ANSWER_LENGTH:
        raise _refused(None)
    try:
        found = json.loads(answer)
    except _BROKEN as error:
        raise _refused(error) from None
    if not isinstance(found, dict) or not isinstance(found.get("response"), dict):
        raise _refused(None)
    return found


def _transports(given: Mapping[str, Any]) -> list[str]:
    named = given["response"].get("transports")
    known = {str(one.value) for one in AuthenticatorTransport}
    return [one for one in named if isinstance(one, str) and one in known] if isinstance(named, list) else []


def _descriptor(key: Passkey) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(name) for name in key.transports]
    return PublicKeyCredentialDescriptor(id=key.credential_id, transports=transports or None)


def _refused(error: Exception | None) -> RuleBroken:
    log.info("passkey_refused", reason=type(error).__name__ if error is not None else "not_asked_or_unknown")
    return RuleBroken(_("This passkey could not be used. Please try again, or sign in another way."))


def _own(actor: Actor) -> User:
    user = db.session.get(User, actor.user_id) if actor.user_id is not None else None
    if user is None:
        raise NotFound
    return user
