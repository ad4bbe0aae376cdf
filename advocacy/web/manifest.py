"""What a room contributes to the house, in one value; ``advocacy.rooms`` lists them in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

import click
from blinker import NamedSignal
from flask import Blueprint, Flask, current_app
from markupsafe import Markup

from advocacy.core.actor import Actor
from advocacy.core.errors import NotFound
from advocacy.core.jobs_spec import Periodic, type_job
from advocacy.web.lots import LotKind
from advocacy.web.offers import About, ActionSource, BillDays, Blocker, LogoPlace, Tenant, TextKind, UpcomingSource


class Place(StrEnum):
    """Menus that rooms can add to."""

    PUBLIC = "public"
    DESK = "desk"


@dataclass(frozen=True)
class MenuItem:
    """A link in a menu; ``label`` is lazily translated, ``verb`` the capability that shows it."""

    place: Place
    label: Any
    endpoint: str
    order: int = 50
    icon: str = ""
    verb: str | None = None


@dataclass(frozen=True)
class Panel:
    """A part that a higher room puts on a lower room's page; ``render`` gives nothing when it has nothing to say."""

    place: str
    render: Callable[[Actor, Mapping[str, Any]], Markup | str | None]
    order: int = 50


@dataclass(frozen=True)
class Content:
    """A mail ready to be put together: one recipient; ``sender_name`` stands before the site's address."""

    to: str
    subject: str
    text: str
    html: str
    reply_to: str | None = None
    sender_name: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: Sequence[tuple[str, str, bytes]] = ()


class MailFacts(Protocol):
    """The facts of a queued mail that a composer may use; ``to`` is the address it goes to, whatever is composed."""

    public_id: str
    kind: str
    to: str
    coalition_id: int | None
    object_kind: str
    object_id: int
    object_rev: int
    params: Mapping[str, Any]
    locale: str
    opt_in_id: int | None


@dataclass(frozen=True)
class MailKind:
    """A kind of mail: composed from rows when it is sent; ``compose`` gives ``None`` when it no longer matters.

    ``asks``: it asks somebody to act, so it counts against the person's limit (``consent.asking``).
    ``lot``: it may go to many at once (``messaging.services.bulk``); ``compose`` then serves single mails only.
    ``is_asked_for``: somebody asks for each one (a link to sign in, to confirm), so it goes even where mail came back.
    """

    name: str
    compose: Callable[[MailFacts], Content | None]
    priority: int = 50
    service_basis: str | None = None
    asks: bool = False
    lot: LotKind | None = None
    is_asked_for: bool = False


@dataclass(frozen=True)
class SendCheck:
    """Asked before a mail leaves: a reason not to send it, or ``None``.

    ``reasons_not_to`` asks the same of a batch, in a fixed number of queries, and gives reasons by ``public_id``;
    without it each mail of a lot is asked alone.
    """

    name: str
    reason_not_to: Callable[[MailFacts], str | None]
    reasons_not_to: Callable[[Sequence[MailFacts]], Mapping[str, str]] | None = None


@dataclass(frozen=True)
class ReminderKind:
    """A kind of deadline: offsets before it, who is reminded, and whether it still matters.

    ``offsets`` maps a code (``7d``) to a rule of room ``reminders``; ``recipients(object_id)`` gives user ids;
    ``still_matters(object_id, rev)`` is asked again when a reminder fires; ``mail`` is the mail kind's name;
    ``when_due(object_id)`` acts at the deadline itself; ``when_moved(object_id, due_at)`` follows when
    a place changed its clocks, so that both name one instant. ``label`` (lazily translated) says what happens then;
    ``about(object_ids)`` tells of the things, in a fixed number of queries. ``view`` is the capability that shows them
    on the page of deadlines (none: never), ``mine(user_id)`` selects the ids of things that are somebody's own.
    ``is_owed``: the person took it on, so a pause of asks does not silence it.
    """

    name: str
    offsets: Mapping[str, Any]
    recipients: Callable[[int], Sequence[int]]
    still_matters: Callable[[int, int], bool]
    mail: str
    when_due: Callable[[int], None] | None = None
    when_moved: Callable[[int, datetime], None] | None = None
    label: Any = ""
    about: Callable[[Sequence[int]], Mapping[int, About]] | None = None
    view: str = ""
    mine: Callable[[int], Any] | None = None
    is_owed: bool = False


