"""One area of a file: what its cells say, in a table or in the properties of a GeoJSON feature."""

import re
from dataclasses import dataclass

from services.directory.domain.imports.csv_file import Table
from services.directory.domain.imports.lines import Cells, Where
from services.directory.domain.rings import Corner
from shared.kernel.geo import to_wgs84

#: What each column may be called; the first three must be there.
HEADINGS: dict[str, tuple[str, ...]] = {
    "code": ("code", "编码", "代码"),
    "kind": ("kind", "类型"),
    "name": ("name", "名称"),
    "parent_code": ("parent_code", "上级编码", "上级代码"),
    "lat": ("lat", "纬度"),
    "lon": ("lon", "经度"),
    "coord_sys": ("coord_sys", "坐标系"),
    "households": ("households", "户数"),
    "residents": ("residents", "人数", "人口"),
}
_LONGEST = {"code": 64, "parent_code": 64, "name": 100, "kind": 64}
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?")


@dataclass(frozen=True, slots=True)
class Line:
    """One area as a file describes it. Rings and centre in WGS-84, latitude first."""

    where: Where
    code: str
    parent_code: str
    kind: str
    name: str
    centre: Corner | None = None
    rings: tuple[tuple[Corner, ...], ...] = ()
    households: int | None = None
    residents: int | None = None
    rings_at: tuple[str, ...] = ()  # where each ring stands, below `where`


def line_of(cells: Cells) -> Line:
    """The area that the cells describe; what is wrong is said to the reading."""
    words = {name: cells.word(name, longest, required=name != "parent_code") for name, longest in _LONGEST.items()}
    return Line(
        cells.where,
        code=words["code"],
        parent_code=words["parent_code"],
        kind=words["kind"],
        name=words["name"],
        centre=_centre(cells),
        households=cells.whole("households"),
        residents=cells.whole("residents"),
    )


def _centre(cells: Cells) -> Corner | None:
    given = {name: cells.text(name) for name in ("lat", "lon")}
    system = cells.text("coord_sys").lower() or "wgs84"
    if system not in ("wgs84", "gcj02"):
        cells.flaw("coord_sys", "coord_sys", "应为 wgs84 或 gcj02", "wgs84 or gcj02")
        return None
    if not any(given.values()):
        return None
    wrong = [name for name, text in given.items() if not _DEGREES.fullmatch(text)]
    for name in wrong:
        cells.flaw(name, "degrees", "应为十进制度数", "decimal degrees")
    if wrong:
        return None
    point = to_wgs84(float(given["lat"]), float(given["lon"]), "gcj02" if system == "gcj02" else "wgs84")
    return point.lat, point.lon


TABLE = Table(HEADINGS, ("code", "kind", "name"), line_of, ("个区域", "areas"))
