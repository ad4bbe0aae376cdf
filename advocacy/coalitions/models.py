"""Tables of coalitions and roles."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, guarded, one_of


class CoalitionState(StrEnum):
    """Where a coalition stands."""

    FORMING = "forming"
    ACTIVE = "active"
    DORMANT = "dormant"
    DISSOLVED = "dissolved"


class DecisionRule(StrEnum):
    """How the member organizations decide."""

    CONSENSUS = "consensus"
    CONSENSUS_MINUS_ONE = "consensus_minus_one"
    MAJORITY = "majority"
    TWO_THIRDS = "two_thirds"
    LEAD_DECIDES = "lead_decides"


class RoleName(StrEnum):
    """Roles in a coalition."""

    ADMIN = "admin"
    ORGANIZER = "organizer"
    VOLUNTEER = "volunteer"
    SPEAKER = "speaker"
    CARE_LEAD = "care_lead"
    REVIEWER = "reviewer"
    GRIEVANCE_OFFICER = "grievance_officer"
    OBSERVER = "observer"


REPRESENTATIVE = "representative"
"""Held by whoever acts for an organization of the coalition: it comes with the seat and goes with it."""

SEAT_HOLDER = "seat_holder"
"""Held by whoever holds a seat in a committee."""


class InvitationState(StrEnum):
    """Where an invitation stands; an open one ends by its time too."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REVOKED = "revoked"


class Coalition(Model):
    """Organisations and people with one cause: the tenant of almost every other row.

    ``ask_limit``: how often its organizations together may ask one person to act in ``ask_window_days``; 0: no limit.
    """

    __tablename__ = "coalition"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("slug"),
        CheckConstraint(one_of("state", CoalitionState), name="state"),
        CheckConstraint(one_of("decision_rule", DecisionRule), name="decision_rule"),
        CheckConstraint("quorum_pct BETWEEN 1 AND 100", name="quorum_pct"),  # domain I-028
        CheckConstraint("ask_limit BETWEEN 0 AND 100", name="ask_limit"),
        CheckConstraint("ask_window_days BETWEEN 1 AND 365", name="ask_window_days"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22))
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    tz: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(16), default="en")
    state: Mapped[str] = mapped_column(String(20), default=CoalitionState.ACTIVE)
    about: Mapped[str] = mapped_column(Text, default="")
    decision_rule: Mapped[str] = mapped_column(String(20), default=DecisionRule.MAJORITY)
    quorum_pct: Mapped[int] = mapped_column(SmallInteger, default=50)
    spokesperson_policy: Mapped[str] = mapped_column(Text, default="")
    ask_limit: Mapped[int] = mapped_column(SmallInteger, default=4, server_default="4")
    ask_window_days: Mapped[int] = mapped_column(SmallInteger, default=30, server_default="30")
    created_at: Mapped[datetime] = mapped_column(Instant)


