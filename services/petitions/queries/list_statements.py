"""The statements of lists. A list costs the same whether a community has a thousand petitions or a million.

Each list is put together from legs: one leg for each place and each value of a filter, so that an index holds its
petitions in the order wanted and it stops after a page; the legs are then merged. Which filters are set decides the
statement's text; there are few combinations, and each is prepared once a connection.

Planning such a statement takes longer than running it. PostgreSQL keeps one plan when that seems no dearer than
planning for the very values each time, and values behind a sub-select it cannot see: so all of them stand behind one
(measured: 1,020 -> 500 µs).
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

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

#: $1 the roots. The tenants that lie wholly below them, and the single areas below roots that are smaller.
_PLACES = """
places as materialized (
  with tenants as (
    select id from area where id = tenant_id and (id = any($1::uuid[]) or ancestors && $1::uuid[])
  ), smaller as (
    select array_agg(id) as ids from area
     where id = any($1::uuid[]) and id <> tenant_id and tenant_id not in (select id from tenants)
  )
  select (select array_agg(id) from tenants) as tenants,
         array_agg(a.tenant_id) as tenants_of_areas, array_agg(a.id) as areas
    from smaller, area a where a.id = any(smaller.ids) or a.ancestors && smaller.ids
)"""
_BELOW = """
below as materialized (
  with recursive tree as (
    select id from category where id = {category}::uuid
    union all select c.id from category c join tree on c.parent_id = tree.id
  ) select id from tree
)"""
_NEWEST = "p.id desc"
_TENANTS = "unnest((select tenants from places)) as tenant(id)"
_AREAS = "unnest((select tenants_of_areas from places), (select areas from places)) as place(tenant_id, area_id)"
#: The legs of each scope: what there is one leg for, which petitions it has, and in which order.
#: With `=` the index on the id alone would seem to serve, and a place in which little happens would be looked for among
#: the petitions of all others (100,000 of them: 15 ms instead of 0.1). Only the right index has the longer order, which
#: an `any` of one leaves to be kept.
_LEGS: dict[Scope, list[tuple[str, str, str]]] = {
    "mine": [("(select 1) one", "p.reporter_id = $1", _NEWEST)],
    "held": [("unnest((select $1::uuid[])) as holder(id)", "p.holder_id = holder.id", _NEWEST)],
    "area": [
        (_TENANTS, "p.tenant_id = any(array[tenant.id])", "p.tenant_id desc, p.id desc"),
        (
            _AREAS,
            "p.tenant_id = any(array[place.tenant_id]) and p.area_id = any(array[place.area_id])",
            "p.tenant_id desc, p.area_id desc, p.id desc",
        ),
    ],
}
#: An area has many legs, and each brings a page: their indexes alone say which petitions those are, and only the page
#: that is left of them is read (a street's list by status: 420 rows of a million, on as many pages of the disk).
_KEYS: dict[Scope, str] = {"mine": _COLUMNS, "held": _COLUMNS, "area": "p.tenant_id, p.id"}
_OF_AREAS = """
select {columns} from ({merged}) newest
 cross join lateral (select * from petition p where p.tenant_id = newest.tenant_id and p.id = newest.id offset 0) p
 order by p.id desc"""
#: With a filter there is an index for each.
_FILTERED_TENANT = "p.tenant_id = tenant.id", _NEWEST
#: Handled with somebody else who holds it. Found first and sorted then: the other way round it would be looked for
#: among all petitions, newest first.
_HELPED = f"""
select {_COLUMNS} from (select * from petition p where p.co_handler_ids && (select $1::uuid[]) offset 0) p
 where (p.holder_id = any($1::uuid[])) is not true and p.id < $2 {{filters}} order by p.id desc limit {{limit}}
