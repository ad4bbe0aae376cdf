"""The polygons of one boundary pack, loaded state by state when a point first falls near."""

from __future__ import annotations

import threading

from advocacy.civic import queries
from advocacy.civic.geometry import AreaTree


class PackAreas:
    """Boxes of the states a pack speaks of at once; a state's polygons on first need (a millisecond each)."""

    def __init__(self, pack_id: int) -> None:
        self._pack_id = pack_id
        self._boxes = queries.boundary_boxes(pack_id)
        self._trees: dict[str, AreaTree] = {}
        self._lock = threading.Lock()

    def at(self, lng: float, lat: float) -> list[str]:
        """The areas that hold the point; several when it lies on a line."""
        return [ocd_id for tree in self._around(lng, lat, 0.0) for ocd_id in tree.at(lng, lat)]

    def near(self, lng: float, lat: float, degrees: float) -> list[str]:
        """The areas within a distance of the point."""
        return [ocd_id for tree in self._around(lng, lat, degrees) for ocd_id in tree.near(lng, lat, degrees)]

    def nearest(self, lng: float, lat: float, degrees: float) -> list[str]:
        """The one nearest area (several when equally near), if any lies within the distance."""
        found = [tree.nearest(lng, lat, degrees) for tree in self._around(lng, lat, degrees)]
        shortest = min((far for far, ids in found if ids), default=0.0)
        return [ocd_id for far, ids in found if far == shortest for ocd_id in ids]

    def _around(self, lng: float, lat: float, degrees: float) -> list[AreaTree]:
        return [
            self._tree(state)
            for state, (west, south, east, north) in self._boxes.items()
            if west - degrees <= lng <= east + degrees and south - degrees <= lat <= north + degrees
        ]

    def _tree(self, state: str) -> AreaTree:
        found = self._trees.get(state)
        if found is None:
            with self._lock:
                found = self._trees.get(state)
                if found is None:
                    rows = queries.boundary_rows(self._pack_id, state)
                    found = self._trees[state] = AreaTree([row[0] for row in rows], [bytes(row[1]) for row in rows])
        return found
