"""The demo's organizations, the letter they sign, and what two of them wrote down of their lobbying."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from advocacy.campaigns.models import Bill
from advocacy.civic.services import directory
from advocacy.coalitions import queries
from advocacy.coalitions.models import REPRESENTATIVE
from advocacy.coalitions.name_models import COALITION_PAGE
from advocacy.coalitions.organization_models import Leave, Membership, MembershipState
from advocacy.coalitions.services import naming, organizing, picturing, representing
from advocacy.core import clock
from advocacy.core.actor import Actor, Channel
from advocacy.core.db import db
from advocacy.demo import letter_words as words
from advocacy.demo import logo_pictures
from advocacy.demo.services import relating
from advocacy.outreach.models import ContactKind, LobbyingKind
from advocacy.outreach.services import contacting, recording
from advocacy.signons import linking, people_linking
from advocacy.signons.models import LetterState, SignOn, SignOnLetter
from advocacy.signons.people_models import PersonalSignOn
from advocacy.signons.services import inviting, lettering, personal, signing


def begin(actor: Actor, coalition_id: int, people: dict[str, int]) -> None:
    """Bring the organizations in, let them sign, fill two ledgers; ``people`` are user ids by role."""
    today = clock.now().date()
    found = db.session.execute(select(Bill).where(Bill.coalition_id == coalition_id)).scalar_one()
    bill = found.id
    members = [_organization(actor, coalition_id, line, people, today) for line in words.ORGANIZATIONS]
    _letter(actor, coalition_id, bill, members)
    keepers = {line.role: people[line.role] for line in words.ORGANIZATIONS if line.role}
    for role, kind, days, what, minutes, cost in words.ENTRIES:
        given = recording.Entry(
            kind=kind,
            happened_on=today - timedelta(days=days),
            what=what,
            minutes=minutes,
            cost_minor=cost,
            bill_id=bill if kind in {LobbyingKind.DIRECT, LobbyingKind.GRASSROOTS} else None,
            reason=words.NO_VIEW if kind == LobbyingKind.NOT_LOBBYING else "",
        )
        recording.enter(_keeper(keepers[role], coalition_id), given)
    recording.set_spending(_keeper(keepers["organizer"], coalition_id), today.year, words.SPENDING_MINOR)
    contacting.log_contact(
        actor,
        coalition_id,
        contacting.Contact(
            office=words.OFFICE,
            kind=ContactKind.MEETING,
            happened_on=today - timedelta(days=12),
            bill_id=bill,
            lobbying_kind=LobbyingKind.DIRECT,
            legislator_key=_somebody(),
            outcome=words.OUTCOME,
            follow_up_on=today + timedelta(days=2),
        ),
    )
    relating.begin(actor, coalition_id, found, people)


def _somebody() -> str:
    """A lawmaker of the made-up state."""
    found = directory.people_page(size=1).officials
    return found[0].id if found else ""


def _organization(
    actor: Actor, coalition_id: int, line: words.Organization, people: dict[str, int], today: date
) -> Membership:
    terms = organizing.Terms(
        name=line.name,
        mou_version="1",
        mou_signed_on=today - timedelta(days=200),
        name_use=Leave.ASK_EACH if line.asks_each else Leave.ALWAYS,
        logo_use=line.logo_use,
        tax_status=line.tax_status,
        h_election=line.h_election,
        may_lobby=line.may_lobby,
        contact_name=line.signer or "The office",
        contact_email=_address(line),
    )
    made = organizing.add_organization(actor, coalition_id, terms, state=MembershipState.ACTIVE)
    if line.logo_use != Leave.NEVER:
        drawn = logo_pictures.harbor() if line.logo_use == Leave.ALWAYS else logo_pictures.workers()
        picturing.store_logo(actor, made, drawn, version=0)
    if line.asks_each:
        naming.ask(actor, made, COALITION_PAGE, queries.coalition(coalition_id).name)
    if line.role:
        representing.give_representation(actor, made, people[line.role])
    return made


def _letter(actor: Actor, coalition_id: int, bill: int, members: list[Membership]) -> None:
    now = clock.now()
    facts = lettering.Facts(
        title=words.TITLE,
        addressees=words.ADDRESSEES,
        internal_due=(now + timedelta(days=5)).replace(hour=21, minute=0, second=0, microsecond=0),
        final_due=(now + timedelta(days=8)).replace(hour=16, minute=0, second=0, microsecond=0),
        bill_id=bill,
        is_lobbying=True,
        takes_people=True,
    )
    letter = lettering.create_letter(actor, coalition_id, facts, slug=words.SLUG, body=words.BODY.strip())
    for state in (LetterState.REVIEW, LetterState.COLLECTING):
        lettering.move_letter(actor, letter.public_id, state)
    inviting.invite(actor, letter.public_id, [member.public_id for member in members])
    for line, member in zip(words.ORGANIZATIONS, members, strict=True):
        if line.signer:
            _sign(letter, line, member)
    for number, (name, place, shown) in enumerate(words.PEOPLE):
        _sign_as_person(letter, number, name, place, shown)


def _sign_as_person(letter: SignOnLetter, number: int, name: str, place: str, shown: str) -> None:
    """Somebody signs for themselves; the last of them has not pressed the button in the mail yet."""
    given = personal.GivenName(
        name=name,
        place=place,
        email=f"neighbour{number + 1}@riverbend.example",
        shown=shown,
        consent=True,
        text_version=letter.text_version,
    )
    personal.give_name(letter.slug, given)
    row = db.session.execute(
        select(PersonalSignOn).where(PersonalSignOn.letter_id == letter.id).order_by(PersonalSignOn.id.desc()).limit(1)
    ).scalar_one()
    if number + 1 < len(words.PEOPLE):
        personal.confirm(people_linking.confirm_token(row), letter.text_version)


def _sign(letter: SignOnLetter, line: words.Organization, member: Membership) -> None:
    row = db.session.execute(
        select(SignOn).where(SignOn.letter_id == letter.id, SignOn.membership_id == member.id)
    ).scalar_one()
    given = signing.Signature(
        name=line.signer,
        title=line.title,
        place=line.place,
        email=_address(line),
        authority=True,
        text_version=letter.text_version,
        shown=line.shown,
        with_logo=line.logo_use == Leave.ASK_EACH,
    )
    signing.sign(linking.token(row), given)


def _address(line: words.Organization) -> str:
    short = "-".join(line.name.lower().split()[:2])
    return f"office@{short}.example"


def _keeper(user_id: int, coalition_id: int) -> Actor:
    return Actor(user_id=user_id, coalition_id=coalition_id, roles=frozenset({REPRESENTATIVE}), channel=Channel.COMMAND)
