"""Tables of petitions, their signatures and their tallies."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, one_of

KEY_BYTES = 32
MAX_MAILS = 5
MIN_AGE = 13


class PetitionState(StrEnum):
    """Where a petition stands."""

    DRAFT = "draft"
    REVIEW = "review"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"
    DELIVERED = "delivered"
    ARCHIVED = "archived"
    REJECTED = "rejected"


class SignatureState(StrEnum):
    """Where a signature stands; only ``verified`` counts."""

    PENDING = "pending"
    VERIFIED = "verified"
    QUARANTINED = "quarantined"
    INVALIDATED = "invalidated"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class Display(StrEnum):
    """How a signer appears in public."""

    HIDDEN = "hidden"
    FIRST_TOWN = "first_town"
    FULL = "full"


class Placement(StrEnum):
    """Whether we know the district: ``unknown`` was not looked up yet."""

    UNKNOWN = "unknown"
    PLACED = "placed"
    NOT_PLACED = "not_placed"


class HeldReason(StrEnum):
    """Why a signature waits; the signer is never told."""

    TRAP = "trap"
    STAMP = "stamp"
    TOO_FAST = "too_fast"
    NETWORK = "network"
    ADDRESS = "address"
    ORGANIZER = "organizer"


class Petition(Model):
    """What is asked, of whom it is asked to sign, and until when."""

    __tablename__ = "petition"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "campaign_id"], ["campaign.coalition_id", "campaign.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("slug"),
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint(one_of("state", PetitionState), name="state"),
        CheckConstraint("goal IS NULL OR goal > 0", name="goal_positive"),
        CheckConstraint("min_age BETWEEN 0 AND 120", name="min_age"),
        CheckConstraint("opened_at IS NULL OR closes_at IS NULL OR closes_at > opened_at", name="closes_after_opening"),
        CheckConstraint("text_version > 0", name="text_version"),
        Index("ix_petition_state_closes_at", "state", "closes_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    campaign_id: Mapped[int | None] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(150))
    text: Mapped[str] = mapped_column(Text)
    text_html: Mapped[str] = mapped_column(Text)
    text_version: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(20), default=PetitionState.DRAFT)
    opens_on: Mapped[date | None] = mapped_column(Date)
    closes_at: Mapped[datetime | None] = mapped_column(Instant)
    tz: Mapped[str] = mapped_column(String(64))
    goal: Mapped[int | None] = mapped_column(Integer)
    min_age: Mapped[int] = mapped_column(SmallInteger, default=MIN_AGE)
    thanks_mail: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    asks_street: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


_LIVE = text("email_key IS NOT NULL AND state IN ('pending', 'verified', 'quarantined')")
TAKEN_BACK = text("verified_at IS NOT NULL AND state IN ('withdrawn', 'invalidated', 'erased', 'quarantined')")
"""Signatures that counted once and do not any more."""
PUT_ASIDE = text("(state IN ('quarantined', 'invalidated') OR (state = 'withdrawn' AND verified_at IS NULL))")
"""Signatures that never count, or no more by an organizer's word: emptied after their time (C-06)."""
_KNOWN = text("person_id IS NOT NULL")
_SHOWN = text("state = 'verified' AND display <> 'hidden'")


