"""Lists of petitions, newest first: mine, held by me, or of the areas I look after.

The first N rows of each place are taken by index and then merged (LATERAL), so a list costs the same whether a
community has a thousand petitions or a million. Which filters are set decides the statement's text; there are few
combinations, and each is prepared once a connection.
"""

from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import orjson

from services.petitions.domain.permissions import relations
from services.petitions.domain.search import query_terms
from services.petitions.domain.states import Status, allowed_actions
from services.petitions.queries.detail import standing
from services.petitions.queries.viewer import Viewer
from shared.infra import cursors
from shared.kernel.actor import Actor
from shared.kernel.errors import FieldProblem, Invalid

Scope = Literal["mine", "held", "area"]

_ROW = """
json_build_object('id', p.id, 'number', p.number, 'version', p.version, 'status', p.status, 'kind', p.kind,
    'category', (select json_build_object('id', c.id, 'name', c.name, 'name_en', nullif(c.name_en, ''))
                   from category c where c.id = p.category_id limit 1),
    'urgency', p.urgency, 'title', coalesce(x.title, left(x.text, 60)),
    'area', json_build_object('id', p.area_id, 'name', (select name from area where id = p.area_id limit 1)),
    'holder', case when p.holder_id is not null then json_build_object('type', p.holder_type, 'id', p.holder_id,
        'name', case p.holder_type
            when 'person' then (select display_name from person where id = p.holder_id limit 1)
            else (select name from organisation where id = p.holder_id limit 1) end) end,
    'round', p.round, 'respond_by', p.respond_by, 'resolve_by', p.resolve_by, 'responded_at', p.responded_at,
    'created_at', p.created_at, 'updated_at', p.updated_at)::text as body,
p.id, p.status, p.reporter_id, p.holder_id, p.co_handler_ids, p.area_path
"""

#: The rows of each scope, before filters; `{filters}` and the limit are applied inside, so that each place stops early.
_FIRST = "{join} where {place} and {filters} order by p.id desc limit $3"
_SOURCES: dict[Scope, str] = {
    "mine": f"(select p.* from petition p {_FIRST.replace('{place}', 'p.reporter_id = $1')}) p",
    "held": f"""(select p.* from unnest($1::uuid[]) as holder(id) cross join lateral (
        select p.* from petition p {_FIRST.replace("{place}", "p.holder_id = holder.id")}
        ) p order by p.id desc limit $3) p""",
    "area": f"""(select * from (
        select p.* from unnest($1::uuid[]) as tenant(id) cross join lateral (
          select p.* from petition p {_FIRST.replace("{place}", "p.tenant_id = tenant.id")}) p
        union all
        select p.* from unnest($4::uuid[], $5::uuid[]) as place(tenant_id, area_id) cross join lateral (
          select p.* from petition p
            {_FIRST.replace("{place}", "p.tenant_id = place.tenant_id and p.area_id = place.area_id")}) p
        ) p order by p.id desc limit $3) p""",
}
_TEXT = "join petition_text t on t.tenant_id = p.tenant_id and t.petition_id = p.id"

#: The tenants that lie wholly below the roots, and the single areas below roots that are smaller than a tenant.
_PLACES = """
with tenants as (
  select id from area where id = tenant_id and (id = any($1::uuid[]) or ancestors && $1::uuid[])
), smaller as (
  select array_agg(id) as ids from area
   where id = any($1::uuid[]) and id <> tenant_id and tenant_id not in (select id from tenants)
)
select id as tenant_id, null::uuid as area_id from tenants
union all
select a.tenant_id, a.id from smaller, area a where a.id = any(smaller.ids) or a.ancestors && smaller.ids
"""


@dataclass(slots=True)
class _Filters:
    """Conditions with their arguments, numbered from `first`."""

    first: int
    conditions: list[str] = field(default_factory=lambda: ["p.id < $2"])
    arguments: list[Any] = field(default_factory=list)

    def add(self, condition: str, argument: Any) -> None:
        self.conditions.append(condition.format(f"${self.first + len(self.arguments)}"))
        self.arguments.append(argument)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for."""

    scope: Scope
    limit: int
    cursor: str | None = None
    statuses: tuple[str, ...] = ()
    category_id: UUID | None = None
    words: str | None = None
    with_actions: bool = False


async def read(pool: Any, actor: Actor, wanted: Wanted) -> bytes:
    """The page as JSON."""
    viewer = Viewer.of(actor)
    first_argument, more = await _source(pool, viewer, wanted.scope)
    filters = _Filters(first=4 + len(more))
    if wanted.statuses:
        filters.add("p.status = any({}::text[])", list(wanted.statuses))
    if wanted.category_id:
        filters.add(
            "p.category_id in (with recursive below as (select id from category where id = {}::uuid union all"
            " select c.id from category c join below on c.parent_id = below.id) select id from below)",
            wanted.category_id,
        )
    if wanted.words:
        filters.add("t.search @@ {}::tsquery", _tsquery(wanted.words))
    rows_sql = _SOURCES[wanted.scope].format(
        join=_TEXT if wanted.words else "", filters=" and ".join(filters.conditions)
    )
    statement = (
        f"select {_ROW} from {rows_sql} left join petition_text x on x.tenant_id = p.tenant_id"
        " and x.petition_id = p.id order by p.id desc"
    )
    start = cursors.decode(wanted.cursor)
    rows = await pool.fetch(statement, first_argument, start, wanted.limit + 1, *more, *filters.arguments)
    items = [_with_actions(row, actor) if wanted.with_actions else row["body"] for row in rows]
    return cursors.page(items, [row["id"] for row in rows], wanted.limit)


async def _source(pool: Any, viewer: Viewer, scope: Scope) -> tuple[Any, list[Any]]:
    """What the scope's statement is bound to; `area` needs to know first which places the caller looks after."""
    if scope == "mine":
        return viewer.me, []
    if scope == "held":
        return viewer.mine, []
    rows = await pool.fetch(_PLACES, viewer.overseen)
    smaller = [row for row in rows if row["area_id"] is not None]
    tenants = [row["tenant_id"] for row in rows if row["area_id"] is None]
    return tenants, [[row["tenant_id"] for row in smaller], [row["area_id"] for row in smaller]]


def _tsquery(words: str) -> str:
    wanted = query_terms(words)
    if not wanted:
        zh, en = "至少两个汉字，或一个单词", "at least two Chinese characters, or a word"
        raise Invalid(fields=[FieldProblem("q", "too_short", zh, en)])
    return " & ".join(f"'{term}'" for term in wanted)


def _with_actions(row: Any, actor: Actor) -> str:
    actions = allowed_actions(Status(row["status"]), relations(actor, standing(row)))
    return f'{row["body"][:-1]},"allowed_actions":{orjson.dumps(actions).decode()}}}'
