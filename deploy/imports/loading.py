"""Loads what an import has read into the services: the directory, the categories, the closed cases."""

from collections.abc import Callable
from dataclasses import dataclass

from deploy.assemble import Assembly
from deploy.imports.pingshan import PingshanImport
from services.directory.actions.load import Loaded, load
from services.petitions.actions.categories import load_categories
from services.petitions.actions.import_closed import Keys, import_closed

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it: the directory's counts by kind, and how many cases were new or known already."""

    directory: Loaded
    categories: int
    new_cases: int
    known_cases: int


async def load_import(read: PingshanImport, progress: Progress) -> Result:
    """Loads everything; a second time changes nothing."""
    async with Assembly().opened(("directory", "petitions")) as houses:
        directory, petitions = houses["directory"], houses["petitions"]
        loaded = await load(directory.pool, directory.clock, read.directory, progress)
        await petitions.directory.catch_up()
        district = loaded.ids[read.directory.areas[0].key]
        categories = await load_categories(petitions.pool, district, read.categories)
        keys = Keys(loaded.ids, loaded.ids, categories)
        new, known = await import_closed(petitions.pool, read.cases, keys, progress)
    return Result(loaded, len(categories), new, known)
