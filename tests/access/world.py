"""Two coalitions with everything in them, what was put away in ours, and one visitor of each kind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from advocacy.accounts.factor_models import Passkey
from advocacy.accounts.models import User, UserSession
from advocacy.accounts.services import sessions
from advocacy.app import create_app
from advocacy.campaigns.services import planning, tracking
from advocacy.campaigns.services import standing as positions
from advocacy.coalitions import linking
from advocacy.coalitions.models import RoleName
from advocacy.coalitions.organization_models import Membership
from advocacy.coalitions.services import governing, granting, inviting, voting
from advocacy.core import clock, crypto, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.core.ids import new_public_id
from advocacy.messaging.models import Mail, MailState
from advocacy.outreach.models import LobbyingEntry, LobbyingPeriod, LobbyingPrompt
from advocacy.outreach.services import prompting
from advocacy.petitions.models import HeldReason, Petition, Signature, SignatureState
from advocacy.petitions.services import correcting
from advocacy.queue.models import JobState, QueuedJob
from advocacy.signons import queries as signon_queries
from advocacy.signons.models import SignOnLetter
from advocacy.signons.services import wording
from advocacy.web.session import cookie_name
from tests.access import put_away
from tests.factories import organizations, partners, petitions, signons
from tests.factories.accounts import csrf_token, make_user, sign_in
from tests.factories.coalitions import actor_in, give_role, make_coalition, make_member
from tests.support import databases, world
from tests.support.canary import Marks
from tests.support.rewind import Rewind, rewinding

type_known = dict[str, str]


@dataclass
class Visitor:
    """Somebody at the door; ``own`` are objects that are theirs alone."""

    user_id: int | None = None
    cookie: str = ""
    token: str = ""
    own: type_known = field(default_factory=dict)


@dataclass
class Estate:
    """A coalition and how to find what is in it."""

    coalition_id: int
    known: type_known
    petition_id: int
    letter_id: int
    ledger_membership: Membership


@dataclass
class World:
    """All there is to knock at."""

    app: Flask
    ours: Estate
    theirs: Estate
    gone: type_known
    visitors: dict[str, Visitor]
    their_people: dict[str, Visitor]
    client: FlaskClient
    marks: Marks
    rewind: Rewind
    wrote: bool = False

    @property
    def kinds(self) -> dict[str, type_known]:
        """Where each kind of object is found: ours, the other coalition's, what was put away in ours."""
        return {"own": self.ours.known, "other": self.theirs.known, "gone": self.gone}


@contextmanager
def standing() -> Iterator[World]:
    """Build it on a fresh SQLite database, with the app's context pushed."""
    crypto.data_keys.clear()
    app = create_app(databases.make_settings(databases.new_database("sqlite")))
    with app.app_context():
        event.listen(db.engine, "connect", _in_haste)
        marks = Marks()
        with marks.on_every_word():
            theirs = _estate(app, "the-others", "Over the River")
        ours = _estate(app, "ours", "Minds of the Valley")
        gone = put_away.gone(ours.coalition_id, app.test_client())
        theirs.known |= _own(make_member(theirs.coalition_id))
        visitors = _visitors(app, ours, theirs)
        their_people = _signed_in(app, _members(theirs))
        with rewinding() as rewind:
            yield World(
                app, ours, theirs, gone, visitors, their_people, app.test_client(use_cookies=False), marks, rewind
            )
        db.session.remove()
        db.engine.dispose()


def _in_haste(raw: sqlite3.Connection, _record: object) -> None:
    """Nobody asks here whether rows outlive a power cut."""
    raw.execute("PRAGMA synchronous=OFF")


def _estate(app: Flask, slug: str, name: str) -> Estate:
    coalition_id = make_coalition(slug, name)
    known = world.furnish(coalition_id, app.test_client())
    with uow.reading():
        petition = db.session.execute(select(Petition).where(Petition.slug == known["slug"])).scalar_one()
        letter = db.session.execute(select(SignOnLetter).where(SignOnLetter.slug == known["signons:slug"])).scalar_one()
        entry = select(LobbyingEntry).where(LobbyingEntry.public_id == known["lobbying:public_id"])
        ledger = db.session.get_one(Membership, db.session.execute(entry).scalar_one().membership_id)
        db.session.expunge_all()
    page = partners.make_partner_page(petition, ledger)
    _further_words(coalition_id, known, ledger)
    known |= _people(coalition_id) | _for_the_ledger(letter, ledger) | _work(coalition_id)
    known |= {
        "signons_desk:correction_id": _correction(letter),
        "petitions_desk:correction_id": _mended(petition),
        "petitions_desk.release:signature_id": _held(petition, app.test_client()),
        "names:request_id": organizations.ask_name(ledger),
        "partner_pages:page_id": page.public_id,
        "partner_pages:reference": partners.given_and_taken_back(app.test_client(), petition, page),
        "decisions.save:public_id": organizations.make_decision(coalition_id, is_open=False).public_id,
        "signons_desk.edit:public_id": signons.make_letter(coalition_id, state="draft").public_id,
    }
    known["decisions.edit:public_id"] = known["decisions.open_vote:public_id"] = known["decisions.save:public_id"]
    known["signons_desk.change:public_id"] = known["signons_desk.edit:public_id"]
    return Estate(coalition_id, known, petition.id, letter.id, ledger)


