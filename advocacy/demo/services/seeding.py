"""Make the demo coalition, whole or not at all."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from advocacy.accounts import queries as account_queries
from advocacy.accounts.services import passwords, registering
from advocacy.civic.services import demo_pack
from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions.models import RoleName
from advocacy.coalitions.services import founding, granting
from advocacy.core import clock, logs, tokens, uow
from advocacy.core.actor import Actor, Channel, system_actor
from advocacy.core.db import db
from advocacy.core.errors import SettingsError
from advocacy.demo import words
from advocacy.demo.services import (
    campaigning,
    dated,
    governing,
    laddered,
    mailing,
    reaching,
    together,
    tracked,
    wishing,
)
from advocacy.demo.services.crowd import Growth, crowd
from advocacy.legislators.services import reporting
from advocacy.petitions import linking
from advocacy.petitions.delivery_models import DeliveryMethod
from advocacy.petitions.models import Petition, Signature, SignatureState
from advocacy.petitions.services import correcting, delivering, drafting, importing, managing, tallying

log = logs.get("demo")
ZONE = "America/New_York"
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without letters that look like digits


@dataclass(frozen=True)
class SignIn:
    """Somebody who may sign in; the password is known here only."""

    role: str
    name: str
    email: str
    password: str


def is_empty() -> bool:
    """Whether nobody and nothing is here yet."""
    with uow.reading():
        return not account_queries.any_user() and not coalition_queries.all_coalitions()


def seed(sign_in_file: Path) -> None:
    """Make the coalition with its people, campaign and petitions, and write the sign-ins down.

    Needs: an empty database, no open transaction. Raises: SettingsError when the file cannot be written.
    """
    people = _people()
    hashes = [passwords.hash_password(one.password) for one in people]
    _write(sign_in_file, people)
    try:
        with uow.unit():
            demo_pack.install()
            demo_pack.disagree()
            actor = _coalition(people, hashes)
            campaign = campaigning.draft(actor, _coalition_id(actor))
            _petitions(actor, campaign.id)
            campaigning.begin(actor, campaign, _user_ids(people))
            tracked.begin(actor, _coalition_id(actor))
            together.begin(actor, _coalition_id(actor), _user_ids(people))
            governing.begin(actor, _coalition_id(actor), _user_ids(people), words.WARM_LINE.slug, words.SCHOOL.slug)
            dated.begin(actor, _coalition_id(actor), _user_ids(people))
            laddered.begin(actor, _coalition_id(actor), words.WARM_LINE.slug)
            mailing.begin(actor, _coalition_id(actor))
            reaching.begin(actor, _coalition_id(actor))
            wishing.begin(actor, _coalition_id(actor), _user_ids(people))
            _correct(actor, _user_ids(people)[RoleName.ORGANIZER])
            _complain(actor)
    except BaseException:
        sign_in_file.unlink(missing_ok=True)
        raise
    log.info("demo_seeded")


def _people() -> list[SignIn]:
    roles = [str(role) for role in RoleName]
    found = [
        SignIn(role, name, f"{short}@riverbend.example", _password())
        for role, (name, short) in zip(roles, words.PEOPLE, strict=True)
    ]
    name, short = words.OPERATOR
    return [*found, SignIn("admin of the platform", name, f"{short}@riverbend.example", _password())]


def _password() -> str:
    """Sixteen random characters, easy to read out: about 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def _write(path: Path, people: list[SignIn]) -> None:
    lines = ["Sign-ins of the demo coalition, made for this installation only.", ""]
    lines += [f"{one.role:<22} {one.email:<32} {one.password}   {one.name}" for one in people]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    except OSError as error:
        message = f"demo: cannot write {path}: {error.strerror}"
        raise SettingsError(message) from None


def _coalition(people: list[SignIn], hashes: list[str]) -> Actor:
    operator = system_actor(Channel.COMMAND)
    coalition = founding.create_coalition(operator, slug=words.COALITION_SLUG, name=words.COALITION_NAME, tz=ZONE)
    actor = system_actor(Channel.COMMAND, coalition.id)
    for one, stored in zip(people, hashes, strict=True):
        user = registering.add_user(operator, email=one.email, name=one.name, password_hash=stored)
        if one.role in set(RoleName):
            granting.grant_role(actor, coalition.id, user.id, one.role)
        else:
            registering.make_platform_admin(operator, user.id)
    return actor


