"""Tables of organizations, their memberships, who acts for them, and requests to join."""

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
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, one_of


class Tier(StrEnum):
    """How closely an organization belongs; the first two decide."""

    STEERING = "steering"
    MEMBER = "member"
    ENDORSER = "endorser"
    OBSERVER = "observer"
    PARTNER = "partner"


class MembershipState(StrEnum):
    """Where a membership stands; one that was left is not taken up again, a new one begins."""

    INVITED = "invited"
    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"


class Leave(StrEnum):
    """Whether a coalition may show the name or the logo."""

    ALWAYS = "always"
    ASK_EACH = "ask_each"
    NEVER = "never"


class TaxStatus(StrEnum):
    """What an organization is to the tax authority: it decides how much it may lobby."""

    C3 = "c3"
    C4 = "c4"
    UNION = "union"
    TRADE = "trade"
    GOVERNMENT = "government"
    UNINCORPORATED = "unincorporated"
    OTHER = "other"


class JoinState(StrEnum):
    """What became of a request to join."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Organization(Model):
    """An organization as it is known to the whole site: only what makes it the same one.

    What a coalition knows of it (its name as written there, contact, tier) is the membership's, so that no coalition
    reads or changes another's words. ``name_key`` is a hash of the folded name.
    """

    __tablename__ = "organization"
    __table_args__ = (UniqueConstraint("public_id"), UniqueConstraint("name_key"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime] = mapped_column(Instant)


class Membership(Model):
    """An organization's place in a coalition; the contact is sealed."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "id"),  # what composite foreign keys point to
        CheckConstraint(one_of("tier", Tier), name="tier"),
        CheckConstraint(one_of("state", MembershipState), name="state"),
        CheckConstraint(one_of("logo_use", Leave), name="logo_use"),
        CheckConstraint(one_of("name_use", Leave), name="name_use"),
        CheckConstraint(one_of("tax_status", TaxStatus), name="tax_status"),
        # Domain I-031: who decides has signed the memorandum.
        CheckConstraint(
            "state <> 'active' OR tier NOT IN ('steering', 'member')"
            " OR (mou_version IS NOT NULL AND mou_signed_on IS NOT NULL)",
            name="active_with_mou",
        ),
        CheckConstraint("(mou_version IS NULL) = (mou_signed_on IS NULL)", name="mou_whole"),
        CheckConstraint("(state = 'left') = (left_at IS NOT NULL)", name="left_at"),
        # Only charities can choose the yearly limits of section 501(h).
        CheckConstraint("NOT h_election OR tax_status = 'c3'", name="h_election"),
        CheckConstraint("NOT is_lead OR state <> 'left'", name="lead_is_here"),
        # Domain I-030: an organization is in a coalition once.
        Index(
            "uq_membership_live",
            "coalition_id",
            "organization_id",
            unique=True,
            sqlite_where=text("state <> 'left'"),
            postgresql_where=text("state <> 'left'"),
        ),
        Index(
            "uq_membership_lead",
            "coalition_id",
            unique=True,
            sqlite_where=text("is_lead"),
            postgresql_where=text("is_lead"),
        ),
        Index("ix_membership_name", "coalition_id", "name_fold", "id"),
        Index("ix_membership_organization_id", "organization_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    name: Mapped[str] = mapped_column(String(200))
    name_fold: Mapped[str] = mapped_column(String(200))
    website: Mapped[str] = mapped_column(String(200), default="")
    tier: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    is_lead: Mapped[bool] = mapped_column(Boolean, default=False)
    mou_version: Mapped[str | None] = mapped_column(String(20))
    mou_signed_on: Mapped[date | None] = mapped_column(Date)
    logo_use: Mapped[str] = mapped_column(String(10), default=Leave.NEVER)
    name_use: Mapped[str] = mapped_column(String(10), default=Leave.ASK_EACH)
    tax_status: Mapped[str] = mapped_column(String(16), default=TaxStatus.OTHER)
    h_election: Mapped[bool] = mapped_column(Boolean, default=False)
    may_lobby: Mapped[bool] = mapped_column(Boolean, default=False)
    contact_name: Mapped[bytes | None] = mapped_column(LargeBinary)
    contact_email: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant)
    joined_at: Mapped[datetime | None] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class MembershipPerson(Model):
    """A person's seat for an organization: acts for it in this coalition, from its beginning to its end."""

    __tablename__ = "membership_person"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "membership_id"], ["membership.coalition_id", "membership.id"]),
        CheckConstraint("added_by IS NULL OR added_by <> user_id", name="not_by_oneself"),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
        # One person speaks for one organization in a coalition.
        Index(
            "uq_membership_person_live",
            "coalition_id",
            "user_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_membership_person_membership", "coalition_id", "membership_id"),
        Index("ix_membership_person_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    membership_id: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    added_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class JoinRequest(Model):
    """A request from the public page; who wrote it and the message are sealed."""

    __tablename__ = "join_request"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "membership_id"], ["membership.coalition_id", "membership.id"]),
        UniqueConstraint("public_id"),
        CheckConstraint(one_of("state", JoinState), name="state"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("state <> 'accepted' OR membership_id IS NOT NULL", name="accepted_has_membership"),
        # The same words from the same address wait once, however often the button is pressed.
        Index(
            "uq_join_request_waiting",
            "coalition_id",
            "ask_key",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_join_request_state", "coalition_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    organization: Mapped[str] = mapped_column(String(200))
    ask_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    contact_name: Mapped[bytes] = mapped_column(LargeBinary)
    contact_email: Mapped[bytes] = mapped_column(LargeBinary)
    message: Mapped[bytes | None] = mapped_column(LargeBinary)
    locale: Mapped[str] = mapped_column(String(16), default="en")
    state: Mapped[str] = mapped_column(String(10), default=JoinState.WAITING)
    membership_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
