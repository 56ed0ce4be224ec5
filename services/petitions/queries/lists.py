"""Lists of petitions, newest first: mine, held by me, or of the areas I look after.

The first N rows of each place are taken by index and then merged (LATERAL), so a list costs the same whether a
community has a thousand petitions or a million. Which filters are set decides the statement's text; there are few
combinations, and each is prepared once a connection.
"""

import re
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import orjson

from services.petitions.domain.permissions import relations
from services.petitions.domain.search import query_terms
from services.petitions.domain.states import OPEN, Status, allowed_actions
from services.petitions.queries.detail import standing
from services.petitions.queries.viewer import Viewer
from shared.infra import cursors
from shared.kernel.actor import Actor
from shared.kernel.errors import FieldProblem, Invalid

Scope = Literal["mine", "held", "area"]

_ROW = """
(select row_to_json(r) from (select p.id, p.number, p.version, p.status, p.kind,
    (select c from (select c.id, c.name, nullif(c.name_en, '') as name_en from category c
                     where c.id = p.category_id limit 1) c) as category,
    p.urgency, coalesce(x.title, left(x.text, 60)) as title,
    (select a from (select p.area_id as id, (select name from area where id = p.area_id limit 1) as name) a) as area,
    case when p.holder_id is not null then (select h from (select p.holder_type as type, p.holder_id as id,
        case p.holder_type when 'person' then (select display_name from person where id = p.holder_id limit 1)
            else (select name from organisation where id = p.holder_id limit 1) end as name) h) end as holder,
    p.round, p.respond_by, p.resolve_by, p.responded_at, p.created_at, p.updated_at) r)::text as body, p.id
"""
#: What the rules for allowed actions need beside it; taking it in costs as much as all the rest, so only on request.
_FACTS = ", p.status, p.reporter_id, p.holder_id, p.co_handler_ids, p.area_path"
#: What _ROW needs of a petition: rows are sorted and copied on the way, so each column counts.
_COLUMNS = """
p.tenant_id, p.id, p.number, p.version, p.status, p.kind, p.category_id, p.urgency, p.area_id, p.area_path,
p.reporter_id, p.holder_type, p.holder_id, p.co_handler_ids, p.round, p.respond_by, p.resolve_by, p.responded_at,
p.created_at, p.updated_at"""

#: The rows of each scope, before filters; `{filters}` and the limit are applied inside, so that each place stops early.
#: Planning such a statement takes longer than running it. PostgreSQL keeps one plan when that seems no dearer than
#: planning for the very values each time, and values behind a sub-select it cannot see: so lists and limit stand
#: behind one (measured: 1,020 -> 500 µs).
_LIMIT = "limit (select $3::bigint)"
_FIRST = f"select {_COLUMNS} from petition p {{join}} where {{place}} and {{filters}} order by p.id desc {_LIMIT}"


def _in_areas(tenant: str) -> str:
    """Of whole tenants ($1), each found by `tenant`, and of single areas ($4 their tenants, $5 they themselves)."""
    area = _FIRST.replace("{place}", "p.tenant_id = place.tenant_id and p.area_id = place.area_id")
    return f"""(select * from (
        select p.* from unnest((select $1::uuid[])) as tenant(id) cross join lateral ({tenant}) p
        union all
        select p.* from unnest((select $4::uuid[]), (select $5::uuid[])) as place(tenant_id, area_id)
          cross join lateral ({area}) p
        ) p order by p.id desc {_LIMIT}) p"""


def _held(condition: str) -> str:
    """Held by one of $1, or handled with somebody else who holds it."""
    alone = _FIRST.replace("{place}", f"p.holder_id = holder.id {condition}")
    helped = _FIRST.replace(
        "{place}",
        f"p.co_handler_ids && (select $1::uuid[]) and (p.holder_id = any($1::uuid[])) is not true {condition}",
    )
    return f"""(select * from (
        select p.* from unnest((select $1::uuid[])) as holder(id) cross join lateral ({alone}) p
        union all select p.* from ({helped}) p
        ) p order by p.id desc {_LIMIT}) p"""