"""
#: How many of an area's newest a search looks through before it turns to the index of words. A word that is used every
#: day is found there at once; the index would bring all that was ever said of it.
_LOOKED_THROUGH = 300
_HITS = """
recent as materialized ({recent}),
hits as materialized (
  select p.* from recent p
   where (select t.search from petition_text t where t.tenant_id = p.tenant_id and t.petition_id = p.id)
         @@ (select {words}::tsquery) {category}
   order by p.id desc limit (select $3::bigint)
)"""
_OLDER = """
older as materialized (
  select {columns} from (select distinct unnest(tenants || tenants_of_areas) as id from places) tenant
    cross join lateral (
      select t.tenant_id, t.petition_id from petition_text t
       where t.tenant_id = tenant.id and t.search @@ (select {words}::tsquery)
         and t.petition_id < (select id from recent order by id limit 1) offset 0
    ) t cross join lateral (
      select * from petition p where p.tenant_id = t.tenant_id and p.id = t.petition_id offset 0
    ) p
   where (p.tenant_id = any((select tenants from places)::uuid[])
          or p.area_id = any((select areas from places)::uuid[])) {filters}
     and (select count(*) from recent) = {looked_through} and (select count(*) from hits) < (select $3::bigint)
   order by p.id desc limit (select $3::bigint)
)"""


@dataclass(frozen=True, slots=True)
class Shape:
    """Which statement is wanted. Its arguments: whose ($1), below which id ($2), how many ($3), then the filters'
    values in this order: statuses, category, words."""

    scope: Scope
    statuses: bool = False
    category: bool = False
    words: bool = False
    with_actions: bool = False


@cache
def statement(shape: Shape) -> str:
    """The SQL."""
    numbers = iter(range(4, 7))
    given = {name: f"${next(numbers)}" for name in ("statuses", "category", "words") if getattr(shape, name)}
    before = [_PLACES] if shape.scope == "area" else []
    if "category" in given:
        before.append(_BELOW.format(category=given["category"]))
    if "words" in given:
        found = _search(shape.scope, given)
        before += found
        source = "select * from hits" + (" union all select * from older" if len(found) > 1 else "")
    else:
        source = _merged(shape.scope, given, "(select $3::bigint)", _in_category(given) if shape.statuses else "")
    return (
        f"{'with ' if before else ''}{','.join(before)} select {_ROW}{_FACTS if shape.with_actions else ''} from"
        f" (select * from ({source}) p order by p.id desc limit (select $3::bigint)) p"
        " left join petition_text x on x.tenant_id = p.tenant_id and x.petition_id = p.id order by p.id desc"
    )


@cache
def of_the_first_screen() -> str:
    """Mine ($1 the caller) and those held ($4 by whom, $5 statuses) in one statement; $2 and $3 as in each of them."""
    mine = statement(Shape("mine", with_actions=True))
    held = statement(Shape("held", statuses=True, with_actions=True))
    held = re.sub(r"\$[14]\b", lambda found: {"$1": "$4", "$4": "$5"}[found[0]], held)
    return f"select true as mine, m.* from ({mine}) m union all select false, h.* from ({held}) h order by 1, id desc"


def _merged(scope: Scope, given: dict[str, str], limit: str, also: str = "") -> str:
    """The newest of all legs together: one for each status asked for, or else for each category."""
    more, which = "", ""
    if "statuses" in given:
        more += f" cross join unnest((select {given['statuses']}::text[])) as wanted(status)"
        which += " and p.status = wanted.status"
    elif "category" in given:
        more += " cross join below"
        which += " and p.category_id = below.id"
    legs = []
    for whose, condition, order in _LEGS[scope]:
        if whose is _TENANTS and which:
            condition, order = _FILTERED_TENANT
        legs.append(
            f"select p.* from {whose}{more} cross join lateral (select {_KEYS[scope]} from petition p"
            f" where {condition}{which}{also} and p.id < $2 order by {order} limit {limit}) p"
        )
    if scope == "held":
        legs.append(f"select * from ({_HELPED.format(filters=_conditions(given), limit=limit)}) helped")
    merged = f"select * from ({' union all '.join(legs)}) p order by p.id desc limit {limit}"
    return _OF_AREAS.format(merged=merged, columns=_COLUMNS) if scope == "area" else merged


def _search(scope: Scope, given: dict[str, str]) -> list[str]:
    """What one reported or holds is looked through as a whole, of areas the newest first."""
    words, category = given["words"], _in_category(given)
    if scope != "area":
        return [_HITS.format(recent=_merged(scope, given, "null"), words=words, category=category)]
    return [
        _HITS.format(recent=_merged(scope, given, str(_LOOKED_THROUGH)), words=words, category=category),
        _OLDER.format(columns=_COLUMNS, words=words, filters=_conditions(given), looked_through=_LOOKED_THROUGH),
    ]


def _conditions(given: dict[str, str]) -> str:
    """The filters as conditions on petitions that were found in another way."""
    statuses = f" and p.status = any({given['statuses']}::text[])" if "statuses" in given else ""
    return statuses + _in_category(given)


def _in_category(given: dict[str, str]) -> str:
    return " and p.category_id in (select id from below)" if "category" in given else ""
