"""Pictures and logos for tests; every picture is drawn here."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image
from sqlalchemy import select

from advocacy.coalitions.logo_models import OrganizationLogo
from advocacy.coalitions.organization_models import Membership
from advocacy.coalitions.pictures import Picture, redrawn
from advocacy.coalitions.services import picturing
from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db


def picture(
    mode: str = "RGB", size: tuple[int, int] = (120, 60), colour: Any = "teal", kind: str = "PNG", **how: Any
) -> bytes:
    """The bytes of a picture of one colour."""
    return saved(Image.new(mode, size, colour), kind, **how)


def saved(image: Image.Image, kind: str = "PNG", **how: Any) -> bytes:
    """An image as a file."""
    stored = io.BytesIO()
    image.save(stored, kind, **how)
    return stored.getvalue()


def drawn(size: tuple[int, int] = (120, 60), colour: Any = "teal") -> Picture:
    """A picture as it is stored."""
    return redrawn(picture(size=size, colour=colour))


def make_logo(membership: Membership, **facts: Any) -> str:
    """An organization's logo, committed; gives its address."""
    with uow.unit():
        found = db.session.get_one(Membership, membership.id)
        made = picturing.store_logo(
            system_actor(coalition_id=membership.coalition_id), found, drawn(**facts), version=0
        )
        return f"/logos/{membership.public_id}/{made.sha256}.png"


def logo_of(membership: Membership) -> OrganizationLogo | None:
    """The row as it is now, detached."""
    db.session.rollback()
    with uow.reading():
        wanted = select(OrganizationLogo).where(OrganizationLogo.membership_id == membership.id)
        found = db.session.execute(wanted).scalar_one_or_none()
        if found is not None:
            _loaded = found.png
            db.session.expunge(found)
    return found
