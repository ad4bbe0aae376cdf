"""Following bills: enter them by hand, say where they stand and when somebody last looked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from advocacy.audit import services as audit
from advocacy.campaigns import rules
from advocacy.campaigns.models import Bill, BillAction, BillStatus, BillVersion, CampaignBill
from advocacy.campaigns.queries import bills
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.services import checks, drafting
from advocacy.coalitions import rules as roles
from advocacy.core import clock
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id


@dataclass(frozen=True)
class BillWords:
    """What somebody writes of a bill."""

    jurisdiction: str
    session: str
    identifier: str
    title: str
    source_name: str
    checked_on: date
    status: str = BillStatus.INTRODUCED
    summary: str = ""
    source_url: str = ""
    ocd_id: str = ""
    is_public: bool = False


def add_bill(actor: Actor, coalition_id: int, words: BillWords) -> Bill:
    """Begin to follow a bill.

    Raises: NotAllowed, RuleBroken naming the field, Conflict when the coalition follows it already (domain I-051).
    """
    roles.require(actor, queries.MANAGE, coalition_id)
    made = Bill(coalition_id=coalition_id, public_id=new_public_id(), created_at=clock.now())
    _fill(made, words)
    db.session.add(made)
    db.session.flush()
    _record(actor, "bill.added", made)
    if made.is_public:
        _record(actor, "bill.published", made)
    return made


def change_bill(actor: Actor, bill_id: str, words: BillWords, *, version: int) -> Bill:
    """Change what is written of a bill.

    Raises: NotAllowed, NotFound, Conflict, RuleBroken naming the field.
    """
    found = bills.bill(actor, bill_id, queries.MANAGE, lock=True)
    checks.require_version(found.version, version)
    was_public, was = found.is_public, found.status
    _fill(found, words)
    db.session.flush()
    _record(actor, "bill.changed", found, **{"from": was, "to": found.status})
    if found.is_public != was_public:
        _record(actor, "bill.published" if found.is_public else "bill.hidden", found)
    return found


def add_version(actor: Actor, bill_id: str, *, label: str, printed_on: date, url: str = "") -> BillVersion:
    """Note a printed text of the bill.

    Raises: NotAllowed, NotFound, Conflict when there is one of this name, RuleBroken naming the field.
    """
    found = bills.bill(actor, bill_id, queries.MANAGE, lock=True)
    held = select(BillVersion.id).where(BillVersion.bill_id == found.id, BillVersion.label == label)
    if db.session.execute(held).first() is not None:
        raise Conflict(_("There is a version of this name already."), field="label")
    made = BillVersion(
        coalition_id=found.coalition_id,
        bill_id=found.id,
        label=checks.require_text(label, "label"),
        printed_on=checks.require_not_ahead(printed_on, found.coalition_id, "printed_on"),
        url=checks.require_web_address(url, "url"),
    )
    db.session.add(made)
    db.session.flush()
    _record(actor, "bill.version_added", found, version_id=made.id)
    return made


def add_step(
    actor: Actor, bill_id: str, *, what: str, happened_on: date, status: str = "", from_source: bool = False
) -> BillAction:
    """Note what happened to the bill; with ``status``, where it stands since. Somebody looked today.

    ``from_source``: as a source says it, which may date a step ahead; an older step does not say where the bill stands.

    Raises: NotAllowed, NotFound, RuleBroken naming the field.
    """
    found = bills.bill(actor, bill_id, queries.MANAGE, lock=True)
    made = BillAction(
        coalition_id=found.coalition_id,
        bill_id=found.id,
        what=checks.require_text(what, "what"),
        happened_on=happened_on
        if from_source
        else checks.require_not_ahead(happened_on, found.coalition_id, "happened_on"),
    )
    if from_source and _has_later_step(found, happened_on):
        status = ""
    db.session.add(made)
    if status:
        found.status = _known_status(status)
    found.checked_on, found.changed_at = queries.today(found.coalition_id), clock.now()
    db.session.flush()
    _record(actor, "bill.step_added", found, status=found.status)
    return made


def link_bill(actor: Actor, campaign_id: str, bill_id: str, *, is_linked: bool) -> None:
    """Say that a campaign is about a bill, or no longer.

    Raises: NotAllowed, NotFound.
    """
    campaign = drafting.locked(actor, campaign_id)
    found = bills.bill(actor, bill_id, queries.MANAGE)
    held = db.session.get(CampaignBill, (campaign.id, found.id))
    if is_linked and held is None:
        db.session.add(CampaignBill(coalition_id=campaign.coalition_id, campaign_id=campaign.id, bill_id=found.id))
    elif not is_linked:
        gone = delete(CampaignBill).where(CampaignBill.campaign_id == campaign.id, CampaignBill.bill_id == found.id)
        db.session.execute(gone)
    db.session.flush()
    _record(actor, "bill.linked" if is_linked else "bill.unlinked", found, campaign_id=campaign.id)


def note_check(bill_ids: Collection[int], day: date) -> None:
    """Note that a source was asked about these bills; no editor is disturbed by it."""
    if bill_ids:
        seen = update(Bill).where(Bill.id.in_(sorted(bill_ids)), Bill.checked_on < day)
        db.session.execute(seen.values(checked_on=day).execution_options(synchronize_session=False))


def _has_later_step(bill: Bill, day: date) -> bool:
    later = select(BillAction.id).where(BillAction.bill_id == bill.id, BillAction.happened_on > day).limit(1)
    return db.session.execute(later).first() is not None


def _fill(bill: Bill, words: BillWords) -> None:
    norm = rules.normal_identifier(words.identifier)
    if norm is None:
        raise RuleBroken(_("Give the number of the bill, such as HB 2002."), field="identifier")
    bill.jurisdiction = checks.require_text(words.jurisdiction, "jurisdiction")
    bill.session = checks.require_text(words.session, "session")
    bill.identifier, bill.identifier_norm = words.identifier, norm
    held = select(Bill.id).where(
        Bill.coalition_id == bill.coalition_id,
        Bill.jurisdiction == bill.jurisdiction,
        Bill.session == bill.session,
        Bill.identifier_norm == norm,
        Bill.public_id != bill.public_id,
    )
    with db.session.no_autoflush:
        if db.session.execute(held).first() is not None:
            raise Conflict(_("Your coalition follows this bill already."), field="identifier")
    bill.title = checks.require_text(words.title, "title")
    bill.summary, bill.ocd_id, bill.is_public = words.summary, words.ocd_id or None, words.is_public
    bill.status = _known_status(words.status)
    bill.source_name = checks.require_text(words.source_name, "source_name")
    bill.source_url = checks.require_web_address(words.source_url, "source_url")
    bill.checked_on = checks.require_not_ahead(words.checked_on, bill.coalition_id, "checked_on")
    bill.changed_at = clock.now()


def _known_status(status: str) -> str:
    if status not in set(BillStatus):
        raise RuleBroken(_("Say how far the bill is."), field="status")
    return status


def _record(actor: Actor, what: str, bill: Bill, **facts: Any) -> None:  # noqa: ANN401 - ids, numbers, states
    audit.record(actor, what, "bill", bill.id, coalition_id=bill.coalition_id, facts=facts)
