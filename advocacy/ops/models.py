"""What the operators were told of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model


class OperatorAlarm(Model):
    """One row: the names of the checks that were red when the operators were last told, and when they were.

    ``rev`` grows with each mail to them; ``told`` is empty after "all is well again".
    """

    __tablename__ = "operator_alarm"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), CheckConstraint("rev >= 0", name="rev"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    rev: Mapped[int] = mapped_column(Integer)
    told: Mapped[list[Any]] = mapped_column(JSON)
    told_at: Mapped[datetime | None] = mapped_column(Instant)
