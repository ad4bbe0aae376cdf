"""ZIP codes for both sides: the real ones where the packs are at hand, else those of the made-up state."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from sqlalchemy import select

from advocacy.civic.models import Layer, PostalDivision
from advocacy.civic.packs import files
from advocacy.civic.services import demo_pack, importing, incoming
from advocacy.core import uow
from advocacy.core.actor import Channel, system_actor
from advocacy.core.db import db

GIVEN = os.environ.get("ADVOCACY_TEST_CIVIC_DATA")
"""Where the real packs lie, if anywhere."""
SAMPLE = 2000
"""So many codes are asked for: a process that has run for a minute has met their districts."""
TABLE = "CREATE TABLE bare_seat (code VARCHAR(5) PRIMARY KEY, seat VARCHAR(120) NOT NULL)"


def fill() -> list[str]:
    """Import what there is; gives some of its codes, the same in each run."""
    with uow.unit():
        if GIVEN and (data := Path(GIVEN)).is_dir():
            for pack in (
                incoming.congress_pack([files.read(data / "us-congress/legislators-current.json")]),
                incoming.boundary_pack(files.read(data / "boundaries/us-cd119-simplified.geojson.gz"), Layer.HOUSE),
                incoming.zcta_pack(files.read(data / "zip/zcta-cd119.csv.gz")),
            ):
                importing.import_pack(system_actor(Channel.COMMAND), pack)
        else:
            demo_pack.install()
    with uow.reading():
        codes = sorted(set(db.session.execute(select(PostalDivision.code)).scalars()))
    return random.Random(1).sample(codes, min(len(codes), SAMPLE))


def fill_bare(url: str, codes: list[str]) -> None:
    """The same codes in the bare table."""
    rows = [(code, f"ocd-division/country:us/state:mn/cd:{number % 8 + 1}") for number, code in enumerate(codes)]
    if url.startswith("postgresql"):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(TABLE)
            connection.cursor().executemany("INSERT INTO bare_seat VALUES (%s, %s)", rows)
            connection.execute("ANALYZE bare_seat")
        return
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute(TABLE)
        connection.executemany("INSERT INTO bare_seat VALUES (?, ?)", rows)
