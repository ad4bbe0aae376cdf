"""Tables of coalitions and roles."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model


class CoalitionState(StrEnum):
    """Where a coalition stands."""

    FORMING = "forming"
    ACTIVE = "active"
    DORMANT = "dormant"
    DISSOLVED = "dissolved"


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


def one_of(column: str, values: type[StrEnum]) -> str:
    """A CHECK that a column holds one of the values."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class Coalition(Model):
    """Organisations and people with one cause: the tenant of almost every other row."""

    __tablename__ = "coalition"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("slug"),
        CheckConstraint(one_of("state", CoalitionState), name="state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22))
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    tz: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(16), default="en")
    state: Mapped[str] = mapped_column(String(20), default=CoalitionState.ACTIVE)
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
