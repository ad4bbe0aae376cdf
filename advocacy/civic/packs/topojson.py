"""TopoJSON to GeoJSON geometries: arcs shared between districts, stored as rounded differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

type_point = tuple[float, float]


def features(topology: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every polygon of every object, as a GeoJSON feature.

    Raises: KeyError, IndexError, TypeError, ValueError on a topology that is none.
    """
    arcs = [_arc(arc, topology.get("transform")) for arc in topology["arcs"]]
    for collection in topology["objects"].values():
        for shape in collection.get("geometries", [collection]):
            if shape.get("type") in {"Polygon", "MultiPolygon"}:
                rings = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
                coordinates = [[_ring(ring, arcs) for ring in polygon] for polygon in rings]
                geometry = {"type": "MultiPolygon", "coordinates": coordinates}
                yield {"properties": shape.get("properties", {}), "geometry": geometry}


def _arc(arc: list[Any], transform: Mapping[str, Any] | None) -> list[type_point]:
    if transform is None:
        return [(float(point[0]), float(point[1])) for point in arc]
    (scale_x, scale_y), (left, bottom) = transform["scale"], transform["translate"]
    across = accumulate(point[0] for point in arc)
    up = accumulate(point[1] for point in arc)
    return [(x * scale_x + left, y * scale_y + bottom) for x, y in zip(across, up, strict=True)]


def _ring(indices: list[int], arcs: list[list[type_point]]) -> list[type_point]:
    ring: list[type_point] = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring
