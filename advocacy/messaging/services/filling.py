"""One batch of a lot made ready: whom it still goes to, at what pace, and its bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app

from advocacy.core import clock, logs
from advocacy.core.settings import Settings
from advocacy.messaging import message, preferences, ready
from advocacy.messaging.adapters.transport import Envelope
from advocacy.messaging.message import Address, BadMessage
from advocacy.messaging.rules import Outcome, Result
from advocacy.messaging.services import lot_bodies, pacing, permitting, suppressing
from advocacy.messaging.services.delivering import Facts
from advocacy.messaging.services.lot_bodies import BatchOf
from advocacy.messaging.services.sending import host_name, mail_kind
from advocacy.web.lots import Gone, Held, LotKind, Recipient
from advocacy.web.manifest import Content, house

log = logs.get("messaging")


@dataclass(frozen=True)
class LotMail:
    """A mail of the batch as its row stands."""

    id: int
    public_id: str
    contact_id: int
    locale: str
    opt_in_id: int | None
    has_place: bool


@dataclass(frozen=True)
class Ready:
    """A mail that may leave now: its bytes are made when its turn comes."""

    id: int
    domain: str
    envelope: Callable[[], Envelope]


@dataclass
class Filled:
    """What became of a batch before anything left."""

    stop: Held | Gone | None = None
    leaving: list[Ready] = field(default_factory=list)
    ended: list[tuple[int, Result]] = field(default_factory=list)
    later: list[tuple[int, datetime]] = field(default_factory=list)
    paces: pacing.Paces | None = None


def fill(of: BatchOf, mails: Sequence[LotMail]) -> Filled:
    """Open the recipients of a batch, ask what stands against each mail, and give each its place.

    Needs: a reading unit.
    """
    spec = mail_kind(of.kind).lot
    if spec is None:
        return Filled(stop=Held("no_such_lot"))
    try:
        revision = spec.revision(of.object_id)
        if not isinstance(revision, int):
            return Filled(stop=revision)
        found = Filled()
        people = _people(of, spec, mails, found)
        bodies = _Bodies(of, spec, revision, mails, people)
    except BadMessage as bad:
        return Filled(stop=Held(str(bad)))
    except Exception as error:
        log.exception("lot_not_composed", kind=of.kind, object_id=of.object_id)
        return Filled(stop=Held(f"compose_{type(error).__name__}"[:60]))
    wanted = [mail for mail in mails if mail.contact_id in people]
    objections = _objections(of, wanted, people, found)
    reachable: list[tuple[LotMail, Address, Recipient]] = []
    done = {mail_id for mail_id, _result in found.ended}
    for mail in wanted:
        if mail.id in done:
            continue
        if mail.public_id in objections:
            found.ended.append((mail.id, Result(Outcome.SUPPRESSED, objections[mail.public_id][:60])))
            continue
        person = people[mail.contact_id]
        try:
            reachable.append((mail, message.address(person.address), person))
        except BadMessage as bad:
            found.ended.append((mail.id, Result(Outcome.DEAD, str(bad))))
    _pace(of, reachable, bodies, found)
    return found


def _pace(
    of: BatchOf,
    reachable: Sequence[tuple[LotMail, Address, Recipient]],
    bodies: _Bodies,
    found: Filled,
) -> None:
    now = clock.now()
    settings: Settings = current_app.extensions["advocacy.settings"]
    host = host_name(settings)
    found.paces = pacing.Paces((_domain(to) for _mail, to, _person in reachable), now)
    for mail, to, person in reachable:
        domain = _domain(to)
        wait = found.paces.wait_until(domain, now, has_place=mail.has_place)
        if wait is None:
            own = permitting.with_own_links(person, mail.public_id) if mail.opt_in_id is not None else person
            found.leaving.append(Ready(mail.id, domain, _Making(of, mail, to, own, bodies.of(mail), host)))
        else:
            found.later.append((mail.id, wait))


class _Bodies:
    """What a batch says, in each of its languages, with links to stop it where it can be stopped, discreet or not."""

    def __init__(
        self,
        of: BatchOf,
        spec: LotKind,
        revision: int,
        mails: Sequence[LotMail],
        people: Mapping[int, Recipient],
    ) -> None:
        keys = {number: suppressing.address_key(person.address) for number, person in people.items()}
        discreet = preferences.discreet_of(keys.values())
        self._form = {
            mail.id: (mail.locale, mail.opt_in_id is not None, keys.get(mail.contact_id) in discreet) for mail in mails
        }
        self._made = {form: lot_bodies.prepared(of, spec, revision, form) for form in set(self._form.values())}

    def of(self, mail: LotMail) -> ready.Prepared:
        """What this mail says."""
        return self._made[self._form[mail.id]]


@dataclass(frozen=True)
class _Making:
    """Makes one mail's envelope."""

    of: BatchOf
    mail: LotMail
    to: Address
    person: Recipient
    body: ready.Prepared
    host: str

    def __call__(self) -> Envelope:
        """Fill the gaps.

        Raises: BadMessage.
        """
        message_id = f"<{self.mail.public_id}@{self.host}>"
        data = permitting.signed(self.body.fill(self.to, self.person, message_id=message_id, sent_at=clock.now()))
        origin = permitting.returns_to(self.mail.public_id)
        return Envelope(self.mail.public_id, self.of.kind, message_id, origin, self.to, data, self._content)

    def _content(self) -> Content:
        subject, text, html = ready.filled(self.body.body, {"to": self.to.text, **self.person.values})
        return Content(to=self.to.text, subject=subject, text=text, html=html)