_WAITING = tuple(sorted(status.value for status in OPEN - {Status.RESOLVED}))
_SOURCES: dict[Scope, str] = {
    "mine": f"({_FIRST.replace('{place}', 'p.reporter_id = $1')}) p",
    "held": _held(f"and p.status in {_WAITING}"),
    # With `=` the index on the id alone would seem to serve, and a community in which little happens would be looked
    # for among the petitions of all others (100,000 of them: 15 ms instead of 0.1). Only the key has this order.
    "area": _in_areas(
        _FIRST.replace("{place}", "p.tenant_id between tenant.id and tenant.id").replace(
            "order by p.id", "order by p.tenant_id desc, p.id"
        )
    ),
}
#: With filters it depends on their values which index serves best, so the planner sees all and may plan each time.
_BY_EQUALITY = _SOURCES | {
    "held": _held(""),
    "area": _in_areas(_FIRST.replace("{place}", "p.tenant_id = tenant.id")),
}
_FILTERED = {scope: re.sub(r"\(select (\$\d::\S+)\)", r"\1", source) for scope, source in _BY_EQUALITY.items()}
#: A search looks through the text's index once, not once for each building.
_SEARCHED = _FILTERED | {
    "area": f"""(select * from (
        select p.* from ({_FIRST.replace("{place}", "p.tenant_id = any($1::uuid[])")}) p
        union all
        select p.* from (
          {_FIRST.replace("{place}", "p.tenant_id = any($4::uuid[]) and p.area_id = any($5::uuid[])")}) p
        ) p order by p.id desc {_LIMIT}) p""".replace("(select $3::bigint)", "$3::bigint")
}
_TEXT = "join petition_text t on t.tenant_id = p.tenant_id and t.petition_id = p.id"

#: The tenants that lie wholly below the roots, and the single areas (with their tenants) below roots that are smaller.
_PLACES = """
with tenants as (
  select id from area where id = tenant_id and (id = any($1::uuid[]) or ancestors && $1::uuid[])
), smaller as (
  select array_agg(id) as ids from area
   where id = any($1::uuid[]) and id <> tenant_id and tenant_id not in (select id from tenants)
)
select (select array_agg(id) from tenants) as tenants,
       array_agg(a.tenant_id) as tenants_of_areas, array_agg(a.id) as areas
  from smaller, area a where a.id = any(smaller.ids) or a.ancestors && smaller.ids
"""
#: Places and petitions in one round trip: the places take the place of the arguments.
_BELOW = (
    _SOURCES["area"]
    .replace("(select $1::uuid[])", "(select tenants from places)")
    .replace("(select $4::uuid[])", "(select tenants_of_areas from places)")
    .replace("(select $5::uuid[])", "(select areas from places)")
)


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
    position = cursors.decode(wanted.cursor), wanted.limit + 1
    if wanted.statuses or wanted.category_id or wanted.words:
        rows = await _filtered(pool, viewer, wanted, position)
    elif wanted.scope == "area":
        statement = f"with places as materialized ({_PLACES}) {_statement(wanted, _BELOW)}"
        rows = await pool.fetch(statement, viewer.overseen, *position)
    else:
        whose = viewer.me if wanted.scope == "mine" else viewer.mine
        rows = await pool.fetch(_statement(wanted, _SOURCES[wanted.scope]), whose, *position)
    items = [_with_actions(row, actor) if wanted.with_actions else row["body"] for row in rows]
    return cursors.page(items, [row["id"] for row in rows], wanted.limit)


def _statement(wanted: Wanted, source: str, join: str = "", filters: str = "p.id < $2") -> str:
    return (
        f"select {_ROW}{_FACTS if wanted.with_actions else ''} from {source.format(join=join, filters=filters)}"
        " left join petition_text x on x.tenant_id = p.tenant_id and x.petition_id = p.id order by p.id desc"
    )


async def _filtered(pool: Any, viewer: Viewer, wanted: Wanted, position: tuple[UUID, int]) -> Any:
    """The rows that meet the conditions. Of areas it is found first which they are, so that the planner knows."""
    whose: Any = viewer.me if wanted.scope == "mine" else viewer.mine
    more: list[Any] = []
    if wanted.scope == "area":
        whose, *more = (ids or [] for ids in await pool.fetchrow(_PLACES, viewer.overseen))
    filters = _Filters(first=4 + len(more))
    statuses = wanted.statuses or (_WAITING if wanted.scope == "held" else ())
    if statuses:
        filters.add("p.status = any({}::text[])", list(statuses))
    if wanted.category_id:
        filters.add(
            "p.category_id in (with recursive below as (select id from category where id = {}::uuid union all"
            " select c.id from category c join below on c.parent_id = below.id) select id from below)",
            wanted.category_id,
        )
    if wanted.words:
        filters.add("t.search @@ {}::tsquery", _tsquery(wanted.words))
    source, join = (_SEARCHED, _TEXT) if wanted.words else (_FILTERED, "")
    statement = _statement(wanted, source[wanted.scope], join, " and ".join(filters.conditions))
    return await pool.fetch(statement, whose, *position, *more, *filters.arguments)


def _tsquery(words: str) -> str:
    wanted = query_terms(words)
    if not wanted:
        zh, en = "至少两个汉字，或一个单词", "at least two Chinese characters, or a word"
        raise Invalid(fields=[FieldProblem("q", "too_short", zh, en)])
    return " & ".join(f"'{term}'" for term in wanted)


def _with_actions(row: Any, actor: Actor) -> str:
    actions = allowed_actions(Status(row["status"]), relations(actor, standing(row)))
    return f'{row["body"][:-1]},"allowed_actions":{orjson.dumps(actions).decode()}}}'
