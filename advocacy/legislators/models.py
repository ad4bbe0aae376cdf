"""What a coalition knows of people in office: its own lawmakers, offices, staff, how an office wants to be reached."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
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

OWN = "own-"
"""How the keys of a coalition's own lawmakers begin: no pack names anybody so."""
_NAMED = text("external_key <> ''")


class OfficeKind(StrEnum):
    """Where an office is. Nobody's home: a home is never stored."""

    CAPITOL = "capitol"
    DISTRICT = "district"
    MAIL = "mail"


class Way(StrEnum):
    """How somebody can be reached."""

    FORM = "form"
    EMAIL = "email"
    PHONE = "phone"
    FAX = "fax"
    LETTER = "letter"
    VISIT = "visit"


class StaffRole(StrEnum):
    """What somebody on the staff of an office does."""

    CHIEF = "chief"
    POLICY = "policy"
    SCHEDULER = "scheduler"
    CASEWORK = "casework"
    PRESS = "press"
    OTHER = "other"


def _web_only(column: str) -> str:
    return f"{column} = '' OR {column} LIKE 'http://%' OR {column} LIKE 'https://%'"


class Lawmaker(Model):
    """Somebody in office whom no pack names, such as a council member, with the seat held now and the main office.

    ``as_of`` is the day of which the facts speak; ``source`` says from where, nothing where somebody typed them in.
    """

    __tablename__ = "lawmaker"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("coalition_id", "id"),
        CheckConstraint("full_name <> ''", name="full_name"),
        CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on < ends_on", name="term"),
        CheckConstraint(_web_only("contact_form"), name="contact_form"),
        CheckConstraint(_web_only("url"), name="url"),
        Index("ix_lawmaker_name", "coalition_id", "folded_name"),
        Index(
            "uq_lawmaker_external_key",
            "coalition_id",
            "external_key",
            unique=True,
            sqlite_where=_NAMED,
            postgresql_where=_NAMED,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    external_key: Mapped[str] = mapped_column(String(60), default="")
    full_name: Mapped[str] = mapped_column(String(120))
    folded_name: Mapped[str] = mapped_column(String(160))
    party: Mapped[str] = mapped_column(String(80), default="")
    title: Mapped[str] = mapped_column(String(80), default="")
    body: Mapped[str] = mapped_column(String(120), default="")
    district: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[str] = mapped_column(String(2), default="")
    division_id: Mapped[str] = mapped_column(String(120), default="")
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    phone: Mapped[str] = mapped_column(String(40), default="")
    fax: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    contact_form: Mapped[str] = mapped_column(String(300), default="")
    url: Mapped[str] = mapped_column(String(300), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    hours: Mapped[str] = mapped_column(String(120), default="")
    source: Mapped[str] = mapped_column(String(120), default="")
    as_of: Mapped[date] = mapped_column(Date)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def key(self) -> str:
        """The lasting key, as contacts name people in office."""
        return f"{OWN}{self.public_id}"


class LawmakerTerm(Model):
    """A seat that one of the coalition's own lawmakers held before, or will hold."""

    __tablename__ = "lawmaker_term"
    __table_args__ = (
        ForeignKeyConstraint(["coalition_id", "lawmaker_id"], ["lawmaker.coalition_id", "lawmaker.id"]),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint("ends_on IS NULL OR starts_on < ends_on", name="term"),
        UniqueConstraint("lawmaker_id", "title", "starts_on"),
        Index("ix_lawmaker_term_lawmaker", "coalition_id", "lawmaker_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(BigInteger)
    lawmaker_id: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(String(120), default="")
    district: Mapped[str] = mapped_column(String(120), default="")
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)


class LawmakerOffice(Model):
    """An office as the coalition knows it: of its own lawmakers, and beside what the packs say."""

    __tablename__ = "lawmaker_office"
    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint(one_of("kind", OfficeKind), name="kind"),
        CheckConstraint("person_key <> ''", name="person_key"),
        CheckConstraint("address <> '' OR phone <> '' OR fax <> ''", name="reachable"),
        Index("ix_lawmaker_office_person", "coalition_id", "person_key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    person_key: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(10))
    city: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    fax: Mapped[str] = mapped_column(String(40), default="")
    hours: Mapped[str] = mapped_column(String(120), default="")
    checked_on: Mapped[date] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class StaffContact(Model):
    """Somebody who works for a person in office; name, mail address and phone are sealed."""

    __tablename__ = "staff_contact"
    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint(one_of("role", StaffRole), name="role"),
        CheckConstraint("person_key <> ''", name="person_key"),
        Index("ix_staff_contact_person", "coalition_id", "person_key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    public_id: Mapped[str] = mapped_column(String(22))
    person_key: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(12))
    topics: Mapped[str] = mapped_column(String(200), default="")
    name: Mapped[bytes] = mapped_column(LargeBinary)
    email: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    checked_on: Mapped[date] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class OfficePreference(Model):
    """How an office wants to be reached, as the coalition learned it: one row for each person in office."""

    __tablename__ = "office_preference"
    __table_args__ = (
        UniqueConstraint("coalition_id", "person_key"),
        CheckConstraint(one_of("way", Way), name="way"),
        CheckConstraint(f"next_way IS NULL OR {one_of('next_way', Way)}", name="next_way"),
        CheckConstraint("next_way IS NULL OR next_way <> way", name="two_ways"),
        CheckConstraint("person_key <> ''", name="person_key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("coalition.id"))
    person_key: Mapped[str] = mapped_column(String(60))
    way: Mapped[str] = mapped_column(String(10))
    next_way: Mapped[str | None] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(600), default="")
    checked_on: Mapped[date] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form