def _domain(to: Address) -> str:
    return to.text.rpartition("@")[2]


def _people(of: BatchOf, spec: LotKind, mails: Sequence[LotMail], found: Filled) -> dict[int, Recipient]:
    """The batch's recipients, opened; where opening them together fails, each alone, so that one cannot stop many."""
    ids = [mail.contact_id for mail in mails]
    try:
        people = dict(spec.people(of.object_id, ids))
    except Exception:
        log.exception("lot_people_not_opened", kind=of.kind, object_id=of.object_id)
        people = {}
        for mail in mails:
            try:
                people.update(spec.people(of.object_id, [mail.contact_id]))
            except Exception as error:  # noqa: BLE001 - logged above; it costs this mail only
                found.ended.append((mail.id, Result(Outcome.UNRENDERED, f"compose_{type(error).__name__}"[:60])))
    judged = {mail_id for mail_id, _result in found.ended}
    gone = [mail for mail in mails if mail.contact_id not in people and mail.id not in judged]
    found.ended += [(mail.id, Result(Outcome.SUPPRESSED, "address_gone")) for mail in gone]
    return people


def _objections(
    of: BatchOf, mails: Sequence[LotMail], people: Mapping[int, Recipient], found: Filled
) -> Mapping[str, str]:
    """Reasons not to send, by ``public_id``; a check that fails for one mail keeps only that one."""
    facts = [
        Facts(
            mail.public_id,
            of.kind,
            people[mail.contact_id].address,
            of.coalition_id,
            of.object_kind,
            of.object_id,
            0,
            {},
            mail.locale,
            mail.opt_in_id,
        )
        for mail in mails
    ]
    ids = {mail.public_id: mail.id for mail in mails}
    reasons = {**permitting.held_back(facts)}
    for check in house().send_checks:
        if check.reasons_not_to is not None:
            reasons.update(check.reasons_not_to(facts))
            continue
        for each in facts:
            try:
                reason = check.reason_not_to(each)
            except Exception as error:
                log.exception("send_check_failed", check=check.name, mail_id=ids[each.public_id])
                reason = None
                found.ended.append(
                    (ids[each.public_id], Result(Outcome.UNRENDERED, f"compose_{type(error).__name__}"[:60]))
                )
            if reason is not None:
                reasons[each.public_id] = reason
    return reasons
