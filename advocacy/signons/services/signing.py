"""What an organization does with its link: sign, say no, offer a statement instead, take its name back."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.audit import services as audit
from advocacy.coalitions.organization_models import Membership, MembershipState
from advocacy.core import clock, crypto
from advocacy.core.actor import Actor, Channel
from advocacy.core.db import db
from advocacy.core.errors import Conflict, Gone, NotAllowed, RuleBroken
from advocacy.signons import linking, people_queries, rules
from advocacy.signons.models import LetterState, Shown, SignOn, SignOnLetter, SignOnState
from advocacy.signons.services import forgetting, inviting

FIXED = frozenset({LetterState.FROZEN, LetterState.DELIVERED, LetterState.ARCHIVED})


@dataclass(frozen=True)
class Signature:
    """What somebody fills in for their organization."""

    name: str
    title: str
    place: str
    email: str
    authority: bool
    text_version: int
    shown: str = Shown.FULL
    with_logo: bool = False
    """The words in front of the person said that the full form shows the logo too."""


class MayNotLobby(NotAllowed):
    """The organization's records say that it may not lobby, and the letter does (I-044)."""


class LacksAuthority(RuleBroken):
    """Who filled in the form may not sign for the organization; somebody else is asked."""


@dataclass(frozen=True)
class Linked:
    """What a link leads to."""

    row: SignOn
    letter: SignOnLetter
    membership: Membership

    @property
    def may_not_lobby(self) -> bool:
        """Whether this organization cannot sign this letter because it lobbies."""
        return self.letter.is_lobbying and not self.membership.may_lobby


def linked(token: str, *, lock: bool = False) -> Linked:
    """The row, the letter and the organization behind a link; ``lock`` holds the letter as it is.

    Raises: NotFound, Gone when the letter was withdrawn.
    """
    row = linking.by_link(token)
    wanted = select(SignOnLetter).where(SignOnLetter.id == row.letter_id)
    # The letter first, as everywhere: whoever rewords or freezes it holds it too. Then the row as it is now.
    letter = db.session.execute(wanted.with_for_update(read=True) if lock else wanted).scalar_one()
    if lock:
        db.session.refresh(row, with_for_update=True)
    if letter.state in {LetterState.WITHDRAWN, LetterState.DRAFT, LetterState.REVIEW}:
        raise Gone(_("This letter was withdrawn. Nothing is asked of you any more."))
    return Linked(row, letter, db.session.get_one(Membership, row.membership_id))


def sign(token: str, given: Signature) -> SignOn:
    """Sign for an organization, or sign again after the words changed.

    Raises: NotFound, Gone, MayNotLobby (I-044), Conflict when the words or the letter moved on, RuleBroken naming the
    field; LacksAuthority without the tick, which leaves the organization invited (I-040).
    """
    found = linked(token, lock=True)
    row, letter, membership = found.row, found.letter, found.membership
    if not rules.is_collecting(letter, clock.now()):
        raise Conflict(_("This letter takes no more signatures."))
    if found.may_not_lobby:
        raise MayNotLobby(_("Our records say that your organization may not lobby, and this letter lobbies on a bill."))
    if row.state == SignOnState.SIGNED or not rules.is_step(row.state, SignOnState.SIGNED):
        raise Conflict(_("Your organization has answered already. Please look at the page again."))
    if membership.state != MembershipState.ACTIVE:
        raise NotAllowed(_("Your organization is not an active member now. Please write to the coalition."))
    if not letter.material_version <= given.text_version <= letter.text_version:
        raise Conflict(
            _("The words of the letter changed while you read them. Please read them again before you sign.")
        )
    if given.shown not in rules.shown_choices(membership.name_use):
        raise RuleBroken(_("Your organization asked not to be named."), field="shown")
    for field, value in (("name", given.name), ("title", given.title), ("place", given.place), ("email", given.email)):
        if not value:
            raise RuleBroken(_("Please fill this in."), field=field)
    if not given.authority:
        raise LacksAuthority(
            _("Only somebody with the authority to sign for your organization can tick this. We ask them by mail."),
            field="authority",
        )
    _fill(row, letter, given)
    row.with_logo = given.with_logo and given.shown == Shown.FULL and rules.asks_for_logo(membership)
    db.session.flush()
    _record("signon.signed", row, {"text_version": given.text_version, "with_logo": row.with_logo})
    return row


