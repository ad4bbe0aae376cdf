"""Tables of sign-on letters, their words and who signed them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.core.db import BigId, Instant, Model, append_only, guarded, one_of
from advocacy.signons import guards, people_guards


class LetterState(StrEnum):
    """Where a letter stands."""

    DRAFT = "draft"
    REVIEW = "review"
    COLLECTING = "collecting"
    FROZEN = "frozen"
    DELIVERED = "delivered"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"


class TextKind(StrEnum):
    """Why the words changed: before collecting, in what they say, or only a typing error."""

    DRAFT = "draft"
    MATERIAL = "material"
    TYPO = "typo"


class CorrectionState(StrEnum):
    """What became of a typing error that somebody wanted mended."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class SignOnState(StrEnum):
    """Where an organization stands with a letter; only ``signed`` counts."""

    INVITED = "invited"
    SIGNED = "signed"
    NEEDS_RECONFIRM = "needs_reconfirm"
    RESCINDED = "rescinded"
    DECLINED = "declined"


class Shown(StrEnum):
    """How an organization stands under the letter."""

    FULL = "full"
    ORGANIZATION = "organization"
    COUNTED = "counted"


_FIXED = "('frozen', 'delivered', 'archived')"


class SignOnLetter(Model):
    """A letter to be signed by organizations.

    ``text_version`` is the newest wording, ``material_version`` the oldest one that says the same; a signature counts
    under any of those between. ``manifest_hash`` stands from the day the letter is frozen.
    """

    __tablename__ = "sign_on_letter"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "bill_id"], ["bill.coalition_id", "bill.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("slug"),
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint(one_of("state", LetterState), name="state"),
        CheckConstraint("internal_due < final_due", name="internal_before_final"),  # I-039
        CheckConstraint("material_version >= 1 AND material_version <= text_version", name="versions"),
        # Lobbying is about specific legislation; the invitation names it.
        CheckConstraint("NOT is_lobbying OR bill_id IS NOT NULL", name="lobbying_on_a_bill"),
        CheckConstraint(f"state NOT IN {_FIXED} OR manifest_hash IS NOT NULL", name="frozen_with_hash"),  # I-043
        CheckConstraint("state NOT IN ('delivered', 'archived') OR delivered_at IS NOT NULL", name="delivered"),
        Index("ix_sign_on_letter_coalition_id_id", "coalition_id", "id"),
        Index("ix_sign_on_letter_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    addressees: Mapped[str] = mapped_column(Text)
    bill_id: Mapped[int | None] = mapped_column(BigInteger)
    is_lobbying: Mapped[bool] = mapped_column(Boolean, default=False)
    internal_due: Mapped[datetime] = mapped_column(Instant)
    final_due: Mapped[datetime] = mapped_column(Instant)
    tz: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default=LetterState.DRAFT)
    text_version: Mapped[int] = mapped_column(Integer, default=1)
    material_version: Mapped[int] = mapped_column(Integer, default=1)
    reopened_at: Mapped[datetime | None] = mapped_column(Instant)
    manifest_hash: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class SignOnText(Model):
    """One wording of a letter; what somebody signed can be read for ever."""

    __tablename__ = "sign_on_text"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "letter_id"], ["sign_on_letter.coalition_id", "sign_on_letter.id"]),
        UniqueConstraint("letter_id", "number"),
        CheckConstraint(one_of("kind", TextKind), name="kind"),
        CheckConstraint("number >= 1", name="number"),
        # A typing error is mended by two people.
        CheckConstraint(
            "kind <> 'typo' OR (written_by IS NOT NULL AND approved_by IS NOT NULL AND approved_by <> written_by)",
            name="typo_by_two",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    letter_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(10))
    body: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)


class SignOnCorrection(Model):
    """A typing error to be mended, until a second person has looked at it."""

    __tablename__ = "sign_on_correction"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "letter_id"], ["sign_on_letter.coalition_id", "sign_on_letter.id"]),
        UniqueConstraint("public_id"),
        CheckConstraint(one_of("state", CorrectionState), name="state"),
        CheckConstraint("(state = 'waiting') = (decided_by IS NULL)", name="decided"),
        CheckConstraint("state <> 'approved' OR decided_by <> written_by", name="by_two"),
        Index(
            "uq_sign_on_correction_waiting",
            "letter_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    letter_id: Mapped[int] = mapped_column(BigInteger)
    public_id: Mapped[str] = mapped_column(String(22))
    of_version: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default=CorrectionState.WAITING)
    written_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


