"""Who of us took part in a contact, and what else than its first bill it was about."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import Model


class ContactMember(Model):
    """Somebody of ours with an account who took part."""

    __tablename__ = "contact_member"
    __table_args__ = (
        ForeignKeyConstraint(
            ["coalition_id", "contact_id"], ["contact_log.coalition_id", "contact_log.id"], ondelete="CASCADE"
        ),
        Index("ix_contact_member_user_id", "user_id"),
    )

    contact_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)


class ContactBill(Model):
    """A further bill. It points to the first one: a contact about a bill has said whether it lobbied (I-057)."""

    __tablename__ = "contact_bill"
    __table_args__ = (
        ForeignKeyConstraint(
            ["coalition_id", "contact_id", "first_bill_id"],
            ["contact_log.coalition_id", "contact_log.id", "contact_log.bill_id"],
            name="fk_contact_bill_first_bill",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["coalition_id", "bill_id"], ["bill.coalition_id", "bill.id"]),
        CheckConstraint("bill_id <> first_bill_id", name="another_bill"),
        Index("ix_contact_bill_bill_id", "coalition_id", "bill_id"),
    )

    contact_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    bill_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    first_bill_id: Mapped[int] = mapped_column(BigInteger)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
