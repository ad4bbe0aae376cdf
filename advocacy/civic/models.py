"""Packs of public data, one version beside the other, and what they hold."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.civic import guards
from advocacy.core.db import BigId, Instant, Model, append_only, guarded, one_of


class PackKind(StrEnum):
    """What a pack brings."""

    CONGRESS = "congress"
    OPENSTATES = "openstates"
    BOUNDARIES = "boundaries"
    ZCTA = "zcta"
    CROSSWALK = "crosswalk"


class PackState(StrEnum):
    """Where a version stands: being loaded, in use, kept for rollback."""

    STAGED = "staged"
    ACTIVE = "active"
    PREVIOUS = "previous"


class Layer(StrEnum):
    """Kinds of division."""

    STATE = "state"
    HOUSE = "cd"
    UPPER = "sldu"
    LOWER = "sldl"
    WARD = "ward"


class Chamber(StrEnum):
    """Where somebody sits."""

    US_SENATE = "us_senate"
    US_HOUSE = "us_house"
    STATE_UPPER = "state_upper"
    STATE_LOWER = "state_lower"
    COUNCIL = "council"


class PinField(StrEnum):
    """What an editor may say of somebody in office."""

    NAME = "name"
    PARTY = "party"
    PHONE = "phone"
    EMAIL = "email"
    CONTACT_FORM = "contact_form"
    URL = "url"
    ADDRESS = "address"


class CivicPack(Model):
    """One imported version of one file.

    ``area`` is ``us`` or a state's code, ``edition`` a Congress number where the districts depend on it: packs that
    differ in one of them stand beside each other. ``changes`` says what this version changed when it came in;
    ``is_rejected`` that it was taken back: the same file does not come in again unasked.
    """

    __tablename__ = "civic_pack"
    __table_args__ = (
        CheckConstraint(one_of("kind", PackKind), name="kind"),
        CheckConstraint(one_of("state", PackState), name="state"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from < valid_to", name="valid"),
        Index(
            "uq_civic_pack_active",
            "kind",
            "layer",
            "area",
            "edition",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index(
            "uq_civic_pack_previous",
            "kind",
            "layer",
            "area",
            "edition",
            unique=True,
            sqlite_where=text("state = 'previous'"),
            postgresql_where=text("state = 'previous'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    layer: Mapped[str] = mapped_column(String(10), default="")
    area: Mapped[str] = mapped_column(String(10), default="us")
    edition: Mapped[str] = mapped_column(String(10), default="")
    name: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    licence: Mapped[str] = mapped_column(String(60))
    data_on: Mapped[date | None] = mapped_column(Date)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    imported_at: Mapped[datetime] = mapped_column(Instant)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, server_default="{}")
    state: Mapped[str] = mapped_column(String(10), default=PackState.STAGED)
    is_rejected: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)


class Division(Model):
    """A division that some pack named; aliases are resolved by ``rules.canonical`` before anything is stored."""

    __tablename__ = "division"

    ocd_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    layer: Mapped[str] = mapped_column(String(10), index=True)
    parent: Mapped[str | None] = mapped_column(String(120), index=True)
    seat_count: Mapped[int] = mapped_column(Integer, default=1)
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)


class Boundary(Model):
    """A division's area in one pack, as WKB in degrees (longitude first), with its box."""

    __tablename__ = "boundary"
    __table_args__ = (UniqueConstraint("pack_id", "ocd_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("civic_pack.id", ondelete="CASCADE"))
    ocd_id: Mapped[str] = mapped_column(String(120))
    geoid: Mapped[str] = mapped_column(String(20))
    wkb: Mapped[bytes] = mapped_column(LargeBinary)
    min_lng: Mapped[float] = mapped_column(Float)
    min_lat: Mapped[float] = mapped_column(Float)
    max_lng: Mapped[float] = mapped_column(Float)
    max_lat: Mapped[float] = mapped_column(Float)


class PostalDivision(Model):
    """A postal code that touches a division; ``share`` is the part of its people there, where a pack knows it."""

    __tablename__ = "postal_division"

    pack_id: Mapped[int] = mapped_column(ForeignKey("civic_pack.id", ondelete="CASCADE"), primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    ocd_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    share: Mapped[float | None] = mapped_column(Float)
    town: Mapped[str | None] = mapped_column(String(80))


class Official(Model):
    """A person in office as one pack describes them; ``person_key`` stays the same from version to version.

    ``same_as`` is the key by which another pack in use lists the same person and leads: set when packs are compared.
    """

    __tablename__ = "official"
    __table_args__ = (UniqueConstraint("pack_id", "person_key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("civic_pack.id", ondelete="CASCADE"))
    person_key: Mapped[str] = mapped_column(String(60), index=True)
    full_name: Mapped[str] = mapped_column(String(120))
    given_name: Mapped[str] = mapped_column(String(60))
    family_name: Mapped[str] = mapped_column(String(60))
    folded_name: Mapped[str] = mapped_column(String(160))
    party: Mapped[str] = mapped_column(String(80))
    offices: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    email: Mapped[str | None] = mapped_column(String(120))
    photo_url: Mapped[str | None] = mapped_column(String(300))
    ids: Mapped[dict[str, str]] = mapped_column(JSON, server_default="{}")
    social: Mapped[dict[str, str]] = mapped_column(JSON, server_default="{}")
    past_terms: Mapped[list[dict[str, str]]] = mapped_column(JSON, server_default="[]")
    same_as: Mapped[str | None] = mapped_column(String(60), index=True)


guarded(Official.__table__, guards.NO_HOME)  # type: ignore[arg-type]


class OfficeTerm(Model):
    """A seat somebody holds. ``sits_until`` is the day from which the pack no longer vouches for it."""

    __tablename__ = "office_term"
    __table_args__ = (CheckConstraint(one_of("chamber", Chamber), name="chamber"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    official_id: Mapped[int] = mapped_column(ForeignKey("official.id", ondelete="CASCADE"), index=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("civic_pack.id", ondelete="CASCADE"), index=True)
    ocd_id: Mapped[str] = mapped_column(String(120), index=True)
    chamber: Mapped[str] = mapped_column(String(12))
    seat: Mapped[str | None] = mapped_column(String(20))
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    sits_until: Mapped[date | None] = mapped_column(Date)
    phone: Mapped[str | None] = mapped_column(String(40))
    contact_form: Mapped[str | None] = mapped_column(String(300))
    url: Mapped[str | None] = mapped_column(String(300))
    address: Mapped[str | None] = mapped_column(String(200))


class Vacancy(Model):
    """A seat that a pack says is empty; ``until`` is often just moved on, so it means "look again"."""

    __tablename__ = "vacancy"
    __table_args__ = (
        CheckConstraint(one_of("chamber", Chamber), name="chamber"),
        CheckConstraint("seat_count >= 1", name="seat_count"),
    )

    pack_id: Mapped[int] = mapped_column(ForeignKey("civic_pack.id", ondelete="CASCADE"), primary_key=True)
    ocd_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    chamber: Mapped[str] = mapped_column(String(12), primary_key=True)
    seat_count: Mapped[int] = mapped_column(Integer)
    until: Mapped[date | None] = mapped_column(Date)


class CivicCommittee(Model):
    """A committee of a legislature as one pack describes it; ``parent_key`` names the one it is part of."""

    __tablename__ = "civic_committee"
    __table_args__ = (UniqueConstraint("pack_id", "committee_key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("civic_pack.id", ondelete="CASCADE"))
    committee_key: Mapped[str] = mapped_column(String(60), index=True)
    parent_key: Mapped[str | None] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    chamber: Mapped[str] = mapped_column(String(12))
    place: Mapped[str] = mapped_column(String(2))
    url: Mapped[str | None] = mapped_column(String(300))
    phone: Mapped[str | None] = mapped_column(String(40))


class CivicCommitteeSeat(Model):
    """Somebody's place in a committee, by the lasting keys of both."""

    __tablename__ = "civic_committee_seat"

    pack_id: Mapped[int] = mapped_column(ForeignKey("civic_pack.id", ondelete="CASCADE"), primary_key=True)
    committee_key: Mapped[str] = mapped_column(String(60), primary_key=True)
    person_key: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
    title: Mapped[str] = mapped_column(String(80))
    rank: Mapped[int] = mapped_column(Integer, default=0)


class CivicPin(Model):
    """What an editor says of a person, over every pack; the newest row of a field counts, one without a value lifts it.

    ``user_id`` names the account without a foreign key: accounts stand above this room.
    """

    __tablename__ = "civic_pin"
    __table_args__ = (CheckConstraint(one_of("field", PinField), name="field"), Index(None, "person_key", "field"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_key: Mapped[str] = mapped_column(String(60))
    field: Mapped[str] = mapped_column(String(20))
    value: Mapped[str | None] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(200), default="", server_default="")
    user_id: Mapped[int | None] = mapped_column(BigId)
    pinned_at: Mapped[datetime] = mapped_column(Instant)


append_only(CivicPin.__table__)  # type: ignore[arg-type]


class DistrictCode(Model):
    """A Census code of a state legislative district and the division it stands for."""

    __tablename__ = "district_code"

    pack_id: Mapped[int] = mapped_column(ForeignKey("civic_pack.id", ondelete="CASCADE"), primary_key=True)
    layer: Mapped[str] = mapped_column(String(10), primary_key=True)
    geoid: Mapped[str] = mapped_column(String(20), primary_key=True)
    ocd_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    seat_count: Mapped[int] = mapped_column(Integer)