class MembershipRole(Model):
    """A role of an account in a coalition, from its grant to its end; kept as history."""

    __tablename__ = "membership_role"
    __table_args__ = (
        CheckConstraint(one_of("role", RoleName), name="role"),
        CheckConstraint("granted_by IS NULL OR granted_by <> user_id", name="not_by_oneself"),
        CheckConstraint("ended_at IS NULL OR ended_at >= granted_at", name="ends_after_grant"),
        Index(
            "uq_membership_role_live",
            "coalition_id",
            "user_id",
            "role",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_membership_role_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[str] = mapped_column(String(30))
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    granted_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Invitation(Model):
    """A role offered to an address; its link is derived from ``nonce``, which goes when it is used or taken back.

    With ``membership_id`` it is the right to act for an organization, with ``seat_id`` a seat in a committee, then held
    until ``until_on``.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("public_id"),
        ForeignKeyConstraint(["coalition_id", "membership_id"], ["membership.coalition_id", "membership.id"]),
        ForeignKeyConstraint(["coalition_id", "seat_id"], ["seat.coalition_id", "seat.id"]),
        CheckConstraint(
            f"(membership_id IS NULL AND seat_id IS NULL AND {one_of('role', RoleName)})"
            f" OR (membership_id IS NOT NULL AND seat_id IS NULL AND role = '{REPRESENTATIVE}')"
            f" OR (membership_id IS NULL AND seat_id IS NOT NULL AND role = '{SEAT_HOLDER}')",
            name="role",
        ),
        CheckConstraint("until_on IS NULL OR seat_id IS NOT NULL", name="until_of_a_seat"),
        CheckConstraint(one_of("state", InvitationState), name="state"),
        CheckConstraint("(state = 'open') = (nonce IS NOT NULL)", name="used_once"),
        CheckConstraint("(state = 'accepted') = (accepted_by IS NOT NULL)", name="accepted"),
        CheckConstraint("accepted_by IS NULL OR accepted_by <> invited_by", name="not_by_oneself"),
        Index(
            "uq_invitation_open",
            "coalition_id",
            "email_key",
            "role",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        # A seat is offered to one person at a time.
        Index(
            "uq_invitation_seat",
            "seat_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22))
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    email_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    email_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    role: Mapped[str] = mapped_column(String(30))
    membership_id: Mapped[int | None] = mapped_column(BigId)
    seat_id: Mapped[int | None] = mapped_column(BigId)
    until_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12), default=InvitationState.OPEN)
    nonce: Mapped[str | None] = mapped_column(String(22))
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


_REFUSAL = "the last administrator of a coalition stays"
_OTHER = """EXISTS (
    SELECT 1 FROM membership_role m JOIN user_account u ON u.id = m.user_id
    WHERE m.coalition_id = {coalition} AND m.role = 'admin' AND m.ended_at IS NULL
    AND u.disabled_at IS NULL AND m.user_id <> {user})"""
_ROLE_GOES = f"""OLD.role = 'admin' AND OLD.ended_at IS NULL
    AND NOT {_OTHER.format(coalition="OLD.coalition_id", user="OLD.user_id")}"""
_ACCOUNT_GOES = f"""OLD.disabled_at IS NULL AND EXISTS (
    SELECT 1 FROM membership_role r WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL
    AND NOT {_OTHER.format(coalition="r.coalition_id", user="OLD.id")})"""  # noqa: S608 - our own constants
_CHANGED = "NEW.ended_at IS NOT NULL OR NEW.role <> 'admin' OR NEW.coalition_id <> OLD.coalition_id"
_SQLITE = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
LAST_ADMIN_GUARD = {
    "sqlite": [
        f"""CREATE TRIGGER membership_role_last_ends BEFORE UPDATE ON membership_role
        WHEN ({_CHANGED}) AND {_ROLE_GOES} {_SQLITE}""",
        f"CREATE TRIGGER membership_role_last_goes BEFORE DELETE ON membership_role WHEN {_ROLE_GOES} {_SQLITE}",
        f"""CREATE TRIGGER membership_role_last_closed BEFORE UPDATE OF disabled_at ON user_account
        WHEN NEW.disabled_at IS NOT NULL AND {_ACCOUNT_GOES} {_SQLITE}""",
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION membership_role_last_admin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' OR {_CHANGED} THEN
        PERFORM 1 FROM coalition WHERE id = OLD.coalition_id FOR UPDATE;
        IF {_ROLE_GOES} THEN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END IF; END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$""",
        f"""CREATE OR REPLACE FUNCTION user_account_last_of_coalition() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.disabled_at IS NOT NULL THEN
        PERFORM 1 FROM coalition c WHERE c.id IN (SELECT r.coalition_id FROM membership_role r
        WHERE r.user_id = OLD.id AND r.role = 'admin' AND r.ended_at IS NULL) ORDER BY c.id FOR UPDATE;
        IF {_ACCOUNT_GOES} THEN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END IF; END IF;
        RETURN NEW; END $$""",  # noqa: S608 - our own constants
        """CREATE TRIGGER membership_role_last_admin BEFORE UPDATE OR DELETE ON membership_role FOR EACH ROW
        EXECUTE FUNCTION membership_role_last_admin()""",
        """CREATE TRIGGER user_account_last_of_coalition BEFORE UPDATE OF disabled_at ON user_account FOR EACH ROW
        EXECUTE FUNCTION user_account_last_of_coalition()""",
    ],
}
"""No key or check can say this (domain I-025); the coalition's row is the lock under which two go one after another."""

guarded(MembershipRole.__table__, LAST_ADMIN_GUARD)  # type: ignore[arg-type]
