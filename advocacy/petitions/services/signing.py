"""Take a signature: one transaction, on PostgreSQL one round trip, the same work and answer whoever signed before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from advocacy.core import clock, crypto, uow
from advocacy.core.db import Statement, db, run_together
from advocacy.core.errors import Conflict, RuleBroken, Unavailable
from advocacy.core.ids import new_public_id
from advocacy.core.text import fold
from advocacy.messaging.services import sending
from advocacy.petitions.rules import postal_area
from advocacy.petitions.services import addressing, ceiling, facts, streets, telling
from advocacy.petitions.services import sign_statements as sql
from advocacy.petitions.services.telling import CONFIRM_MAIL, KIND
from advocacy.queue import port
from advocacy.web import limits

NETWORK_S = 600
DAY_S = 86400
NO_LIMIT = 2**31 - 1
TRIES = 3
TELL_PRIORITY = 40


@dataclass(frozen=True, slots=True)
class NewSignature:
    """What a visitor gave. ``held_reason`` is set where the form itself looks like a robot's.

    ``partner_page_id`` is the partner's page that the form stood on, ``partner_updates`` the tick there.
    """

    name: str
    email: str
    postal_code: str
    country: str
    comment: str
    display: str
    updates: bool
    network: str
    held_reason: str | None = None
    idempotency_key: str | None = None
    locale: str = "en"
    partner_page_id: int | None = None
    partner_updates: bool = False
    street: str = ""


class PetitionClosed(Conflict):
    """No signatures are taken now."""

    code = "petition_closed"


def sign_petition(slug: str, given: NewSignature) -> None:
    """Store a signature with its mail and job, or treat it as a double; the caller cannot tell which.

    Begins the writing transaction only after all slow work is done.
    Raises: NotFound, PetitionClosed, RuleBroken(field="email"), TooMany above the hard ceiling.
    """
    ceiling.enter(current_app.extensions["advocacy.settings"].limits.sign_ceiling_s)
    petition = facts.petition_facts(slug)
    canonical = _canonical(given.email, facts.address_rules())
    if not petition.is_open(clock.now()):
        raise PetitionClosed(_closed())
    params = _params(petition, given, canonical)
    steps = [(statement, params) for statement in sql.STORING]
    if given.street and petition.asks_street:
        sealed = streets.seal(f"coalition:{petition.coalition_id}", given.street, params["public_id"])
        steps.append((streets.KEEP, {"street": sealed, "public_id": params["public_id"]}))
    results = uow.at_once([*_counting(petition, given, canonical, params), *steps])
    for _attempt in range(TRIES):
        _aside, stored, _mail, job = results[-len(steps) :][: len(sql.STORING)]
        if stored or job or _is_repeated(params):
            return
        results = uow.at_once(steps)
    raise Unavailable(_("Many people sign at this moment. Please press the button again."), retry_after_s=1)


def _canonical(email: str, rules: Mapping[str, addressing.Rule]) -> str:
    try:
        return addressing.canonical_address(email, rules)
    except RuleBroken:
        raise RuleBroken(_("Enter an e-mail address in the form name@example.org."), field="email") from None


def _closed() -> str:
    return str(_("This petition no longer takes signatures."))


def _params(petition: facts.PetitionFacts, given: NewSignature, canonical: str) -> dict[str, Any]:
    """Everything slow (sealing, hashing) happens here, before the transaction."""
    now = clock.now()
    public_id = new_public_id()
    scope = f"coalition:{petition.coalition_id}"
    settings = current_app.extensions["advocacy.settings"].petitions

    def sealed(column: str, plain: str) -> bytes:
        return crypto.seal(scope, plain, table=KIND, column=column, row=public_id)

    key = given.idempotency_key
    repeat_key = crypto.blind_index(f"idempotency:{petition.id}", key) if key else None
    return {
        "petition_id": petition.id,
        "public_id": public_id,
        "name": sealed("name", given.name),
        "name_key": crypto.blind_index(f"signature-name:{petition.id}", fold(given.name)),
        "email": sealed("email", given.email),
        "email_key": email_key(petition.coalition_id, petition.id, canonical),
        "postal_code": given.postal_code,
        "country": given.country,
        "postal_area": postal_area(given.postal_code, given.country),
        "comment": sealed("comment", given.comment) if given.comment else None,
        "display": given.display,
        "updates": given.updates,
        "partner_page_id": given.partner_page_id,
        "partner_updates": given.partner_updates,
        "held_reason": given.held_reason,
        "created_at": now,
        "confirm_nonce": new_public_id(),
        "confirm_until": now + timedelta(days=settings.confirm_days),
        "manage_nonce": new_public_id(),
        "idempotency_key": repeat_key,
        **_mail_and_jobs(petition, given, public_id, repeat_key),
    }


def _mail_and_jobs(
    petition: facts.PetitionFacts, given: NewSignature, public_id: str, repeat_key: bytes | None
) -> dict[str, Any]:
    """The mail of a fresh signature and the job that sends it, and the job that a double leaves instead."""
    mail = sending.insert_mail_params(
        kind=CONFIRM_MAIL,
        to=given.email,
        coalition_id=petition.coalition_id,
        object_kind=KIND,
        locale=given.locale,
        key=f"{KIND}:{public_id}:1",
    )
    sent = mail["mail_public_id"]
    facts_of_double = {"locale": given.locale, "once": repeat_key.hex() if repeat_key else None}
    send = port.insert_job_params(
        sending.SEND_JOB, {"mail": sent}, priority=mail["mail_priority"], dedupe_key=f"mail:{sent}"
    )
    tell = port.insert_job_params(telling.JOB, facts_of_double, priority=TELL_PRIORITY, prefix="tell")
    tell["tell_args"] = f", {tell['tell_args'][1:]}"  # the statement puts the signature's id before it
    return {**mail, **send, **tell}


def email_key(coalition_id: int, petition_id: int, canonical: str) -> bytes:
    """The key by which an address is found within a petition (domain I-096)."""
    return crypto.blind_index(f"signature-email:{coalition_id}:{petition_id}", canonical)


def _counting(
    petition: facts.PetitionFacts, given: NewSignature, canonical: str, params: dict[str, Any]
) -> list[tuple[Statement, dict[str, Any]]]:
    """Count this attempt, and tell the insert which counts to look at; a limit of 0 counts nothing.

    An attempt that is held anyway does not use up an address (robots could keep its owner from signing); it is counted
    elsewhere, so that it takes as long as others.
    """
    settings = current_app.extensions["advocacy.settings"].limits
    address = "address" if given.held_reason is None else "held_address"
    wanted = (
        ("network", settings.sign_network, NETWORK_S, "sign_network", f"{petition.id}:{given.network}"),
        ("address", settings.sign_address_day, DAY_S, f"sign_{address}", canonical),
    )
    for name, limit, window_s, kind, subject in wanted:
        params[f"{name}_limit"] = limit or NO_LIMIT
        params[f"{name}_key"] = limits.throttle_key(kind, subject) if limit else b""
        params[f"{name}_window"] = limits.window_at(window_s)
    if settings.sign_network and settings.sign_address_day:
        return [(sql.COUNT_BOTH, params)]
    if settings.sign_network:
        return [(sql.COUNT_NETWORK, params)]
    return [(sql.COUNT_ADDRESS, params)] if settings.sign_address_day else []


def _is_repeated(params: Mapping[str, Any]) -> bool:
    """Look again after nothing was stored and nobody is to be told; a race of two of a household is simply run again.

    Raises: PetitionClosed when it closed in the last moment.
    """
    with uow.reading_first():
        is_open, same_key = run_together(db.session(), [(sql.IS_OPEN, params), (sql.SAME_KEY, params)])
    if not is_open:
        raise PetitionClosed(_closed())
    return bool(same_key)
