"""Organizations, bills and sign-on letters for tests."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from advocacy.campaigns.models import Bill
from advocacy.coalitions.organization_models import Membership
from advocacy.core import clock, uow
from advocacy.core.actor import Actor, system_actor
from advocacy.core.db import db
from advocacy.core.ids import new_public_id
from advocacy.signons import linking, people_linking
from advocacy.signons.models import LetterState, SignOn, SignOnLetter
from advocacy.signons.people_models import PersonalSignOn
from advocacy.signons.services import inviting, lettering, personal, signing
from tests.factories import organizations

_number = count(1)
BODY = "We ask that the state should fund crisis beds.\n\n- Ten beds close to home\n- Peers on every shift"


def make_organization(
    coalition_id: int, name: str | None = None, *, may_lobby: bool = True, state: str = "active", **terms: Any
) -> Membership:
    """An organization that may be named, committed and detached; its contact is ``office<N>@org.example``."""
    number = next(_number)
    given = {
        "name_use": "always",
        "contact_name": "Office",
        "contact_email": f"office{number}@org.example",
        "may_lobby": may_lobby,
        **terms,
    }
    return organizations.make_organization(coalition_id, name, state=state, **given)


def make_bill(coalition_id: int, identifier: str = "HB 2999") -> int:
    """A bill that the coalition follows, committed; gives its id."""
    now = clock.now()
    with uow.unit():
        made = Bill(
            coalition_id=coalition_id,
            public_id=new_public_id(),
            jurisdiction="or",
            session="2027",
            identifier=identifier,
            identifier_norm=identifier.replace(" ", "").upper(),
            title="Crisis beds close to home",
            source_name="Fixture",
            checked_on=date(2026, 11, 1),
            created_at=now,
            changed_at=now,
        )
        db.session.add(made)
        db.session.flush()
        return made.id


def make_letter(
    coalition_id: int,
    *,
    state: str = LetterState.COLLECTING,
    is_lobbying: bool = False,
    bill_id: int | None = None,
    body: str = BODY,
    actor: Actor | None = None,
    slug: str | None = None,
    title: str = "Fund crisis beds close to home",
    takes_people: bool = False,
) -> SignOnLetter:
    """A letter, committed, detached, as far as ``collecting``."""
    actor = actor or system_actor(coalition_id=coalition_id)
    now = clock.now()
    facts = lettering.Facts(
        title=title,
        addressees="The Honorable Ada Quill\nChair, Committee on Health",
        internal_due=now + timedelta(days=10),
        final_due=now + timedelta(days=12),
        bill_id=bill_id,
        is_lobbying=is_lobbying,
        takes_people=takes_people,
    )
    with uow.unit():
        letter = lettering.create_letter(
            actor, coalition_id, facts, slug=slug or f"beds-letter-{next(_number)}", body=body
        )
        public_id, letter_id = letter.public_id, letter.id
        if state != LetterState.DRAFT:
            lettering.move_letter(actor, public_id, LetterState.REVIEW)
        if state == LetterState.COLLECTING:
            lettering.move_letter(actor, public_id, LetterState.COLLECTING)
    return fresh(SignOnLetter, letter_id)


def invite(letter: SignOnLetter, *memberships: Membership) -> list[str]:
    """Ask organizations; gives the tokens of their links in the same order."""
    with uow.unit():
        inviting.invite(
            system_actor(coalition_id=letter.coalition_id), letter.public_id, [one.public_id for one in memberships]
        )
    with uow.reading():
        rows = {
            row.membership_id: linking.token(row)
            for row in db.session.execute(select(SignOn).where(SignOn.letter_id == letter.id)).scalars()
        }
    return [rows[one.id] for one in memberships]


def given(letter: SignOnLetter, **facts: Any) -> signing.Signature:
    """What somebody fills in."""
    return signing.Signature(
        **{
            "name": "Ingrid Vale",
            "title": "Director",
            "place": "Salem",
            "email": "ingrid@org.example",
            "authority": True,
            "text_version": letter.text_version,
            **facts,
        }
    )


def sign_on(letter: SignOnLetter, *memberships: Membership) -> list[str]:
    """Ask organizations and let each sign; gives the tokens of their links."""
    tokens = invite(letter, *memberships)
    for token in tokens:
        with uow.unit():
            signing.sign(token, given(letter))
    return tokens


def person_given(letter: SignOnLetter, email: str | None = None, **facts: Any) -> dict[str, Any]:
    """What somebody fills in who signs for themselves."""
    return {
        "name": "Zoë Ndiaye",
        "place": "Salem",
        "email": email or f"person-signs{next(_number)}@example.org",
        "shown": "full",
        "consent": "y",
        "text_version": str(letter.text_version),
        **facts,
    }


def sign_as_person(
    client: FlaskClient, letter: SignOnLetter, email: str | None = None, *, confirms: bool = True, **facts: Any
) -> PersonalSignOn:
    """A person's name under a letter, given by the form and confirmed by the link."""
    data = person_given(letter, email, **facts)
    answer = client.post(f"/sign-on-letters/{letter.slug}/signatures", data=data)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    row = people_of(letter)[-1]
    if confirms:
        with uow.unit():
            personal.confirm(people_linking.confirm_token(row), letter.text_version)
    return people_of(letter)[-1]


def people_of(letter: SignOnLetter) -> list[PersonalSignOn]:
    """Everybody who signed a letter for themselves, oldest first, as they are now; detached."""
    db.session.rollback()
    with uow.reading():
        rows = db.session.execute(
            select(PersonalSignOn).where(PersonalSignOn.letter_id == letter.id).order_by(PersonalSignOn.id)
        )
        found = list(rows.scalars())
        db.session.expunge_all()
    return found


def fresh(kind: type[Any], row_id: int) -> Any:
    """The row as it is now, detached."""
    db.session.rollback()
    with uow.reading():
        found = db.session.get(kind, row_id)
        if found is not None:
            db.session.refresh(found)
            db.session.expunge(found)
    return found
