"""`linli import people`: a table of people, checked and loaded by the directory's own action."""

from collections.abc import Callable
from pathlib import Path

from deploy.assemble import Assembly
from deploy.imports.areas import content_of, tenant_called
from services.directory.actions.import_areas import Report
from services.directory.actions.import_people import import_people, read_people
from services.directory.domain.days import day_of
from shared.infra.idempotency import Once

Progress = Callable[[str, int, int], None]


async def load_people(file: Path, tenant_code: str, *, dry_run: bool, progress: Progress) -> Report:
    """Loads the people of a file into the community, street or district with this code; or only checks."""
    content = content_of(file)
    async with Assembly().opened(("directory",)) as houses:
        house = houses["directory"]
        area_id = await tenant_called(house.pool, tenant_code)
        reading = read_people(content, day_of(house.clock.now()))
        who = house.pool, house.clock, house.sealer, None
        return await import_people(*who, area_id, reading, Once(None, b""), dry_run=dry_run, progress=progress)
