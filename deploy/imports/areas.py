"""`linli import areas`: a CSV or GeoJSON file of areas, checked and loaded by the directory's own action."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import asyncpg

from deploy.assemble import Assembly
from deploy.imports.report import ImportProblem
from services.directory.actions.import_areas import Report, import_areas, read_areas
from services.directory.domain.imports.area_lines import Line
from services.directory.domain.imports.lines import Reading
from services.directory.domain.shaping import Importer
from services.directory.queries.tenants import tenants_with_code
from shared.infra.idempotency import Once

Progress = Callable[[str, int, int], None]

_MOST_BYTES = 200_000_000


def content_of(file: Path) -> bytes:
    """A file that is to be taken in whole."""
    if file.stat().st_size > _MOST_BYTES:
        raise ImportProblem(f"{file} 超过 200 MB，请分成几个文件。", f"{file} has more than 200 MB: cut it up.")
    return file.read_bytes()


def read_file(file: Path) -> Reading[Line]:
    """The areas of a file, and what is wrong with it."""
    return read_areas(content_of(file))


async def tenant_called(pool: asyncpg.Pool, code: str) -> UUID:
    """The community, street or district with this code."""
    found = await tenants_with_code(pool, code)
    if len(found) != 1:
        raise ImportProblem(
            f"代码为 {code} 的社区、街道或区有 {len(found)} 个，请用 --parent 指明。",
            f"{len(found)} communities, streets or districts have the code {code}: use --parent.",
        )
    return found[0]


async def load_areas(
    reading: Reading[Line], parent: UUID | None, tenant_code: str | None, *, dry_run: bool, progress: Progress
) -> Report:
    """Loads what was read below an area, or below the community, street or district with this code; or only checks."""
    async with Assembly().opened(("directory",)) as houses:
        house = houses["directory"]
        if parent is None:
            parent = await tenant_called(house.pool, tenant_code or "")
        return await import_areas(
            house.pool,
            house.clock,
            Importer(),
            parent,
            reading,
            Once(None, b""),
            dry_run=dry_run,
            progress=progress,
        )