def ask_for_authority(token: str) -> bool:
    """Write to the organization's contact that a signature waits for somebody with authority; whether a mail left."""
    found = linked(token, lock=True)
    if found.row.state not in {SignOnState.INVITED, SignOnState.NEEDS_RECONFIRM}:
        return False
    found.row.awaits_authority_at = clock.now()
    db.session.flush()
    _record("signon.authority_asked", found.row, {})
    today = clock.now().date().isoformat()
    return inviting.mail(
        found.letter, found.row, inviting.AUTHORITY_MAIL, key=f"signon:{found.row.id}:authority:{today}"
    )


def decline(token: str, *, wants_statement: bool = False) -> SignOn:
    """Say no; ``wants_statement`` offers words of one's own that do not lobby.

    Raises: NotFound, Gone, Conflict.
    """
    found = linked(token, lock=True)
    if not rules.is_step(found.row.state, SignOnState.DECLINED) or found.letter.state != LetterState.COLLECTING:
        raise Conflict(_("Your organization has answered already, or the letter has ended."))
    found.row.state, found.row.wants_statement = SignOnState.DECLINED, wants_statement
    db.session.flush()
    _record("signon.declined", found.row, {"wants_statement": wants_statement})
    return found.row


def rescind(token: str) -> SignOn:
    """Take the organization's name back: until the letter is frozen it leaves; later the day is noted beside it.

    Raises: NotFound, Gone, Conflict.
    """
    found = linked(token, lock=True)
    row = found.row
    if found.letter.state in FIXED:
        if row.state != SignOnState.SIGNED or row.withdrew_at is not None:
            raise Conflict(_("Your organization does not stand under this letter."))
        row.withdrew_at = clock.now()
    elif rules.is_step(row.state, SignOnState.RESCINDED):
        row.state, row.rescinded_at = SignOnState.RESCINDED, clock.now()
    else:
        raise Conflict(_("Your organization does not stand under this letter."))
    db.session.flush()
    _record("signon.rescinded", row, {"after_freezing": found.letter.state in FIXED})
    return row


def forget_name(token: str) -> SignOn:
    """Erase who signed, and the address; the organization stays under the letter.

    Raises: NotFound, Gone, Conflict when nobody signed.
    """
    found = linked(token, lock=True)
    if found.row.signed_at is None or found.row.erased_at is not None:
        raise Conflict(_("There is no name here to take out."))
    forgetting.forget_signer(found.row)
    _record("signon.signer_erased", found.row, {})
    return found.row


def _fill(row: SignOn, letter: SignOnLetter, given: Signature) -> None:
    scope = f"coalition:{letter.coalition_id}"
    row.signer_name = crypto.seal(scope, given.name, table="sign_on", column="signer_name", row=row.public_id)
    row.contact = crypto.seal(scope, given.email, table="sign_on", column="contact", row=row.public_id)
    row.contact_key = people_queries.email_key(letter.coalition_id, given.email)
    row.erased_at = None
    row.title, row.place, row.shown = given.title, given.place, given.shown
    row.authority_attested, row.awaits_authority_at = True, None
    row.text_version, row.signed_at = given.text_version, clock.now()
    row.state = SignOnState.SIGNED


def _record(action: str, row: SignOn, facts: dict[str, object]) -> None:
    """Whoever holds the link has no account; the row says which organization acted."""
    actor = Actor(coalition_id=row.coalition_id, channel=Channel.WEB)
    facts = {"letter_id": row.letter_id, "membership_id": row.membership_id, **facts}
    audit.record(actor, action, inviting.ROW, row.id, coalition_id=row.coalition_id, facts=facts)
