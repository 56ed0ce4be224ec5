"""A file of areas is checked against the tree and loaded below an area: all of it, or nothing.

The API and `linli import areas` use the same code. A code names the same area for ever, so importing a file again
changes only what differs in it, and what people changed in Linli since (moves, closures) stays.
"""

from asyncio import to_thread
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.directory.actions.load import Progress, plan_within, write_within
from services.directory.actions.tree import Tree, changing
from services.directory.domain.errors import SeedRefused
from services.directory.domain.imports.area_lines import TABLE, Line
from services.directory.domain.imports.csv_file import read_csv
from services.directory.domain.imports.geojson import read_geojson
from services.directory.domain.imports.lines import Flaw, Reading, in_order
from services.directory.domain.imports.settle import Ground, Known, parents_wanted, settle
from services.directory.domain.plan import Counts, Plan, Row
from services.directory.domain.seed import DirectorySeed
from services.directory.domain.shaping import Importer
from services.directory.queries.areas import is_visible
from shared.infra.idempotency import LOOK_UP, Once
from shared.kernel.clock import Clock
from shared.kernel.errors import FieldProblem, NotFound

_KNOWN = """
select a.id, a.external_key as key, a.kind, a.name, a.code, a.closed,
       (select array[min(((box(p.ring))[1])[1]), min(((box(p.ring))[1])[0]),
                     max(((box(p.ring))[0])[1]), max(((box(p.ring))[0])[0])]
          from area_polygon p where p.tenant_id = a.tenant_id and p.area_id = a.id
           and (a.id = $1 or a.code = any($2))) as bounds
  from area a where (a.ancestors @> array[$1::uuid] or a.id = $1)
"""
_ELSEWHERE = "select distinct code from area where code = any($1) and not closed"
_TAKEN = """
select code from area
 where tenant_id = $1 and code = any($2) and not closed and id <> $3 and not ancestors @> array[$3::uuid]
"""
_DONE = "select facts from area_history where id = $1"


@dataclass(frozen=True, slots=True)
class Report:
    """What an import would do or has done, and all that is wrong or strange. With a flaw nothing is stored."""

    counts: Counts
    flaws: list[Flaw]
    warnings: list[Flaw]


def read_areas(content: bytes) -> Reading[Line]:
    """The areas of a file: GeoJSON when it can be no table, else CSV."""
    text = content.removeprefix(b"\xef\xbb\xbf").strip()
    # A file with one bare number or word is meant as JSON: a table has a heading with more than one cell.
    bare = len(text) < 100 and b"," not in text and b"\n" not in text
    return read_geojson(content) if text[:1] in (b"{", b"[") or bare else read_csv(content, TABLE)


async def import_areas(
    pool: asyncpg.Pool,
    clock: Clock,
    importer: Importer,
    parent_id: UUID,
    reading: Reading[Line],
    once: Once,
    *,
    dry_run: bool,
    progress: Progress | None = None,
) -> Report:
    """Loads what was read below the area, unless something is wrong with it or it is only to be checked."""
    async with changing(pool, clock, importer.who) as tree:
        parent = (await tree.read([parent_id])).get(parent_id)
        if parent is None or not await _sees(tree, importer, parent_id):
            raise NotFound
        done = await done_before(tree, once)
        if done is not None:
            return done
        found = await to_thread(settle, reading.lines, tree.kinds, await _ground(tree, parent, reading.lines))
        path, kinds = [*parent["ancestors"], parent_id], {seed.kind for seed in found.seeds}
        tree.role = importer.check(path, kinds, tree.kinds)
        flaws, warnings = (
            in_order([*reading.flaws, *reading.named(found.flaws)]),
            in_order(reading.named(found.warnings)),
        )
        if flaws:
            return Report(Counts(), flaws, warnings)
        try:
            planned = await plan_within(tree.connection, clock, DirectorySeed(areas=found.seeds), tree.kinds)
        except SeedRefused as refused:
            flaws = reading.named(_of_seed(found.lines, problem) for problem in refused.fields)
            return Report(Counts(), flaws, warnings)
        if not dry_run:
            await _write(tree, parent, planned, once, progress)
        return Report(planned.counts["areas"], [], warnings)


async def _sees(tree: Tree, importer: Importer, area_id: UUID) -> bool:
    return importer.actor is None or await is_visible(tree.connection, importer.actor, area_id)


async def _write(tree: Tree, parent: Row, planned: Plan, once: Once, progress: Progress | None) -> None:
    """The rows, and one line in the history of the area that they lie below."""
    await write_within(tree.connection, tree.clock, planned, progress)
    [line] = await tree.note("import", {parent["id"]: asdict(planned.counts["areas"])})
    await tree.finish(parent["tenant_id"], line, once)


async def done_before(tree: Tree, once: Once) -> Report | None:
    """What the same call has done before."""
    known = await tree.connection.fetchrow(LOOK_UP, tree.who, once.key) if once.key is not None else None
    if known is None:
        return None
    once.same(known["fingerprint"])
    facts = await tree.connection.fetchval(_DONE, known["resource_id"])
    return Report(Counts(**orjson.loads(facts)), [], [])


def _of_seed(lines: list[Line], problem: FieldProblem) -> Flaw:
    """What the load says of one of its areas, said of the line that it came from."""
    number, code = int(problem.pointer.split("/")[2]), problem.code.replace("seed.", "import.")
    return Flaw(lines[number].where, "parent_code", code, problem.zh, problem.en)


async def _ground(tree: Tree, parent: Row, lines: list[Line]) -> Ground:
    """What the tree has where the import lands."""
    id, wanted = parent["id"], parents_wanted(lines)
    below = Known(id, parent["external_key"], *(parent[name] for name in ("kind", "name", "code", "closed")))
    known: defaultdict[str, list[Known]] = defaultdict(list)
    for row in await tree.connection.fetch(_KNOWN, id, list(wanted)):
        bounds = tuple(row["bounds"]) if row["bounds"] and row["bounds"][0] is not None else None
        area = Known(**(dict(row) | {"bounds": bounds}))
        if area.id == id:
            below = replace(below, bounds=bounds)
        if area.code is not None:
            known[area.code].append(area)
    missing = [code for code in wanted if code not in known]
    elsewhere = await tree.connection.fetch(_ELSEWHERE, missing)
    new: Any = list({line.code for line in lines} - known.keys())
    taken = await tree.connection.fetch(_TAKEN, parent["tenant_id"], new, id)
    return Ground(below, known, {row["code"] for row in elsewhere}, {row["code"] for row in taken})
