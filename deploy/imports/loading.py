"""Loads what an import has read into the services: the directory, the categories, the closed cases."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from deploy.assemble import Assembly
from deploy.imports.pingshan import PingshanImport
from services.directory.actions.load import Loaded, load
from services.directory.domain.seed import GrantSeed, PersonSeed
from services.petitions.actions.categories import load_categories
from services.petitions.actions.import_closed import Keys, import_closed
from shared.kernel.actor import Role

Progress = Callable[[str, int, int], None]


#: Somebody who may see all that was imported and change none of it; without them nobody could look at it.
READER = "people/pingshan/reader"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it: the directory's counts by kind, and how many cases were new or known already."""

    directory: Loaded
    categories: int
    new_cases: int
    known_cases: int


async def load_import(read: PingshanImport, progress: Progress) -> Result:
    """Loads everything; a second time changes nothing."""
    district_key = read.directory.areas[0].key
    seed = replace(
        read.directory,
        people=[*read.directory.people, PersonSeed(READER, district_key, "台账查看员")],
        grants=[*read.directory.grants, GrantSeed(READER, Role.OVERSIGHT, area_key=district_key)],
    )
    async with Assembly().opened(("directory", "petitions")) as houses:
        directory, petitions = houses["directory"], houses["petitions"]
        loaded = await load(directory.pool, directory.clock, seed, progress)
        await petitions.directory.catch_up()
        district = loaded.ids[district_key]
        categories = await load_categories(petitions.pool, district, read.categories)
        keys = Keys(loaded.ids, loaded.ids, categories)
        new, known = await import_closed(petitions.pool, read.cases, keys, progress)
    return Result(loaded, len(categories), new, known)
