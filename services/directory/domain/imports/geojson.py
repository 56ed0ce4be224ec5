"""Areas with their outlines as GeoJSON (RFC 7946): a FeatureCollection, the columns of a table as properties.

Longitude comes first in a position, rings end where they begin, and there is no other coordinate system than WGS-84. A
ring inside a ring (a hole) is refused: the database's own polygon has none, and a point in it would be found inside.
"""

from dataclasses import replace
from typing import Any

import orjson

from services.directory.domain.imports.area_lines import HEADINGS, Line, line_of
from services.directory.domain.imports.lines import MOST_LINES, Cells, Reading, is_number
from services.directory.domain.rings import Corner

_COLUMNS = {heading: column for column, headings in HEADINGS.items() for heading in headings}
_CRS84 = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326")
_MOST_CORNERS = 20_000


def read_geojson(content: bytes) -> Reading[Line]:
    """The areas of a collection, and everything that is wrong with it, by JSON Pointer."""
    reading: Reading[Line] = Reading()
    document = _parsed(content, reading)
    if reading.flaws:
        return reading
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        kind = document.get("type") if isinstance(document, dict) else type(document).__name__
        zh, en = f"应为 FeatureCollection，而不是 {kind}", f"a FeatureCollection is needed, not {kind}"
        reading.flaw("", "type", "geojson_type", zh, en)
        return reading
    _check_crs(document.get("crs"), reading)
    features = document.get("features")
    if not isinstance(features, list) or len(features) > MOST_LINES:
        zh, en = f"应为至多 {MOST_LINES} 项的列表", f"a list of at most {MOST_LINES}"
        reading.flaw("", "features", "features", zh, en)
        return reading
    for number, feature in enumerate(features):
        _feature(f"/features/{number}", feature, reading)
    return reading


def _parsed(content: bytes, reading: Reading[Line]) -> Any:
    try:
        return orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        zh = f"不是有效的 JSON（UTF-8）：第 {error.lineno} 行第 {error.colno} 列"
        reading.flaw("", "", "json", zh, f"no valid JSON in UTF-8: line {error.lineno}, column {error.colno}")
        return None


def _check_crs(crs: Any, reading: Reading[Line]) -> None:
    """The member of the older GeoJSON: taken when it only says what holds anyhow."""
    name = (
        crs.get("properties", {}).get("name")
        if isinstance(crs, dict) and isinstance(crs.get("properties"), dict)
        else crs
    )
    if crs is not None and name not in _CRS84:
        zh, en = "坐标系只能是 WGS-84（CRS84）", "coordinates are WGS-84 (CRS84) only"
        reading.flaw("", "crs", "crs", zh, en)


def _feature(at: str, feature: Any, reading: Reading[Line]) -> None:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        reading.flaw(at, "type", "geojson_type", "应为 Feature", "a Feature is needed")
        return
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        reading.flaw(at, "properties", "properties", "应为 JSON 对象", "an object is needed")
        return
    before = len(reading.flaws)
    cells, names = _cells(f"{at}/properties", properties, reading)
    if not cells.get("code") and isinstance(feature.get("id"), str | int) and not isinstance(feature["id"], bool):
        cells["code"], names["code"] = str(feature["id"]), "code"
    reading.columns.update(names)
    line = line_of(Cells(f"{at}/properties", cells, names, reading))
    rings = _rings(f"{at}/geometry", feature.get("geometry"), reading)
    if len(reading.flaws) > before:
        return
    outline = tuple(ring for ring, _ in rings)
    reading.lines.append(replace(line, rings=outline, rings_at=tuple(pointer for _, pointer in rings)))


def _cells(at: str, properties: dict[str, Any], reading: Reading[Line]) -> tuple[dict[str, str], dict[str, str]]:
    """The properties that mean something here, as a table would have them; others are left alone."""
    cells: dict[str, str] = {}
    names: dict[str, str] = {}
    for heading, value in properties.items():
        column = _COLUMNS.get(heading)
        if column is None or value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            reading.flaw(at, heading, "value", "应为文字或数字", "text or a number is needed")
            continue
        cells[column], names[column] = str(value), heading
    return cells, names


def _rings(at: str, geometry: Any, reading: Reading[Line]) -> list[tuple[tuple[Corner, ...], str]]:
    """The outer rings with their pointers; no geometry is an area without outline."""
    if geometry is None:
        return []
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        zh, en = f"应为 Polygon 或 MultiPolygon，而不是 {kind}", f"a Polygon or MultiPolygon is needed, not {kind}"
        reading.flaw(at, "type", "geojson_type", zh, en)
        return []
    given, pointer = geometry.get("coordinates"), f"{at}/coordinates"
    polygons = [(pointer, given)] if kind == "Polygon" else _items(pointer, given, reading)
    found = []
    for where, polygon in polygons:
        rings = _items(where, polygon, reading)
        if len(rings) > 1:
            zh, en = "边界不能有内环（洞），请拆成几个多边形", "an outline has no holes: cut it into several polygons"
            reading.flaw(rings[1][0], "", "polygon_hole", zh, en)
            continue
        for place, ring in rings:
            corners = [_corner(spot, corner, reading) for spot, corner in _items(place, ring, reading)]
            if all(corners):
                found.append((tuple(corner for corner in corners if corner), place))
    return found


def _items(at: str, value: Any, reading: Reading[Line]) -> list[tuple[str, Any]]:
    """The members of a list with their pointers; a bare number, a text or nothing is a flaw."""
    if isinstance(value, list) and 0 < len(value) <= _MOST_CORNERS:
        return [(f"{at}/{number}", item) for number, item in enumerate(value)]
    reading.flaw(at, "", "coordinates", "坐标的层数不对，应为列表", "coordinates are nested wrongly: a list is needed")
    return []


def _corner(at: str, value: Any, reading: Reading[Line]) -> Corner | None:
    if isinstance(value, list) and len(value) in (2, 3) and all(map(is_number, value)):
        return float(value[1]), float(value[0])
    zh, en = "应为 [经度, 纬度] 两个数字", "a position is two numbers, [longitude, latitude]"
    reading.flaw(at, "", "position", zh, en)
    return None