def _further_words(coalition_id: int, known: type_known, voter: Membership) -> None:
    """Words in the columns that ``furnish`` leaves empty."""
    actor = system_actor(coalition_id=coalition_id)
    person = organizations.acting(voter, organizations.make_representative(voter))
    day = clock.now().date()
    with uow.unit():
        voting.cast_vote(person, known["decisions:public_id"], choice="abstain", reason="Our members are split.")
        governing.change_settings(
            actor,
            coalition_id,
            about="We meet on Mondays.",
            decision_rule="majority",
            quorum_pct=50,
            spokesperson_policy="Ask the chair.",
        )
        bill_id = known["campaigns_bills:public_id"]
        tracking.add_step(actor, bill_id, what="Heard in committee", happened_on=day)
        tracking.add_version(actor, bill_id, label="Introduced", printed_on=day)
        positions.take_position(actor, bill_id, stance="watch", reason="We wait for the text.")
        planning.add_measurement(
            actor, known["campaigns_plan.measure:part"], on=day, value=3.0, source="Counted on site"
        )


def _people(coalition_id: int) -> type_known:
    role_id = give_role(coalition_id, make_user(name="Wren Adler"), RoleName.OBSERVER)
    with uow.unit():
        made = inviting.invite(system_actor(), coalition_id, f"new{coalition_id}@example.org", RoleName.VOLUNTEER)
        link, public_id = linking.url(made) or "", made.public_id
    return {
        "role_id": str(role_id),
        "coalitions.revoke:public_id": public_id,
        "invitations:token": link.rpartition("/")[2],
    }


def _for_the_ledger(letter: SignOnLetter, ledger: Membership) -> type_known:
    with uow.unit():
        prompting.prompt_signers(letter.id, letter.coalition_id, [ledger.id])
    with uow.reading():
        period = select(LobbyingPeriod.public_id).where(LobbyingPeriod.membership_id == ledger.id)
        prompt = select(LobbyingPrompt.public_id).where(LobbyingPrompt.membership_id == ledger.id)
        return {
            "lobbying.move:public_id": db.session.execute(period).scalars().first() or "",
            "lobbying.dismiss:public_id": db.session.execute(prompt).scalars().first() or "",
        }


def _correction(letter: SignOnLetter) -> str:
    writer = actor_in(letter.coalition_id, user_id=make_member(letter.coalition_id))
    with uow.unit():
        found = db.session.get_one(SignOnLetter, letter.id)
        body = signon_queries.text_of(found).body.replace("crisis beds", "crisis bedz")
        return wording.suggest_correction(writer, found.public_id, body, version=found.version).public_id


def _mended(petition: Petition) -> str:
    writer = actor_in(petition.coalition_id, user_id=make_member(petition.coalition_id))
    with uow.unit():
        found = db.session.get_one(Petition, petition.id)
        text = found.text.replace("nobody", "nobodie")
        return correcting.suggest_correction(writer, found, title=found.title, text=text).public_id


def _held(petition: Petition, visitor: FlaskClient) -> str:
    petitions.sign(visitor, petition.slug)
    held = petitions.signatures(petition.id)[-1]
    change = {"state": SignatureState.QUARANTINED, "held_reason": HeldReason.TRAP}
    with uow.unit():
        db.session.execute(update(Signature).where(Signature.id == held.id).values(change))
    return held.public_id


def _work(coalition_id: int) -> type_known:
    """A mail that was given up, and a job."""
    with uow.unit():
        mail = db.session.execute(select(Mail).where(Mail.coalition_id == coalition_id).limit(1)).scalar_one()
        mail.state, mail.next_at = MailState.DEAD, None
        now = clock.now()
        job = QueuedJob(name="audit.seal", args={}, state=JobState.DEAD, run_at=now, created_at=now)
        db.session.add(job)
        db.session.flush()
        return {"messaging.send_again:public_id": mail.public_id, "job_id": str(job.id)}