@dataclass(frozen=True)
class HealthCheck:
    """A line of readiness and doctor: gives ``(is fine, what to say)``; ``doctor_only`` keeps it off ``/readyz``."""

    name: str
    check: Callable[[], tuple[bool, str]]
    doctor_only: bool = False


@dataclass(frozen=True)
class Retention:
    """A data class that is purged: ``purge(before, limit)`` ends up to ``limit`` rows and says how many.

    ``label`` (lazily translated) says on the privacy page, in plain words, what it is.
    """

    name: str
    keep: timedelta
    purge: Callable[[datetime, int], int]
    label: Any = ""


@dataclass(frozen=True)
class PersonalData:
    """What a room holds of a person: for export, and how to erase it."""

    name: str
    export: Callable[[int], Mapping[str, Any]]
    erase: Callable[[int], None]


@dataclass(frozen=True)
class Standing:
    """What an account's roles mean for signing in: whether a second factor is a must, and where its work begins."""

    must_have_factor: bool = False
    home: str = "/account"


@dataclass(frozen=True)
class Manifest:
    """Everything a room contributes; every field but the name is optional."""

    name: str
    blueprints: Sequence[Blueprint] = ()
    menu: Sequence[MenuItem] = ()
    panels: Sequence[Panel] = ()
    jobs: Sequence[type_job] = ()
    periodic: Sequence[Periodic] = ()
    receivers: Sequence[tuple[NamedSignal, Callable[..., Any]]] = ()
    mails: Sequence[MailKind] = ()
    texts: Sequence[TextKind] = ()
    send_checks: Sequence[SendCheck] = ()
    reminder_kinds: Sequence[ReminderKind] = ()
    commands: Sequence[click.Command] = ()
    health: Sequence[HealthCheck] = ()
    retention: Sequence[Retention] = ()
    personal_data: Sequence[PersonalData] = ()
    blockers: Sequence[Blocker] = ()
    logo_places: Sequence[LogoPlace] = ()
    campaign_actions: Sequence[ActionSource] = ()
    bill_days: Sequence[BillDays] = ()
    upcoming: Sequence[UpcomingSource] = ()
    alarms: Sequence[HealthCheck] = ()
    set_up: Callable[[Flask], None] | None = None
    actor_source: Callable[[], Actor] | None = None
    can: Callable[[Actor, str], bool] | None = None
    contact: Callable[[int], tuple[str, str, str]] | None = None
    members: Callable[[int, str], Mapping[int, str]] | None = None
    tenant: Callable[[int], Tenant] | None = None
    operators: Callable[[], Sequence[int]] | None = None
    coalitions_of: Callable[[int], Sequence[int]] | None = None
    attachments: Callable[[MailFacts], Sequence[tuple[str, str, bytes]]] | None = None
    standing: Callable[[int], Standing] | None = None
    is_campaign: Callable[[str], bool] | None = None


