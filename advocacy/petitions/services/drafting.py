"""Write a petition, open it, pause it, close it."""

from __future__ import annotations

from datetime import date, datetime

import structlog
from flask_babel import gettext as _
from sqlalchemy import exists, select

from advocacy.audit import services as audit
from advocacy.campaigns.models import Campaign
from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions import rules as coalition_rules
from advocacy.core import clock, crypto, logs, markdown
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.core.ids import new_public_id
from advocacy.core.text import has_control
from advocacy.petitions import queries, rules, signals
from advocacy.petitions.models import MIN_AGE, Petition, PetitionState, PetitionTally
from advocacy.petitions.services import correcting
from advocacy.reminders.services import deadlines as reminders

log: structlog.stdlib.BoundLogger = logs.get("petitions")
DEADLINE = "petition_close"
KIND = "petition"
VERB = "petitions.manage"


def create_petition(
    actor: Actor,
    *,
    coalition_id: int,
    slug: str,
    title: str,
    text: str,
    tz: str | None = None,
    closes_at: datetime | None = None,
    opens_on: date | None = None,
    goal: int | None = None,
    min_age: int = MIN_AGE,
    thanks_mail: bool = True,
    asks_street: bool = False,
    campaign_id: int | None = None,
) -> Petition:
    """Write a draft.

    Raises: RuleBroken naming the field.
    """
    coalition_rules.require(actor, VERB, coalition_id)
    coalition = coalition_queries.coalition(coalition_id)
    _require_slug(slug)
    _require_campaign(coalition_id, campaign_id)
    petition = Petition(
        coalition_id=coalition_id,
        public_id=new_public_id(),
        slug=slug,
        state=PetitionState.DRAFT,
        text_version=1,
        tz=tz or coalition.tz,
        opens_on=opens_on,
        thanks_mail=thanks_mail,
        asks_street=asks_street,
        campaign_id=campaign_id,
        created_at=clock.now(),
    )
    _fill(petition, title=title, text=text, closes_at=closes_at, goal=goal, min_age=min_age)
    crypto.data_keys.for_scope(f"coalition:{coalition_id}")  # so that signing never has to make it
    db.session.add(petition)
    db.session.flush()
    db.session.add(PetitionTally(petition_id=petition.id, signature_count=0, counted_at=clock.now()))
    audit.record(actor, "petition.created", KIND, petition.id, coalition_id=coalition_id)
    return petition


def edit_petition(
    actor: Actor,
    petition_id: int,
    *,
    version: int,
    title: str,
    text: str,
    closes_at: datetime | None = None,
    goal: int | None = None,
    min_age: int = MIN_AGE,
    thanks_mail: bool | None = None,
    asks_street: bool | None = None,
    tz: str | None = None,
    campaign_id: int | None = None,
) -> Petition:
    """Change a petition; new words for what people have signed wait for a second person (domain I-094).

    Raises: Conflict when somebody changed it since ``version``; RuleBroken naming the field.
    """
    petition = queries.petition_of(actor, petition_id, VERB)
    if petition.version != version:
        raise Conflict(
            _("Somebody changed this petition while you wrote. Please look at it again and repeat your change.")
        )
    if petition.state in rules.ENDED:
        raise RuleBroken(_("This petition has ended. Its words and dates stay as they are."))
    if (title, text) != (petition.title, petition.text) and queries.has_signatures(petition.id):
        _require_words(title, text)
        correcting.suggest_correction(actor, petition, title=title, text=text)
        title, text = petition.title, petition.text  # until a second person approves
    moved = closes_at != petition.closes_at or (tz is not None and tz != petition.tz)
    petition.tz = tz or petition.tz
    if campaign_id != petition.campaign_id:
        _require_campaign(petition.coalition_id, campaign_id)
        petition.campaign_id = campaign_id
    petition.thanks_mail = petition.thanks_mail if thanks_mail is None else thanks_mail
    petition.asks_street = petition.asks_street if asks_street is None else asks_street
    _fill(petition, title=title, text=text, closes_at=closes_at, goal=goal, min_age=min_age)
    if moved and petition.state in {PetitionState.OPEN, PetitionState.PAUSED}:
        _require_future(petition)
        _set_deadline(petition)
    db.session.flush()
    audit.record(
        actor,
        "petition.edited",
        KIND,
        petition.id,
        coalition_id=petition.coalition_id,
        facts={"text_version": petition.text_version},
    )
    return petition


def open_petition(actor: Actor, petition_id: int) -> Petition:
    """Take signatures, at first or again after a pause.

    Announces: ``petition_opened``. Raises: Conflict, RuleBroken.
    """
    petition = queries.petition_of(actor, petition_id, VERB)
    rules.require_step(petition, PetitionState.OPEN)
    _require_future(petition)
    _step(actor, petition, PetitionState.OPEN)
    petition.opened_at = petition.opened_at or clock.now()
    _set_deadline(petition)
    db.session.flush()
    signals.petition_opened.send(petition_id=petition.id, coalition_id=petition.coalition_id)
    return petition