def _visitors(app: Flask, ours: Estate, theirs: Estate) -> dict[str, Visitor]:
    """Accounts first: giving a role ends the sessions that its holder has."""
    accounts = _members(ours) | {"nobody": make_user()}
    accounts["platform_admin"] = make_user(platform_admin=True)
    rival = signons.make_organization(ours.coalition_id, "Rival House")
    accounts["rival_representative"] = organizations.make_representative(rival)
    partner_pages: dict[str, type_known] = {}
    for name in ("partner", "rival_partner"):
        partner = organizations.make_organization(ours.coalition_id, f"{name} House", tier="partner")
        accounts[name] = organizations.make_representative(partner)
        petition = db.session.get_one(Petition, ours.petition_id)
        db.session.expunge(petition)
        db.session.rollback()
        page = partners.make_partner_page(petition, partner)
        partner_pages[name] = {
            "names:request_id": organizations.ask_name(partner),
            "partner_pages:page_id": page.public_id,
            "partner_pages:reference": partners.given_and_taken_back(app.test_client(), petition, page),
        }
    accounts["seat_holder"], seat_of = _seat_holder(ours.coalition_id)
    accounts["of_the_others"] = make_member(theirs.coalition_id, RoleName.ADMIN)
    accounts["of_both"] = make_member(ours.coalition_id, RoleName.VOLUNTEER)
    give_role(theirs.coalition_id, accounts["of_both"], RoleName.ADMIN)
    visitors = {"anonymous": Visitor()} | _signed_in(app, accounts)
    visitors["seat_holder"].own.update(seat_of)
    visitors["partner"].own.update(partner_pages["partner"])
    _put_in_view(ours.coalition_id, [accounts["platform_admin"], accounts["of_both"]])
    return visitors


def _members(estate: Estate) -> dict[str, int]:
    """Somebody with each role of a coalition, and somebody who acts for an organization."""
    found = {str(role): make_member(estate.coalition_id, role) for role in RoleName}
    return found | {"representative": organizations.make_representative(estate.ledger_membership)}


def _signed_in(app: Flask, accounts: dict[str, int]) -> dict[str, Visitor]:
    found = {}
    for name, user_id in accounts.items():
        client = sign_in(app.test_client(), user_id)
        cookie = client.get_cookie(cookie_name(app))
        assert cookie is not None
        found[name] = Visitor(user_id, f"{cookie.key}={cookie.value}", csrf_token(client), _own(user_id))
    return found


def _seat_holder(coalition_id: int) -> tuple[int, type_known]:
    """Somebody with no more than a lived-experience seat; gives what the seat concerns."""
    user_id, committee = make_user(), organizations.make_committee(coalition_id)
    role_id = give_role(coalition_id, user_id, RoleName.SPEAKER)
    organizations.hold_seat(committee, 3, user_id)
    with uow.unit():
        granting.end_role(system_actor(), coalition_id, role_id)
    decision = organizations.make_decision(coalition_id, kind="story_policy", title="How we use stories")
    return user_id, {"committees:public_id": committee.public_id, "decisions:public_id": decision.public_id}


def _put_in_view(coalition_id: int, user_ids: list[int]) -> None:
    with uow.unit():
        db.session.execute(
            update(UserSession).where(UserSession.user_id.in_(user_ids)).values(coalition_id=coalition_id)
        )


def _own(user_id: int) -> type_known:
    """What belongs to an account: another session and a passkey."""
    with uow.unit():
        sessions.begin_session(user_id)
        session = (
            select(UserSession.public_id).where(UserSession.user_id == user_id).order_by(UserSession.id.desc()).limit(1)
        )
        public_id, user = new_public_id(), db.session.get_one(User, user_id)
        db.session.add(
            Passkey(
                public_id=public_id,
                user_id=user.id,
                credential_id=public_id.encode(),
                public_key=b"\0",
                sign_count=0,
                transports=[],
                is_backed_up=False,
                name_sealed=crypto.seal("site", "My phone", table="passkey", column="name", row=public_id),
                created_at=clock.now(),
            )
        )
        return {
            "accounts.end_session:public_id": db.session.execute(session).scalar_one(),
            "factors.remove_passkey:public_id": public_id,
        }
