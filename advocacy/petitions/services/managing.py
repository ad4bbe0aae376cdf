"""What signers change later, from the link in every mail."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import exc, update

from advocacy.core import clock, logs, tokens
from advocacy.core.db import db
from advocacy.core.errors import Conflict, Gone
from advocacy.petitions import linking, rules, signals
from advocacy.petitions.models import Petition, Signature, SignatureState
from advocacy.petitions.partner_models import DeletionReason
from advocacy.petitions.services import opting, streets, tallying, unsharing

log = logs.get("petitions")


def managed_signature(token: str) -> tuple[Signature, Petition]:
    """The signature of a manage link.

    Raises: Gone when the link is not good (any more).
    """
    found = linking.by_link(token)
    if (
        found is None
        or found[0].state in {SignatureState.ERASED, SignatureState.INVALIDATED}
        or not tokens.is_derived_token(token, linking.MANAGE, found[0].public_id, found[0].manage_nonce)
    ):
        raise Gone(_("This link does not work any more. Please use the link from the newest mail about the petition."))
    return found


def change_signature(token: str, *, display: str, updates: bool, partner_updates: bool = False) -> None:
    """Change how the name is shown, and whether news is wanted; pages follow within seconds.

    What was given to a partner ends at once; ``partner_updates`` counts only for signatures from a partner's page.

    Raises: Gone.
    """
    signature, _petition = managed_signature(token)
    changed = signature.updates is not updates
    partner_changed = signature.partner_page_id is not None and signature.partner_updates is not partner_updates
    signature.display, signature.updates = display, updates
    if partner_changed:
        signature.partner_updates = partner_updates
    db.session.flush()
    if partner_changed and not partner_updates:
        unsharing.end_partner_leave(signature, DeletionReason.LEAVE_ENDED)
    elif partner_changed and signature.state == SignatureState.VERIFIED:
        opting.record_partner_wish(signature, "manage_link")
    if changed and not updates:
        opting.end_wish(signature)
    elif changed and signature.state == SignatureState.VERIFIED:
        opting.record_wish(signature, "manage_link")


def withdraw_signature(token: str) -> None:
    """Take a signature back, and what it gave to a partner; it no longer counts. Doing it twice changes nothing.

    Announces: ``signature_withdrawn``. Raises: Gone, Conflict.
    """
    signature, petition = managed_signature(token)
    before = signature.state
    if before == SignatureState.WITHDRAWN:
        return
    _move(signature, SignatureState.WITHDRAWN)
    if before == SignatureState.VERIFIED:
        tallying.record_change(signature, -1)
    unsharing.end_partner_leave(signature, DeletionReason.WITHDRAWN)
    streets.drop(signature.id)
    signals.signature_withdrawn.send(
        signature_id=signature.id, petition_id=petition.id, coalition_id=petition.coalition_id
    )
    log.info("signature_withdrawn", signature_id=signature.id, petition_id=petition.id)


def restore_signature(token: str) -> None:
    """Undo a withdrawal of a confirmed signature while the petition runs.

    Announces: ``signature_confirmed``. Raises: Gone, Conflict.
    """
    signature, petition = managed_signature(token)
    if signature.state == SignatureState.VERIFIED:
        return
    if not can_restore(signature, petition):
        raise Conflict(_("This signature can no longer be given back. You may sign again while the petition is open."))
    try:
        with db.session.begin_nested():
            _move(signature, SignatureState.VERIFIED)
    except exc.IntegrityError:
        raise Conflict(_("You have signed again meanwhile, so this older signature stays withdrawn.")) from None
    tallying.record_change(signature, +1)
    db.session.flush()
    signals.signature_confirmed.send(
        signature_id=signature.id, petition_id=petition.id, coalition_id=petition.coalition_id
    )


def can_restore(signature: Signature, petition: Petition) -> bool:
    """Whether a withdrawal can still be undone."""
    was_counted = signature.state == SignatureState.WITHDRAWN and signature.verified_at is not None
    return was_counted and rules.is_signing_open(petition, clock.now())


def _move(signature: Signature, state: SignatureState) -> None:
    """Compare and set: of several changes at once exactly one happens."""
    before = signature.state
    if not rules.is_step(before, state):
        raise Conflict(_("This signature has changed meanwhile. Please look again."))
    at = clock.now() if state == SignatureState.WITHDRAWN else None
    moved = db.session.execute(
        update(Signature)
        .where(Signature.id == signature.id, Signature.state == before)
        .values(state=state, withdrawn_at=at)
        .execution_options(synchronize_session=False)
        .returning(Signature.id)
    ).scalar_one_or_none()
    if moved is None:
        raise Conflict(_("This signature has changed meanwhile. Please look again."))
    db.session.refresh(signature)