_LIVE = text("state IN ('invited', 'signed', 'needs_reconfirm')")


class SignOn(Model):
    """One organization and one letter. Name and contact of whoever signed are sealed; ``nonce`` makes its link.

    ``with_logo``: whoever chose the full form had read that the logo stands there too.
    ``contact_key`` finds the contact within the coalition; once erased, name and contact are empty and the key is
    gone.
    """

    __tablename__ = "sign_on"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "letter_id"], ["sign_on_letter.coalition_id", "sign_on_letter.id"]),
        ForeignKeyConstraint(["coalition_id", "membership_id"], ["membership.coalition_id", "membership.id"]),
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint(one_of("state", SignOnState), name="state"),
        CheckConstraint(one_of("shown", Shown), name="shown"),
        # I-040: who signs for an organization attests to its authority and can be reached.
        CheckConstraint(
            "state <> 'signed' OR (authority_attested AND signer_name IS NOT NULL AND title <> '' AND place <> ''"
            " AND contact IS NOT NULL AND signed_at IS NOT NULL AND text_version IS NOT NULL)",
            name="signed_with_authority",
        ),
        CheckConstraint("state <> 'rescinded' OR rescinded_at IS NOT NULL", name="rescinded"),
        # I-041: an organization stands under a letter once.
        Index(
            "uq_sign_on_live",
            "letter_id",
            "organization_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_sign_on_letter_id_state", "letter_id", "state", "id"),
        Index("ix_sign_on_contact_key", "coalition_id", "contact_key"),
        Index("ix_sign_on_membership", "coalition_id", "membership_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    letter_id: Mapped[int] = mapped_column(BigInteger)
    membership_id: Mapped[int] = mapped_column(BigInteger)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    state: Mapped[str] = mapped_column(String(16), default=SignOnState.INVITED)
    shown: Mapped[str] = mapped_column(String(12), default=Shown.FULL)
    with_logo: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    text_version: Mapped[int | None] = mapped_column(Integer)
    signer_name: Mapped[bytes | None] = mapped_column(LargeBinary)
    title: Mapped[str] = mapped_column(String(120), default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    contact: Mapped[bytes | None] = mapped_column(LargeBinary)
    contact_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    authority_attested: Mapped[bool] = mapped_column(Boolean, default=False)
    awaits_authority_at: Mapped[datetime | None] = mapped_column(Instant)
    wants_statement: Mapped[bool] = mapped_column(Boolean, default=False)
    nonce: Mapped[str] = mapped_column(String(22))
    invited_at: Mapped[datetime] = mapped_column(Instant)
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)
    signed_at: Mapped[datetime | None] = mapped_column(Instant)
    rescinded_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrew_at: Mapped[datetime | None] = mapped_column(Instant)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)


class SignOnManifest(Model):
    """What a frozen letter holds: ``items`` pair a sign-on's public id with the keyed digest of what is shown."""

    __tablename__ = "sign_on_manifest"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "letter_id"], ["sign_on_letter.coalition_id", "sign_on_letter.id"]),
        CheckConstraint("signer_count > 0", name="signers"),
    )

    letter_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    manifest_hash: Mapped[str] = mapped_column(String(64))
    text_version: Mapped[int] = mapped_column(Integer)
    signer_count: Mapped[int] = mapped_column(Integer)
    items: Mapped[list[list[str]]] = mapped_column(JSON)
    frozen_at: Mapped[datetime] = mapped_column(Instant)


class SignOnDocument(Model):
    """The frozen letter as PDF, drawn in the background."""

    __tablename__ = "sign_on_document"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "letter_id"], ["sign_on_letter.coalition_id", "sign_on_letter.id"]),
    )

    letter_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    manifest_hash: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    is_tagged: Mapped[bool] = mapped_column(Boolean)
    made_at: Mapped[datetime] = mapped_column(Instant)


append_only(SignOnText.__table__)  # type: ignore[arg-type]
append_only(SignOnManifest.__table__)  # type: ignore[arg-type]
guarded(SignOnLetter.__table__, guards.LETTER)  # type: ignore[arg-type]
guarded(
    SignOnText.__table__,  # type: ignore[arg-type]
    {dialect: [*found, *people_guards.TEXT[dialect]] for dialect, found in guards.TEXT.items()},
)
guarded(SignOn.__table__, guards.SIGN_ON)  # type: ignore[arg-type]
