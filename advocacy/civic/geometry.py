"""Which area a point lies in: one tree of prepared polygons, safe for several threads."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

import shapely

EDGE_DEG = 0.0005
"""About 50 m: so near to a line a geocoded point may be on the wrong side."""
SHORE_DEG = 0.02
"""About 2 km: boundary files are cut at the coast, people live beyond the cut."""


class AreaTree:
    """The polygons of one pack."""

    def __init__(self, ids: Sequence[str], wkb: Sequence[bytes]) -> None:
        self._ids = tuple(ids)
        areas = shapely.from_wkb(list(wkb))
        shapely.prepare(areas)
        self._areas = areas
        self._tree = shapely.STRtree(areas)
        self._lock = threading.Lock()  # a prepared polygon builds its index on first use, for one thread only

    def at(self, lng: float, lat: float) -> list[str]:
        """The areas that hold the point; several when it lies on a line."""
        with self._lock:
            return self._named(self._tree.query(shapely.Point(lng, lat), predicate="intersects"))

    def near(self, lng: float, lat: float, degrees: float) -> list[str]:
        """The areas within a distance of the point."""
        with self._lock:
            return self._named(self._tree.query(shapely.Point(lng, lat), predicate="dwithin", distance=degrees))

    def nearest(self, lng: float, lat: float, degrees: float) -> tuple[float, list[str]]:
        """The distance to the nearest area and its id (several when equally near), if any lies within reach."""
        with self._lock:
            found, far = self._tree.query_nearest(shapely.Point(lng, lat), max_distance=degrees, return_distance=True)
        return (float(far[0]) if len(far) else 0.0), self._named(found)

    def _named(self, found: Iterable[int]) -> list[str]:
        return sorted({self._ids[index] for index in found})
