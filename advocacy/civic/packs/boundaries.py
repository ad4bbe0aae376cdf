"""District boundaries from a Census shapefile (zip), GeoJSON or TopoJSON: named, made valid, in degrees."""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import shapefile
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import Polygon, shape
from shapely.geometry.base import BaseGeometry

from advocacy.civic import rules
from advocacy.civic.models import Layer
from advocacy.civic.packs import files, topojson
from advocacy.civic.packs.files import PackFile, PackRefused
from advocacy.civic.places import BY_FIPS, Place

_CD_FIELD = re.compile(r"\ACD(\d{2,3})FP\Z")
_NUMBERED = re.compile(r"\A0*(\w{1,4})\Z", re.ASCII)
_NAMED = frozenset(
    {("MA", Layer.UPPER), ("MA", Layer.LOWER), ("NH", Layer.LOWER), ("VT", Layer.UPPER), ("VT", Layer.LOWER)}
)
"""Where districts go by name: their Census code says nothing, so a crosswalk is needed."""
_DETAIL = 400_000
"""Points above which a layer is simplified: with 2.8 million a look-up takes 4 ms (measured)."""
_TOLERANCE = 0.0005
type_crosswalk = Callable[[Layer, str], list[str]]


@dataclass(frozen=True)
class Area:
    """One division's polygon."""

    ocd_id: str
    geoid: str
    geometry: BaseGeometry


@dataclass
class BoundaryData:
    """What a file holds."""

    areas: list[Area] = field(default_factory=list)
    congress: int | None = None
    repair_count: int = 0
    water_count: int = 0
    simplified: bool = False

    @property
    def point_count(self) -> int:
        """Corners of all polygons."""
        return int(sum(shapely.get_num_coordinates(area.geometry) for area in self.areas))

    @property
    def area(self) -> str:
        """``us``, or the state's code when all lies in one state."""
        states = {place.code for area in self.areas if (place := rules.place_of(area.ocd_id))}
        return states.pop().lower() if len(states) == 1 else "us"


def parse(
    file: PackFile, layer: Layer, crosswalk: type_crosswalk, tell: Callable[[str], None] = lambda _line: None
) -> BoundaryData:
    """Read and check a file of boundaries.

    Raises: PackRefused naming the feature that is wrong.
    """
    found = BoundaryData()
    seen: set[str] = set()
    for number, (properties, geometry) in enumerate(_features(file), start=1):
        where = f"{file.name}: feature {number}"
        if found.congress is None:
            found.congress = _congress(properties)
        named = _divisions(properties, layer, crosswalk, where)
        if not named:
            found.water_count += 1
            continue
        mended = _mended(geometry, where)
        found.repair_count += mended is not geometry
        for ocd_id in named:
            if ocd_id in seen:
                raise PackRefused(f"{where}: {rules.name_of(ocd_id) or ocd_id} comes twice")
            seen.add(ocd_id)
            found.areas.append(Area(ocd_id, str(properties.get("GEOID") or "")[:20], mended))
        if number % 100 == 0:
            tell(f"{number} areas read")
    if not found.areas:
        raise PackRefused(f"{file.name}: no districts")
    if found.point_count > _DETAIL:
        _simplify(found)
    return found


def _simplify(found: BoundaryData) -> None:
    """Thin out shared edges together, so that no gap opens between neighbours."""
    thinned = shapely.coverage_simplify([area.geometry for area in found.areas], _TOLERANCE)
    found.areas = [
        Area(area.ocd_id, area.geoid, geometry) if shapely.is_valid(geometry) and not geometry.is_empty else area
        for area, geometry in zip(found.areas, thinned, strict=True)
    ]
    found.simplified = True


def _features(file: PackFile) -> Iterator[tuple[Mapping[str, Any], BaseGeometry]]:
    raw = _shapefile(file) if file.is_zip else _geojson(file)
    try:
        for feature in raw:
            geometry = feature["geometry"]
            if geometry is None:
                raise PackRefused(f"{file.name}: a feature without a shape")
            yield feature["properties"] or {}, _shape(geometry)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, ShapelyError, RecursionError, RuntimeWarning):
        raise PackRefused(f"{file.name}: not well-formed boundaries") from None


def _shape(geometry: dict[str, Any]) -> BaseGeometry:
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)  # numpy's word for corners that are no numbers
        return shape(geometry)


def _geojson(file: PackFile) -> Iterable[dict[str, Any]]:
    data = files.load_json(file)
    kind = data.get("type") if isinstance(data, dict) else None
    if kind == "Topology":
        return topojson.features(data)
    if kind != "FeatureCollection" or not isinstance(data.get("features"), list):
        raise PackRefused(f"{file.name}: neither GeoJSON nor TopoJSON")
    features: list[dict[str, Any]] = data["features"]
    return features


def _shapefile(file: PackFile) -> Iterator[dict[str, Any]]:
    parts = files.unzip(file, (".shp", ".shx", ".dbf", ".prj"))
    missing = [ending for ending in (".shp", ".dbf") if ending not in parts]
    if missing:
        raise PackRefused(f"{file.name}: no {missing[0]} file inside")
    if b"PROJCS" in parts.get(".prj", b""):
        raise PackRefused(f"{file.name}: its coordinates are projected; a file in degrees is needed")
    streams = {ending[1:]: io.BytesIO(data) for ending, data in parts.items() if ending != ".prj"}
    try:
        with shapefile.Reader(**streams) as reader:
            for record in reader.iterShapeRecords():
                yield {"properties": record.record.as_dict(), "geometry": record.shape.__geo_interface__}
    except (shapefile.ShapefileException, OSError, UnicodeDecodeError, ArithmeticError):
        raise PackRefused(f"{file.name}: damaged shapefile") from None
    except Exception as error:  # struct.error and the like, from bytes that are no shapefile
        if isinstance(error, PackRefused):
            raise
        raise PackRefused(f"{file.name}: damaged shapefile") from None


def _congress(properties: Mapping[str, Any]) -> int | None:
    for name in properties:
        if match := _CD_FIELD.match(name):
            return int(match.group(1))
    return None


def _divisions(properties: Mapping[str, Any], layer: Layer, crosswalk: type_crosswalk, where: str) -> list[str]:
    given = properties.get("ocd_id")
    if isinstance(given, str):
        ocd_id = rules.canonical(given)
        if ocd_id is not None and layer is Layer.HOUSE:
            ocd_id = rules.house_alias(ocd_id)
        if ocd_id is None or not (rules.is_house(ocd_id) if layer is Layer.HOUSE else rules.layer_of(ocd_id) is layer):
            raise PackRefused(f"{where}: {given[:60]!r} is no division of this layer")
        return [ocd_id]
    place = BY_FIPS.get(str(properties.get("STATEFP") or properties.get("STATEFP20") or "")[:4])
    if place is None:
        raise PackRefused(f"{where}: unknown state {str(properties.get('STATEFP'))[:10]!r}")
    code = _code(properties, layer)
    if code is None:
        raise PackRefused(f"{where}: no district code of this layer")
    if code.strip("Z") == "":
        return []
    if layer is Layer.HOUSE:
        found = rules.house_id(place, code)
        if found is None:
            raise PackRefused(f"{where}: {place.name} has no House district {code[:10]!r}")
        return [found]
    return crosswalk(layer, f"{place.fips}{code}") or [_numbered(place, layer, code, where)]


def _code(properties: Mapping[str, Any], layer: Layer) -> str | None:
    for name, value in properties.items():
        wanted = (
            _CD_FIELD.match(name) if layer is Layer.HOUSE else name in {f"{layer.upper()}ST", f"{layer.upper()}ST20"}
        )
        if wanted and isinstance(value, str):
            return value.strip().upper()
    geoid = properties.get("GEOID")
    return geoid[2:].strip().upper() if isinstance(geoid, str) and len(geoid) in {4, 5} else None


def _numbered(place: Place, layer: Layer, code: str, where: str) -> str:
    match = _NUMBERED.match(code)
    if match is None or (place.code, layer) in _NAMED:
        raise PackRefused(f"{where}: districts of {place.name} go by name; import the crosswalk first")
    return f"{place.ocd_id}/{layer}:{match.group(1).lower()}"


def _mended(geometry: BaseGeometry, where: str) -> BaseGeometry:
    left, bottom, right, top = geometry.bounds if not geometry.is_empty else (1.0, 1.0, 0.0, 0.0)
    if not math.isfinite(float(shapely.get_coordinates(geometry).sum())):
        raise PackRefused(f"{where}: a corner without a place")
    if not (-180.0 <= left <= right <= 180.0 and -90.0 <= bottom <= top <= 90.0):  # noqa: PLR2004 - degrees
        raise PackRefused(f"{where}: empty, or not in degrees")
    if geometry.geom_type not in {"Polygon", "MultiPolygon"}:
        raise PackRefused(f"{where}: not a polygon")
    if geometry.is_valid:
        return geometry
    parts = [part for part in _parts(shapely.make_valid(geometry)) if isinstance(part, Polygon) and part.area > 0]
    if not parts:
        raise PackRefused(f"{where}: a shape that cannot be mended")
    return shapely.MultiPolygon(parts)


def _parts(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    if hasattr(geometry, "geoms"):
        for part in geometry.geoms:
            yield from _parts(part)
    else:
        yield geometry
