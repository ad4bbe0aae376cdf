"""Real districts, members and ZIP codes, imported once for all tests of a process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from advocacy.app import create_app
from advocacy.civic.models import Layer
from advocacy.civic.packs import files
from advocacy.civic.services import importing, incoming
from advocacy.core import uow
from advocacy.core.actor import Channel, system_actor
from advocacy.core.db import db
from tests.support import databases


@lru_cache(maxsize=1)
def real_database(data: Path) -> str:
    """The URL of a SQLite database with Congress, House districts and the ZIP table; for reading only."""
    url = databases.new_sqlite()
    app = create_app(databases.make_settings(url))
    with app.app_context():
        packs = (
            incoming.congress_pack([files.read(data / "us-congress/legislators-current.json")]),
            incoming.boundary_pack(files.read(data / "boundaries/us-cd119-simplified.geojson.gz"), Layer.HOUSE),
            incoming.zcta_pack(files.read(data / "zip/zcta-cd119.csv.gz")),
        )
        for pack in packs:
            with uow.unit():
                importing.import_pack(system_actor(Channel.COMMAND), pack)
        db.session.remove()
        db.engine.dispose()
    return url
