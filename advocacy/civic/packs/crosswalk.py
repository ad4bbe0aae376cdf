"""Census codes of state legislative districts and their divisions (columns layer, geoid, ocd_division_id)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from advocacy.civic import rules
from advocacy.civic.models import Layer
from advocacy.civic.packs import files
from advocacy.civic.packs.files import PackFile, PackRefused
from advocacy.core.text import clean_line

_COLUMNS = frozenset({"layer", "geoid", "ocd_division_id"})
_GEOID = re.compile(r"\A[0-9A-Za-z-]{3,20}\Z")
_MAX_SEATS = 99


@dataclass(frozen=True)
class Code:
    """One district."""

    layer: Layer
    geoid: str
    ocd_id: str
    name: str
    seat_count: int


def parse(file: PackFile) -> list[Code]:
    """Read and check the table.

    Raises: PackRefused naming the first row that is wrong.
    """
    found: dict[tuple[str, str, str], Code] = {}
    for number, row in enumerate(files.load_csv(file, _COLUMNS), start=2):
        ocd_id = rules.canonical(row["ocd_division_id"])
        layer = row["layer"]
        if layer not in {Layer.UPPER, Layer.LOWER} or ocd_id is None or rules.layer_of(ocd_id) != layer:
            raise PackRefused(f"{file.name}: row {number}: no state legislative district")
        seats = row.get("num_seats") or str(rules.usual_seats(ocd_id))
        if not seats.isdigit() or not 1 <= int(seats) <= _MAX_SEATS or not _GEOID.match(row["geoid"]):
            raise PackRefused(f"{file.name}: row {number}: not well-formed")
        key = (layer, row["geoid"][:20], ocd_id)
        if key in found:
            raise PackRefused(f"{file.name}: row {number}: {ocd_id} comes twice")
        name = clean_line(row.get("namelsad") or rules.name_of(ocd_id) or ocd_id)[:120]
        found[key] = Code(Layer(layer), key[1], ocd_id, name, int(seats))
    return list(found.values())
