"""Real districts, members and ZIP codes, imported once for all tests of a process."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from advocacy.app import create_app
from advocacy.civic.models import Layer
from advocacy.civic.packs import files
from advocacy.civic.services import importing, incoming, incoming_openstates
from advocacy.civic.services.incoming import Incoming
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
        _take_in(
            [
                incoming.congress_pack([files.read(data / "us-congress/legislators-current.json")]),
                incoming.boundary_pack(files.read(data / "boundaries/us-cd119-simplified.geojson.gz"), Layer.HOUSE),
                incoming.zcta_pack(files.read(data / "zip/zcta-cd119.csv.gz")),
            ]
        )
        db.session.remove()
        db.engine.dispose()
    return url


@lru_cache(maxsize=1)
def whole_country(data: Path) -> str:
    """The same with the legislature of every state: codes, districts, people, known vacancies."""
    url = databases.new_sqlite()
    shutil.copyfile(real_database(data).removeprefix("sqlite:///"), url.removeprefix("sqlite:///"))
    app = create_app(databases.make_settings(url))
    with app.app_context():
        _take_in([incoming.crosswalk_pack(files.read(data / "boundaries/sld-ocd-crosswalk.csv"))])
        for name, layer in (("upper", Layer.UPPER), ("lower", Layer.LOWER)):
            paths = sorted((data / "boundaries/sld").glob(f"*_{name}.geojson.gz"))
            _take_in(incoming.boundary_pack(files.read(path), layer) for path in paths)
        people = data / "openstates-people"
        _take_in(incoming_openstates.openstates_packs([people / "csv", people / "settings-vacancies.yml"]))
        db.session.remove()
        db.engine.dispose()
    return url


def _take_in(packs: Iterable[Incoming]) -> None:
    with uow.unit():
        for pack in packs:
            importing.import_pack(system_actor(Channel.COMMAND), pack)