class Signature(Model):
    """One person's name under one petition; name, address and comment are sealed.

    ``partner_page_id`` is the partner's page it was given on, ``partner_opt_in_id`` the leave given to that partner.
    ``person_id``: the person the coalition knows by that address, when it knew one as the signature was confirmed.
    ``email_key`` finds the address within the petition, ``name_key`` the folded name. ``place`` is 1, or 2 for a
    second person of one household on the same mailbox. ``verified_on`` is the petition's civil day of confirmation.
    """

    __tablename__ = "signature"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "petition_id"], ["petition.coalition_id", "petition.id"]),
        ForeignKeyConstraint(
            ["coalition_id", "petition_id", "partner_page_id"],
            ["partner_page.coalition_id", "partner_page.petition_id", "partner_page.id"],
        ),
        ForeignKeyConstraint(["coalition_id", "partner_opt_in_id"], ["opt_in.coalition_id", "opt_in.id"]),
        ForeignKeyConstraint(["coalition_id", "person_id"], ["person.coalition_id", "person.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("receipt_hash"),
        UniqueConstraint("petition_id", "idempotency_key"),
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint(one_of("state", SignatureState), name="state"),
        CheckConstraint(one_of("display", Display), name="display"),
        CheckConstraint(one_of("placement", Placement), name="placement"),
        CheckConstraint("place IN (1, 2)", name="place"),
        CheckConstraint(f"mail_count BETWEEN 0 AND {MAX_MAILS}", name="mail_count"),
        CheckConstraint(
            "state <> 'verified' OR (verified_at IS NOT NULL AND verified_on IS NOT NULL)", name="verified"
        ),
        CheckConstraint("state <> 'quarantined' OR held_reason IS NOT NULL", name="held"),
        CheckConstraint("state = 'erased' OR name IS NOT NULL", name="named"),
        CheckConstraint(
            "state <> 'erased' OR (name IS NULL AND email IS NULL AND email_key IS NULL AND comment IS NULL)",
            name="erased",
        ),
        CheckConstraint("state = 'erased' OR channel <> 'web' OR email_key IS NOT NULL", name="web_has_email"),
        CheckConstraint("placement = 'placed' OR division_id IS NULL", name="division_only_when_placed"),
        CheckConstraint("partner_page_id IS NOT NULL OR NOT partner_updates", name="partner_wish_has_page"),
        Index(
            "ix_signature_partner",
            "partner_page_id",
            "id",
            sqlite_where=text("partner_updates"),
            postgresql_where=text("partner_updates"),
        ),
        Index(
            "uq_signature_live_name",
            "petition_id",
            "email_key",
            "name_key",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(
            "uq_signature_live_place",
            "petition_id",
            "email_key",
            "place",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_signature_petition_id_state_id", "petition_id", "state", "id"),
        Index("ix_signature_person", "person_id", "petition_id", sqlite_where=_KNOWN, postgresql_where=_KNOWN),
        Index("ix_signature_taken_back", "petition_id", "id", sqlite_where=TAKEN_BACK, postgresql_where=TAKEN_BACK),
        Index("ix_signature_put_aside", "created_at", sqlite_where=PUT_ASIDE, postgresql_where=PUT_ASIDE),
        Index("ix_signature_shown", "petition_id", "verified_at", sqlite_where=_SHOWN, postgresql_where=_SHOWN),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    petition_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    text_version: Mapped[int] = mapped_column(Integer)
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    name_key: Mapped[bytes | None] = mapped_column(LargeBinary(KEY_BYTES))
    email: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_key: Mapped[bytes | None] = mapped_column(LargeBinary(KEY_BYTES))
    place: Mapped[int] = mapped_column(SmallInteger, default=1)
    postal_code: Mapped[str] = mapped_column(String(12), default="")
    country: Mapped[str] = mapped_column(String(2))
    town: Mapped[str] = mapped_column(String(80), default="")
    state_code: Mapped[str] = mapped_column(String(2), default="")
    division_id: Mapped[str | None] = mapped_column(String(120))
    placement: Mapped[str] = mapped_column(String(12), default=Placement.UNKNOWN)
    comment: Mapped[bytes | None] = mapped_column(LargeBinary)
    display: Mapped[str] = mapped_column(String(12), default=Display.HIDDEN)
    updates: Mapped[bool] = mapped_column(Boolean, default=False)
    partner_page_id: Mapped[int | None] = mapped_column(BigInteger)
    partner_updates: Mapped[bool] = mapped_column(Boolean, default=False)
    partner_opt_in_id: Mapped[int | None] = mapped_column(BigInteger)
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12), default=SignatureState.PENDING)
    held_reason: Mapped[str | None] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(12), default="web")
    created_at: Mapped[datetime] = mapped_column(Instant)
    verified_at: Mapped[datetime | None] = mapped_column(Instant)
    verified_on: Mapped[date | None] = mapped_column(Date)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    invalidated_at: Mapped[datetime | None] = mapped_column(Instant)
    confirm_nonce: Mapped[str | None] = mapped_column(String(22))
    confirm_until: Mapped[datetime | None] = mapped_column(Instant)
    manage_nonce: Mapped[str] = mapped_column(String(22))
    receipt_hash: Mapped[bytes | None] = mapped_column(LargeBinary(KEY_BYTES))
    receipt_until: Mapped[datetime | None] = mapped_column(Instant)
    mail_count: Mapped[int] = mapped_column(SmallInteger, default=0)
    idempotency_key: Mapped[bytes | None] = mapped_column(LargeBinary(KEY_BYTES))


class SignatureDelta(Model):
    """A change of the count that the tally has not taken in yet."""

    __tablename__ = "signature_delta"
    __table_args__ = (
        CheckConstraint("change IN (-1, 1)", name="change"),
        Index("ix_signature_delta_petition_id_at", "petition_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    petition_id: Mapped[int] = mapped_column(ForeignKey("petition.id"))
    change: Mapped[int] = mapped_column(SmallInteger)
    day: Mapped[date] = mapped_column(Date)
    state_code: Mapped[str] = mapped_column(String(2), default="")
    division_id: Mapped[str] = mapped_column(String(120), default="")
    partner_page_id: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)


class PetitionTally(Model):
    """The number of verified signatures, as far as deltas were taken in."""

    __tablename__ = "petition_tally"
    __table_args__ = (CheckConstraint("signature_count >= 0", name="not_negative"),)

    petition_id: Mapped[int] = mapped_column(ForeignKey("petition.id"), primary_key=True, autoincrement=False)
    signature_count: Mapped[int] = mapped_column(Integer)
    counted_at: Mapped[datetime] = mapped_column(Instant)


class PetitionDayTally(Model):
    """Verified signatures by the civil day of their confirmation in the petition's zone."""

    __tablename__ = "petition_day_tally"

    petition_id: Mapped[int] = mapped_column(ForeignKey("petition.id"), primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    signature_count: Mapped[int] = mapped_column(Integer)


class PetitionPlaceTally(Model):
    """Verified signatures by state and House district; both empty where the place is not known."""

    __tablename__ = "petition_place_tally"

    petition_id: Mapped[int] = mapped_column(ForeignKey("petition.id"), primary_key=True, autoincrement=False)
    state_code: Mapped[str] = mapped_column(String(2), primary_key=True)
    division_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    signature_count: Mapped[int] = mapped_column(Integer)


class EmailDomainRule(Model):
    """How one mail provider reads the part before the ``@``; overrules ``addressing.DEFAULT_RULES``."""

    __tablename__ = "email_domain_rule"

    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    strip: Mapped[str] = mapped_column(String(10), default="")
    tag_separator: Mapped[str] = mapped_column(String(1), default="")
    alias_of: Mapped[str] = mapped_column(String(253), default="")