def pause_petition(actor: Actor, petition_id: int) -> Petition:
    """Take no signatures for a while; links that were mailed go on working.

    Raises: Conflict.
    """
    petition = queries.petition_of(actor, petition_id, VERB)
    rules.require_step(petition, PetitionState.PAUSED)
    _step(actor, petition, PetitionState.PAUSED)
    db.session.flush()
    return petition


def close_petition(actor: Actor, petition_id: int) -> Petition:
    """Take no more signatures; mailed links go on working for a day.

    Announces: ``petition_closed``. Raises: Conflict.
    """
    petition = queries.petition_of(actor, petition_id, VERB)
    rules.require_step(petition, PetitionState.CLOSED)
    _step(actor, petition, PetitionState.CLOSED)
    petition.closed_at = clock.now()
    reminders.drop_deadline(DEADLINE, KIND, petition.id)
    db.session.flush()
    signals.petition_closed.send(petition_id=petition.id, coalition_id=petition.coalition_id)
    return petition


def close_when_due(actor: Actor, petition_id: int) -> None:
    """Close a petition whose time has come; nothing otherwise.

    Announces: ``petition_closed``.
    """
    petition = db.session.get(Petition, petition_id)
    if petition is None or petition.state not in {PetitionState.OPEN, PetitionState.PAUSED}:
        return
    if petition.closes_at is None or petition.closes_at > clock.now():
        return
    _step(actor, petition, PetitionState.CLOSED)
    petition.closed_at = clock.now()
    db.session.flush()
    signals.petition_closed.send(petition_id=petition.id, coalition_id=petition.coalition_id)


def follow_clocks(petition_id: int, closes_at: datetime) -> None:
    """Close at the wall time that was meant, after the petition's place changed its clocks."""
    petition = db.session.get(Petition, petition_id)
    if petition is not None and petition.state in {PetitionState.OPEN, PetitionState.PAUSED}:
        petition.closes_at = closes_at


def _fill(
    petition: Petition, *, title: str, text: str, closes_at: datetime | None, goal: int | None, min_age: int
) -> None:
    _require_words(title, text)
    if goal is not None and not 1 <= goal <= rules.MAX_GOAL:
        raise RuleBroken(_("A goal is a number from 1 to %(max)d.", max=rules.MAX_GOAL), field="goal")
    if petition.tz and not coalition_rules.is_timezone(petition.tz):
        raise RuleBroken(_("This time zone is not known."), field="tz")
    if closes_at is not None and closes_at.year > rules.LAST_YEAR:
        raise RuleBroken(_("The closing time lies too far away."), field="closes_at")
    if closes_at is not None and petition.opened_at is not None and closes_at <= petition.opened_at:
        raise RuleBroken(_("The closing time must lie after the opening."), field="closes_at")
    if petition.text != text:
        petition.text_html = markdown.to_html(text)
    petition.title, petition.text = title, text
    petition.closes_at, petition.goal, petition.min_age = closes_at, goal, min_age


def _require_words(title: str, text: str) -> None:
    if not title:
        raise RuleBroken(_("Give the petition a title."), field="title")
    if not text:
        raise RuleBroken(_("Say what you ask for, and why."), field="text")
    if len(title) > rules.MAX_TITLE:
        raise RuleBroken(_("A title has at most %(max)d characters.", max=rules.MAX_TITLE), field="title")
    if len(text) > rules.MAX_TEXT:
        raise RuleBroken(_("A petition's text has at most %(max)d characters.", max=rules.MAX_TEXT), field="text")
    for field, words in (("title", title), ("text", text)):
        if has_control(words):
            raise RuleBroken(_("The words hold characters that cannot be stored."), field=field)


def _require_slug(slug: str) -> None:
    if not coalition_rules.is_slug(slug):
        raise RuleBroken(_("Use lower-case letters, digits and hyphens for the address of the page."), field="slug")
    if db.session.execute(select(exists().where(Petition.slug == slug))).scalar():
        raise RuleBroken(_("Another petition has this address already."), field="slug")


def _require_campaign(coalition_id: int, campaign_id: int | None) -> None:
    found = exists().where(Campaign.coalition_id == coalition_id, Campaign.id == campaign_id, ~Campaign.is_template)
    if campaign_id is not None and not db.session.execute(select(found)).scalar():
        raise RuleBroken(_("Choose one of your campaigns."), field="campaign")


def _require_future(petition: Petition) -> None:
    if petition.closes_at is not None and petition.closes_at <= clock.now():
        raise RuleBroken(_("The closing time must lie in the future."), field="closes_at")


def _set_deadline(petition: Petition) -> None:
    if petition.closes_at is None:
        reminders.drop_deadline(DEADLINE, KIND, petition.id)
        return
    reminders.set_deadline(
        kind=DEADLINE,
        coalition_id=petition.coalition_id,
        object_kind=KIND,
        object_id=petition.id,
        due_at=petition.closes_at,
        tz=petition.tz,
    )


def _step(actor: Actor, petition: Petition, state: PetitionState) -> None:
    before, petition.state = petition.state, state
    audit.record(
        actor, f"petition.{state}", KIND, petition.id, coalition_id=petition.coalition_id, facts={"from": str(before)}
    )
    log.info("petition_step", petition_id=petition.id, state=str(state))
