"""Take a signature: one transaction, on PostgreSQL one round trip, the same answer whatever was there before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from advocacy.core import clock, crypto, logs, uow
from advocacy.core.db import Statement, db, run_together
from advocacy.core.errors import Conflict, RuleBroken, Unavailable
from advocacy.core.ids import new_public_id
from advocacy.core.text import fold
from advocacy.messaging.services import sending
from advocacy.petitions.models import MAX_MAILS, SignatureState
from advocacy.petitions.rules import postal_area
from advocacy.petitions.services import addressing, ceiling, facts
from advocacy.petitions.services import sign_statements as sql
from advocacy.queue import port
from advocacy.web import limits

log = logs.get("petitions")
KIND = "signature"
CONFIRM_MAIL = "petitions.confirm_signature"
ALREADY_MAIL = "petitions.already_signed"
NETWORK_S = 600
DAY_S = 86400
NO_LIMIT = 2**31 - 1
TRIES = 3


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
    counts = _counting(petition, given, canonical, params)
    results = uow.at_once([*counts, *_storing(params)])
    stored = results[len(counts)]
    if not stored:
        over = any(rows[0][0] > step[1]["limit"] for rows, step in zip(results, counts, strict=False))
        _meet_conflict(petition, params, is_clean=given.held_reason is None and not over)
    elif stored[0][1] != SignatureState.PENDING:
        _cancel_mail_job(params)


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
    return {
        "petition_id": petition.id,
        "public_id": public_id,
        "name": sealed("name", given.name),
        "name_key": crypto.blind_index(f"signature-name:{petition.id}", fold(given.name)),
        "email": sealed("email", given.email),
        "email_key": email_key(petition.coalition_id, petition.id, canonical),
        "place": 1,
        "postal_code": given.postal_code,
        "country": given.country,
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
        "idempotency_key": crypto.blind_index(f"idempotency:{petition.id}", key) if key else None,
        "network_limit": NO_LIMIT,
        "address_limit": NO_LIMIT,
        **sending.insert_mail_params(
            kind=CONFIRM_MAIL,
            to=given.email,
            coalition_id=petition.coalition_id,
            object_kind=KIND,
            locale=given.locale,
            key=f"{KIND}:{public_id}:1",
        ),
    }


def email_key(coalition_id: int, petition_id: int, canonical: str) -> bytes:
    """The key by which an address is found within a petition (domain I-096)."""
    return crypto.blind_index(f"signature-email:{coalition_id}:{petition_id}", canonical)


def _counting(
    petition: facts.PetitionFacts, given: NewSignature, canonical: str, params: dict[str, Any]
) -> list[tuple[Statement, dict[str, Any]]]:
    """Count this attempt, and tell the insert which counts to look at; a limit of 0 counts nothing.

    An attempt that is held anyway does not use up an address: robots could keep its owner from signing.
    """
    settings = current_app.extensions["advocacy.settings"].limits
    wanted = [("network", settings.sign_network, NETWORK_S, f"{petition.id}:{given.network}")]
    if given.held_reason is None:
        wanted.append(("address", settings.sign_address_day, DAY_S, canonical))
    steps = []
    for name, limit, window_s, subject in wanted:
        if limit:
            hit = {"key": limits.throttle_key(f"sign_{name}", subject), "window_at": limits.window_at(window_s)}
            params |= {f"{name}_key": hit["key"], f"{name}_window": hit["window_at"], f"{name}_limit": limit}
            steps.append((limits.HIT, {**hit, "limit": limit}))
    for name in ("network", "address"):
        params.setdefault(f"{name}_key", b"")
        params.setdefault(f"{name}_window", params["created_at"])
    return steps


def _storing(params: dict[str, Any]) -> list[tuple[Statement, dict[str, Any]]]:
    """The signature, and where it is pending its mail; held ones get no mail, now or later."""
    steps: list[tuple[Statement, dict[str, Any]]] = [(sql.INSERT_SIGNATURE, params)]
    if params["held_reason"] is None:
        steps += [(sql.INSERT_CONFIRM_MAIL, params), (port.INSERT_JOB, _job(params))]
    return steps


def _job(params: Mapping[str, Any]) -> dict[str, Any]:
    public_id = params["mail_public_id"]
    return port.insert_job_params(
        sending.SEND_JOB, {"mail": public_id}, priority=params["mail_priority"], dedupe_key=f"mail:{public_id}"
    )


def _cancel_mail_job(params: Mapping[str, Any]) -> None:
    port.cancel(db.session(), f"mail:{params['mail_public_id']}")


def _meet_conflict(petition: facts.PetitionFacts, params: dict[str, Any], *, is_clean: bool) -> None:
    """Nothing was stored: closed meanwhile, a repeated request, a second person of a household, or a double."""
    _cancel_mail_job(params)
    for _attempt in range(TRIES):
        is_open, repeated, there = run_together(
            db.session(), [(sql.IS_OPEN, params), (sql.SAME_KEY, params), (sql.ON_THIS_ADDRESS, params)]
        )
        if not is_open:
            raise PetitionClosed(_closed())
        if repeated or not is_clean:
            return
        if any(row[6] == SignatureState.QUARANTINED and row[7] != "organizer" for row in there):
            run_together(db.session(), [(sql.SET_ASIDE, params)])
            there = [row for row in there if row[6] != SignatureState.QUARANTINED or row[7] == "organizer"]
        place = _free_place(there, params)
        if place is None:
            _tell_owner(petition, there, params)
            return
        if run_together(db.session(), _storing({**params, "place": place}))[0]:
            return
        _cancel_mail_job(params)
    raise Unavailable(_("Many people sign at this moment. Please press the button again."), retry_after_s=1)


def _free_place(there: list[tuple[Any, ...]], params: Mapping[str, Any]) -> int | None:
    """The place that a new name may take on this address (domain I-096, I-097), or ``None`` for a double."""
    if not there:
        return 1
    _id, _public_id, name_key, place, postal_code, country, *_rest = there[0]
    is_household = postal_area(postal_code, country) == postal_area(params["postal_code"], params["country"])
    if len(there) == 1 and bytes(name_key) != params["name_key"] and is_household:
        return 3 - int(place)
    return None


def _tell_owner(petition: facts.PetitionFacts, there: list[tuple[Any, ...]], params: Mapping[str, Any]) -> None:
    """Mail the owner of the mailbox instead of telling the visitor; at most five mails to one signature, ever."""
    row = next((row for row in there if bytes(row[2]) == params["name_key"]), there[0])
    count = {"id": row[0], "most_mails": MAX_MAILS, "confirm_until": params["confirm_until"]}
    counted = run_together(db.session(), [(sql.COUNT_MAIL, count)])[0]
    if not counted:
        return
    number, state = counted[0]
    # To the address that signed, not the one typed now: the rules only suppose that both are one mailbox.
    to = crypto.open_sealed(bytes(row[8]), table=KIND, column="email", row=row[1])
    sending.queue_mail(
        kind=CONFIRM_MAIL if state == SignatureState.PENDING else ALREADY_MAIL,
        to=to,
        coalition_id=petition.coalition_id,
        object_kind=KIND,
        object_id=row[0],
        locale=params["mail_locale"],
        key=f"{KIND}:{row[1]}:{number}",
    )
    log.info("double_signature", petition_id=petition.id, signature_id=row[0], state=state)
