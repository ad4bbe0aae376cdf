"""The day on which a letter was handed over, on the timeline of its bill."""

from __future__ import annotations

from sqlalchemy import select

from advocacy.campaigns.models import Bill
from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.signons import days
from advocacy.signons.services import ending
from tests.factories.coalitions import make_coalition
from tests.factories.signons import make_bill, make_letter, make_organization, sign_on


def test_letter_stands_on_the_timeline_of_its_bill_once_it_is_handed_over(app):
    coalition_id = make_coalition()
    bill_id = make_bill(coalition_id)
    letter = make_letter(coalition_id, is_lobbying=True, bill_id=bill_id)
    sign_on(letter, make_organization(coalition_id))
    with uow.reading():
        assert days.of_bill(bill_id, for_everybody=True) == []
    for step in (ending.freeze_letter, ending.deliver_letter):
        with uow.unit():
            step(system_actor(coalition_id=coalition_id), letter.public_id)
    with uow.reading():
        (found,) = days.of_bill(bill_id, for_everybody=True)
        (at_desk,) = days.of_bill(bill_id, for_everybody=False)
        assert db.session.execute(select(Bill.id)).scalar_one() == bill_id
    assert letter.title in found.title
    assert found.url == f"/sign-on-letters/{letter.slug}"
    assert at_desk.url == f"/desk/sign-on-letters/{letter.public_id}"