def _user_ids(people: list[SignIn]) -> dict[str, int]:
    """Accounts by role."""
    found = ((one.role, account_queries.find_user_id(one.email)) for one in people)
    return {role: user_id for role, user_id in found if user_id is not None}


def _petitions(actor: Actor, campaign: int) -> None:
    now = clock.now()
    near = _open(actor, campaign, words.WARM_LINE, goal=1500, closes_at=_evening(now, 40))
    _sign(actor, near, Growth(1387, 41, now, ((17, 1.6), (38, 1.3)), pending=46, withdrawn=7, held=9), seed=1)
    soon = _open(actor, campaign, words.SCHOOL, goal=800, closes_at=_evening(now, 6), asks_street=True)
    _sign(actor, soon, Growth(612, 24, now, ((20, 0.9),), pending=31, withdrawn=3, held=4), seed=2)
    ended = now - timedelta(days=12)
    done = _open(actor, campaign, words.CARE_TEAM, goal=700)
    _sign(actor, done, Growth(743, 45, ended, ((9, 1.2), (41, 1.8)), withdrawn=5), seed=3)
    while tallying.take_in_deltas():
        pass
    drafting.close_petition(actor, done.id)
    importing.set_history(actor, done, opened_at=ended - timedelta(days=45), closed_at=ended)
    delivery = delivering.begin_delivery(actor, done, DeliveryMethod.IN_PERSON)
    delivering.mark_delivered(actor, done, delivery)
    _withdraw(done, 2)


def _complain(actor: Actor) -> None:
    """What visitors found wrong when they looked up who speaks for them."""
    for reason, division, expected in words.COMPLAINTS:
        reporting.report_answer(actor, reason=reason, divisions=division, person="", expected=expected)


def _correct(actor: Actor, organizer: int) -> None:
    """A slip in signed words that waits for its second person."""
    petition = db.session.execute(select(Petition).where(Petition.slug == words.SCHOOL.slug)).scalar_one()
    text = petition.text.rstrip(".") + "!"
    correcting.suggest_correction(replace(actor, user_id=organizer), petition, title=petition.title, text=text)


def _open(
    actor: Actor,
    campaign: int,
    said: words.Words,
    *,
    goal: int,
    closes_at: datetime | None = None,
    asks_street: bool = False,
) -> Petition:
    petition = drafting.create_petition(
        actor,
        coalition_id=_coalition_id(actor),
        slug=said.slug,
        title=said.title,
        text=said.flowing,
        goal=goal,
        closes_at=closes_at,
        campaign_id=campaign,
        asks_street=asks_street,
    )
    return drafting.open_petition(actor, petition.id)


def _sign(actor: Actor, petition: Petition, growth: Growth, seed: int) -> None:
    importing.set_history(actor, petition, opened_at=growth.until - timedelta(days=growth.days))
    importing.add_signatures(actor, petition, crowd(growth, seed))
    db.session.flush()


def _withdraw(petition: Petition, how_many: int) -> None:
    """Some people change their mind, each by the link in their mail."""
    signed = select(Signature).where(Signature.petition_id == petition.id, Signature.state == SignatureState.VERIFIED)
    for signature in db.session.execute(signed.order_by(Signature.id).limit(how_many)).scalars().all():
        managing.withdraw_signature(tokens.derive_token(linking.MANAGE, signature.public_id, signature.manage_nonce))
    tallying.take_in_deltas()


def _evening(now: datetime, days: int) -> datetime:
    """About nine in the evening there, so many days from now."""
    return (now + timedelta(days=days)).replace(hour=1, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _coalition_id(actor: Actor) -> int:
    if actor.coalition_id is None:
        message = "the actor has no coalition in view"
        raise LookupError(message)
    return actor.coalition_id
