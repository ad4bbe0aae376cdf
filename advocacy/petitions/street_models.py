"""The street of a signer, sealed, from signing until the district is known: days, not longer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model


class SignatureStreet(Model):
    """House number and street of one signature; the row goes as soon as it was looked up, or is too old."""

    __tablename__ = "signature_street"
    __table_args__ = (
        ForeignKeyConstraint(
            ["coalition_id", "signature_id"], ["signature.coalition_id", "signature.id"], ondelete="CASCADE"
        ),
    )

    signature_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    street: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)
