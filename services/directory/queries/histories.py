"""What was done to a thing, newest first: areas, organisations, offices, people, the catalogue, councils and ties."""

from collections.abc import Collection
from uuid import UUID

import asyncpg

from services.directory.queries.people import PERSON_PATH
from shared.infra import cursors
from shared.kernel.errors import NotFound

#: Where a thing, which is `p`, stands in the tree: itself, in the area that it is about, in that of its tenant.
_ITSELF = "p.ancestors || p.id"
_ITS_AREA = "(select a.ancestors || a.id from area a where a.tenant_id = p.tenant_id and a.id = p.area_id)"
_ITS_TENANT = "(select t.ancestors || t.id from area t where t.tenant_id = p.tenant_id and t.id = p.tenant_id)"

#: Where each noun stands, in which table its history is kept, and under which name it stands there. That somebody is
#: looked after stands there too, for whoever investigates; it is shown to nobody (domain/care.py).
_KEPT = {
    "area": (_ITSELF, "area_history", "area_id"),
    "organisation": (_ITS_TENANT, "organisation_history", "organisation_id"),
    "office": (_ITS_AREA, "office_history", "office_id"),
    "person": (PERSON_PATH, "person_history", "person_id"),
    **{noun: (_ITS_AREA, "catalogue_history", "entry_id") for noun in ("facility", "service")},
    **{
        noun: (_ITS_TENANT, "record_history", "record_id")
        for noun in ("membership", "enrolment", "council", "agreement", "resource", "need", "project")
    },
}
# Below the areas $4, and with no line of the history one row without it: then there is nothing to be seen.
_HISTORY = """
with seen as (select p.id from {noun} p where p.id = $1 and {path} && $4::uuid[])
select h.id, json_build_object(
         'at', h.at, 'action', h.action, 'version', h.version, 'role', h.actor_role, 'facts', h.facts,
         'by', (select json_build_object('id', who.id, 'name', who.name) from person who
                 where who.id = h.actor_id and not who.erased))::text as item
  from seen left join lateral (
    select * from {table} where {column} = seen.id and id < $2 and action <> 'care' order by id desc limit $3) h on true
 order by h.id desc
"""
_HISTORIES = {
    noun: _HISTORY.format(noun=noun, path=path, table=table, column=column)
    for noun, (path, table, column) in _KEPT.items()
}


async def history(
    pool: asyncpg.Pool, roots: Collection[UUID], noun: str, id: UUID, limit: int, cursor: str | None
) -> bytes:
    """One page of what was done to the `noun`; raises NotFound outside of the areas `roots`."""
    rows = await pool.fetch(_HISTORIES[noun], id, cursors.decode(cursor), limit + 1, list(roots))
    if not rows:
        raise NotFound
    found = [row for row in rows if row["id"] is not None]
    return cursors.page([row["item"] for row in found], [row["id"] for row in found], limit)
