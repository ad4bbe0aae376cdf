"""What letters add to a bill's timeline: the day on which each was handed over."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from advocacy.campaigns.models import Bill
from advocacy.core.db import db
from advocacy.signons.models import SignOnLetter
from advocacy.signons.rules import PUBLIC_STATES
from advocacy.web.offers import BillDay


def of_bill(bill_id: int, for_everybody: bool) -> Sequence[BillDay]:
    """The letters about a bill that were handed over; everybody may read those."""
    ours = select(Bill.coalition_id).where(Bill.id == bill_id).scalar_subquery()  # the index begins with it
    wanted = select(SignOnLetter).where(
        SignOnLetter.coalition_id == ours,
        SignOnLetter.bill_id == bill_id,
        SignOnLetter.delivered_at.is_not(None),
        SignOnLetter.state.in_(PUBLIC_STATES),
    )
    return [
        BillDay(
            letter.delivered_at.astimezone(ZoneInfo(letter.tz)).date(),
            _("Letter handed over: %(title)s", title=letter.title),
            url=f"/sign-on-letters/{letter.slug}" if for_everybody else f"/desk/sign-on-letters/{letter.public_id}",
        )
        for letter in db.session.execute(wanted.order_by(SignOnLetter.id)).scalars()
        if letter.delivered_at is not None
    ]