class House:
    """The manifests of a running app, looked through by kind."""

    def __init__(self, manifests: Sequence[Manifest]) -> None:
        self.manifests = tuple(manifests)
        self.jobs = {job.name: job for manifest in manifests for job in manifest.jobs}
        self.periodic = tuple(item for manifest in manifests for item in manifest.periodic)
        self.mails = {kind.name: kind for manifest in manifests for kind in manifest.mails}
        self.texts = {kind.name: kind for manifest in manifests for kind in manifest.texts}
        self.send_checks = tuple(check for manifest in manifests for check in manifest.send_checks)
        self.reminder_kinds = {kind.name: kind for manifest in manifests for kind in manifest.reminder_kinds}
        self.health = tuple(check for manifest in manifests for check in manifest.health)
        self.retention = tuple(item for manifest in manifests for item in manifest.retention)
        self.personal_data = tuple(item for manifest in manifests for item in manifest.personal_data)
        self.menu = tuple(
            sorted((item for manifest in manifests for item in manifest.menu), key=lambda item: item.order)
        )
        self.panels = tuple(
            sorted((item for manifest in manifests for item in manifest.panels), key=lambda item: item.order)
        )
        self.blockers = tuple(item for manifest in manifests for item in manifest.blockers)
        self.logo_places = tuple(item for manifest in manifests for item in manifest.logo_places)
        self.campaign_actions = tuple(item for manifest in manifests for item in manifest.campaign_actions)
        self.bill_days = tuple(item for manifest in manifests for item in manifest.bill_days)
        self.upcoming = tuple(item for manifest in manifests for item in manifest.upcoming)
        self.alarms = tuple(item for manifest in manifests for item in manifest.alarms)
        self._actor_source = next((m.actor_source for m in manifests if m.actor_source), None)
        self._can = next((m.can for m in manifests if m.can), None)
        self._contact = next((m.contact for m in manifests if m.contact), None)
        self._members = next((m.members for m in manifests if m.members), None)
        self._tenant = next((m.tenant for m in manifests if m.tenant), None)
        self._coalitions_of = next((m.coalitions_of for m in manifests if m.coalitions_of), None)
        self._attachments = tuple(m.attachments for m in manifests if m.attachments)
        self._operators = next((m.operators for m in manifests if m.operators), None)
        self._standing = next((m.standing for m in manifests if m.standing), None)
        self._is_campaign = next((m.is_campaign for m in manifests if m.is_campaign), None)

    def actor(self) -> Actor:
        """The actor of the current request."""
        return self._actor_source() if self._actor_source else Actor()

    def can(self, actor: Actor, verb: str) -> bool:
        """Whether the actor holds a capability; nobody does until a room says so."""
        return actor.is_system or (self._can is not None and self._can(actor, verb))

    def contact(self, user_id: int) -> tuple[str, str, str]:
        """Name, address and locale of an account, for rooms below the accounts.

        Raises: NotFound when there is none or it is disabled.
        """
        if self._contact is None:
            raise NotFound
        return self._contact(user_id)

    def members(self, coalition_id: int, verb: str) -> Mapping[int, str]:
        """Names by account of those who hold a capability in a coalition, for rooms below the coalitions."""
        return self._members(coalition_id, verb) if self._members else {}

    def tenant(self, coalition_id: int) -> Tenant:
        """A coalition's name and time zone, for rooms below the coalitions."""
        return self._tenant(coalition_id) if self._tenant else Tenant("", "UTC")

    def operators(self) -> Sequence[int]:
        """The accounts that run the house, for rooms below the accounts."""
        return self._operators() if self._operators else ()

    def coalitions_of(self, user_id: int) -> Sequence[int]:
        """The coalitions in which an account holds a role, for rooms below them."""
        return self._coalitions_of(user_id) if self._coalitions_of else ()

    def attachments(self, mail: MailFacts) -> list[tuple[str, str, bytes]]:
        """What rooms add to a mail beside what its kind says: name, media type, bytes."""
        return [part for ask in self._attachments for part in ask(mail)]

    def standing(self, user_id: int) -> Standing:
        """What an account's roles mean, for the room below that signs people in."""
        return self._standing(user_id) if self._standing else Standing()

    def is_campaign(self, slug: str) -> bool:
        """Whether a public campaign has this address, for rooms below the campaigns."""
        return self._is_campaign is not None and self._is_campaign(slug)

    def personal_data_of(self, user_id: int) -> dict[str, Mapping[str, Any]]:
        """What every room holds of a person, by room."""
        return {item.name: item.export(user_id) for item in self.personal_data}

    def forget(self, user_id: int) -> None:
        """Erase a person in every room, the highest first: the address by which they are found goes last."""
        for item in reversed(self.personal_data):
            item.erase(user_id)

    def reason_against(self, object_kind: str, object_id: int) -> str | None:
        """What stands against closing or deleting an object; asked of every room above it."""
        reasons = (item.reason(object_id) for item in self.blockers if item.object_kind == object_kind)
        return next((reason for reason in reasons if reason), None)


def house() -> House:
    """The manifests of the running app."""
    found: House = current_app.extensions["advocacy.house"]
    return found
