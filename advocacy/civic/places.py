"""States, the District and the territories: codes, names, seats in the House (2020 census). Facts, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A state or its like; ``seats`` counts House districts, ``kind`` is the word in its division id."""

    code: str
    name: str
    fips: str
    seats: int
    kind: str = "state"

    @property
    def ocd_id(self) -> str:
        """Its canonical division."""
        return f"ocd-division/country:us/{self.kind}:{self.code.lower()}"

    @property
    def has_senators(self) -> bool:
        """Whether it sends two senators."""
        return self.kind == "state"

    @property
    def house_id(self) -> str | None:
        """The one House division, where the place has only one."""
        if self.seats != 1:
            return None
        return f"{self.ocd_id}/cd:at-large" if self.kind == "state" else self.ocd_id

    @property
    def house_ids(self) -> tuple[str, ...]:
        """Every House division."""
        if self.house_id is not None:
            return (self.house_id,)
        return tuple(f"{self.ocd_id}/cd:{number}" for number in range(1, self.seats + 1))


_STATES = """
AL Alabama 01 7|AK Alaska 02 1|AZ Arizona 04 9|AR Arkansas 05 4|CA California 06 52|CO Colorado 08 8|CT Connecticut 09 5
DE Delaware 10 1|FL Florida 12 28|GA Georgia 13 14|HI Hawaii 15 2|ID Idaho 16 2|IL Illinois 17 17|IN Indiana 18 9
IA Iowa 19 4|KS Kansas 20 4|KY Kentucky 21 6|LA Louisiana 22 6|ME Maine 23 2|MD Maryland 24 8|MA Massachusetts 25 9
MI Michigan 26 13|MN Minnesota 27 8|MS Mississippi 28 4|MO Missouri 29 8|MT Montana 30 2|NE Nebraska 31 3|NV Nevada 32 4
NH New Hampshire 33 2|NJ New Jersey 34 12|NM New Mexico 35 3|NY New York 36 26|NC North Carolina 37 14
ND North Dakota 38 1|OH Ohio 39 15|OK Oklahoma 40 5|OR Oregon 41 6|PA Pennsylvania 42 17|RI Rhode Island 44 2
SC South Carolina 45 7|SD South Dakota 46 1|TN Tennessee 47 9|TX Texas 48 38|UT Utah 49 4|VT Vermont 50 1
VA Virginia 51 11|WA Washington 53 10|WV West Virginia 54 2|WI Wisconsin 55 8|WY Wyoming 56 1
"""


def _read(text: str) -> list[Place]:
    found = []
    for entry in text.replace("\n", "|").strip("|").split("|"):
        code, *name, fips, seats = entry.split()
        found.append(Place(code, " ".join(name), fips, int(seats)))
    return found


PLACES: tuple[Place, ...] = (
    *_read(_STATES),
    Place("DC", "District of Columbia", "11", 1, "district"),
    Place("AS", "American Samoa", "60", 1, "territory"),
    Place("GU", "Guam", "66", 1, "territory"),
    Place("MP", "Northern Mariana Islands", "69", 1, "territory"),
    Place("PR", "Puerto Rico", "72", 1, "territory"),
    Place("VI", "U.S. Virgin Islands", "78", 1, "territory"),
)
BY_CODE = {place.code: place for place in PLACES}
BY_FIPS = {place.fips: place for place in PLACES}
BY_ID = {place.ocd_id: place for place in PLACES}

DEMO_PLACES: tuple[Place, ...] = (
    Place("ZZ", "Columbia (made up)", "", 3),
    Place("ZY", "Columbia Islands (made up)", "", 1, "territory"),
)
"""Two places that do not exist; the demonstration pack fills them. USPS uses neither code."""
ALL_BY_CODE = BY_CODE | {place.code: place for place in DEMO_PLACES}
ALL_BY_ID = BY_ID | {place.ocd_id: place for place in DEMO_PLACES}
MILITARY = frozenset({"AA", "AE", "AP"})
