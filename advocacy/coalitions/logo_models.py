"""The table of organizations' logos."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model

MAX_WIDTH, MAX_HEIGHT = 480, 240
"""What the largest place on a page needs on a sharp screen. Units: pixels."""
MAX_STORED = 524_288
"""More than the worst picture of that size takes as PNG. Units: bytes."""


class OrganizationLogo(Model):
    """An organization's logo in a coalition: a PNG that this house drew itself, found by the hash of its bytes.

    Its words for those who do not see it are the organization's name, which the membership holds.
    """

    __tablename__ = "organization_logo"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "membership_id"], ["membership.coalition_id", "membership.id"]),
        UniqueConstraint("coalition_id", "membership_id"),
        CheckConstraint(f"width BETWEEN 1 AND {MAX_WIDTH}", name="width"),
        CheckConstraint(f"height BETWEEN 1 AND {MAX_HEIGHT}", name="height"),
        CheckConstraint(f"length(png) BETWEEN 1 AND {MAX_STORED}", name="png"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    membership_id: Mapped[int] = mapped_column(BigInteger)
    png: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)  # pages need to know of it, not to read it
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form
