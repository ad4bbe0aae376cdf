"""The ZIP table: which House districts a ZIP Code Tabulation Area touches (columns state_abbr, zcta, cd)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from advocacy.civic import rules
from advocacy.civic.packs import files
from advocacy.civic.packs.files import PackFile, PackRefused
from advocacy.civic.places import BY_CODE

_CODE = re.compile(r"\A\d{5}\Z", re.ASCII)
_COLUMNS = frozenset({"state_abbr", "zcta", "cd"})


@dataclass
class ZctaData:
    """Codes with their House divisions."""

    divisions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def row_count(self) -> int:
        """Pairs of code and division."""
        return sum(len(found) for found in self.divisions.values())

    @property
    def split_count(self) -> int:
        """Codes in more than one district."""
        return sum(len(found) > 1 for found in self.divisions.values())


def parse(file: PackFile) -> ZctaData:
    """Read and check the table.

    Raises: PackRefused naming the first row that is wrong.
    """
    found = ZctaData()
    for number, row in enumerate(files.load_csv(file, _COLUMNS), start=2):
        code = row["zcta"].strip()
        if not _CODE.match(code):
            raise PackRefused(
                f"{file.name}: row {number}: {code[:20]!r} is no ZIP code (a spreadsheet may have cut its zeros)"
            )
        place = BY_CODE.get(row["state_abbr"].strip().upper())
        if place is None:
            raise PackRefused(f"{file.name}: row {number}: unknown state {row['state_abbr'][:20]!r}")
        ocd_id = rules.house_id(place, row["cd"])
        if ocd_id is None:
            raise PackRefused(f"{file.name}: row {number}: {place.name} has no House district {row['cd'][:20]!r}")
        listed = found.divisions.setdefault(code, [])
        if ocd_id in listed:
            raise PackRefused(f"{file.name}: row {number}: {code} is listed twice for {rules.name_of(ocd_id)}")
        listed.append(ocd_id)
    return found
